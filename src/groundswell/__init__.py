"""Groundswell: self-hosted speech behind the Waves API.

``from groundswell import Speaker`` speaks in three lines; ``groundswell serve`` is the service.
"""

__version__ = "0.1.0"
