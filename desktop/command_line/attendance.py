"""Checking in and out, breaks, an end given later, and the person's own hours and their corrections."""

import argparse
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import msgspec

from agent.api import (
    AgentError,
    AttendanceDetail,
    CorrectAttendance,
    Corrected,
    Exported,
    ExportTimesheet,
    FinishSession,
    RecordAttendance,
    ShowAttendance,
    ShowTimesheet,
    Timesheet,
    TimesheetDay,
    WithdrawAsk,
)
from agent.api.attendance import AttendanceKind
from desktop.command_line import output
from desktop.command_line.attaching import attach_all, detach_all
from desktop.command_line.conversation import Conversation
from desktop.command_line.places import find_location
from rules.clock import format_utc
from rules.sentence import plain

_KINDS: dict[str, AttendanceKind] = {
    "check-in": "check_in",
    "check-out": "check_out",
    "break-start": "break_start",
    "break-end": "break_end",
}


def check_in(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Start a work session, at a place or elsewhere."""
    account = asked.account()
    place = find_location(asked, account, arguments.location) if arguments.location else None
    photos = attach_all(asked, account, arguments.photo, "You are not checked in.")
    command = RecordAttendance(
        account=account,
        kind="check_in",
        location_id=place.location_id if place else None,
        note=arguments.note if place else arguments.elsewhere,
        code=arguments.code,
        media=tuple(one.media_id for one in photos),
    )
    try:
        recorded = asked.keep(command)
    except AgentError:
        detach_all(asked, account, photos)
        raise
    how = ""
    if place and place.code_digits:
        how = " with the code entered, which is not checked yet" if arguments.code else " without code"
    elif place and arguments.code:
        how = ", which has no code; yours is kept beside it"
    where = f"at {place.name}" if place else f"elsewhere ({arguments.elsewhere})"
    output.answer(
        {
            "event_id": recorded.event_id,
            "location": place.name if place else None,
            "code": bool(arguments.code),
            "photos": len(photos),
            "undo_until": recorded.undo_until,
            "state": "saved",
        },
        [f"Checked in {where}{how}{_with_photos(len(photos))}. Saved here."],
        as_json=arguments.json,
    )
    return output.DONE


def _with_photos(number: int) -> str:
    return f", with {number} {'photo' if number == 1 else 'photos'}" if number else ""


def check_out(asked: Conversation, arguments: argparse.Namespace) -> int:
    """End the work session."""
    return _record(asked, arguments, "check_out", "Checked out. Saved here.")


def pause(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Start a break, or end it."""
    if arguments.action == "start":
        return _record(asked, arguments, "break_start", "Your break began. Saved here.")
    return _record(asked, arguments, "break_end", "Your break ended. Saved here.")


def _record(asked: Conversation, arguments: argparse.Namespace, kind: AttendanceKind, sentence: str) -> int:
    recorded = asked.keep(RecordAttendance(account=asked.account(), kind=kind))
    output.answer({"event_id": recorded.event_id, "state": "saved"}, [sentence], as_json=arguments.json)
    return output.DONE


def finish(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Give the session that nobody ended its end."""
    account, open_end = asked.account(), asked.status().open_end
    if open_end is None:
        raise AgentError("usage", "No session needs an end now. To end the one you are in: miratag check-out")
    began = datetime.fromisoformat(open_end.since).astimezone()
    at = read_time(arguments.at, began, later=True)
    recorded = asked.keep(
        FinishSession(account=account, check_in_id=open_end.check_in_id, at=format_utc(at), reason=arguments.reason)
    )
    output.answer(
        {"event_id": recorded.event_id, "at": format_utc(at), "state": "saved"},
        [f"Your time at {open_end.location or 'another place'} ends at {_local(format_utc(at))}. Saved here."],
        as_json=arguments.json,
    )
    return output.DONE


def timesheet(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Print the hours, or save them as a file."""
    account = asked.account()
    first, last = _span(arguments)
    if arguments.save:
        path = str(Path(arguments.save).absolute())  # the agent that writes it may run in another folder
        saved: Exported = asked.keep(
            ExportTimesheet(account=account, first=first.isoformat(), last=last.isoformat(), path=path)
        )
        output.answer({"path": saved.path, "items": saved.items}, [f"Saved in {saved.path}."], as_json=arguments.json)
        return output.DONE
    found: Timesheet = asked.look(ShowTimesheet(account=account, first=first.isoformat(), last=last.isoformat()))
    output.answer(
        msgspec.to_builtins(found, enc_hook=plain), _lines(found, events=arguments.events), as_json=arguments.json
    )
    return output.DONE


def correct(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Change an event, remove it, or add one that is missing."""
    account = asked.account()
    place = find_location(asked, account, arguments.location) if arguments.location else None
    fields: dict[str, Any] = {
        "account": account,
        "reason": arguments.reason,
        "location_id": place.location_id if place else None,
        "note": arguments.elsewhere or None,
    }
    if arguments.add:
        at = read_time(arguments.at, datetime.now(UTC).astimezone())
        command = CorrectAttendance(
            wants="add", kind=_KINDS[arguments.add], at=format_utc(at), check_in_id=arguments.event, **fields
        )
    elif arguments.remove:
        command = CorrectAttendance(wants="remove", event_id=arguments.event, **fields)
    else:
        detail: AttendanceDetail = asked.look(ShowAttendance(account=account, event_id=arguments.event))
        was = datetime.fromisoformat(detail.event.at).astimezone()
        moved = format_utc(read_time(arguments.at, was)) if arguments.at else None
        command = CorrectAttendance(wants="change", event_id=arguments.event, at=moved, **fields)
    done: Corrected = asked.keep(command)
    sentence = "Saved here. It stands already."
    if done.asked:
        sentence = "Saved here. Your organization decides about it; see: miratag timesheet"
    output.answer({"item_id": done.item_id, "asked": done.asked, "state": "saved"}, [sentence], as_json=arguments.json)
    return output.DONE


def withdraw(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Take back what was asked for."""
    asked.keep(WithdrawAsk(account=asked.account(), ask_id=arguments.ask))
    output.answer(
        {"item_id": arguments.ask, "state": "withdrawn"},
        ["Withdrawn. It stays visible as that, unless somebody has decided meanwhile; see: miratag timesheet"],
        as_json=arguments.json,
    )
    return output.DONE


def read_time(text: str, near: datetime, *, later: bool = False) -> datetime:
    """A time as a person types it: `16:00` on the day of `near` (aware, of this computer's zone), `2026-03-31 16:00`
    there, or with an offset. With `later`, an hour that lies before `near` is of the next day. Raises AgentError usage.
    """
    wished = text.strip()
    try:
        if len(wished) <= len("23:59"):
            hour = time.fromisoformat(wished)
            at = datetime.combine(near.date(), hour).astimezone()
            if later and at <= near:
                at = datetime.combine(near.date() + timedelta(days=1), hour).astimezone()
            return at
        return datetime.fromisoformat(wished).astimezone()
    except (ValueError, OverflowError):
        example = "Give it as 16:00, 2026-03-31 16:00 or 2026-03-31T16:00+02:00."
        raise AgentError("usage", f"{text!r} is not a time. {example}") from None


def _span(arguments: argparse.Namespace) -> tuple[date, date]:
    """The days that were asked for; without a word, this week. Raises AgentError usage."""
    today = datetime.now(UTC).astimezone().date()
    if arguments.first or arguments.last:
        first = arguments.first or arguments.last
        return first, arguments.last or today
    if arguments.month:
        first = today.replace(day=1)
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    monday = today - timedelta(days=today.weekday())
    return monday, monday + timedelta(days=6)


def _lines(found: Timesheet, *, events: bool) -> list[str]:
    lines = [f"{_hours(found.seconds)} from {found.first} to {found.last}"]
    lines += [f"  {_hours(one.seconds)}  {one.location or 'Elsewhere'}" for one in found.places]
    for day in sorted(found.days, key=lambda one: one.day):
        lines += ["", f"{day.day}  {_hours(day.seconds)}", *_day_lines(day, events=events)]
    if not found.days:
        lines.append("Nothing was recorded in these days.")
    if found.asks:
        lines += ["", "Corrections you asked for:"]
    for ask in found.asks:
        at = _local(ask.was_at or ask.at) if ask.was_at or ask.at else ""
        said = f"{ask.by}: {ask.words}" if ask.words else ask.sentence
        lines.append(f"  {ask.state:<9} {ask.wants} {ask.kind or 'event'} {at}  {said}")
        if ask.state == "asked":
            lines.append(f"            to take it back: miratag withdraw {ask.ask_id}")
    return lines


def _day_lines(day: TimesheetDay, *, events: bool) -> list[str]:
    lines = []
    for session in sorted(day.sessions, key=lambda one: one.start):
        end = _clock(session.end) if session.end else "its end is missing" if session.needs_end else "still open"
        lasted = f"  {_hours(session.seconds)}" if session.end else ""
        where = session.location or "Elsewhere"
        lines.append(f"  {_clock(session.start)} - {end}{lasted}  {where}")
        for event in session.events if events else ():
            off = " (undone)" if event.cancelled else " (corrected)" if event.corrected else ""
            lines.append(f"    {event.event_id}  {_clock(event.at)} {event.kind}{off}")
            lines += [f"      {sentence.text}" for sentence in event.evidence]
    return lines


def _hours(seconds: int) -> str:
    return f"{seconds // 3600} h {seconds % 3600 // 60:02d}"


def _clock(at: str) -> str:
    return f"{datetime.fromisoformat(at).astimezone():%H:%M}"


def _local(at: str | None) -> str:
    return f"{datetime.fromisoformat(at).astimezone():%Y-%m-%d %H:%M}" if at else ""


COMMANDS: dict[str, Callable[[Conversation, argparse.Namespace], int]] = {
    "check-in": check_in,
    "check-out": check_out,
    "break": pause,
    "finish": finish,
    "withdraw": withdraw,
    "timesheet": timesheet,
    "correct": correct,
}
