"""Our batches at our own server: registered, kept once each, and bound to nobody."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
import requests
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from agent.transport import Transport
from protocol.discovery import CLIENT_ID, ENROLMENT_GRANT, Me, TokenReply
from telemetry.catalog.events import AppStarted, KeyringUnavailable, ReportSent
from tests.live_server import LiveServer
from tests.unit.telemetry.making import installation_of, left_of


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path_factory.mktemp("logs")) as running:
        yield running


@pytest.fixture(scope="module")
def token(server: LiveServer) -> str:
    form = {
        "grant_type": ENROLMENT_GRANT,
        "code": server.enrol(server.facts["worker"][0][0]),
        "client_id": CLIENT_ID,
    }
    with requests.post(f"{server.url}/oauth/token", data=form, timeout=10) as reply:
        return msgspec.json.decode(reply.content, type=TokenReply).access_token


def test_records_arrive_once_and_lead_to_nobody(server: LiveServer, token: str, tmp_path: Path) -> None:
    with requests.get(f"{server.url}/v1/me", headers={"Authorization": f"Bearer {token}"}, timeout=10) as reply:
        me = msgspec.json.decode(reply.content, type=Me)
    account = f"{me.server_id}/{me.member_id}"
    transport = Transport()
    service = LogDataService(
        Profile(tmp_path / "profile"),
        transport,
        server_url=lambda _account: server.url,
        token=lambda _account: token,
        environment={},
    )
    try:
        service.set_consent(account, "usage", "granted")
        service.set_consent(account, "diagnostics", "granted")
        service.emit(account, AppStarted(surface="tray"))
        service.emit(account, ReportSent(kind="new", size_bytes=9000, media=1))
        service.emit(account, KeyringUnavailable(state="locked"))
        service.flush()
        assert service.send_due(everything=True) == 3
        ledger = left_of(service._log(account))
        installation = installation_of(service._log(account))
        assert installation is not None
        headers = {
            "Authorization": f"Bearer {installation.installation_id}.{installation.secret}",
            "Content-Type": "application/x-protobuf",
            "Content-Encoding": "gzip",
        }
        for sent in ledger:
            with requests.post(f"{server.url}/v1/logs", data=sent.body, headers=headers, timeout=10) as again:
                assert again.status_code == 200
    finally:
        transport.close()
        service.close()
    (database,) = [one for one in server.data.rglob("*.db") if b"log_record" in one.read_bytes()]
    with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT installation_id, name, category, record FROM log_record").fetchall()
        about = connection.execute("SELECT * FROM installation").fetchall()
    assert sorted((name, category) for _, name, category, _ in rows) == [
        ("app.started", "usage"),
        ("keyring.unavailable", "diagnostics"),
        ("report.sent", "usage"),
    ]
    kept = b"".join(LogRecord.FromString(record).SerializeToString() for *_, record in rows)
    for personal in (me.member_id, me.email, me.name):
        assert personal.encode() not in kept
        assert personal not in str(about)
