"""Telling listeners what changed, without flooding them."""

import logging
import threading
from collections.abc import Callable

from agent.api import Changed, Event

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
