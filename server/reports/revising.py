"""Keeping a revision: never refused for being late. One that was overtaken stands beside the other as a sibling."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from protocol.changes import REPORT, Mark, ReportView, ReviewView
from protocol.operations import ReportRevision
from protocol.sync import Operation
from rules.clock import format_utc
from rules.report_text import MAX_TEXT_BYTES, MAX_TITLE
from rules.review import review_state
from server.bounds import check_id, check_location, check_text, judged, refused
from server.feed import publish
from server.policy.document import policy_for_checks
from server.problems import problem
from server.reports.manifest import announce, check_manifest
from server.reports.marking import marks_of
from server.storage.database import Actor, Transaction
from server.storage.moments import moment_columns
from server.storage.tables import media, member, report, review, revision, revision_media, revision_parent
from server.templates.answering import filled

_MAX_PARENTS = 16


def revise(t: Transaction, actor: Actor, operation: Operation, body: ReportRevision) -> bool:
    """Keep the revision and tell its member; False when another revision of the same parent stands (a conflict).

    The caller holds the member (server.storage.members) and has stored the operation. Raises ProblemError.
    """
    check(t, operation, body)
    _check_instance(t, actor, body)
    row = revision_row(t, operation, body)
    t.insert_new(report, **report_row(t, actor, body))
    if not t.insert_new(revision, **row):
        detail = "This version of the report was already sent in other words. Save the report again and send it."
        raise problem("revision-reused", 409, "Version already known", detail, field="$.revision_id")
    for parent_id in body.parents:
        t.insert(revision_parent, revision_id=body.revision_id, parent_id=parent_id)
    announce(t, actor, body.revision_id, body.media)
    follow_newest_head(t, body.instance_id)
    publish_report(t, body.instance_id)
    return not _has_sibling(t, body)


def report_row(t: Transaction, actor: Actor, body: ReportRevision) -> dict[str, Any]:
    """The columns of a report with this only revision."""
    return {
        "instance_id": body.instance_id,
        "member_id": actor.member_id,
        "state": review_state(1, [body.revision_id], None),
        "title": body.title,
        "location_id": body.location_id,
        "template_id": body.template_id,
        "received": t.now_text,
    }


def revision_row(t: Transaction, operation: Operation, body: ReportRevision) -> dict[str, Any]:
    """The columns of a revision. Raises ProblemError for a time that cannot be and answers that no app makes."""
    time = judged(body.written, "$.written")
    answered = filled(t, body)
    return {
        "revision_id": body.revision_id,
        "instance_id": body.instance_id,
        "operation_id": operation.id,
        "title": body.title,
        "text": body.text,
        "location_id": body.location_id,
        "check_in_id": body.check_in_id,
        "template_id": body.template_id,
        "template_version": body.template_version,
        "answers": answered.answers,
        "answer_words": answered.words,
        **moment_columns(body.written),
        "written_at": format_utc(time.at),
        "grade": time.grade,
        "received": t.now_text,
    }


def heads(t: Transaction, instance_id: str) -> list[str]:
    """The revisions that no other one of the report has revised, oldest writing first."""
    return heads_of(t, [instance_id]).get(instance_id, [])


def heads_of(t: Transaction, instance_ids: Sequence[str]) -> dict[str, list[str]]:
    """The same of several reports. A revision of another report may name any parent before it is here, and does not
    count."""
    later = revision.alias("later")
    child = (
        select(revision_parent.c.parent_id)
        .join(later, later.c.revision_id == revision_parent.c.revision_id)
        .where(
            t.owns(revision_parent),
            t.owns(later),
            revision_parent.c.parent_id == revision.c.revision_id,
            later.c.instance_id == revision.c.instance_id,
        )
        .exists()
    )
    rows = t.all(
        t.select(revision, revision.c.instance_id, revision.c.revision_id)
        .where(revision.c.instance_id.in_(instance_ids), ~child)
        .order_by(revision.c.written_at, revision.c.revision_id)
    )
    standing: dict[str, list[str]] = {}
    for row in rows:
        standing.setdefault(row.instance_id, []).append(row.revision_id)
    return standing


def latest_review(t: Transaction, instance_id: str) -> Row[Any] | None:
    """The latest decision about a report, a row of `review` with who decided as `by`."""
    return latest_reviews(t, [instance_id]).get(instance_id)


def latest_reviews(t: Transaction, instance_ids: Sequence[str]) -> dict[str, Row[Any]]:
    """The same of several reports; those without a decision are left out."""
    rows = t.all(
        t.select(review, *review.c, member.c.name.label("by"))
        .join(member, member.c.member_id == review.c.member_id)
        .where(t.owns(member), review.c.instance_id.in_(instance_ids))
        .order_by(review.c.ordinal)
    )
    return {row.instance_id: row for row in rows}


def report_views(t: Transaction, instance_ids: Sequence[str]) -> list[ReportView]:
    """The present truth of reports that are there, in this order."""
    rows = {row.instance_id: row for row in t.all(t.select(report).where(report.c.instance_id.in_(instance_ids)))}
    standing, decided = heads_of(t, instance_ids), latest_reviews(t, instance_ids)
    marks = marks_of(t, instance_ids)
    missing = _missing_media(t, [head for heads in standing.values() for head in heads])
    return [
        ReportView(
            instance_id=instance_id,
            state=rows[instance_id].state,
            title=rows[instance_id].title,
            heads=tuple(standing.get(instance_id, ())),
            received=rows[instance_id].received,
            missing=tuple(sorted({one for head in standing.get(instance_id, ()) for one in missing.get(head, ())})),
            review=_review_view(decided.get(instance_id), marks),
            location_id=rows[instance_id].location_id,
            template_id=rows[instance_id].template_id,
        )
        for instance_id in instance_ids
    ]


def _review_view(row: Row[Any] | None, marks: dict[tuple[str, int], tuple[Mark, ...]]) -> ReviewView | None:
    if row is None:
        return None
    return ReviewView(
        decision=row.decision,
        revision_id=row.revision_id,
        by=row.by,
        at=row.at,
        words=row.words,
        marks=marks.get((row.instance_id, row.ordinal), ()),
    )


def _missing_media(t: Transaction, revision_ids: Sequence[str]) -> dict[str, list[str]]:
    """The files of these revisions that are not held in full, by revision."""
    rows = t.all(
        t.select(revision_media, revision_media.c.revision_id, revision_media.c.media_id)
        .join(media, media.c.media_id == revision_media.c.media_id)
        .where(t.owns(media), revision_media.c.revision_id.in_(revision_ids), media.c.held.is_(None))
    )
    found: dict[str, list[str]] = {}
    for row in rows:
        found.setdefault(row.revision_id, []).append(row.media_id)
    return found


def publish_report(t: Transaction, instance_id: str) -> None:
    """Tell the report's member its present truth."""
    owner = t.scalar(t.select(report, report.c.member_id).where(report.c.instance_id == instance_id))
    publish(t, REPORT, instance_id, report_views(t, [instance_id])[0], owner)


def follow_newest_head(t: Transaction, instance_id: str) -> None:
    """The report is called what its newest standing revision calls it, and is in the state that its revisions and the
    latest decision make, in whatever order they came."""
    standing = heads(t, instance_id)
    if not standing:
        return
    revisions = t.scalar(t.select(revision, func.count()).where(revision.c.instance_id == instance_id))
    newest = t.connection.execute(t.select(revision).where(revision.c.revision_id == standing[-1])).one()
    last = latest_review(t, instance_id)
    decided = None if last is None else (last.revision_id, last.decision)
    t.execute(
        t.update(report)
        .where(report.c.instance_id == instance_id)
        .values(
            title=newest.title,
            location_id=newest.location_id,
            template_id=newest.template_id,
            state=review_state(revisions, standing, decided),
        )
    )


def check(t: Transaction, operation: Operation, body: ReportRevision) -> None:
    """Raise ProblemError for the first thing that no revision may be, whatever else is here."""
    check_id(body.instance_id, "$.instance_id")
    check_id(body.revision_id, "$.revision_id")
    if operation.entity != body.instance_id:
        raise refused(
            "bad-entity", "Mixed-up ids", "This item names two reports. Update the app and send again.", "$.entity"
        )
    if len(body.parents) > _MAX_PARENTS or body.revision_id in body.parents:
        detail = "The history of this report cannot be read. Update the app and send again."
        raise refused("bad-parents", "Unreadable history", detail, "$.parents", _MAX_PARENTS)
    for index, parent_id in enumerate(body.parents):
        check_id(parent_id, f"$.parents[{index}]")
    check_text(body.title, "The title", "$.title", MAX_TITLE)
    check_text(body.text, "The text", "$.text", MAX_TEXT_BYTES)
    if len(body.text.encode()) > MAX_TEXT_BYTES:
        detail = f"The text is over {MAX_TEXT_BYTES} bytes. Shorten it and send it again."
        raise refused("too-long", "Too long", detail, "$.text", MAX_TEXT_BYTES)
    if not (body.title.strip() or body.text.strip() or body.media or body.answers):
        detail = "There is nothing in this report yet. Write what happened, or add a photo, and send it again."
        raise refused("empty-report", "Empty report", detail, "$.title")
    if body.check_in_id is not None:
        check_id(body.check_in_id, "$.check_in_id")
    check_location(t, body.location_id, "$.location_id")
    check_manifest(body.media, policy_for_checks(t).max_media_bytes)


def _check_instance(t: Transaction, actor: Actor, body: ReportRevision) -> None:
    """A report is revised by its own member only, and a parent belongs to the same report."""
    owner = t.scalar(t.select(report, report.c.member_id).where(report.c.instance_id == body.instance_id))
    if owner is not None and owner != actor.member_id:
        detail = "This report belongs to somebody else. Write a new report instead."
        raise problem("not-yours", 403, "Somebody else's report", detail, field="$.instance_id")
    strangers = t.select(revision, revision.c.revision_id).where(
        revision.c.revision_id.in_(body.parents), revision.c.instance_id != body.instance_id
    )
    if t.first(strangers) is not None:
        detail = "This version continues another report. Save the report again and send it."
        raise refused("bad-parents", "Unreadable history", detail, "$.parents")


def _has_sibling(t: Transaction, body: ReportRevision) -> bool:
    """Whether another revision has the same parent or, for a first revision, whether there is another first."""
    others = t.select(revision, func.count()).where(
        revision.c.instance_id == body.instance_id, revision.c.revision_id != body.revision_id
    )
    parents = select(revision_parent.c.revision_id).where(t.owns(revision_parent))
    if body.parents:
        siblings = parents.where(revision_parent.c.parent_id.in_(body.parents))
        return bool(t.scalar(others.where(revision.c.revision_id.in_(siblings))))
    return bool(t.scalar(others.where(revision.c.revision_id.not_in(parents))))
