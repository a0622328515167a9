"""The bodies of operations: what a worker's device asks the organization to keep.

An operation's body is encoded once, stored, and sent as the same bytes each time; receipts are over those bytes.
"""

from typing import Literal

import msgspec

from protocol.moment import Moment

REPORT_REVISE = "report.revise"
REPORT_COMMENT = "report.comment"
ATTENDANCE_RECORD = "attendance.record"
ATTENDANCE_CANCEL = "attendance.cancel"
ATTENDANCE_ASK = "attendance.ask"
ATTENDANCE_WITHDRAW = "attendance.withdraw"

AttendanceKind = Literal["check_in", "check_out", "break_start", "break_end"]
EvidenceMethod = Literal["hand", "code", "network", "position", "kiosk"]


class ManifestEntry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One media file of a report: `size` in bytes, `sha256` in lower-case hex, both of the bytes that travel."""

    media_id: str
    name: str
    content_type: str
    size: int
    sha256: str


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """One answer to a field of a template; `value` is JSON of the field's kind (protocol.templates.Field), checked by
    `rules.templates` against the version that the revision names."""

    field: str
    value: msgspec.Raw


class ReportRevision(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of `report.revise`; the operation's entity is `instance_id`.

    `parents` is empty for the first revision, one id for an edit, two for a person's resolution of a conflict. `title`
    is the first line of what was written, `text` the rest. `check_in_id` is the open work session when it was written.
    """

    instance_id: str
    revision_id: str
    parents: tuple[str, ...] = ()
    title: str
    text: str = ""
    location_id: str | None = None
    check_in_id: str | None = None
    template_id: str | None = None
    template_version: int | None = None
    answers: tuple[Answer, ...] = ()
    media: tuple[ManifestEntry, ...] = ()
    written: Moment


class ReportComment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of `report.comment`; the operation's entity is `comment_id`. `written` is absent for one from a browser,
    which counts as written when it arrives."""

    comment_id: str
    instance_id: str
    text: str
    written: Moment | None = None


class Position(msgspec.Struct, frozen=True, kw_only=True):
    """Where a device believed it was: degrees WGS 84, `accuracy_m` metres (radius), `source` e.g. gps, network."""

    latitude: float
    longitude: float
    accuracy_m: float
    source: str


class Evidence(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What supports an attendance event; all of it was shown to the person before it was captured.

    `method` is how the location was chosen. `code` is a location code as typed, judged by the server only. `network`
    (only with the person's grant) is the range or the gateway of `protocol.changes.LocationView` that the device found
    itself in, as it stands there; empty when it looked and found none of the location's.
    """

    method: EvidenceMethod = "hand"
    code: str | None = None
    network: str | None = None
    position: Position | None = None


class AttendanceEvent(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of `attendance.record`; the operation's entity is `event_id`.

    `location_id` is absent for *elsewhere* (then `note` says where). `check_in_id` names the check-in that a check-out,
    a break start or a break end belongs to; pairing is by this id, never by date. `supersedes` names the event that
    this one corrects, with a `reason`. `completed_later` marks an end that was given after the fact. `media` are
    pictures of it, at most three, uploaded like those of a report; its receipt names the event as instance and as
    revision.
    """

    event_id: str
    kind: AttendanceKind
    location_id: str | None = None
    note: str = ""
    check_in_id: str | None = None
    supersedes: str | None = None
    reason: str = ""
    completed_later: bool = False
    evidence: Evidence = Evidence()
    media: tuple[ManifestEntry, ...] = ()
    at: Moment


class AttendanceCancellation(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of `attendance.cancel` (*Undo*); the operation's entity is `event_id`, its own id; `cancels` is undone."""

    event_id: str
    cancels: str
    reason: str = ""
    at: Moment


class AttendanceAsk(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of `attendance.ask`; the operation's entity is `ask_id`. A worker asks a manager to let something
    else stand.

    `wants`: `change` what `supersedes` names, `add` a missing event, or `remove` what `supersedes` names. `at` is the
    time that should stand (RFC 3339; absent in a change of the place alone), `zone` the zone its author read it in.
    `location_id` and `note` are the place that should stand, both absent where it stays as it was. Of an `add`, `kind`
    and, but for a check-in, `check_in_id` are needed. When it is approved, the event that is kept for it bears the id
    `ask_id`: so an asked check-out can name an asked check-in. `reason` is why, and is needed.
    """

    ask_id: str
    wants: Literal["change", "add", "remove"]
    supersedes: str | None = None
    kind: AttendanceKind | None = None
    at: str | None = None
    zone: str = "UTC"
    location_id: str | None = None
    note: str | None = None
    check_in_id: str | None = None
    reason: str
    asked: Moment


class AttendanceWithdrawal(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Body of `attendance.withdraw`; the operation's entity is `ask_id`. Whoever asked does not want it any more: it
    stays visible, and with the ask of a missing check-in go those of what belongs to it. Of one that was decided
    already nothing changes."""

    ask_id: str
    at: Moment
