"""Issuing and reading the signed policy of an organization."""

import base64
from functools import lru_cache
from typing import Any

import msgspec
from sqlalchemy import func

from protocol.changes import POLICY as POLICY_CHANGE
from protocol.statements import POLICY, PolicyPayload, SignedStatement
from server.feed import publish
from server.receipts.keys import SigningKeys
from server.storage.database import WHOEVER_ASKS, Database, Transaction
from server.storage.members import lock_organization
from server.storage.tables import policy

_POLICIES = WHOEVER_ASKS.select(policy, policy.c.statement).order_by(policy.c.version.desc())


def current_policy(t: Transaction) -> SignedStatement | None:
    """The policy in force, or None before the first was issued."""
    text = t.scalar(t.select(policy, policy.c.statement).order_by(policy.c.version.desc()).limit(1))
    return None if text is None else msgspec.json.decode(text, type=SignedStatement)


def policy_payload(t: Transaction) -> PolicyPayload:
    """What the policy in force says; the defaults before the first was issued."""
    statement = current_policy(t)
    if statement is None:
        return _default(t)
    return _payload(statement)


def policy_for_checks(t: Transaction) -> PolicyPayload:
    """The same, read once in a transaction: for what is held against it, not for what changes it."""
    return t.once("policy for checks", lambda: policy_payload(t))


def payloads(t: Transaction) -> list[PolicyPayload]:
    """What every policy said that ever was in force, newest first; the last are the defaults, which were so before the
    first was issued (their `issued` is empty)."""
    texts = t.asked(_POLICIES).scalars()
    return [*(read_payload(text) for text in texts), msgspec.structs.replace(_default(t), issued="")]


def read_payload(statement: str) -> PolicyPayload:
    """The payload of a statement as the table keeps it."""
    return _read_text(statement)


@lru_cache(maxsize=256)
def _read_text(statement: str) -> PolicyPayload:
    return _payload(msgspec.json.decode(statement, type=SignedStatement))


def _payload(statement: SignedStatement) -> PolicyPayload:
    return msgspec.json.decode(base64.b64decode(statement.payload), type=PolicyPayload)


def _default(t: Transaction) -> PolicyPayload:
    return PolicyPayload(organization_id=t.organization_id, version=0, issued=t.now_text)


def issue_policy(t: Transaction, keys: SigningKeys, **changed: Any) -> SignedStatement:
    """Replace the policy by the next version with the named fields of PolicyPayload changed, and tell every member."""
    lock_organization(t)
    last = t.scalar(t.select(policy, func.max(policy.c.version))) or 0
    payload = msgspec.structs.replace(policy_payload(t), **changed, version=last + 1, issued=t.now_text)
    statement = keys.sign(POLICY, msgspec.json.encode(payload))
    encoded = msgspec.json.encode(statement)
    t.insert(policy, version=payload.version, statement=encoded.decode(), issued=payload.issued)
    publish(t, POLICY_CHANGE, t.organization_id, encoded, None)
    return statement


def begin_policy(database: Database, keys: SigningKeys, organization_id: str) -> None:
    """Issue the first policy where there is none. One that was found is not looked for again: policies follow one
    another and are never taken away."""
    if organization_id not in database.governed:
        ensure_policy(database, keys, organization_id)
        database.governed.add(organization_id)


def ensure_policy(database: Database, keys: SigningKeys, organization_id: str) -> SignedStatement:
    """The policy in force; the first one, with the defaults, is issued when first asked for."""
    with database.read(organization_id) as t:
        statement = current_policy(t)
    if statement is not None:
        return statement
    with database.write(organization_id) as t:
        return current_policy(t) or issue_policy(t, keys)
