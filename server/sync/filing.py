"""A report filed in the browser: kept by the same operation as one from the app.

A form comes again when the answer to it was lost, a button was pressed twice, or a page was reloaded. What is told of
the moment differs then, so the words decide: the same ones are the same report, other ones are a version of their own.
"""

from typing import Literal

import msgspec
from sqlalchemy import ColumnElement

from protocol.operations import REPORT_REVISE, ReportRevision
from protocol.sync import Operation
from rules.clock import parse_utc
from rules.decoding import UNREADABLE
from rules.review import may_revise
from server.policy.document import policy_payload
from server.problems import ProblemError, problem
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Transaction
from server.storage.members import lock_member
from server.storage.tables import operation as operation_table
from server.storage.tables import report, revision
from server.sync.operations import keep

Filed = Literal["accepted", "conflict", "duplicate"]

SENT_BEFORE = "urn:miratag:problem:sent-before"


def file_report(t: Transaction, keys: SigningKeys, actor: Actor, operation_id: str, body: ReportRevision) -> Filed:
    """Keep the report, or a version of it. `duplicate`: these words are here. Raises ProblemError; SENT_BEFORE when the
    form was sent before in other words, which are here."""
    lock_member(t, actor.member_id)
    if _said(body) in {_said(earlier) for earlier in _sent(t, actor, revision.c.instance_id == body.instance_id)}:
        return "duplicate"
    if _used(t, operation_id) or (not body.parents and _is_own(t, actor, body.instance_id)):
        raise problem(
            "sent-before",
            409,
            "Sent before in other words",
            "This form was sent before in other words, and those are here. What stands in it now was not sent: press "
            "Send again to add it as the next version of that report.",
        )
    if body.parents:
        _check_time(t, actor, body.instance_id)
    encoded = msgspec.Raw(msgspec.json.encode(body))
    result = keep(t, keys, actor, Operation(id=operation_id, kind=REPORT_REVISE, entity=body.instance_id, body=encoded))
    if result.problem is not None:
        raise ProblemError(result.problem)
    return "conflict" if result.outcome == "conflict" else "accepted"


def sent_as(t: Transaction, actor: Actor, revision_id: str) -> ReportRevision | None:
    """A version of the member's own as it was sent; None when there is none, or when it was erased."""
    return next(iter(_sent(t, actor, revision.c.revision_id == revision_id)), None)


def may_correct(t: Transaction, actor: Actor, instance_id: str) -> bool:
    """Whether the person may send another version of this report of theirs now."""
    row = t.first(
        t.select(report, report.c.state).where(
            report.c.instance_id == instance_id, report.c.member_id == actor.member_id
        )
    )
    if row is None:
        return False
    written = t.scalar(
        t.select(revision, revision.c.written_at)
        .where(revision.c.instance_id == instance_id)
        .order_by(revision.c.written_at)
        .limit(1)
    )
    return may_revise(row.state, parse_utc(written), t.now, policy_payload(t).edit_hours)


def _check_time(t: Transaction, actor: Actor, instance_id: str) -> None:
    if _is_own(t, actor, instance_id) and not may_correct(t, actor, instance_id):
        raise problem(
            "too-late-to-edit",
            409,
            "Too late to change",
            "The time your organization gives for changing a report is over, so this was not sent. Copy the words into "
            "a comment, or ask for the report to be returned to you.",
        )


def _sent(t: Transaction, actor: Actor, which: ColumnElement[bool]) -> list[ReportRevision]:
    bodies = t.execute(
        t.select(operation_table, operation_table.c.body)
        .join(revision, revision.c.operation_id == operation_table.c.operation_id)
        .where(t.owns(revision), which, operation_table.c.member_id == actor.member_id)
    ).scalars()
    found = []
    for encoded in bodies:
        try:
            found.append(msgspec.json.decode(encoded or b"", type=ReportRevision))
        except UNREADABLE:  # erased: nothing is left of it
            continue
    return found


def _said(body: ReportRevision) -> bytes:
    """All that a person wrote, and what it follows."""
    words = (body.parents, body.title, body.text, body.location_id, body.template_id, body.template_version)
    answers = [(answer.field, msgspec.json.decode(answer.value)) for answer in body.answers]
    return msgspec.json.encode((words, answers, [entry.media_id for entry in body.media]))


def _used(t: Transaction, operation_id: str) -> bool:
    used = t.select(operation_table, operation_table.c.kind).where(operation_table.c.operation_id == operation_id)
    return t.first(used) is not None


def _is_own(t: Transaction, actor: Actor, instance_id: str) -> bool:
    own = t.select(report, report.c.state).where(
        report.c.instance_id == instance_id, report.c.member_id == actor.member_id
    )
    return t.first(own) is not None
