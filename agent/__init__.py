"""The work: local store, outbox, sync, uploads, schedule, sign-in, credentials. Knows nothing of Qt.

`agent.api` is all that `ui` may see of it. Nothing here imports `desktop`, `ui` or `server`.
"""
