"""An operation as a row."""

import hashlib
from typing import Any

from protocol.sync import Operation
from server.storage.database import Actor, Transaction


def operation_row(t: Transaction, actor: Actor, operation: Operation) -> dict[str, Any]:
    """The columns of an operation that is kept."""
    body = bytes(operation.body)
    return {
        "operation_id": operation.id,
        "member_id": actor.member_id,
        "kind": operation.kind,
        "entity": operation.entity,
        "body_sha256": hashlib.sha256(body).hexdigest(),
        "body": body,
        "outcome": "accepted",
        "received": t.now_text,
    }
