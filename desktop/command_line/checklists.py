"""Checklists on the command line: which there are, and a report that is filled from a JSON object of answers."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from agent.api import AgentError, Attached, ListTemplates, OpenedTemplate, OpenTemplate, SyncNow, TemplateItem
from desktop.command_line import output
from desktop.command_line.conversation import Conversation

FIRST_PULL_SECONDS = 15.0
MAX_ANSWERS_BYTES = 4_000_000


def checklists(asked: Conversation, arguments: argparse.Namespace) -> int:
    """List what can be filled, and with a name the fields of one."""
    account = asked.account()
    if arguments.name:
        opened = find_checklist(asked, account, arguments.name)
        output.answer(_document(opened), _fields(opened), as_json=arguments.json)
        return output.DONE
    items = _known(asked, account)
    document = {"checklists": [{"id": one.template_id, "title": one.title, "version": one.version} for one in items]}
    lines = [one.title for one in items] or ["Your organization offers no checklists."]
    output.answer(document, lines, as_json=arguments.json)
    return output.DONE


def find_checklist(asked: Conversation, account: str, name: str) -> OpenedTemplate:
    """The checklist of that name, whatever its case, or the only one that contains it. Raises AgentError usage."""
    known = _known(asked, account)
    wished = name.strip().casefold()
    exact = [one for one in known if wished in {one.title.casefold(), one.template_id.casefold()}]
    found = exact or [one for one in known if wished and wished in one.title.casefold()]
    if len(found) == 1:
        opened: OpenedTemplate = asked.look(OpenTemplate(account=account, template_id=found[0].template_id))
        return opened
    if not known:
        raise AgentError("usage", f"{name!r} is not known: no checklists came from the server yet. Run: miratag sync")
    names = ", ".join(f"{one.title} ({one.template_id})" if found else one.title for one in (found or known)[:10])
    what = "fits more than one checklist" if found else "is not a checklist of your organization"
    raise AgentError("usage", f"{name!r} {what}. Choose one of: {names}")


def read_answers(given: str) -> dict[str, Any]:
    """The JSON object in that file, or on standard input for a dash. Raises AgentError usage."""
    try:
        text = sys.stdin.read() if given == "-" else _read(Path(given))
        answers = json.loads(text)
    except OSError as error:
        raise AgentError("usage", f"The answers in {given} could not be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise AgentError("usage", "The answers are not JSON. Give one object of field ids and answers.") from None
    if not isinstance(answers, dict):
        raise AgentError("usage", 'The answers are not one JSON object, as in {"state": {"result": "pass"}}.')
    return answers


def attach_answers(
    opened: OpenedTemplate, answers: dict[str, Any], attach: Callable[[list[str]], list[Attached]]
) -> tuple[dict[str, Any], list[Attached]]:
    """The answers with their files attached: where a field takes files, the answer lists their paths."""
    from rules.templates.carrying import with_media
    from rules.templates.filling import media_of

    fields = opened.template.fields
    paths = media_of(fields, answers)
    attached = attach(paths)
    ids = {path: one.media_id for path, one in zip(paths, attached, strict=True)}
    return with_media(fields, answers, ids), attached


def _read(path: Path) -> str:
    with path.open("rb") as file:
        content = file.read(MAX_ANSWERS_BYTES + 1)
    if len(content) > MAX_ANSWERS_BYTES:
        raise AgentError("usage", f"The answers in {path} are over four megabytes. Attach files by their path instead.")
    return content.decode("utf-8")


def _known(asked: Conversation, account: str) -> tuple[TemplateItem, ...]:
    found = asked.look(ListTemplates(account=account, limit=500))
    if not found.items:  # the first pull after signing in may not have run yet
        asked.do(SyncNow(account=account, wait_seconds=FIRST_PULL_SECONDS))
        found = asked.look(ListTemplates(account=account, limit=500))
    items: tuple[TemplateItem, ...] = found.items
    return items


def _document(opened: OpenedTemplate) -> dict[str, Any]:
    """The checklist, the JSON Schema of its answers, and what a new report begins with."""
    import msgspec

    from rules.templates.json_schema import json_schema

    return {
        "checklist": msgspec.to_builtins(opened.template),
        "schema": json_schema(opened.template),
        "answers": opened.answers,
    }


def _fields(opened: OpenedTemplate) -> list[str]:
    from rules.templates.kinds import every

    fields = [f"  {one.field:<24} {one.kind:<12} {one.label}" for one in every(opened.template.fields)]
    return [f"{opened.template.title} (version {opened.template.version})", *fields]
