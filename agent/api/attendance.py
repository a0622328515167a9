"""Attendance beyond the press of a button: ends that are given later, corrections, timesheets, reminders.

Times are RFC 3339, days YYYY-MM-DD, hours whole seconds.
"""

from typing import Literal

from agent.api.media import MediaItem
from agent.api.words import Message, ProposedEndKind, Said
from protocol.changes import AskState, Held

Wants = Literal["change", "add", "remove"]
AttendanceKind = Literal["check_in", "check_out", "break_start", "break_end"]
MOST_PHOTOS = 3
"""Of one event; the server takes no more."""


# -- commands


class FinishSession(Message, frozen=True, kw_only=True):
    """Give a session that was left open its end, afterwards and with a reason; result Recorded. The event says that it
    was completed later."""

    account: str
    check_in_id: str
    at: str
    reason: str


class PostponeEnd(Message, frozen=True, kw_only=True):
    """*Later*: the open end is not asked for again for four hours; result None."""

    account: str


class CorrectAttendance(Message, frozen=True, kw_only=True):
    """Let something else stand; result Corrected.

    `change` and `remove` name `event_id`, `add` the `kind` and, but for a check-in, the `check_in_id` of its session.
    `at` is the time that should stand; `location_id` and `note` the place, both None where it stays as it was. What the
    policy leaves to the person is changed at once, the rest is asked of a manager.
    """

    account: str
    wants: Wants
    reason: str
    event_id: str | None = None
    kind: AttendanceKind | None = None
    at: str | None = None
    location_id: str | None = None
    note: str | None = None
    check_in_id: str | None = None


class WithdrawAsk(Message, frozen=True, kw_only=True):
    """A correction that was asked for and not decided is not wanted any more; it stays visible. Result None."""

    account: str
    ask_id: str


class AddPhotos(Message, frozen=True, kw_only=True):
    """Add photos to a check-in that was recorded without: a correction that says so; result Recorded. `media` are ids
    from Attached, MOST_PHOTOS at most."""

    account: str
    event_id: str
    media: tuple[str, ...]


class SetFavourite(Message, frozen=True, kw_only=True):
    """Whether a place is listed first; result None."""

    account: str
    location_id: str
    favourite: bool


class SetNetworkEvidence(Message, frozen=True, kw_only=True):
    """Whether a check-in may say which of the place's known networks this computer is in; result None."""

    account: str
    allowed: bool


class ExportTimesheet(Message, frozen=True, kw_only=True):
    """Write the hours of these days (both included) as CSV or JSON, by the ending of `path`; result Exported."""

    account: str
    first: str
    last: str
    path: str


# -- queries


class ShowTimesheet(Message, frozen=True, kw_only=True):
    """Result Timesheet, of these days, both included."""

    account: str
    first: str
    last: str


class ShowAttendance(Message, frozen=True, kw_only=True):
    """Result AttendanceDetail: one event in full."""

    account: str
    event_id: str


# -- results


class ProposedEnd(Message, frozen=True, kw_only=True):
    """An end to take over, and where it comes from."""

    kind: ProposedEndKind
    at: str


class OpenEnd(Message, frozen=True, kw_only=True):
    """A session that needs its person's word. `proposals` come likeliest first; `shift` is the name of what they came
    for; an end lies after `earliest` and not after `latest`."""

    check_in_id: str
    location: str
    since: str
    earliest: str
    latest: str
    shift: str = ""
    proposals: tuple[ProposedEnd, ...] = ()


class Corrected(Message, frozen=True, kw_only=True):
    """On disk. `asked`: a manager decides; else it stands already. `item_id` is the id of the ask or the event."""

    item_id: str
    asked: bool


class EventLine(Message, frozen=True, kw_only=True):
    """One event of a session as it stands. `evidence` are sentences: how it came about and what was odd. `may_correct`:
    the person may still change it without asking. `asked` is set while a correction of it waits."""

    event_id: str
    kind: AttendanceKind
    at: str
    location: str = ""
    location_id: str | None = None
    note: str = ""
    reason: str = ""
    by: str = ""
    completed_later: bool = False
    corrected: bool = False
    cancelled: bool = False
    held: Held | None = None
    needs_a_look: bool = False
    evidence: tuple[Said, ...] = ()
    may_correct: bool = False
    asked: bool = False


class SessionLine(Message, frozen=True, kw_only=True):
    """One session: `seconds` that count, without breaks; `end` is None while it lasts or where it needs one. Of one
    that lasts `seconds` is 0, `break_seconds` are of the breaks that have ended, and `resting_since` begins the one
    that has not."""

    check_in_id: str
    location: str
    start: str
    end: str | None
    seconds: int
    break_seconds: int = 0
    resting_since: str | None = None
    needs_end: bool = False
    events: tuple[EventLine, ...] = ()


class TimesheetDay(Message, frozen=True, kw_only=True):
    """One report day with its sessions, those that began on it."""

    day: str
    seconds: int
    sessions: tuple[SessionLine, ...] = ()


class PlaceHours(Message, frozen=True, kw_only=True):
    """Hours at one place; an empty name is elsewhere."""

    location: str
    seconds: int


class AskLine(Message, frozen=True, kw_only=True):
    """A correction that was asked for, newest first: `sentence` says what became of it, `words` are the manager's."""

    ask_id: str
    wants: Wants
    state: AskState
    asked: str
    reason: str
    sentence: str
    kind: AttendanceKind | None = None
    at: str | None = None
    was_at: str | None = None
    by: str = ""
    words: str = ""


class Timesheet(Message, frozen=True, kw_only=True):
    """The person's hours by day and place. `earlier`: there is something before the first day."""

    first: str
    last: str
    seconds: int
    days: tuple[TimesheetDay, ...]
    places: tuple[PlaceHours, ...]
    asks: tuple[AskLine, ...] = ()
    earlier: bool = False


class AttendanceDetail(Message, frozen=True, kw_only=True):
    """One event, and the session it belongs to, if it does. `media` are its files, where it was recorded here."""

    event: EventLine
    session: SessionLine | None = None
    media: tuple[MediaItem, ...] = ()


AttendanceCommand = (
    FinishSession
    | PostponeEnd
    | CorrectAttendance
    | WithdrawAsk
    | AddPhotos
    | SetFavourite
    | SetNetworkEvidence
    | ExportTimesheet
)
AttendanceQuery = ShowTimesheet | ShowAttendance
AttendanceResult = Corrected | Timesheet | AttendanceDetail
