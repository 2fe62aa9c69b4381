"""Long synthesis: a text of any length into a file, a piece at a time.

Each piece, some segments of the text, is stored as the model made it and is a step of the job, so
a kill costs one piece. From the pieces the file is encoded in one pass: it has no seams, and
nothing ever holds more than a piece.
"""

import json
import struct
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from dataclasses import asdict
from functools import partial
from typing import Any

import numpy as np

from groundswell.audio.encode import AudioFormat, Delivery, wav_header
from groundswell.audio.resample import MODEL_RATE
from groundswell.jobs.work import Work
from groundswell.store.objects import Objects
from groundswell.synthesis.utterance import Frames, WordTime
from groundswell.text.captions import VTT_HEAD, captions, srt, vtt

PIECE_SECONDS = 20.0
"""Sound after which a piece ends, at the end of a segment."""
_SPOKEN_SHARE = 0.95
"""Of the progress; the rest is encoding."""
_LENGTH = struct.Struct("<I")

OpenFrames = Callable[[int], AbstractContextManager[Iterator[Frames]]]
"""Opens the frames of a text without its first segments, of which it takes the number."""


def folder(job_id: str) -> str:
    """Where the objects of a job are."""
    return f"jobs/{job_id}"


def speak_to_file(
    work: Work,
    objects: Objects,
    open_frames: OpenFrames,
    text: str,
    audio_format: AudioFormat,
    sample_rate: int,
) -> dict[str, Any]:
    """Speak a text into a file, with captions and word times beside it.

    Args:
        work: the job.
        objects: where the file goes.
        open_frames: speaks the text.
        text: all of it.
        audio_format: of the file.
        sample_rate: of the file, in Hz.

    Returns:
        ``duration`` in seconds and ``files``, the keys of objects by what they are.

    Raises:
        JobStopped: the run must end.
        GroundswellError: from the engine or the store.
    """
    pieces: list[dict[str, Any]] = []
    while work.finished(_step(len(pieces))):
        pieces.append(work.step(_step(len(pieces)), dict))
    if not pieces or not pieces[-1]["last"]:
        made = sum(piece["samples"] for piece in pieces) / MODEL_RATE
        with open_frames(sum(piece["segments"] for piece in pieces)) as frames:
            while not pieces or not pieces[-1]["last"]:
                number = len(pieces)
                speak = partial(_speak_piece, work, objects, frames, number, made, len(text))
                pieces.append(work.step(_step(number), speak))
    encode = partial(_encode, work, objects, text, pieces, audio_format, sample_rate)
    result = work.step("encode", encode)
    objects.delete_all(f"{folder(work.id)}/pieces")
    return result


def _step(number: int) -> str:
    return f"piece {number}"


def _piece_key(job_id: str, number: int) -> str:
    return f"{folder(job_id)}/pieces/{number:05}"


def _speak_piece(
    work: Work, objects: Objects, frames: Iterator[Frames], number: int, made: float, length: int
) -> dict[str, Any]:
    """Make and store one piece; ``made`` seconds were there before these frames began."""
    samples, words, segments, last = [], list[dict[str, Any]](), 0, True
    for piece in frames:
        samples.append(piece.samples)
        for word in piece.words:
            words.append(asdict(word) | {"start": word.start + made, "end": word.end + made})
            work.progress(max(work.fraction, _SPOKEN_SHARE * word.until / length), "speaking")
        segments += piece.closes
        if piece.closes and sum(each.size for each in samples) >= PIECE_SECONDS * MODEL_RATE:
            last = False
            break
    sound = np.concatenate(samples) if samples else np.zeros(0, np.float32)
    head = json.dumps(words, ensure_ascii=False).encode()
    with objects.writer(_piece_key(work.id, number)) as writer:
        writer.write(_LENGTH.pack(len(head)) + head)
        writer.write(sound.astype("<f4").tobytes())
    return {"segments": segments, "samples": int(sound.size), "last": last}


def _encode(
    work: Work,
    objects: Objects,
    text: str,
    pieces: list[dict[str, Any]],
    audio_format: AudioFormat,
    sample_rate: int,
) -> dict[str, Any]:
    """Make the files of all pieces."""
    where = folder(work.id)
    objects.forget_partial(where)  # of a run that was killed here
    samples = sum(piece["samples"] for piece in pieces)
    files = {
        "audio": f"{where}/speech.{audio_format}",
        "words": f"{where}/words.json",
        "srt": f"{where}/captions.srt",
        "vtt": f"{where}/captions.vtt",
    }
    # The length of a WAV goes before its sound, and is known: the resampler rounds to the nearest.
    length = round(samples * sample_rate / MODEL_RATE) * 2
    delivery = Delivery("pcm" if audio_format == "wav" else audio_format, sample_rate)
    with ExitStack() as stack:
        writers = {name: stack.enter_context(objects.writer(key)) for name, key in files.items()}
        if audio_format == "wav":
            writers["audio"].write(wav_header(sample_rate, length))
        writers["words"].write(b'{"words": [')
        writers["vtt"].write(VTT_HEAD.encode())

        def words() -> Iterator[WordTime]:
            """Encode the sound piece by piece, and hand on the words."""
            separator = b"\n"
            for number in range(len(pieces)):
                told, sound = _read_piece(objects, work.id, number)
                for at in range(0, sound.size, MODEL_RATE):
                    writers["audio"].write(delivery.feed(sound[at : at + MODEL_RATE]))
                for word in told:
                    timed = WordTime(**word)
                    writers["words"].write(separator + _word_line(timed))
                    separator = b",\n"
                    yield timed
                share = (number + 1) / len(pieces)
                work.progress(_SPOKEN_SHARE + (1 - _SPOKEN_SHARE) * share, "encoding")

        for number, caption in enumerate(captions(text, words()), 1):
            writers["srt"].write(srt(number, caption).encode())
            writers["vtt"].write(vtt(caption).encode())
        writers["audio"].write(delivery.finish())
        writers["words"].write(b"\n]}\n")
    return {"duration": round(samples / MODEL_RATE, 3), "files": files}


def _word_line(word: WordTime) -> bytes:
    shown = {"word": word.text, "start": round(word.start, 3), "end": round(word.end, 3)}
    return json.dumps(shown, ensure_ascii=False).encode()


def _read_piece(
    objects: Objects, job_id: str, number: int
) -> tuple[list[dict[str, Any]], np.ndarray[Any, np.dtype[np.float32]]]:
    data = objects.get(_piece_key(job_id, number))
    head = _LENGTH.size + _LENGTH.unpack_from(data)[0]
    return json.loads(data[_LENGTH.size : head]), np.frombuffer(data[head:], "<f4")
