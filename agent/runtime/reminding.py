"""When to remind the person, and of what: one alarm for the next, and a row for each that fell due."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from agent.attendance.reminders import Reminder, reminders
from agent.clock import Clock
from agent.schedule.ticker import Ticker
from agent.store import attendance, feed, locations, news
from agent.store.work import fact
from agent.store.writer import Store
from agent.sync.syncer import POLICY_HELD
from protocol.operations import AttendanceEvent
from protocol.statements import PolicyPayload
from rules.attendance import WorkSession
from rules.clock import format_utc, judge
from rules.shifts import planned_around
from rules.timesheets import worked

REST_MS = 1000
"""Between two looks: who presses many times is in nobody's way."""
_AHEAD = timedelta(days=2)
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)


class Reminders:
    """`post` runs work on a thread of the agent's; `told` is called after something fell due."""

    def __init__(
        self,
        account: str,
        *,
        store: Store,
        clock: Clock,
        ticker: Ticker,
        post: Callable[[Callable[[], None]], None],
        told: Callable[[], None],
    ) -> None:
        self._alarm = f"remind {account}"
        self._store, self._clock, self._ticker = store, clock, ticker
        self._post, self._told = post, told
        self._lock = threading.Lock()
        self._wanted = False
        self._rests_until_ms = 0

    def plan(self) -> None:
        """Something changed that decides about reminders: look soon."""
        with self._lock:
            wanted, self._wanted = self._wanted, True
            rest_ms = self._rests_until_ms - self._clock.elapsed_ms()
        if wanted:
            return
        if rest_ms <= 0:
            self._post(self._look)
        else:
            self._ticker.wake_in(f"{self._alarm} again", rest_ms / 1000, lambda: self._post(self._look))

    def _look(self) -> None:
        with self._lock:
            self._wanted = False
            self._rests_until_ms = self._clock.elapsed_ms() + REST_MS
        now = self._clock.now()
        found = self._store.read(lambda c: _reckoned(c, now))
        due = [one for one in found if one.at <= now < one.until]
        if due and any(self._store.write(lambda c: _note(c, due)).result()):
            self._told()
        coming = next((one.at for one in found if one.at > now), None)
        if coming is not None:
            self._ticker.wake_at(self._alarm, coming, self.plan)


def _note(connection: sqlite3.Connection, due: list[Reminder]) -> list[bool]:
    return [news.remind(connection, one.kind, one.key, one.words) for one in due]


def _reckoned(connection: sqlite3.Connection, now: datetime) -> tuple[Reminder, ...]:
    """Those of the next days that were not noted."""
    schedule = feed.schedule(connection)
    open_one = attendance.current(connection)
    if open_one is None and not schedule.shifts:
        return ()
    end = attendance.last_end(connection)
    plan = planned_around(schedule.shifts, schedule.holidays, now - _AHEAD, now + _AHEAD)
    found = reminders(
        plan,
        worked([open_one], _when, locations.zones(connection).get)[0] if open_one is not None else None,
        fact(connection, POLICY_HELD, PolicyPayload) or PolicyPayload(organization_id="", version=0, issued=""),
        place=_place(connection, open_one),
        reported=_reported(connection, open_one),
        since=_when(end) if end is not None else _NEVER,
    )
    return tuple(one for one in found if not news.reminded(connection, one.kind, one.key))


def _place(connection: sqlite3.Connection, session: WorkSession | None) -> str:
    if session is None:
        return ""
    return locations.name(connection, session.check_in.location_id) or session.check_in.note


def _reported(connection: sqlite3.Connection, session: WorkSession | None) -> bool:
    if session is None:
        return False
    since = format_utc(_when(session.check_in))
    return connection.execute("SELECT 1 FROM report WHERE at >= ? LIMIT 1", (since,)).fetchone() is not None


def _when(event: AttendanceEvent) -> datetime:
    return judge(event.at).at
