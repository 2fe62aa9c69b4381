"""Webhooks: who wants to hear of what, and the way there.

``publish`` puts an event into the outbox within its cause's own transaction; the delivery worker
sends what is due, to public addresses only, until it is accepted or given up. May import
``store``, ``settings`` and ``errors``; knows nothing of the HTTP API.
"""
