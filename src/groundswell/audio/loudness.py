"""Integrated loudness after ITU-R BS.1770, as FFmpeg measures it (its filter ``ebur128``)."""

from contextlib import suppress

import av
import av.filter
import numpy as np

from groundswell.audio.resample import Samples

SILENT = -70.0
"""LUFS; nothing is quieter to this measure."""
_MEASURED = "lavfi.r128.I"


def integrated(samples: Samples, rate: int) -> float:
    """Return the loudness of one channel.

    Args:
        samples: [n], of 0.4 s at least; shorter ones count as silent.
        rate: in Hz.

    Returns:
        LUFS.
    """
    graph = av.filter.Graph()
    source = graph.add_abuffer(sample_rate=rate, format="flt", layout="mono")
    meter, sink = graph.add("ebur128", "metadata=1"), graph.add("abuffersink")
    source.link_to(meter)
    meter.link_to(sink)
    graph.configure()
    sound = np.ascontiguousarray(samples[np.newaxis], np.float32)
    frame = av.AudioFrame.from_ndarray(sound, format="flt", layout="mono")
    frame.sample_rate = rate
    graph.push(frame)
    graph.push(None)
    loudness = SILENT
    with suppress(av.BlockingIOError, av.EOFError):  # how the graph says that nothing is left
        while True:
            loudness = float(graph.pull().metadata.get(_MEASURED, loudness))
    return max(SILENT, loudness)
