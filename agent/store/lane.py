"""A thread of the agent: takes work in order, one at a time, and never holds up the exit of the program."""

import logging
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from agent.api import AgentError

T = TypeVar("T")
_log = logging.getLogger(__name__)


class Lane:
    """A daemon thread with a queue. `run` from any thread; what is queued when `close` comes is still done.

    The standard library's executor is not used: it is joined when the program ends, and a stalled server would be
    waited for.
    """

    def __init__(self, name: str) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None] | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def run(self, work: Callable[[], T]) -> "Future[T]":
        """Do `work` on this thread; the future has its result or its exception."""
        future: Future[T] = Future()
        with self._lock:
            if not self._closed:
                self._queue.put(lambda: _settle(future, work))
                return future
        future.set_exception(AgentError("unavailable", "The app is closing. Try again when it runs."))
        return future

    def at_once(self, work: Callable[[], T]) -> "Future[T]":
        """The same, but done before this returns when called on this thread: it may wait for the result."""
        if not self.is_current:
            return self.run(work)
        future: Future[T] = Future()
        _settle(future, work)
        return future

    @property
    def is_current(self) -> bool:
        """Whether the caller is this thread."""
        return self._thread is threading.current_thread()

    def post(self, work: Callable[[], object]) -> None:
        """Do `work` on this thread; a failure is logged. After `close` this does nothing."""
        self.run(work).add_done_callback(_log_failure)

    def close(self, wait_seconds: float | None = None) -> bool:
        """Take nothing more; whether the thread ended within `wait_seconds` (None: do not wait)."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        if wait_seconds is not None and not self.is_current:
            self._thread.join(wait_seconds)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (work := self._queue.get()) is not None:
            work()


def _settle(future: "Future[T]", work: Callable[[], T]) -> None:
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = work()
    except BaseException as error:  # noqa: BLE001 # it belongs to whoever holds the future
        future.set_exception(error)
    else:
        future.set_result(result)


def _log_failure(future: "Future[object]") -> None:
    error = None if future.cancelled() else future.exception()
    if error is not None and not (isinstance(error, AgentError) and error.kind == "unavailable"):
        _log.error("A task of the agent failed.", exc_info=error)
