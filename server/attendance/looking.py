"""What a manager should look at, and that somebody has.

`look` of an event is set while there is a reason and nobody has looked since that came. Its member is told the reasons
with the event, and nothing of who looked.
"""

from collections.abc import Iterable, Sequence

import msgspec
from sqlalchemy import false, func, or_, select
from uuid6 import uuid7

from protocol.changes import AttendanceView
from rules.evidence import NEEDS_A_LOOK
from server import access
from server.accounts.rights import not_found
from server.accounts.scope import visible
from server.attendance.asking import MAX_WORDS
from server.attendance.judging import judge_all
from server.attendance.story import events_around
from server.bounds import check_text
from server.problems import problem
from server.storage.attendance_tables import attendance_look
from server.storage.database import Actor, Transaction
from server.storage.members import lock_member
from server.storage.notices import Notice
from server.storage.tables import attendance_event, member

_WAITS = frozenset({"closed_waiting", "undo_waits"})
_DECIDING_ROLES = ("manager", "admin")
_MOST_OTHERS = 100


class Looked(msgspec.Struct, frozen=True, kw_only=True):
    """Who looked at an event, when (RFC 3339), and what they wrote of it."""

    by: str
    at: str
    words: str


def why_look(told: AttendanceView | None) -> frozenset[str]:
    """Why a person should look at an event of which this is told: flags, and `needs_end`."""
    return frozenset() if told is None else _why(told.flags, told.cancelled, told.needs_end)


def ask_for_a_look(t: Transaction, event_id: str, before: frozenset[str], now: frozenset[str]) -> None:
    """The event has these reasons `now`: one that was not there before wants a look, whoever has looked already."""
    if now - before:
        _set(t, event_id, look=True)
    elif before and not now:
        _set(t, event_id, look=False)


def mark_looked(t: Transaction, actor: Actor, event_id: str, words: str = "") -> None:
    """The actor has looked at the event: it leaves the list. Once more changes nothing. Raises ProblemError."""
    check_text(words, "What you wrote", "words", MAX_WORDS)
    member_id = _theirs(t, actor, event_id)
    row = t.first(t.select(attendance_event, attendance_event.c.look).where(attendance_event.c.event_id == event_id))
    if row is None or not row.look:
        return
    t.insert(
        attendance_look,
        look_id=str(uuid7()),
        event_id=event_id,
        looked=t.now_text,
        looked_by=actor.member_id,
        words=words.strip(),
    )
    _set(t, event_id, look=False)
    access.record(t, actor, "look", "attendance", event_id, subject_id=member_id)
    t.notices.add(Notice.CHANGED)  # for the open pages of other managers


def take_look_back(t: Transaction, actor: Actor, event_id: str) -> None:
    """The event is in the list again, if there is still a reason; that somebody looked stays kept. Raises
    ProblemError."""
    member_id = _theirs(t, actor, event_id)
    c = attendance_look.c
    done = t.execute(
        t.update(attendance_look)
        .where(c.event_id == event_id, c.withdrawn.is_(None))
        .values(withdrawn=t.now_text, withdrawn_by=actor.member_id)
    )
    if not done.rowcount:
        return
    events = events_around(t, member_id, [event_id])
    event = next(one for one in events if one.event_id == event_id)
    judged = judge_all(events)[event_id]
    _set(t, event_id, look=bool(_why(judged.flags, event.cancelled, judged.needs_end)))
    access.record(t, actor, "unlook", "attendance", event_id, subject_id=member_id)
    t.notices.add(Notice.CHANGED)  # for the open pages of other managers


def looks_of(t: Transaction, event_ids: Sequence[str]) -> dict[str, Looked]:
    """Who looked last at each of these events; one that nobody looked at is left out."""
    if not event_ids:
        return {}
    c = attendance_look.c
    rows = t.all(
        t.select(attendance_look, c.event_id, c.looked, c.words, member.c.name)
        .join(member, member.c.member_id == c.looked_by)
        .where(t.owns(member), c.event_id.in_(event_ids), c.withdrawn.is_(None))
        .order_by(c.looked, c.look_id)
    )
    return {row.event_id: Looked(by=row.name, at=row.looked, words=row.words) for row in rows}


def count_looks(t: Transaction, actor: Actor) -> int:
    """How many events wait for this very manager to look; nobody looks at their own."""
    c = attendance_event.c
    waiting = select(func.count()).where(
        t.owns(attendance_event), c.look, c.member_id != actor.member_id, visible(t, actor, c.member_id, c.location_id)
    )
    return int(t.scalar(waiting))


def count_own_alone(t: Transaction, actor: Actor) -> int:
    """How many of the actor's own events want a look that nobody else may give: there is no other manager or admin who
    sees them. Nobody looks at their own, and it is better said than left."""
    c = attendance_event.c
    mine = (t.owns(attendance_event), c.look, c.member_id == actor.member_id)
    if t.first(select(c.event_id).where(*mine).limit(1)) is None:
        return 0
    m = member.c
    others = t.all(
        t.select(member, m.member_id, m.role)
        .where(m.role.in_(_DECIDING_ROLES), m.active, m.member_id != actor.member_id)
        .order_by(m.member_id)
        .limit(_MOST_OTHERS)
    )
    who = (Actor(actor.organization_id, one.member_id, one.role) for one in others)
    seen = or_(false(), *(visible(t, one, c.member_id, c.location_id) for one in who))
    return int(t.scalar(select(func.count()).where(*mine, ~seen)))


def _why(flags: Iterable[str], cancelled: bool, needs_end: bool) -> frozenset[str]:
    found = (NEEDS_A_LOOK | _WAITS) & frozenset(flags)
    # An undo that waits does not count yet, and of what was undone nobody need think any more.
    return frozenset() if cancelled else found | ({"needs_end"} if needs_end else frozenset())


def _set(t: Transaction, event_id: str, *, look: bool) -> None:
    c = attendance_event.c
    t.execute(t.update(attendance_event).where(c.event_id == event_id).values(look=look))


def _theirs(t: Transaction, actor: Actor, event_id: str) -> str:
    """Whose event it is, who is held now. Raises unless it is in the actor's care, and not their own."""
    c = attendance_event.c
    seen = visible(t, actor, c.member_id, c.location_id)
    row = t.first(t.select(attendance_event, c.member_id).where(c.event_id == event_id, seen))
    if row is None or actor.role not in _DECIDING_ROLES:
        raise not_found("entry")
    if row.member_id == actor.member_id:
        detail = "Your own attendance is for another manager to look at. Ask one of them."
        raise problem("not-allowed", 403, "Not allowed", detail)
    lock_member(t, row.member_id)
    return str(row.member_id)
