"""One round of sync: operations up, results and changes down, until nothing is left to say."""

import random
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

import msgspec

from agent.clock import Clock
from agent.media.spool import Spool
from agent.outbox.batches import ALONE_AFTER, batches, halves
from agent.outbox.outcomes import ItemFate, RequestFate, Verdict, item_fate, request_fate, sentence
from agent.schedule.due import back_off
from agent.store import drafts, feed, news, operations, receipts
from agent.store.operations import StoredOperation
from agent.store.work import fact, put_fact
from agent.store.writer import Store
from agent.sync.asking import Asker, LinkTrouble
from agent.sync.checking import CheckServer, checked
from agent.sync.fetching import Fetching, Settle
from agent.transport import Cancellation, EgressRow, Reply
from protocol.statements import POLICY, PolicyPayload, PublicKey, SignedStatement
from protocol.sync import Operation, OperationResult, SyncRequest, SyncResponse
from rules.clock import format_utc
from rules.decoding import UNREADABLE
from rules.retrying import retry_after
from rules.sentence import Sentence
from rules.statements import StatementError, verify

DEADLINE_SECONDS = 60.0
LOOK_AHEAD = 200
MAX_REQUESTS = 1000
CONFIRMATION = "confirmation"
POLICY_HELD = "policy"

SendingItems = Callable[[frozenset[str]], None]


class Syncer:
    """Sync of one account. `sending` hears which items are in the request that is under way; `settle` is told of each
    report of which a version was fetched, in the transaction that keeps it."""

    def __init__(
        self,
        *,
        asker: Asker,
        check_server: CheckServer,
        store: Store,
        spool: Spool,
        clock: Clock,
        settle: Settle,
        sending: SendingItems,
        chance: random.Random,
    ) -> None:
        self._asker = asker
        self._check = check_server
        self._store = store
        self._spool = spool
        self._clock = clock
        self._fetching = Fetching(asker, store, settle)
        self._sending = sending
        self._chance = chance
        self._server_checked = False
        self._failures = 0

    def run(self, cancellation: Cancellation) -> None:
        """A whole round. Raises LinkTrouble, RoundCancelledError, AgentError cannot_store."""
        self._failures = 0
        if not self._server_checked:
            self._check_server(cancellation)
        try:
            self._exchange(cancellation)
        finally:
            self._sending(frozenset())
        self._fetching.run(cancellation)
        if self._store.read(receipts.unchecked):
            self._check_server(cancellation)
            self._settle_receipts()

    def _check_server(self, cancellation: Cancellation) -> None:
        """Whether it is still the server this account signed in to; its keys may have grown."""
        account = self._asker.account
        if account.signed_out:
            raise LinkTrouble(
                "signed_out", Sentence("%(name)s is signed out. What waits is saved here.", name=account.name)
            )
        checked(self._check, account.account, cancellation)
        self._server_checked = True

    def _exchange(self, cancellation: Cancellation) -> None:
        more = True
        for _ in range(MAX_REQUESTS):
            if self._store.read(drafts.holds):
                self._store.write(lambda connection: drafts.let_go(connection, self._clock.now())).result()
            now = format_utc(self._clock.now())
            due = self._store.read(lambda connection, now=now: operations.due(connection, now, LOOK_AHEAD))  # type: ignore[misc]
            batch = next(batches(due), [])
            if not batch and not more:
                return
            more = self._send(batch, cancellation)

    def _send(self, batch: Sequence[StoredOperation], cancellation: Cancellation) -> bool:
        """One request, or several where one is refused; whether the server has more to tell."""
        reply = self._post(batch, cancellation)
        verdict = request_fate(reply.status, reply.headers.get("content-type", ""), reply.body)
        match verdict.fate:
            case RequestFate.READ:
                return self._read(batch, reply)
            case RequestFate.WAIT:
                wait = retry_after(reply.headers.get("retry-after"), self._clock.now())
                raise LinkTrouble(
                    verdict.link, sentence(verdict.problem, "The server is busy. It is asked later."), wait
                )
            case RequestFate.SPLIT | RequestFate.BISECT if len(batch) > 1:
                first, second = halves(batch)
                more = self._send(first, cancellation)
                return self._send(second, cancellation) or more
            case RequestFate.SPLIT | RequestFate.BISECT if batch:
                self._put_aside(batch[0], verdict)
                return False
            case RequestFate.BISECT if self._forget_cursor():
                return True
        return self._server_failed(batch, reply.status, verdict)

    def _post(self, batch: Sequence[StoredOperation], cancellation: Cancellation) -> Reply:
        self._sending(frozenset(one.item_id for one in batch))
        request = SyncRequest(
            operations=tuple(
                Operation(id=one.operation_id, kind=one.kind, entity=one.entity, body=msgspec.Raw(one.body))
                for one in batch
            ),
            cursor=self._store.read(feed.cursor),
        )
        return self._asker.ask(
            EgressRow.SYNC,
            "POST",
            f"{self._asker.account.server_url}/v1/sync",
            headers={"Content-Type": "application/json", "Accept": "application/json"},
            body=msgspec.json.encode(request),
            deadline=DEADLINE_SECONDS,
            cancellation=cancellation,
        )

    def _read(self, batch: Sequence[StoredOperation], reply: Reply) -> bool:
        try:
            response = msgspec.json.decode(reply.body, type=SyncResponse)
            confirmation = self._clock.confirm(response.server_time)
        except (ValueError, *UNREADABLE):
            return self._server_failed(batch, reply.status, Verdict(RequestFate.TROUBLE, "server_trouble"))
        before = self._store.read(feed.cursor)
        results = {one.id: one for one in response.results}

        def take_in(connection: sqlite3.Connection) -> list[str]:
            for one in batch:
                self._take_result(connection, one, results.get(one.operation_id))
            if response.reset:
                feed.forget_taught(connection)
            feed.apply(connection, response.changes)
            put_fact(connection, feed.CURSOR, response.cursor)
            if not response.more:
                news.begin(connection)
            put_fact(connection, CONFIRMATION, confirmation)
            return self._judge(connection)

        self._release(self._store.write(take_in).result())
        self._failures = 0
        return response.more and (bool(batch) or response.cursor != before)

    def _take_result(
        self, connection: sqlite3.Connection, operation: StoredOperation, result: OperationResult | None
    ) -> None:
        match item_fate(result.outcome if result is not None else None):
            case ItemFate.KEPT:
                operations.kept(connection, operation.operation_id, self._now())
            case ItemFate.ASIDE:
                problem = result.problem if result is not None else None
                why = sentence(problem, "The server refused this and did not say why.")
                field = (problem.field or "") if problem is not None else ""
                operations.set_aside(connection, operation.operation_id, state="aside", sentence=why, field=field)
            case ItemFate.UPDATE:
                why = "Your organization's server does not know this kind of item yet. It stays saved here."
                why = sentence(result.problem if result else None, why)
                operations.set_aside(connection, operation.operation_id, state="unsupported", sentence=why)
            case ItemFate.RETRY:
                operations.failed(connection, [operation.operation_id], self._later(operation.attempts))

    def _judge(self, connection: sqlite3.Connection) -> list[str]:
        """Receipts and policy by the keys trusted now; the names in the spool that may go."""
        account = self._asker.account
        offered = fact(connection, feed.POLICY_OFFERED, SignedStatement)
        if offered is not None:
            _take_policy(connection, offered, account.keys, account.organization_id)
        return receipts.check_all(
            connection,
            account.keys,
            organization_id=account.organization_id,
            member_id=account.member_id,
            now=self._now(),
        )

    def _settle_receipts(self) -> None:
        """The keys were just asked for: what they do not cover is refused, and said so."""

        def settle(connection: sqlite3.Connection) -> list[str]:
            released = self._judge(connection)
            receipts.refuse_unchecked(connection)
            return released

        self._release(self._store.write(settle).result())

    def _release(self, file_names: Iterable[str]) -> None:
        for name in file_names:
            self._spool.forget(name)

    def _put_aside(self, operation: StoredOperation, verdict: Verdict) -> None:
        why = sentence(verdict.problem, "This is too large for the server. Send it in smaller parts.")
        self._store.write(
            lambda connection: operations.set_aside(connection, operation.operation_id, state="aside", sentence=why)
        ).result()

    def _forget_cursor(self) -> bool:
        """The server cannot read a request of a cursor alone: ask for everything, once."""
        if self._store.read(feed.cursor) is None:
            return False
        self._store.write(
            lambda connection: connection.execute("DELETE FROM fact WHERE name = ?", (feed.CURSOR,))
        ).result()
        return True

    def _server_failed(self, batch: Sequence[StoredOperation], status: int, verdict: Verdict) -> bool:
        """Nobody knows what became of these. A lone one that keeps failing lets the next go; else the round ends."""
        self._failures += 1
        if batch:
            later = self._later(max(one.attempts for one in batch))
            ids = [one.operation_id for one in batch]
            self._store.write(lambda connection: operations.failed(connection, ids, later)).result()
        if len(batch) == 1 and batch[0].attempts >= ALONE_AFTER and self._failures == 1:
            return False
        otherwise = Sentence(
            "The server did not answer as it should (it answered %(status)s). What waits is saved here.", status=status
        )
        raise LinkTrouble(verdict.link, sentence(verdict.problem, otherwise))

    def _later(self, attempts: int) -> str:
        return format_utc(self._clock.now() + timedelta(seconds=back_off(attempts + 1, self._chance)))

    def _now(self) -> str:
        return format_utc(self._clock.now())


def _take_policy(
    connection: sqlite3.Connection, offered: SignedStatement, keys: tuple[PublicKey, ...], organization_id: str
) -> None:
    """A policy counts when a trusted key signed it, it is this organization's, and it is newer than the one held."""
    try:
        payload = msgspec.json.decode(verify(offered, keys, POLICY), type=PolicyPayload)
    except (StatementError, *UNREADABLE):
        return
    held = fact(connection, POLICY_HELD, PolicyPayload)
    if payload.organization_id == organization_id and (held is None or payload.version > held.version):
        put_fact(connection, POLICY_HELD, payload)
