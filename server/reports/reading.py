"""One report in full, and its files. Every read passes `server.accounts.scope.visible`; the caller writes the access
record of what was opened."""

from collections.abc import Collection, Sequence
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Row, and_, func, or_, select

from protocol.changes import Mark
from protocol.statements import SignedStatement
from protocol.templates import Template
from server.accounts.scope import visible
from server.bounds import is_id
from server.receipts.issuing import receipts_of
from server.reports.commenting import comments
from server.reports.lateness import late_revisions
from server.reports.listing import ReportRow, read_rows
from server.reports.marking import marks_of
from server.reports.revising import heads
from server.storage.attendance_tables import event_media
from server.storage.database import Actor, Transaction
from server.storage.tables import (
    attendance_event,
    location,
    media,
    member,
    operation,
    rendition,
    report,
    report_comment,
    review,
    revision,
    revision_media,
    revision_parent,
    upload,
)
from server.templates.reading import versions_of

MOST_STANDING = 16
"""Revisions beside each other that are read in full: as many as one can take the place of."""
_MOST_REVIEWED = 20


class FileRow(msgspec.Struct, frozen=True, kw_only=True):
    """A file of a revision; `percent` (0-100) is how much of it is here, `held` that its fingerprint was verified,
    `unfit` that it was tried to be shown as a picture and cannot be."""

    media_id: str
    name: str
    content_type: str
    size: int
    sha256: str
    held: bool
    percent: int
    unfit: bool


class RevisionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One revision as it was written; `head` when nobody has revised it, `late` when it was written after the time
    that the organization allows for changes, and nobody had asked for it. `template` is the very version that it was
    filled with, `answers` those that it asks for."""

    revision_id: str
    parents: tuple[str, ...]
    title: str
    text: str
    location_name: str | None
    written_at: str
    zone: str
    offset_minutes: int
    grade: str
    received: str
    head: bool
    late: bool
    template: Template | None
    answers: dict[str, Any]
    files: tuple[FileRow, ...]
    receipt: SignedStatement | None


class ReviewRow(msgspec.Struct, frozen=True, kw_only=True):
    """One decision; `by` is who made it, `marks` the places it wants corrected."""

    review_id: str
    revision_id: str
    decision: str
    words: str
    by: str
    at: str
    marks: tuple[Mark, ...]


class CommentRow(msgspec.Struct, frozen=True, kw_only=True):
    """One comment; `grade` says how well its time is known."""

    comment_id: str
    by: str
    text: str
    at: str
    grade: str


class ReportDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A report; `conflict` when two or more revisions stand side by side. `revisions` are those that stand, the newest
    MOST_STANDING of them, and those that were asked for; `reviewed` those that the latest decisions with marks were
    about, without their texts. Revisions and decisions newest first, comments oldest first."""

    summary: ReportRow
    conflict: bool
    revisions: tuple[RevisionRow, ...]
    reviewed: tuple[RevisionRow, ...]
    reviews: tuple[ReviewRow, ...]
    comments: tuple[CommentRow, ...]


class _Around(NamedTuple):
    """What stands beside the revisions of a report, by revision: parents, files, the receipt as JSON, the text."""

    parents: dict[str, list[str]]
    files: dict[str, list[FileRow]]
    receipts: dict[str, str]
    texts: dict[str, str]


def read_report(t: Transaction, actor: Actor, instance_id: str, also: Collection[str] = ()) -> ReportDetail | None:
    """A report, if it is there and `actor` may read it; with these revisions of it `also`, as far as they are of it.
    What it reads does not grow with the number of revisions."""
    found = read_rows(t, actor, [instance_id]) if is_id(instance_id) else []
    if not found:
        return None
    standing = heads(t, instance_id)
    full = {*standing[-MOST_STANDING:], *also}
    reviews = _reviews(t, instance_id)
    marked = dict.fromkeys(one.revision_id for one in reviews if one.marks)
    names_only = set(list(marked)[:_MOST_REVIEWED]) - full
    rows = t.all(
        t.select(revision, *(one for one in revision.c if one.name != "text"), location.c.name.label("location_name"))
        .outerjoin(location, and_(location.c.location_id == revision.c.location_id, t.owns(location)))
        .where(revision.c.instance_id == instance_id, revision.c.revision_id.in_(full | names_only))
        .order_by(revision.c.written_at.desc(), revision.c.revision_id.desc())
    )
    filled_with = versions_of(t, ((row.template_id, row.template_version) for row in rows if row.template_id))
    ids = [row.revision_id for row in rows]
    around = _Around(
        parents_of(t, ids), _files(t, ids), receipts_of(t, ids), _texts(t, [one for one in ids if one in full])
    )
    late = late_revisions(t, rows, around.parents)
    revisions = [
        _revision(
            row,
            around,
            head=row.revision_id in standing,
            late=row.revision_id in late,
            template=filled_with.get((row.template_id, row.template_version)),
        )
        for row in rows
    ]
    return ReportDetail(
        summary=found[0],
        conflict=len(standing) > 1,
        revisions=tuple(one for one in revisions if one.revision_id in full),
        reviewed=tuple(one for one in revisions if one.revision_id not in full),
        reviews=reviews,
        comments=_comments(t, instance_id),
    )


def own_revision(t: Transaction, actor: Actor, instance_id: str, revision_id: str) -> bytes | None:
    """The body of the operation that brought a revision of a report of `actor` themselves; None for any other."""
    if actor.kind != "member" or not (is_id(instance_id) and is_id(revision_id)):
        return None
    found: bytes | None = t.scalar(
        t.select(operation, operation.c.body)
        .join(revision, revision.c.operation_id == operation.c.operation_id)
        .join(report, report.c.instance_id == revision.c.instance_id)
        .where(
            t.owns(revision),
            t.owns(report),
            report.c.member_id == actor.member_id,
            report.c.instance_id == instance_id,
            revision.c.revision_id == revision_id,
        )
    )
    return found


def owner_of_file(t: Transaction, actor: Actor, media_id: str) -> str | None:
    """The member whose file this is, if `actor` may read a report or an attendance event that has it, or sent it
    themselves."""
    if not is_id(media_id):
        return None
    in_report = (
        select(revision_media.c.media_id)
        .join(revision, revision.c.revision_id == revision_media.c.revision_id)
        .join(report, report.c.instance_id == revision.c.instance_id)
        .where(
            t.owns(revision_media),
            t.owns(revision),
            t.owns(report),
            revision_media.c.media_id == media.c.media_id,
            visible(t, actor, report.c.member_id, report.c.location_id),
        )
        .exists()
    )
    in_event = (
        select(event_media.c.media_id)
        .join(attendance_event, attendance_event.c.event_id == event_media.c.event_id)
        .where(
            t.owns(event_media),
            t.owns(attendance_event),
            event_media.c.media_id == media.c.media_id,
            visible(t, actor, attendance_event.c.member_id, attendance_event.c.location_id),
        )
        .exists()
    )
    own = media.c.member_id == actor.member_id if actor.kind == "member" else media.c.media_id.is_(None)
    found: str | None = t.scalar(
        t.select(media, media.c.member_id).where(media.c.media_id == media_id, or_(own, in_report, in_event))
    )
    return found


def reports_of_file(t: Transaction, media_id: str) -> list[str]:
    """The reports that have this file. The caller has asked `owner_of_file`."""
    rows = t.all(
        t.select(revision, revision.c.instance_id)
        .join(revision_media, revision_media.c.revision_id == revision.c.revision_id)
        .where(t.owns(revision_media), revision_media.c.media_id == media_id)
        .distinct()
    )
    return [row.instance_id for row in rows]


def name_of_file(t: Transaction, media_id: str) -> str:
    """What its report calls a file; empty when none names it. The caller has asked `owner_of_file`."""
    named = t.select(revision_media, revision_media.c.name).where(revision_media.c.media_id == media_id)
    of_event = t.select(event_media, event_media.c.name).where(event_media.c.media_id == media_id).limit(1)
    newest = named.order_by(revision_media.c.revision_id.desc()).limit(1)
    return str(t.scalar(newest) or t.scalar(of_event) or "")


def newest_with_file(t: Transaction, instance_id: str, media_id: str) -> str | None:
    """The newest revision of a report that has this file. The caller asks `read_report` with it."""
    found: str | None = t.scalar(
        t.select(revision, revision.c.revision_id)
        .join(revision_media, revision_media.c.revision_id == revision.c.revision_id)
        .where(t.owns(revision_media), revision.c.instance_id == instance_id, revision_media.c.media_id == media_id)
        .order_by(revision.c.written_at.desc(), revision.c.revision_id.desc())
        .limit(1)
    )
    return found


def _reviews(t: Transaction, instance_id: str) -> tuple[ReviewRow, ...]:
    rows = t.all(
        t.select(review, *review.c, member.c.name.label("by"))
        .join(member, member.c.member_id == review.c.member_id)
        .where(t.owns(member), review.c.instance_id == instance_id)
        .order_by(review.c.ordinal.desc())
    )
    marks = marks_of(t, [instance_id])
    return tuple(
        ReviewRow(
            review_id=row.review_id,
            revision_id=row.revision_id,
            decision=row.decision,
            words=row.words,
            by=row.by,
            at=row.at,
            marks=marks.get((instance_id, row.ordinal), ()),
        )
        for row in rows
    )


def _comments(t: Transaction, instance_id: str) -> tuple[CommentRow, ...]:
    rows = t.all(
        comments(t)
        .where(report_comment.c.instance_id == instance_id)
        .order_by(report_comment.c.at, report_comment.c.comment_id)
    )
    return tuple(
        CommentRow(comment_id=row.comment_id, by=row.name, text=row.text, at=row.at, grade=row.grade) for row in rows
    )


def _revision(row: Row[Any], around: _Around, *, head: bool, late: bool, template: Template | None) -> RevisionRow:
    receipt = around.receipts.get(row.revision_id)
    return RevisionRow(
        revision_id=row.revision_id,
        parents=tuple(around.parents.get(row.revision_id, ())),
        title=row.title,
        text=around.texts.get(row.revision_id, ""),
        location_name=row.location_name,
        written_at=row.written_at,
        zone=row.zone,
        offset_minutes=row.offset_minutes,
        grade=row.grade,
        received=row.received,
        head=head,
        late=late,
        template=template,
        answers=msgspec.json.decode(row.answers) if row.answers else {},
        files=tuple(around.files.get(row.revision_id, ())),
        receipt=msgspec.json.decode(receipt, type=SignedStatement) if receipt is not None else None,
    )


def _texts(t: Transaction, revision_ids: Collection[str]) -> dict[str, str]:
    named = t.select(revision, revision.c.revision_id, revision.c.text)
    return {row.revision_id: row.text for row in t.all(named.where(revision.c.revision_id.in_(revision_ids)))}


def parents_of(t: Transaction, revision_ids: Sequence[str]) -> dict[str, list[str]]:
    """What each of these revisions continues, by its id."""
    rows = t.all(
        t.select(revision_parent, revision_parent.c.revision_id, revision_parent.c.parent_id)
        .where(revision_parent.c.revision_id.in_(revision_ids))
        .order_by(revision_parent.c.revision_id, revision_parent.c.parent_id)
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.revision_id, []).append(row.parent_id)
    return found


def _files(t: Transaction, revision_ids: Sequence[str]) -> dict[str, list[FileRow]]:
    arrived = (
        t.select(upload, func.max(upload.c.offset))
        .where(upload.c.media_id == media.c.media_id, upload.c.member_id == media.c.member_id)
        .scalar_subquery()
    )
    unfit = (
        t.select(rendition, rendition.c.media_id)
        .where(rendition.c.media_id == media.c.media_id, rendition.c.small_key.is_(None))
        .exists()
    )
    named = (revision_media.c.revision_id, revision_media.c.name)
    rows = t.all(
        t.select(media, *media.c, *named, arrived.label("arrived"), unfit.label("unfit"))
        .join(revision_media, revision_media.c.media_id == media.c.media_id)
        .where(t.owns(revision_media), revision_media.c.revision_id.in_(revision_ids))
        .order_by(revision_media.c.revision_id, revision_media.c.ordinal)
    )
    found: dict[str, list[FileRow]] = {}
    for row in rows:
        found.setdefault(row.revision_id, []).append(
            FileRow(
                media_id=row.media_id,
                name=row.name,
                content_type=row.content_type,
                size=row.size,
                sha256=row.sha256,
                held=row.held is not None,
                percent=100 if row.held is not None else min(99, 100 * (row.arrived or 0) // row.size),
                unfit=row.unfit,
            )
        )
    return found
