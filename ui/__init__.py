"""Windows and widgets: show snapshots, send commands. No I/O of its own, no requests, database, keyring or scheduler.

Imports `agent.api`, `rules` and `protocol` only.
"""
