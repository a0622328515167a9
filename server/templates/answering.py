"""The answers of a revision, held against the version it was filled with: refused where no app makes such, else kept
whatever is missing or out of bounds, for an app of another age may see that otherwise."""

from typing import Any

import msgspec

from protocol.operations import ReportRevision
from protocol.templates import LOCATION, Field, Template
from rules.decoding import UNREADABLE
from rules.templates.filling import judge
from rules.templates.reading import Words, lines
from rules.templates.sentences import told
from rules.templates.values import ENDLESS, MALFORMED
from server.bounds import is_id, location_names, refused
from server.problems import ProblemError
from server.storage.database import Actor, Transaction
from server.storage.tables import report, revision
from server.templates.reading import version_of


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What stands of a revision's answers beside the operation's bytes: those that were asked for, as JSON, and their
    words, for searching."""

    answers: str | None = None
    words: str = ""


def filled(t: Transaction, body: ReportRevision) -> Filled:
    """What to keep of the answers. Raises ProblemError for an unknown version and for answers no app makes; its field
    is the path of the answer, as `rules.templates` has it."""
    if body.template_id is None and body.template_version is None and not body.answers:
        return Filled()
    template = _template(t, body)
    media = {entry.media_id: entry.content_type for entry in body.media}
    answers = _decoded(body)
    judgement = judge(template.fields, answers, media)
    for trouble in judgement.troubles:
        if trouble.code in MALFORMED or (trouble.code == "too_many" and _is_endless(answers.get(trouble.path))):
            raise refused("bad-answer", "Unreadable answer", told(trouble), trouble.path)
    names = _locations(t, template.fields, judgement.kept)
    read = lines(template.fields, judgement.kept, Words(location=lambda place: names.get(place, "")))
    return Filled(
        answers=msgspec.json.encode(judgement.kept).decode(),
        words="\n".join(line.text for line in read if line.text).replace("\x00", " "),
    )


def _is_endless(answer: Any) -> bool:
    return isinstance(answer, list) and len(answer) > ENDLESS


def last_answers(t: Transaction, actor: Actor, template_id: str) -> dict[str, Any]:
    """What the member last answered to any version of this checklist."""
    text = t.scalar(
        t.select(revision, revision.c.answers)
        .join(report, report.c.instance_id == revision.c.instance_id)
        .where(t.owns(report), report.c.member_id == actor.member_id, revision.c.template_id == template_id)
        .order_by(revision.c.received.desc(), revision.c.revision_id.desc())
        .limit(1)
    )
    found = msgspec.json.decode(text) if text else {}
    return found if isinstance(found, dict) else {}


def _template(t: Transaction, body: ReportRevision) -> Template:
    found = None
    if body.template_id is not None and body.template_version is not None:
        found = version_of(t, body.template_id, body.template_version)
    if found is None:
        detail = (
            "This checklist, or this version of it, is not known to your organization. Fill in another and send it."
        )
        raise refused("unknown-template", "Unknown checklist", detail, "$.template_version")
    return found


def _decoded(body: ReportRevision) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    for index, answer in enumerate(body.answers):
        if answer.field in answers:
            raise _unreadable(f"$.answers[{index}].field")
        try:
            answers[answer.field] = msgspec.json.decode(answer.value)
        except UNREADABLE:
            raise _unreadable(answer.field) from None
    return answers


def _unreadable(field: str) -> ProblemError:
    detail = "An answer of this report cannot be read. Update the app and send it again."
    return refused("bad-answer", "Unreadable answer", detail, field)


def _locations(t: Transaction, fields: tuple[Field, ...], kept: dict[str, Any]) -> dict[str, str]:
    """The names of the places that answers name. Raises ProblemError at the first that the organization has not."""
    named = [(line.path, line.text) for line in lines(fields, kept) if line.kind == LOCATION and line.text]
    names = location_names(t, (place for _path, place in named if is_id(place)))
    for path, place in named:
        if place not in names:
            detail = (
                "An answer names a location that your organization does not have. Choose another and send it again."
            )
            raise refused("unknown-location", "Unknown location", detail, path)
    return names
