"""`miratag privacy`: a person's own data, its erasure by the organization, and the texts of the privacy policy."""

import argparse
import sys
from pathlib import Path

import msgspec

from agent.api import (
    AnswerPolicyText,
    AskErasure,
    Collected,
    CollectMyData,
    DataRequest,
    DataRequests,
    EraseLocalCopy,
    ListDataRequests,
    ListPolicyTexts,
    OpenedPolicyText,
    OpenPolicyText,
    PolicyTextItem,
    PolicyTextList,
)
from desktop.command_line import output
from desktop.command_line.conversation import ANSWER_SECONDS, Conversation
from rules.sentence import plain

COLLECTING_SECONDS = 3600.0


def data(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Everything about the person as one ZIP; exit code 1 where the server's part is not in it."""
    path = str(Path(arguments.file).absolute())  # the agent that writes it may run in another folder
    found: Collected = asked.keep(CollectMyData(account=asked.account(), path=path), COLLECTING_SECONDS)
    lines = [f"Saved in {found.path}, {found.size} bytes."]
    if found.server:
        lines.append(f"The server's part is not in it: {found.server}")
    document = {"path": found.path, "size": found.size, "missing": found.server or None}
    output.answer(document, lines, as_json=arguments.json)
    return output.FAILED if found.server else output.DONE


def ask_erasure(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Ask the organization to erase what it holds about the person."""
    wish = sys.stdin.read().strip() if arguments.wish == "-" else arguments.wish
    request: DataRequest = asked.keep(AskErasure(account=asked.account(), wish=wish))
    sent = "Your organization has your request."
    lines = [sent if request.sent else "Saved here. It is sent by the running app, or by: miratag sync"]
    lines.append("How it ends: miratag privacy requests")
    output.answer(msgspec.to_builtins(request, enc_hook=plain), lines, as_json=arguments.json)
    return output.DONE


def requests(asked: Conversation, arguments: argparse.Namespace) -> int:
    """What was asked of the organization, and its answers."""
    found: DataRequests = asked.look(ListDataRequests(account=asked.account()))
    lines = [line for one in found.items for line in _request_lines(one)] or ["Nothing was asked for yet."]
    if found.trouble:
        lines.append(found.trouble)
    output.answer(msgspec.to_builtins(found, enc_hook=plain), lines, as_json=arguments.json)
    return output.DONE


def _request_lines(one: DataRequest) -> list[str]:
    ends = {
        "asked": "not answered yet" if one.sent else "waiting to be sent",
        "done": "erased",
        "kept": f"kept until {one.until}" if one.until else "kept",
        "refused": "refused",
    }
    lines = [f"{one.asked}  {ends[one.state]}{f': {one.reason}' if one.reason else ''}"]
    return [*lines, f"  You asked: {one.wish}"] if one.wish else lines


def erase_copy(asked: Conversation, arguments: argparse.Namespace) -> int:
    """Sign out and delete what this computer keeps; refused while work waits, unless that is to go, too."""
    account = asked.account()
    asked.do(EraseLocalCopy(account=account, unsent_too=arguments.unsent_too), ANSWER_SECONDS)
    words = "Signed out, and what this computer kept of the account is deleted."
    output.answer({"account": account, "erased": True}, [words], as_json=arguments.json)
    return output.DONE


def policies(asked: Conversation, arguments: argparse.Namespace) -> int:
    """The versions of the privacy policy; with a number the text of one, which `--accept` accepts."""
    account = asked.account()
    if arguments.version is None:
        found: PolicyTextList = asked.look(ListPolicyTexts(account=account))
        output.answer(msgspec.to_builtins(found, enc_hook=plain), _policy_lines(found), as_json=arguments.json)
        return output.DONE
    if arguments.accept:
        asked.do(AnswerPolicyText(account=account, version=arguments.version))
    opened: OpenedPolicyText = asked.look(OpenPolicyText(account=account, version=arguments.version))
    lines = [_version_line(opened.item), "", opened.text]
    if opened.item.changes:
        lines[1:1] = [f"What changed: {opened.item.changes}"]
    output.answer(msgspec.to_builtins(opened, enc_hook=plain), lines, as_json=arguments.json)
    return output.DONE


def _policy_lines(found: PolicyTextList) -> list[str]:
    lines = [_version_line(one) for one in found.items] or ["The server has no policy text. Ask your organization."]
    if found.organization:
        lines.append(f"About your data, ask your organization: {found.organization}")
    operator = ", ".join(part for part in (found.operator, found.address, found.contact) if part)
    if operator:
        lines.append(f"The server is run by: {operator}")
    if found.trouble:
        lines.append(found.trouble)
    return lines


def _version_line(one: PolicyTextItem) -> str:
    since = f"{'in effect since' if one.current else 'from'} {one.effective}"
    answer = {"none": "", "accepted": ", accepted by you", "continued_use": ", you went on using the service"}
    return f"Version {one.version}, {since}{answer[one.answer]}: {one.title}"


ACTIONS = {
    "data": data,
    "ask-erasure": ask_erasure,
    "requests": requests,
    "erase-copy": erase_copy,
    "policies": policies,
}
