"""The telemetry writer: one thread that owns every telemetry.db, blocks when idle, and commits in natural groups.

A commit survives the end of the process at once, and loss of power within SYNC_SECONDS: after one that does not wait
for the disk the thread wakes once to make up for it, unless that has happened by then. Otherwise nothing wakes it.
"""

import contextlib
import logging
import queue
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Protocol, TypeVar

from telemetry.queue import Offer

T = TypeVar("T")
_log = logging.getLogger(__name__)
GROUP = 1000
"""Offers in one transaction at most, so that a withdrawal never waits long behind a burst."""


SYNC_SECONDS = 30.0
"""What loss of power may take is no older."""


class Sink(Protocol):
    """Where offers go; called on the writer's thread."""

    def append(self, offers: list[Offer]) -> None:
        """Commit these offers in one transaction."""

    def sync(self) -> None:
        """Have all that was committed survive loss of power."""


class ClosedError(RuntimeError):
    """The writer takes nothing more, because the program is closing; `sentence` is for the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class _Job:
    __slots__ = ("future", "work")

    def __init__(self, work: Callable[[], Any]) -> None:
        self.work = work
        self.future: Future[Any] = Future()


class _Offered:
    __slots__ = ("offer", "sink")

    def __init__(self, sink: Sink, offer: Offer) -> None:
        self.sink = sink
        self.offer = offer


class _End:
    pass


_Item = _Job | _Offered | _End


class Writer:
    """Takes offers and jobs from any thread, in order. The thread starts with the first and is a daemon: what was
    offered and not flushed when the process is killed is at most the last group."""

    def __init__(self) -> None:
        self._items: queue.SimpleQueue[_Item] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread: threading.Thread | None = None
        self._unsynced: dict[Sink, float] = {}  # until when, on the monotonic clock; for the writer's thread only

    def offer(self, sink: Sink, offer: Offer) -> None:
        """Append soon; returns at once. After `close` this does nothing."""
        if not self._closed:
            self._items.put(_Offered(sink, offer))
            self._start()

    def backlog(self) -> int:
        """How many items wait, about."""
        return self._items.qsize()

    def run(self, work: Callable[[], T]) -> "Future[T]":
        """Do `work` on the writer's thread after all that was offered before; fails with ClosedError after `close`."""
        job = _Job(work)
        with self._lock:
            if self._closed:
                job.future.set_exception(ClosedError("Miratag is closing. Try again when it runs."))
                return job.future
            self._items.put(job)
        self._start()
        return job.future

    def flush(self) -> None:
        """Return once all that was offered before is committed."""
        self.run(lambda: None).result()

    def note(self, sink: Sink, *, unsynced: bool) -> None:
        """Whether something of this sink would not survive loss of power; to be called on the writer's thread."""
        if unsynced:
            self._unsynced.setdefault(sink, time.monotonic() + SYNC_SECONDS)
        else:
            self._unsynced.pop(sink, None)

    def close(self, wait_seconds: float = 5.0) -> None:
        """Commit what was offered and end the thread, waiting for that at most `wait_seconds`."""
        with self._lock:
            already, self._closed = self._closed, True
        if not already:
            self._items.put(_End())
        if self._thread is not None:
            self._thread.join(wait_seconds)

    def _start(self) -> None:
        if self._thread is None:
            with self._lock:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._work, name="telemetry-writer", daemon=True)
                    self._thread.start()

    def _work(self) -> None:
        item = self._next()
        while not isinstance(item, _End):
            if isinstance(item, _Job):
                _do(item)
                item = self._next()
            else:
                following = self._append_from(item)
                self._sync_due()  # also while there is always more
                item = self._next() if following is None else following

    def _append_from(self, first: _Offered) -> "_Item | None":
        """Append `first` and what is already behind it; returns the next item if it is there."""
        group: dict[Sink, list[Offer]] = {}
        following: _Item | None = first
        for _ in range(GROUP):
            if not isinstance(following, _Offered):
                break
            group.setdefault(following.sink, []).append(following.offer)
            following = self._next_if_any()
        for sink, offers in group.items():
            try:
                sink.append(offers)
            except Exception:  # noqa: BLE001 # a fault with one account's file must not stop all of them
                _log.exception("Log records could not be appended.")
        return following

    def _next(self) -> _Item:
        """The next item, after waiting for it if need be; what is due to be synced by then is."""
        while (seconds := self._sync_due()) is not None:
            with contextlib.suppress(queue.Empty):
                return self._items.get(timeout=seconds)
        return self._items.get()

    def _sync_due(self) -> float | None:
        """Sync what is due; in how many seconds the next is, None if none will be."""
        now = time.monotonic()
        for sink in [sink for sink, until in self._unsynced.items() if until <= now]:
            self._sync(sink)
        return max(min(self._unsynced.values()) - now, 0.0) if self._unsynced else None

    def _sync(self, sink: Sink) -> None:
        self._unsynced.pop(sink)  # if that fails, it is tried again after the next commit
        try:
            sink.sync()
        except Exception:  # noqa: BLE001 # a fault with one account's file must not stop all of them
            _log.exception("Log records could not be made to survive loss of power.")

    def _next_if_any(self) -> "_Item | None":
        try:
            return self._items.get_nowait()
        except queue.Empty:
            return None


def _do(job: _Job) -> None:
    if not job.future.set_running_or_notify_cancel():
        return
    try:
        result = job.work()
    except BaseException as error:  # noqa: BLE001 # it belongs to whoever holds the future
        job.future.set_exception(error)
    else:
        job.future.set_result(result)
