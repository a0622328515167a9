"""A switch that stops requests at once."""

import threading
from collections.abc import Callable


class Cancellation:
    """Pass one to a request, call `cancel` from any thread; every request that has it, now or later, stops at once."""

    __slots__ = ("_cancelled", "_lock", "_stops")

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cancelled = False
        self._stops: list[Callable[[], None]] = []

    @property
    def cancelled(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancelled

    def cancel(self) -> None:
        """Stop what runs and refuse what comes. Returns once the sockets are shut down; calling again does nothing."""
        with self._lock:
            self._cancelled = True
            stops, self._stops = self._stops, []
        for stop in stops:
            stop()

    def attach(self, stop: Callable[[], None]) -> Callable[[], None]:
        """Call `stop` on `cancel`, or now if that has been; returns how to detach."""
        with self._lock:
            if not self._cancelled:
                self._stops.append(stop)
                return lambda: self._detach(stop)
        stop()
        return lambda: None

    def _detach(self, stop: Callable[[], None]) -> None:
        with self._lock:
            if stop in self._stops:
                self._stops.remove(stop)
