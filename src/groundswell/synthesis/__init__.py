"""Phonemes to sound: model files, the Kokoro graphs, voices, and the engine that runs them.

May import ``text``, ``audio``, ``settings`` and ``errors``; usable as a library.
"""
