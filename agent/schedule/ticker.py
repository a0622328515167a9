"""The ticker: calls back at a time, and notices a clock that jumped and a computer that slept.

Idle, it does not wake where the system tells of such things (`agent.clock.watch`); elsewhere it looks once a minute.
"""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from agent.clock import Clock
from agent.clock.watch import ClockWatch, watch_clock

if TYPE_CHECKING:
    from apscheduler.schedulers.background import BackgroundScheduler

IDLE_SECONDS = 60.0
JUMP_SECONDS = 30.0


class Ticker:
    """Named alarms. A callback must only post to a queue: it runs on the ticker's own daemon thread.

    `on_jump` is called when wall clock and elapsed time disagree by more than JUMP_SECONDS (the clock was set), or the
    computer slept for as long: then every due time is to be looked at again. `watch` is `watch_clock`.
    """

    def __init__(
        self,
        clock: Clock,
        on_jump: Callable[[], None],
        watch: Callable[[Callable[[], None]], ClockWatch | None] = watch_clock,
    ) -> None:
        self._clock = clock
        self._on_jump = on_jump
        self._make_watch = watch
        self._lock = threading.Lock()
        self._scheduler: BackgroundScheduler | None = None
        self._watch: ClockWatch | None = None
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
            watch, self._watch = self._watch, None
        if watch is not None:
            watch.close()
        if scheduler is not None:
            scheduler.shutdown(wait=False)

    def _start(self) -> "BackgroundScheduler":
        scheduler: BackgroundScheduler = _scheduler_class()(self._clock, self._on_jump)
        self._watch = self._make_watch(scheduler.wakeup)
        scheduler.idle_seconds = IDLE_SECONDS if self._watch is None else None
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
        """Sees with every look whether the clock was set or the computer slept.

        It looks within `idle_seconds`, if that is not None, because a clock set back would make it sleep too long
        (apscheduler#794) and no wait counts the time that the computer sleeps.
        """

        def __init__(self, clock: Clock, on_jump: Callable[[], None]) -> None:
            super().__init__(
                timezone=UTC,
                executors={"default": Inline()},
                job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
            )
            self.idle_seconds: float | None = IDLE_SECONDS
            self._clock_watched = clock
            self._on_jump = on_jump
            self._seen = self._readings()

        def _readings(self) -> tuple[float, float]:
            """In seconds, constant while no clock is set and the computer does not sleep."""
            elapsed = self._clock_watched.elapsed_ms() / 1000
            return self._clock_watched.now().timestamp() - elapsed, elapsed - self._clock_watched.awake_ms() / 1000

        def _process_jobs(self) -> float | None:
            readings = self._readings()
            if any(abs(now - before) > JUMP_SECONDS for now, before in zip(readings, self._seen, strict=True)):
                self._seen = readings
                self._on_jump()
            wait: float | None = super()._process_jobs()
            waits = [seconds for seconds in (wait, self.idle_seconds) if seconds is not None]
            return min(waits, default=None)

    return Watching
