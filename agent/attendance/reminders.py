"""What a person may want to be reminded of, and when: a shift that begins, a session that goes on, a report."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec

from agent.api.words import ReminderKind
from protocol.statements import PolicyPayload
from rules.resolving import remind_at
from rules.shifts import EARLY, PlannedShift
from rules.timesheets import Worked

BEFORE_SHIFT = timedelta(minutes=5)
BEFORE_END = timedelta(minutes=15)
_AFTERWARDS = timedelta(hours=1)


class Reminder(msgspec.Struct, frozen=True, kw_only=True):
    """Due at `at`, and of no use from `until` on: nobody is reminded at night of what was in the evening. `key` is the
    same however often it is reckoned; `words` name the shift or the place."""

    kind: ReminderKind
    key: str
    at: datetime
    until: datetime
    words: str


def reminders(
    plan: Iterable[PlannedShift],
    session: Worked | None,
    policy: PolicyPayload,
    *,
    place: str,
    reported: bool,
    since: datetime,
) -> tuple[Reminder, ...]:
    """By time. `session` is the one that the person is in, at `place`, `reported` whether a report was written in it;
    the last one, if it has ended, ended at `since`: who went home early is not called back."""
    plan = tuple(plan)
    found = [_of_session(session, policy, place)] if session is not None else []
    for shift in plan:
        key = f"{shift.shift.shift_id} {shift.day.isoformat()}"
        name = shift.shift.name
        if session is None and since < shift.start - EARLY:
            at = shift.start - BEFORE_SHIFT
            found.append(Reminder(kind="shift_starts", key=key, at=at, until=shift.end, words=name))
        if session is not None and not reported and shift.start - EARLY <= session.start < shift.end:
            at = shift.end - BEFORE_END
            until = shift.end + _AFTERWARDS
            found.append(Reminder(kind="report_due", key=key, at=at, until=until, words=name))
    return tuple(sorted((one for one in found if one is not None), key=lambda one: (one.at, one.kind, one.key)))


def _of_session(session: Worked, policy: PolicyPayload, place: str) -> Reminder | None:
    at = remind_at(session, policy)
    if at is None:
        return None
    return Reminder(kind="still_in", key=session.check_in_id, at=at, until=at + EARLY, words=place)
