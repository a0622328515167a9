"""After a withdrawal no unsent byte of the category is in any file of the profile: raw, encoded or inside gzip."""

import base64
import shutil
import sqlite3
import time
import zlib
from pathlib import Path

import pytest

from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from telemetry.catalog.events import ErrorReported, KeyringUnavailable
from telemetry.database import open_database
from tests.privacy.conftest import ACCOUNT, MakeService
from tests.privacy.receiver import Answer, Receiver, take_all
from tests.privacy.traces import found_in, holds

CANARY = "Quartzplover nests in this template"


def record_canaries(service: LogDataService, count: int = 20) -> None:
    for _ in range(count):
        service.emit(ACCOUNT, ErrorReported(level="error", template=CANARY))
    service.flush()


@pytest.fixture
def recorded(make_service: MakeService) -> LogDataService:
    service = make_service()
    service.set_consent(ACCOUNT, "usage", "granted")
    service.set_consent(ACCOUNT, "diagnostics", "granted")
    record_canaries(service)
    return service


def test_the_search_finds_what_is_there(recorded: LogDataService, profile: Profile, tmp_path: Path) -> None:
    assert found_in(profile.path, CANARY), "raw, in the database or its log"
    body = b"\0" * 100 + zlib.compress(CANARY.encode() * 50, wbits=31)[:-6]
    assert CANARY.encode() not in body
    assert holds(body, CANARY), "inside a gzip stream that is cut off"
    assert holds(b"x" + base64.b64encode(b"ab" + CANARY.encode() + b"c"), CANARY)


def test_queued_records_are_gone(recorded: LogDataService, profile: Profile) -> None:
    recorded.set_consent(ACCOUNT, "diagnostics", "denied")
    assert found_in(profile.path, CANARY) == []
    assert profile.telemetry(ACCOUNT).exists()


@pytest.mark.parametrize(
    "answer", [(503, {}, b""), (302, {}, b""), (400, {}, b""), (413, {}, b""), (200, {}, b""), (401, {}, b"")]
)
def test_batches_that_were_tried_and_not_taken_are_gone(
    recorded: LogDataService, profile: Profile, receiver: Receiver, answer: Answer
) -> None:
    receiver.decide = lambda arrival: answer if arrival.path == "/v1/logs" else take_all(arrival)
    recorded.send_due(everything=True)
    assert receiver.logs()
    record_canaries(recorded)
    assert found_in(profile.path, CANARY)
    recorded.set_consent(ACCOUNT, "diagnostics", "denied")
    assert found_in(profile.path, CANARY) == []


def test_copies_and_damaged_predecessors_are_gone(recorded: LogDataService, profile: Profile) -> None:
    path = profile.telemetry(ACCOUNT)
    for suffix in (".db", ".db-wal"):
        if path.with_suffix(suffix).exists():
            shutil.copy(path.with_suffix(suffix), path.with_name(f"telemetry.damaged-20260101T000000Z{suffix}"))
    shutil.copy(path, path.with_suffix(".before-migration"))
    assert len(list(path.parent.iterdir())) >= 5
    recorded.set_consent(ACCOUNT, "diagnostics", "denied")
    assert found_in(profile.path, CANARY) == []


def test_what_was_received_stays_as_evidence_and_other_categories_stay(
    recorded: LogDataService, profile: Profile, receiver: Receiver
) -> None:
    assert recorded.send_due(everything=True) == 20
    recorded.set_consent(ACCOUNT, "diagnostics", "denied")
    assert found_in(profile.path, CANARY), "the ledger keeps the exact bytes that were received"
    recorded.set_consent(ACCOUNT, "diagnostics", "granted")
    recorded.emit(ACCOUNT, KeyringUnavailable(state="absent"))
    recorded.set_consent(ACCOUNT, "usage", "denied")
    assert {one.category: one.queued for one in recorded.view(ACCOUNT)}["diagnostics"] == 1


def test_a_crash_between_the_choice_and_the_purge_is_made_good(
    make_service: MakeService, recorded: LogDataService, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    from telemetry.store import Store

    def dies(self: Store, category: str) -> None:
        raise sqlite3.OperationalError("the process dies here")

    with monkeypatch.context() as patch:
        patch.setattr(Store, "_purge", dies)
        with pytest.raises(Exception, match="dies here"):
            recorded.set_consent(ACCOUNT, "diagnostics", "denied")
    recorded.close()
    assert found_in(profile.path, CANARY)
    again = make_service()
    assert {one.category: one.state for one in again.view(ACCOUNT)}["diagnostics"] == "denied"
    assert found_in(profile.path, CANARY) == []


@pytest.mark.slow
def test_fifty_thousand_rows_are_gone_quickly(make_service: MakeService, profile: Profile) -> None:
    service = make_service()
    service.set_consent(ACCOUNT, "diagnostics", "granted")
    for _ in range(50):
        record_canaries(service, 1000)
    assert {one.category: one.queued for one in service.view(ACCOUNT)}["diagnostics"] > 40_000
    started = time.monotonic()
    service.set_consent(ACCOUNT, "diagnostics", "denied")
    assert time.monotonic() - started < 2
    assert found_in(profile.path, CANARY) == []


def test_the_settings_that_this_rests_on(tmp_path: Path) -> None:
    connection, aside = open_database(tmp_path / "telemetry.db")
    settings = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("secure_delete", "journal_mode", "auto_vacuum")
    }
    connection.close()
    assert settings == {"secure_delete": 1, "journal_mode": "wal", "auto_vacuum": 2}
    assert aside is None
