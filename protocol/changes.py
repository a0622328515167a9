"""The bodies of the change feed's kinds. Each is the whole present truth of its entity, so applying twice is harmless.

`location`, `organization`, `member`, `template`, `report`, `comment`, `attendance`, `attendance_ask` and `schedule`
carry the Structs below; `receipt` and `policy` carry a `protocol.statements.SignedStatement` (entity: the revision id,
the organization id).
"""

from typing import Literal

import msgspec

from protocol.operations import AttendanceKind, EvidenceMethod
from protocol.schedule import Holiday, Shift
from protocol.templates import Template

LOCATION = "location"
ORGANIZATION = "organization"
MEMBER = "member"
TEMPLATE = "template"
REPORT = "report"
COMMENT = "comment"
ATTENDANCE = "attendance"
ATTENDANCE_ASK = "attendance_ask"
SCHEDULE = "schedule"
RECEIPT = "receipt"
POLICY = "policy"

ReviewState = Literal["received", "edited", "returned", "approved", "rejected"]
Decision = Literal["returned", "approved", "rejected"]
Held = Literal["waiting", "accepted", "left_out"]
AskState = Literal["asked", "approved", "refused", "withdrawn"]
CodeVerdict = Literal["unchecked", "right", "wrong", "old", "replayed", "throttled", "none_here"]
Fence = Literal["inside", "outside", "cannot_tell"]


class LocationView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place to check in at; an inactive one stays named in history and is no longer offered.

    `latitude`, `longitude` (degrees WGS 84) and `radius_m` (metres) are all there or none is. `networks` are address
    ranges (CIDR), `gateways` addresses of routers (IP, or the hardware address `aa:bb:cc:dd:ee:ff`) that the place is
    known by; a device compares them with its own, and tells only which of them it found. `code_digits` is how many
    digits the code has that is shown there, 0 where none is.
    """

    location_id: str
    name: str
    zone: str
    address: str = ""
    active: bool = True
    latitude: float | None = None
    longitude: float | None = None
    radius_m: int | None = None
    networks: tuple[str, ...] = ()
    gateways: tuple[str, ...] = ()
    code_digits: int = 0


class OrganizationView(msgspec.Struct, frozen=True, kw_only=True):
    """The organization the member belongs to."""

    organization_id: str
    name: str


class MemberView(msgspec.Struct, frozen=True, kw_only=True):
    """The member this device is signed in as."""

    member_id: str
    name: str
    email: str
    role: Literal["worker", "manager", "admin"]
    active: bool = True


class TemplateView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A checklist in its newest version; an inactive one is kept for reports that were filled with it and is no longer
    offered. Earlier versions are at `GET /v1/templates/{template_id}/versions/{version}`."""

    template: Template
    active: bool = True


class Mark(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A place of a report that a manager wants corrected. `path` names an answer as `rules.templates` does (`valve`,
    `pumps[2].pressure`), a file by its media id (`media:ID`), or `text`; `words` say what is wrong with it."""

    path: str
    words: str = ""


class ReviewView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a manager decided: about one revision, with words for its author; `by` is the manager's name. `marks` are
    the places to correct of a returned one."""

    decision: Decision
    revision_id: str
    by: str
    at: str
    words: str = ""
    marks: tuple[Mark, ...] = ()


class ReportView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The server's word on one of the member's reports.

    `heads` are the revisions nobody has revised; two or more are a conflict for a person to resolve. `missing` names
    the media ids the server does not hold in full yet. `review` is the latest decision; it stands while `state` says
    the same, and was answered by another revision when `state` is edited. `location_id` and `template_id` are those of
    the revision that the title is of.
    """

    instance_id: str
    state: ReviewState
    title: str
    heads: tuple[str, ...]
    received: str
    missing: tuple[str, ...] = ()
    review: ReviewView | None = None
    location_id: str | None = None
    template_id: str | None = None


class CommentView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A comment on one of the member's reports. `by` is its author's name, `own` whether that is the member."""

    comment_id: str
    instance_id: str
    by: str
    text: str
    at: str
    own: bool = False


class EvidenceView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the server makes of an event's evidence; `rules.evidence` says it in sentences. Not given: absent.

    `code`: the location code, judged at the event's corrected time; `unchecked` until it was judged. `network`: whether
    the device found itself in a network that the location is known by; `address`: whether this server saw it come from
    one. `fence`: where the position lies, `accuracy_m` and `source` as the device gave them. `waited_ms`: from the
    event to its arrival; `skew_ms`: the device's clock minus the server's, when both were last compared. `kiosk` is the
    name of the organization's own screen it was entered at.
    """

    method: EvidenceMethod = "hand"
    code: CodeVerdict | None = None
    network: Literal["known", "other"] | None = None
    address: Literal["known", "other"] | None = None
    fence: Fence | None = None
    accuracy_m: int | None = None
    source: str = ""
    waited_ms: int = 0
    skew_ms: int | None = None
    kiosk: str = ""


class AttendanceView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The server's word on one of the member's attendance events.

    `at` is the time the server works with (RFC 3339), `grade` how well it is known. `flags` are stable names
    (`second_check_in`, `no_open_session`…), `sentences` the same for a person, in the same order. `cancelled` is set
    once undone; `superseded_by` once corrected. `needs_end` marks a check-in that a later one left open. `held` is set
    for what came into a day that was closed already: it counts only once it is `accepted`. `by` names the manager who
    entered it, if it was not its member. `needs_a_look` marks one whose evidence does not fit, or cannot tell.
    `missing` names the media ids of it that the server does not hold in full yet. The rest is as it was recorded, for
    devices that did not.
    """

    event_id: str
    kind: AttendanceKind
    at: str
    grade: Literal["server", "confirmed", "device"]
    location_id: str | None = None
    check_in_id: str | None = None
    flags: tuple[str, ...] = ()
    sentences: tuple[str, ...] = ()
    cancelled: bool = False
    superseded_by: str | None = None
    needs_end: bool = False
    held: Held | None = None
    by: str = ""
    supersedes: str | None = None
    note: str = ""
    reason: str = ""
    zone: str = ""
    offset_minutes: int = 0
    completed_later: bool = False
    needs_a_look: bool = False
    missing: tuple[str, ...] = ()
    evidence: EvidenceView = EvidenceView()


class AttendanceAskView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What became of a correction that the member asked for (protocol.operations.AttendanceAsk).

    `sentence` says it for a person; `by`, `decided` and `words` are of the manager who decided. Once approved, the
    `attendance` changes tell what stands. Withdrawn by whoever asked, `decided` is when that came.
    """

    ask_id: str
    wants: Literal["change", "add", "remove"]
    state: AskState
    asked: str
    reason: str
    sentence: str
    supersedes: str | None = None
    kind: AttendanceKind | None = None
    at: str | None = None
    zone: str = "UTC"
    location_id: str | None = None
    note: str | None = None
    check_in_id: str | None = None
    by: str = ""
    decided: str | None = None
    words: str = ""


class ScheduleView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Every shift that the member may be expected for, and the holidays; entity: the member's id. `rules.shifts` makes
    instants of them."""

    shifts: tuple[Shift, ...] = ()
    holidays: tuple[Holiday, ...] = ()
