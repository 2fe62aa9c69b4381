"""Durable work: jobs that survive a kill and end exactly once, and what is told of their end.

May import accounts, cloning, synthesis and what is below; knows nothing of HTTP.
"""
