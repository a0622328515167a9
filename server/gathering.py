"""One thread that does together what came while it was busy: where each piece alone costs mostly the way there."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Generic, TypeVar

Item = TypeVar("Item")
Answer = TypeVar("Answer")


class Gathering(Generic[Item, Answer]):
    """`work` answers at most `most` items at once, each in its place. Thread-safe; the thread begins with the first
    item and blocks while there is none."""

    def __init__(self, work: Callable[[Sequence[Item]], Sequence[Answer]], most: int, name: str) -> None:
        self._work = work
        self._most = most
        self._name = name
        self._lock = Lock()
        self._thread: Thread | None = None
        self._closed = False
        self._waiting: SimpleQueue[tuple[Item, Future[Answer]] | None] = SimpleQueue()

    def submit(self, item: Item) -> "Future[Answer]":
        """Do this with whatever else waits. Cancelled once `close` was called."""
        future: Future[Answer] = Future()
        with self._lock:
            if self._closed:
                future.cancel()
                return future
            if self._thread is None:
                self._thread = Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()
            self._waiting.put((item, future))
        return future

    def close(self) -> None:
        """Take no more; what was submitted is done first."""
        with self._lock:
            self._closed = True
            self._waiting.put(None)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while (first := self._waiting.get()) is not None:
            together, ended = self._gathered(first)
            _answer(self._work, together)
            if ended:
                return

    def _gathered(self, first: tuple[Item, "Future[Answer]"]) -> tuple[list[tuple[Item, "Future[Answer]"]], bool]:
        together = [first]
        while len(together) < self._most:
            try:
                following = self._waiting.get_nowait()
            except Empty:
                break
            if following is None:
                return together, True
            together.append(following)
        return together, False


def _answer(
    work: Callable[[Sequence[Item]], Sequence[Answer]], together: Sequence[tuple[Item, "Future[Answer]"]]
) -> None:
    wanted = [(item, future) for item, future in together if future.set_running_or_notify_cancel()]
    if not wanted:
        return
    try:
        answers = work([item for item, _ in wanted])
    except BaseException as error:  # noqa: BLE001 - whoever waits gets it
        for _, future in wanted:
            future.set_exception(error)
    else:
        for (_, future), answer in zip(wanted, answers, strict=True):
            future.set_result(answer)
