"""Out of a kernel: the HTTP interface of a server, and where songs are kept.

A call is a value, a plan is a generator of calls. ``Client`` carries plans out and waits,
``AsyncClient`` awaits them: so everything is said once.
"""
