"""Drafts on the command line: kept for later, listed, and all sent in one step."""

import argparse
from typing import Any

import uuid6

from agent.api import DraftsSent, FileReport, ListDrafts, SaveDraft, SendDrafts
from desktop.command_line import output
from desktop.command_line.conversation import ANSWER_SECONDS, Conversation


def keep(asked: Conversation, report: FileReport, *, as_json: bool) -> int:
    """Keep a report as a draft, which may still lack answers."""
    draft_id = str(uuid6.uuid7())
    asked.keep(
        SaveDraft(
            account=report.account,
            draft_id=draft_id,
            text=f"{report.title}\n{report.text}" if report.title else report.text,
            location_id=report.location_id,
            place_chosen=report.location_id is not None,
            media=report.media,
            template_id=report.template_id,
            template_version=report.template_version,
            answers=report.answers,
        )
    )
    output.answer(
        {"draft_id": draft_id, "state": "draft"},
        ["Kept here as a draft. Go on with it in the app, or send all drafts: miratag drafts --send"],
        as_json=as_json,
    )
    return output.DONE


def drafts(asked: Conversation, arguments: argparse.Namespace) -> int:
    """List the drafts; or send all that are complete, and say of the others what is missing."""
    account = asked.account()
    items = asked.look(ListDrafts(account=account)).items
    if not arguments.send:
        lines = [f"  {one.saved_at}  {_named(one.title, one.checklist)}" for one in items] or ["There are no drafts."]
        output.answer({"drafts": [_draft(one) for one in items]}, lines, as_json=arguments.json)
        return output.DONE
    ids = tuple(one.draft_id for one in items)
    sent: DraftsSent = asked.do(SendDrafts(account=account, draft_ids=ids), ANSWER_SECONDS)
    lines = [f"{len(sent.filed)} saved here to be sent by the running app, or by: miratag sync"]
    for kept in sent.kept:
        lines += [f"{_named(kept.title, '')} is still a draft:", *(f"  {line}" for line in kept.sentence.split("\n"))]
    document = {
        "filed": [{"instance_id": one.instance_id, "revision_id": one.revision_id} for one in sent.filed],
        "kept": [{"draft_id": one.draft_id, "title": one.title, "sentence": one.sentence} for one in sent.kept],
    }
    output.answer(document, lines if items else ["There are no drafts."], as_json=arguments.json)
    return output.REFUSED if sent.kept else output.DONE


def _draft(one: Any) -> dict[str, Any]:
    return {
        "draft_id": one.draft_id,
        "title": one.title,
        "checklist": one.checklist or None,
        "saved_at": one.saved_at,
        "changes": one.edits,
    }


def _named(title: str, checklist: str) -> str:
    return " · ".join(part for part in (checklist, title) if part) or "Photos without a text"
