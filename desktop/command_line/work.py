"""Reports, sync and status."""

import argparse
import json
import sys
from typing import Any

from agent.api import (
    ActivityItem,
    AgentError,
    FileReport,
    ListActivity,
    OpenSession,
    ShowReport,
    Snapshot,
    Synced,
    SyncNow,
)
from desktop.command_line import checklists, drafts, output
from desktop.command_line.attaching import attach_all, detach_all
from desktop.command_line.conversation import ANSWER_SECONDS, Conversation
from desktop.command_line.places import find_location

ONLINE_SECONDS = 5.0
STATUS_REPORTS = 50
_NOT_FILED = "The report was not filed."


def report(asked: Conversation, arguments: argparse.Namespace) -> int:
    """File a report."""
    text = sys.stdin.read() if arguments.text == "-" else arguments.text
    if not text.strip() and not arguments.title.strip() and not arguments.checklist:
        raise AgentError("usage", "The report has no words. Say what happened: miratag report TEXT")
    answers = checklists.read_answers(arguments.answers) if arguments.answers else {}
    account = asked.account()
    location = find_location(asked, account, arguments.location) if arguments.location else None
    checklist = checklists.find_checklist(asked, account, arguments.checklist) if arguments.checklist else None
    media = attach_all(asked, account, arguments.attach, _NOT_FILED)
    try:
        if checklist is not None:
            answers, more = checklists.attach_answers(
                checklist, answers, lambda p: attach_all(asked, account, p, _NOT_FILED)
            )
            media += more
        written = FileReport(
            account=account,
            text=text,
            title=arguments.title,
            location_id=location.location_id if location else None,
            media=tuple(one.media_id for one in media),
            template_id=checklist.template.template_id if checklist else None,
            template_version=checklist.template.version if checklist else None,
            answers=answers,
        )
        if arguments.draft:
            return drafts.keep(asked, written, as_json=arguments.json)
        filed = asked.keep(written)
    except AgentError:
        detach_all(asked, account, media)
        raise
    files = f" with {_count(len(media), 'file')}" if media else ""
    output.answer(
        {"instance_id": filed.instance_id, "revision_id": filed.revision_id, "state": "saved"},
        [f"Saved here{files}. It is sent by the running app, or by: miratag sync"],
        as_json=arguments.json,
    )
    return output.DONE


def sync(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Send what waits; exit code 0 only when nothing waits any more."""
    account = asked.account()
    result: Synced = asked.do(SyncNow(account=account, wait_seconds=arguments.wait), arguments.wait + ANSWER_SECONDS)
    document = {"waiting": result.waiting, "needs_you": result.needs_you, "online": result.online}
    output.answer(document, [_synced(result)], as_json=arguments.json)
    status = asked.status()
    if not result.online and (status.link in {"sign_in_needed", "signed_out"} or not _signed_in(status)):
        raise AgentError("not_signed_in", _banner(status, "Sign in to send what waits; it is saved here until then."))
    if result.needs_you or status.link == "untrusted":
        return output.REFUSED
    return output.DONE if result.online and not result.waiting else output.FAILED


def status(asked: Conversation, arguments: argparse.Namespace, *, running: bool) -> int:
    """Everything at a glance. `running`: an app or agent answers; else the server is asked now whether it is there."""
    now = asked.status()
    online = now.link == "online"
    if now.current is not None and _signed_in(now) and not running:
        online = asked.do(SyncNow(account=now.current, wait_seconds=ONLINE_SECONDS)).online
        now = asked.status()
    document = status_document(asked, now, online=online)
    output.answer(document, _status_lines(now, document), as_json=arguments.json)
    return output.DONE


def status_document(asked: Conversation, now: Snapshot, *, online: bool) -> dict[str, Any]:
    """What `status --json` prints; reports newest first, at most STATUS_REPORTS, with their receipts."""
    account = next((one for one in now.accounts if one.account == now.current), None)
    return {
        "signed_in": _signed_in(now),
        "online": online,
        "link": now.link,
        "credentials": account.credentials if account else "none",
        "account": account.account if account else None,
        "name": account.name if account else None,
        "organization": account.organization if account else None,
        "server": account.server_url if account else None,
        "queued": now.waiting + now.sending,
        "needs_you": now.needs_you,
        "banner": now.banner.sentence if now.banner else None,
        "reports": _reports(asked, now.current) if now.current else [],
        "session": _session(now.session),
    }


def _reports(asked: Conversation, account: str) -> list[dict[str, Any]]:
    page = asked.look(ListActivity(account=account, limit=STATUS_REPORTS))
    return [_report(asked, account, item) for item in page.items if item.kind == "report"]


def _report(asked: Conversation, account: str, item: ActivityItem) -> dict[str, Any]:
    receipt = None
    if item.receipt:
        detail = asked.look(ShowReport(account=account, instance_id=item.item_id))
        receipt = json.loads(detail.receipt) if detail.receipt else None
    return {
        "instance_id": item.item_id,
        "title": item.title,
        "state": item.state,
        "receipt": receipt,
        "received": item.received,
        "sentence": item.sentence or None,
    }


def _session(session: OpenSession | None) -> dict[str, Any] | None:
    if session is None:
        return None
    return {"location": session.location, "since": session.since, "on_break": session.on_break}


def _status_lines(now: Snapshot, document: dict[str, Any]) -> list[str]:
    lines = [now.banner.sentence] if now.banner else []
    if document["signed_in"]:
        kept = {"keyring": "the keyring", "file": "a file", "memory": "memory, until Miratag closes"}
        where = kept.get(document["credentials"], document["credentials"])
        lines.append(f"{document['name']}, {document['organization']} ({document['server']})")
        lines.append(f"{'Online' if document['online'] else 'Offline'}. The sign-in is kept in {where}.")
    elif document["name"]:
        lines.append(f"{document['name']} is not signed in. What was saved is still here.")
    else:
        lines.append("Nobody is signed in. Sign in: miratag sign-in --server URL")
    if now.session is not None:
        lines.append(f"Checked in at {now.session.location or 'another place'} since {now.session.since}.")
    lines.append(f"{_count(document['queued'], 'item')} waiting, {now.needs_you} need you.")
    lines += [f"  {one['state']:<10} {one['title']}" for one in document["reports"]]
    return lines


def _signed_in(now: Snapshot) -> bool:
    return any(one.account == now.current and one.signed_in for one in now.accounts)


def _synced(result: Synced) -> str:
    if result.needs_you:
        return f"{_count(result.needs_you, 'item')} returned or not accepted: your turn. See: miratag status"
    if not result.online:
        return f"The server cannot be reached. {_count(result.waiting, 'item')} stay saved here and are sent later."
    if result.waiting:
        return f"{_count(result.waiting, 'item')} still waiting; sending goes on with the next sync."
    return "Everything was received."


_NOTICES = ("policy_changed", "passed_on_to_more")


def _banner(now: Snapshot, otherwise: str) -> str:
    return now.banner.sentence if now.banner and now.banner.kind not in _NOTICES else otherwise


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
