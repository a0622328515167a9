"""Revisions that were written after the time for changes: kept like every other, and shown as such."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row

from rules.clock import format_utc, parse_utc
from server.policy.document import payload_at
from server.storage.database import Transaction
from server.storage.tables import review, revision_parent


def late_revisions(t: Transaction, revisions: Sequence[Row[Any]]) -> frozenset[str]:
    """Which of the rows of one report's `revision` were written after its first one by more than the `edit_hours` of
    the policy that was in force when they came. One that answers a return, or settles versions that stood side by
    side, was asked for and is never late."""
    if len(revisions) < 2:
        return frozenset()
    first = min(row.written_at for row in revisions)
    ids = [row.revision_id for row in revisions]
    parents: dict[str, set[str]] = {}
    for row in t.all(t.select(revision_parent).where(revision_parent.c.revision_id.in_(ids))):
        parents.setdefault(row.revision_id, set()).add(row.parent_id)
    returned = t.execute(
        t.select(review, review.c.revision_id).where(
            review.c.instance_id == revisions[0].instance_id, review.c.decision == "returned"
        )
    ).scalars()
    asked = set(returned)
    return frozenset(
        row.revision_id
        for row in revisions
        if len(continued := parents.get(row.revision_id, set())) == 1
        and not continued & asked
        and row.written_at > _end(t, first, row.received)
    )


def _end(t: Transaction, first: str, received: str) -> str:
    return format_utc(parse_utc(first) + timedelta(hours=payload_at(t, received).edit_hours))
