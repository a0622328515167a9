"""A few threads for work that many wait for: organizations take turns, and within each its members, so that nobody's
heap of work stands before another's first piece."""

from collections import OrderedDict, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")
_Job = tuple[Callable[[], T], "Future[T]"]


class FairWorkers(Generic[T]):
    """`number` threads. Thread-safe."""

    def __init__(self, number: int, name: str) -> None:
        self._threads = ThreadPoolExecutor(number, thread_name_prefix=name)
        self._lock = Lock()
        self._waiting: OrderedDict[str, OrderedDict[str, deque[_Job[T]]]] = OrderedDict()

    def submit(self, organization_id: str, member_id: str, work: Callable[[], T]) -> "Future[T]":
        """Do this for somebody when it is their turn."""
        future: Future[T] = Future()
        with self._lock:
            members = self._waiting.setdefault(organization_id, OrderedDict())
            members.setdefault(member_id, deque()).append((work, future))
        self._threads.submit(self._do_next)  # as many calls as there is work: each does whosever turn it is
        return future

    def close(self) -> None:
        """Take no more and forget what waits; what is under way is waited for."""
        self._threads.shutdown(wait=True, cancel_futures=True)
        with self._lock:
            left = [future for members in self._waiting.values() for jobs in members.values() for _, future in jobs]
            self._waiting.clear()
        for future in left:
            future.cancel()

    def _do_next(self) -> None:
        work, future = self._next()
        if not future.set_running_or_notify_cancel():
            return
        try:
            result = work()
        except BaseException as error:  # noqa: BLE001 - whoever waits gets it
            future.set_exception(error)
        else:
            future.set_result(result)

    def _next(self) -> _Job[T]:
        """The first job of who has waited longest since their last turn."""
        with self._lock:
            organization_id, members = self._waiting.popitem(last=False)
            member_id, jobs = members.popitem(last=False)
            job = jobs.popleft()
            if jobs:
                members[member_id] = jobs
            if members:
                self._waiting[organization_id] = members
            return job
