"""Cutting encoded audio into chunks of equal length for the wire."""

from collections.abc import Iterator

from groundswell.audio.encode import AudioFormat

_BYTES_PER_SAMPLE: dict[AudioFormat, int] = {"pcm": 2, "wav": 2, "ulaw": 1, "alaw": 1}


class Framer:
    """Cuts a stream of bytes into chunks of ``milliseconds`` each; only the last may be shorter.

    MP3 has frames of its own, which are passed on as they come.
    """

    def __init__(self, audio_format: AudioFormat, sample_rate: int, milliseconds: int) -> None:
        width = _BYTES_PER_SAMPLE.get(audio_format, 0)
        self._size = sample_rate * milliseconds // 1000 * width
        self._held = bytearray()

    def feed(self, encoded: bytes) -> Iterator[bytes]:
        """Take bytes, yield the chunks that are full."""
        if not self._size:
            if encoded:
                yield encoded
            return
        self._held += encoded
        while len(self._held) >= self._size:
            yield bytes(self._held[: self._size])
            del self._held[: self._size]

    def finish(self) -> bytes:
        """Return the last, shorter chunk, empty when there is none."""
        rest, self._held = bytes(self._held), bytearray()
        return rest
