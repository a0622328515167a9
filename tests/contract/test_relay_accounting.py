"""Whatever a collector answers, whoever dies, withdraws or erases: every record that was accepted is somewhere, once.

accepted = waiting + passed on + counted as lost + erased before it left. Nothing that a collector took is sent again
but what a sender that died had sent, and nothing at all after it was erased or is no longer allowed.
"""

import gzip
import itertools
from collections import Counter
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from protocol.statements import TelemetryPolicy
from rules.clock import format_utc
from server import housekeeping
from server.logs.batches import keep_batch
from server.logs.erasing import LogErasureRequest, erase
from server.logs.installations import Installation, register
from server.policy.document import issue_policy, policy_payload
from server.receipts.keys import SigningKeys
from server.relaying import queue
from server.relaying.destinations import Collector
from server.relaying.requests import NoReplyError, Reply
from server.relaying.setting_up import Routes
from server.relaying.worker import Relay
from server.storage.database import Database
from server.storage.log_tables import (
    installation,
    log_record,
    log_relay,
    log_relay_loss,
    log_relay_pause,
    log_relayed,
)
from server.storage.objects import Objects
from tests.contract.conftest import Clock, _house, new_id
from tests.contract.test_logs import _batch, _record, _request
from tests.migrated import migrated_file
from tests.stories import examples, tell

ROUTES = Routes(collector="collector.example")
OTLP = {"content-type": "application/x-protobuf"}

pytestmark = pytest.mark.timeout(300)


class Scripted:
    """A collector at the port of requests: it answers as told, and notes what it took."""

    def __init__(self) -> None:
        self.answers: list[int | str] = []
        self.took: Counter[str] = Counter()
        self.unheard: set[str] = set()
        """Whose reply got lost."""
        self.hated: set[str] = set()
        """What it fails at, whenever it comes."""

    def post(self, _url: str, body: bytes, headers: Mapping[str, str]) -> Reply:
        request = ExportLogsServiceRequest.FromString(gzip.decompress(body) if "Content-Encoding" in headers else body)
        ids = [
            attribute.value.string_value
            for resource in request.resource_logs
            for scope in resource.scope_logs
            for record in scope.log_records
            for attribute in record.attributes
            if attribute.key == "event.id"
        ]
        answer = self.answers.pop(0) if self.answers else 200
        if answer == 200 and self.hated & set(ids):
            return Reply(500, OTLP, b"")
        if answer == "none":
            raise NoReplyError("Timeout")
        if answer == "lost":  # it took them, and the reply got lost
            self.took.update(ids)
            self.unheard.update(ids)
            raise NoReplyError("Timeout")
        assert isinstance(answer, int)
        if answer == 200:
            self.took.update(ids)
        return Reply(answer, OTLP, b"")

    def close(self) -> None:
        """Nothing is open."""


class Accounting(RuleBasedStateMachine):
    """One organization, two installations, one collector."""

    folder: Path
    numbers = itertools.count()

    @initialize()
    def begin(self) -> None:
        self.clock = Clock()
        place = self.folder / f"{next(self.numbers)}"
        place.mkdir()
        self.database = Database(migrated_file(place / "server.db"), self.clock)
        self.objects = Objects(str(place / "media"))
        self.keys = SigningKeys.load_or_create(place / "keys", {})
        self.organization_id = _house(self.database, "Harbour Works").organization_id
        self.senders = []
        for _ in range(2):
            wanted = _request(new_id())
            with self.database.write(self.organization_id) as t:
                register(t, wanted)
            self.senders.append(Installation(wanted.installation_id, self.organization_id))
        self.seq = itertools.count()
        self.accepted: set[str] = set()
        self.erased = 0
        self.slow: Any = None
        self.doubtful: set[str] = set()
        """What may come twice: it was under way when its sender died, or for too long."""
        self.collector = Scripted()
        self.relay = Relay(self.database, [Collector("https://collector.example/v1/logs", {})])
        self.lane = self.relay._lanes[0]
        self.lane._poster.close()
        self.lane._poster = self.collector  # type: ignore[assignment]

    @rule(who=st.integers(0, 1), usage=st.booleans(), count=st.integers(1, 9), hated=st.sampled_from([0, 0, 0, 1, 2]))
    def record(self, who: int, *, usage: bool, count: int, hated: int) -> None:
        ids = [new_id() for _ in range(count)]
        more: dict[str, Any] = {"category": "usage", "name": "app.started", "surface": "tray"} if usage else {}
        records = [_record(one, seq=next(self.seq), **more) for one in ids]
        for record in records:
            record.time_unix_nano = int(self.clock.now.timestamp()) * 10**9 + 10**9
        verdicts = keep_batch(self.database, self.senders[who], _batch(*records), ROUTES).verdicts
        if verdicts == f"{count}k":
            self.accepted.update(ids)
            self.collector.hated.update(ids[:hated])
        else:
            assert verdicts == f"{count}c"

    @rule(
        answers=st.lists(
            st.sampled_from([200, 200, 503, 429, 404, 302, 413, 400, 500, 422, "none", "lost"]), max_size=6
        )
    )
    def send(self, answers: list[int | str]) -> None:
        self.collector.answers = list(answers)
        self.lane._round()
        self.collector.answers = []

    @rule()
    def suspect(self) -> None:
        """It failed so often at the same that what it fails at is looked for."""
        with self.database.write(self.organization_id) as t:
            values = {"attempts": 8, "suspected": queue.SUSPECT_AFTER, "until": format_utc(self.clock.now)}
            if not t.insert_new(log_relay_pause, destination="collector", **values):
                t.execute(t.update(log_relay_pause).values(**values))
        self.lane._round()

    @rule(arrived=st.booleans())
    def die(self, *, arrived: bool) -> None:
        """Of a replica that took some, and perhaps sent them."""
        taken = self._take()
        if taken is not None and arrived:
            self.collector.took.update(self._ids(taken))
            self.doubtful.update(self._ids(taken))

    @precondition(lambda self: self.slow is None)
    @rule()
    def stall(self) -> None:
        """A replica that lives has some under way."""
        self.slow = self._take()
        self.slow_since = self.clock.now

    @precondition(lambda self: self.slow is not None)
    @rule()
    def finish(self) -> None:
        """And they arrive. Over its time somebody else may have sent them as well."""
        taken, self.slow = self.slow, None
        if self.clock.now - self.slow_since >= queue.HELD_FOR:
            self.doubtful.update(self._ids(taken))
        self.collector.took.update(self._ids(taken))
        with self.database.write(self.organization_id) as t:
            queue.passed_on(t, taken, taken.records, ROUTES.collector)

    @rule()
    def grow_old(self) -> None:
        """What waits now is given up."""
        if self.clock.now - Clock().now < timedelta(days=90):  # counts, too, are kept for a time only
            self.clock.forward(days=15)
            housekeeping.tidy(self.database, self.objects)
            assert self._counted()["waiting"] == 0

    @rule(minutes=st.sampled_from([1, 4, 10, 90, 400]))
    def wait(self, minutes: int) -> None:
        if self.clock.now - Clock().now < timedelta(days=90):  # counts, too, are kept for a time only
            self.clock.forward(minutes=minutes)

    @rule()
    def tidy(self) -> None:
        housekeeping.tidy(self.database, self.objects)

    @rule(usage=st.booleans())
    def allow(self, *, usage: bool) -> None:
        with self.database.write(self.organization_id) as t:
            issue_policy(t, self.keys, telemetry=TelemetryPolicy(usage=usage))

    @rule(who=st.integers(0, 1))
    def erase(self, who: int) -> None:
        before = format_utc(self.clock.now)
        self.clock.forward(seconds=2)
        wanted = LogErasureRequest(erasure_id=new_id(), categories=(), before=format_utc(self.clock.now))
        before_it, under_way = self._counted(), self._held_of(self.senders[who])
        with self.database.write(self.organization_id) as t:
            erase(t, self.keys, self.senders[who], wanted, ROUTES)
        after = self._counted()
        assert after["passed on"] - before_it["passed on"] == under_way
        self.erased += before_it["waiting"] - after["waiting"] - under_way
        assert before < wanted.before

    @invariant()
    def every_record_is_somewhere(self) -> None:
        counted = self._counted()
        assert counted["waiting"] + counted["passed on"] + counted["lost"] + self.erased == len(self.accepted)

    @invariant()
    def what_is_kept_is_counted(self) -> None:
        with self.database.read(self.organization_id) as t:
            kept = t.all(t.select(log_record))
            counted = {row.installation_id: row for row in t.all(t.select(installation))}
        for sender in self.senders:
            own = [row.record for row in kept if row.installation_id == sender.installation_id]
            row = counted[sender.installation_id]
            assert (row.kept_records, row.kept_bytes) == (len(own), sum(map(len, own)))

    @invariant()
    def nothing_is_taken_twice_without_a_reason(self) -> None:
        twice = {one for one, count in self.collector.took.items() if count > 1}
        assert twice <= self.doubtful | self.collector.unheard
        assert set(self.collector.took) <= self.accepted

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()

    def _take(self) -> queue.Taken | None:
        with self.database.write(self.organization_id) as t:
            return queue.take(t, "collector", policy_payload(t).telemetry, 5)

    def _ids(self, taken: queue.Taken) -> list[str]:
        return [
            attribute.value.string_value
            for one in taken.records
            for attribute in LogRecord.FromString(one.record).attributes
            if attribute.key == "event.id"
        ]

    def _held_of(self, sender: Installation) -> int:
        """How many of its records somebody is sending now."""
        now = format_utc(self.clock.now)
        with self.database.read(self.organization_id) as t:
            rows = t.all(t.select(log_relay).where(log_relay.c.installation_id == sender.installation_id))
        return sum(row.held_by is not None and row.held_until > now for row in rows)

    def _counted(self) -> dict[str, int]:
        with self.database.read(self.organization_id) as t:
            return {
                "waiting": len(t.all(t.select(log_relay, log_relay.c.relay_id))),
                "passed on": sum(row.records for row in t.all(t.select(log_relayed))),
                "lost": sum(row.records for row in t.all(t.select(log_relay_loss))),
            }


@pytest.mark.hypothesis
@pytest.mark.usefixtures("caplog")
def test_every_record_that_was_accepted_is_somewhere_once(tmp_path: Path) -> None:
    Accounting.folder = tmp_path
    tell(Accounting, stories=examples(20, 200), steps=25)
