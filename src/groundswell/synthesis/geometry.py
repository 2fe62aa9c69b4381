"""How the tensors of the vocoder lie beside each other in time, and how long windows of it are."""

SAMPLES_PER_FRAME = 600
"""Output samples of one front frame (40 frames a second)."""
SAMPLES_PER_HIDDEN = 300
"""Output samples of one step of ``hidden``."""
HIDDEN_PER_FRAME = SAMPLES_PER_FRAME // SAMPLES_PER_HIDDEN
HARMONICS_RATE = 60
"""Steps of ``harmonics`` for one of ``hidden``; there is one more at the end."""
CONTEXT = 10
"""Steps of ``hidden`` (0.125 s) on each side after which a window equals the whole: its receptive
field. 8 steps leave a difference of -95 dBFS."""
SECONDS_PER_FRAME = SAMPLES_PER_FRAME / 24000
WINDOW_FRAMES = (14, 30, 64)
"""Frames of the first window and of all later ones: 0.35 and 2 s. The second can be made, with its
context, while the first plays."""
