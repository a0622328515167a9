"""Checklists of one account: which are offered, what a new report begins with, and what is sent of a filled one."""

import sqlite3
from collections.abc import Mapping
from typing import Any

import msgspec

from agent.api import AgentError, ListTemplates, OpenedTemplate, OpenTemplate, TemplateItem, TemplateList
from agent.store import templates
from protocol.operations import Answer, ReportRevision
from protocol.templates import Field, Template
from rules.report_text import join_title
from rules.sentence import Sentence, together
from rules.templates.carrying import locations_of
from rules.templates.filling import answers_of, first_answers, judge, media_of, sendable
from rules.templates.reading import Words, lines
from rules.templates.sentences import told

MAX_PAGE = 500
_MOST_SENTENCES = 10


class Filled(msgspec.Struct, frozen=True, kw_only=True):
    """What is sent of a report: `answers` to the fields that are shown, `media` in order. `words` are the answers as
    they read, `title` the checklist's name; without a checklist all but `media` are empty."""

    template_id: str | None = None
    template_version: int | None = None
    title: str = ""
    answers: tuple[Answer, ...] = ()
    media: tuple[str, ...] = ()
    words: str = ""


def fill(
    connection: sqlite3.Connection,
    *,
    template_id: str | None,
    version: int | None,
    answers: Mapping[str, Any],
    media: tuple[str, ...],
    types: Mapping[str, str],
) -> Filled:
    """Judge the answers; `media` are the report's other files, `types` media id to content type of all that could go.

    Raises AgentError not_found, and refused with a sentence for each answer that does not fit.
    """
    if template_id is None:
        return Filled(media=media)
    row = templates.find(connection, template_id, version)
    if row is None:
        raise AgentError("not_found", "This checklist is not on this computer. Sync, or choose another one.")
    template = row.template()
    judged = judge(template.fields, answers, types)
    if judged.troubles:
        sentences = [told(one) for one in judged.troubles[:_MOST_SENTENCES]]
        more = len(judged.troubles) - len(sentences)
        if more:
            sentences.append(Sentence("And %(more)s more.", more=more))
        raise AgentError("refused", together(*sentences, between="\n"))
    named = set(media_of(template.fields, answers))
    kept = media_of(template.fields, judged.kept)
    return Filled(
        template_id=template_id,
        template_version=template.version,
        title=template.title,
        answers=sendable(judged.kept),
        media=(*(one for one in media if one not in named), *kept),
        words=_words(connection, template, judged.kept),
    )


def attached_types(connection: sqlite3.Connection) -> dict[str, str]:
    """Media id to content type of every file that is attached and of no report yet."""
    rows = connection.execute("SELECT media_id, content_type FROM media WHERE operation_id IS NULL")
    return {row["media_id"]: row["content_type"] for row in rows}


def template_of(connection: sqlite3.Connection, revision: ReportRevision | None) -> Template | None:
    """The checklist a report was filled with, in its version; None without one, or where it never came here."""
    if revision is None or revision.template_id is None:
        return None
    row = templates.find(connection, revision.template_id, revision.template_version)
    return row.template() if row is not None else None


def places(connection: sqlite3.Connection, fields: tuple[Field, ...], answers: Mapping[str, Any]) -> dict[str, str]:
    """The names of the locations among the answers, by id."""
    named: dict[str, str] = {}
    for location_id in locations_of(fields, answers):
        row = connection.execute("SELECT name FROM location WHERE location_id = ?", (location_id,)).fetchone()
        if row is not None:
            named[location_id] = row["name"]
    return named


def list_templates(connection: sqlite3.Connection, query: ListTemplates) -> TemplateList:
    """All that are offered and have the words in their title or description."""
    wished = query.search.strip().casefold()
    every = [msgspec.json.decode(row["body"], type=Template) for row in templates.offered(connection)]
    found = [
        TemplateItem(template_id=one.template_id, version=one.version, title=one.title, description=one.description)
        for one in every
        if wished in f"{one.title}\n{one.description}".casefold()
    ]
    return TemplateList(items=tuple(found[: min(max(query.limit, 1), MAX_PAGE)]), total=len(found))


def open_template(connection: sqlite3.Connection, query: OpenTemplate, last: ReportRevision | None) -> OpenedTemplate:
    """With what a new report begins with, after the `last` one. Raises AgentError not_found."""
    row = templates.find(connection, query.template_id, query.version)
    if row is None:
        raise AgentError("not_found", "This checklist is not on this computer. Sync, or choose another one.")
    template = row.template()
    begun = first_answers(template.fields, answers_of(last.answers) if last is not None else {})
    return OpenedTemplate(
        template=template,
        newest=row.newest,
        active=row.active,
        answers=begun,
        places=places(connection, template.fields, begun),
    )


def in_one_box(title: str, text: str, template: Template | None) -> str:
    """What was typed; the name that a report had from its checklist was not."""
    return text if template is not None and title == template.title else join_title(title, text)


def words_of(connection: sqlite3.Connection, revision: ReportRevision) -> str:
    """The answers of a version as they read, for the search."""
    template = template_of(connection, revision)
    return _words(connection, template, answers_of(revision.answers)) if template is not None else ""


def place_of_refusal(revision: ReportRevision, field: str) -> str:
    """What a problem names, as the place in the report that a person sees: an answer by its path already, or (with a $)
    a part of the body that was sent."""
    if not field.startswith("$"):
        return field
    path = field.removeprefix("$.").removeprefix("$")
    name, _, rest = path.partition("[")
    number = rest.partition("]")[0]
    if name in {"title", "text"}:
        return "text"
    if name in {"answers", "media"} and number.isdigit():
        index = int(number)
        if name == "media":
            return f"media:{revision.media[index].media_id}" if index < len(revision.media) else ""
        return revision.answers[index].field if index < len(revision.answers) else ""
    return ""


def _words(connection: sqlite3.Connection, template: Template, kept: Mapping[str, Any]) -> str:
    """For the search: what the person wrote and chose. Results of checks are left out, each report has them."""
    named = places(connection, template.fields, kept)
    words = Words(passed="", failed="", not_applicable="", location=lambda one: named.get(one, ""))
    read = [line.text for line in lines(template.fields, kept, words) if line.text]
    return "\n".join([template.title, *read])
