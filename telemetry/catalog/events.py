"""The events that the desktop program records. Nothing else is ever in log data."""

import datetime
from typing import Annotated, Literal

from telemetry.catalog.declaration import Event, Plain, Text, Whole, declare, index

_CLIENT_TEAM = "client team"
_NEXT_REVIEW = datetime.date(2028, 1, 1)
_HOUR_MS = 3_600_000

SyncOutcome = Literal["done", "offline", "server_trouble", "sign_in_needed", "refused"]
_Count = Annotated[int, Whole(max=1000, sensitivity="interaction")]


@declare(
    name="app.started",
    version=1,
    category="usage",
    purpose="See which ways of working are used, to decide what to improve first.",
    owner=_CLIENT_TEAM,
    retention_days=180,
    expires=_NEXT_REVIEW,
)
class AppStarted(Event, frozen=True, kw_only=True):
    """The program started; `surface` is how the person meets it."""

    surface: Annotated[Literal["tray", "window", "command_line", "headless"], Plain(sensitivity="interaction")]


@declare(
    name="report.sent",
    version=1,
    category="usage",
    purpose="See how large reports are, to size uploads and limits.",
    owner=_CLIENT_TEAM,
    retention_days=180,
    expires=_NEXT_REVIEW,
)
class ReportSent(Event, frozen=True, kw_only=True):
    """The person sent a report; `size_bytes` is text and media together, rounded to a power of two."""

    kind: Annotated[Literal["new", "edit"], Plain(sensitivity="interaction")]
    size_bytes: Annotated[int, Whole(max=2**40, bucket=True, sensitivity="interaction")]
    media: _Count


@declare(
    name="attendance.recorded",
    version=1,
    category="usage",
    purpose="See which attendance steps are used, to keep the common ones at hand.",
    owner=_CLIENT_TEAM,
    retention_days=180,
    expires=_NEXT_REVIEW,
)
class AttendanceRecorded(Event, frozen=True, kw_only=True):
    """A check-in, check-out or break was saved. Neither place nor time of day is a field."""

    kind: Annotated[
        Literal["check_in", "check_out", "break_start", "break_end", "undo"], Plain(sensitivity="interaction")
    ]


@declare(
    name="sync.finished",
    version=1,
    category="usage",
    purpose="See how often work arrives at the first try, and how long it takes.",
    owner=_CLIENT_TEAM,
    retention_days=90,
    expires=_NEXT_REVIEW,
)
class SyncFinished(Event, frozen=True, kw_only=True):
    """One exchange with the server ended; `duration_ms` is rounded to a power of two."""

    outcome: SyncOutcome
    duration_ms: Annotated[int, Whole(max=_HOUR_MS, bucket=True)]


@declare(
    name="error.reported",
    version=1,
    category="diagnostics",
    purpose="Find and fix faults of the program.",
    owner=_CLIENT_TEAM,
    retention_days=90,
    expires=_NEXT_REVIEW,
    urgent=True,
)
class ErrorReported(Event, frozen=True, kw_only=True):
    """The program logged a warning or an error: the fixed text of the message without its values, the types of those
    values, the kinds of exception and the program's own places in its code."""

    level: Literal["warning", "error", "critical"]
    exception_type: Annotated[str, Text(max_chars=400)] = ""
    frames: Annotated[str, Text(max_chars=2000)] = ""
    template: Annotated[str, Text(max_chars=300)] = ""
    argument_types: Annotated[str, Text(max_chars=200)] = ""


@declare(
    name="store.set_aside",
    version=1,
    category="diagnostics",
    purpose="Notice when files on disk turn out damaged, to find the cause.",
    owner=_CLIENT_TEAM,
    retention_days=90,
    expires=_NEXT_REVIEW,
    urgent=True,
)
class StoreSetAside(Event, frozen=True, kw_only=True):
    """A damaged database was put aside and a fresh one begun."""

    which: Literal["work", "state", "telemetry"]


@declare(
    name="keyring.unavailable",
    version=1,
    category="diagnostics",
    purpose="See where the password store of the system cannot be used, to support those systems better.",
    owner=_CLIENT_TEAM,
    retention_days=90,
    expires=_NEXT_REVIEW,
)
class KeyringUnavailable(Event, frozen=True, kw_only=True):
    """The system's password store did not answer as it should."""

    state: Literal["absent", "locked", "hanging"]


@declare(
    name="analytics.app_started",
    version=1,
    category="third_party",
    purpose="Count in an outside analytics service how often the program is used, and on which surface.",
    owner=_CLIENT_TEAM,
    retention_days=30,
    expires=_NEXT_REVIEW,
)
class AnalyticsAppStarted(Event, frozen=True, kw_only=True):
    """The same as `app.started`, for who allowed that; of its own category, batches and requests."""

    surface: Annotated[Literal["tray", "window", "command_line", "headless"], Plain(sensitivity="interaction")]


@declare(
    name="analytics.report_sent",
    version=1,
    category="third_party",
    purpose="Count in an outside analytics service how many reports are sent with the program.",
    owner=_CLIENT_TEAM,
    retention_days=30,
    expires=_NEXT_REVIEW,
)
class AnalyticsReportSent(Event, frozen=True, kw_only=True):
    """The person sent a report; nothing of its size or content."""

    kind: Annotated[Literal["new", "edit"], Plain(sensitivity="interaction")]


def for_outside(event: Event) -> Event | None:
    """What an outside analytics service is told when this happens: less, and only under a grant of its own."""
    match event:
        case AppStarted():
            return AnalyticsAppStarted(surface=event.surface)
        case ReportSent():
            return AnalyticsReportSent(kind=event.kind)
        case _:
            return None


EVENTS = index(
    AppStarted,
    ReportSent,
    AttendanceRecorded,
    SyncFinished,
    ErrorReported,
    StoreSetAside,
    KeyringUnavailable,
    AnalyticsAppStarted,
    AnalyticsReportSent,
)
"""Every event by name."""
