"""Comments on a report, by its author and by whoever may read it. Append-only, kept once like every operation."""

from typing import Any

from sqlalchemy import Row, Select

from protocol.changes import COMMENT, CommentView
from protocol.operations import ReportComment
from protocol.sync import Operation
from rules.clock import format_utc
from rules.review import MAX_COMMENT
from server import access
from server.accounts.scope import visible
from server.bounds import check_id, check_text, judged, refused
from server.feed import publish
from server.problems import problem
from server.storage.database import Actor, Transaction
from server.storage.tables import member, report, report_comment


def comment(t: Transaction, actor: Actor, operation: Operation, body: ReportComment) -> bool:
    """Keep a comment and tell the report's member; always True, as comments never conflict. Raises ProblemError.

    A comment's truth never changes after this, so that nobody else's row needs to be held for telling it.
    """
    _check(operation, body)
    owner_id = t.scalar(
        t.select(report, report.c.member_id).where(
            report.c.instance_id == body.instance_id, visible(t, actor, report.c.member_id, report.c.location_id)
        )
    )
    if owner_id is None:
        detail = "The report that this comment is about is not here. Send the report first, then the comment."
        raise problem("unknown-report", 404, "Unknown report", detail, field="$.instance_id")
    time = judged(body.written, "$.written") if body.written is not None else None
    new = t.insert_new(
        report_comment,
        comment_id=body.comment_id,
        instance_id=body.instance_id,
        member_id=actor.member_id,
        operation_id=operation.id,
        text=body.text.strip(),
        at=format_utc(time.at) if time is not None else t.now_text,
        grade=time.grade if time is not None else "server",
        received=t.now_text,
    )
    if not new:
        detail = "This comment was already sent in other words. Write it again and send it."
        raise problem("comment-reused", 409, "Comment already known", detail, field="$.comment_id")
    row = t.connection.execute(comments(t).where(report_comment.c.comment_id == body.comment_id)).one()
    publish(t, COMMENT, body.comment_id, comment_view(row), owner_id)
    if actor.member_id != owner_id:
        access.record(t, actor, "comment", "report", body.instance_id, subject_id=owner_id)
    return True


def comments(t: Transaction) -> Select[Any]:
    """Rows of `report_comment` with the author's `name` and the report's `owner_id`; narrow it with `.where()`."""
    return (
        t.select(report_comment, *report_comment.c, member.c.name, report.c.member_id.label("owner_id"))
        .join(member, member.c.member_id == report_comment.c.member_id)
        .join(report, report.c.instance_id == report_comment.c.instance_id)
        .where(t.owns(member), t.owns(report))
    )


def comment_view(row: Row[Any]) -> CommentView:
    """A row of `comments` as the report's member is told of it."""
    return CommentView(
        comment_id=row.comment_id,
        instance_id=row.instance_id,
        by=row.name,
        text=row.text,
        at=row.at,
        own=row.member_id == row.owner_id,
    )


def _check(operation: Operation, body: ReportComment) -> None:
    check_id(body.comment_id, "$.comment_id")
    check_id(body.instance_id, "$.instance_id")
    if operation.entity != body.comment_id:
        raise refused(
            "bad-entity", "Mixed-up ids", "This item names two comments. Update the app and send again.", "$.entity"
        )
    check_text(body.text, "The comment", "$.text", MAX_COMMENT)
    if not body.text.strip():
        raise refused("empty-comment", "Empty comment", "The comment is empty. Write it, and send it again.", "$.text")
