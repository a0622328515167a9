"""Checking a receipt without any network: only the file and the server's public keys."""

import argparse
from pathlib import Path
from typing import Any

import msgspec

from agent.accounts.directory import stored_accounts
from agent.api import AgentError
from agent.store.profile import Profile
from desktop.command_line import output
from protocol.discovery import Discovery
from protocol.statements import PublicKey, SignedStatement
from rules.receipts import read_receipt
from rules.statements import StatementError

MAX_FILE_BYTES = 1024 * 1024


def verify(profile: Profile, arguments: argparse.Namespace) -> int:
    """Say whether a receipt is genuine. Exit code 1 when it is not; AgentError usage when a file cannot be read."""
    statement = _read(arguments.file, SignedStatement, "a receipt")
    keys = _keys_of(arguments.keys) if arguments.keys else _pinned_keys(profile)
    try:
        receipt = read_receipt(statement, keys)
    except StatementError as error:
        output.say(f"This receipt does not hold. {error}")
        return output.FAILED
    files = f"{len(receipt.media)} file" if len(receipt.media) == 1 else f"{len(receipt.media)} files"
    output.answer(
        {"valid": True, "kid": statement.kid, **msgspec.to_builtins(receipt)},
        [
            "This receipt is genuine.",
            f"The server received report {receipt.instance_id} with {files} at {receipt.received}.",
            f"Revision {receipt.revision_id}, signed with the key {statement.kid}.",
        ],
        as_json=arguments.json,
    )
    return output.DONE


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
