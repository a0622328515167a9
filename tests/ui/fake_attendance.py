"""What the fake agent does about attendance: sessions, places, ends given later, corrections and timesheets."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from agent import api
from tests.ui.fake_connections import rfc3339


class Attending:
    """A part of FakeAgent, which has what is named here."""

    locations: list[api.LocationItem]
    items: dict[str, list[api.ActivityItem]]
    days: tuple[api.TimesheetDay, ...] = ()
    """What ShowTimesheet answers from."""
    asks: tuple[api.AskLine, ...] = ()
    asks_first = True
    """Whether a manager decides about corrections."""
    exported: Path | None = None
    _snapshot: api.Snapshot
    _numbers: Iterator[int]
    change: Any
    tell: Any
    put: Any
    deliver: Any
    settings: api.SettingsView
    _recount: Any
    _place: Any

    def _do_RecordAttendance(self, command: api.RecordAttendance, _: object) -> api.Recorded:
        number = next(self._numbers)
        now = datetime.now(UTC)
        until = rfc3339(now + timedelta(seconds=60))
        session = self._snapshot.session
        place = session.location if session and command.kind != "check_in" else self._place(command.location_id)
        event = f"event-{number}"
        self.put(
            command.account,
            api.ActivityItem(
                key=f"{rfc3339(now)}|{number:06d}",
                item_id=event,
                kind=command.kind,
                title="",
                location=place or command.note,
                at=rfc3339(now),
                state="saved",
                can_undo_until=until,
                media_count=len(command.media),
            ),
        )
        if command.kind == "check_in":
            session = api.OpenSession(
                check_in_id=event,
                location_id=command.location_id,
                location=place or command.note,
                since=rfc3339(now),
                on_break=False,
                undo_event=event,
                undo_until=until,
                photo_wanted=event if self._snapshot.photo_required and not command.media else None,
            )
        elif command.kind == "check_out":
            session = None
        elif session is not None:
            session = msgspec.structs.replace(session, on_break=command.kind == "break_start")
        last = (
            {
                "last_location_id": command.location_id,
                "last_location": place,
                "last_code_digits": self._digits(command.location_id),
            }
            if command.kind == "check_in" and command.location_id
            else {}
        )
        self._snapshot = msgspec.structs.replace(self._snapshot, session=session, **last)
        self._recount(command.account)
        return api.Recorded(event_id=event, undo_until=until)

    def _do_AddPhotos(self, command: api.AddPhotos, _: object) -> api.Recorded:
        session = self._snapshot.session
        if session is not None:
            self._snapshot = msgspec.structs.replace(
                self._snapshot, session=msgspec.structs.replace(session, photo_wanted=None)
            )
        self._recount(command.account)
        return api.Recorded(
            event_id=f"event-{next(self._numbers)}", undo_until=rfc3339(datetime.now(UTC) + timedelta(seconds=60))
        )

    def _digits(self, location_id: str) -> int:
        return next((one.code_digits for one in self.locations if one.location_id == location_id), 0)

    def _do_UndoAttendance(self, command: api.UndoAttendance, _: object) -> None:
        session = self._snapshot.session
        if session is not None and session.check_in_id == command.event_id:
            self._snapshot = msgspec.structs.replace(self._snapshot, session=None)
        self.deliver(command.event_id, cancelled=True, can_undo_until=None)

    def _do_ListLocations(self, query: api.ListLocations, _: object) -> api.LocationList:
        found = [
            place
            for place in self.locations
            if query.search.lower() in place.name.lower() and query.location_id in (None, place.location_id)
        ]
        found.sort(key=lambda place: not place.favourite)
        return api.LocationList(items=tuple(found[: query.limit]), total=len(found))

    def _do_SetFavourite(self, command: api.SetFavourite, _: object) -> None:
        self.locations = [
            msgspec.structs.replace(one, favourite=command.favourite) if one.location_id == command.location_id else one
            for one in self.locations
        ]
        self.tell("locations")

    def _do_SetNetworkEvidence(self, command: api.SetNetworkEvidence, _: object) -> None:
        self.settings = msgspec.structs.replace(self.settings, network_evidence=command.allowed)
        self.change("snapshot", "settings", network_evidence=command.allowed)

    def _do_FinishSession(self, command: api.FinishSession, _: object) -> api.Recorded:
        session = self._snapshot.session
        if session is not None and session.check_in_id == command.check_in_id:
            session = None
        self.change("snapshot", "activity", open_end=None, session=session)
        return api.Recorded(event_id=f"event-{next(self._numbers)}", undo_until=rfc3339(datetime.now(UTC)))

    def _do_PostponeEnd(self, _command: api.PostponeEnd, _: object) -> None:
        self.change(open_end=None)

    def _do_CorrectAttendance(self, command: api.CorrectAttendance, _: object) -> api.Corrected:
        number = next(self._numbers)
        if self.asks_first:
            ask = api.AskLine(
                ask_id=f"ask-{number}",
                wants=command.wants,
                state="asked",
                asked=rfc3339(datetime.now(UTC)),
                reason=command.reason,
                sentence="Your manager decides about it.",
                kind=command.kind,
                at=command.at,
            )
            self.asks = (ask, *self.asks)
        self.tell("activity")
        return api.Corrected(item_id=f"ask-{number}", asked=self.asks_first)

    def _do_WithdrawAsk(self, command: api.WithdrawAsk, _: object) -> None:
        self.asks = tuple(
            msgspec.structs.replace(one, state="withdrawn") if one.ask_id == command.ask_id else one
            for one in self.asks
        )
        self.tell("activity")

    def _do_ExportTimesheet(self, command: api.ExportTimesheet, _: object) -> api.Exported:
        self.exported = Path(command.path)
        events = sum(len(session.events) for day in self._days_of(command) for session in day.sessions)
        return api.Exported(path=command.path, items=events)

    def _days_of(self, query: api.ShowTimesheet | api.ExportTimesheet) -> tuple[api.TimesheetDay, ...]:
        return tuple(day for day in self.days if query.first <= day.day <= query.last)

    def _do_ShowTimesheet(self, query: api.ShowTimesheet, _: object) -> api.Timesheet:
        days = self._days_of(query)
        places: dict[str, int] = {}
        for day in days:
            for session in day.sessions:
                places[session.location] = places.get(session.location, 0) + session.seconds
        return api.Timesheet(
            first=query.first,
            last=query.last,
            seconds=sum(day.seconds for day in days),
            days=days,
            places=tuple(api.PlaceHours(location=name, seconds=seconds) for name, seconds in places.items()),
            asks=self.asks,
            earlier=any(day.day < query.first for day in self.days),
        )

    def _do_ShowAttendance(self, query: api.ShowAttendance, _: object) -> api.AttendanceDetail:
        for day in self.days:
            for session in day.sessions:
                for event in session.events:
                    if event.event_id == query.event_id:
                        return api.AttendanceDetail(event=event, session=session)
        raise api.AgentError("not_found", "This event is no longer on this computer.")
