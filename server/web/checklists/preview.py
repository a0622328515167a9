"""A draft as the very form that whoever fills it in gets, to try; nothing of it is kept."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from rules.templates.filling import first_answers, judge
from server.locations import places
from server.templates import drafts
from server.web.checklists.pages import MOST_FORM_BYTES
from server.web.filing.answers import posted_answers
from server.web.filing.controls import controls, faults
from server.web.session import Form
from server.web.visit import Visit


@get("/checklists/{template_id:str}/preview", sync_to_thread=True)
def preview_page(visit: NamedDependency[Visit], template_id: FromPath[str]) -> Response[Any]:
    """As it begins."""
    return _page(visit, template_id, None)


@post(
    "/checklists/{template_id:str}/preview", sync_to_thread=True, status_code=200, request_max_body_size=MOST_FORM_BYTES
)
def try_checklist(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], template_id: FromPath[str]
) -> Response[Any]:
    """As it stands with what was answered; `do` is a step of the form, or `check` to see what does not fit."""
    return _page(visit, template_id, signed_form)


def _page(visit: Visit, template_id: str, posted: Form | None) -> Response[Any]:
    visit.require_admin()
    with visit.read() as t:
        template = drafts.draft_of(t, visit.actor, template_id).template
        locations = places.list_all(t, active_only=True)
    answers = (
        first_answers(template.fields, {}) if posted is None else posted_answers(template.fields, posted, "+00:00")
    )
    judgement = judge(template.fields, answers, {})
    tell = posted is not None and posted.one("do") == "check"
    found = faults(visit.words, judgement) if tell else []
    return visit.page(
        "checklist_preview.html",
        checklist=template,
        controls=controls(visit.words, template.fields, answers, judgement, tell=tell),
        places=locations,
        faults=found,
        fits=tell and not found,
        state=msgspec.json.encode(answers).decode(),
    )


routes = [preview_page, try_checklist]
