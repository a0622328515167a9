"""Drafts of one account: kept while they are written, sent, taken back, and begun from a report."""

import sqlite3
from collections.abc import Sequence

import msgspec
import uuid6

from agent.api import (
    AgentError,
    Attach,
    CopyReport,
    DiscardDraft,
    Draft,
    DraftList,
    DraftSaved,
    DraftsSent,
    Filed,
    FileReport,
    KeptDraft,
    ReopenReport,
    SaveComment,
    SaveDraft,
    SendDrafts,
    SetTold,
    TellNews,
    UndoSend,
)
from agent.runtime import attaching, checklists, editing, versions
from agent.runtime.looking import list_drafts, open_draft
from agent.runtime.workplace import Workplace
from agent.store import comments, drafts, media, news, reports, templates
from agent.store.media import ReportFile
from rules.clock import format_utc
from rules.report_text import split_title
from rules.templates.carrying import with_media
from rules.templates.filling import answers_of


def carry_out(
    workplace: Workplace, command: SaveDraft | DiscardDraft | UndoSend | SaveComment | TellNews | SetTold
) -> DraftSaved | DraftList | None:
    """What the command says, committed when this returns. Raises AgentError."""
    match command:
        case SaveDraft():
            return save(workplace, command)
        case DiscardDraft():
            discard(workplace, command.draft_id)
            return None
        case UndoSend():
            return undo_send(workplace, command.instance_ids)
        case TellNews():
            workplace.store.write(news.tell).result()
            workplace.changed()
            return None
        case SetTold():
            workplace.store.write(lambda c: news.choose(c, command.kind, told=command.told)).result()
            workplace.changed("settings")
            return None
        case SaveComment():
            workplace.store.write(lambda c: comments.keep_draft(c, command.instance_id, command.text)).result()
            return None


def save(workplace: Workplace, command: SaveDraft) -> DraftSaved:
    """Raises AgentError refused for a report that was sent, cannot_store."""
    draft = drafts.StoredDraft(
        draft_id=command.draft_id,
        text=command.text,
        location_id=command.location_id,
        place_chosen=command.place_chosen,
        saved_at=format_utc(workplace.clock.now()),
        media=command.media,
        template_id=command.template_id,
        template_version=command.template_version,
        answers=command.answers,
    )

    def keep(connection: sqlite3.Connection) -> bool:
        if reports.item(connection, draft.draft_id) is not None:
            raise AgentError("refused", "This report was sent already. Write a new one.")
        return drafts.save(connection, draft)

    if workplace.store.write(keep).result():
        workplace.changed("drafts")
    return DraftSaved(draft_id=draft.draft_id, saved_at=draft.saved_at)


def discard(workplace: Workplace, draft_id: str) -> None:
    """Forget it and its files."""
    for media_id, name in workplace.store.write(lambda c: drafts.discard(c, draft_id)).result():
        workplace.spool.forget(name)
        workplace.thumbnails.forget(media_id)
    workplace.changed("drafts")


def send(workplace: Workplace, command: SendDrafts) -> DraftsSent:
    """Each in a transaction of its own; one that is refused holds up no other. Raises AgentError cannot_store."""
    filed: list[Filed] = []
    kept: list[KeptDraft] = []
    gone: list[tuple[str, str]] = []

    def put(connection: sqlite3.Connection, draft_id: str) -> Filed | None:
        draft = drafts.find(connection, draft_id)
        if draft is None:
            return None
        if draft.edits is not None:
            done, taken_off = workplace.put_edit(connection, editing.command_of(command.account, draft))
            gone.extend(taken_off)
            return done
        report = FileReport(
            account=command.account,
            text=draft.text,
            location_id=draft.location_id,
            media=draft.media,
            template_id=draft.template_id,
            template_version=draft.template_version,
            answers=draft.answers,
            instance_id=draft_id,
            undoable=command.undoable,
        )
        return workplace.put_report(connection, report)

    try:
        for draft_id in command.draft_ids:
            try:
                done = workplace.store.write(lambda c, draft_id=draft_id: put(c, draft_id)).result()  # type: ignore[misc]
            except AgentError as error:
                if error.kind == "cannot_store":
                    raise
                title = workplace.store.read(lambda c, one=draft_id: _title(c, one))  # type: ignore[misc]
                kept.append(KeptDraft(draft_id=draft_id, title=title, sentence=error.sentence))
            else:
                filed += [done] if done is not None else []
    finally:
        workplace.let_go_of(gone)
        if filed:
            workplace.filed(filed)
    return DraftsSent(filed=tuple(filed), kept=tuple(kept))


def _title(connection: sqlite3.Connection, draft_id: str) -> str:
    draft = drafts.find(connection, draft_id)
    if draft is None:
        return ""
    return split_title(draft.text)[0] or templates.title(connection, draft.template_id, draft.template_version)


def undo_send(workplace: Workplace, instance_ids: tuple[str, ...]) -> DraftList:
    """All that have not left yet become drafts again, in one transaction. Raises AgentError refused if none has."""
    now = workplace.clock.now()

    def take_back(connection: sqlite3.Connection) -> tuple[str, ...]:
        return tuple(one for one in instance_ids if drafts.take_back(connection, one, now))

    undone = workplace.store.write(take_back).result()
    if not undone:
        raise AgentError("refused", "It is too late to undo this: the report is on its way. Write a second one.")
    workplace.changed("activity", "drafts")
    return DraftList(items=tuple(one for one in list_drafts(workplace).items if one.draft_id in undone))


def copy_report(workplace: Workplace, command: CopyReport) -> Draft:
    """A new draft like that report. Raises AgentError not_found, refused while its text is not here, cannot_store."""
    row = workplace.store.read(lambda c: reports.report(c, command.instance_id))
    last = workplace.store.read(lambda c: versions.base_of(c, command.instance_id)).revision
    copied = {
        str(one["media_id"]): _copy(workplace, one)
        for one in workplace.store.read(lambda c: reports.files(c, command.instance_id))
        if not one["released"] and workplace.spool.path(one["file_name"]).exists()
    }
    copies = tuple(copied.values())
    files = workplace.store.read(lambda c: versions.report_files(c, row))
    ids = {media_id: copy.media_id for media_id, copy in copied.items()}
    ids |= _attach_fetched(workplace, command, [one for one in files if one.media_id not in copied])
    now = format_utc(workplace.clock.now())

    def keep(connection: sqlite3.Connection) -> None:
        place = connection.execute(
            "SELECT location_id FROM report JOIN location USING (location_id) WHERE instance_id = ? AND active",
            (command.instance_id,),
        ).fetchone()
        for copy in copies:
            media.add(connection, copy, now)
        template = checklists.template_of(connection, last)
        draft = drafts.StoredDraft(
            draft_id=command.draft_id,
            text=checklists.in_one_box(row.title, row.text, template),
            location_id=place["location_id"] if place is not None else None,
            place_chosen=place is not None,
            saved_at=now,
            media=tuple(ids[one.media_id] for one in files if one.media_id in ids),
        )
        if template is not None:
            draft = msgspec.structs.replace(
                draft,
                template_id=template.template_id,
                template_version=template.version,
                answers=with_media(template.fields, answers_of(last.answers), ids),
            )
        drafts.save(connection, draft)

    try:
        workplace.store.write(keep).result()
    except BaseException:  # the copies are of no use to anybody
        for copy in copies:
            workplace.spool.forget(copy.file_name)
        raise
    for copy in copies:
        workplace.thumbnails.make(copy.media_id, workplace.spool.path(copy.file_name))
    workplace.changed("drafts")
    return open_draft(workplace, command.draft_id)


def reopen(workplace: Workplace, command: ReopenReport) -> Draft:
    """The draft that a refused report was. Raises AgentError refused for one the server may have, cannot_store."""
    now = format_utc(workplace.clock.now())

    def take_back(connection: sqlite3.Connection) -> None:
        last = reports.latest_version(connection, command.instance_id)
        if last is None or reports.refused_field(connection, command.instance_id) is None:
            raise AgentError("refused", "This report is on its way or was received. Write a comment, or a second one.")
        draft = drafts.StoredDraft(
            draft_id=command.instance_id,
            text=checklists.in_one_box(last.title, last.text, checklists.template_of(connection, last)),
            location_id=last.location_id,
            place_chosen=True,
            saved_at=now,
            template_id=last.template_id,
            template_version=last.template_version,
            answers=answers_of(last.answers),
        )
        drafts.unfile(connection, draft)

    workplace.store.write(take_back).result()
    workplace.changed("activity", "drafts")
    return open_draft(workplace, command.instance_id)


def _attach_fetched(workplace: Workplace, command: CopyReport, files: Sequence[ReportFile]) -> dict[str, str]:
    """Those that were fetched again are attached anew, as the person's choices are now: their ids, by those they were
    fetched under. One that is not taken stays out of the copy. Raises AgentError cannot_store."""
    taken = {}
    for one in files:
        path = workplace.originals.find(one.file_name)
        if path is None:
            continue
        try:
            attached = attaching.attach(workplace, Attach(account=command.account, path=str(path), name=one.name))
        except AgentError as error:
            if error.kind == "cannot_store":
                raise
        else:
            taken[one.media_id] = attached.media_id
    return taken


def _copy(workplace: Workplace, row: sqlite3.Row) -> media.SpooledFile:
    values = {name: row[name] for name in media.SpooledFile.__struct_fields__}
    original = msgspec.convert(values, media.SpooledFile, strict=False)
    media_id = str(uuid6.uuid7())
    name = workplace.spool.duplicate(original.file_name, media_id=media_id, shown=original.name)
    return msgspec.structs.replace(original, media_id=media_id, file_name=name)
