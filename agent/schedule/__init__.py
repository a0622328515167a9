"""When the agent wakes: one ticker, and the arithmetic of due times.

Here belong the ticker (APScheduler underneath) and pure functions that say when. Here must not be: the work itself; the
ticker only posts to the agent's queue. What is due is kept in the databases, so nothing is lost with the process.
"""
