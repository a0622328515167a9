"""What a person reads of log data: next to send, sent, lost; and what they take out of it."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from agent.api import AgentError, RecordItem
from agent.logdata import reading
from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from telemetry.catalog import EVENTS
from telemetry.catalog.events import AppStarted, ErrorReported, ReportSent
from tests.privacy.conftest import ACCOUNT, MakeService
from tests.privacy.receiver import OTLP, Receiver, take_all
from tests.unit.telemetry.making import installation_of, partial

CANARY = "canary-of-the-ledger"


def record(service: LogDataService, count: int) -> None:
    service.set_consent(ACCOUNT, "usage", "granted")
    for number in range(count):
        service.emit(ACCOUNT, ReportSent(kind="new", size_bytes=70_000, media=number))
    service.flush()


def test_next_to_send_comes_in_pages_decoded_from_the_stored_bytes(service: LogDataService) -> None:
    record(service, 7)
    log = service.account_log(ACCOUNT)
    seen: list[RecordItem] = []
    after = None
    while True:
        page = reading.waiting(log, after, 3)
        assert page.total == 7
        assert page.total_bytes > 7 * 50
        seen += page.items
        after = page.next
        if after is None:
            break
    assert [one.fields["media"] for one in seen] == list(range(7))
    first = seen[0]
    assert (first.name, first.category) == ("report.sent", "usage")
    assert first.fields == {"kind": "new", "size_bytes": 65536, "media": 0}
    assert set(first.envelope) == {"event.id", "event.seq", "consent.category", "consent.epoch", "event.version"}
    assert page.due is not None
    with pytest.raises(AgentError, match="not a position"):
        reading.waiting(log, "nonsense", 3)


def test_one_record_is_taken_out_and_leaves_no_trace(service: LogDataService, profile: Profile) -> None:
    service.set_consent(ACCOUNT, "diagnostics", "granted")
    service.emit(ACCOUNT, ErrorReported(level="error", template="Something else."))
    service.emit(ACCOUNT, ErrorReported(level="error", template=CANARY))
    service.flush()
    log = service.account_log(ACCOUNT)
    (unwanted,) = [one for one in reading.waiting(log, None, 10).items if one.fields["template"] == CANARY]
    reading.remove(log, unwanted.seq)
    assert [one.fields["template"] for one in reading.waiting(log, None, 10).items] == ["Something else."]
    for file in profile.account(ACCOUNT).iterdir():
        assert CANARY.encode() not in file.read_bytes()
    with pytest.raises(AgentError, match="sent, or removed before"):
        reading.remove(log, unwanted.seq)
    assert service.send_due(everything=True) == 1
    (purged,) = reading.losses(log).items
    assert (purged.reason, purged.count) == ("purged", 1)
    assert purged.explanation


def test_a_record_of_a_batch_that_may_have_arrived_is_taken_out_and_the_rest_is_sent(
    service: LogDataService, receiver: Receiver
) -> None:
    receiver.decide = lambda arrival: (500, {}, b"") if arrival.path == "/v1/logs" else take_all(arrival)
    record(service, 3)
    assert service.send_due(everything=True) == 0
    log = service.account_log(ACCOUNT)
    listed = reading.ledger_page(log, None, 10)
    assert [(one.state, one.records) for one in listed.items] == [("may_have_arrived", 3)]
    reading.remove(log, reading.waiting(log, None, 10).items[1].seq)
    receiver.decide = take_all
    assert service.send_due(everything=True) == 2
    states = [(one.state, one.records, one.cleared) for one in reading.ledger_page(log, None, 10).items]
    assert states == [("sent", 2, False), ("may_have_arrived", 3, True)]
    sent = reading.ledger_entry(log, reading.ledger_page(log, None, 1).items[0].batch_id)
    assert [one.fields["media"] for one in sent.records] == [0, 2]
    assert log.state.accounts["usage"].balanced


def test_what_was_sent_is_told_from_the_exact_bytes(service: LogDataService, receiver: Receiver) -> None:
    receiver.decide = lambda arrival: (200, OTLP, partial(1).body) if arrival.path == "/v1/logs" else take_all(arrival)
    record(service, 3)
    service.send_due(everything=True)
    log = service.account_log(ACCOUNT)
    (item,) = reading.ledger_page(log, None, 10).items
    assert (item.state, item.records, item.accepted, item.status) == ("sent", 3, 2, 200)
    entry = reading.ledger_entry(log, item.batch_id)
    installation = installation_of(log)
    assert installation is not None
    assert entry.host == "127.0.0.1"
    assert entry.installation_id == installation.installation_id
    assert entry.reply.startswith("1 rejected")
    assert [one.fields["media"] for one in entry.records] == [0, 1, 2]
    assert item.size == len(receiver.logs()[0].body)
    with pytest.raises(AgentError, match="not in the ledger"):
        reading.ledger_entry(log, "no such batch")


def test_clearing_leaves_counts_and_times_and_no_byte(service: LogDataService, profile: Profile) -> None:
    record(service, 3)
    service.send_due(everything=True)
    log = service.account_log(ACCOUNT)
    (before,) = reading.ledger_page(log, None, 10).items
    damaged = profile.telemetry(ACCOUNT).with_name("telemetry.damaged-1.db")
    damaged.write_bytes(b"what an older file held")
    reading.settled(log.clear_ledger())
    (after,) = reading.ledger_page(log, None, 10).items
    assert after.cleared
    assert (after.size, after.accepted, after.at) == (before.size, before.accepted, before.at)
    assert reading.ledger_entry(log, after.batch_id).records == ()
    assert not damaged.exists()
    with closing(sqlite3.connect(profile.telemetry(ACCOUNT))) as connection:
        assert connection.execute("SELECT count(body), count(reply) FROM batch").fetchone() == (0, 0)


def test_the_whole_ledger_is_written_as_json(service: LogDataService, tmp_path: Path) -> None:
    record(service, 4)
    service.send_due(everything=True)
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.record(ACCOUNT, "no.such_event", {})
    service.flush()
    path = tmp_path / "ledger.json"
    with path.open("wb") as file:
        reading.write_ledger(service.account_log(ACCOUNT), file)
    written = json.loads(path.read_bytes())
    assert [one["name"] for one in written["next_to_send"]] == ["app.started"]
    assert [len(one["records"]) for one in written["sent"]] == [4]
    lost = written["lost_or_withheld"]
    assert (lost["recorded"], lost["accepted"], lost["queued"], lost["withheld"]) == (5, 4, 1, 1)


def test_a_new_installation_has_nothing_by_which_the_two_could_be_told_to_be_one(
    service: LogDataService, receiver: Receiver
) -> None:
    record(service, 2)
    service.send_due(everything=True)
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    log = service.account_log(ACCOUNT)
    before = installation_of(log)
    reading.settled(log.reset_installation())
    assert reading.waiting(log, None, 10).items == ()
    record(service, 2)
    assert service.send_due(everything=True) == 2
    after = installation_of(log)
    assert before is not None
    assert after is not None
    assert before.installation_id != after.installation_id
    later, earlier = (
        reading.ledger_entry(log, one.batch_id).records for one in reading.ledger_page(log, None, 2).items
    )
    assert {one.envelope["event.id"] for one in earlier}.isdisjoint(one.envelope["event.id"] for one in later)
    assert later[0].seq != earlier[-1].seq + 2
    assert log.state.accounts["usage"].purged == 1
    assert log.state.accounts["usage"].balanced
    assert len(receiver.logs()) == 2


def test_the_catalog_is_told_in_full(service: LogDataService) -> None:
    told = {one.name: one for one in reading.catalog().events}
    assert set(told) == set(EVENTS)
    for name, one in told.items():
        declared = EVENTS[name]
        assert (one.version, one.category, one.purpose) == (declared.version, declared.category, declared.purpose)
        assert [field.name for field in one.fields] == [field.name for field in declared.fields]
    choices = {one.category: one for one in reading.choices(service.account_log(ACCOUNT))}
    assert (choices["usage"].state, choices["usage"].effective, choices["usage"].locked) == ("unknown", False, "")
    assert choices["diagnostics"].kept_days == 90


def test_sending_now_says_what_came_of_it(make_service: MakeService, receiver: Receiver) -> None:
    service = make_service()
    assert service.send_now(ACCOUNT).sentence == "Nothing waits to be sent."
    record(service, 3)
    receiver.decide = lambda arrival: (503, {}, b"") if arrival.path == "/v1/logs" else take_all(arrival)
    refused = service.send_now(ACCOUNT)
    assert (refused.batches, refused.records) == (0, 0)
    assert refused.sentence.splitlines() == [
        "Nothing was received.",
        "What waits is sent later by itself.",
        "The server answered, but it did not take them.",
    ]
    assert reading.waiting(service.account_log(ACCOUNT), None, 5).paused or service.next_due() == 0
    receiver.decide = take_all
    taken = service.send_now(ACCOUNT)
    assert (taken.batches, taken.records, taken.sentence) == (1, 3, "The server received what was sent.")


def test_a_list_of_fifty_thousand_reads_only_its_page(service: LogDataService, profile: Profile) -> None:
    record(service, 1)
    service.close()
    path = profile.telemetry(ACCOUNT)
    body = b"x" * 3000
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executemany(
            "INSERT INTO batch (batch_id, family, category, epoch, installation_id, state, uncertain, records, sha256,"
            " formed_ms, size, body) VALUES (?, '', 'usage', 1, '', 'sent', 0, 1, '', 0, 3000, ?)",
            ((f"{number:06}", body) for number in range(5000)),
        )
    from telemetry import ledger

    with closing(sqlite3.connect(path)) as connection:
        steps = 0

        def count() -> int:
            nonlocal steps
            steps += 1
            return 0

        connection.set_progress_handler(count, 100)
        page = ledger.left_page(connection, "004000", 50)
        assert [page[0].batch_id, page[-1].batch_id] == ["003999", "003950"]
        assert steps < 20, "a page costs what it shows"
