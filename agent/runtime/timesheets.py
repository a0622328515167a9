"""A person's timesheet from the rows that are here: days, sessions and events, each with what is known of it."""

import csv
import sqlite3
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

import msgspec

from agent.api import (
    AgentError,
    AskLine,
    AttendanceDetail,
    AttendanceQuery,
    EventLine,
    Exported,
    ExportTimesheet,
    PlaceHours,
    Said,
    SessionLine,
    ShowAttendance,
    ShowTimesheet,
    Timesheet,
    TimesheetDay,
)
from agent.runtime import event_files
from agent.runtime.exporting import new_file
from agent.runtime.workplace import Workplace
from agent.store import asks, attendance, locations, operations
from agent.store.asks import AskRow
from agent.store.attendance import EventRow
from protocol.changes import EvidenceView
from protocol.operations import AttendanceEvent
from protocol.statements import PolicyPayload
from rules.attendance import WorkSession, work_sessions
from rules.clock import Grade, format_utc, parse_utc
from rules.evidence import SAID_BY_EVIDENCE, evidence_sentences
from rules.sentence import Sentence, plain
from rules.spreadsheets import as_words
from rules.timesheets import SessionHours, Worked, by_day, by_location, hours, within, worked

_WAITS = "This waits to be sent. What was recorded stands until a manager has decided."
_WITHDRAWN = "Withdrawn by you. What was recorded stands as it was."
_MOST_DAYS = 400
# A day in some zone begins less than this from the same date in UTC; and a longer session is found by its start only.
_SLACK = timedelta(days=2)
_LONGEST = timedelta(days=7)
_COLUMNS = ("day", "location", "start", "end", "hours", "seconds", "break_seconds", "needs_end")


def answer(workplace: Workplace, query: AttendanceQuery) -> Timesheet | AttendanceDetail:
    """Raises AgentError usage, not_found."""
    if isinstance(query, ShowTimesheet):
        return show(workplace, query.first, query.last)
    return show_event(workplace, query)


def show(workplace: Workplace, first: str, last: str) -> Timesheet:
    """The hours of these days, both included. Raises AgentError usage."""
    try:
        begun, ended = _days(first, last)
    except ValueError:
        detail = Sentence("Give a first and a last day as 2026-01-31, at most %(most)s days apart.", most=_MOST_DAYS)
        raise AgentError("usage", detail) from None
    since = datetime.combine(begun, time(), UTC) - _SLACK
    until = datetime.combine(ended, time(), UTC) + _SLACK

    def look(connection: sqlite3.Connection) -> Timesheet:
        rows = attendance.stretch(connection, format_utc(since - _LONGEST), format_utc(until))
        earlier = attendance.before(connection, format_utc(since))
        return _book(workplace, connection, rows).sheet(begun, ended, asks=_asks(connection), earlier=earlier)

    return workplace.store.read(look)


def show_event(workplace: Workplace, query: ShowAttendance) -> AttendanceDetail:
    """Raises AgentError not_found."""

    def look(connection: sqlite3.Connection) -> AttendanceDetail:
        row = attendance.one(connection, query.event_id)
        if row is None:
            raise AgentError("not_found", "This entry is not on this computer.")
        at = parse_utc(row.at)
        rows = {row.event.event_id: row}
        for found in attendance.stretch(connection, format_utc(at - _LONGEST), format_utc(at + _SLACK)):
            rows.setdefault(found.event.event_id, found)
        book = _book(workplace, connection, sorted(rows.values(), key=lambda one: (one.at, one.event.event_id)))
        return AttendanceDetail(
            event=book.event_line(row),
            session=book.session_of(row.event),
            media=event_files.items(workplace, connection, query.event_id),
        )

    return workplace.store.read(look)


def export(workplace: Workplace, command: ExportTimesheet) -> Exported:
    """A file that is there in full or not at all: JSON where its name ends so, else CSV with a mark for spreadsheets.
    Raises AgentError usage, cannot_store."""
    sheet, target = show(workplace, command.first, command.last), Path(command.path)
    with new_file(target) as part:
        if target.suffix.lower() == ".json":
            part.write_bytes(msgspec.json.format(msgspec.json.encode(sheet, enc_hook=plain), indent=2))
        else:
            with part.open("w", encoding="utf-8-sig", newline="") as file:
                table = csv.writer(file)
                table.writerow(_COLUMNS)
                table.writerows(_cells(day, session) for day in reversed(sheet.days) for session in day.sessions)
    return Exported(path=str(target), items=sum(len(day.sessions) for day in sheet.days))


class Book:
    """Events of one person as rows, and what follows from them. `zones` by location, `asked` the events that a
    correction waits for, `now` aware."""

    def __init__(
        self,
        rows: Iterable[EventRow],
        *,
        zones: Mapping[str, str],
        policy: PolicyPayload,
        asked: Collection[str],
        now: datetime,
    ) -> None:
        self._rows = {row.event.event_id: row for row in rows}
        self._policy, self._asked, self._now = policy, asked, now
        left_out = {event_id for event_id, row in self._rows.items() if row.left_out}
        self.sessions = work_sessions([row.event for row in self._rows.values()], left_out)
        self._paired = {session.check_in_id: session for session in self.sessions}
        self._superseded = {
            row.event.supersedes for row in self._rows.values() if row.event.supersedes and not row.left_out
        }
        self.worked = worked(self.sessions, self._when, zones.get)

    def sheet(self, first: date, last: date, *, asks: Sequence[AskLine], earlier: bool) -> Timesheet:
        """These days, both included, newest first."""
        found = within(hours(self.worked, self._policy.report_day), first, last)
        seconds = by_day(found)
        days = sorted({*seconds, *(one.day for one in found if first <= one.day <= last)}, reverse=True)
        places: dict[str, int] = {}
        for location_id, spent in by_location(found).items():
            name = self._place_name(location_id)
            places[name] = places.get(name, 0) + spent
        return Timesheet(
            first=first.isoformat(),
            last=last.isoformat(),
            seconds=sum(seconds.values()),
            days=tuple(
                TimesheetDay(
                    day=day.isoformat(),
                    seconds=seconds.get(day, 0),
                    sessions=tuple(self._line(one) for one in reversed(found) if one.day == day),
                )
                for day in days
            ),
            places=tuple(
                PlaceHours(location=name, seconds=spent)
                for name, spent in sorted(places.items(), key=lambda one: (-one[1], one[0]))
            ),
            asks=tuple(asks),
            earlier=earlier,
        )

    def session_of(self, event: AttendanceEvent) -> SessionLine | None:
        """The session that an event belongs to, with all its hours."""
        found = hours(self.worked, self._policy.report_day)
        named = {event.event_id, event.check_in_id, event.supersedes}
        for one in found:
            if one.session.check_in_id in named:
                return self._line(one)
        return None

    def event_line(self, row: EventRow) -> EventLine:
        """One event in full."""
        event, view = row.event, row.view
        return EventLine(
            event_id=event.event_id,
            kind=event.kind,
            at=row.at,
            location=row.place,
            location_id=event.location_id,
            note=event.note,
            reason=event.reason,
            by=view.by if view is not None else "",
            completed_later=event.completed_later,
            corrected=event.event_id in self._superseded,
            cancelled=row.cancelled,
            held=row.held,
            needs_a_look=view.needs_a_look if view is not None else False,
            evidence=_sentences(row),
            may_correct=not row.left_out and self._may_correct(row),
            asked=event.event_id in self._asked,
        )

    def _line(self, one: SessionHours) -> SessionLine:
        session = self._paired[one.session.check_in_id]
        paused, resting = _pauses(one.session) if one.session.end is None else (one.break_seconds, None)
        return SessionLine(
            check_in_id=session.check_in_id,
            location=self._place(session),
            start=format_utc(one.session.start),
            end=format_utc(one.session.end) if one.session.end is not None else None,
            seconds=one.seconds,
            break_seconds=paused,
            resting_since=format_utc(resting) if resting is not None else None,
            needs_end=session.needs_end,
            events=tuple(self.event_line(row) for row in self._of(session)),
        )

    def _of(self, session: WorkSession) -> list[EventRow]:
        """Its events by time, those that were corrected or undone among them."""
        own = {session.check_in_id}
        own |= {key for key, row in self._rows.items() if row.event.check_in_id == session.check_in_id}
        while more := {key for key, row in self._rows.items() if row.event.supersedes in own} - own:
            own |= more
        return sorted((self._rows[key] for key in own), key=lambda row: (row.at, row.event.event_id))

    def _place(self, session: WorkSession) -> str:
        row = self._rows[session.check_in.event_id]
        return row.place or row.event.note

    def _place_name(self, location_id: str | None) -> str:
        found = (row.place for row in self._rows.values() if row.event.location_id == location_id and location_id)
        return next(found, "")

    def _may_correct(self, row: EventRow) -> bool:
        """Whether its person may still change it without asking."""
        until = parse_utc(row.at) + timedelta(hours=self._policy.correct_hours)
        return row.event.event_id not in self._superseded and self._now < until

    def _when(self, event: AttendanceEvent) -> datetime:
        return parse_utc(self._rows[event.event_id].at)


def _pauses(session: Worked) -> tuple[int, datetime | None]:
    """Of a session that lasts: the seconds of its breaks that have ended, and since when one lasts."""
    ended = sum((end - start for start, end in session.breaks if end is not None), timedelta())
    return int(ended.total_seconds()), next((start for start, end in session.breaks if end is None), None)


def _days(first: str, last: str) -> tuple[date, date]:
    """The days that somebody named. Raises ValueError: they cannot be read, are the wrong way round, or too many."""
    begun, ended = date.fromisoformat(first), date.fromisoformat(last)
    if not timedelta() <= ended - begun <= timedelta(days=_MOST_DAYS):
        raise ValueError(f"{first} to {last} is no stretch of at most {_MOST_DAYS} days")
    return begun, ended


def _book(workplace: Workplace, connection: sqlite3.Connection, rows: Iterable[EventRow]) -> Book:
    return Book(
        rows,
        zones=locations.zones(connection),
        policy=workplace.policy_in(connection),
        asked=asks.waiting_about(connection),
        now=workplace.clock.now(),
    )


def _asks(connection: sqlite3.Connection) -> tuple[AskLine, ...]:
    found = []
    for row in asks.latest(connection):
        was = attendance.one(connection, row.about) if row.about is not None else None
        found.append(_ask_line(row, was.at if was is not None else None, operations.trouble_of(connection, row.ask_id)))
    return tuple(found)


def _cells(day: TimesheetDay, session: SessionLine) -> tuple[str | int, ...]:
    return (
        day.day,
        as_words(session.location),
        session.start,
        session.end or "",
        f"{session.seconds / 3600:.2f}",
        session.seconds,
        session.break_seconds,
        "yes" if session.needs_end else "",
    )


def _ask_line(row: AskRow, was_at: str | None, trouble: str) -> AskLine:
    """What was asked for, and what became of it; `trouble` is why it was not even taken."""
    view, ask = row.view, row.ask
    known = view or ask
    assert known is not None, "a row of an ask has the one or the other"
    return AskLine(
        ask_id=row.ask_id,
        wants=known.wants,
        state=row.state,
        asked=row.asked,
        reason=known.reason,
        sentence=trouble or _what_became(row),
        kind=known.kind,
        at=known.at,
        was_at=was_at,
        by=view.by if view is not None else "",
        words=view.words if view is not None else "",
    )


def _what_became(row: AskRow) -> str:
    if row.state == "withdrawn" and (row.view is None or row.view.state == "asked"):
        return _WITHDRAWN
    return row.view.sentence if row.view is not None else _WAITS


def _sentences(row: EventRow) -> tuple[Said, ...]:
    """How it came about, then what was odd; before the server has said its word, what this computer knows."""
    view = row.view
    if view is None:
        return tuple(map(said, evidence_sentences(_own_evidence(row.event), _own_grade(row.event))))
    odd = [words for flag, words in zip(view.flags, view.sentences, strict=False) if flag not in SAID_BY_EVIDENCE]
    return tuple(map(said, (*evidence_sentences(view.evidence, view.grade), *map(Sentence, odd))))


def said(sentence: Sentence) -> Said:
    """A sentence as a message; of its values, what is no number or sentence is text."""
    values: list[tuple[str, str | int | Said]] = []
    for name, value in sentence.values.items():
        plain = value if isinstance(value, int) else str(value)
        values.append((name, said(value) if isinstance(value, Sentence) else plain))
    return Said(text=str(sentence), template=sentence.template, values=tuple(values))


def _own_evidence(event: AttendanceEvent) -> EvidenceView:
    given = event.evidence
    network = None if given.network is None else "known" if given.network else "other"
    position = given.position
    return EvidenceView(
        method=given.method,
        code="unchecked" if given.code else None,
        network=network,  # type: ignore[arg-type]
        accuracy_m=round(position.accuracy_m) if position is not None else None,
        source=position.source if position is not None else "",
    )


def _own_grade(event: AttendanceEvent) -> Grade:
    return "confirmed" if event.at.confirmed_utc is not None else "device"
