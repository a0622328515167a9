"""Log data that is passed on instead of kept: nothing lost, nothing twice but where a sender died, all counted."""

import gzip
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.common.v1.common_pb2 import AnyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from sqlalchemy import update

from protocol.privacy import LogCount
from protocol.statements import TelemetryPolicy
from server import housekeeping
from server.logs.batches import keep_batch
from server.logs.installations import Installation
from server.policy.document import issue_policy
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.relaying import queue, worker
from server.relaying.destinations import Collector
from server.relaying.queue import HELD_FOR, OLDEST
from server.relaying.setting_up import Routes
from server.relaying.worker import Relay
from server.storage.database import Database
from server.storage.log_tables import log_record, log_relay, log_relay_loss, log_relay_pause, log_relayed
from server.storage.objects import Objects
from tests.contract.conftest import Clock, House, new_id
from tests.contract.in_process_server import serving
from tests.contract.test_log_erasure import _erase, _wanted
from tests.contract.test_log_erasure import keys as keys  # noqa: PLC0414 - the same fixture
from tests.contract.test_logs import SECRET, _batch, _record, _request, register
from tests.contract.test_logs import sender as sender  # noqa: PLC0414 - the same fixture
from tests.privacy.receiver import OTLP, Answer, Arrival, Receiver

TO = Routes(collector="collector.example")
FEW_SECONDS = 1.0


class Post:
    """The way from a database to a receiver, gone by hand."""

    def __init__(self, database: Database, collector: Receiver, url: str = "") -> None:
        self.database = database
        self.collector = collector
        to = Collector(f"{url or collector.url}/v1/logs", {"X-Scope": "ours"})
        self.relay = Relay(database, [to], seconds=FEW_SECONDS)

    def round(self) -> float | None:
        """Send what may be sent; seconds until there is more to do."""
        return self.relay._lanes[0]._round()


@pytest.fixture
def collector() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def post(database: Database, collector: Receiver) -> Iterator[Post]:
    made = Post(database, collector)
    yield made
    made.relay._lanes[0]._poster.close()


def _events(arrival: Arrival) -> list[str]:
    packed = "content-encoding" in arrival.headers
    request = ExportLogsServiceRequest.FromString(gzip.decompress(arrival.body) if packed else arrival.body)
    return [
        attribute.value.string_value
        for resource in request.resource_logs
        for scope in resource.scope_logs
        for record in scope.log_records
        for attribute in record.attributes
        if attribute.key == "event.id"
    ]


def _put(database: Database, sender: Installation, count: int, first: int = 0) -> list[str]:
    ids = [new_id() for _ in range(count)]
    records = [_record(event_id, seq=first + number) for number, event_id in enumerate(ids)]
    assert keep_batch(database, sender, _batch(*records), TO).waiting
    return ids


def _left(database: Database, sender: Installation) -> tuple[int, int, dict[str, int]]:
    """What waits, what was passed on, what was lost by reason."""
    with database.read(sender.organization_id) as t:
        waiting = len(t.all(t.select(log_relay)))
        passed_on = sum(row.records for row in t.all(t.select(log_relayed)))
        lost = {row.reason: row.records for row in t.all(t.select(log_relay_loss))}
    return waiting, passed_on, lost


def test_what_is_passed_on_is_not_kept_and_not_sent_twice(
    database: Database, sender: Installation, collector: Receiver, post: Post
) -> None:
    records = [_record(seq=seq) for seq in range(3)]
    records.append(_record(seq=3, category="usage", name="app.started", surface="tray"))
    assert keep_batch(database, sender, _batch(*records), TO).verdicts == "4k"
    with database.read(sender.organization_id) as t:
        assert {row.record for row in t.all(t.select(log_record))} == {b""}
    assert post.round() is None
    again = keep_batch(database, sender, _batch(*records), TO)
    assert (again.verdicts, again.waiting) == ("4d", False)
    assert post.round() is None
    sent = [_events(one) for one in collector.arrivals]
    assert sorted(len(one) for one in sent) == [1, 3]  # one category a request
    assert _left(database, sender) == (0, 4, {})
    arrival = collector.arrivals[0]
    assert (arrival.path, arrival.headers["x-scope"], arrival.headers["content-encoding"]) == (
        "/v1/logs",
        "ours",
        "gzip",
    )
    [resource] = ExportLogsServiceRequest.FromString(gzip.decompress(arrival.body)).resource_logs
    told = {one.key: one.value.string_value for one in resource.resource.attributes}
    assert told["app.installation.id"] == sender.installation_id
    assert told["miratag.organization.id"] == sender.organization_id


PORTAL = (200, {"content-type": "text/html"}, b"<html>Please pay</html>")
BROKEN = (200, OTLP, b"\xff\xff\xff")


@pytest.mark.usefixtures("caplog")
@pytest.mark.parametrize(
    ("answer", "least"),
    [
        ((503, {}, b""), 0),
        ((502, {}, b""), 0),
        ((504, {"retry-after": "120"}, b""), 120),
        ((429, {"retry-after": "7200"}, b""), 7200),
        ((429, {"retry-after": "999999999999999999999"}, b""), 86400),
        ((302, {"location": "http://127.0.0.1:1/"}, b""), 0),
        ((401, {}, b""), 0),
        ((404, {}, b""), 0),
        ((500, {}, b""), 0),
        (PORTAL, 0),
        (BROKEN, 0),
        (None, 0),
    ],
    ids=lambda value: str(value[0]) if isinstance(value, tuple) else str(value),
)
def test_what_is_no_success_is_sent_again_and_not_sooner_than_asked(
    sender: Installation, clock: Clock, post: Post, answer: Answer | None, least: int
) -> None:
    database, collector = post.database, post.collector
    collector.decide = lambda _: answer
    ids = _put(database, sender, 5)
    wait = post.round()
    assert wait is not None
    assert least <= wait <= max(least, 3600)
    assert len(collector.arrivals) == 1
    assert _left(database, sender) == (5, 0, {})
    collector.decide = lambda _: (200, OTLP, b"")
    if least:
        clock.forward(seconds=least - 1)
        assert post.round() is not None
        assert len(collector.arrivals) == 1
    clock.forward(seconds=wait + 1)
    assert post.round() is None
    assert sorted(_events(collector.arrivals[-1])) == sorted(ids)
    assert _left(database, sender) == (0, 5, {})
    with database.read(sender.organization_id) as t:
        assert t.all(t.select(log_relay_pause)) == []


@pytest.mark.usefixtures("caplog")
def test_nobody_listens(database: Database, sender: Installation, collector: Receiver) -> None:
    post = Post(database, collector, "http://127.0.0.1:9")
    _put(database, sender, 2)
    assert post.round() is not None
    assert _left(database, sender) == (2, 0, {})


def test_a_batch_that_is_too_large_goes_in_halves(
    database: Database, sender: Installation, collector: Receiver, post: Post
) -> None:
    giant = ""

    def at_most_three(arrival: Arrival) -> Answer:
        events = _events(arrival)
        return (413, {}, b"") if len(events) > 3 or giant in events else (200, OTLP, b"")

    collector.decide = at_most_three
    ids = _put(database, sender, 16)
    giant = ids[4]
    assert post.round() is None
    taken = [event for one in collector.arrivals if at_most_three(one)[0] == 200 for event in _events(one)]
    assert sorted(taken) == sorted(set(ids) - {giant})
    assert _left(database, sender) == (0, 15, {"too_large": 1})


def test_one_record_that_cannot_be_read_is_found_and_the_others_arrive(
    database: Database, sender: Installation, collector: Receiver, post: Post
) -> None:
    ids = _put(database, sender, 20)
    collector.decide = lambda arrival: (400, {}, b"") if ids[13] in _events(arrival) else (200, OTLP, b"")
    assert post.round() is None
    assert _left(database, sender) == (0, 19, {"refused": 1})


def test_a_collector_that_refuses_everything_is_not_asked_about_each_record(
    database: Database, sender: Installation, collector: Receiver, post: Post
) -> None:
    collector.decide = lambda _: (400, {}, b"")
    _put(database, sender, 400)
    assert post.round() is None
    assert len(collector.arrivals) < 60
    assert _left(database, sender) == (0, 0, {"refused": 400})


def test_a_collector_that_knows_no_gzip_gets_it_plain(
    database: Database, sender: Installation, collector: Receiver, post: Post
) -> None:
    collector.decide = lambda arrival: (400, {}, b"") if "content-encoding" in arrival.headers else (200, OTLP, b"")
    for first in (0, 3):
        _put(database, sender, 3, first)
        assert post.round() is None
    assert ["content-encoding" in one.headers for one in collector.arrivals] == [True, False, False]
    assert _left(database, sender) == (0, 6, {})


def test_what_a_collector_rejects_is_counted(
    database: Database, sender: Installation, collector: Receiver, post: Post
) -> None:
    partial = ExportLogsServiceResponse()
    partial.partial_success.rejected_log_records = 2
    collector.decide = lambda _: (200, OTLP, partial.SerializeToString())
    _put(database, sender, 5)
    assert post.round() is None
    assert _left(database, sender) == (0, 5, {"rejected": 2})


def test_what_a_replica_that_died_held_is_sent_by_another(
    database: Database, sender: Installation, clock: Clock, collector: Receiver, post: Post
) -> None:
    ids = _put(database, sender, 3)
    with database.write(sender.organization_id) as t:
        assert queue.take(t, "collector", TelemetryPolicy(), 500) is not None
    wait = post.round()
    assert wait is not None
    assert 0 < wait <= HELD_FOR.total_seconds()
    assert collector.arrivals == []
    clock.forward(seconds=wait + 1)
    assert post.round() is None
    assert sorted(_events(collector.arrivals[0])) == sorted(ids)


def test_many_replicas_send_each_record_once(
    database: Database, sender: Installation, collector: Receiver, database_url: str
) -> None:
    ids = [one for number in range(12) for one in _put(database, sender, 40, number * 40)]
    others = [Database(database_url) for _ in range(4)]
    relays = [Post(one, collector).relay for one in others]
    for relay in relays:
        relay._lanes[0]._receiver.most = 25
        relay.begin()
    try:
        collector.wait_for(lambda seen: sum(len(_events(one)) for one in seen.arrivals) >= len(ids), 60)
    finally:
        for relay in relays:
            relay.close()
        for one in others:
            one.close()
    assert Counter(event for one in collector.arrivals for event in _events(one)) == Counter(ids)
    assert _left(database, sender)[1:] == (480, {})


def test_a_thread_sleeps_until_it_is_woken(
    database: Database, sender: Installation, collector: Receiver, post: Post
) -> None:
    lane = post.relay._lanes[0]
    waits: list[float | None] = []
    asleep = threading.Event()
    wait = lane.woken.wait
    lane.woken.wait = lambda seconds=None: (waits.append(seconds), asleep.set(), wait(seconds))[2]  # type: ignore[method-assign]
    post.relay.begin()
    assert asleep.wait(20)
    ids = _put(database, sender, 2)
    post.relay.wake()
    collector.wait_for(lambda seen: bool(seen.arrivals))
    post.relay.close()
    assert not lane.thread.is_alive()
    assert sorted(_events(collector.arrivals[0])) == sorted(ids)
    assert set(waits) == {None}


def test_a_thread_outlives_whatever_goes_wrong(
    database: Database,
    sender: Installation,
    post: Post,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(worker, "AFTER_TROUBLE", 0.01)
    monkeypatch.setattr(queue, "HELD_FOR", timedelta(0))
    request, collector = post.relay._lanes[0]._receiver.request, post.collector
    fails = iter([True, True, False])

    def faulty(*given: object) -> object:
        if next(fails, False):
            raise KeyError("a fault of ours")
        return request(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(post.relay._lanes[0]._receiver, "request", faulty)
    ids = _put(database, sender, 2)
    post.relay.begin()
    collector.wait_for(lambda seen: bool(seen.arrivals))
    post.relay.close()
    assert sorted(_events(collector.arrivals[0])) == sorted(ids)
    assert caplog.text.count("what waits could not be passed on") == 2


def test_a_full_queue_accepts_nothing_and_the_sender_keeps_it(
    database: Database, sender: Installation, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queue, "MOST_WAITING", 3)
    _put(database, sender, 3)
    late = _record(seq=4)
    with pytest.raises(ProblemError) as raised:
        keep_batch(database, sender, _batch(late), TO)
    assert (raised.value.problem.status, raised.value.headers) == (503, {"Retry-After": "300"})
    with database.read(sender.organization_id) as t:
        assert len(t.all(t.select(log_record))) == 3
    post.round()
    assert keep_batch(database, sender, _batch(late), TO).verdicts == "1k"


def test_large_records_wait_within_bounds_and_go_in_small_requests(
    database: Database, sender: Installation, collector: Receiver, post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = [LogRecord(time_unix_nano=1, event_name="stranger", body=AnyValue(string_value="x" * 200_000))] * 12
    keep_batch(database, sender, _batch(*large), TO)
    assert post.round() is None
    sizes = [len(gzip.decompress(one.body)) for one in collector.arrivals]
    assert len(sizes) == 3
    assert max(sizes) <= queue.MOST_TAKEN_BYTES + 4096
    monkeypatch.setattr(queue, "MOST_WAITING_BYTES", 2_000_000)
    keep_batch(database, sender, _batch(*large), TO)
    with pytest.raises(ProblemError):
        keep_batch(database, sender, _batch(*large), TO)
    monkeypatch.setattr(queue, "MOST_TAKEN_BYTES", 1000)
    collector.arrivals.clear()
    assert post.round() is None
    assert len(collector.arrivals) == 12


def test_what_the_organization_no_longer_allows_is_not_sent(
    database: Database, sender: Installation, collector: Receiver, post: Post, keys: SigningKeys
) -> None:
    _put(database, sender, 2)
    with database.write(sender.organization_id) as t:
        issue_policy(t, keys, telemetry=TelemetryPolicy(diagnostics=False))
    assert post.round() is None
    assert collector.arrivals == []
    assert _left(database, sender) == (0, 0, {"not_allowed": 2})


def test_what_waited_too_long_is_given_up_and_counted(
    database: Database, sender: Installation, clock: Clock, tmp_path: Path
) -> None:
    _put(database, sender, 2)
    clock.forward(seconds=OLDEST.total_seconds() + 1)
    _put(database, sender, 1, 7)
    housekeeping.tidy(database, Objects(str(tmp_path / "media")))
    assert _left(database, sender) == (1, 0, {"old": 2})


def test_an_erasure_takes_what_waits_and_names_who_had_the_rest(
    database: Database, sender: Installation, collector: Receiver, post: Post, keys: SigningKeys
) -> None:
    _put(database, sender, 3)
    post.round()
    _put(database, sender, 2, 3)
    with database.write(sender.organization_id) as t:
        taken = queue.take(t, "collector", TelemetryPolicy(), 500)
    assert taken is not None
    _put(database, sender, 4, 5)
    _, payload = _erase(database, keys, sender, _wanted("diagnostics"))
    assert payload.erased == (LogCount(category="diagnostics", records=4),)
    assert {(one.to, one.records) for one in payload.relayed} == {
        (collector.url.removeprefix("http://"), 3),
        ("collector", 2),  # under way, and no longer set up as far as this caller knows
    }
    with database.write(sender.organization_id) as t:
        assert queue.hold_on(t, taken, taken.records) == ()
    post.round()
    assert len(collector.arrivals) == 1


def test_under_the_whole_server(
    database: Database, database_url: str, house: House, tmp_path: Path, collector: Receiver
) -> None:
    wanted = _request(new_id())
    with database.write(house.organization_id) as t:
        register(t, wanted)
    with serving(tmp_path / "data", database_url, logs_to=f"{collector.url}/v1/logs") as server:
        headers = {
            "Authorization": f"Bearer {wanted.installation_id}.{SECRET}",
            "Content-Type": "application/x-protobuf",
        }
        ids = [new_id() for _ in range(3)]
        body = _batch(*(_record(one, seq=seq) for seq, one in enumerate(ids)))
        reply = requests.post(f"{server.url}/v1/logs", body, headers=headers, timeout=20)
        assert (reply.status_code, reply.headers["Miratag-Verdicts"]) == (200, "3k")
        collector.wait_for(lambda seen: bool(seen.arrivals))
    assert sorted(_events(collector.arrivals[0])) == sorted(ids)


def test_killed_between_arrival_and_settling_it_arrives_again_and_is_counted_once(
    database: Database, sender: Installation, clock: Clock, collector: Receiver, post: Post
) -> None:
    """What a receiver has seen twice bears the same event.id."""
    ids = _put(database, sender, 3)
    lane = post.relay._lanes[0]
    arrived: Callable[..., None] = lane._arrived
    lane._arrived = lambda *_: (_ for _ in ()).throw(SystemExit)  # type: ignore[method-assign]
    with pytest.raises(SystemExit):
        post.round()
    lane._arrived = arrived  # type: ignore[method-assign]
    clock.forward(seconds=HELD_FOR.total_seconds() + 1)
    assert post.round() is None
    assert [sorted(_events(one)) for one in collector.arrivals] == [sorted(ids)] * 2
    assert _left(database, sender) == (0, 3, {})


def test_what_waits_survives_without_a_relay(database: Database, sender: Installation) -> None:
    _put(database, sender, 2)
    with database.write(sender.organization_id) as t:
        t.execute(update(log_relay).where(t.owns(log_relay)).values(held_by=None))
        assert queue.next_due(t, "collector") == t.now
        assert queue.next_due(t, "third_party") is None
