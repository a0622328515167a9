"""A report into the outbox, within one transaction: revision, manifest, operation; and no draft of it any more."""

import sqlite3
from datetime import datetime

import msgspec
import uuid6

from agent.api import AgentError, EditReport, Filed, FileReport
from agent.runtime import answering, checklists
from agent.runtime.manifests import manifest
from agent.runtime.queueing import queue_revision
from agent.store import drafts, locations, media, reports
from protocol.moment import Moment
from protocol.operations import ReportRevision
from rules.clock import format_utc
from rules.report_text import split_title


def put(
    connection: sqlite3.Connection, command: FileReport, *, written: Moment, check_in_id: str | None, now: datetime
) -> Filed:
    """A new report, written at that moment in that work session. Raises AgentError refused, not_found."""
    title, text = (command.title.strip(), command.text) if command.title else split_title(command.text)
    locations.check(connection, command.location_id)
    filled = checklists.fill(
        connection,
        template_id=command.template_id,
        version=command.template_version,
        answers=command.answers,
        media=command.media,
        types=checklists.attached_types(connection) if command.template_id else {},
    )
    if not title and not text.strip() and not filled.media and not filled.answers:
        raise AgentError("refused", "There is nothing in this report yet. Write what happened, or add a photo.")
    files = manifest(connection, filled.media)
    if command.instance_id and reports.is_here(connection, command.instance_id):
        raise AgentError("refused", "This report was sent already.")
    revision = ReportRevision(
        instance_id=command.instance_id or str(uuid6.uuid7()),
        revision_id=str(uuid6.uuid7()),
        title=title or filled.title or (files[0].name if files else ""),
        text=text,
        location_id=command.location_id,
        check_in_id=check_in_id,
        template_id=filled.template_id,
        template_version=filled.template_version,
        answers=filled.answers,
        media=files,
        written=written,
    )
    _keep(connection, revision, filled.words, now)
    draft = drafts.find(connection, command.instance_id) if command.instance_id else None
    if draft is not None:
        drafts.forget(connection, draft.draft_id)
        answering.take_up_comments(connection, revision.instance_id)
    filed = Filed(instance_id=revision.instance_id, revision_id=revision.revision_id)
    if not command.undoable:
        return filed
    was = drafts.StoredDraft(
        draft_id=revision.instance_id,
        text=f"{command.title}\n{command.text}" if command.title else command.text,
        location_id=command.location_id,
        place_chosen=draft.place_chosen if draft is not None else True,
        saved_at=written.utc,
        template_id=filled.template_id,
        template_version=filled.template_version,
        answers=command.answers,
    )
    return msgspec.structs.replace(filed, undo_until=drafts.hold(connection, was, now))


def edit_of(connection: sqlite3.Connection, command: FileReport) -> EditReport | None:
    """What is sent as a draft of another version of a report is that version; None where it is a new report."""
    draft = drafts.find(connection, command.instance_id) if command.instance_id else None
    if draft is None or draft.edits is None:
        return None
    return EditReport(
        account=command.account,
        instance_id=draft.edits,
        text=command.text,
        title=command.title,
        location_id=command.location_id,
        media=command.media,
        template_id=command.template_id,
        template_version=command.template_version,
        answers=command.answers if command.template_id is not None else None,
        draft_id=draft.draft_id,
    )


def _keep(connection: sqlite3.Connection, revision: ReportRevision, words: str, now: datetime) -> None:
    operation_id = queue_revision(connection, revision)
    reports.file(connection, revision, operation_id=operation_id, at=format_utc(now), answers=words)
    if revision.media:
        media.claim(connection, revision.revision_id, tuple(one.media_id for one in revision.media))
