"""Many members who check in at once: their requests are answered together, in one transaction of each organization.

What is answered is what `synchronise` answers each. Whatever is not as expected, or surprises, it answers instead: a
crowd is only faster, and only while there is one.
"""

import logging
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager

import msgspec
from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from protocol.operations import ATTENDANCE_RECORD, AttendanceEvent
from protocol.sync import Operation, OperationResult, SyncRequest, SyncResponse
from rules.decoding import UNREADABLE
from server.accounts.tokens import actors_of
from server.attendance.crowds import Press, is_plain, keep_together, plain_ones
from server.feed import Cursor, Page, changes_after_each
from server.gathering import Gathering
from server.problems import ProblemError
from server.storage.database import Database
from server.storage.operation_rows import operation_row
from server.storage.tables import operation as operation_table

MOST = 100
"""Check-ins in one transaction."""
FEW = 4
"""So many under way are no crowd yet: each is answered sooner alone."""
MAX_BYTES = 4096
"""Of a request that may belong to a crowd."""
_PAGE = 400
"""Changes read at once for all of a crowd."""

_log = logging.getLogger(__name__)


class Caller(msgspec.Struct, frozen=True):
    """A request that may belong to a crowd: `body` is that of its one operation, `cursor` how far its device knows."""

    token: str
    operation: Operation
    body: AttendanceEvent
    cursor: Cursor


class Answered(msgspec.Struct, frozen=True):
    """What the crowd did for a caller: all, or (`response` None) kept the operations with these `results`, which may
    be none. The rest is for `synchronise`."""

    response: SyncResponse | None = None
    results: tuple[OperationResult, ...] = ()


NOTHING_DONE = Answered()


def caller_of(token: str, body: bytes) -> Caller | None:
    """The caller, if the request is one plain check-in of a device that goes on reading."""
    if not token or len(body) > MAX_BYTES:
        return None
    try:
        request = msgspec.json.decode(body, type=SyncRequest)
        if len(request.operations) != 1 or request.operations[0].kind != ATTENDANCE_RECORD or request.cursor is None:
            return None
        event = msgspec.json.decode(request.operations[0].body, type=AttendanceEvent)
    except UNREADABLE:
        return None
    cursor = Cursor.decoded(request.cursor)
    if cursor is None or cursor.stage is not None or not is_plain(event):
        return None
    return Caller(token, request.operations[0], event, cursor)


class Crowds:
    """The crowds at one server process. Thread-safe but for `under_way`, which belongs to the event loop."""

    def __init__(self, database: Database, most: int = MOST) -> None:
        self._database = database
        self._under_way = 0
        self._gathering: Gathering[Caller, Answered] = Gathering(self.answer_all, most, "crowd")

    @contextmanager
    def under_way(self) -> Iterator[bool]:
        """While a check-in is being answered; whether there are so many that it is better done together."""
        self._under_way += 1
        try:
            yield self._under_way > FEW
        finally:
            self._under_way -= 1

    def submit(self, caller: Caller) -> "Future[Answered]":
        """Answer this one together with whoever else waits."""
        return self._gathering.submit(caller)

    def close(self) -> None:
        """Answer who waits, and no one more."""
        self._gathering.close()

    def answer_all(self, callers: Sequence[Caller]) -> list[Answered]:
        """Each in its place."""
        actors = actors_of(self._database, {one.token for one in callers})
        by_organization: dict[str, list[Press]] = {}
        for place, one in enumerate(callers):
            actor = actors.get(one.token)
            if actor is not None and actor.organization_id in self._database.governed:
                press = Press(place, actor, one.operation, one.body)
                by_organization.setdefault(actor.organization_id, []).append(press)
        answers = [NOTHING_DONE] * len(callers)
        for organization_id, presses in by_organization.items():
            kept = self._kept(organization_id, presses)
            for place, answer in self._told(organization_id, kept, callers).items():
                answers[place] = answer
        return answers

    def _kept(self, organization_id: str, presses: Sequence[Press]) -> list[Press]:
        """Those that were kept, all in one transaction."""
        try:
            with self._database.write(organization_id) as t:
                plain = plain_ones(t, presses)
                t.insert_all(operation_table, (operation_row(t, one.press.actor, one.press.operation) for one in plain))
                keep_together(t, plain)
        except (DataError, IntegrityError, OperationalError, ProblemError) as error:
            # Not what people wrote: only which kind of thing was not as expected.
            _log.info("%d check-ins are kept one by one: %s", len(presses), type(error).__name__)
            return []
        return [one.press for one in plain]

    def _told(self, organization_id: str, kept: Sequence[Press], callers: Sequence[Caller]) -> dict[int, Answered]:
        """What each is answered, by place; the changes are read after all was committed, as `synchronise` does."""
        if not kept:
            return {}
        readers = {one.actor.member_id: callers[one.place].cursor for one in kept}
        with self._database.read(organization_id) as t:
            pages = changes_after_each(t, readers, self._database.fact("feed_epoch"), _PAGE)
            return {one.place: _answer(one.operation.id, pages.get(one.actor.member_id), t.now_text) for one in kept}


def _answer(operation_id: str, page: Page | None, now: str) -> Answered:
    results = (OperationResult(id=operation_id, outcome="accepted"),)
    if page is None:
        return Answered(results=results)
    response = SyncResponse(
        results=results,
        changes=page.changes,
        cursor=page.cursor.encoded(),
        more=page.more,
        reset=False,
        server_time=now,
    )
    return Answered(response, results)
