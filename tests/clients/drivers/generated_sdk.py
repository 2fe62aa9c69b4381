"""What the drivers of SDK 4 and 5 share."""

import base64
import threading
import time

from common import INPUT, saved, scenario


def joined(frames) -> bytes:
    """What a user writes to get the audio of a socket: stop at ``complete``."""
    audio = b""
    for frame in frames:
        if frame.status == "error":
            raise RuntimeError(frame.message)
        if frame.status == "complete":
            return audio
        if frame.status == "chunk":
            audio += base64.b64decode(frame.data.audio)
    raise RuntimeError("the socket ended before complete")


def helper_scenarios(shim):
    """Register scenarios of ``WavesStreamingTTS``; ``shim`` makes one, with more settings."""

    @scenario
    def helper():
        chunks = list(shim().synthesize(INPUT["text"]))
        return saved("shim.pcm", b"".join(chunks), chunks=len(chunks))

    @scenario
    def helper_streaming():
        words = (word + " " for word in INPUT["long"].split(" "))
        chunks = list(shim().synthesize_streaming(words))
        return saved("shim-streaming.pcm", b"".join(chunks), chunks=len(chunks))

    @scenario
    def helper_session():
        """Text sent by hand while the generator is read."""
        tts = shim(max_buffer_flush_ms=100)
        session = tts.start_streaming_session()

        def send():
            while not tts.is_connected:
                time.sleep(0.01)
            for word in INPUT["text"].split(" "):
                tts.send_text_chunk(word + " ")
            tts.flush_buffer()

        threading.Thread(target=send, daemon=True).start()
        chunks = list(session)
        if tts.ws is not None:
            tts.ws.close()
        return saved("shim-session.pcm", b"".join(chunks), chunks=len(chunks))

    @scenario
    def helper_bad_voice():
        list(shim(voice_id="nobody").synthesize(INPUT["text"]))
