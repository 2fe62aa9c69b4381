"""Measurements of a running server: how well it is understood, how loud, how costly, how large.

May import anything below ``cli`` but ``api``: the server is measured from outside, as a client.
The judges (recogniser, word error rate, loudness meter, rival) are the extra ``bench``.
"""
