"""Voice cloning: checks of a reference, the speaker encoder, the voice space, enrolment.

May import ``synthesis``, ``text``, ``audio`` and below; knows nothing of HTTP or databases.
"""
