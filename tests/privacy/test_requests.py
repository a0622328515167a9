"""What a request with log data holds, and what it never does."""

import gzip
import hashlib
import json
import logging

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest

from agent.api import AgentError
from agent.logdata import reading
from agent.logdata.sender import Sender
from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from agent.transport import EGRESS, CookieJar, EgressRow, Manners, Transport
from protocol.statements import TelemetryPolicy
from telemetry.batches import Terms
from telemetry.catalog.events import AppStarted, KeyringUnavailable, ReportSent
from telemetry.outcomes import Unanswered
from tests.privacy.conftest import ACCOUNT, TOKEN, MakeService, later_ms
from tests.privacy.receiver import OTLP, Answer, Arrival, Receiver, take_all


def send_some(service: LogDataService) -> int:
    service.set_consent(ACCOUNT, "usage", "granted")
    service.set_consent(ACCOUNT, "diagnostics", "granted")
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.emit(ACCOUNT, KeyringUnavailable(state="absent"))
    service.emit(ACCOUNT, ReportSent(kind="new", size_bytes=70_000, media=2))
    service.flush()
    return service.send_due(everything=True)


def test_batches_go_under_the_installations_name_and_nobody_elses(service: LogDataService, receiver: Receiver) -> None:
    assert send_some(service) == 3
    registration, *logs = receiver.arrivals
    assert registration.path == "/v1/installations"
    assert registration.headers["authorization"] == f"Bearer {TOKEN}"
    asked = json.loads(registration.body)
    assert set(asked) == {"installation_id", "secret_sha256"}
    assert len(logs) == 2
    for batch in logs:
        installation, _, secret = batch.headers["authorization"].removeprefix("Bearer ").partition(".")
        assert installation == asked["installation_id"]
        assert hashlib.sha256(secret.encode()).hexdigest() == asked["secret_sha256"]
        assert (batch.headers["content-type"], batch.headers["content-encoding"]) == ("application/x-protobuf", "gzip")
        assert "cookie" not in batch.headers
        everything = str(batch.headers).encode() + gzip.decompress(batch.body)
        for personal in (TOKEN, *ACCOUNT.split("/")):
            assert personal.encode() not in everything
        ExportLogsServiceRequest.FromString(gzip.decompress(batch.body))


def test_no_file_of_log_data_names_the_person(service: LogDataService, profile: Profile) -> None:
    send_some(service)
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    files = [one for one in profile.path.rglob("*") if one.is_file()]
    assert len(files) >= 2
    for file in files:
        for personal in (TOKEN, *ACCOUNT.split("/")):
            assert personal.encode() not in file.read_bytes()
            assert personal not in str(file)


def test_the_view_tells_what_was_sent(service: LogDataService) -> None:
    send_some(service)
    view = {one.category: one for one in service.view(ACCOUNT)}
    assert (view["usage"].sent, view["usage"].queued, view["diagnostics"].sent) == (2, 0, 1)
    assert view["usage"].last_sent is not None
    assert service.sent_today(ACCOUNT) == 3
    assert service.next_due() is None


def test_one_registration_for_all_batches_and_restarts(make_service: MakeService, receiver: Receiver) -> None:
    first = make_service()
    send_some(first)
    first.close()
    again = make_service()
    again.open(ACCOUNT)
    again.emit(ACCOUNT, AppStarted(surface="window"))
    again.flush()
    assert again.send_due(everything=True) == 1
    assert [one.path for one in receiver.arrivals].count("/v1/installations") == 1


def test_a_server_that_forgot_the_installation_gets_it_again(service: LogDataService, receiver: Receiver) -> None:
    known = False

    def decide(arrival: Arrival) -> Answer:
        nonlocal known
        if arrival.path == "/v1/installations":
            known = True
            return 201, {}, b""
        return (200, OTLP, b"") if known else (401, {}, b"")

    send_some(service)
    known = False
    receiver.decide = decide
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    assert service.send_due(everything=True) == 0
    assert service.send_due(everything=True) == 1
    bodies = [one.body for one in receiver.logs()]
    assert bodies[-1] == bodies[-2]


def test_an_id_that_is_taken_is_replaced(service: LogDataService, receiver: Receiver) -> None:
    ids: list[str] = []

    def decide(arrival: Arrival) -> Answer:
        if arrival.path == "/v1/installations":
            ids.append(json.loads(arrival.body)["installation_id"])
            return (409 if len(ids) == 1 else 201), {}, b""
        return 200, OTLP, b""

    receiver.decide = decide
    assert send_some(service) == 0
    assert service.send_due(everything=True) == 3
    assert len(set(ids)) == 2
    assert all(ids[0].encode() not in gzip.decompress(one.body) for one in receiver.logs())


def test_a_server_that_wants_no_more_installations_is_asked_when_it_said(
    make_service: MakeService, receiver: Receiver
) -> None:
    receiver.decide = lambda _arrival: (429, {"Retry-After": "900"}, b"")
    first = make_service()
    assert send_some(first) == 0
    due = first.next_due()
    assert due is not None
    assert 890 < due <= 900
    assert [one.path for one in receiver.arrivals] == ["/v1/installations"]
    first.close()
    receiver.decide = take_all
    later = make_service(clock=later_ms(15.1))
    later.open(ACCOUNT)
    later.flush()
    assert later.send_due() == 3


def test_without_a_token_nothing_is_lost(make_service: MakeService, receiver: Receiver) -> None:
    def no_token(_account: str) -> str:
        raise AgentError("not_signed_in", "Sign in first.")

    service = make_service(token=no_token)
    assert send_some(service) == 0
    assert receiver.arrivals == []
    assert service.next_due() is not None
    assert sum(one.queued for one in service.view(ACCOUNT)) == 3


@pytest.mark.parametrize(
    "answer",
    [
        (302, {"location": "/elsewhere"}, b""),
        (200, {"content-type": "text/html"}, b"<html>Sign in to this network"),
        (200, OTLP, b"\xff\xff\xff"),
        (500, {}, b""),
        (429, {"retry-after": "99999999999"}, b""),
    ],
)
def test_a_bad_reply_is_never_success(service: LogDataService, receiver: Receiver, answer: Answer) -> None:
    receiver.decide = lambda arrival: answer if arrival.path == "/v1/logs" else take_all(arrival)
    assert send_some(service) == 0
    assert {one.path for one in receiver.arrivals} == {"/v1/installations", "/v1/logs"}
    assert sum(one.queued for one in service.view(ACCOUNT)) == 3
    due = service.next_due()
    assert due is not None
    assert due <= 24 * 3600
    receiver.decide = take_all
    assert service.send_due(everything=True) == 3


def test_an_outage_loses_and_doubles_nothing(make_service: MakeService, receiver: Receiver) -> None:
    """503 for a while, then well again; what arrives is compared by event id."""
    failing = True
    receiver.decide = lambda arrival: (503, {}, b"") if failing and arrival.path == "/v1/logs" else take_all(arrival)
    service = make_service(clock=later_ms(0))
    service.set_consent(ACCOUNT, "usage", "granted")
    for round_ in range(8):
        failing = round_ < 5
        for _ in range(150):
            service.emit(ACCOUNT, AppStarted(surface="tray"))
        service.flush()
        service.send_due(everything=True)
    arrived = [
        attribute.value.string_value
        for one, answered in ((one, one.body) for one in receiver.logs()[5:])
        for resource in ExportLogsServiceRequest.FromString(gzip.decompress(answered)).resource_logs
        for record in resource.scope_logs[0].log_records
        for attribute in record.attributes
        if attribute.key == "event.id"
    ]
    assert len(arrived) == len(set(arrived)) == 8 * 150
    assert len({one.body for one in receiver.logs()[:6]}) == 1, "the same bytes each time"


def test_exit_waits_for_no_server(make_service: MakeService, receiver: Receiver) -> None:
    import threading
    import time

    receiver.decide = lambda arrival: None if arrival.path == "/v1/logs" else take_all(arrival)
    transport = Transport()
    service = make_service(transport=transport)
    service.set_consent(ACCOUNT, "usage", "granted")
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    sending = threading.Thread(target=lambda: service.send_due(everything=True))
    sending.start()
    receiver.wait_for(lambda one: any(arrival.path == "/v1/logs" for arrival in one.arrivals))
    started = time.monotonic()
    transport.close()
    service.close()
    assert time.monotonic() - started < 2  # a fifth of a second, where nobody else loads the machine
    sending.join(5)
    assert not sending.is_alive()


def test_an_account_without_a_server_keeps_its_records_and_a_fault_leaves_no_batch_behind(
    make_service: MakeService, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = make_service()

    def gone(*_arguments: object) -> None:
        raise AgentError("not_found", "There is no such account.")

    def fault(*_arguments: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(Sender, "send", gone)
        assert send_some(service) == 0
        patch.setattr(Sender, "send", fault)
        with pytest.raises(ZeroDivisionError):
            service.send_due(everything=True)
    assert receiver.logs() == []
    assert service.send_due(everything=True) == 3


def test_every_request_says_that_nothing_is_to_be_passed_on_unless_it_may(
    make_service: MakeService, receiver: Receiver
) -> None:
    def allowed(account: str) -> bool:
        return service.is_on(account, "third_party")

    transport = Transport(manners=Manners(CookieJar({}, keep=lambda *_: None), allowed))
    service = make_service(transport=transport)
    send_some(service)
    transport.request(EgressRow.SYNC, "POST", f"{receiver.url}/v1/sync", deadline=10, account=ACCOUNT)
    transport.request(EgressRow.SIGN_IN, "POST", f"{receiver.url}/oauth/token", deadline=10)
    assert all(one.headers["sec-gpc"] == "1" for one in receiver.arrivals)
    told = {"user-agent", "sec-gpc", "cookie", "authorization"}  # the lines of EGRESS
    of_http = {"host", "accept-encoding", "content-length", "content-type", "content-encoding", "connection"}
    assert {name for one in receiver.arrivals for name in one.headers} <= told | of_http
    assert all("the version of Miratag" in row.fields for row in EGRESS.values())
    assert all("not to be tracked" in row.fields for row in EGRESS.values())
    service.set_consent(ACCOUNT, "third_party", "granted")
    before = len(receiver.arrivals)
    transport.request(EgressRow.SYNC, "POST", f"{receiver.url}/v1/sync", deadline=10, account=ACCOUNT)
    transport.request(EgressRow.SYNC, "POST", f"{receiver.url}/v1/sync", deadline=10, account="server/another")
    assert [one.headers.get("sec-gpc") for one in receiver.arrivals[before:]] == [None, "1"]
    service.set_policy(ACCOUNT, TelemetryPolicy(third_party=False))
    transport.request(EgressRow.SYNC, "POST", f"{receiver.url}/v1/sync", deadline=10, account=ACCOUNT)
    assert receiver.arrivals[-1].headers["sec-gpc"] == "1"


def test_what_goes_to_a_third_party_has_events_batches_and_a_row_of_its_own(
    make_service: MakeService, receiver: Receiver
) -> None:
    rows: list[EgressRow] = []
    service = make_service(
        transport=Transport(lambda row, _host, sent, _at: rows.append(row) if sent is None else None)
    )
    service.set_consent(ACCOUNT, "third_party", "granted")
    service.emit(ACCOUNT, ReportSent(kind="edit", size_bytes=70_000, media=2))
    service.record(ACCOUNT, "app.started", {"surface": "tray"})
    service.emit(ACCOUNT, KeyringUnavailable(state="absent"))
    service.flush()
    assert service.send_due(everything=True) == 2
    assert set(rows) == {EgressRow.THIRD_PARTY}
    registered = receiver.arrivals[0]
    assert (registered.path, registered.headers["authorization"]) == ("/v1/installations", f"Bearer {TOKEN}")
    assert "the sign-in token" in EGRESS[EgressRow.THIRD_PARTY].fields, "which registering took along on this row"
    log = service.account_log(ACCOUNT)
    (item,) = reading.ledger_page(log, None, 10).items
    told = reading.ledger_entry(log, item.batch_id).records
    assert [(one.name, one.category, one.fields) for one in told] == [
        ("analytics.report_sent", "third_party", {"kind": "edit"}),
        ("analytics.app_started", "third_party", {"surface": "tray"}),
    ]
    service.set_consent(ACCOUNT, "usage", "granted")
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    rows.clear()
    assert service.send_due(everything=True) == 2
    assert sorted(rows) == [EgressRow.LOG_DATA, EgressRow.THIRD_PARTY]


def test_a_cookie_comes_back_to_the_account_it_was_set_for_and_never_with_log_data(
    make_service: MakeService, receiver: Receiver
) -> None:
    jar = CookieJar({"route": False, "language": True}, keep=lambda *_: None)
    jar.load(ACCOUNT, (), blocked=False)
    transport = Transport(manners=Manners(jar, lambda _account: False))
    service = make_service(transport=transport)
    receiver.decide = lambda arrival: (
        (
            200,
            {"Set-Cookie": "route=a1\nlanguage=ar; Max-Age=600\ntracker=9; Expires=Wed, 01 Jan 2099 00:00:00 GMT"},
            b"",
        )
        if arrival.path == "/v1/sync"
        else take_all(arrival)
    )

    def sync(account: str = ACCOUNT) -> str | None:
        transport.request(EgressRow.SYNC, "POST", f"{receiver.url}/v1/sync", deadline=10, account=account)
        return receiver.arrivals[-1].headers.get("cookie")

    assert [sync(), sync(), sync("server/another")] == [None, "language=ar; route=a1", None]
    assert jar.refused(ACCOUNT) == 2
    send_some(service)
    assert all("cookie" not in one.headers for one in receiver.logs())
    assert receiver.logs()


def test_whether_to_be_thrifty_is_asked_only_when_something_is_due(
    make_service: MakeService, receiver: Receiver
) -> None:
    asked: list[bool] = []
    minutes = 0.0

    def thrifty() -> bool:
        asked.append(True)
        return True

    def clock() -> int:
        return later_ms(minutes)()

    service = make_service(thrifty=thrifty, clock=clock)
    service.set_consent(ACCOUNT, "usage", "granted")
    assert service.send_due() == 0
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    assert service.send_due() == 0
    assert asked == []
    minutes = 5.1
    assert service.send_due() == 0
    assert len(asked) == 1
    due = service.next_due()
    assert due is not None
    assert 40 * 60 < due < 56 * 60
    service.look_anew()
    assert service.account_log(ACCOUNT).load().result() is None
    assert service.next_due() == 0
    minutes = 61
    assert service.send_due() == 1


def test_a_fault_of_sending_is_told_and_makes_no_log_data_of_itself(
    make_service: MakeService, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    service = make_service()
    service.set_consent(ACCOUNT, "diagnostics", "granted")
    service.set_consent(ACCOUNT, "usage", "granted")
    handler = service.logging_handler(lambda: ACCOUNT)
    logging.getLogger().addHandler(handler)
    try:
        for _ in range(500):
            service.emit(ACCOUNT, AppStarted(surface="tray"))
        service.flush()

        def fault(*_arguments: object) -> None:
            raise ZeroDivisionError

        monkeypatch.setattr(Sender, "send", fault)
        service.send_due_quietly()
        service.flush()
    finally:
        logging.getLogger().removeHandler(handler)
    assert "could not be sent" in caplog.text
    assert {one.category: one.queued for one in service.view(ACCOUNT)}["diagnostics"] == 0
    assert service.next_due() is not None, "it is tried again"


@pytest.mark.parametrize("begun_anew_by", ["reset", "erasure"])
def test_a_batch_that_was_taken_before_a_new_beginning_does_not_leave_after_it(
    service: LogDataService, begun_anew_by: str
) -> None:
    send_some(service)
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    log = service.account_log(ACCOUNT)
    batch = log.claim(Terms(everything=True)).result()
    assert batch is not None
    if begun_anew_by == "reset":
        log.reset_installation().result()
    else:
        log.ask_erasure(("usage",)).result()
    with log.gate.passing(batch.category, batch.epoch, lambda: None) as may:
        assert not may
    assert log.settle(batch, Unanswered(began=False)).result() is None
    assert log.state.accounts["usage"].balanced
    assert "usage" in log.state.on, "what comes from now on is recorded"
