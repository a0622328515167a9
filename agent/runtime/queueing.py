"""Putting a version of a report in line to be sent."""

import sqlite3

import msgspec
import uuid6

from agent.api import AgentError
from agent.store import operations
from protocol.operations import REPORT_REVISE, ReportRevision
from protocol.sync import MAX_REQUEST_BYTES

_ENVELOPE_BYTES = 8192


def queue_revision(connection: sqlite3.Connection, revision: ReportRevision) -> str:
    """Put a version of a report in line; the id of its operation. Raises AgentError refused."""
    body = msgspec.json.encode(revision)
    if len(body) > MAX_REQUEST_BYTES - _ENVELOPE_BYTES:
        raise AgentError("refused", "This text is over a megabyte. Attach it as a file, or split it.")
    operation_id = str(uuid6.uuid7())
    operations.add(
        connection,
        operation_id=operation_id,
        kind=REPORT_REVISE,
        entity=revision.instance_id,
        item_id=revision.instance_id,
        body=body,
    )
    return operation_id
