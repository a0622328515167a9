"""Work sessions: attendance events paired by id, never by date. Whoever pairs, on either end, pairs here."""

from collections.abc import Collection, Iterable

import msgspec

from protocol.operations import AttendanceEvent


class Break(msgspec.Struct, frozen=True):
    """A break within a session; `end` is absent while it lasts."""

    start: AttendanceEvent
    end: AttendanceEvent | None


class WorkSession(msgspec.Struct, frozen=True):
    """A check-in with its check-out. `needs_end`: a later check-in came before any check-out of this one. `check_in_id`
    is the id that the session's other events name: that of the check-in as it was first recorded."""

    check_in_id: str
    check_in: AttendanceEvent
    check_out: AttendanceEvent | None
    breaks: tuple[Break, ...]
    needs_end: bool

    @property
    def on_break(self) -> bool:
        """Whether the last break of an open session has not ended."""
        return self.check_out is None and bool(self.breaks) and self.breaks[-1].end is None


def work_sessions(events: Iterable[AttendanceEvent], cancelled: Collection[str] = ()) -> tuple[WorkSession, ...]:
    """Sessions of one member, oldest check-in first.

    `events` come in the order they were recorded; `cancelled` holds the ids of undone events. A corrected event is
    replaced by the event that supersedes it and keeps its place and its id for pairing.
    """
    standing = [event for event in events if event.event_id not in cancelled]
    corrected = {event.supersedes: event for event in standing if event.supersedes}
    ordered = [event for event in standing if not event.supersedes]
    check_ins = [event for event in ordered if event.kind == "check_in"]
    of_check_in: dict[str | None, list[AttendanceEvent]] = {}
    for event in ordered:
        of_check_in.setdefault(event.check_in_id, []).append(event)
    sessions = []
    for index, check_in in enumerate(check_ins):
        own = of_check_in.get(check_in.event_id, [])
        ends = [event for event in own if event.kind == "check_out"]
        end = ends[0] if ends else None
        sessions.append(
            WorkSession(
                check_in_id=check_in.event_id,
                check_in=_latest(check_in, corrected),
                check_out=_latest(end, corrected) if end else None,
                breaks=_breaks(own, corrected),
                needs_end=end is None and index < len(check_ins) - 1,
            )
        )
    return tuple(sessions)


def open_session(sessions: Iterable[WorkSession]) -> WorkSession | None:
    """The session the member is in now, if any: the last check-in, when nothing ended it."""
    last = None
    for session in sessions:
        last = session
    return last if last is not None and last.check_out is None else None


def _latest(event: AttendanceEvent, corrected: dict[str, AttendanceEvent]) -> AttendanceEvent:
    seen = {event.event_id}
    while event.event_id in corrected and corrected[event.event_id].event_id not in seen:
        event = corrected[event.event_id]
        seen.add(event.event_id)
    return event


def _breaks(own: list[AttendanceEvent], corrected: dict[str, AttendanceEvent]) -> tuple[Break, ...]:
    breaks: list[Break] = []
    for event in own:
        if event.kind == "break_start" and (not breaks or breaks[-1].end is not None):
            breaks.append(Break(_latest(event, corrected), None))
        elif event.kind == "break_end" and breaks and breaks[-1].end is None:
            breaks[-1] = Break(breaks[-1].start, _latest(event, corrected))
    return tuple(breaks)
