"""What commands and queries answer, and the snapshot."""

from typing import Any, Literal

import msgspec

from agent.api.attendance import AttendanceResult, OpenEnd
from agent.api.media import MediaItem
from agent.api.privacy import Collecting, PolicyTextItem, PrivacyResult
from agent.api.words import (
    BannerKind,
    Category,
    CommentState,
    ConsentState,
    CredentialState,
    ItemState,
    LinkState,
    Message,
    NewsKind,
)
from protocol.discovery import ThirdParty
from protocol.templates import Template


class Attached(Message, frozen=True, kw_only=True):
    """A file safe in the spool: `size` in bytes after stripping; `content_type` as sniffed from its bytes.

    `metadata_removed` is False for what is kept as it is: place and camera, if in it, travel with the file.
    `keeps_details`: because the person chose so; its name travels too. `thumbnail` is a path. `original_size` is set
    where the organization's policy made it smaller.
    """

    media_id: str
    name: str
    size: int
    content_type: str
    spool_path: str
    metadata_removed: bool = True
    keeps_details: bool = False
    thumbnail: str | None = None
    original_size: int = 0


class Filed(Message, frozen=True, kw_only=True):
    """A report is on disk. `undo_until` is RFC 3339, where it is held back."""

    instance_id: str
    revision_id: str
    undo_until: str | None = None


class DraftSaved(Message, frozen=True, kw_only=True):
    """What was written is on disk. `saved_at` is RFC 3339."""

    draft_id: str
    saved_at: str


class DraftItem(Message, frozen=True, kw_only=True):
    """One draft in the list; `title` is its first line, `checklist` the name of its checklist, `saved_at` RFC 3339.
    `edits` is the report that it is another version of."""

    draft_id: str
    title: str
    saved_at: str
    checklist: str = ""
    edits: str | None = None


class DraftList(Message, frozen=True, kw_only=True):
    """Drafts of an account."""

    items: tuple[DraftItem, ...]


class Draft(Message, frozen=True, kw_only=True):
    """One draft in full. `location` is the place's name.

    `template` is its checklist in the version it is filled with, `newer` the number of a later version, if there is
    one. `media` has the files that `answers` name too. `places` names the locations among the answers. `edits` is the
    report that it is another version of, `edits_title` what that is called as it stands, and `marks` the places of it
    to correct; files of versions before may have an empty `spool_path`.
    """

    draft_id: str
    text: str
    location_id: str | None = None
    location: str = ""
    place_chosen: bool = False
    media: tuple[Attached, ...] = ()
    saved_at: str
    template: Template | None = None
    answers: dict[str, Any] = msgspec.field(default_factory=dict)
    newer: int | None = None
    places: dict[str, str] = msgspec.field(default_factory=dict)
    edits: str | None = None
    edits_title: str = ""
    marks: tuple["MarkNote", ...] = ()


class KeptDraft(Message, frozen=True, kw_only=True):
    """A draft that was to be sent and stays one; `sentence` says why, a line for each thing that is missing or wrong.
    `title` is its first line, else the name of its checklist."""

    draft_id: str
    title: str
    sentence: str


class DraftsSent(Message, frozen=True, kw_only=True):
    """What was sent, and what is still a draft."""

    filed: tuple[Filed, ...]
    kept: tuple[KeptDraft, ...] = ()


class Exported(Message, frozen=True, kw_only=True):
    """What was written: `path`, `items` reports and events, `files` copied, `missing` that are not here any more."""

    path: str
    items: int
    files: int = 0
    missing: int = 0


class Commented(Message, frozen=True, kw_only=True):
    """A comment is on disk."""

    comment_id: str


class Recorded(Message, frozen=True, kw_only=True):
    """An attendance event is on disk. `undo_until` is RFC 3339."""

    event_id: str
    undo_until: str


class Synced(Message, frozen=True, kw_only=True):
    """`waiting`: items not yet received; `needs_you`: items the server refused; `online`: whether it answered."""

    waiting: int
    needs_you: int
    online: bool


class SignedIn(Message, frozen=True, kw_only=True):
    """`account` names it in every other message."""

    account: str
    name: str
    organization: str


class MarkNote(Message, frozen=True, kw_only=True):
    """A place of a report to correct, as in protocol.changes.Mark; `words` may be empty."""

    path: str
    words: str


class ReviewNote(Message, frozen=True, kw_only=True):
    """What a manager (`by`) decided about a report, the words for its author, and the places to correct. `at` is
    RFC 3339."""

    decision: Literal["returned", "approved", "rejected"]
    by: str
    at: str
    words: str = ""
    marks: tuple[MarkNote, ...] = ()


class ActivityItem(Message, frozen=True, kw_only=True):
    """One line of Activity. `at` is RFC 3339. `progress` is 0…1 while sending. `sentence` says what is wrong and next.

    `key` is the keyset position; `item_id` is the instance or event id. `review` is set while a manager's decision
    stands; `conflict` when versions written in two places stand side by side; `corrected` when another event of
    attendance stands instead of it. `checklist` is the name of the one that
    it was filled with.
    """

    key: str
    item_id: str
    kind: Literal["report", "check_in", "check_out", "break_start", "break_end"]
    title: str
    location: str = ""
    at: str
    state: ItemState
    received: str | None = None
    progress: float | None = None
    sentence: str = ""
    media_count: int = 0
    receipt: bool = False
    cancelled: bool = False
    corrected: bool = False
    can_undo_until: str | None = None
    review: ReviewNote | None = None
    conflict: bool = False
    template_id: str | None = None
    checklist: str = ""


class ActivityPage(Message, frozen=True, kw_only=True):
    """`next` is None at the end."""

    items: tuple[ActivityItem, ...]
    next: str | None = None


class CommentItem(Message, frozen=True, kw_only=True):
    """One comment on a report, `own` when this member wrote it. `at` is RFC 3339."""

    comment_id: str
    by: str
    own: bool
    text: str
    at: str
    state: CommentState


class VersionItem(Message, frozen=True, kw_only=True):
    """One of the versions that stand side by side. `known`: its text is on this computer; `here`: it was written here.
    `answers` are (question, answer) in words, `files` names, `at` RFC 3339."""

    revision_id: str
    known: bool = False
    here: bool = False
    title: str = ""
    text: str = ""
    location: str = ""
    at: str = ""
    answers: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()


class ReportDetail(Message, frozen=True, kw_only=True):
    """One report in full; `receipt` is the signed statement as JSON text once it has come and verified.

    `can_correct`: something is asked of the person that another version answers, and the text that stands is here.
    `template` is the checklist in the version it was filled with; `places` names the locations among the answers.
    `refused`: the server never kept it, so that ReopenReport can make it a draft; `refused_path` is the answer it
    named, as `rules.templates` names places, or `text`, or `media:ID`. `versions` are those that stand side by side,
    where there is a conflict. `text_here`: what stands was written here or was fetched; FetchReport asks for it.
    `can_edit`: another version is offered, until `edit_until` (RFC 3339) or because something is asked; `draft_id` is
    the draft of one that was begun, `comment_draft` what was written of a comment and not sent.
    """

    item: ActivityItem
    text: str
    media: tuple[MediaItem, ...]
    receipt: str | None = None
    comments: tuple[CommentItem, ...] = ()
    can_correct: bool = False
    template: Template | None = None
    answers: dict[str, Any] = msgspec.field(default_factory=dict)
    places: dict[str, str] = msgspec.field(default_factory=dict)
    refused: bool = False
    refused_path: str = ""
    versions: tuple[VersionItem, ...] = ()
    text_here: bool = True
    can_edit: bool = False
    edit_until: str = ""
    draft_id: str | None = None
    comment_draft: str = ""


class NewsItem(Message, frozen=True, kw_only=True):
    """Something that others did about a report, or a reminder, that the person was not told of yet. `instance_id` is
    empty for what is about no report; `words` then say the rest: the name of a shift or a place."""

    kind: NewsKind
    instance_id: str
    words: str = ""


class News(Message, frozen=True, kw_only=True):
    """Oldest first."""

    items: tuple[NewsItem, ...]


class LocationItem(Message, frozen=True, kw_only=True):
    """A place to choose."""

    location_id: str
    name: str
    address: str = ""
    code_digits: int = 0
    favourite: bool = False
    known_network: bool = False
    """Whether this computer is in a network that the place is known by; looked for only where the person allowed it."""


class LocationList(Message, frozen=True, kw_only=True):
    """`total` counts all that match, also past the limit."""

    items: tuple[LocationItem, ...]
    total: int


class TemplateItem(Message, frozen=True, kw_only=True):
    """A checklist to choose, in its newest version."""

    template_id: str
    version: int
    title: str
    description: str = ""


class TemplateList(Message, frozen=True, kw_only=True):
    """`total` counts all that match, also past the limit."""

    items: tuple[TemplateItem, ...]
    total: int


class OpenedTemplate(Message, frozen=True, kw_only=True):
    """A checklist in one version. `newest` is the number of its newest, `active` whether that is offered; `answers` are
    what a new report begins with, and `places` names the locations among them."""

    template: Template
    newest: int
    active: bool
    answers: dict[str, Any] = msgspec.field(default_factory=dict)
    places: dict[str, str] = msgspec.field(default_factory=dict)


class CategoryView(Message, frozen=True, kw_only=True):
    """One category: the person's choice, what is in effect and, where they differ, why."""

    category: Category
    state: ConsentState
    effective: bool
    reason: str = ""
    purpose: str
    events: tuple[str, ...]
    queued: int
    sent: int
    last_sent: str | None = None


class ConnectionView(Message, frozen=True, kw_only=True):
    """One row of the egress table: what may leave, where to and why, and what did since the app was installed.
    `passed_on`: of the row third_party whom the server passes it on to, None where it did not tell yet and for the
    other rows."""

    name: str
    host: str
    purpose: str
    fields: str
    requests: int
    bytes_sent: int
    last: str | None = None
    passed_on: tuple[ThirdParty, ...] | None = None


class PrivacyView(Message, frozen=True, kw_only=True):
    """What the Privacy page shows."""

    categories: tuple[CategoryView, ...]
    connections: tuple[ConnectionView, ...]
    counts: dict[str, int]


class SettingsView(Message, frozen=True, kw_only=True):
    """What the Settings page shows of one account: which kinds of news are told by a hint, and what the organization
    set. `network_evidence`: a check-in may say which of the place's known networks this computer is in.
    `photo_max_edge` in pixels, 0 for photos as they are; `max_media_bytes` of one file; `edit_hours` after a report
    was written; `keep_days` after the receipt that its pictures stay on this computer."""

    told: dict[NewsKind, bool]
    network_evidence: bool = False
    photo_max_edge: int
    max_media_bytes: int
    edit_hours: int
    keep_days: int


class AccountView(Message, frozen=True, kw_only=True):
    """One account of this app; `account` is `server_id/member_id`."""

    account: str
    name: str
    email: str
    organization: str
    server_url: str
    signed_in: bool
    credentials: CredentialState


class OpenSession(Message, frozen=True, kw_only=True):
    """The session the person is in. `since` is RFC 3339. `photo_wanted` is the check-in that the organization asks a
    photo of and that has none, while one can still be added."""

    check_in_id: str
    location_id: str | None
    location: str
    since: str
    on_break: bool
    undo_event: str | None = None
    undo_until: str | None = None
    photo_wanted: str | None = None


class Banner(Message, frozen=True, kw_only=True):
    """The one thing that matters most now: a sentence and its next step. `policy` is the version that policy_changed
    is about."""

    kind: BannerKind
    sentence: str
    policy: PolicyTextItem | None = None


class Snapshot(Message, frozen=True, kw_only=True):
    """Small and complete: what the tray and the top of the window show. `revision` grows with every change.

    `news`: ListNews has something that was not told. `privacy_card`: a receipt has come, and the card that leads to the
    Privacy page was never answered. `open_end`: a session that needs its person's word. `last_code_digits`: how many
    digits the code has that is shown at the last location, 0 for none. `note_required`, `photo_required`: the
    organization asks for one with a check-in. `network_evidence`,
    `position_evidence`: the person allowed it. `collecting`: how far CollectMyData is, while it runs.
    """

    revision: int = 0
    accounts: tuple[AccountView, ...] = ()
    current: str | None = None
    link: LinkState = "unknown"
    session: OpenSession | None = None
    last_location_id: str | None = None
    last_location: str = ""
    last_code_digits: int = 0
    note_required: bool = False
    photo_required: bool = False
    position_evidence: bool = False
    network_evidence: bool = False
    open_end: OpenEnd | None = None
    waiting: int = 0
    sending: int = 0
    needs_you: int = 0
    paused: bool = False
    signing_in: bool = False
    banner: Banner | None = None
    privacy_card: bool = False
    news: bool = False
    keeps_details: bool = False
    collecting: Collecting | None = None
    sent_reports_today: int = 0
    sent_attendance_today: int = 0
    sent_log_records_today: int = 0


DraftResult = DraftSaved | DraftList | Draft | DraftsSent
Result = (
    Attached
    | Filed
    | Commented
    | DraftResult
    | Exported
    | Recorded
    | Synced
    | SignedIn
    | ActivityPage
    | ReportDetail
    | LocationList
    | News
    | TemplateList
    | OpenedTemplate
    | AttendanceResult
    | PrivacyView
    | PrivacyResult
    | Snapshot
    | None
)
