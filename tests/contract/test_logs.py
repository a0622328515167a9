"""Log records: kept once, within the organization's policy, under an installation that bears no member."""

import gzip
import hashlib
import re
import zlib
from collections.abc import Callable, Mapping

import msgspec
import pytest
import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry._logs import LogRecord as OtherRecord
from opentelemetry.exporter.otlp.proto.http import Compression
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest, ExportLogsServiceResponse
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import SimpleLogRecordProcessor

from protocol.discovery import InstallationRequest
from protocol.statements import TelemetryPolicy
from server.logs import batches
from server.logs.batches import keep_batch, unpack
from server.logs.gaps import lock_installation, note_numbers
from server.logs.installations import Installation, installation_of, register
from server.policy.document import issue_policy
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.storage.log_tables import installation, log_gap, log_record
from tests.contract.conftest import Clock, House, new_id
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


def _record(
    event_id: str | None = None,
    category: str = "diagnostics",
    name: str = "store.set_aside",
    seq: int = 1,
    **fields: str | int | bool,
) -> LogRecord:
    """As our own program makes it, unless told otherwise."""
    values: dict[str, str | int | bool] = {
        "event.id": event_id or new_id(),
        "event.seq": seq,
        "consent.category": category,
        "consent.epoch": 1,
        "event.version": 1,
        **(fields or {"which": "work"}),
    }
    return _plain_record(name, values)


def _plain_record(name: str, values: Mapping[str, str | int | bool]) -> LogRecord:
    return LogRecord(
        time_unix_nano=1_772_438_400_000_000_000,
        event_name=name,
        attributes=[KeyValue(key=key, value=_any(value)) for key, value in values.items()],
    )


def _any(value: str | int | bool) -> AnyValue:
    if isinstance(value, bool):
        return AnyValue(bool_value=value)
    return AnyValue(int_value=value) if isinstance(value, int) else AnyValue(string_value=value)


def _batch(*records: LogRecord) -> bytes:
    request = ExportLogsServiceRequest(resource_logs=[ResourceLogs(scope_logs=[ScopeLogs(log_records=records)])])
    return bytes(request.SerializeToString())


def _send(database: Database, sender: Installation, *records: LogRecord) -> tuple[int, str]:
    answer = ExportLogsServiceResponse.FromString(keep_batch(database, sender, _batch(*records)).reply)
    return answer.partial_success.rejected_log_records, answer.partial_success.error_message


def _verdicts(database: Database, sender: Installation, *records: LogRecord) -> str:
    return keep_batch(database, sender, _batch(*records)).verdicts


def test_a_batch_sent_twice_is_kept_once(database: Database, sender: Installation) -> None:
    records = [_record(new_id()) for _ in range(3)]
    assert _send(database, sender, *records, records[0]) == (0, "")
    assert _send(database, sender, *records) == (0, "")
    with database.read(sender.organization_id) as t:
        kept = t.all(t.select(log_record))
    assert sorted(row.record for row in kept) == sorted(record.SerializeToString() for record in records)


def test_records_of_strangers_are_kept_under_ids_of_ours(database: Database, sender: Installation) -> None:
    strange = _plain_record("stranger.said", {"what": "hello"})
    assert _send(database, sender, strange, strange) == (0, "")
    with database.read(sender.organization_id) as t:
        assert {row.category for row in t.all(t.select(log_record))} == {"diagnostics"}
        assert len(t.all(t.select(log_record))) == 2
        assert t.all(t.select(log_gap)) == []


def test_a_stranger_under_our_name_is_held_against_the_catalog(database: Database, sender: Installation) -> None:
    request = ExportLogsServiceRequest(
        resource_logs=[
            ResourceLogs(
                resource=Resource(attributes=[KeyValue(key="service.name", value=AnyValue(string_value="miratag"))]),
                scope_logs=[ScopeLogs(log_records=[_plain_record("stranger.said", {"what": "hello"}), _record()])],
            )
        ]
    )
    assert keep_batch(database, sender, request.SerializeToString()).verdicts == "1m1k"


def test_each_record_has_its_verdict(
    database: Database, sender: Installation, tmp_path_factory: pytest.TempPathFactory
) -> None:
    keys = SigningKeys.load_or_create(tmp_path_factory.mktemp("keys"), {})
    with database.write(sender.organization_id) as t:
        issue_policy(t, keys, telemetry=TelemetryPolicy(usage=False))
    kept = _record(new_id())
    endless = _record(new_id())
    endless.time_unix_nano = 2**64 - 1
    with_a_body = _record(new_id())
    with_a_body.body.string_value = "hunter2"
    twice = _record(new_id())
    twice.attributes.append(KeyValue(key="which", value=AnyValue(string_value="work")))
    nested = _record(new_id())
    nested.attributes.append(KeyValue(key="more", value=AnyValue(bytes_value=b"hunter2")))
    expected = (
        (kept, "k"),
        (kept, "d"),
        (_record(category="usage", name="app.started", surface="tray"), "c"),
        (_record(category="usage"), "u"),  # declared for diagnostics
        (_record(category="gossip"), "u"),
        (_record(name="app.imagined"), "u"),
        (_record(which="kitchen"), "u"),
        (_record(which="work", password="hunter2"), "u"),
        (_record(which=1), "u"),
        (_record(name="error.reported", level="error", template="x" * 301), "u"),
        (with_a_body, "u"),
        (nested, "m"),
        (twice, "m"),
        (endless, "m"),
        (_record("x" * 300), "m"),
        (_record("nul\x00"), "m"),
        (_record(seq=-1), "m"),
        (_record(seq=2**41), "m"),
        (_record(name="y" * 300), "m"),
        (_plain_record("store.set_aside", {"event.id": new_id(), "which": "work"}), "m"),
        (_record(name="y" * 300_000), "l"),
        (_record(name="error.reported", level="error"), "k"),  # the fields left out have a default
    )
    records = [record for record, _ in expected]
    answer = keep_batch(database, sender, _batch(*records))
    letters = "".join(letter * int(count) for count, letter in re.findall(r"(\d+)([kdcueml])", answer.verdicts))
    assert letters == "".join(letter for _, letter in expected)
    partial = ExportLogsServiceResponse.FromString(answer.reply).partial_success
    assert partial.rejected_log_records == sum(letter not in "kd" for letter in letters)
    assert "1 of the category usage, which is not allowed here" in partial.error_message
    with database.read(sender.organization_id) as t:
        rows = t.all(t.select(log_record))
    assert len(rows) == 2
    assert b"hunter2" not in b"".join(row.record for row in rows)


def test_an_event_is_not_kept_once_it_has_expired(database: Database, sender: Installation, clock: Clock) -> None:
    assert _verdicts(database, sender, _record()) == "1k"
    clock.forward(days=366 * 3)
    assert _verdicts(database, sender, _record(seq=2)) == "1u"


def test_what_hides_in_unknown_parts_of_a_record_is_not_kept(database: Database, sender: Installation) -> None:
    hidden = b"\xfa\x3f\x07hunter2"  # field 127, which no LogRecord has
    record = LogRecord.FromString(_record().SerializeToString() + hidden)
    assert b"hunter2" in record.SerializeToString()
    assert _verdicts(database, sender, record) == "1k"
    with database.read(sender.organization_id) as t:
        [row] = t.all(t.select(log_record))
    assert b"hunter2" not in row.record


def test_verdicts_too_many_for_a_header_are_left_to_the_count(database: Database, sender: Installation) -> None:
    records = [one for seq in range(1100) for one in (_record(seq=seq), _record(seq=seq, which="kitchen"))]
    answer = keep_batch(database, sender, _batch(*records))
    assert answer.verdicts == ""
    assert ExportLogsServiceResponse.FromString(answer.reply).partial_success.rejected_log_records == 1100
    assert _verdicts(database, sender, *records[:1000:2]) == "500d"


def _missing(database: Database, sender: Installation) -> list[tuple[int, int, str]]:
    with database.read(sender.organization_id) as t:
        rows = t.all(t.select(log_gap).order_by(log_gap.c.first_seq))
    return [(row.first_seq, row.last_seq, row.noticed_on) for row in rows]


def test_numbers_that_did_not_come_are_noticed_and_a_late_one_closes_the_gap(
    database: Database, sender: Installation, clock: Clock
) -> None:
    keep_batch(database, sender, _batch(*(_record(seq=seq) for seq in (5, 6, 10))))
    assert _missing(database, sender) == [(7, 9, "2026-03-02")]
    clock.forward(days=1)
    keep_batch(database, sender, _batch(_record(seq=8), _record(seq=12), _record(seq=11, which="kitchen")))
    assert _missing(database, sender) == [(7, 7, "2026-03-02"), (9, 9, "2026-03-02")]
    keep_batch(database, sender, _batch(_record(seq=9), _record(seq=2)))
    assert _missing(database, sender) == [(3, 4, "2026-03-03"), (7, 7, "2026-03-02")]


@given(st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=6), min_size=1, max_size=8))
@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_gaps_are_what_lies_between_the_numbers_that_came(
    database: Database, build_house: Callable[[str], House], arrivals: list[list[int]]
) -> None:
    organization_id = build_house(f"Works {new_id()}").organization_id
    wanted = _request(new_id())
    with database.write(organization_id) as t:
        register(t, wanted)
    sender = Installation(wanted.installation_id, organization_id)
    came: set[int] = set()
    for numbers in arrivals:
        with database.write(organization_id) as t:
            note_numbers(t, lock_installation(t, sender.installation_id), numbers)
        came.update(numbers)
        missing = {one for first, last, _ in _missing(database, sender) for one in range(first, last + 1)}
        assert missing == set(range(min(came), max(came))) - came


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

    reply = requests.post(address, _batch(_record(), _record(seq=2, which="kitchen")), headers=allowed, timeout=20)
    assert reply.headers["Miratag-Verdicts"] == "1k1u"

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
