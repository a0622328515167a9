"""The agent as the interface sees it: commands, queries, a snapshot, events, and one Protocol that takes them.

Shaped like a process boundary: every message is a frozen Struct that could cross a socket (and does, for the command
line), no shared mutable objects. Importing this is cheap: types only.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, Literal, Protocol

from agent.api.attendance import (
    AskLine,
    AttendanceCommand,
    AttendanceDetail,
    AttendanceQuery,
    CorrectAttendance,
    Corrected,
    EventLine,
    ExportTimesheet,
    FinishSession,
    OpenEnd,
    PlaceHours,
    PostponeEnd,
    ProposedEnd,
    SessionLine,
    SetFavourite,
    SetNetworkEvidence,
    ShowAttendance,
    ShowTimesheet,
    Timesheet,
    TimesheetDay,
)
from agent.api.commands import (
    AddComment,
    Attach,
    CancelSignIn,
    Command,
    CopyReport,
    Detach,
    DiscardDraft,
    DismissPrivacyCard,
    DraftCommand,
    DraftReport,
    EditReport,
    ExportReport,
    ExportStuck,
    FetchMedia,
    FetchPictures,
    FetchReport,
    FileReport,
    HoldMedia,
    KeepVersion,
    ListActivity,
    ListDrafts,
    ListLocations,
    ListNews,
    ListTemplates,
    MediaCommand,
    NetworkIsBack,
    OpenDraft,
    OpenMedia,
    OpenTemplate,
    PauseSending,
    Query,
    RecordAttendance,
    RecordEvent,
    ReopenReport,
    Retry,
    RetryMedia,
    SaveComment,
    SaveDraft,
    SelectAccount,
    SendDrafts,
    SetConsent,
    SetKeepDetails,
    SetTold,
    ShowPrivacy,
    ShowReport,
    ShowSettings,
    ShowStatus,
    SignIn,
    SignOut,
    SyncNow,
    TellNews,
    UndoAttendance,
    UndoSend,
)
from agent.api.results import (
    AccountView,
    ActivityItem,
    ActivityPage,
    Attached,
    Banner,
    CategoryView,
    Commented,
    CommentItem,
    ConnectionView,
    Draft,
    DraftItem,
    DraftList,
    DraftResult,
    DraftSaved,
    DraftsSent,
    Exported,
    Filed,
    KeptDraft,
    LocationItem,
    LocationList,
    MarkNote,
    MediaItem,
    News,
    NewsItem,
    OpenedTemplate,
    OpenSession,
    PrivacyView,
    Recorded,
    ReportDetail,
    Result,
    ReviewNote,
    SettingsView,
    SignedIn,
    Snapshot,
    Synced,
    TemplateItem,
    TemplateList,
    VersionItem,
)
from agent.api.words import (
    BannerKind,
    Category,
    CommentState,
    ConsentState,
    CredentialState,
    FilterState,
    ItemState,
    LinkState,
    MediaState,
    Message,
    NewsKind,
)
from agent.errors import AgentError, ErrorKind

__all__ = [
    "AccountView",
    "ActivityItem",
    "ActivityPage",
    "AddComment",
    "Agent",
    "AgentError",
    "AskLine",
    "Attach",
    "Attached",
    "AttendanceCommand",
    "AttendanceDetail",
    "AttendanceQuery",
    "Banner",
    "BannerKind",
    "CancelSignIn",
    "Category",
    "CategoryView",
    "Changed",
    "Command",
    "CommentItem",
    "CommentState",
    "Commented",
    "ConnectionView",
    "ConsentState",
    "CopyReport",
    "CorrectAttendance",
    "Corrected",
    "CredentialState",
    "Detach",
    "DiscardDraft",
    "DismissPrivacyCard",
    "Draft",
    "DraftCommand",
    "DraftItem",
    "DraftList",
    "DraftReport",
    "DraftResult",
    "DraftSaved",
    "DraftsSent",
    "EditReport",
    "ErrorKind",
    "Event",
    "EventLine",
    "ExportReport",
    "ExportStuck",
    "ExportTimesheet",
    "Exported",
    "FetchMedia",
    "FetchPictures",
    "FetchReport",
    "FileReport",
    "Filed",
    "FilterState",
    "FinishSession",
    "HoldMedia",
    "ItemState",
    "KeepVersion",
    "KeptDraft",
    "LinkState",
    "ListActivity",
    "ListDrafts",
    "ListLocations",
    "ListNews",
    "ListTemplates",
    "LocationItem",
    "LocationList",
    "MarkNote",
    "MediaCommand",
    "MediaItem",
    "MediaState",
    "Message",
    "NetworkIsBack",
    "News",
    "NewsItem",
    "NewsKind",
    "OpenDraft",
    "OpenEnd",
    "OpenMedia",
    "OpenSession",
    "OpenTemplate",
    "OpenWindow",
    "OpenedTemplate",
    "PauseSending",
    "PlaceHours",
    "PostponeEnd",
    "PrivacyView",
    "ProposedEnd",
    "Query",
    "RecordAttendance",
    "RecordEvent",
    "Recorded",
    "ReopenReport",
    "ReportDetail",
    "Result",
    "Retry",
    "RetryMedia",
    "ReviewNote",
    "SaveComment",
    "SaveDraft",
    "SelectAccount",
    "SendDrafts",
    "SessionLine",
    "SetConsent",
    "SetFavourite",
    "SetKeepDetails",
    "SetNetworkEvidence",
    "SetTold",
    "SettingsView",
    "ShowAttendance",
    "ShowPrivacy",
    "ShowReport",
    "ShowSettings",
    "ShowStatus",
    "ShowTimesheet",
    "SignIn",
    "SignOut",
    "SignedIn",
    "Snapshot",
    "SyncNow",
    "Synced",
    "TellNews",
    "TemplateItem",
    "TemplateList",
    "Timesheet",
    "TimesheetDay",
    "UndoAttendance",
    "UndoSend",
    "VersionItem",
    "WindowPage",
]


class Changed(Message, frozen=True, kw_only=True):
    """What changed, by name (`snapshot`, `activity`, `drafts`, `locations`, `templates`, `privacy`,
    `settings`); read again what
    you show."""

    what: frozenset[str]


WindowPage = Literal["main", "report", "check_in", "timesheet", "privacy", "settings"]


class OpenWindow(Message, frozen=True, kw_only=True):
    """A second start or a link asks for the window, prefilled; nothing is committed by it. `item_id` is a report to
    read; `location_id` and `code` are what a check-in begins with."""

    page: WindowPage = "main"
    item_id: str = ""
    location_id: str = ""
    code: str = ""
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
