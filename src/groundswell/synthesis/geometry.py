"""How the tensors of the vocoder lie beside each other in time, and how long windows of it are."""

SAMPLES_PER_FRAME = 600
"""Output samples of one front frame (40 frames a second)."""
SAMPLES_PER_HIDDEN = 300
"""Output samples of one step of ``hidden``."""
HIDDEN_PER_FRAME = SAMPLES_PER_FRAME // SAMPLES_PER_HIDDEN
HARMONICS_RATE = 60
"""Steps of ``harmonics`` for one of ``hidden``; there is one more at the end."""
COARSE_RATE = 10
"""Steps for one of ``hidden`` behind the first upsampling; behind the second they are as those of
``harmonics``."""
CONTEXT = 10
"""Steps of ``hidden`` (0.125 s) on each side after which a window equals the whole: its receptive
field. 8 steps leave a difference of -95 dBFS."""
SECONDS_PER_FRAME = SAMPLES_PER_FRAME / 24000
WINDOW_FRAMES = (14, 30, 66)
"""Frames of the first window, the second, and all later ones: 0.35, 0.75 and 1.65 s. Each can be
made, with its context, while the one before it plays. Sizes of nearly the same length differ by a
quarter in time, since convolutions are cut into blocks; these are good ones
(``docs/performance.md``)."""
WHOLE_FRAMES = 40
"""Segments up to this many frames (1 s) are vocoded whole: statistics foretold for a word or two
are poor, and the whole is ready as soon as two windows would be."""
