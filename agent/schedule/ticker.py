"""The ticker: calls back at a time, wakes at most once a minute when idle, and notices a clock that jumped."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from agent.clock import Clock

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

IDLE_SECONDS = 60.0
JUMP_SECONDS = 30.0


class Ticker:
    """Named alarms. A callback must only post to a queue: it runs on the ticker's own daemon thread.

    `on_jump` is called when wall clock and elapsed time disagree by more than JUMP_SECONDS (the clock was set) or the
    computer slept past an alarm's look: then every due time is to be looked at again.
    """

    def __init__(self, clock: Clock, on_jump: Callable[[], None]) -> None:
        self._clock = clock
        self._on_jump = on_jump
        self._lock = threading.Lock()
        self._scheduler: BackgroundScheduler | None = None
        self._closed = False

    def wake_at(self, name: str, at: datetime, post: Callable[[], None]) -> None:
        """Call `post` at `at` (aware), once; replaces the alarm of that name. A time that has passed is now."""
        with self._lock:
            if self._closed:
                return
            if self._scheduler is None:
                self._scheduler = self._start()
            self._scheduler.add_job(post, "date", run_date=at, id=name, replace_existing=True)

    def wake_in(self, name: str, seconds: float, post: Callable[[], None]) -> None:
        """The same, `seconds` from now."""
        self.wake_at(name, self._clock.now() + timedelta(seconds=seconds), post)

    def close(self) -> None:
        """No more callbacks."""
        with self._lock:
            self._closed = True
            scheduler, self._scheduler = self._scheduler, None
        if scheduler is not None:
            scheduler.shutdown(wait=False)

    def _start(self) -> "BackgroundScheduler":
        scheduler = _scheduler_class()(self._clock, self._on_jump)
        scheduler.start()
        return scheduler


def _scheduler_class() -> Any:
    """The scheduler's class, made late: apscheduler takes 75 ms to import."""
    from apscheduler.executors.base import BaseExecutor
    from apscheduler.schedulers.background import BackgroundScheduler

    class Inline(BaseExecutor):  # type: ignore[misc]  # apscheduler has no types
        """Runs a callback where it is: it only posts, and a pool of threads would be joined at exit."""

        def _do_submit_job(self, job: Any, _run_times: Any) -> None:
            job.func(*job.args, **job.kwargs)

        def submit_job(self, job: Any, run_times: Any) -> None:
            self._do_submit_job(job, run_times)

    class Watching(BackgroundScheduler):  # type: ignore[misc]  # apscheduler has no types
        """Looks at least once a minute, because a clock set back would make it sleep too long (apscheduler#794)."""

        def __init__(self, clock: Clock, on_jump: Callable[[], None]) -> None:
            super().__init__(
                timezone=UTC,
                executors={"default": Inline()},
                job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            )
            self._clock_watched = clock
            self._on_jump = on_jump
            self._offset = self._reading()

        def _reading(self) -> float:
            return self._clock_watched.now().timestamp() - self._clock_watched.elapsed_ms() / 1000

        def _process_jobs(self) -> float:
            offset = self._reading()
            if abs(offset - self._offset) > JUMP_SECONDS:
                self._offset = offset
                self._on_jump()
            wait = super()._process_jobs()
            return IDLE_SECONDS if wait is None else min(wait, IDLE_SECONDS)

    return Watching
