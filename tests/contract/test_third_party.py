"""Outside analytics: only what was allowed for it, under an id of its own, and nothing that leads to anybody."""

import datetime
import logging
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest
import requests

from agent.logdata.sender import Sender
from agent.transport import Transport
from protocol.discovery import DISCOVERY_PATH, Discovery, InstallationRequest
from protocol.privacy import LogCount
from protocol.statements import TelemetryPolicy
from server.accounts.minting import Mint
from server.logs import batches, judging, room
from server.logs.batches import keep_batch
from server.logs.installations import Installation
from server.policy.document import issue_policy
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.relaying import queue
from server.relaying.destinations import GoogleAnalytics
from server.relaying.setting_up import Routes
from server.relaying.worker import Relay
from server.settings import AppAnalytics
from server.storage.database import Database
from telemetry.catalog import EVENTS
from telemetry.catalog.declaration import Event, Whole, declare
from telemetry.passing import Ending
from tests.contract.conftest import Clock, House, new_id
from tests.contract.in_process_server import serving
from tests.contract.test_log_erasure import _erase, _wanted
from tests.contract.test_log_erasure import keys as keys  # noqa: PLC0414 - the same fixture
from tests.contract.test_logs import SECRET, _batch, _record, _request, register
from tests.contract.test_logs import sender as sender  # noqa: PLC0414 - the same fixture
from tests.contract.test_relay import _left
from tests.privacy.receiver import Receiver

API_SECRET = "api-secret-of-the-operator"
ROUTES = Routes(third_party=GoogleAnalytics.name)


@declare(
    name="page.opened",
    version=1,
    category="third_party",
    purpose="For these tests.",
    owner="tests",
    retention_days=30,
    expires=datetime.date(2030, 1, 1),
)
class PageOpened(Event, frozen=True, kw_only=True):
    """An event as one would be declared for outside analytics."""

    page: Literal["today", "timesheet"]
    seconds: Annotated[int, Whole(max=3600)]
    first: bool


@pytest.fixture(autouse=True)
def declared(monkeypatch: pytest.MonkeyPatch) -> None:
    catalog = MappingProxyType({**EVENTS, "page.opened": PageOpened.declaration})
    monkeypatch.setattr(judging, "EVENTS", catalog)


@pytest.fixture
def service() -> Iterator[Receiver]:
    with Receiver(lambda _: (204, {}, b"")) as running:
        yield running


@pytest.fixture
def relay(database: Database, service: Receiver) -> Iterator[Relay]:
    mint = Mint(bytes(32))
    to = GoogleAnalytics(f"{service.url}/mp/collect", "G-TEST", API_SECRET, lambda one: mint.derive("client", one))
    made = Relay(database, [to])
    yield made
    made._lanes[0]._poster.close()


def _opened(seq: int) -> object:
    return _record(category="third_party", name="page.opened", seq=seq, page="today", seconds=7, first=True)


def _put(database: Database, sender: Installation, count: int, first: int = 0) -> str:
    return keep_batch(database, sender, _batch(*(_opened(first + n) for n in range(count))), ROUTES).verdicts  # type: ignore[arg-type]


def test_only_names_and_fields_leave_under_an_id_of_their_own(
    database: Database, sender: Installation, service: Receiver, relay: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    assert _put(database, sender, 30) == "30k"
    assert relay._lanes[0]._round() is None
    assert [len(msgspec.json.decode(one.body)["events"]) for one in service.arrivals] == [25, 5]
    first = service.arrivals[0]
    query = parse_qs(urlsplit(first.path).query)
    assert query == {"measurement_id": ["G-TEST"], "api_secret": [API_SECRET]}
    told = msgspec.json.decode(first.body)
    client_id = told.pop("client_id")
    assert told == {
        "non_personalized_ads": True,
        "consent": {"ad_user_data": "DENIED", "ad_personalization": "DENIED"},
        "events": [{"name": "page_opened", "params": {"page": "today", "seconds": 7, "first": 1}}] * 25,
    }
    assert {msgspec.json.decode(one.body)["client_id"] for one in service.arrivals} == {client_id}
    raw = b"".join(one.body + repr(one.headers).encode() + one.path.encode() for one in service.arrivals)
    for personal in (sender.installation_id, sender.organization_id):
        assert personal.encode() not in raw
        assert personal.replace("-", "").encode() not in raw
    assert "x-forwarded-for" not in first.headers
    assert API_SECRET not in caplog.text
    assert _left(database, sender) == (0, 30, {})


def test_trouble_there_tells_no_secret(
    database: Database, sender: Installation, service: Receiver, relay: Relay, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    service.decide = lambda _: (500, {}, b"")
    _put(database, sender, 1)
    assert relay._lanes[0]._round() is not None
    service.decide = lambda _: None
    assert "Google Analytics now (status 500)" in caplog.text
    assert API_SECRET not in caplog.text
    assert "G-TEST" not in caplog.text


def test_two_installations_stay_two_and_cannot_be_told_from_their_ids(
    database: Database, house: House, sender: Installation, service: Receiver, relay: Relay
) -> None:
    other = _request(new_id())
    with database.write(house.organization_id) as t:
        register(t, other)
    _put(database, sender, 1)
    _put(database, Installation(other.installation_id, house.organization_id), 1)
    relay._lanes[0]._round()
    assert len({msgspec.json.decode(one.body)["client_id"] for one in service.arrivals}) == 2


def test_where_nobody_is_set_up_nothing_of_it_is_taken(database: Database, sender: Installation) -> None:
    assert keep_batch(database, sender, _batch(_opened(1))).verdicts == "1c"  # type: ignore[arg-type]
    assert _left(database, sender) == (0, 0, {})


def test_a_wish_for_privacy_withdraws_what_waits_too(
    database: Database, sender: Installation, service: Receiver, relay: Relay
) -> None:
    _put(database, sender, 3)
    kept = keep_batch(database, sender, _batch(_opened(9), _record(seq=10)), ROUTES, private=True)  # type: ignore[arg-type]
    assert (kept.verdicts, kept.waiting) == ("1c1k", False)
    assert relay._lanes[0]._round() is None
    assert service.arrivals == []
    assert _left(database, sender) == (0, 0, {"not_allowed": 3})


@pytest.mark.parametrize(("refusal", "status"), [("room", 429), ("queue", 503), ("bytes", 400), ("records", 413)])
def test_a_wish_for_privacy_holds_also_where_its_batch_is_refused(
    database: Database, sender: Installation, monkeypatch: pytest.MonkeyPatch, refusal: str, status: int
) -> None:
    _put(database, sender, 3)
    batch = _batch(_record(seq=10))
    if refusal == "room":
        monkeypatch.setattr(room, "MOST_RECORDS", 3)
    elif refusal == "queue":
        monkeypatch.setattr(queue, "MOST_WAITING", 0)
    elif refusal == "records":
        monkeypatch.setattr(batches, "MAX_RECORDS", 0)
    routes = Routes(collector="collector.example", third_party=ROUTES.third_party)
    with pytest.raises(ProblemError) as raised:
        keep_batch(database, sender, b"\xff" if refusal == "bytes" else batch, routes, private=True)
    assert raised.value.problem.status == status
    assert _left(database, sender) == (0, 0, {"not_allowed": 3})


def test_an_organization_that_no_longer_allows_it(
    database: Database, sender: Installation, service: Receiver, relay: Relay, keys: SigningKeys
) -> None:
    _put(database, sender, 2)
    with database.write(sender.organization_id) as t:
        issue_policy(t, keys, telemetry=TelemetryPolicy(third_party=False))
    assert _put(database, sender, 1, 5) == "1c"
    relay._lanes[0]._round()
    assert service.arrivals == []


def test_an_erasure_names_the_service(
    database: Database, sender: Installation, relay: Relay, keys: SigningKeys, clock: Clock
) -> None:
    _put(database, sender, 2)
    relay._lanes[0]._round()
    _put(database, sender, 1, 5)
    _, payload = _erase(database, keys, sender, _wanted("third_party"))
    assert payload.erased == (LogCount(category="third_party", records=1),)
    assert payload.relayed == (LogCount(category="third_party", records=2, to="Google Analytics"),)
    with database.read(sender.organization_id) as t:
        assert queue.next_due(t, "third_party") is None


@pytest.mark.usefixtures("caplog")  # it is told that what waits cannot be passed on now
def test_under_the_whole_server(
    database: Database, database_url: str, house: House, tmp_path: Path, service: Receiver
) -> None:
    wanted = _request(new_id())
    with database.write(house.organization_id) as t:
        register(t, wanted)
    chosen = AppAnalytics(measurement_id="G-TEST", endpoint=f"{service.url}/mp/collect")
    with serving(tmp_path / "data", database_url, app_analytics=chosen, analytics_secret=API_SECRET) as server:
        told = requests.get(f"{server.url}{DISCOVERY_PATH}", timeout=20)
        [party] = msgspec.json.decode(told.content, type=Discovery).third_parties
        assert party.name == "Google Analytics"
        assert API_SECRET not in told.text
        headers = {
            "Authorization": f"Bearer {wanted.installation_id}.{SECRET}",
            "Content-Type": "application/x-protobuf",
        }
        for seq, more in ((0, {"Sec-GPC": "1"}), (1, {})):
            batch = _batch(_opened(seq))  # type: ignore[arg-type]
            reply = requests.post(f"{server.url}/v1/logs", batch, headers={**headers, **more}, timeout=20)
            assert reply.headers["Miratag-Verdicts"] == ("1c" if more else "1k")
        service.wait_for(lambda seen: bool(seen.arrivals))
        assert len(service.arrivals) == 1
        service.decide = lambda _: (503, {}, b"")
        requests.post(f"{server.url}/v1/logs", _batch(_opened(2)), headers=headers, timeout=20)  # type: ignore[arg-type]
        service.wait_for(lambda seen: len(seen.arrivals) == 2)  # it waits here now, to be passed on later
        _told_to_end(server.url, wanted)
        with database.read(house.organization_id) as t:
            assert queue.next_due(t, "third_party") is None
    with serving(tmp_path / "other", database_url, app_analytics=chosen) as server:  # no secret, so not set up
        told = requests.get(f"{server.url}{DISCOVERY_PATH}", timeout=20)
        assert msgspec.json.decode(told.content, type=Discovery).third_parties == ()


def _told_to_end(url: str, known: InstallationRequest) -> None:
    """As the app tells it, and one that is not known here."""
    transport = Transport()
    sender = Sender(transport, server_url=lambda _: url, token=lambda _: "")
    for installation_id in (known.installation_id, new_id()):
        ending = Ending(installation_id=installation_id, secret=SECRET)
        assert sender.end_passing_on("account", ending) is None
    transport.close()
