"""Log records: kept once, within the organization's policy, under an installation that bears no member."""

import gzip
import hashlib
import zlib
from collections.abc import Callable

import msgspec
import pytest
import requests
from opentelemetry._logs import LogRecord as OtherRecord
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor

from protocol.discovery import InstallationRequest
from protocol.statements import TelemetryPolicy
from server.logs import batches
from server.logs.batches import keep_batch, unpack
from server.logs.installations import Installation, installation_of, register
from server.policy.document import issue_policy
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.storage.tables import installation, log_record
from tests.contract.conftest import House, new_id
from tests.contract.in_process_server import InProcessServer

SECRET = "a-secret-of-one-installation"


@pytest.fixture
def sender(database: Database, house: House) -> Installation:
    """A registered installation."""
    wanted = _request(new_id())
    with database.write(house.organization_id) as t:
        assert register(t, wanted)
    return Installation(wanted.installation_id, house.organization_id)


def _request(installation_id: str, secret: str = SECRET) -> InstallationRequest:
    return InstallationRequest(
        installation_id=installation_id, secret_sha256=hashlib.sha256(secret.encode()).hexdigest()
    )


def _record(event_id: str | None = None, category: str | None = "diagnostics", name: str = "app.started") -> LogRecord:
    values = {"event.id": event_id, "consent.category": category}
    return LogRecord(
        time_unix_nano=1_772_438_400_000_000_000,
        event_name=name,
        attributes=[KeyValue(key=key, value=AnyValue(string_value=value)) for key, value in values.items() if value],
    )


def _batch(*records: LogRecord) -> bytes:
    request = ExportLogsServiceRequest(resource_logs=[ResourceLogs(scope_logs=[ScopeLogs(log_records=records)])])
    return bytes(request.SerializeToString())


def _send(database: Database, sender: Installation, *records: LogRecord) -> tuple[int, str]:
    answer = ExportLogsServiceResponse.FromString(keep_batch(database, sender, _batch(*records)))
    return answer.partial_success.rejected_log_records, answer.partial_success.error_message


def test_a_batch_sent_twice_is_kept_once(database: Database, sender: Installation) -> None:
    records = [_record(new_id()) for _ in range(3)]
    assert _send(database, sender, *records, records[0]) == (0, "")
    assert _send(database, sender, *records) == (0, "")
    with database.read(sender.organization_id) as t:
        kept = t.all(t.select(log_record))
    assert sorted(row.record for row in kept) == sorted(record.SerializeToString() for record in records)


def test_records_of_strangers_are_kept_under_ids_of_ours(database: Database, sender: Installation) -> None:
    assert _send(database, sender, _record(category=None), _record(category=None)) == (0, "")
    with database.read(sender.organization_id) as t:
        assert {row.category for row in t.all(t.select(log_record))} == {"diagnostics"}
        assert len(t.all(t.select(log_record))) == 2


def test_what_the_policy_does_not_allow_is_counted_back(
    database: Database, sender: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    keys = SigningKeys.load_or_create(tmp_path_factory.mktemp("keys"), {})
    with database.write(sender.organization_id) as t:
        issue_policy(t, keys, telemetry=TelemetryPolicy(usage=False))
    rejected, message = _send(
        database,
        sender,
        _record(new_id()),
        _record(new_id(), "usage"),
        _record(new_id(), "gossip"),
        _record("x" * 300),
        _record("nul\x00"),
        LogRecord(time_unix_nano=2**64 - 1),
        _record(new_id(), name="y" * 300_000),
    )
    assert rejected == 6
    assert "1 of the category usage, which the organization does not allow" in message
    with database.read(sender.organization_id) as t:
        assert len(t.all(t.select(log_record))) == 1


def test_an_installation_is_known_by_its_secret_and_linked_to_nobody(
    database: Database, sender: Installation, build_house: Callable[[str], House]
) -> None:
    assert installation_of(database, f"{sender.installation_id}.{SECRET}") == sender
    for credential in ("", ".", f"{sender.installation_id}.other", f"{new_id()}.{SECRET}", "a\x00b.c", "\udcff.\udcff"):
        with pytest.raises(ProblemError) as raised:
            installation_of(database, credential)
        assert raised.value.problem.status == 401
    with database.write(sender.organization_id) as t:
        assert not register(t, _request(sender.installation_id))
        with pytest.raises(ProblemError) as taken:
            register(t, _request(sender.installation_id, "another secret"))
        assert taken.value.problem.status == 409
        [row] = t.all(t.select(installation))
        assert row.registered_on == "2026-03-02"
    assert not {"member_id", "created", "address"} & set(installation.c.keys())
    with database.write(build_house("Other Works").organization_id) as t, pytest.raises(ProblemError):
        register(t, _request(sender.installation_id))


def test_a_batch_is_unpacked_within_bounds() -> None:
    batch = _batch(_record(new_id()))
    assert unpack(batch, "") == batch
    assert unpack(gzip.compress(batch), "gzip") == batch
    assert unpack(gzip.compress(batch[:5]) + gzip.compress(batch[5:]), "gzip") == batch
    for body, encoding, status in (
        (gzip.compress(bytes(batches.MAX_UNPACKED + 1)), "gzip", 413),
        (bytes(batches.MAX_BODY + 1), "", 413),
        (gzip.compress(batch)[:-4], "gzip", 400),
        (b"not gzip", "gzip", 400),
        (gzip.compress(batch) + b"rest", "gzip", 400),
        (zlib.compress(batch), "deflate", 415),
    ):
        with pytest.raises(ProblemError) as raised:
            unpack(body, encoding)
        assert raised.value.problem.status == status


def test_what_is_no_batch_is_refused(database: Database, sender: Installation) -> None:
    with pytest.raises(ProblemError) as raised:
        keep_batch(database, sender, b"\xff\xff\xff")
    assert raised.value.problem.status == 400


def test_the_request_is_strict() -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(b'{"installation_id": 1, "secret_sha256": ""}', type=InstallationRequest)


def test_the_exporter_of_opentelemetry_is_accepted(
    live: InProcessServer, sender: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    exporter = OTLPLogExporter(
        endpoint=f"{live.url}/v1/logs",
        headers={"Authorization": f"Bearer {sender.installation_id}.{SECRET}"},
        compression=Compression.Gzip,
        timeout=20,
    )
    provider = LoggerProvider(shutdown_on_exit=False)
    provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
    provider.get_logger("a stranger").emit(
        OtherRecord(timestamp=1_772_438_400_000_000_000, body="hello", event_name="stranger.said")
    )
    provider.shutdown()
    assert not caplog.records
    with live.database.read(sender.organization_id) as t:
        [row] = t.all(t.select(log_record))
    assert (row.name, LogRecord.FromString(row.record).body.string_value) == ("stranger.said", "hello")


def test_batches_over_the_wire_get_their_status(live: InProcessServer, sender: Installation, house: House) -> None:
    address = f"{live.url}/v1/logs"
    allowed = {"Authorization": f"Bearer {sender.installation_id}.{SECRET}", "Content-Type": "application/x-protobuf"}

    def status(body: bytes, **headers: str) -> int:
        return requests.post(address, body, headers={**allowed, **headers}, timeout=20).status_code

    assert status(_batch(_record(new_id()))) == 200
    assert status(b"\xff\xff") == 400
    assert status(b"", **{"Content-Type": "application/json"}) == 415
    assert status(b"", Authorization=f"Bearer {live.token(house.ana)}") == 401
    assert status(b"", Authorization="") == 401
    assert status(bytes(batches.MAX_BODY + 1)) == 413
    bomb = gzip.compress(bytes(batches.MAX_UNPACKED + 1))
    assert status(bomb, **{"Content-Encoding": "gzip"}) == 413
    with live.session(house.ana) as session:
        wanted = msgspec.json.encode(_request(new_id()))
        statuses = [session.post(f"{live.url}/v1/installations", wanted, timeout=20).status_code for _ in range(2)]
    assert statuses == [201, 200]
