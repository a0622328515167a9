"""The versions of a report as a list, page by page and without their texts: those may be large, and many."""

import msgspec
from sqlalchemy import and_, func, or_

from server.reports.lateness import late_revisions
from server.reports.reading import ReportDetail, RevisionRow, parents_of
from server.reports.revising import heads
from server.storage.database import Transaction
from server.storage.tables import revision

MOST_LISTED = 10
"""Of a page."""


class VersionRow(msgspec.Struct, frozen=True, kw_only=True):
    """One version: its `number` (1 was written first), `head` and `late` as `reading.RevisionRow`."""

    number: int
    revision_id: str
    parents: tuple[str, ...]
    title: str
    written_at: str
    zone: str
    offset_minutes: int
    head: bool
    late: bool


class History(msgspec.Struct, frozen=True, kw_only=True):
    """A page of versions, newest first; `total` counts all."""

    rows: tuple[VersionRow, ...]
    total: int


def history(t: Transaction, instance_id: str, skip: int = 0) -> History:
    """The versions after the `skip` newest ones. The caller has asked `read_report`."""
    this = revision.c.instance_id == instance_id
    total = int(t.scalar(t.select(revision, func.count()).where(this)))
    names = ("instance_id", "revision_id", "title", "written_at", "received", "zone", "offset_minutes")
    rows = t.all(
        t.select(revision, *(revision.c[name] for name in names))
        .where(this)
        .order_by(revision.c.written_at.desc(), revision.c.revision_id.desc())
        .limit(MOST_LISTED)
        .offset(skip)
    )
    parents = parents_of(t, [row.revision_id for row in rows])
    late = late_revisions(t, rows, parents)
    standing = set(heads(t, instance_id))
    listed = (
        VersionRow(
            number=total - skip - index,
            revision_id=row.revision_id,
            parents=tuple(parents.get(row.revision_id, ())),
            title=row.title,
            written_at=row.written_at,
            zone=row.zone,
            offset_minutes=row.offset_minutes,
            head=row.revision_id in standing,
            late=row.revision_id in late,
        )
        for index, row in enumerate(rows)
    )
    return History(rows=tuple(listed), total=total)


def first_version(t: Transaction, report: ReportDetail) -> str:
    """The id of the version that was written first."""
    this = revision.c.instance_id == report.summary.instance_id
    order = (revision.c.written_at, revision.c.revision_id)
    return str(t.scalar(t.select(revision, revision.c.revision_id).where(this).order_by(*order).limit(1)))


def number_of(t: Transaction, report: ReportDetail, one: RevisionRow) -> int:
    """The number of a version of the report."""
    earlier = or_(
        revision.c.written_at < one.written_at,
        and_(revision.c.written_at == one.written_at, revision.c.revision_id <= one.revision_id),
    )
    this = revision.c.instance_id == report.summary.instance_id
    return int(t.scalar(t.select(revision, func.count()).where(this, earlier)))
