"""What is asked and answered about a member's own data, after a round: requests to erase, and policy texts."""

import sqlite3
from datetime import timedelta
from typing import TypeVar

import msgspec

from agent.clock import Clock
from agent.outbox.outcomes import read_problem, sentence
from agent.store import own_data
from agent.store.own_data import StoredAnswer, StoredRequest
from agent.store.work import fact, put_fact
from agent.store.writer import Store
from agent.sync.asking import Asker
from agent.sync.checking import CheckServer, checked
from agent.transport import Cancellation, EgressRow, Reply
from protocol.discovery import Operator
from protocol.privacy import (
    ErasureAsked,
    ErasureRequests,
    ErasureRequestView,
    PolicyText,
    PolicyTexts,
    PolicyTextSaid,
    PolicyTextSummary,
)
from rules.clock import format_utc, parse_utc
from rules.decoding import UNREADABLE

T = TypeVar("T")
DEADLINE_SECONDS = 30.0
OPERATOR = "operator"
_LOOKED = "policy_texts_looked"
_EVERY = timedelta(days=1)
_REFUSALS = frozenset({409, 422})
_JSON = {"Content-Type": "application/json", "Accept": "application/json"}


class Errands:
    """For one account. Every method raises LinkTrouble, RoundCancelledError and AgentError cannot_store."""

    def __init__(self, asker: Asker, store: Store, clock: Clock, check: CheckServer) -> None:
        self._asker, self._store, self._clock, self._check = asker, store, clock, check

    def run(self, cancellation: Cancellation) -> bool:
        """Send what waits; look at the policy texts once a day. Whether there was anything to do."""
        requests = self._store.read(own_data.unsent)
        for request in requests:
            self._ask(request, cancellation)
        looked = self._store.read(lambda connection: fact(connection, _LOOKED, str))
        now = self._clock.now()
        due = looked is None or not parse_utc(looked) <= now < parse_utc(looked) + _EVERY
        if due:
            self.look_at_texts(cancellation)
        self._note_continued_use()
        unsaid = [one for one in self._store.read(own_data.answers) if not one.sent]
        for answer in unsaid:
            self._answer(answer, cancellation)
        return bool(requests or due or unsaid)

    def look_at_requests(self, cancellation: Cancellation) -> bool:
        """Fetch the server's word on every request; whether it gave it."""
        reply = self._request(EgressRow.SYNC, "GET", "/v1/me/erasure-requests", None, cancellation)
        found = _decoded(reply, ErasureRequests)
        if found is not None:
            self._store.write(lambda connection: own_data.learn(connection, found.requests)).result()
        return found is not None

    def look_at_texts(self, cancellation: Cancellation) -> bool:
        """Fetch which versions of the policy there are, what was said to them, and who runs the server; whether the
        server told."""
        reply = self._request(EgressRow.POLICY, "GET", "/v1/policy-texts", None, cancellation)
        found = _decoded(reply, PolicyTexts)
        account = self._asker.account.account
        operator = checked(self._check, account, cancellation).operator if found is not None else None

        def keep(connection: sqlite3.Connection) -> None:
            put_fact(connection, _LOOKED, format_utc(self._clock.now()))
            if found is not None and operator is not None:
                own_data.learn_texts(connection, filter(_has_day, found.texts))
                own_data.begin_notices(connection, current(connection, format_utc(self._clock.now())))
                for one in found.answers:
                    own_data.answer(connection, one.version, one.how, one.at, sent=True)
                put_fact(connection, OPERATOR, operator)

        self._store.write(keep).result()
        return found is not None

    def fetch_text(self, version: int, cancellation: Cancellation) -> PolicyText | None:
        """One version, kept for later; None where the server does not give it."""
        reply = self._request(EgressRow.POLICY, "GET", f"/v1/policy-texts/{version}", None, cancellation)
        found = _decoded(reply, PolicyText)
        if found is None or found.summary.version != version or not _has_day(found.summary):
            return None
        self._store.write(lambda connection: own_data.keep_text(connection, found.summary, found.text)).result()
        return found

    def _ask(self, request: StoredRequest, cancellation: Cancellation) -> None:
        body = msgspec.json.encode(ErasureAsked(request_id=request.request_id, wish=request.wish))
        reply = self._request(EgressRow.SYNC, "POST", "/v1/me/erasure-requests", body, cancellation)
        view = _decoded(reply, ErasureRequestView)
        if view is not None and view.request_id == request.request_id:
            self._store.write(lambda connection: own_data.learn(connection, (view,))).result()
        elif reply.status in _REFUSALS:
            why = sentence(
                read_problem(reply.headers.get("content-type", ""), reply.body),
                "The server refused this and did not say why.",
            )
            self._store.write(lambda connection: own_data.refuse(connection, request.request_id, why)).result()

    def _answer(self, answer: StoredAnswer, cancellation: Cancellation) -> None:
        """What the server will never take counts as told: it stays noted here, and holds up nothing."""
        body = msgspec.json.encode(PolicyTextSaid(how=answer.how))  # type: ignore[arg-type] # written by us
        path = f"/v1/policy-texts/{answer.version}/answer"
        reply = self._request(EgressRow.POLICY, "POST", path, body, cancellation)
        if reply.status in {200, 404} | _REFUSALS:
            self._store.write(
                lambda connection: own_data.answer(connection, answer.version, answer.how, answer.at, sent=True)
            ).result()

    def _note_continued_use(self) -> None:
        """Once, and only where the person recorded work after the day from which the version holds."""
        now = format_utc(self._clock.now())

        def unsaid(connection: sqlite3.Connection) -> int | None:
            version = current(connection, now)
            if version is None or version in {one.version for one in own_data.answers(connection)}:
                return None
            known = {one.version: one for one in own_data.texts(connection)}
            since = format_utc(parse_utc(known[version].effective))
            return version if own_data.worked_since(connection, since) else None

        version = self._store.read(unsaid)
        if version is not None:
            self._store.write(
                lambda connection: own_data.answer(connection, version, "continued_use", now, sent=False)
            ).result()

    def _request(self, row: EgressRow, method: str, path: str, body: bytes | None, cancellation: Cancellation) -> Reply:
        return self._asker.ask(
            row,
            method,
            f"{self._asker.account.server_url}{path}",
            headers=_JSON if body is not None else {"Accept": "application/json"},
            body=body,
            deadline=DEADLINE_SECONDS,
            cancellation=cancellation,
        )


def current(connection: sqlite3.Connection, now: str) -> int | None:
    """The version that holds now: the newest whose day has come."""
    holding = [one.version for one in own_data.texts(connection) if format_utc(parse_utc(one.effective)) <= now]
    return max(holding, default=None)


def operator_of(connection: sqlite3.Connection) -> Operator:
    """Who runs the server, as it was last told."""
    return fact(connection, OPERATOR, Operator) or Operator(name="", address="", contact="")


def _has_day(summary: PolicyTextSummary) -> bool:
    try:
        parse_utc(summary.effective)
    except ValueError:
        return False
    return True


def _decoded(reply: Reply, kind: type[T]) -> T | None:
    if reply.status != 200:
        return None
    try:
        return msgspec.json.decode(reply.body, type=kind)
    except UNREADABLE:
        return None
