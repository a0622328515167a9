"""Checking what a server signed without any network: only the file and the server's public keys."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from agent.accounts.directory import stored_accounts
from agent.api import AgentError
from agent.store.profile import Profile
from desktop.command_line import output
from protocol.discovery import Discovery
from protocol.privacy import ErasureAnswerPayload, LogCount, LogErasurePayload
from protocol.statements import ERASURE, ERASURE_ANSWER, RECEIPT, PublicKey, ReceiptPayload, SignedStatement
from rules.statements import StatementError, read_statement

MAX_FILE_BYTES = 1024 * 1024


def verify(profile: Profile, arguments: argparse.Namespace) -> int:
    """Say whether a receipt, or another statement that is handed out, is genuine. Exit code 1 when it is not;
    AgentError usage when a file cannot be read."""
    statement = _read(arguments.file, SignedStatement, "a receipt")
    keys = _keys_of(arguments.keys) if arguments.keys else _pinned_keys(profile)
    payload_type, lines = _KINDS.get(statement.type, _KINDS[RECEIPT])
    expected = statement.type if statement.type in _KINDS else RECEIPT
    try:
        payload = read_statement(statement, keys, expected, payload_type)
    except StatementError as error:
        output.say(f"This receipt does not hold. {error}")
        return output.FAILED
    output.answer(
        {"valid": True, "type": statement.type, "kid": statement.kid, **msgspec.to_builtins(payload)},
        [*lines(payload), f"It is signed with the key {statement.kid}."],
        as_json=arguments.json,
    )
    return output.DONE


def _of_report(receipt: ReceiptPayload) -> list[str]:
    files = f"{len(receipt.media)} file" if len(receipt.media) == 1 else f"{len(receipt.media)} files"
    return [
        "This receipt is genuine.",
        f"The server received report {receipt.instance_id} with {files} at {receipt.received}.",
        f"It covers revision {receipt.revision_id}.",
    ]


def _of_log_data(erasure: LogErasurePayload) -> list[str]:
    return [
        "This statement is genuine.",
        f"The server erased what installation {erasure.installation_id} had sent before {erasure.before}.",
        f"It said so at {erasure.issued}.",
        *(f"Erased, and not taken again: {_counted(one)}." for one in erasure.erased),
        *(
            f"Passed on before, so not the server's to erase: {_counted(one)}. Ask {one.to} about it."
            for one in erasure.relayed
        ),
    ]


def _counted(count: LogCount) -> str:
    return f"{count.records} {'record' if count.records == 1 else 'records'} of {count.category}"


def _of_request(answer: ErasureAnswerPayload) -> list[str]:
    ends = {
        "asked": "is not answered yet",
        "done": "is done",
        "kept": f"was not carried out; the data is kept until {answer.until} because: {answer.reason}",
        "refused": f"was refused because: {answer.reason}",
    }
    return [
        "This statement is genuine.",
        f"The request of {answer.asked} to erase the data of member {answer.member_id} {ends[answer.state]}.",
        f"The organization said so at {answer.issued}.",
    ]


_KINDS: dict[str, tuple[type[Any], Callable[[Any], list[str]]]] = {
    RECEIPT: (ReceiptPayload, _of_report),
    ERASURE: (LogErasurePayload, _of_log_data),
    ERASURE_ANSWER: (ErasureAnswerPayload, _of_request),
}


def _keys_of(path: Path) -> tuple[PublicKey, ...]:
    """Keys from a list of them, or from a saved copy of `/.well-known/miratag`."""
    found: Any = _read(path, tuple[PublicKey, ...] | Discovery, "a list of public keys")
    return found.keys if isinstance(found, Discovery) else found


def _pinned_keys(profile: Profile) -> tuple[PublicKey, ...]:
    keys = tuple(key for account in stored_accounts(profile.state) for key in account.keys)
    if not keys:
        raise AgentError(
            "not_signed_in",
            "No server's keys are known in this profile. Sign in first, or give the keys with --keys FILE.",
        )
    return keys


def _read(path: Path, kind: Any, what: str) -> Any:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise AgentError("usage", f"{path} cannot be read: {error.strerror}.") from None
    try:
        if len(content) > MAX_FILE_BYTES:
            raise msgspec.DecodeError("it is too large")
        return msgspec.json.decode(content, type=kind)
    except msgspec.DecodeError as error:
        raise AgentError("usage", f"{path} is not {what}: {error}.") from None
