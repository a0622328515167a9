"""The operations of a request, in their order: runs of ordinary new reports at once, everything else one by one.

Ordinary is the first revision of a report of which neither the server nor the request has seen any id before, with
nothing wrong with it. A run leaves the very rows that `keep` would, and whatever surprises it is undone and kept one by
one instead: `keep` decides, a run is only faster.
"""

import logging
from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec
from sqlalchemy import select, union_all
from sqlalchemy.exc import DataError, IntegrityError

from protocol.changes import REPORT
from protocol.operations import REPORT_REVISE, ReportRevision
from protocol.sync import MAX_OPERATIONS, Operation, OperationResult
from rules.decoding import UNREADABLE
from server.attendance.arrival import UNTOLD, Arrival
from server.bounds import is_id, location_names
from server.feed import Told, publish_all
from server.problems import ProblemError
from server.receipts.issuing import Held, issue
from server.receipts.keys import SigningKeys
from server.reports.beginning import Beginning, Begun, begin, beginning
from server.storage.database import Actor, Transaction
from server.storage.operation_rows import operation_row
from server.storage.tables import operation as operation_table
from server.storage.tables import report, revision
from server.sync.operations import keep

_log = logging.getLogger(__name__)

Ready = tuple[Operation, Beginning]


def keep_all(
    t: Transaction,
    keys: SigningKeys,
    actor: Actor,
    operations: Sequence[Operation],
    *,
    longest: int = MAX_OPERATIONS,
    arrival: Arrival = UNTOLD,
) -> tuple[OperationResult, ...]:
    """Keep the operations of `actor`, who is held, as `keep` keeps each. Runs have at most `longest` (0: none)."""
    ready = _ordinary(t, actor, operations) if longest else {}
    results: list[OperationResult] = []
    while len(results) < len(operations):
        places = range(len(results), min(len(results) + longest, len(operations)))
        run = [ready[place] for place in _unbroken(places, ready)]
        if run and _kept_at_once(t, keys, actor, run):
            results += (OperationResult(id=operation.id, outcome="accepted") for operation, _ in run)
        else:
            those = islice(operations, len(results), len(results) + max(len(run), 1))
            results += [keep(t, keys, actor, operation, arrival) for operation in those]
    return tuple(results)


def _unbroken(places: Iterable[int], ready: dict[int, Ready]) -> Iterable[int]:
    for place in places:
        if place not in ready:
            return
        yield place


def _ordinary(t: Transaction, actor: Actor, operations: Sequence[Operation]) -> dict[int, Ready]:
    """Those that are ordinary, by their place in the request."""
    read = {place: body for place, one in enumerate(operations) if (body := _read(one)) is not None}
    new = _unseen(operations, read)
    if not new:
        return {}
    try:
        with t.savepoint():
            known = _known(t, [name for place in new for name in _ids(operations[place], read[place])])
            location_names(t, {place for body in read.values() if is_id(place := body.location_id or "")})
            fresh = [place for place in new if known.isdisjoint(_ids(operations[place], read[place]))]
            checked = {place: _checked(t, actor, operations[place], read[place]) for place in fresh}
    except DataError as error:
        _surprised(len(new), error)
        return {}
    return {place: (operations[place], one) for place, one in checked.items() if one is not None}


def _read(operation: Operation) -> ReportRevision | None:
    if operation.kind != REPORT_REVISE:
        return None
    try:
        return msgspec.json.decode(operation.body, type=ReportRevision)
    except UNREADABLE:
        return None


def _unseen(operations: Sequence[Operation], read: dict[int, ReportRevision]) -> list[int]:
    """The places of first revisions whose ids are ids and are in no operation before."""
    seen: set[str] = set()
    places = []
    for place, operation in enumerate(operations):
        body = read.get(place)
        ids = {operation.id} if body is None else _ids(operation, body)
        if body is not None and not body.parents and seen.isdisjoint(ids) and all(map(is_id, ids)):
            places.append(place)
        seen |= ids
    return places


def _ids(operation: Operation, body: ReportRevision) -> set[str]:
    return {operation.id, body.instance_id, body.revision_id}


def _known(t: Transaction, ids: Sequence[str]) -> set[str]:
    if not ids:
        return set()
    columns = (operation_table.c.operation_id, report.c.instance_id, revision.c.revision_id)
    found = (select(column).where(t.owns(column.table), column.in_(ids)) for column in columns)
    return {row[0] for row in t.all(union_all(*found))}


def _checked(t: Transaction, actor: Actor, operation: Operation, body: ReportRevision) -> Beginning | None:
    try:
        return beginning(t, actor, operation, body)
    except ProblemError:
        return None  # said by `keep`, when its turn comes


def _kept_at_once(t: Transaction, keys: SigningKeys, actor: Actor, run: Sequence[Ready]) -> bool:
    try:
        with t.savepoint():
            t.insert_all(operation_table, (operation_row(t, actor, operation) for operation, _ in run))
            begun = begin(t, actor, [one for _, one in run])
            held = [_held(*ready) for ready, one in zip(run, begun, strict=True) if one.complete]
            receipts = {told.entity: told for told in issue(t, keys, actor.member_id, held)}
            publish_all(t, (told for one in begun for told in _told(actor, one, receipts)))
    except (DataError, IntegrityError, ProblemError) as error:
        _surprised(len(run), error)
        return False
    return True


def _held(operation: Operation, one: Beginning) -> Held:
    return Held(
        instance_id=one.body.instance_id,
        revision_id=one.body.revision_id,
        operation_id=operation.id,
        body=bytes(operation.body),
        media=tuple(entry.sha256 for entry in one.body.media),
        received=one.revision["received"],
    )


def _told(actor: Actor, one: Begun, receipts: dict[str, Told]) -> list[Told]:
    view = Told(REPORT, one.view.instance_id, one.view, actor.member_id)
    [revision_id] = one.view.heads
    return [view, receipts[revision_id]] if revision_id in receipts else [view]


def _surprised(count: int, error: Exception) -> None:
    # Not what people wrote: only which kind of thing was not as expected.
    _log.info("%d new reports are kept one by one: %s", count, type(error).__name__)
