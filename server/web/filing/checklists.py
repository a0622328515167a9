"""Which checklist a form asks, and how its answers stand."""

from collections.abc import Mapping
from typing import Any

import msgspec

from protocol.templates import Template
from rules.templates.filling import Judgement, first_answers, judge, media_of
from server.bounds import is_id
from server.media.taking import entries
from server.storage.database import Actor, Transaction
from server.templates.answering import last_answers
from server.templates.reading import list_all, version_of
from server.web.filing.answers import posted_answers, posted_state, row_removed
from server.web.filing.form import ReportForm
from server.web.session import Form
from server.web.visit import Visit


class Checklist(msgspec.Struct, frozen=True):
    """The version that a form asks, and its answers held against it."""

    template: Template
    judgement: Judgement


def checklist_of(t: Transaction, actor: Actor, form: ReportForm) -> Checklist | None:
    """The form's checklist; None where it has none, or one that the organization does not have."""
    template = version_of(t, form.template, form.version) if form.template else None
    if template is None:
        return None
    media = {one.media_id: one.content_type for one in entries(t, actor, files_in(template, form.answers))}
    return Checklist(template, judge(template.fields, form.answers, media))


def files_in(template: Template, answers: Mapping[str, Any]) -> list[str]:
    """The media ids that answers name."""
    return [one for one in media_of(template.fields, answers) if is_id(one)]


def with_checklist(t: Transaction, actor: Actor, form: ReportForm, template_id: str) -> ReportForm:
    """The form with another checklist in its newest version, begun as it says; without one when it is not offered."""
    offered = next((one for one in list_all(t, active_only=True) if one.template_id == template_id), None)
    template = version_of(t, template_id, offered.version) if offered else None
    if template is None:
        return msgspec.structs.replace(form, template="", version=0, answers={})
    answers: dict[str, Any] = first_answers(template.fields, last_answers(t, actor, template_id))
    return msgspec.structs.replace(form, template=template_id, version=template.version, answers=answers)


def with_answers(visit: Visit, form: ReportForm, posted: Form) -> ReportForm:
    """The form with the answers that came with it, or with the checklist that was chosen in it."""
    with visit.read() as t:
        if posted.one("do") == "checklist" and posted.one("checklist") != form.template and not form.parents:
            return with_checklist(t, visit.actor, form, posted.one("checklist"))
        template = version_of(t, form.template, form.version) if form.template else None
    if template is None:
        return form
    gone = row_removed(posted_state(posted), posted.one("do"))
    return msgspec.structs.replace(
        form,
        answers=posted_answers(template.fields, posted, form.offset),
        removed=(*form.removed, gone) if gone else form.removed,
    )
