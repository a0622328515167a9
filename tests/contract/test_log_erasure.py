"""Erasing what an installation sent: gone, said so under a signature, and not taken again."""

import base64
import hashlib
import threading
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
import requests

from protocol.privacy import LogCount, LogErasurePayload, LogErasureReply, LogErasureRequest
from protocol.statements import ERASURE, SignedStatement
from rules.clock import format_utc
from rules.statements import verify
from server import housekeeping
from server.logs.batches import keep_batch
from server.logs.erasing import erase
from server.logs.installations import Installation
from server.logs.keeping import LONGEST
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.storage.log_tables import installation, log_erasure, log_record, log_tombstone
from server.storage.objects import Objects
from tests.contract.conftest import Clock, House, new_id
from tests.contract.in_process_server import InProcessServer
from tests.contract.test_logs import SECRET, _batch, _record, _request, _verdicts, register
from tests.contract.test_logs import sender as sender  # noqa: PLC0414 - the same fixture

NOON = "2026-03-02T12:00:00.000Z"
STARTED = {"category": "usage", "name": "app.started", "surface": "tray"}


@pytest.fixture
def keys(tmp_path: Path) -> SigningKeys:
    return SigningKeys.load_or_create(tmp_path / "signing", {})


def _erase(
    database: Database, keys: SigningKeys, sender: Installation, wanted: LogErasureRequest
) -> tuple[SignedStatement, LogErasurePayload]:
    with database.write(sender.organization_id) as t:
        statement = erase(t, keys, sender, wanted)
    payload = verify(statement, keys.public_keys(), ERASURE)
    return statement, msgspec.json.decode(payload, type=LogErasurePayload)


def _wanted(*categories: str, before: str = NOON) -> LogErasureRequest:
    return LogErasureRequest(erasure_id=new_id(), categories=categories, before=before)  # type: ignore[arg-type]


def test_what_was_sent_goes_and_does_not_come_back(database: Database, keys: SigningKeys, sender: Installation) -> None:
    usage = [_record(seq=seq, **STARTED) for seq in range(3)]
    kept = _record(seq=3)
    keep_batch(database, sender, _batch(*usage, kept))
    wanted = _wanted("usage")
    statement, payload = _erase(database, keys, sender, wanted)
    assert payload.erased == (LogCount(category="usage", records=3),)
    assert (payload.relayed, payload.before, payload.installation_id) == ((), NOON, sender.installation_id)
    assert _verdicts(database, sender, *usage, kept) == "3e1d"
    later = _record(seq=9, **STARTED)
    later.time_unix_nano += 6 * 3600 * 10**9
    under_way = _record(seq=8, **STARTED)
    assert _verdicts(database, sender, later, under_way) == "1k1e"
    again, _ = _erase(database, keys, sender, wanted)
    assert again == statement
    with database.read(sender.organization_id) as t:
        assert sorted(row.name for row in t.all(t.select(log_record))) == ["app.started", "store.set_aside"]


def test_a_wrong_clock_on_either_side_leaves_nothing_behind(
    database: Database, keys: SigningKeys, sender: Installation, clock: Clock
) -> None:
    ahead = _record(seq=1, **STARTED)
    ahead.time_unix_nano += 400 * 86400 * 10**9
    clock.forward(hours=12)  # and this one came after what the device takes for noon
    keep_batch(database, sender, _batch(_record(seq=2, **STARTED)))
    clock.forward(hours=-11)
    keep_batch(database, sender, _batch(ahead))
    _, payload = _erase(database, keys, sender, _wanted())
    assert {one.category: one.records for one in payload.erased} == {"diagnostics": 0, "usage": 2, "third_party": 0}
    assert _verdicts(database, sender, ahead) == "1e"  # its number tells


def test_a_second_erasure_keeps_the_later_time(database: Database, keys: SigningKeys, sender: Installation) -> None:
    for before in (NOON, "2026-03-01T00:00:00Z"):
        _erase(database, keys, sender, _wanted("usage", before=before))
    assert _verdicts(database, sender, _record(seq=1, **STARTED)) == "1e"
    with database.read(sender.organization_id) as t:
        [stone] = t.all(t.select(log_tombstone))
    assert stone.installation_sha256 == hashlib.sha256(sender.installation_id.encode()).hexdigest()


def test_what_cannot_be_read_erases_nothing(database: Database, keys: SigningKeys, sender: Installation) -> None:
    keep_batch(database, sender, _batch(_record()))
    other = _request(new_id())
    taken = _wanted()
    with database.write(sender.organization_id) as t:
        register(t, other)
    _erase(database, keys, Installation(other.installation_id, sender.organization_id), taken)
    for wanted in (
        msgspec.structs.replace(taken, erasure_id="x"),
        msgspec.structs.replace(taken, before="yesterday", erasure_id=new_id()),
        msgspec.structs.replace(taken, before="2026-03-02", erasure_id=new_id()),
        taken,
    ):
        with pytest.raises(ProblemError):
            _erase(database, keys, sender, wanted)
    with database.read(sender.organization_id) as t:
        assert len(t.all(t.select(log_record))) == 1


def test_batches_that_come_during_an_erasure_are_erased_or_refused(
    database: Database, keys: SigningKeys, sender: Installation
) -> None:
    """However they fall: nothing with an earlier time is here afterwards."""
    start = threading.Barrier(9)
    failures: list[BaseException] = []

    def send(number: int) -> None:
        try:
            start.wait(20)
            for seq in range(number * 10, number * 10 + 5):
                keep_batch(database, sender, _batch(_record(seq=seq, **STARTED)))
        except BaseException as error:  # noqa: BLE001 - told by the test
            failures.append(error)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(8)]
    for one in threads:
        one.start()
    start.wait(20)
    _erase(database, keys, sender, _wanted("usage"))
    for one in threads:
        one.join(60)
    assert not failures
    with database.read(sender.organization_id) as t:
        assert t.all(t.select(log_record)) == []


def test_over_the_wire_with_the_secret_only(live: InProcessServer, sender: Installation, house: House) -> None:
    keys: SigningKeys = live.application.state["keys"]
    address = f"{live.url}/v1/installations/erasure"
    body = msgspec.json.encode(_wanted("usage"))

    def ask(credential: str, content: bytes = body) -> requests.Response:
        return requests.post(address, content, headers={"Authorization": f"Bearer {credential}"}, timeout=20)

    credential = f"{sender.installation_id}.{SECRET}"
    replies = [ask(credential) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [200, 200]
    statements = [msgspec.json.decode(reply.content, type=LogErasureReply).statement for reply in replies]
    assert statements[0] == statements[1]
    verify(statements[0], keys.public_keys(), ERASURE)
    assert b"member" not in base64.b64decode(statements[0].payload)
    assert ask(f"{sender.installation_id}.other").status_code == 401
    assert ask(live.token(house.ana)).status_code == 401
    assert ask(credential, b'{"erasure_id": "x"}').status_code == 400
    assert ask(credential, msgspec.json.encode(msgspec.structs.replace(_wanted(), before="?"))).status_code == 422


def test_statements_and_tombstones_go_when_their_time_is_over(
    database: Database, keys: SigningKeys, sender: Installation, clock: Clock, tmp_path: Path
) -> None:
    objects = Objects(str(tmp_path / "media"))
    keep_batch(database, sender, _batch(_record(seq=1), _record(seq=3)))
    _erase(database, keys, sender, _wanted(before=format_utc(clock.now + timedelta(hours=1))))

    def left() -> list[int]:
        housekeeping.tidy(database, objects)
        with database.read(sender.organization_id) as t:
            return [len(t.all(t.select(one))) for one in (log_record, log_erasure, log_tombstone, installation)]

    assert left() == [0, 1, 3, 1]
    clock.forward(seconds=LONGEST.total_seconds() - 60)
    assert left() == [0, 1, 3, 1]
    clock.forward(days=1, hours=1)
    assert left() == [0, 0, 0, 0]
