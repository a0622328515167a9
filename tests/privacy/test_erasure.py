"""Erasure of what was sent: asked until the server's signed word is here, whatever happens in between."""

import base64
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.api import AgentError
from agent.logdata import reading
from agent.logdata.eraser import ServerIdentity
from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from agent.transport import EgressRow, Transport
from protocol.discovery import InstallationRequest
from protocol.privacy import LogCount, LogErasurePayload, LogErasureReply, LogErasureRequest
from protocol.statements import ERASURE, RECEIPT, TelemetryPolicy
from rules.statements import public_key, sign
from telemetry.catalog.events import AppStarted, KeyringUnavailable
from tests.privacy.conftest import ACCOUNT, MakeService, later_ms
from tests.privacy.receiver import OTLP, Answer, Arrival, Receiver
from tests.unit.telemetry.making import installation_of

ORGANIZATION = "01a20000-0000-7000-8000-00000000cccc"
KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
STRANGER = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
ERASURE_PATH = "/v1/installations/erasure"
REPOSITORY = Path(__file__).resolve().parents[2]


def payload_for(arrival: Arrival, **changed: object) -> LogErasurePayload:
    asked = msgspec.json.decode(arrival.body, type=LogErasureRequest)
    installation, _, _ = arrival.headers["authorization"].removeprefix("Bearer ").partition(".")
    payload = LogErasurePayload(
        organization_id=ORGANIZATION,
        installation_id=installation,
        erasure_id=asked.erasure_id,
        categories=asked.categories,
        before=asked.before,
        erased=tuple(LogCount(category=one, records=2) for one in asked.categories),
        relayed=(LogCount(category="usage", records=1, to="collector.example"),),
        issued=asked.before,
    )
    return msgspec.structs.replace(payload, **changed)


def said(payload: LogErasurePayload, key: Ed25519PrivateKey = KEY, kind: str = ERASURE) -> Answer:
    statement = sign(key, kind, msgspec.json.encode(payload))
    return 200, {"content-type": "application/json"}, msgspec.json.encode(LogErasureReply(statement=statement))


def gives_its_word(arrival: Arrival) -> Answer:
    if arrival.path == ERASURE_PATH:
        return said(payload_for(arrival))
    return (201, {}, b"") if arrival.path == "/v1/installations" else (200, OTLP, b"")


def keys_of(account: str) -> ServerIdentity:
    assert account == ACCOUNT
    return ServerIdentity(ORGANIZATION, (public_key(KEY),))


@pytest.fixture
def make(make_service: MakeService, receiver: Receiver) -> Callable[..., LogDataService]:
    receiver.decide = gives_its_word
    return lambda **more: make_service(**{"identity": keys_of, **more})


def send_some(service: LogDataService) -> None:
    service.set_consent(ACCOUNT, "usage", "granted")
    service.set_consent(ACCOUNT, "diagnostics", "granted")
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.emit(ACCOUNT, KeyringUnavailable(state="absent"))
    service.flush()
    assert service.send_due(everything=True) == 2


def asked_for(receiver: Receiver) -> list[Arrival]:
    return [one for one in receiver.arrivals if one.path == ERASURE_PATH]


def test_the_servers_word_is_kept_and_told(make: Callable[..., LogDataService], receiver: Receiver) -> None:
    service = make()
    send_some(service)
    item = service.erase_sent(ACCOUNT, ("usage",))
    assert (item.state, item.categories, item.receipts) == ("waiting", ("usage",), ())
    assert service.next_due() == 0
    service.send_due()
    (item,) = reading.erasures(service.account_log(ACCOUNT))
    assert (item.state, item.erased, item.relayed, item.trouble) == ("done", 2, {"collector.example": 1}, "")
    assert item.done is not None
    statement = msgspec.json.decode(item.receipts[0])
    assert base64.b64decode(statement["payload"]) == msgspec.json.encode(payload_for(asked_for(receiver)[0]))
    log = service.account_log(ACCOUNT)
    assert reading.receipt(log, item.erasure_id, 0) == item.receipts[0].encode()
    for erasure_id, number in ((item.erasure_id, 1), (item.erasure_id, -1), ("another", 0)):
        with pytest.raises(AgentError, match="not here any more"):
            reading.receipt(log, erasure_id, number)
    entries = [reading.ledger_entry(log, one.batch_id) for one in reading.ledger_page(log, None, 10).items]
    assert {one.item.category: one.erased is not None for one in entries} == {"usage": True, "diagnostics": False}
    assert service.next_due() is None
    service.send_due(everything=True)
    assert len(asked_for(receiver)) == 1, "asked once"


def test_nothing_sent_is_nothing_to_erase(make: Callable[..., LogDataService], profile: Profile) -> None:
    service = make()
    with pytest.raises(AgentError, match="nothing to erase"):
        service.erase_sent(ACCOUNT, ())
    assert not profile.telemetry(ACCOUNT).exists()
    service.set_consent(ACCOUNT, "usage", "granted")
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    with pytest.raises(AgentError, match="nothing to erase"):
        service.erase_sent(ACCOUNT, ())


def test_withdrawal_policy_reset_and_restart_do_not_stop_it(
    make: Callable[..., LogDataService], receiver: Receiver
) -> None:
    service = make()
    send_some(service)
    first = installation_of(service.account_log(ACCOUNT))
    reading.settled(service.account_log(ACCOUNT).reset_installation())
    send_some(service)
    receiver.decide = lambda arrival: (503, {}, b"") if arrival.path == ERASURE_PATH else gives_its_word(arrival)
    service.erase_sent(ACCOUNT, ())
    service.send_due()
    assert len(asked_for(receiver)) == 2, "one request for each id that something left under"
    for category in ("usage", "diagnostics"):
        service.set_consent(ACCOUNT, category, "denied")
    service.set_policy(ACCOUNT, TelemetryPolicy(diagnostics=False, usage=False, third_party=False))
    service.close()
    receiver.decide = gives_its_word

    def signed_out(_account: str) -> str:
        raise AgentError("not_signed_in", "Sign in first.")

    again = make(environment={"DO_NOT_TRACK": "1"}, token=signed_out)
    again.open(ACCOUNT)
    reading.settled(again.account_log(ACCOUNT).load())
    assert again.next_due() is not None
    again.send_due(everything=True)
    (item,) = reading.erasures(again.account_log(ACCOUNT))
    assert (item.state, len(item.receipts), item.erased) == ("done", 2, 12)
    bodies = [msgspec.json.decode(one.body, type=LogErasureRequest) for one in asked_for(receiver)]
    assert len({one.erasure_id for one in bodies}) == 2, "the server is not told which ids belong together"
    assert first is not None
    assert any(one.headers["authorization"].startswith(f"Bearer {first.installation_id}.") for one in receiver.arrivals)


BAD = {
    "busy": lambda arrival: (503, {"retry-after": "1200"}, b""),
    "elsewhere": lambda arrival: (302, {"location": "/"}, b""),
    "a captive portal": lambda arrival: (200, {"content-type": "text/html"}, b"<html>Welcome"),
    "an empty success": lambda arrival: (200, {}, b""),
    "not found": lambda arrival: (404, {}, b""),
    "too large": lambda arrival: (413, {}, b""),
    "a stranger's key": lambda arrival: said(payload_for(arrival), STRANGER),
    "another kind of statement": lambda arrival: said(payload_for(arrival), kind=RECEIPT),
    "another installation": lambda arrival: said(payload_for(arrival, installation_id="another")),
    "another organization": lambda arrival: said(payload_for(arrival, organization_id="another")),
    "another wish": lambda arrival: said(payload_for(arrival, erasure_id="another")),
    "fewer categories": lambda arrival: said(payload_for(arrival, categories=("usage",))),
    "an earlier end": lambda arrival: said(payload_for(arrival, before="2020-01-01T00:00:00.000Z")),
    "no time at all": lambda arrival: said(payload_for(arrival, before="yesterday")),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_not_its_word_never_counts(make: Callable[..., LogDataService], receiver: Receiver, name: str) -> None:
    service = make()
    send_some(service)
    service.erase_sent(ACCOUNT, ())
    receiver.decide = BAD[name]
    service.send_due()
    (item,) = reading.erasures(service.account_log(ACCOUNT))
    assert (item.state, item.receipts) == ("waiting", ())
    assert item.trouble
    due = service.next_due()
    assert due is not None
    assert due <= 24 * 3600
    if name == "busy":
        assert due > 1000
    receiver.decide = gives_its_word
    service.send_due(everything=True)
    (item,) = reading.erasures(service.account_log(ACCOUNT))
    assert (item.state, item.trouble) == ("done", "")


def test_an_unreachable_server_and_an_absurd_pause(make: Callable[..., LogDataService], receiver: Receiver) -> None:
    service = make()
    send_some(service)
    service.erase_sent(ACCOUNT, ())
    receiver.decide = lambda arrival: (429, {"retry-after": "99999999999"}, b"")
    service.send_due()
    due = service.next_due()
    assert due is not None
    assert 23 * 3600 < due <= 24 * 3600
    service.close()
    later = make(clock=later_ms(24 * 60 + 1))
    later.open(ACCOUNT)
    reading.settled(later.account_log(ACCOUNT).load())
    assert later.next_due() == 0
    receiver.decide = gives_its_word
    later.send_due()
    assert [one.state for one in reading.erasures(later.account_log(ACCOUNT))] == ["done"]


def test_a_server_that_forgot_the_id_is_told_it_again_on_the_same_row(
    make: Callable[..., LogDataService], receiver: Receiver
) -> None:
    rows: list[EgressRow] = []
    transport = Transport(lambda row, _host, sent, _at: rows.append(row) if sent is None else None)
    service = make(transport=transport)
    send_some(service)
    known = False

    def forgot(arrival: Arrival) -> Answer:
        nonlocal known
        if arrival.path == "/v1/installations":
            msgspec.json.decode(arrival.body, type=InstallationRequest)
            known = True
            return 201, {}, b""
        return gives_its_word(arrival) if known else (401, {}, b"")

    receiver.decide = forgot
    service.erase_sent(ACCOUNT, ())
    before = len(rows)
    service.send_due()
    assert [one.state for one in reading.erasures(service.account_log(ACCOUNT))] == ["done"]
    assert set(rows[before:]) == {EgressRow.ERASURE}


def test_a_wish_whose_id_cannot_be_told_again_now_waits_as_long_as_the_server_said(
    make: Callable[..., LogDataService], receiver: Receiver
) -> None:
    service = make()
    send_some(service)
    receiver.decide = lambda one: (429, {"Retry-After": "900"}, b"") if one.path.endswith("s") else (401, {}, b"")
    service.erase_sent(ACCOUNT, ())
    service.send_due()
    assert [one.state for one in reading.erasures(service.account_log(ACCOUNT))] == ["waiting"]
    due = service.next_due()
    assert due is not None
    assert 890 < due <= 900


def test_a_new_key_is_followed_from_the_pinned_one(make: Callable[..., LogDataService], receiver: Receiver) -> None:
    keys = [public_key(KEY)]

    def refresh(account: str) -> None:
        assert account == ACCOUNT
        keys.append(public_key(STRANGER))

    service = make(identity=lambda _account: ServerIdentity(ORGANIZATION, tuple(keys)), refresh_keys=refresh)
    send_some(service)
    service.erase_sent(ACCOUNT, ())
    receiver.decide = lambda arrival: said(payload_for(arrival), STRANGER)
    service.send_due()
    assert [one.state for one in reading.erasures(service.account_log(ACCOUNT))] == ["done"]


def test_what_waits_is_older_than_the_wish_and_goes(make: Callable[..., LogDataService], receiver: Receiver) -> None:
    service = make()
    send_some(service)
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.emit(ACCOUNT, KeyringUnavailable(state="absent"))
    service.flush()
    service.erase_sent(ACCOUNT, ("usage",))
    accounts = service.account_log(ACCOUNT).state.accounts
    assert (accounts["usage"].purged, accounts["usage"].queued) == (1, 0)
    assert (accounts["diagnostics"].purged, accounts["diagnostics"].queued) == (0, 1)
    assert all(one.balanced for one in accounts.values())
    service.emit(ACCOUNT, AppStarted(surface="window"))
    service.flush()
    assert service.send_due(everything=True) == 2, "the category stays on"
    assert len(asked_for(receiver)) == 1


def test_a_batch_under_way_is_stopped_before_the_wish_is_kept(
    make: Callable[..., LogDataService], receiver: Receiver
) -> None:
    service = make()
    send_some(service)
    receiver.decide = lambda arrival: None if arrival.path == "/v1/logs" else gives_its_word(arrival)
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    drain = threading.Thread(target=lambda: service.send_due(everything=True))
    drain.start()
    receiver.wait_for(lambda one: len(one.logs()) == 3)
    service.erase_sent(ACCOUNT, ())
    drain.join(10)
    assert not drain.is_alive()
    service.send_due(everything=True)
    states = [one.state for one in reading.ledger_page(service.account_log(ACCOUNT), None, 10).items]
    assert states == ["may_have_arrived", "sent", "sent"]
    assert [one.path for one in receiver.arrivals][-1] == ERASURE_PATH
    assert [one.state for one in reading.erasures(service.account_log(ACCOUNT))] == ["done"]


CHILD = """
import sys
from pathlib import Path
from agent.logdata.eraser import ServerIdentity
from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from agent.transport import Transport
from telemetry.catalog.events import AppStarted

folder, url, account = sys.argv[1:]
service = LogDataService(
    Profile(folder), Transport(), server_url=lambda _: url, token=lambda _: "token", environment={},
    identity=lambda _: ServerIdentity("", ()),
)
service.set_consent(account, "usage", "granted")
service.emit(account, AppStarted(surface="tray"))
service.flush()
assert service.send_due(everything=True) == 1
print("sent", flush=True)
service.erase_sent(account, ())
print("asked", flush=True)
service.send_due(everything=True)
"""


@pytest.mark.parametrize("while_asking", [True, False])
def test_kill_at_any_moment_loses_no_wish(
    make: Callable[..., LogDataService], receiver: Receiver, profile: Profile, while_asking: bool
) -> None:
    """Killed while the server holds the request, or before a word that came could be kept."""
    reached = threading.Event()

    def decide(arrival: Arrival) -> Answer | None:
        if arrival.path != ERASURE_PATH:
            return gives_its_word(arrival)
        reached.set()
        return None if while_asking else (503, {}, b"")

    receiver.decide = decide
    arguments = [sys.executable, "-c", CHILD, str(profile.path), receiver.url, ACCOUNT]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY) as child:
        assert child.stdout is not None
        assert [child.stdout.readline().strip() for _ in range(2)] == ["sent", "asked"]
        if while_asking:
            assert reached.wait(20)
        os.kill(child.pid, signal.SIGKILL)
        child.wait(10)
    receiver.decide = gives_its_word
    service = make()
    service.open(ACCOUNT)
    reading.settled(service.account_log(ACCOUNT).load())
    assert [one.state for one in reading.erasures(service.account_log(ACCOUNT))] == ["waiting"]
    service.send_due(everything=True)
    (item,) = reading.erasures(service.account_log(ACCOUNT))
    assert (item.state, len(item.receipts)) == ("done", 1)
    assert len({msgspec.json.decode(one.body, type=LogErasureRequest).erasure_id for one in asked_for(receiver)}) == 1


@pytest.mark.parametrize("pages", ["the records", "everything"])
def test_a_damaged_file_gives_up_its_wishes_and_the_secrets_they_need(
    make: Callable[..., LogDataService], receiver: Receiver, profile: Profile, pages: str
) -> None:
    service = make()
    send_some(service)
    receiver.decide = lambda arrival: (503, {}, b"") if arrival.path == ERASURE_PATH else gives_its_word(arrival)
    service.erase_sent(ACCOUNT, ())
    for _ in range(400):
        service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    service.close()
    path = profile.telemetry(ACCOUNT)
    if pages == "everything":
        path.write_bytes(b"not a database, not at all " * 400)
    else:
        with closing(sqlite3.connect(path)) as connection:
            (size,) = connection.execute("PRAGMA page_size").fetchone()
            roots = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'consent'").fetchall()
        with path.open("r+b") as file:
            for (root,) in roots:
                file.seek((root - 1) * size)
                file.write(b"\xff" * size)
    receiver.decide = gives_its_word
    again = make()
    again.open(ACCOUNT)
    reading.settled(again.account_log(ACCOUNT).load())
    assert again.account_log(ACCOUNT).state.on == frozenset(), "no choice is taken out of a damaged file"
    again.send_due(everything=True)
    states = [(one.state, len(one.receipts)) for one in reading.erasures(again.account_log(ACCOUNT))]
    assert states == ([("done", 1)] if pages == "the records" else [])
    if pages == "the records":
        again.erase_sent(ACCOUNT, ())
        again.send_due(everything=True)
        assert len(asked_for(receiver)) == 2, "what left before can still be asked about"


def send_outside(service: LogDataService) -> str:
    service.set_consent(ACCOUNT, "third_party", "granted")
    service.record(ACCOUNT, "app.started", {"surface": "tray"})
    service.flush()
    assert service.send_due(everything=True) >= 1
    installation = installation_of(service.account_log(ACCOUNT))
    assert installation is not None
    return f"Bearer {installation.installation_id}.{installation.secret}"


def endings(receiver: Receiver) -> list[str]:
    assert all(one.headers["sec-gpc"] == "1" for one in receiver.logs() if not one.body)
    return [one.headers["authorization"] for one in receiver.logs() if not one.body]


@pytest.mark.parametrize("cause", ["person", "organization", "environment", "forgotten"])
@pytest.mark.parametrize("answer", [200, 401])
def test_the_server_is_told_to_pass_on_no_more_until_it_heard(
    make: Callable[..., LogDataService], receiver: Receiver, cause: str, answer: int
) -> None:
    rows: list[EgressRow] = []
    service = make()
    credential = send_outside(service)
    receiver.decide = lambda _: (503, {}, b"")
    if cause == "person":
        service.set_consent(ACCOUNT, "third_party", "denied")
        assert installation_of(service.account_log(ACCOUNT)) is None, "and its id is retired"
    elif cause == "organization":
        service.set_policy(ACCOUNT, TelemetryPolicy(third_party=False))
    elif cause == "forgotten":
        assert service.forget(ACCOUNT), "it waits until the server has heard it"
    if cause != "environment":
        service.send_due()
        assert endings(receiver) == [credential]
        assert service.next_due() > 0, "told again after a pause"
    service.close()
    receiver.decide = lambda _: (answer, OTLP, b"")

    def signed_out(_account: str) -> str:
        raise AgentError("not_signed_in", "Nobody is signed in.")

    environment = {"DO_NOT_TRACK": "1"} if cause == "environment" else {}
    transport = Transport(lambda row, _host, sent, _at: rows.append(row) if sent is None else None)
    again = make(
        transport=transport,
        environment=environment,
        token=signed_out,
        policy=lambda _: TelemetryPolicy(third_party=cause != "organization"),
    )
    again.open(ACCOUNT)
    reading.settled(again.account_log(ACCOUNT).load())
    before = len(endings(receiver))
    again.send_due(everything=True)
    again.send_due(everything=True)
    assert endings(receiver)[before:] == [credential], "once more, and never again"
    assert rows == [EgressRow.THIRD_PARTY]
    assert again.next_due() is None


def test_who_sent_nothing_outside_tells_nothing_and_a_new_grant_is_told_apart(
    make: Callable[..., LogDataService], receiver: Receiver
) -> None:
    service = make()
    send_some(service)
    service.set_consent(ACCOUNT, "third_party", "granted")
    service.set_consent(ACCOUNT, "third_party", "denied")
    service.send_due(everything=True)
    assert endings(receiver) == []
    credential = send_outside(service)
    service.set_consent(ACCOUNT, "third_party", "denied")
    before = len(receiver.logs())
    assert send_outside(service) == credential, "another category keeps the id"
    first, *more = (not one.body for one in receiver.logs()[before:])
    assert first, "before what is allowed again"
    assert more
    assert not any(more)
    service.set_consent(ACCOUNT, "third_party", "denied")
    service.send_due(everything=True)
    assert endings(receiver) == [credential, credential]
