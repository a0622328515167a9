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
FilterState = Literal["waiting", "needs_you", "received", "edited", "returned", "approved", "rejected"]
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

    `title` empty means: the first line of `text`. `instance_id` is minted by the agent unless given; a draft of that id
    has become this report. `undoable` holds it back for five seconds, in which UndoSend makes it a draft again.
    """

    account: str
    text: str
    title: str = ""
    location_id: str | None = None
    media: tuple[str, ...] = ()
    instance_id: str | None = None
    undoable: bool = False


class SaveDraft(Message, frozen=True, kw_only=True):
    """Keep what is written so far; result DraftSaved. `draft_id` (UUIDv7) is the id that the report will have.

    `media` are ids from Attached, in order. `place_chosen`: by the person, not by the session.
    """

    account: str
    draft_id: str
    text: str
    location_id: str | None = None
    place_chosen: bool = False
    media: tuple[str, ...] = ()


class DiscardDraft(Message, frozen=True, kw_only=True):
    """Forget a draft and its files; result None, also when there is none."""

    account: str
    draft_id: str


class SendDrafts(Message, frozen=True, kw_only=True):
    """File each of these drafts as FileReport does; result DraftsSent. One that cannot be filed stays a draft."""

    account: str
    draft_ids: tuple[str, ...]
    undoable: bool = False


class UndoSend(Message, frozen=True, kw_only=True):
    """Make reports that are held back still the drafts they were; result DraftList of them, AgentError if none is."""

    account: str
    instance_ids: tuple[str, ...]


class CopyReport(Message, frozen=True, kw_only=True):
    """Make a draft of a report's text, its place, and those of its files that are still here; result Draft."""

    account: str
    instance_id: str
    draft_id: str


class ExportReport(Message, frozen=True, kw_only=True):
    """Write a report as a new folder within `folder`: report.json, receipt.json, its files; result Exported."""

    account: str
    instance_id: str
    folder: str


class ExportStuck(Message, frozen=True, kw_only=True):
    """Write everything that needs the person to one JSON file at `path`; result Exported."""

    account: str
    path: str


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


DraftCommand = SaveDraft | DiscardDraft | SendDrafts | UndoSend | CopyReport
Command = (
    Attach
    | Detach
    | FileReport
    | DraftCommand
    | ExportReport
    | ExportStuck
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
    """Result ActivityPage: newest first, `after` is the last page's `next`; `since` ≤ time < `until`, RFC 3339.

    `search`: each word begins a word of title, text or place.
    """

    account: str
    after: str | None = None
    limit: int = 50
    search: str = ""
    needs_you: bool = False
    state: FilterState | None = None
    location_id: str | None = None
    since: str | None = None
    until: str | None = None


class ListDrafts(Message, frozen=True, kw_only=True):
    """Result DraftList: last saved first."""

    account: str


class OpenDraft(Message, frozen=True, kw_only=True):
    """Result Draft."""

    account: str
    draft_id: str


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


Query = ListActivity | ListDrafts | OpenDraft | ShowReport | ListLocations | ShowPrivacy | ShowStatus

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
    """A report is on disk. `undo_until` is RFC 3339, where it is held back."""

    instance_id: str
    revision_id: str
    undo_until: str | None = None


class DraftSaved(Message, frozen=True, kw_only=True):
    """What was written is on disk. `saved_at` is RFC 3339."""

    draft_id: str
    saved_at: str


class DraftItem(Message, frozen=True, kw_only=True):
    """One draft in the list; `title` is its first line, `saved_at` RFC 3339."""

    draft_id: str
    title: str
    saved_at: str


class DraftList(Message, frozen=True, kw_only=True):
    """Drafts of an account."""

    items: tuple[DraftItem, ...]


class Draft(Message, frozen=True, kw_only=True):
    """One draft in full. `location` is the place's name."""

    draft_id: str
    text: str
    location_id: str | None = None
    location: str = ""
    place_chosen: bool = False
    media: tuple[Attached, ...] = ()
    saved_at: str


class DraftsSent(Message, frozen=True, kw_only=True):
    """`sentence` says why the rest were kept, if any were."""

    filed: tuple[Filed, ...]
    sentence: str = ""


class Exported(Message, frozen=True, kw_only=True):
    """What was written: `path`, `items` reports and events, `files` copied, `missing` that are not here any more."""

    path: str
    items: int
    files: int = 0
    missing: int = 0


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


class ActivityItem(Message, frozen=True, kw_only=True):
    """One line of Activity. `at` is RFC 3339. `progress` is 0…1 while sending. `sentence` says what is wrong and next.

    `key` is the keyset position; `item_id` is the instance or event id.
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


class ReportDetail(Message, frozen=True, kw_only=True):
    """One report in full; `receipt` is the signed statement as JSON text once it has come and verified."""

    item: ActivityItem
    text: str
    media: tuple[MediaItem, ...]
    receipt: str | None = None


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


DraftResult = DraftSaved | DraftList | Draft | DraftsSent
Result = (
    Attached
    | Filed
    | DraftResult
    | Exported
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
    """What changed, by name (`snapshot`, `activity`, `drafts`, `locations`, `privacy`); read again what you show."""

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
