"""The agent as the interface sees it: commands, queries, a snapshot, events, and one Protocol that takes them.

Shaped like a process boundary: every message is a frozen Struct that could cross a socket (and does, for the command
line), no shared mutable objects. Importing this is cheap: types only.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Literal, Protocol

import msgspec

from agent.errors import AgentError as AgentError  # noqa: PLC0414 - part of these messages
from agent.errors import ErrorKind as ErrorKind  # noqa: PLC0414

ItemState = Literal[
    "saved", "waiting", "sending", "received", "edited", "returned", "approved", "rejected", "needs_you"
]
CommentState = Literal["saved", "waiting", "sent", "needs_you"]
LinkState = Literal["unknown", "online", "offline", "server_trouble", "sign_in_needed", "untrusted", "signed_out"]
CredentialState = Literal["none", "keyring", "memory", "file", "locked", "unavailable", "checking"]
BannerKind = Literal[
    "cannot_store", "store_set_aside", "newer_store", "sign_in", "keyring", "disk_low", "untrusted", "update_needed"
]
Category = Literal["diagnostics", "usage", "third_party"]
ConsentState = Literal["unknown", "granted", "denied"]


class Message(msgspec.Struct, frozen=True, kw_only=True, tag=True):
    """What every command and query is."""


# -- commands ----------------------------------------------------------------------------------------------------


class Attach(Message, frozen=True, kw_only=True):
    """Copy a file into the spool, stripped and hashed; result Attached. Exactly one of `path` and `data` is given."""

    account: str
    path: str | None = None
    data: bytes | None = None
    name: str = ""


class Detach(Message, frozen=True, kw_only=True):
    """Forget a file that was attached and not sent; result None."""

    account: str
    media_id: str


class FileReport(Message, frozen=True, kw_only=True):
    """Keep and send a report; result Filed, after the commit. `media` are ids from Attached.

    `title` empty means: the first line of `text`. `instance_id` is minted by the agent unless given.
    """

    account: str
    text: str
    title: str = ""
    location_id: str | None = None
    media: tuple[str, ...] = ()
    instance_id: str | None = None


class EditReport(Message, frozen=True, kw_only=True):
    """Keep and send another version of a report that was written here; result Filed, after the commit.

    Files, place and session stay as they are; `title` and `text` as in FileReport. Where versions stand side by side,
    this one follows them all, which settles it.
    """

    account: str
    instance_id: str
    text: str
    title: str = ""


class AddComment(Message, frozen=True, kw_only=True):
    """Keep and send a comment on a report; result Commented, after the commit."""

    account: str
    instance_id: str
    text: str


class RecordAttendance(Message, frozen=True, kw_only=True):
    """Check in or out, start or end a break; result Recorded, after the commit.

    For all but a check-in the open session is meant. `location_id` None at a check-in is *elsewhere*; `note` says so.
    """

    account: str
    kind: Literal["check_in", "check_out", "break_start", "break_end"]
    location_id: str | None = None
    note: str = ""


class UndoAttendance(Message, frozen=True, kw_only=True):
    """Cancel an event within 60 seconds of recording it; result None."""

    account: str
    event_id: str


class Retry(Message, frozen=True, kw_only=True):
    """Send an item that needs attention again (None: everything that waits, at once); result None."""

    account: str
    item_id: str | None = None


class SyncNow(Message, frozen=True, kw_only=True):
    """Ask the server now; result Synced once the outbox is empty, stuck or `wait_seconds` have passed."""

    account: str
    wait_seconds: float = 0.0


class PauseSending(Message, frozen=True, kw_only=True):
    """Hold (or stop holding) everything that waits; result None."""

    paused: bool


class SignIn(Message, frozen=True, kw_only=True):
    """Sign in by the system browser, or by `enrolment_code`; result SignedIn. Browser sign-in takes up to 5 minutes.

    `credentials` says where the refresh token is kept: the OS keyring, or an explicit file for headless use.
    """

    server_url: str
    enrolment_code: str | None = None
    credentials: Literal["keyring", "file"] = "keyring"


class CancelSignIn(Message, frozen=True, kw_only=True):
    """Stop waiting for the browser; result None."""


class SignOut(Message, frozen=True, kw_only=True):
    """Revoke and forget the refresh token; what waits stays saved. Result None."""

    account: str


class SelectAccount(Message, frozen=True, kw_only=True):
    """Show another account; result None."""

    account: str


class SetConsent(Message, frozen=True, kw_only=True):
    """The person's choice for one category; committed, and a withdrawal's barrier passed, before the result."""

    account: str
    category: Category
    state: Literal["granted", "denied"]


class DismissPrivacyCard(Message, frozen=True, kw_only=True):
    """The card that leads to the Privacy page was answered, either way; it does not come again. Result None."""

    account: str


class RecordEvent(Message, frozen=True, kw_only=True):
    """Offer one event of the catalog to log data; kept only under a grant. Result None."""

    account: str
    name: str
    fields: dict[str, str | int | bool] = {}


Command = (
    Attach
    | Detach
    | FileReport
    | EditReport
    | AddComment
    | RecordAttendance
    | UndoAttendance
    | Retry
    | SyncNow
    | PauseSending
    | SignIn
    | CancelSignIn
    | SignOut
    | SelectAccount
    | SetConsent
    | DismissPrivacyCard
    | RecordEvent
)

# -- queries -----------------------------------------------------------------------------------------------------


class ListActivity(Message, frozen=True, kw_only=True):
    """Result ActivityPage: newest first, `after` is the last page's `next`; `search` matches title, text and place."""

    account: str
    after: str | None = None
    limit: int = 50
    search: str = ""
    needs_you: bool = False


class ShowReport(Message, frozen=True, kw_only=True):
    """Result ReportDetail."""

    account: str
    instance_id: str


class ListLocations(Message, frozen=True, kw_only=True):
    """Result LocationList: recent ones first, then by name."""

    account: str
    search: str = ""
    limit: int = 50


class ShowPrivacy(Message, frozen=True, kw_only=True):
    """Result PrivacyView."""

    account: str


class ShowStatus(Message, frozen=True, kw_only=True):
    """Result Snapshot, for the command line."""


Query = ListActivity | ShowReport | ListLocations | ShowPrivacy | ShowStatus

# -- results -----------------------------------------------------------------------------------------------------


class Attached(Message, frozen=True, kw_only=True):
    """A file safe in the spool: `size` in bytes after stripping; `content_type` as sniffed from its bytes.

    `metadata_removed` is False for kinds that are kept as they are: place and camera, if in it, travel with the file.
    """

    media_id: str
    name: str
    size: int
    content_type: str
    spool_path: str
    metadata_removed: bool = True


class Filed(Message, frozen=True, kw_only=True):
    """A report is on disk."""

    instance_id: str
    revision_id: str


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


class ReviewNote(Message, frozen=True, kw_only=True):
    """What a manager (`by`) decided about a report, and the words for its author. `at` is RFC 3339."""

    decision: Literal["returned", "approved", "rejected"]
    by: str
    at: str
    words: str = ""


class ActivityItem(Message, frozen=True, kw_only=True):
    """One line of Activity. `at` is RFC 3339. `progress` is 0…1 while sending. `sentence` says what is wrong and next.

    `key` is the keyset position; `item_id` is the instance or event id. `review` is set while a manager's decision
    stands; `conflict` when versions written in two places stand side by side.
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
    can_undo_until: str | None = None
    review: ReviewNote | None = None
    conflict: bool = False


class ActivityPage(Message, frozen=True, kw_only=True):
    """`next` is None at the end."""

    items: tuple[ActivityItem, ...]
    next: str | None = None


class MediaItem(Message, frozen=True, kw_only=True):
    """One file of a report; `path` is set while the spooled original is still here."""

    media_id: str
    name: str
    content_type: str
    size: int
    sha256: str
    sent_bytes: int
    path: str | None = None


class CommentItem(Message, frozen=True, kw_only=True):
    """One comment on a report, `own` when this member wrote it. `at` is RFC 3339."""

    comment_id: str
    by: str
    own: bool
    text: str
    at: str
    state: CommentState


class ReportDetail(Message, frozen=True, kw_only=True):
    """One report in full; `receipt` is the signed statement as JSON text once it has come and verified.

    `can_correct`: something is asked of the person that another version answers, and the text that stands is here.
    """

    item: ActivityItem
    text: str
    media: tuple[MediaItem, ...]
    receipt: str | None = None
    comments: tuple[CommentItem, ...] = ()
    can_correct: bool = False


class LocationItem(Message, frozen=True, kw_only=True):
    """A place to choose."""

    location_id: str
    name: str
    address: str = ""


class LocationList(Message, frozen=True, kw_only=True):
    """`total` counts all that match, also past the limit."""

    items: tuple[LocationItem, ...]
    total: int


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
    """One row of the egress table: what may leave, where to and why, and what did since the app was installed."""

    name: str
    host: str
    purpose: str
    fields: str
    requests: int
    bytes_sent: int
    last: str | None = None


class PrivacyView(Message, frozen=True, kw_only=True):
    """What the Privacy page shows."""

    categories: tuple[CategoryView, ...]
    connections: tuple[ConnectionView, ...]
    counts: dict[str, int]


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
    """The session the person is in. `since` is RFC 3339."""

    check_in_id: str
    location_id: str | None
    location: str
    since: str
    on_break: bool
    undo_event: str | None = None
    undo_until: str | None = None


class Banner(Message, frozen=True, kw_only=True):
    """The one thing that matters most now: a sentence and its next step."""

    kind: BannerKind
    sentence: str


class Snapshot(Message, frozen=True, kw_only=True):
    """Small and complete: what the tray and the top of the window show. `revision` grows with every change.

    `privacy_card`: a receipt has come, and the card that leads to the Privacy page was never answered.
    """

    revision: int = 0
    accounts: tuple[AccountView, ...] = ()
    current: str | None = None
    link: LinkState = "unknown"
    session: OpenSession | None = None
    last_location_id: str | None = None
    last_location: str = ""
    waiting: int = 0
    sending: int = 0
    needs_you: int = 0
    paused: bool = False
    signing_in: bool = False
    banner: Banner | None = None
    privacy_card: bool = False
    sent_reports_today: int = 0
    sent_attendance_today: int = 0
    sent_log_records_today: int = 0


Result = (
    Attached
    | Filed
    | Commented
    | Recorded
    | Synced
    | SignedIn
    | ActivityPage
    | ReportDetail
    | LocationList
    | PrivacyView
    | Snapshot
    | None
)

# -- events ------------------------------------------------------------------------------------------------------


class Changed(Message, frozen=True, kw_only=True):
    """What changed, by name (`snapshot`, `activity`, `locations`, `privacy`); read again what you show."""

    what: frozenset[str]


class OpenWindow(Message, frozen=True, kw_only=True):
    """A second start or a link asks for the window, prefilled; nothing is committed by it."""

    page: Literal["main", "report", "check_in", "privacy"] = "main"
    text: str = ""
    activation_token: str = ""


Event = Changed | OpenWindow


class Agent(Protocol):
    """What desktop hands to ui. All methods return at once and may be called from any thread."""

    def submit(self, command: Command) -> "Future[Any]":
        """Carry out; the future fails with AgentError."""

    def query(self, query: Query) -> "Future[Any]":
        """Look up; the future fails with AgentError."""

    def snapshot(self) -> Snapshot:
        """The latest, from memory."""

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        """Call `listener` from an agent thread on every event; returns how to stop."""
