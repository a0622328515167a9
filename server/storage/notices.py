"""What a process is told of commits: that something of an organization became true, or that sign-ins of it ended, and
no more than that. Whoever hears it looks for itself, with its own rights.

With SQLite the one process that serves tells itself. With PostgreSQL the word travels with the commit (NOTIFY, whose
payload is the organization's id), so that every replica hears it (server.storage.hearing).
"""

from collections.abc import Callable
from enum import Enum
from threading import Lock


class Notice(Enum):
    """What is told; the value is PostgreSQL's channel for it."""

    CHANGED = "miratag_changed"
    """Something was published (server.feed)."""
    SIGN_INS = "miratag_sign_ins"
    """A browser was signed out, by its person or by somebody else."""


Hear = Callable[[Notice], None]
"""Called in the thread that committed or listens: it must be quick, and must not raise."""


class Notices:
    """Who listens in this process. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._listeners: dict[str, list[Hear]] = {}

    def add(self, organization_id: str, hear: Hear) -> None:
        """Tell `hear` of this organization from now on."""
        with self._lock:
            self._listeners.setdefault(organization_id, []).append(hear)

    def remove(self, organization_id: str, hear: Hear) -> None:
        """Tell it no more; nothing happens when it was not told."""
        with self._lock:
            listeners = self._listeners.get(organization_id, [])
            if hear in listeners:
                listeners.remove(hear)
            if not listeners:
                self._listeners.pop(organization_id, None)

    def tell(self, organization_id: str, notice: Notice) -> None:
        """Tell everybody of an organization."""
        with self._lock:
            for hear in self._listeners.get(organization_id, ()):
                hear(notice)

    def tell_all(self) -> None:
        """Tell everybody everything: there may have been a time when nothing could be heard."""
        with self._lock:
            for listeners in self._listeners.values():
                for hear in listeners:
                    for notice in Notice:
                        hear(notice)
