"""The ten Indian languages: words in one TOML file each, grammar in two families.

``base`` reads a file into a grammar; ``indo_aryan`` and ``dravidian`` say numbers.
"""
