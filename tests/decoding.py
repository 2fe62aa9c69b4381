"""Reading back what the server sent, with decoders that are not ours."""

import io

import av
import av.container


def mp3_length(audio: bytes) -> tuple[int, float]:
    """Sample rate and seconds of an MP3."""
    with av.open(io.BytesIO(audio), mode="r") as container:
        assert isinstance(container, av.container.InputContainer)
        frames = list(container.decode(audio=0))
    rate = frames[0].sample_rate
    return rate, sum(frame.samples for frame in frames) / rate
