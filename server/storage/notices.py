"""What a process is told of commits: that something of an organization became true, or that sign-ins of it ended, and
no more than that. Whoever hears it looks for itself, with its own rights.

With SQLite the one process that serves tells itself. With PostgreSQL the word travels with the commit (NOTIFY, whose
payload is the organization's id), so that every replica hears it (server.storage.hearing).
"""

import math
import time
from collections.abc import Callable, Iterable
from enum import Enum
from threading import Lock


class Notice(Enum):
    """What is told; the value is PostgreSQL's channel for it."""

    CHANGED = "miratag_changed"
    """Something was published (server.feed), who may see whose data is another now, or a manager looked at an entry."""
    SIGN_INS = "miratag_sign_ins"
    """A browser was signed out, by its person or by somebody else."""


TOGETHER = 0.5
"""Seconds within which the commits of one process are told to the others as one, from the second of them on."""

Told = tuple[str, Notice]
"""Of which organization, and what."""
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


class Sending:
    """Which commits send their notice themselves. PostgreSQL lets such commits wait for the disk one after the other,
    which would halve what a shift start can take: so of many that come at once the first does, and for the others one
    more is owed, that is sent when they are through. Thread-safe."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._sent: dict[Told, float] = {}
        self._owed: set[Told] = set()
        self._wake: Callable[[], None] | None = None

    def begin(self, wake: Callable[[], None]) -> None:
        """From now on somebody sends what is owed: `wake` tells them that something is. It may be called in any
        thread. Before, every commit sends for itself."""
        with self._lock:
            self._wake = wake

    def end(self) -> None:
        """Nobody does any more."""
        with self._lock:
            self._wake = None

    def at_once(self, told: Told) -> bool:
        """Whether the commit that comes now is to send this itself. If not it must be owed after it, not before."""
        now = time.monotonic()
        with self._lock:
            if self._wake is not None and now - self._sent.get(told, -math.inf) < TOGETHER:
                return False
            self._sent[told] = now
            return True

    def owe(self, told: Iterable[Told]) -> None:
        """It was committed and is to be sent."""
        with self._lock:
            self._owed.update(told)
            if self._owed and self._wake is not None:
                self._wake()

    def take(self) -> set[Told]:
        """What is owed, which is the caller's now: to send, or to owe again."""
        now = time.monotonic()
        with self._lock:
            taken, self._owed = self._owed, set()
            self._sent.update(dict.fromkeys(taken, now))
            return taken
