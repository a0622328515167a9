"""What a form begins with: nothing, what stands of a report, or what another report of the person's says."""

from typing import Any

import msgspec

from protocol.templates import SIGNATURE
from rules.report_text import join_title
from rules.templates.carrying import fitting, with_media
from rules.templates.filling import media_of
from rules.templates.kinds import every
from server.accounts.rights import not_found
from server.reports.reading import ReportDetail, read_report
from server.storage.database import Transaction
from server.templates.reading import version_of
from server.web.filing.checklists import with_checklist
from server.web.filing.form import ReportForm
from server.web.visit import Visit


def own_report(t: Transaction, visit: Visit, instance_id: str) -> ReportDetail:
    """A report of the person's own. Raises as for one that is not there."""
    found = read_report(t, visit.actor, instance_id)
    if found is None or found.summary.member_id != visit.actor.member_id:
        raise not_found("report")
    return found


def standing(found: ReportDetail) -> dict[str, Any]:
    """The words, the checklist and the files of what stands, and what the next version follows: of several versions the
    newest one's words and answers, and all their files."""
    heads = [one for one in found.revisions if one.head]
    newest = heads[0]
    files = dict.fromkeys(file.media_id for one in heads for file in one.files)
    begun = {
        "parents": tuple(one.revision_id for one in reversed(heads)),
        "written": join_title(newest.title, newest.text),
        "place": found.summary.location_id or "",
        "files": tuple(files),
    }
    if newest.template is None:
        return begun
    named = set(media_of(newest.template.fields, newest.answers))
    return begun | {
        "files": tuple(one for one in files if one not in named),
        "template": newest.template.template_id,
        "version": newest.template.version,
        "answers": newest.answers,
    }


def copied(t: Transaction, visit: Visit, form: ReportForm, original: ReportDetail) -> tuple[ReportForm, int]:
    """The words of another report, its files as far as they are here, and its checklist in the newest version with the
    answers that fit it. A file whose field is gone is the report's. A signature stays behind: it was given for the
    other one. Also how many files are not here yet, and so not in it."""
    newest = next((one for one in original.revisions if one.head), original.revisions[0])
    fields = newest.template.fields if newest.template is not None else ()
    signed = media_of(tuple(one for one in every(fields) if one.kind == SIGNATURE), newest.answers)
    missing = sum(not one.held for one in newest.files)
    files = {one.media_id: one for one in newest.files if one.held and one.media_id not in signed}
    form = msgspec.structs.replace(form, written=join_title(newest.title, newest.text))
    begun = with_checklist(t, visit.actor, form, newest.template.template_id) if newest.template is not None else form
    template = version_of(t, begun.template, begun.version) if begun.template else None
    if template is None:
        return msgspec.structs.replace(form, files=tuple(files)), missing
    kept = with_media(fields, newest.answers, dict(zip(files, files, strict=True)))
    answers = fitting(template.fields, kept, {media_id: one.content_type for media_id, one in files.items()})
    named = set(media_of(template.fields, answers))
    unnamed = tuple(one for one in files if one not in named)
    return msgspec.structs.replace(begun, answers=answers, files=unnamed), missing
