"""Rows as the interface sees them."""

from collections.abc import Callable, Collection
from pathlib import Path
from typing import Literal

import msgspec

from agent.api import (
    ActivityItem,
    CommentItem,
    CommentState,
    ItemState,
    LinkState,
    MarkNote,
    MediaItem,
    MediaState,
    ReviewNote,
)
from agent.attendance.recording import undo_until
from agent.store.comments import CommentRow
from agent.store.media import ReportFile
from agent.store.reports import ActivityRow
from protocol.changes import AttendanceView, ReportView
from protocol.operations import AttendanceEvent
from rules.clock import format_utc
from rules.sentence import Sentence

Progress = Callable[[str], float | None]


class Looks(msgspec.Struct, frozen=True):
    """What is going on now and stands in no row: the connection, the items under way, how far their files came."""

    link: LinkState
    paused: bool
    sending: Collection[str]
    now: str


def activity_item(row: ActivityRow, looks: Looks, progress: Progress) -> ActivityItem:
    """One line of Activity."""
    return ActivityItem(
        key=f"{row.at} {row.item_id}",
        item_id=row.item_id,
        kind=row.kind,  # type: ignore[arg-type]  # the table's rows are of these kinds
        title=row.title,
        location=row.location,
        at=row.at,
        state=item_state(row, looks),
        received=_received(row),
        progress=progress(row.item_id) if row.item_id in looks.sending else None,
        sentence=row.trouble or _flags(row) or _held(row),
        media_count=row.files,
        receipt=row.receipt,
        cancelled=row.cancelled,
        corrected=row.corrected,
        can_undo_until=_can_undo_until(row, looks.now),
        review=review_note(row),
        conflict=row.asks == "conflict",
        template_id=row.template_id,
        checklist=row.checklist,
    )


def item_state(row: ActivityRow, looks: Looks) -> ItemState:
    """Saved here → waiting → sending → received → what the reviewer said."""
    if row.trouble is not None:
        return "needs_you"
    reviewed = _view(row)
    if reviewed is not None and reviewed.state != "received":
        return reviewed.state
    if not row.pending and (row.done_at is not None or row.origin == "server"):
        return "received"
    if row.item_id in looks.sending:
        return "sending"
    return "waiting" if row.held else _on_its_way(looks)


def media_item(row: ReportFile, here: Path | None, thumbnail: Path | None, uploading: str | None) -> MediaItem:
    """One file of a report; `here` is an original on this computer, `uploading` the file that is on its way."""
    return MediaItem(
        media_id=row.media_id,
        name=row.name,
        content_type=row.content_type,
        size=row.size,
        sha256=row.sha256,
        sent_bytes=row.sent_bytes,
        path=str(here) if here is not None else None,
        thumbnail=str(thumbnail) if thumbnail is not None else None,
        state=_media_state(row, uploading),
        sentence=row.trouble or "",
    )


def _media_state(row: ReportFile, uploading: str | None) -> MediaState:
    if row.elsewhere and row.state != "sent":
        return "elsewhere"
    if row.released:
        return "received"
    if row.state == "aside":
        return "needs_you"
    if row.state == "sent":
        return "sent"
    if row.held:
        return "held"
    return "sending" if row.media_id == uploading else "waiting"


def comment_item(row: CommentRow, looks: Looks) -> CommentItem:
    """One comment."""
    return CommentItem(
        comment_id=row.comment_id,
        by=row.by_name,
        own=row.own,
        text=row.text,
        at=row.at,
        state=_comment_state(row, looks),
    )


def _comment_state(row: CommentRow, looks: Looks) -> CommentState:
    if row.taught or row.operation in {None, "kept"}:
        return "sent"
    if row.operation != "waiting":
        return "needs_you"
    return _on_its_way(looks)


def _on_its_way(looks: Looks) -> Literal["saved", "waiting"]:
    return "saved" if looks.link in {"online", "unknown"} and not looks.paused else "waiting"


def _view(row: ActivityRow) -> ReportView | None:
    """The server's word on a report; None where another version written here is on its way to change it."""
    if row.kind != "report" or row.server is None or row.pending:
        return None
    return msgspec.json.decode(row.server, type=ReportView)


def review_note(row: ActivityRow) -> ReviewNote | None:
    """The manager's decision, while it stands."""
    view = _view(row)
    if view is None or view.review is None or view.review.decision != view.state:
        return None
    one = view.review
    marks = tuple(MarkNote(path=mark.path, words=mark.words) for mark in one.marks)
    return ReviewNote(decision=one.decision, by=one.by, at=one.at, words=one.words, marks=marks)


def _received(row: ActivityRow) -> str | None:
    if row.kind == "report" and row.done_at is not None and row.server is not None:
        return msgspec.json.decode(row.server, type=ReportView).received
    return row.done_at


def _held(row: ActivityRow) -> str:
    if not row.held:
        return ""
    return "A file of it is paused." if row.held == 1 else Sentence("%(held)s files of it are paused.", held=row.held)


def _flags(row: ActivityRow) -> str:
    """What is to be said of an event of attendance."""
    if row.event is None:
        return ""
    said = []
    if row.corrected:
        said.append("Corrected: another entry stands instead.")
    elif msgspec.json.decode(row.event, type=AttendanceEvent).supersedes is not None:
        said.append("This corrects an earlier entry.")
    if row.server is not None:
        said += msgspec.json.decode(row.server, type=AttendanceView).sentences
    return "\n".join(said)


def _can_undo_until(row: ActivityRow, now: str) -> str | None:
    if row.event is None or row.origin != "here" or row.cancelled:
        return None
    until = format_utc(undo_until(msgspec.json.decode(row.event, type=AttendanceEvent)))
    return until if now < until else None
