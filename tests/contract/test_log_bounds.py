"""What one installation can make the server do with log data is bounded."""

import gzip
import hashlib
import subprocess
import sys
from pathlib import Path

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs

from protocol.discovery import InstallationRequest
from protocol.privacy import LogErasureRequest
from server.logs import batches, judging
from server.logs.batches import keep_batch, unpack
from server.logs.erasing import erase
from server.logs.gaps import MAX_PIECES, lock_installation, note_numbers
from server.logs.installations import Installation, register
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.storage.log_tables import log_gap, log_record
from tests.contract.conftest import Clock, House, new_id
from tests.contract.counting import statements
from tests.migrated import migrated_file


@pytest.fixture
def sender(database: Database, house: House) -> Installation:
    """A registered installation."""
    with database.write(house.organization_id) as t:
        register(t, wanted := _installation())
    return Installation(wanted.installation_id, house.organization_id)


def _installation() -> InstallationRequest:
    return InstallationRequest(installation_id=new_id(), secret_sha256=hashlib.sha256(b"secret").hexdigest())


def _batch(records: int, *, scopes: int = 1, resources: int = 1) -> bytes:
    scope = ScopeLogs(log_records=[LogRecord()] * records)
    request = ExportLogsServiceRequest(resource_logs=[ResourceLogs(scope_logs=[scope] * scopes)] * resources)
    return bytes(request.SerializeToString())


def _gaps(database: Database, sender: Installation) -> list[tuple[int, int]]:
    with database.read(sender.organization_id) as t:
        rows = t.all(t.select(log_gap).order_by(log_gap.c.first_seq))
    return [(row.first_seq, row.last_seq) for row in rows]


@pytest.mark.parametrize("shape", [(5001, 1, 1), (2501, 2, 1), (2501, 1, 2), (0, 5001, 1), (0, 0, 5001)])
def test_a_batch_of_very_many_empty_records_is_refused_before_any_is_looked_at(
    database: Database,
    sender: Installation,
    monkeypatch: pytest.MonkeyPatch,
    shape: tuple[int, int, int],
) -> None:
    records, scopes, resources = shape
    monkeypatch.setattr(batches, "judge", lambda *_, **__: pytest.fail("looked at"))
    with pytest.raises(ProblemError) as raised:
        keep_batch(database, sender, _batch(records, scopes=scopes, resources=resources))
    assert (raised.value.problem.status, raised.value.problem.limit) == (413, 5000)
    assert raised.value.problem.type.endswith("batch-too-large")


def test_as_many_as_are_allowed_are_kept(database: Database, sender: Installation) -> None:
    keep_batch(database, sender, _batch(batches.MAX_RECORDS))
    with database.read(sender.organization_id) as t:
        assert len(t.all(t.select(log_record, log_record.c.event_id))) == batches.MAX_RECORDS


def test_nobody_waits_for_the_database_while_a_batch_is_judged(
    database: Database, sender: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    judged: list[LogRecord] = []

    def judge_while_others_write(record: LogRecord, *rest: object, **more: bool) -> object:
        with database.write(sender.organization_id) as t:  # would wait for itself if the batch held the database
            register(t, _installation())
        judged.append(record)
        return judging.judge(record, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(batches, "judge", judge_while_others_write)
    keep_batch(database, sender, _batch(1))
    assert len(judged) == 1


def test_numbers_full_of_holes_cost_few_statements_and_few_rows(database: Database, sender: Installation) -> None:
    every_third = range(0, 15_000, 3)
    for again in range(3):
        with statements(database) as said, database.write(sender.organization_id) as t:
            note_numbers(t, lock_installation(t, sender.installation_id), every_third)
        assert len(said) <= 8
        gaps = _gaps(database, sender)
        assert len(gaps) <= MAX_PIECES * (again + 1)
        assert gaps[0] == (1, 2)
        assert gaps[-1][1] == 14_996
        covered = {one for first, last in gaps for one in range(first, last + 1)}
        assert covered >= set(range(14_997)) - set(every_third)


def test_gzip_in_very_many_members_is_refused() -> None:
    member = gzip.compress(b"")
    assert unpack(member * 64, "gzip") == b""
    with pytest.raises(ProblemError) as raised:
        unpack(member * 65, "gzip")
    assert raised.value.problem.status == 400


def test_an_installation_erases_twenty_times_a_day(
    database: Database, sender: Installation, clock: Clock, tmp_path: Path
) -> None:
    keys = SigningKeys.load_or_create(tmp_path / "signing", {})
    asked = [LogErasureRequest(erasure_id=new_id(), categories=(), before="2026-03-02T08:00:00Z") for _ in range(21)]
    for wanted in asked[:20]:
        with database.write(sender.organization_id) as t:
            erase(t, keys, sender, wanted)
    with pytest.raises(ProblemError) as raised, database.write(sender.organization_id) as t:
        erase(t, keys, sender, asked[20])
    assert (raised.value.problem.status, raised.value.headers) == (429, {"Retry-After": "57600"})
    with database.write(sender.organization_id) as t:
        erase(t, keys, sender, asked[0])  # what was said is said again
    clock.forward(seconds=57600)
    with database.write(sender.organization_id) as t:
        erase(t, keys, sender, asked[20])


_KEEP_ONE = """
import hashlib, resource, sys
from protocol.discovery import InstallationRequest
from server.logs.batches import MAX_UNPACKED, keep_batch
from server.logs.installations import Installation, register
from server.problems import ProblemError
from server.storage.database import Database
from tests.contract.conftest import Clock, _house, new_id

def framed(field, content):
    length, size = bytearray(), len(content)
    while size >= 0x80:
        length.append(size & 0x7F | 0x80)
        size >>= 7
    return bytes([field << 3 | 2, *length, size]) + content

def keep(batch):
    try:
        return keep_batch(database, sender, batch).verdicts
    except ProblemError as error:
        return error.problem.status

database = Database(sys.argv[2], Clock())
organization_id = _house(database, "Harbour Works").organization_id
wanted = InstallationRequest(installation_id=new_id(), secret_sha256=hashlib.sha256(b"secret").hexdigest())
with database.write(organization_id) as t:
    register(t, wanted)
sender = Installation(wanted.installation_id, organization_id)
keep(framed(1, framed(2, framed(2, b""))))
field = {"records": 0x12, "attributes": 0x32, "resource": 0x0A}[sys.argv[1]]
inner = bytes([field, 0]) * (MAX_UNPACKED // 2 - 50)
within = {"records": lambda: framed(2, inner), "attributes": lambda: framed(2, framed(2, inner)),
          "resource": lambda: framed(1, inner)}[sys.argv[1]]
batch = framed(1, within())
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
said = keep(batch)
print(said, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1024)
"""


@pytest.mark.parametrize(("many", "said"), [("records", "413"), ("attributes", "1l"), ("resource", "413")])
def test_twenty_mebibytes_of_next_to_nothing_are_answered_in_little_memory(
    tmp_path: Path, many: str, said: str
) -> None:
    """protobuf makes 600 to 1400 MiB of them."""
    url = migrated_file(tmp_path / "server.db")
    told = subprocess.run(
        [sys.executable, "-c", _KEEP_ONE, many, url], capture_output=True, text=True, timeout=120, check=True
    ).stdout.split()
    assert told[0] == said
    assert int(told[1]) < 64
