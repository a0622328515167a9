"""What an export tells of each report, read page by page in the caller's one transaction, so that all is of one moment.

The standing version of a report is the newest that nobody has revised; `standing` says when there is another beside it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
from sqlalchemy import Row, and_, func, select, tuple_

from server.accounts.scope import visible
from server.reports.listing import ReportFilter, conditions
from server.reports.revising import heads_of, latest_reviews
from server.storage.database import Actor, Transaction
from server.storage.tables import (
    location,
    media,
    member,
    receipt,
    report,
    revision,
    revision_media,
    template,
)

PAGE = 500


class FileFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A file of the standing version; `size` in bytes, `held` that all of it is here."""

    media_id: str
    name: str
    content_type: str
    size: int
    sha256: str
    held: bool


class DecisionFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The latest decision."""

    decision: str
    words: str
    by: str
    at: str


class ChecklistFacts(msgspec.Struct, frozen=True, kw_only=True):
    """What a report was filled with; `title` is what the checklist is called now."""

    template_id: str
    version: int
    title: str


class ReportFacts(msgspec.Struct, frozen=True, kw_only=True):
    """One report. Times are RFC 3339 in UTC; `zone` is that of the location, else of the device it was written on, with
    the device's offset for a zone that is not known here. `receipt` is the SHA-256 of the signed receipt. `answers` are
    those that the checklist asks for, by field id (protocol.templates.Field)."""

    instance_id: str
    revision_id: str
    state: str
    title: str
    text: str
    author: str
    author_id: str
    location: str | None
    location_id: str | None
    zone: str
    offset_minutes: int
    written: str
    written_grade: str
    received: str
    versions: int
    standing: int
    receipt: str | None
    decision: DecisionFacts | None
    files: tuple[FileFacts, ...]
    checklist: ChecklistFacts | None = None
    answers: dict[str, Any] = {}


def each_report(t: Transaction, actor: Actor, wanted: ReportFilter) -> Iterator[ReportFacts]:
    """The reports that `actor` may read, newest first. `t` sees one moment throughout (Database.read)."""
    last: Row[Any] | None = None
    while True:
        page = _page(t, actor, wanted, last)
        yield from _with_all(t, page)
        if len(page) < PAGE:
            return
        last = page[-1]


def _page(t: Transaction, actor: Actor, wanted: ReportFilter, last: Row[Any] | None) -> list[Row[Any]]:
    statement = (
        t.select(
            report,
            *report.c,
            member.c.name.label("author"),
            location.c.name.label("location"),
            location.c.zone.label("location_zone"),
            template.c.title.label("checklist"),
        )
        .join(member, member.c.member_id == report.c.member_id)
        .outerjoin(location, and_(location.c.location_id == report.c.location_id, t.owns(location)))
        .outerjoin(template, and_(template.c.template_id == report.c.template_id, t.owns(template)))
        .where(t.owns(member), visible(t, actor, report.c.member_id, report.c.location_id), *conditions(t, wanted))
    )
    if last is not None:
        reached = tuple_(report.c.received, report.c.instance_id)
        statement = statement.where(reached < tuple_(last.received, last.instance_id))
    return t.all(statement.order_by(report.c.received.desc(), report.c.instance_id.desc()).limit(PAGE))


def _with_all(t: Transaction, page: list[Row[Any]]) -> Iterator[ReportFacts]:
    ids = [row.instance_id for row in page]
    standing = heads_of(t, ids)
    head_ids = [heads[-1] for heads in standing.values()]
    versions, counts = _versions(t, head_ids), _counts(t, ids)
    files, receipts, decisions = _files(t, head_ids), _receipts(t, head_ids), _decisions(t, ids)
    for row in page:
        heads = standing[row.instance_id]
        version = versions[heads[-1]]
        yield ReportFacts(
            instance_id=row.instance_id,
            revision_id=heads[-1],
            state=row.state,
            title=version.title,
            text=version.text,
            author=row.author,
            author_id=row.member_id,
            location=row.location,
            location_id=row.location_id,
            zone=row.location_zone or version.zone,
            offset_minutes=version.offset_minutes,
            written=version.written_at,
            written_grade=version.grade,
            received=row.received,
            versions=counts[row.instance_id],
            standing=len(heads),
            receipt=receipts.get(heads[-1]),
            decision=decisions.get(row.instance_id),
            files=tuple(files.get(heads[-1], ())),
            checklist=_checklist(version, row.checklist),
            answers=msgspec.json.decode(version.answers) if version.answers else {},
        )


def _checklist(version: Row[Any], title: str | None) -> ChecklistFacts | None:
    if version.template_id is None:
        return None
    return ChecklistFacts(template_id=version.template_id, version=version.template_version, title=title or "")


def _versions(t: Transaction, revision_ids: Sequence[str]) -> dict[str, Row[Any]]:
    return {row.revision_id: row for row in t.all(t.select(revision).where(revision.c.revision_id.in_(revision_ids)))}


def _counts(t: Transaction, instance_ids: Sequence[str]) -> dict[str, int]:
    rows = t.all(
        t.select(revision, revision.c.instance_id, func.count().label("number"))
        .where(revision.c.instance_id.in_(instance_ids))
        .group_by(revision.c.instance_id)
    )
    return {row.instance_id: row.number for row in rows}


def _files(t: Transaction, revision_ids: Sequence[str]) -> dict[str, list[FileFacts]]:
    rows = t.all(
        select(revision_media.c.revision_id, revision_media.c.name, *media.c)
        .join(media, media.c.media_id == revision_media.c.media_id)
        .where(t.owns(revision_media), t.owns(media), revision_media.c.revision_id.in_(revision_ids))
        .order_by(revision_media.c.revision_id, revision_media.c.ordinal)
    )
    found: dict[str, list[FileFacts]] = {}
    for row in rows:
        found.setdefault(row.revision_id, []).append(
            FileFacts(
                media_id=row.media_id,
                name=row.name,
                content_type=row.content_type,
                size=row.size,
                sha256=row.sha256,
                held=row.held is not None,
            )
        )
    return found


def _receipts(t: Transaction, revision_ids: Sequence[str]) -> dict[str, str]:
    rows = t.all(
        t.select(receipt, receipt.c.revision_id, receipt.c.payload_sha256).where(
            receipt.c.revision_id.in_(revision_ids)
        )
    )
    return {row.revision_id: row.payload_sha256 for row in rows}


def _decisions(t: Transaction, instance_ids: Sequence[str]) -> dict[str, DecisionFacts]:
    return {
        instance_id: DecisionFacts(decision=row.decision, words=row.words, by=row.by, at=row.at)
        for instance_id, row in latest_reviews(t, instance_ids).items()
    }
