"""Revisions that were written after the time for changes: kept like every other, and shown as such."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, func

from protocol.statements import PolicyPayload
from rules.clock import format_utc, parse_utc
from server.policy.document import payloads
from server.storage.database import Transaction
from server.storage.tables import review, revision


def late_revisions(
    t: Transaction, revisions: Sequence[Row[Any]], parents: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """Which of these rows of one report's `revision` were written after its first one by more than the `edit_hours` of
    the policy that was in force when they came. One that answers a return, or settles versions that stood side by
    side, was asked for and is never late."""
    if not any(parents.values()):
        return frozenset()
    this = revision.c.instance_id == revisions[0].instance_id
    first, policies = t.scalar(t.select(revision, func.min(revision.c.written_at)).where(this)), payloads(t)
    returned = t.execute(
        t.select(review, review.c.revision_id).where(
            review.c.instance_id == revisions[0].instance_id, review.c.decision == "returned"
        )
    ).scalars()
    asked = set(returned)
    return frozenset(
        row.revision_id
        for row in revisions
        if len(continued := parents.get(row.revision_id, ())) == 1
        and asked.isdisjoint(continued)
        and row.written_at > _end(policies, first, row.received)
    )


def _end(policies: Sequence[PolicyPayload], first: str, received: str) -> str:
    in_force = next(one for one in policies if one.issued <= received)
    return format_utc(parse_utc(first) + timedelta(hours=in_force.edit_hours))
