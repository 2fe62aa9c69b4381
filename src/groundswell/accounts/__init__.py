"""Who may do what: keys, and the admission of each request (limits and credits).

May import everything below ``api``.
"""
