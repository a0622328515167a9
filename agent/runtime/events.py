"""Telling listeners what changed, without flooding them."""

import logging
import threading
from collections.abc import Callable
from time import monotonic

from agent.api import Changed, Event
from agent.schedule.ticker import Ticker
from agent.store.lane import Lane

PROGRESS_SECONDS = 0.5
TELL_SECONDS = 0.05

_log = logging.getLogger(__name__)


class Listeners:
    """Who is told. Safe from any thread; a listener that fails is logged and does not stop the others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._listeners: list[Callable[[Event], None]] = []

    def add(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` from now on; returns how to stop."""
        with self._lock:
            self._listeners.append(listener)

        def stop() -> None:
            with self._lock:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def tell(self, what: frozenset[str]) -> None:
        """Call each with Changed."""
        with self._lock:
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(Changed(what=what))
            except Exception:  # noqa: BLE001 # the listener is another room's code; the agent goes on
                _log.exception("A listener of the agent failed.")


class Teller:
    """Gathers what changed and tells it soon, once for many changes. Progress is told twice a second.

    `lane` is where it is told: not the commands' thread, so that the next one need not wait for a count. `take` takes a
    new snapshot before.
    """

    def __init__(self, listeners: Listeners, ticker: Ticker, lane: Lane, take: Callable[[], object]) -> None:
        self._listeners, self._ticker, self._lane, self._take = listeners, ticker, lane, take
        self._lock = threading.Lock()
        self._pending: set[str] = set()
        self._planned = False
        self._told_at = -TELL_SECONDS

    def changed(self, *what: str) -> None:
        """Something did; from any thread."""
        progress = what == ("progress",)
        with self._lock:
            begin = not self._planned and not (progress and self._pending)
            self._pending |= {"activity"} if progress else set(what) | {"snapshot"}
            self._planned |= begin and not progress
        if begin and progress:
            self._ticker.wake_in("progress", PROGRESS_SECONDS, lambda: self._lane.post(self._tell))
        elif begin:
            self._lane.post(self._tell_soon)

    def _tell_soon(self) -> None:
        """The first change at once; of many in a row one telling in TELL_SECONDS, for counting costs what waits."""
        left = self._told_at + TELL_SECONDS - monotonic()
        if left > 0:
            self._ticker.wake_in("tell", left, lambda: self._lane.post(self._tell))
        else:
            self._tell()

    def _tell(self) -> None:
        with self._lock:
            what, self._pending = frozenset(self._pending), set()
            self._planned = False
            if not what:
                return  # told already, with a change that could not wait as long
            self._told_at = monotonic()
        self._take()
        self._listeners.tell(what | {"snapshot"})
