"""The app's erasures at our own server: what is kept goes, what was passed on is named, and the word holds offline."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import requests

from agent.logdata import reading
from agent.logdata.eraser import ServerIdentity
from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from agent.transport import Transport
from desktop.program import main
from protocol.discovery import CLIENT_ID, DISCOVERY_PATH, ENROLMENT_GRANT, Discovery, Me, TokenReply
from telemetry.catalog.events import AppStarted, KeyringUnavailable
from tests.live_server import LiveServer
from tests.privacy.receiver import Receiver
from tests.unit.telemetry.making import installation_of, left_of

SECONDS = 30


@contextmanager
def an_app(server: LiveServer, profile: Path) -> Iterator[tuple[str, LogDataService, Discovery]]:
    """An app's log data of one account, by the real transport."""
    form = {"grant_type": ENROLMENT_GRANT, "code": server.enrol(server.facts["worker"][0][0]), "client_id": CLIENT_ID}
    reply = requests.post(f"{server.url}/oauth/token", data=form, timeout=SECONDS)
    token = msgspec.json.decode(reply.content, type=TokenReply).access_token
    bearer = {"Authorization": f"Bearer {token}"}
    me = msgspec.json.decode(requests.get(f"{server.url}/v1/me", headers=bearer, timeout=SECONDS).content, type=Me)
    told = requests.get(f"{server.url}{DISCOVERY_PATH}", timeout=SECONDS)
    discovery = msgspec.json.decode(told.content, type=Discovery)
    transport = Transport()
    service = LogDataService(
        Profile(profile),
        transport,
        server_url=lambda _account: server.url,
        token=lambda _account: token,
        environment={},
        identity=lambda _account: ServerIdentity(me.organization_id, discovery.keys),
    )
    try:
        yield f"{me.server_id}/{me.member_id}", service, discovery
    finally:
        transport.close()
        service.close()


def send_some(account: str, service: LogDataService) -> None:
    for category in ("usage", "diagnostics"):
        service.set_consent(account, category, "granted")
    service.emit(account, AppStarted(surface="tray"))
    service.emit(account, AppStarted(surface="window"))
    service.emit(account, KeyringUnavailable(state="locked"))
    service.flush()
    assert service.send_due(everything=True) == 3


def test_what_is_kept_goes_and_late_copies_stay_out(tmp_path: Path) -> None:
    with LiveServer.start(tmp_path) as server, an_app(server, tmp_path / "profile") as (account, service, discovery):
        send_some(account, service)
        batches = left_of(service.account_log(account))
        installation = installation_of(service.account_log(account))
        assert installation is not None
        service.set_consent(account, "usage", "denied")
        service.erase_sent(account, ("usage",))
        service.send_due(everything=True)
        (item,) = reading.erasures(service.account_log(account))
        assert (item.state, item.erased, item.relayed, item.trouble) == ("done", 2, {}, "")
        headers = {
            "Authorization": f"Bearer {installation.installation_id}.{installation.secret}",
            "Content-Type": "application/x-protobuf",
            "Content-Encoding": "gzip",
        }
        verdicts = {
            requests.post(f"{server.url}/v1/logs", data=one.body, headers=headers, timeout=SECONDS).headers[
                "Miratag-Verdicts"
            ]
            for one in batches
        }
        assert verdicts == {"2e", "1d"}
        receipt, keys = tmp_path / "receipt.json", tmp_path / "keys.json"
        receipt.write_text(item.receipts[0], encoding="utf-8")
        keys.write_bytes(msgspec.json.encode(discovery))
    assert main(["receipt", "verify", str(receipt), "--keys", str(keys)]) == 0


def test_what_was_passed_on_is_named(tmp_path: Path) -> None:
    with Receiver() as collector:
        to = ("--logs-to", collector.url)
        with (
            LiveServer.start(tmp_path, options=to) as server,
            an_app(server, tmp_path / "profile") as (account, service, _),
        ):
            send_some(account, service)
            collector.wait_for(lambda seen: len(seen.logs()) == 2, SECONDS)
            service.erase_sent(account, ())
            service.send_due(everything=True)
            (item,) = reading.erasures(service.account_log(account))
    assert (item.state, item.erased) == ("done", 0)
    # What arrived at the very moment counts as passed on, whether or not the server had noted it yet.
    assert item.relayed == {collector.url.removeprefix("http://"): 3}
