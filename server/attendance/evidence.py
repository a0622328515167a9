"""What an event's evidence is worth, judged when it arrives.

Nothing here refuses anything: what does not fit is a flag beside an event that is kept.
"""

from datetime import datetime, timedelta
from typing import Any

import msgspec

from protocol.changes import LocationView
from protocol.operations import AttendanceEvent, Evidence
from rules.clock import format_utc
from rules.location_code import typed_code
from rules.networks import judge_address, judge_network
from rules.places import BARELY_EXACT_M, fence, is_zero
from server.accounts.throttle import network_of
from server.attendance.arrival import Arrival
from server.attendance.story import undone
from server.bounds import location_rows
from server.locations.codes import hold_against
from server.locations.places import location_view
from server.storage.database import Actor, Transaction
from server.storage.tables import attendance_event

AT_ONCE = timedelta(minutes=2)
"""An event that took no longer to come was sent from where it happened: its address tells something."""
_WRONG_TRIES = 5
_WRONG_WINDOW = timedelta(minutes=10)


class Weighed(msgspec.Struct, frozen=True):
    """What is kept of it (columns of `attendance_event`) and the flags it brings."""

    columns: dict[str, Any]
    flags: tuple[str, ...]


class _Code(msgspec.Struct, frozen=True, kw_only=True):
    verdict: str | None = None
    step: int | None = None
    network: str | None = None
    flags: tuple[str, ...] = ()


def weigh(t: Transaction, actor: Actor, arrival: Arrival, body: AttendanceEvent, at: datetime) -> Weighed:
    """Judge the evidence of an event that happened at `at`. The caller holds the member, so that of two uses of one
    code the second is known as such."""
    told = body.evidence
    # Most check-ins are chosen by hand: nothing to hold against the place, so it is not read.
    bears_some = bool(told.code or told.position or arrival.kiosk) or told.network is not None
    place = _place(t, actor, body) if bears_some else None
    code = _code(t, actor=actor, arrival=arrival, body=body, place=place, at=at)
    network = judge_network(place, told.network) if place and told.network is not None else None
    # The address counts only where the person lets the network count, or where the screen is the organization's own.
    may_compare = (told.network is not None or arrival.kiosk) and abs(t.now - at) <= AT_ONCE
    address = judge_address(place, arrival.address) if place and may_compare else None
    lies = fence(place, told.position) if place and told.position else None
    found = {
        "position_zero": told.position is not None and is_zero(told.position),
        "accuracy_zero": told.position is not None and told.position.accuracy_m < BARELY_EXACT_M,
        "position_outside": lies == "outside",
        "position_unclear": lies == "cannot_tell",
        "network_other": network == "other",
    }
    return Weighed(
        {
            **_as_given(told),
            "code_verdict": code.verdict,
            "code_step": code.step,
            "code_network": code.network,
            "network_verdict": network,
            "address_verdict": address,
            "fence": lies,
            "kiosk": arrival.kiosk or None,
        },
        (*(flag for flag, is_so in found.items() if is_so), *code.flags),
    )


def _as_given(told: Evidence) -> dict[str, Any]:
    position = told.position
    return {
        "method": told.method,
        "code": told.code,
        "network": told.network,
        "latitude": position.latitude if position else None,
        "longitude": position.longitude if position else None,
        "accuracy_m": position.accuracy_m if position else None,
        "position_source": position.source if position else None,
    }


def _place(t: Transaction, actor: Actor, body: AttendanceEvent) -> LocationView | None:
    """Where it was: what it says itself, or else where its check-in was."""
    location_id = body.location_id
    if location_id is None and body.check_in_id is not None:
        c = attendance_event.c
        began = t.select(attendance_event, c.location_id)
        location_id = t.scalar(began.where(c.event_id == body.check_in_id, c.member_id == actor.member_id))
    row = location_rows(t, [location_id]).get(location_id) if location_id else None
    return None if row is None else location_view(row)


def _code(
    t: Transaction, *, actor: Actor, arrival: Arrival, body: AttendanceEvent, place: LocationView | None, at: datetime
) -> _Code:
    typed = typed_code(body.evidence.code or "")
    if not typed:
        return _Code()
    if place is None:
        return _Code(verdict="none_here", flags=("code_not_here",))
    if arrival.mint is None:
        return _Code(verdict="unchecked", flags=("code_unchecked",))
    if _wrong_lately(t, actor) >= _WRONG_TRIES:
        return _Code(verdict="throttled", flags=("code_throttled",))
    held = hold_against(t, arrival.mint, place.location_id, typed, at)
    if held.verdict == "right":
        return _right(t, actor, arrival, place.location_id, held.step, fresh=abs(t.now - at) <= AT_ONCE)
    flag = {"none_here": "code_not_here"}.get(held.verdict, f"code_{held.verdict}")
    return _Code(verdict=held.verdict, flags=(flag,))


def _right(t: Transaction, actor: Actor, arrival: Arrival, location_id: str, step: int | None, *, fresh: bool) -> _Code:
    prefix = network_of(arrival.address) if fresh else ""
    subject = f"code/{location_id}/{step}/{actor.member_id}/{prefix}"
    network = arrival.mint.blind(subject) if arrival.mint and prefix else None
    c = attendance_event.c
    before = t.all(
        t.select(attendance_event, c.code_network).where(
            c.member_id == actor.member_id,
            c.code_step == step,
            c.location_id == location_id,
            ~undone(t, attendance_event),
        )
    )
    if not before:
        return _Code(verdict="right", step=step, network=network)
    apart = network is not None and any(row.code_network not in {None, network} for row in before)
    flags = ("code_replayed", "code_two_networks") if apart else ("code_replayed",)
    return _Code(verdict="replayed", step=step, network=network, flags=flags)


def _wrong_lately(t: Transaction, actor: Actor) -> int:
    c = attendance_event.c
    rows = t.all(
        t.select(attendance_event, c.event_id)
        .where(
            c.member_id == actor.member_id,
            c.received > format_utc(t.now - _WRONG_WINDOW),
            c.code_verdict.in_(("wrong", "old")),
        )
        .limit(_WRONG_TRIES)
    )
    return len(rows)
