"""What a person answers when a report comes back: a corrected version, a comment. Each is one change of work.db."""

import sqlite3

import msgspec
import uuid6

from agent.api import AddComment, AgentError, Commented, EditReport, Filed
from agent.runtime import checklists, versions
from agent.runtime.manifests import manifest
from agent.runtime.queueing import queue_revision
from agent.store import comments, drafts, operations, reports
from agent.store import media as media_rows
from agent.store.work import fact
from protocol.changes import MEMBER, MemberView
from protocol.moment import Moment
from protocol.operations import REPORT_COMMENT, ManifestEntry, ReportComment, ReportRevision
from rules.clock import format_utc, judge
from rules.report_text import split_title
from rules.review import MAX_COMMENT
from rules.sentence import Sentence

Gone = tuple[tuple[str, str], ...]
"""(media id, name in the spool) of files that may be deleted after the commit."""


def edit_report(connection: sqlite3.Connection, command: EditReport, written: Moment) -> tuple[Filed, Gone]:
    """Keep another version, which follows what stands. Raises AgentError refused, not_found."""
    title, text = (command.title.strip(), command.text) if command.title else split_title(command.text)
    base = versions.base_of(connection, command.instance_id)
    last = base.revision
    pool = versions.files(connection, base)
    media = _media(connection, command.media, last, pool)
    filled = _refilled(connection, command, msgspec.structs.replace(last, media=media))
    title = title or filled.title
    if not title and not text.strip():
        raise AgentError("refused", "There is nothing in this report any more. Write what happened.")
    place = last.location_id if isinstance(command.location_id, msgspec.UnsetType) else command.location_id
    same = (title, text, filled.answers, media, place) == (
        last.title,
        last.text,
        last.answers,
        last.media,
        last.location_id,
    )
    if same and len(base.parents) < 2:
        raise AgentError("refused", "Nothing is changed yet. Correct the text, or answer with a comment.")
    revision = msgspec.structs.replace(
        last,
        revision_id=str(uuid6.uuid7()),
        parents=base.parents,
        title=title,
        text=text,
        location_id=place,
        template_id=filled.template_id,
        template_version=filled.template_version,
        answers=filled.answers,
        media=media,
        written=written,
    )
    drafts.hold_no_longer(connection, command.instance_id)
    reports.edit(connection, revision, operation_id=queue_revision(connection, revision), answers=filled.words)
    if command.draft_id:
        drafts.forget(connection, command.draft_id)
    stays = {one.media_id for one in media}
    _claim(connection, revision, tuple(one.media_id for one in media if one not in pool))
    gone = media_rows.take_off(connection, [one.media_id for one in last.media if one.media_id not in stays])
    return Filed(instance_id=revision.instance_id, revision_id=revision.revision_id), tuple(gone)


def _media(
    connection: sqlite3.Connection,
    wished: tuple[str, ...] | None,
    last: ReportRevision,
    pool: tuple[ManifestEntry, ...],
) -> tuple[ManifestEntry, ...]:
    """The files of the correction: those that stay of the versions it follows (`pool`), then those that are new."""
    if wished is None:
        return pool
    kept = tuple(one for one in pool if one.media_id in wished)
    known = {one.media_id for one in pool}
    answers = b"".join(bytes(one.value) for one in last.answers)
    if any(one.media_id.encode() in answers for one in last.media if one not in kept):
        raise AgentError("refused", "This file answers a question of the checklist. Correct the answer to take it off.")
    return kept + manifest(connection, tuple(one for one in wished if one not in known), others=kept)


def _claim(connection: sqlite3.Connection, revision: ReportRevision, media_ids: tuple[str, ...]) -> None:
    """Files that this version brought; with some, the report is not received in full any more."""
    media_rows.claim(connection, revision.revision_id, media_ids)
    if media_ids:
        connection.execute("UPDATE report SET done_at = NULL WHERE instance_id = ?", (revision.instance_id,))


def _refilled(connection: sqlite3.Connection, command: EditReport, last: ReportRevision) -> checklists.Filled:
    """The answers of the correction, which are those of the version before where it brings none."""
    if command.answers is None:
        template = checklists.template_of(connection, last)
        return checklists.Filled(
            template_id=last.template_id,
            template_version=last.template_version,
            title=template.title if template is not None else "",
            answers=last.answers,
            words=reports.words_of_answers(connection, last.instance_id),
        )
    return checklists.fill(
        connection,
        template_id=command.template_id or last.template_id,
        version=last.template_version if command.template_id is None else command.template_version,
        answers=command.answers,
        media=tuple(one.media_id for one in last.media),
        types={one.media_id: one.content_type for one in last.media},
    )


def take_up_comments(connection: sqlite3.Connection, instance_id: str) -> None:
    """Of a report that is sent after it was refused or taken back: what was written about it follows it again."""
    for comment, body, by, at in comments.take_up(connection, instance_id):
        _put_in_line(connection, comment, body, by=by, at=at)


def _put_in_line(connection: sqlite3.Connection, comment: ReportComment, body: bytes, *, by: str, at: str) -> None:
    operation_id = str(uuid6.uuid7())
    operations.add(
        connection,
        operation_id=operation_id,
        kind=REPORT_COMMENT,
        entity=comment.comment_id,
        item_id=comment.instance_id,
        body=body,
    )
    comments.add(connection, comment, operation_id=operation_id, by=by, at=at)


def add_comment(connection: sqlite3.Connection, command: AddComment, written: Moment) -> Commented:
    """Keep a comment. Raises AgentError refused, not_found."""
    text = command.text.strip()
    if not text:
        raise AgentError("refused", "The comment is empty. Write it first.")
    if len(text) > MAX_COMMENT:
        raise AgentError(
            "refused",
            Sentence(
                "The comment has %(count)s characters; %(most)s is the most. Shorten it, or send two.",
                count=len(text),
                most=MAX_COMMENT,
            ),
        )
    reports.report(connection, command.instance_id)  # or nothing is kept
    drafts.hold_no_longer(connection, command.instance_id)
    comment = ReportComment(comment_id=str(uuid6.uuid7()), instance_id=command.instance_id, text=text, written=written)
    member = fact(connection, MEMBER, MemberView)
    by = member.name if member is not None else ""
    comments.keep_draft(connection, command.instance_id, "")
    _put_in_line(connection, comment, msgspec.json.encode(comment), by=by, at=format_utc(judge(written).at))
    return Commented(comment_id=comment.comment_id)


def can_correct(connection: sqlite3.Connection, row: reports.ActivityRow) -> bool:
    """Whether the report asks for another version, and the text that stands is here."""
    return bool(row.asks) and versions.base(connection, row) is not None
