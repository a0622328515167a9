"""Who is expected and has not come: of those whom the reader may see."""

from datetime import timedelta

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


def missing_members(t: Transaction, actor: Actor) -> tuple[Missing, ...]:
    """Everybody active who has a shift now and did not come for it, the longest missing first."""
    rows = t.all(
        t.select(member, member.c.member_id, member.c.name)
        .where(member.c.active, visible(t, actor, member.c.member_id))
        .order_by(member.c.name)
    )
    names = {row.member_id: row.name for row in rows}
    now = t.now
    due: dict[str, tuple[PlannedShift, ...]] = {}
    for member_id, view in schedules(t, names.keys()).items():
        plan = planned_around(view.shifts, view.holidays, now, now + timedelta(milliseconds=1))
        if late := missing(plan, (), now):
            due[member_id] = late
    if not due:
        return ()
    earliest = min(one.start for plan in due.values() for one in plan)
    came = sessions_between(t, list(due), earliest - _LONGEST, now + _LONGEST)
    found = [
        Missing(member_id=member_id, member_name=names[member_id], shift=one)
        for member_id, plan in due.items()
        for one in missing(plan, [(w.start, w.end) for w in came.get(member_id, ())], now)
    ]
    return tuple(sorted(found, key=lambda one: (one.shift.start, one.member_name, one.member_id)))
