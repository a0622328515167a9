"""What the interface asks the agent to do, and what it asks it to look up; each says its result.

`answers` are those of a checklist, as `rules.templates` describes them: field id to JSON value. The files that they
name belong to the report like those of `media`, whether they stand there too or not.
"""

from typing import Any, Literal

import msgspec

from agent.api.attendance import AttendanceCommand, AttendanceQuery
from agent.api.privacy import PrivacyCommand, PrivacyQuery
from agent.api.words import (
    Category,
    FilterState,
    Message,
    NewsKind,
)
from protocol.discovery import ThirdParty


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


class SetKeepDetails(Message, frozen=True, kw_only=True):
    """Whether place, device and file name stay in what is attached from now on; result None."""

    account: str
    keep: bool


class FileReport(Message, frozen=True, kw_only=True):
    """Keep and send a report; result Filed, after the commit. `media` are ids from Attached.

    `title` empty means: the first line of `text`, else the name of the checklist. `instance_id` is minted by the agent
    unless given; a draft of that id has become this report. `undoable` holds it back for five seconds, in which
    UndoSend makes it a draft again. Answers to fields that are hidden are not sent; one that does not fit is a refusal.
    """

    account: str
    text: str
    title: str = ""
    location_id: str | None = None
    media: tuple[str, ...] = ()
    template_id: str | None = None
    template_version: int | None = None
    answers: dict[str, Any] = msgspec.field(default_factory=dict)
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
    template_id: str | None = None
    template_version: int | None = None
    answers: dict[str, Any] = msgspec.field(default_factory=dict)


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
    """Make a draft of a report's text, answers and place, and of its files that are still here; result Draft."""

    account: str
    instance_id: str
    draft_id: str


class ReopenReport(Message, frozen=True, kw_only=True):
    """Make a report that the server refused, and so never kept, the draft it was, to be corrected; result Draft."""

    account: str
    instance_id: str


class ExportReport(Message, frozen=True, kw_only=True):
    """Write a report as a new folder within `folder`: report.json, receipt.json, its files; result Exported."""

    account: str
    instance_id: str
    folder: str


class ExportStuck(Message, frozen=True, kw_only=True):
    """Write everything that needs the person to one JSON file at `path`; result Exported."""

    account: str
    path: str


class EditReport(Message, frozen=True, kw_only=True):
    """Keep and send another version of a report that was written here; result Filed, after the commit.

    The session stays as it is, and the place unless one (or None) is given; `title` and `text` as in FileReport, and so
    the answers, which stay as they are where none are given. `media` are the ids of all its files from now on: those it
    keeps, and new ones from Attached; None leaves them. One that is not among them is not sent any further. Where
    versions stand side by side, this one follows them all, which settles it. `draft_id` is forgotten with the commit.
    """

    account: str
    instance_id: str
    text: str
    title: str = ""
    template_id: str | None = None
    template_version: int | None = None
    answers: dict[str, Any] | None = None
    media: tuple[str, ...] | None = None
    location_id: str | msgspec.UnsetType | None = msgspec.UNSET
    draft_id: str = ""


class DraftReport(Message, frozen=True, kw_only=True):
    """Begin another version of a report, or go on with it: a draft of that report, one for each, which SendDrafts
    sends; result Draft. `both`: of versions that stand side by side the texts of all are in it."""

    account: str
    instance_id: str
    both: bool = False


class SaveComment(Message, frozen=True, kw_only=True):
    """Keep what is written so far of a comment on a report; result None. Without text it is discarded."""

    account: str
    instance_id: str
    text: str


class KeepVersion(Message, frozen=True, kw_only=True):
    """Of versions that stand side by side, let one stand for the report: another version that says the same and follows
    them all is kept and sent; result Filed, after the commit."""

    account: str
    instance_id: str
    revision_id: str


class FetchReport(Message, frozen=True, kw_only=True):
    """Ask the server now for the text of a report that was written on another device, which else comes by and by;
    result None, at once. When it has come, activity has changed."""

    account: str
    instance_id: str


class TellNews(Message, frozen=True, kw_only=True):
    """What ListNews has was told, or stands before the person's eyes; it does not come again. Result None."""

    account: str


class SetTold(Message, frozen=True, kw_only=True):
    """Whether one kind of news is told by a hint. What comes while it is not is never told later; result None."""

    account: str
    kind: NewsKind
    told: bool


class AddComment(Message, frozen=True, kw_only=True):
    """Keep and send a comment on a report; result Commented, after the commit."""

    account: str
    instance_id: str
    text: str


class RecordAttendance(Message, frozen=True, kw_only=True):
    """Check in or out, start or end a break; result Recorded, after the commit.

    For all but a check-in the open session is meant. `location_id` None at a check-in is *elsewhere*; `note` says so.
    `code` is the location code as it was typed, in any digits. `media` are ids from Attached, MOST_PHOTOS at most.
    `leaving`: a check-in that ends the open session first, in the same transaction; undone together.
    """

    account: str
    kind: Literal["check_in", "check_out", "break_start", "break_end"]
    location_id: str | None = None
    note: str = ""
    code: str = ""
    media: tuple[str, ...] = ()
    leaving: bool = False


class UndoAttendance(Message, frozen=True, kw_only=True):
    """Cancel an event within 60 seconds of recording it, and what was recorded by the same press; result None. Files of
    it that have not all arrived are not sent any more."""

    account: str
    event_id: str


class Retry(Message, frozen=True, kw_only=True):
    """Send an item that needs attention again (None: everything that waits, at once); result None."""

    account: str
    item_id: str | None = None


class HoldMedia(Message, frozen=True, kw_only=True):
    """Hold one file of a report back, also while it is on its way, or let it go on; result None."""

    account: str
    media_id: str
    held: bool


class RetryMedia(Message, frozen=True, kw_only=True):
    """Send one file again that was set aside or waits for its next attempt; result None."""

    account: str
    media_id: str


class FetchMedia(Message, frozen=True, kw_only=True):
    """Fetch the original of a file that has gone from this computer; result None. Its MediaItem then has a path."""

    account: str
    media_id: str


class FetchPictures(Message, frozen=True, kw_only=True):
    """Fetch small pictures of a report's photos of which there is none on this computer, as many as are shown at once;
    result None. As each comes, activity has changed: its MediaItem then has a thumbnail."""

    account: str
    instance_id: str


class OpenMedia(Message, frozen=True, kw_only=True):
    """Show a file that is on this computer in the program that the system has for it; result None."""

    account: str
    media_id: str


class SyncNow(Message, frozen=True, kw_only=True):
    """Ask the server now; result Synced once the outbox is empty, stuck or `wait_seconds` have passed.

    `patient`: a server that asked to be left alone for a while is, and one that is away is not asked anew each time."""

    account: str
    wait_seconds: float = 0.0
    patient: bool = False


class PauseSending(Message, frozen=True, kw_only=True):
    """Hold (or stop holding) everything that waits; result None."""

    paused: bool


class NetworkIsBack(Message, frozen=True, kw_only=True):
    """There is a network again: what waits because the server could not be reached is tried within seconds, for every
    account; result None."""


class NetworkIsMetered(Message, frozen=True, kw_only=True):
    """The network costs by the byte from now on, or does no longer: log data that can wait then does. Result None."""

    metered: bool


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
    """The person's choice for one category; committed, and a withdrawal's barrier passed, before the result.
    `third_parties`: of a grant for third parties those that the person was shown; None means those named now."""

    account: str
    category: Category
    state: Literal["granted", "denied"]
    third_parties: tuple[ThirdParty, ...] | None = None


class DismissPrivacyCard(Message, frozen=True, kw_only=True):
    """The card that leads to the Privacy page was answered, either way; it does not come again. Result None."""

    account: str


class RecordEvent(Message, frozen=True, kw_only=True):
    """Offer one event of the catalog to log data; kept only under a grant. Result None."""

    account: str
    name: str
    fields: dict[str, str | int | bool] = msgspec.field(default_factory=dict)


MediaCommand = Attach | Detach | SetKeepDetails | HoldMedia | RetryMedia | FetchMedia | FetchPictures | OpenMedia
DraftCommand = SaveDraft | DiscardDraft | SendDrafts | UndoSend | CopyReport | ReopenReport | DraftReport
Command = (
    FileReport
    | EditReport
    | SaveComment
    | KeepVersion
    | TellNews
    | SetTold
    | FetchReport
    | AddComment
    | MediaCommand
    | DraftCommand
    | ExportReport
    | ExportStuck
    | RecordAttendance
    | UndoAttendance
    | AttendanceCommand
    | Retry
    | SyncNow
    | NetworkIsBack
    | NetworkIsMetered
    | PauseSending
    | SignIn
    | CancelSignIn
    | SignOut
    | SelectAccount
    | SetConsent
    | DismissPrivacyCard
    | RecordEvent
    | PrivacyCommand
)


class ListActivity(Message, frozen=True, kw_only=True):
    """Result ActivityPage: newest first, `after` is the last page's `next`; `since` ≤ time < `until`, RFC 3339.

    `search`: each word begins a word of title, text, answers or place.
    """

    account: str
    after: str | None = None
    limit: int = 50
    search: str = ""
    needs_you: bool = False
    state: FilterState | None = None
    location_id: str | None = None
    template_id: str | None = None
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


class ListNews(Message, frozen=True, kw_only=True):
    """Result News: what others did about reports and corrections and was not told yet, after a restart or a full pull
    neither, and reminders that fell due."""

    account: str


class ListLocations(Message, frozen=True, kw_only=True):
    """Result LocationList: favourites first, then recent ones, then by name. `location_id`: only that one."""

    account: str
    search: str = ""
    limit: int = 50
    location_id: str | None = None


class ListTemplates(Message, frozen=True, kw_only=True):
    """Result TemplateList: the checklists that are offered, those used lately first, then by title."""

    account: str
    search: str = ""
    limit: int = 50


class OpenTemplate(Message, frozen=True, kw_only=True):
    """Result OpenedTemplate; without a version the newest."""

    account: str
    template_id: str
    version: int | None = None


class ShowPrivacy(Message, frozen=True, kw_only=True):
    """Result PrivacyView."""

    account: str


class ShowSettings(Message, frozen=True, kw_only=True):
    """Result SettingsView."""

    account: str


class ShowStatus(Message, frozen=True, kw_only=True):
    """Result Snapshot, for the command line."""


Query = (
    ListActivity
    | ListDrafts
    | OpenDraft
    | ShowReport
    | ListLocations
    | ListNews
    | ListTemplates
    | OpenTemplate
    | AttendanceQuery
    | ShowPrivacy
    | PrivacyQuery
    | ShowSettings
    | ShowStatus
)
