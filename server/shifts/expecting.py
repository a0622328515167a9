"""Who is expected and has not come: of those whom the reader may see."""

from datetime import datetime, timedelta

import msgspec

from rules.shifts import PlannedShift, missing, planned_around
from server.accounts.scope import visible
from server.attendance.worksheets import sessions_between
from server.shifts.schedules import schedules
from server.storage.database import Actor, Transaction
from server.storage.tables import member

_LONGEST = timedelta(hours=24)


class Missing(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody who is expected since `shift.start`, and is past the grace."""

    member_id: str
    member_name: str
    shift: PlannedShift


class Expected(msgspec.Struct, frozen=True):
    """Who is missing, the longest first, and when the clock alone may next change that; None for not within a day."""

    missing: tuple[Missing, ...]
    changes: datetime | None


def expected_members(t: Transaction, actor: Actor) -> Expected:
    """Of everybody active: who has a shift now and did not come for it."""
    rows = t.all(
        t.select(member, member.c.member_id, member.c.name)
        .where(member.c.active, visible(t, actor, member.c.member_id))
        .order_by(member.c.name)
    )
    names = {row.member_id: row.name for row in rows}
    now = t.now
    due: dict[str, tuple[PlannedShift, ...]] = {}
    turns: list[datetime] = []
    for member_id, view in schedules(t, names.keys()).items():
        plan = planned_around(view.shifts, view.holidays, now, now + _LONGEST)
        turns += (at for one in plan for at in (one.late_from, one.end) if at > now)
        if late := missing(plan, (), now):
            due[member_id] = late
    changes = min(turns, default=None)
    if not due:
        return Expected((), changes)
    earliest = min(one.start for plan in due.values() for one in plan)
    came = sessions_between(t, list(due), earliest - _LONGEST, now + _LONGEST)
    found = [
        Missing(member_id=member_id, member_name=names[member_id], shift=one)
        for member_id, plan in due.items()
        for one in missing(plan, [(w.start, w.end) for w in came.get(member_id, ())], now)
    ]
    found.sort(key=lambda one: (one.shift.start, one.member_name, one.member_id))
    return Expected(tuple(found), changes)
