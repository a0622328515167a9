"""Keeping the first revisions of many new reports at once: what `revise` does for each, in one statement per table."""

from collections.abc import Sequence
from typing import Any

import msgspec

from protocol.changes import ReportView
from protocol.operations import ReportRevision
from protocol.sync import Operation
from server.reports.manifest import announce_all
from server.reports.revising import check, report_row, revision_row
from server.storage.database import Actor, Transaction
from server.storage.tables import report, revision


class Beginning(msgspec.Struct, frozen=True, kw_only=True):
    """A first revision that passed every check but that of whether its ids are free."""

    body: ReportRevision
    report: dict[str, Any]
    revision: dict[str, Any]


class Begun(msgspec.Struct, frozen=True, kw_only=True):
    """What became true of a new report, and whether all its files are held."""

    view: ReportView
    complete: bool


def beginning(t: Transaction, actor: Actor, operation: Operation, body: ReportRevision) -> Beginning:
    """The rows of a revision without parents. Raises the ProblemError that `revise` would."""
    check(t, operation, body)
    return Beginning(body=body, report=report_row(t, actor, body), revision=revision_row(t, operation, body))


def begin(t: Transaction, actor: Actor, beginnings: Sequence[Beginning]) -> list[Begun]:
    """Keep these, of different reports that are not here yet, and answer what became true of each.

    The caller holds the member and has stored the operations. Raises IntegrityError when an id is taken after all, and
    ProblemError when that of a file stands for another: then nothing of all this may stay.
    """
    t.insert_all(report, (one.report for one in beginnings))
    t.insert_all(revision, (one.revision for one in beginnings))
    held = announce_all(t, actor, [(one.body.revision_id, one.body.media) for one in beginnings])
    return [_begun(one, held) for one in beginnings]


def _begun(one: Beginning, held: frozenset[str]) -> Begun:
    missing = sorted(entry.media_id for entry in one.body.media if entry.media_id not in held)
    view = ReportView(
        instance_id=one.body.instance_id,
        state=one.report["state"],
        title=one.body.title,
        heads=(one.body.revision_id,),
        received=one.report["received"],
        missing=tuple(missing),
        location_id=one.body.location_id,
        template_id=one.body.template_id,
    )
    return Begun(view=view, complete=not missing)
