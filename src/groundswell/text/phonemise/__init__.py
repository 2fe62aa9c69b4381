"""Phonemisers: misaki for English, Japanese and Chinese, espeak-ng for the rest.

All of them answer in Kokoro's symbols; ``symbols`` holds those and the maps onto them.
"""
