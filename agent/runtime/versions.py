"""The versions of a report that stand: which one is shown and followed, and what a person settles between them."""

import sqlite3

import msgspec
import uuid6

from agent.api import AgentError, Filed, KeepVersion, VersionItem
from agent.runtime import checklists
from agent.runtime.queueing import queue_revision
from agent.store import media, reports, versions
from agent.store.media import ReportFile
from agent.store.reports import ActivityRow
from protocol.changes import ReportView
from protocol.moment import Moment
from protocol.operations import ManifestEntry, ReportRevision
from rules.clock import format_utc, judge
from rules.templates.filling import answers_of
from rules.templates.reading import Line, Words, lines

MOST_PARENTS = 16
_LOOKED_BACK = 20  # reports whose text may not be here


class Base(msgspec.Struct, frozen=True):
    """What another version begins with, and the versions it follows."""

    revision: ReportRevision
    parents: tuple[str, ...]


def standing(row: ActivityRow) -> tuple[str, ...]:
    """The versions that stand, as the server last told; empty before it did."""
    return msgspec.json.decode(row.server, type=ReportView).heads if row.server is not None else ()


def base(connection: sqlite3.Connection, row: ActivityRow) -> Base | None:
    """What is shown of a report, and so what another version follows; None while no text of it is here.

    One that was written here and is on its way counts before what the server told. Of several that stand, those whose
    text is not here are not followed: nobody has read them.
    """
    own = reports.latest_version(connection, row.item_id)
    heads = standing(row)
    if own is not None and (row.pending or not heads):
        return Base(own, (own.revision_id,))
    found = {head: versions.find(connection, head) for head in heads}
    here = {head: revision for head, revision in found.items() if revision is not None}
    if not here:
        return None
    shown = own if own is not None and own.revision_id in here else here[[head for head in heads if head in here][-1]]
    rest = tuple(head for head in here if head != shown.revision_id)
    return Base(shown, (shown.revision_id, *rest)[:MOST_PARENTS])


def base_of(connection: sqlite3.Connection, instance_id: str) -> Base:
    """The same of a report that is to be changed. Raises AgentError not_found, refused."""
    found = base(connection, reports.report(connection, instance_id))
    if found is None:
        raise AgentError(
            "refused", "The text of this report is not on this computer yet. Sync with the server, then try again."
        )
    return found


def files(connection: sqlite3.Connection, followed: Base) -> tuple[ManifestEntry, ...]:
    """The files of the versions that are followed, each once: those of the one that is shown first."""
    found = {one.media_id: one for one in followed.revision.media}
    for parent in followed.parents:
        revision = versions.find(connection, parent)
        for one in revision.media if revision is not None else ():
            found.setdefault(one.media_id, one)
    return tuple(found.values())


def last_with_template(connection: sqlite3.Connection, template_id: str) -> ReportRevision | None:
    """The newest report with that checklist of which the text is here; a new one begins with its answers."""
    for instance_id in reports.with_template(connection, template_id, _LOOKED_BACK):
        row = reports.item(connection, instance_id)
        found = base(connection, row) if row is not None else None
        if found is not None and found.revision.template_id == template_id:
            return found.revision
    return None


def report_files(connection: sqlite3.Connection, row: ActivityRow) -> list[ReportFile]:
    """All files of a report: those that were attached here, then those of the version that is shown from elsewhere.
    Of an event only the first are known here."""
    own = [media.report_file(one) for one in reports.files(connection, row.item_id)]
    if row.kind != "report":
        return own
    shown = base(connection, row)
    here = {one.media_id for one in own}
    missing = msgspec.json.decode(row.server, type=ReportView).missing if row.server is not None else ()
    return own + [
        media.sent_elsewhere(one, missing=one.media_id in missing)
        for one in (shown.revision.media if shown is not None else ())
        if one.media_id not in here
    ]


def settle(connection: sqlite3.Connection, instance_id: str) -> None:
    """A version came: the report is called and reads what stands now."""
    row = reports.item(connection, instance_id)
    found = base(connection, row) if row is not None and row.kind == "report" and not row.pending else None
    if found is not None:
        shown = found.revision
        reports.show(connection, shown, answers=checklists.words_of(connection, shown))


def keep_version(connection: sqlite3.Connection, command: KeepVersion, written: Moment) -> Filed:
    """Another version that says what one of those side by side says and follows them all, which settles it.

    Raises AgentError refused, not_found.
    """
    row = reports.report(connection, command.instance_id)
    heads = standing(row)
    if row.pending or len(heads) < 2 or command.revision_id not in heads:
        raise AgentError("refused", "This was settled already. Read the report as it stands now.")
    kept = versions.find(connection, command.revision_id)
    if kept is None:
        raise AgentError("refused", "The text of that version is not on this computer yet. Sync, then choose again.")
    rest = tuple(one for one in heads if one != command.revision_id)
    revision = msgspec.structs.replace(
        kept,
        revision_id=str(uuid6.uuid7()),
        parents=(command.revision_id, *rest)[:MOST_PARENTS],
        written=written,
    )
    operation_id = queue_revision(connection, revision)
    words = checklists.words_of(connection, revision)
    reports.edit(connection, revision, operation_id=operation_id, answers=words)
    return Filed(instance_id=revision.instance_id, revision_id=revision.revision_id)


def side_by_side(connection: sqlite3.Connection, row: ActivityRow) -> tuple[VersionItem, ...]:
    """The versions that a person must decide between, this device's own first; none without a conflict."""
    if row.asks != "conflict":
        return ()
    items = [_item(connection, head) for head in standing(row)]
    return tuple(sorted(items, key=lambda one: not one.here))


def _item(connection: sqlite3.Connection, revision_id: str) -> VersionItem:
    revision = versions.find(connection, revision_id)
    if revision is None:
        return VersionItem(revision_id=revision_id)
    place = connection.execute("SELECT name FROM location WHERE location_id = ?", (revision.location_id,)).fetchone()
    template = checklists.template_of(connection, revision)
    read: list[Line] = []
    if template is not None:
        answers = answers_of(revision.answers)
        named = checklists.places(connection, template.fields, answers)
        read = lines(template.fields, answers, Words(location=lambda one: named.get(one, "")))
    return VersionItem(
        revision_id=revision_id,
        known=True,
        here=versions.written_here(connection, revision_id),
        title=revision.title,
        text=revision.text,
        location=place["name"] if place is not None else "",
        at=format_utc(judge(revision.written).at),
        answers=tuple((one.label, one.text) for one in read if one.text),
        files=tuple(one.name for one in revision.media),
    )
