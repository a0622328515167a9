"""The access log: who opened, viewed, exported or changed what, chained so that a removed or altered line shows.

Here belong writing, reading and verifying access records. Here must not be: who may see what (`server.accounts.scope`).
"""

from server.access.chain import broken_at, head, record, viewed_since

__all__ = ["broken_at", "head", "record", "viewed_since"]
