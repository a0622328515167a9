"""`POST /v1/sync`: keep what came, then tell what is new."""

from collections.abc import Sequence

import msgspec

from protocol.operations import REPORT_REVISE
from protocol.sync import MAX_OPERATIONS, Operation, OperationResult, SyncRequest, SyncResponse
from rules.clock import format_utc
from server.attendance.arrival import UNTOLD, Arrival
from server.feed import KEPT, Cursor, Page, changes_after, newest, prune, readable
from server.policy.document import begin_policy
from server.problems import problem
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database, Transaction
from server.storage.members import lock_member
from server.sync.full_pull import pull
from server.sync.operations import keep_alone
from server.sync.runs import keep_all

PAGE = 200
"""Changes in one reply."""


def synchronise(
    database: Database,
    keys: SigningKeys,
    actor: Actor,
    request: SyncRequest,
    page: int = PAGE,
    *,
    longest: int = MAX_OPERATIONS,
    arrival: Arrival = UNTOLD,
) -> SyncResponse:
    """Keep the operations of a member and answer with their results and the changes after the cursor.

    All of a request is committed at once, each operation undone alone when refused; the changes are read afterwards.
    New reports are kept together, at most `longest` at once.
    Raises ProblemError (413) beyond MAX_OPERATIONS.
    """
    if len(request.operations) > MAX_OPERATIONS:
        detail = f"There are {len(request.operations)} items in one request; {MAX_OPERATIONS} is the most. Send fewer."
        raise problem("too-many-operations", 413, "Too many items", detail, field="$.operations", limit=MAX_OPERATIONS)
    results: tuple[OperationResult, ...] = ()
    if request.operations:
        results = _kept(database, keys, actor, request.operations, longest=longest, arrival=arrival)
    begin_policy(database, keys, actor.organization_id)
    if request.cursor is None:
        # A device that begins anew reads present truth; its organization's oldest changes go on that occasion.
        with database.write(actor.organization_id) as t:
            prune(t, format_utc(t.now - KEPT))
    epoch = database.fact("feed_epoch")
    with database.read(actor.organization_id) as t:
        found, reset = _changes(t, actor, epoch, request.cursor, page)
        return SyncResponse(
            results=results,
            changes=found.changes,
            cursor=found.cursor.encoded(),
            more=found.more,
            reset=reset,
            server_time=t.now_text,
        )


def _kept(
    database: Database,
    keys: SigningKeys,
    actor: Actor,
    operations: Sequence[Operation],
    *,
    longest: int,
    arrival: Arrival,
) -> tuple[OperationResult, ...]:
    if len(operations) == 1 and operations[0].kind != REPORT_REVISE:
        # As most are sent, right after a press: nothing else of the request would be undone with it.
        return (keep_alone(database, keys, actor, operations[0], arrival),)
    with database.write(actor.organization_id) as t:
        lock_member(t, actor.member_id)
        return keep_all(t, keys, actor, operations, longest=longest, arrival=arrival)


def _changes(t: Transaction, actor: Actor, epoch: str, text: str | None, page: int) -> tuple[Page, bool]:
    cursor = Cursor.decoded(text) if text is not None else None
    reset = text is not None and (cursor is None or not readable(t, cursor, epoch))
    if cursor is None or reset:
        cursor = msgspec.structs.replace(newest(t, epoch), stage=0)
    if cursor.stage is None:
        return changes_after(t, actor, cursor, page), reset
    found = pull(t, actor, cursor, page)
    if found.more:
        return found, reset
    # The pull is done; whatever became true while it went on is waiting in the feed.
    waiting = changes_after(t, actor, found.cursor, 1)
    return msgspec.structs.replace(found, more=bool(waiting.changes)), reset
