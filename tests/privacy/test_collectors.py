"""Collectors that answer badly, late or never, and a person who takes the choice back meanwhile."""

import gzip
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest

from agent.logdata import sender
from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from telemetry.catalog.events import ErrorReported
from tests.privacy.conftest import ACCOUNT, MakeService, later_ms
from tests.privacy.receiver import OTLP, Answer, Arrival, Receiver, take_all
from tests.privacy.traces import found_in
from tests.unit.telemetry.making import log_records, partial, values

CANARY = "Quartzplover nests in this template"
TAKEN = b"HTTP/1.1 200 OK\r\nContent-Type: application/x-protobuf\r\nContent-Length: "


class Wire:
    """A collector that says on the wire exactly what it is told to, and then nothing."""

    def __init__(self, says: bytes, *, then_closes: bool) -> None:
        self.asked = 0
        self._says = says
        self._then_closes = then_closes
        self._open: list[socket.socket] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)
        for one in self._open:
            one.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(connection)
            connection.settimeout(5)
            asked = connection.recv(65536)
            if asked.startswith(b"POST /v1/installations"):
                connection.sendall(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                connection.close()
                continue
            self.asked += 1
            connection.sendall(self._says)
            if self._then_closes:
                connection.close()


def record(service: LogDataService, count: int = 3) -> None:
    service.set_consent(ACCOUNT, "diagnostics", "granted")
    for _ in range(count):
        service.emit(ACCOUNT, ErrorReported(level="error", template=CANARY))
    service.flush()


def queued(service: LogDataService) -> int:
    return sum(one.queued for one in service.view(ACCOUNT))


@pytest.fixture
def on_the_wire(
    make_service: MakeService, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[bytes, bool], tuple[LogDataService, Wire]]]:
    """A service whose collector says these bytes; it is waited for at most half a second."""
    monkeypatch.setattr(sender, "DEADLINE_SECONDS", 0.5)
    made: list[Wire] = []

    def make(says: bytes, then_closes: bool) -> tuple[LogDataService, Wire]:
        made.append(Wire(says, then_closes=then_closes))
        monkeypatch.setattr(Receiver, "url", made[-1].url)
        return make_service(), made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize(
    ("says", "then_closes"),
    [
        pytest.param(b"", False, id="nothing, ever"),
        pytest.param(b"", True, id="nothing, and hangs up"),
        pytest.param(b"\x00\xff\xfe garbage \r\n\r\n\r\n" * 50, True, id="no HTTP"),
        pytest.param(b"HTTP/1.1 200 OK\r\nContent-", True, id="half a head"),
        pytest.param(TAKEN + b"10\r\n\r\nhalf", True, id="half a body"),
        pytest.param(TAKEN + b"10\r\n\r\nhalf", False, id="half a body, and waits"),
        pytest.param(TAKEN + b"200000\r\n\r\n" + b"\n" * 200_000, False, id="far too much"),
        pytest.param(TAKEN + b"7\r\n\r\n\xff\xff\xff\xff\xff\xff\xff", False, id="no protobuf"),
        pytest.param(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n", True, id="a head without end"),
        pytest.param(b"HTTP/1.1 999 Odd\r\nContent-Length: 0\r\n\r\n", False, id="a status that is none"),
    ],
)
def test_whatever_comes_over_the_wire_is_no_success_and_loses_nothing(
    on_the_wire: Callable[[bytes, bool], tuple[LogDataService, Wire]],
    says: bytes,
    then_closes: bool,
    caplog: pytest.LogCaptureFixture,
) -> None:
    service, wire = on_the_wire(says, then_closes)
    record(service)
    started = time.monotonic()
    assert service.send_due(everything=True) == 0
    assert time.monotonic() - started < 5
    assert wire.asked >= 1
    assert {one.name.partition(".")[0] for one in caplog.records} <= {"urllib3"}, "it says what it could not read"
    assert queued(service) == 3
    due = service.next_due()
    assert due is not None
    assert due <= 24 * 3600


@pytest.mark.parametrize(
    "answer",
    [(429, {"retry-after": "1" * 400}, b""), (429, {"retry-after": "-5"}, b""), (503, {"retry-after": "soon"}, b"")],
)
def test_no_server_can_silence_us_for_more_than_a_day(
    service: LogDataService, receiver: Receiver, answer: Answer
) -> None:
    receiver.decide = lambda arrival: answer if arrival.path == "/v1/logs" else take_all(arrival)
    record(service)
    assert service.send_due(everything=True) == 0
    due = service.next_due()
    assert due is not None
    assert 0 <= due <= 24 * 3600


def test_200_that_refuses_some_is_counted_and_not_sent_again(service: LogDataService, receiver: Receiver) -> None:
    refusal = partial(2)
    receiver.decide = lambda arrival: (200, OTLP, refusal.body) if arrival.path == "/v1/logs" else take_all(arrival)
    record(service, 5)
    assert service.send_due(everything=True) == 3
    assert len(receiver.logs()) == 1
    assert queued(service) == 0
    account = service._log(ACCOUNT).state.accounts["diagnostics"]
    assert (account.accepted, account.lost) == (3, {"rejected": 2})
    assert account.balanced


def test_413_is_halved_until_it_fits_and_every_record_arrives_once(service: LogDataService, receiver: Receiver) -> None:
    taken: list[object] = []

    def decide(arrival: Arrival) -> Answer:
        if arrival.path != "/v1/logs":
            return take_all(arrival)
        found = log_records(arrival.body)
        if len(found) > 8:
            return 413, {}, b""
        taken.extend(values(one)["event.id"] for one in found)
        return 200, OTLP, b""

    receiver.decide = decide
    record(service, 60)
    assert service.send_due(everything=True) == 60
    assert len(taken) == len(set(taken)) == 60


def test_302_is_followed_nowhere(service: LogDataService, receiver: Receiver) -> None:
    with Receiver() as elsewhere:
        receiver.decide = lambda arrival: (
            (302, {"location": f"{elsewhere.url}/v1/logs"}, b"") if arrival.path == "/v1/logs" else take_all(arrival)
        )
        record(service)
        assert service.send_due(everything=True) == 0
        assert elsewhere.arrivals == []
    assert queued(service) == 3


def test_a_withdrawal_while_offline_leaves_nothing_to_send_once_the_line_is_back(
    make_service: MakeService, profile: Profile, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        nobody = f"http://127.0.0.1:{listener.getsockname()[1]}"
    service = make_service()
    with monkeypatch.context() as offline:
        offline.setattr(Receiver, "url", nobody)
        record(service)
        assert service.send_due(everything=True) == 0
        assert found_in(profile.path, CANARY)
        service.set_consent(ACCOUNT, "diagnostics", "denied")
    assert found_in(profile.path, CANARY) == []
    assert service.next_due() is None
    assert service.send_due(everything=True) == 0
    service.close()
    again = make_service(clock=later_ms(60 * 24))
    again.open(ACCOUNT)
    again.flush()
    assert again.send_due(everything=True) == 0
    assert receiver.arrivals == []


def test_a_withdrawal_between_two_attempts_of_a_batch_ends_it(
    make_service: MakeService, profile: Profile, receiver: Receiver
) -> None:
    receiver.decide = lambda arrival: (503, {}, b"") if arrival.path == "/v1/logs" else take_all(arrival)
    service = make_service()
    record(service)
    service.send_due(everything=True)
    assert CANARY.encode() in gzip.decompress(receiver.logs()[0].body)
    service.set_consent(ACCOUNT, "diagnostics", "denied")
    receiver.decide = take_all
    assert service.send_due(everything=True) == 0
    assert len(receiver.logs()) == 1
    assert found_in(profile.path, CANARY) == []
