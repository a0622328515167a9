"""A session that nobody ended: when it needs a person's word, and which ends may be proposed to them. Nothing is ended
by a rule: hours that nobody said are not hours."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from protocol.statements import PolicyPayload
from rules.shifts import PlannedShift, shift_of
from rules.timesheets import Worked

EndKind = Literal["shift_end", "last_report", "last_activity"]


class ProposedEnd(msgspec.Struct, frozen=True):
    """An end that the person may take over, and where it comes from."""

    kind: EndKind
    at: datetime


class Resolution(msgspec.Struct, frozen=True, kw_only=True):
    """An open session that needs its person: since when, and the ends to propose, the likeliest first. `shift` is what
    they came for, if it was for a shift."""

    due: datetime
    proposals: tuple[ProposedEnd, ...]
    shift: PlannedShift | None = None


def due_at(session: Worked, plan: Iterable[PlannedShift], policy: PolicyPayload) -> datetime:
    """From when on an open session needs its person: some hours after the end of its shift, else after its start."""
    shift = shift_of(session.start, plan)
    if shift is None:
        return session.start + timedelta(hours=policy.open_session_hours)
    return shift.end + timedelta(hours=policy.open_after_shift_hours)


def resolution(
    session: Worked,
    now: datetime,
    plan: Iterable[PlannedShift],
    policy: PolicyPayload,
    *,
    last_report: datetime | None = None,
    last_activity: datetime | None = None,
    next_check_in: datetime | None = None,
) -> Resolution | None:
    """What to ask, or None while the session has an end or may well go on.

    `last_report` is the last one of this session, `last_activity` the last at this computer, given only where the
    person allowed it, `next_check_in` the one that came before any end of this one: then it is due at once. What is
    proposed lies after everything known of the session and not after now or the next check-in.
    """
    if session.end is not None:
        return None
    plan = tuple(plan)
    due = due_at(session, plan, policy) if next_check_in is None else min(next_check_in, now)
    if now < due:
        return None
    shift = shift_of(session.start, plan)
    known = max(session.start, *(at for pause in session.breaks for at in pause if at is not None), session.start)
    latest = now if next_check_in is None else min(now, next_check_in)
    offered: tuple[tuple[EndKind, datetime | None], ...] = (
        ("shift_end", shift.end if shift is not None else None),
        ("last_report", last_report),
        ("last_activity", last_activity),
    )
    proposals = tuple(ProposedEnd(kind, at) for kind, at in offered if at is not None and known < at <= latest)
    return Resolution(due=due, proposals=proposals, shift=shift)


def remind_at(session: Worked, policy: PolicyPayload) -> datetime | None:
    """When to remind somebody that they are still checked in; None where the policy reminds nobody, or it has ended."""
    if session.end is not None or not policy.remind_checked_in_hours:
        return None
    return session.start + timedelta(hours=policy.remind_checked_in_hours)
