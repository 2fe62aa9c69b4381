"""Text to phonemes: language, segments, normalisation, phonemes, and the map back to the words.

May import ``settings`` and ``errors`` only; knows nothing of audio, models, HTTP or accounts.
``plan`` is the way in; ``clean``, ``detect``, ``segment``, ``phonemise``, ``words`` are its steps.
"""
