"""Signal after synthesis: resampling, encoding and framing, each with per-stream state.

May import ``settings`` and ``errors`` only.
"""
