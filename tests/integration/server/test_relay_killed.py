"""What the server accepted to pass on survives SIGKILL, whatever it was doing, and arrives."""

import gzip
import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import requests
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from uuid6 import uuid7

from protocol.discovery import CLIENT_ID, ENROLMENT_GRANT, InstallationRequest, TokenReply
from tests.live_server import LiveServer
from tests.privacy.receiver import Answer, Arrival, Receiver, take_all

SECONDS = 30
SECRET = "secret-of-the-installation"
KILLS = 3
BATCHES = 4


def _registered(server: LiveServer) -> dict[str, str]:
    """The headers of a batch of a new installation."""
    form = {"grant_type": ENROLMENT_GRANT, "code": server.enrol(server.facts["worker"][0][0]), "client_id": CLIENT_ID}
    reply = requests.post(f"{server.url}/oauth/token", data=form, timeout=SECONDS)
    token = msgspec.json.decode(reply.content, type=TokenReply).access_token
    wanted = InstallationRequest(
        installation_id=str(uuid7()), secret_sha256=hashlib.sha256(SECRET.encode()).hexdigest()
    )
    bearer = {"Authorization": f"Bearer {token}"}
    body = msgspec.json.encode(wanted)
    requests.post(f"{server.url}/v1/installations", body, headers=bearer, timeout=SECONDS).raise_for_status()
    credential = f"Bearer {wanted.installation_id}.{SECRET}"
    return {"Authorization": credential, "Content-Type": "application/x-protobuf"}


def _batch(numbers: range) -> tuple[list[str], bytes]:
    ids = [str(uuid7()) for _ in numbers]
    records = []
    for event_id, number in zip(ids, numbers, strict=True):
        texts = {"event.id": event_id, "consent.category": "usage", "surface": "tray"}
        attributes = [KeyValue(key=key, value=AnyValue(string_value=value)) for key, value in texts.items()]
        attributes += [
            KeyValue(key=key, value=AnyValue(int_value=value))
            for key, value in {"event.seq": number, "consent.epoch": 1, "event.version": 1}.items()
        ]
        records.append(LogRecord(time_unix_nano=1, event_name="app.started", attributes=attributes))
    request = ExportLogsServiceRequest(resource_logs=[ResourceLogs(scope_logs=[ScopeLogs(log_records=records)])])
    return ids, request.SerializeToString()


def _ids(arrival: Arrival) -> list[str]:
    request = ExportLogsServiceRequest.FromString(gzip.decompress(arrival.body))
    return [
        attribute.value.string_value
        for resource in request.resource_logs
        for scope in resource.scope_logs
        for record in scope.log_records
        for attribute in record.attributes
        if attribute.key == "event.id"
    ]


def _let_time_pass(server: LiveServer) -> int:
    """As if the time was over for which a dead process holds what it was sending; how many records that was."""
    with closing(sqlite3.connect(server.data / "miratag.db")) as connection, connection:
        held = connection.execute("UPDATE log_relay SET held_until = '2000-01-01' WHERE held_until IS NOT NULL")
        connection.execute("DELETE FROM log_relay_pause")
        return held.rowcount


def test_nothing_that_was_accepted_is_lost(tmp_path: Path) -> None:
    accepted: list[str] = []
    arrived: set[str] = set()
    held = 0

    def take(arrival: Arrival) -> Answer:
        with collector.changed:
            arrived.update(_ids(arrival))
            collector.changed.notify_all()
        return take_all(arrival)

    with Receiver(lambda _: None) as collector:
        options = ("--logs-to", f"{collector.url}/v1/logs")
        with LiveServer.start(tmp_path, options=options) as server:
            headers = _registered(server)
            for kill in range(KILLS):
                for number in range(kill * BATCHES, (kill + 1) * BATCHES):
                    ids, body = _batch(range(number * 10, number * 10 + 10))
                    reply = requests.post(f"{server.url}/v1/logs", body, headers=headers, timeout=SECONDS)
                    assert reply.headers["Miratag-Verdicts"] == "10k"
                    accepted += ids
                # Killed while the collector holds a request: some are under way, others wait.
                collector.wait_for(lambda seen, kill=kill: len(seen.arrivals) > kill, SECONDS)  # type: ignore[misc]
                server.kill()
                held += _let_time_pass(server)
                if kill == KILLS - 1:
                    collector.decide = take
                server.restart()
            collector.wait_for(lambda seen: arrived >= set(accepted), SECONDS)
    assert held >= KILLS
    assert arrived == set(accepted)
