"""The gate that every request with log data passes: shut by a withdrawal, and then nothing begins.

Shutting it also stops what is under way. It happens *before* the new choice is committed, so that at the moment of the
commit no request with that category runs or can begin.
"""

import contextlib
import threading
from collections.abc import Callable, Iterator

from telemetry.catalog import Category


class Gate:
    """Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._open: dict[Category, int] = {}
        self._passing: dict[Category, set[Callable[[], None]]] = {}

    def open(self, category: Category, epoch: int) -> None:
        """Let batches of this category and epoch pass."""
        with self._lock:
            self._open[category] = epoch

    def shut(self, category: Category) -> None:
        """Let none pass, and stop those that are; returns when their sockets are shut down."""
        with self._lock:
            self._open.pop(category, None)
            passing = self._passing.pop(category, set())
        for cancel in passing:
            cancel()

    @contextlib.contextmanager
    def passing(self, category: Category, epoch: int, cancel: Callable[[], None]) -> Iterator[bool]:
        """Whether a request of this category and epoch may begin; while it runs, `shut` calls `cancel`."""
        with self._lock:
            may = self._open.get(category) == epoch
            if may:
                self._passing.setdefault(category, set()).add(cancel)
        try:
            yield may
        finally:
            with self._lock:
                self._passing.get(category, set()).discard(cancel)
