"""What each reply does to a batch, its rows, the pause and the ledger."""

import gzip
import sqlite3

import pytest

from telemetry import batches, ledger, pace, redaction, redaction_rules
from telemetry.batches import Terms
from telemetry.catalog.events import KeyringUnavailable
from telemetry.outcomes import Answered, Received, Unanswered
from telemetry.queue import DAY_MS, Bounds
from tests.unit.telemetry.conftest import Open
from tests.unit.telemetry.making import (
    BUSY,
    OTLP,
    TAKEN,
    Clock,
    balanced,
    claim,
    error,
    fill,
    left,
    log_records,
    offer,
    partial,
    values,
)


@pytest.fixture(autouse=True)
def no_spread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "SPREAD", 0.0)


def test_one_category_and_one_epoch_a_batch(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    store.grant("diagnostics")
    store.append([offer(clock), error(clock), offer(clock), error(clock)], {})
    seen = []
    while (batch := claim(store)) is not None:
        found = {(values(one)["consent.category"], values(one)["consent.epoch"]) for one in log_records(batch)}
        assert found == {(batch.category, batch.epoch)}
        seen.append(batch.category)
        store.settle(batch, TAKEN)
    assert sorted(seen) == ["diagnostics", "usage"]
    assert balanced(store)


def test_records_bear_unique_ids_and_a_running_number_over_restarts(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 3)
    batch = claim(store)
    assert batch is not None
    store.settle(batch, TAKEN)
    store = open_store()
    fill(store, clock, 2)
    later = claim(store)
    assert later is not None
    every = [values(one) for one in (*log_records(batch), *log_records(later))]
    assert [one["event.seq"] for one in every] == [1, 2, 3, 4, 5]
    assert len({one["event.id"] for one in every}) == 5


def test_nothing_is_due_before_its_time(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    store.grant("diagnostics")
    assert store.due_ms() is None
    fill(store, clock, 1)
    assert store.due_ms() == clock.now_ms + 300_000
    assert claim(store, everything=False) is None
    store.append([error(clock)], {})
    assert store.due_ms() == clock.now_ms + 60_000
    clock.move(60)
    urgent = claim(store, everything=False)
    assert urgent is not None
    assert urgent.category == "diagnostics"
    store.settle(urgent, TAKEN)
    assert claim(store, everything=False) is None
    fill(store, clock, batches.MAX_RECORDS - 1)
    assert store.due_ms() == clock.now_ms
    full = claim(store, everything=False)
    assert full is not None
    assert full.records == 500


def test_a_full_256_kib_is_due_at_once_and_a_batch_holds_no_more(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("diagnostics")
    store.append([error(clock, "word " * 60) for _ in range(200)], {})
    assert store.due_ms() == clock.now_ms + 60_000
    long = " | ".join(["agent.sync.loop:Loop.run:120"] * 40)
    event = error(clock).event
    store.append([offer(clock, type(event)(level="error", frames=long)) for _ in range(300)], {})
    assert store.due_ms() == clock.now_ms
    batch = claim(store, everything=False)
    assert batch is not None
    assert batch.records <= 500
    assert sum(len(one.SerializeToString()) for one in log_records(batch)) <= batches.MAX_BYTES


def test_a_busy_server_gets_the_same_bytes_after_a_pause(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 3)
    first = claim(store)
    assert first is not None
    store.settle(first, Answered(429, {"retry-after": "3000"}, b""))
    due = store.due_ms()
    assert due is not None
    assert due >= clock.now_ms + 3_000_000
    clock.move(2999)
    assert claim(store, everything=False) is None
    fill(store, clock, 2)
    store = open_store()
    clock.move(1)
    again = claim(store, everything=False)
    assert again == first
    store.settle(again, TAKEN)
    assert store.due_ms() == clock.now_ms - 1000 + 300_000


def test_the_pause_is_random_and_grows(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 1)
    pauses = []
    for _ in range(30):
        batch = claim(store)
        assert batch is not None
        store.settle(batch, BUSY)
        due = store.due_ms()
        assert due is not None
        pauses.append((due - clock.now_ms) / 1000)
        clock.move(3601)
    assert pauses[0] <= 5
    assert max(pauses) <= 3600
    assert max(pauses[12:]) > 60
    assert len(set(pauses)) > 20


def test_a_pause_outlives_no_clock_that_went_back(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 1)
    batch = claim(store)
    assert batch is not None
    store.settle(batch, Answered(503, {"retry-after": "86400"}, b""))
    clock.move(-365 * 86400)
    due = store.due_ms()
    assert due is not None
    assert due <= clock.now_ms + DAY_MS


def test_a_pause_set_by_a_clock_that_was_ahead_ends_within_a_day(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 1)
    clock.move(365 * 86400)
    batch = claim(store)
    assert batch is None, "it was too old"
    fill(store, clock, 1)
    batch = claim(store)
    assert batch is not None
    store.settle(batch, Answered(503, {"retry-after": "3600"}, b""))
    clock.move(-365 * 86400)
    assert claim(store, everything=False) is None
    clock.move(86400)
    assert claim(store, everything=False) == batch


def test_a_record_from_the_future_waits_no_longer_than_one_of_now(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    clock.move(365 * 86400)
    fill(store, clock, 1)
    clock.move(-365 * 86400)
    assert store.due_ms() == clock.now_ms + 300_000
    clock.move(200)
    assert store.due_ms() == clock.now_ms + 100_000, "its time comes nearer"
    clock.move(100)
    assert claim(store, everything=False) is not None


def test_urgent_ones_among_many_are_still_due_after_a_batch_left(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("diagnostics")
    store.append([offer(clock, KeyringUnavailable(state="locked")) for _ in range(700)], {})
    store.append([error(clock)], {})
    batch = claim(store)
    assert batch is not None
    assert batch.records == 500
    store.settle(batch, TAKEN)
    assert store.due_ms() == clock.now_ms + 60_000
    clock.move(60)
    rest = claim(store, everything=False)
    assert rest is not None
    assert rest.records == 201
    assert store.due_ms() is None


def test_an_uncertain_batch_that_is_formed_anew_stays_listed(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 2)
    batch = claim(store)
    assert batch is not None
    store.settle(batch, Unanswered())
    store.retire_installation()
    anew = claim(store)
    assert anew is not None
    store.settle(anew, TAKEN)
    assert [(one.state, one.records) for one in left(store)] == [("may_have_arrived", 2), ("sent", 2)]
    assert balanced(store)


def test_on_battery_only_what_is_urgent_or_much_goes_soon(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    store.grant("diagnostics")
    fill(store, clock, 3)
    clock.move(300)
    assert store.claim(Terms(thrifty=True)) is None
    assert store.due_ms() == clock.now_ms + 55 * 60_000
    store.append([error(clock)], {})
    assert store.due_ms() == clock.now_ms + 60_000
    clock.move(60)
    urgent = store.claim(Terms(thrifty=True))
    assert urgent is not None
    assert urgent.category == "diagnostics"
    store.settle(urgent, TAKEN)
    assert store.claim(Terms(thrifty=True)) is None
    store.be_thrifty_no_more()
    assert store.due_ms() == clock.now_ms - 60_000
    usual = store.claim(Terms(thrifty=False))
    assert usual is not None
    store.settle(usual, TAKEN)
    fill(store, clock, batches.MAX_RECORDS)
    assert store.claim(Terms(thrifty=True)) is not None


def test_installations_do_not_send_in_step(open_store: Open, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pace, "SPREAD", 0.2)
    store = open_store()
    waits = set()
    for _ in range(20):
        store.grant("usage")
        assert store.installation() is not None
        fill(store, clock, 1)
        due = store.due_ms()
        assert due is not None
        assert 240_000 <= due - clock.now_ms <= 300_000
        waits.add(due - clock.now_ms)
        store.withdraw("usage")
    assert len(waits) > 10


def test_verdicts_count_each_record_under_its_reason_with_its_bytes(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("diagnostics")
    store.append([error(clock, "word " * (1 + number)) for number in range(8)], {})
    batch = claim(store)
    assert batch is not None
    sizes = [len(one.SerializeToString()) for one in log_records(batch)]
    store.settle(batch, Answered(200, {**OTLP, "miratag-verdicts": "2k1d1c1u1e1m1l"}, partial(5).body))
    account = store.accounts()["diagnostics"]
    assert account.accepted == 3
    assert account.lost == {"not_allowed": 1, "unknown_to_server": 1, "erased": 1, "malformed": 1, "too_large": 1}
    assert account.balanced
    (sent,) = left(store)
    assert (sent.accepted, sent.verdicts) == (3, account.lost)
    lost = {row.what: row.size for row in store.look(ledger.tallies, list[ledger.TallyRow]())}
    assert lost["lost:not_allowed"] == sizes[3]
    assert lost["lost:too_large"] == sizes[7]


def test_verdicts_about_something_else_are_not_heard(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    headers = ("", "5k", "3k", "2k2k1", "4x", "0k4k", "4K", " 4k", "9999999999k", "1k" * 3000, "3k1\u0661k", "-4k")
    for header in headers:
        fill(store, clock, 4)
        batch = claim(store)
        assert batch is not None
        store.settle(batch, Answered(200, {**OTLP, "miratag-verdicts": header}, partial(1).body))
    account = store.accounts()["usage"]
    assert account.lost == {"rejected": len(headers)}
    assert account.balanced


def test_partial_success_counts_what_was_refused(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 5)
    batch = claim(store)
    assert batch is not None
    store.settle(batch, partial(2))
    account = store.accounts()["usage"]
    assert (account.accepted, account.lost, account.queued) == (3, {"rejected": 2}, 0)
    fill(store, clock, 1)
    batch = claim(store)
    assert batch is not None
    store.settle(batch, partial(99))
    assert balanced(store)


def test_400_finds_the_one_bad_record_and_the_rest_arrives(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 40)
    taken: set[str | int] = set()
    while (batch := claim(store)) is not None:
        sequence = {values(one)["event.seq"] for one in log_records(batch)}
        if 17 in sequence:
            store.settle(batch, Answered(400, {}, b"bad"))
        else:
            store.settle(batch, TAKEN)
            taken |= sequence
    assert taken == set(range(1, 41)) - {17}
    account = store.accounts()["usage"]
    assert (account.accepted, account.lost) == (39, {"refused": 1})
    refused = [one for one in left(store) if one.state == "refused"]
    assert min(one.records for one in refused) == 1


def test_a_server_that_refuses_everything_is_not_asked_a_thousand_times(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 500)
    requests = 0
    while (batch := claim(store)) is not None:
        requests += 1
        store.settle(batch, Answered(400, {}, b"bad"))
    assert requests <= 50
    assert store.accounts()["usage"].lost == {"refused": 500}
    assert balanced(store)


def test_413_halves_until_it_fits(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 30)
    sizes = []
    while (batch := claim(store)) is not None:
        sizes.append(batch.records)
        store.settle(batch, TAKEN if batch.records <= 10 else Answered(413, {}, b""))
    assert sizes == [30, 15, 15, 7, 8, 7, 8]
    assert store.accounts()["usage"].accepted == 30


@pytest.mark.parametrize("status", [204, 301, 302, 403, 404, 418, 500, 501])
def test_anything_else_is_never_success_and_never_loss(open_store: Open, clock: Clock, status: int) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 2)
    batch = claim(store)
    assert batch is not None
    store.settle(batch, Answered(status, {}, b"<html>"))
    account = store.accounts()["usage"]
    assert (account.accepted, account.lost, account.queued) == (0, {}, 2)


def test_401_asks_for_a_new_registration_and_keeps_the_batch(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 2)
    batch = claim(store)
    assert batch is not None
    store.registered(batch.installation.installation_id, known=True)
    store.settle(batch, Answered(401, {}, b""))
    installation = store.installation()
    assert installation is not None
    assert not installation.registered
    assert installation.installation_id == batch.installation.installation_id
    assert claim(store) == batch


def test_under_another_installation_a_waiting_batch_is_formed_anew(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 2)
    batch = claim(store)
    assert batch is not None
    store.settle(batch, BUSY)
    store.retire_installation()
    anew = claim(store)
    assert anew is not None
    assert anew.installation.installation_id != batch.installation.installation_id
    assert batch.installation.installation_id not in str(log_records(anew))
    assert [one.SerializeToString() for one in log_records(anew)] == [
        one.SerializeToString() for one in log_records(batch)
    ]


@pytest.mark.parametrize("waiting_in_a_batch", [False, True])
def test_rows_of_older_rules_are_redacted_again_before_they_leave(
    open_store: Open, clock: Clock, monkeypatch: pytest.MonkeyPatch, waiting_in_a_batch: bool
) -> None:
    monkeypatch.setattr(redaction_rules, "RULES", ())
    monkeypatch.setattr(redaction, "RULES_VERSION", 0)
    store = open_store()
    store.grant("diagnostics")
    store.append([error(clock, "from ana.lima@example.invalid")], {})
    if waiting_in_a_batch:
        leaky = claim(store)
        assert leaky is not None
        assert "ana.lima" in str(log_records(leaky))
        store.settle(leaky, BUSY)
    monkeypatch.undo()
    store = open_store()
    batch = claim(store)
    assert batch is not None
    assert values(log_records(batch)[0])["template"] == "from <email>"


def test_the_ledger_keeps_the_exact_bytes_and_the_reply(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 2)
    batch = claim(store)
    assert batch is not None
    reply = partial(1)
    store.settle(batch, reply)
    (sent,) = left(store)
    assert (sent.body, sent.reply, sent.status, sent.state) == (batch.body, reply.body, 200, "sent")


def test_the_ledger_is_bounded_by_age_and_bytes(open_store: Open, clock: Clock) -> None:
    store = open_store(Bounds(ledger_bytes=3000, ledger_age_ms=DAY_MS))
    store.grant("usage")

    def send() -> None:
        fill(store, clock, 10)
        batch = claim(store)
        assert batch is not None
        store.settle(batch, TAKEN)

    for _ in range(20):
        send()
    kept = left(store)
    assert 1 <= len(kept) < 20
    assert sum(len(one.body or b"") for one in kept) <= 3000
    clock.move(2 * 86400)
    send()
    assert len(left(store)) == 1


def test_a_kill_while_sending_sends_the_same_bytes_again(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 2)
    batch = claim(store)
    store = open_store()
    assert claim(store) == batch


def test_a_reply_after_the_withdrawal_changes_nothing(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 2)
    batch = claim(store)
    assert batch is not None
    store.withdraw("usage")
    assert store.settle(batch, TAKEN) is None
    (entry,) = left(store)
    assert (entry.state, entry.body, entry.records) == ("may_have_arrived", None, 2)
    assert store.accounts()["usage"].purged == 2
    assert balanced(store)


def test_a_retry_that_surely_did_not_arrive_leaves_no_entry_and_one_that_may_have_does(
    open_store: Open, clock: Clock
) -> None:
    for outcome, states in ((BUSY, []), (Unanswered(), ["may_have_arrived"])):
        store = open_store()
        store.grant("usage")
        fill(store, clock, 2)
        batch = claim(store)
        assert batch is not None
        store.settle(batch, outcome)
        store.withdraw("usage")
        assert [one.state for one in left(store)] == states


def test_a_new_grant_starts_under_another_id_and_epoch(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 1)
    first = claim(store)
    assert first is not None
    store.settle(first, TAKEN)
    store.withdraw("usage")
    store.grant("usage")
    fill(store, clock, 1)
    second = claim(store)
    assert second is not None
    assert second.installation.installation_id != first.installation.installation_id
    assert second.epoch > first.epoch


def test_what_follows_is_claimed_with_the_settling_of_what_was_sent(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    store.grant("diagnostics")
    fill(store, clock, 1200)
    store.append([error(clock)], {})
    batch = store.claim(Terms(everything=True))
    sent = []
    while batch is not None:
        sent.append((batch.category, batch.records))
        verdict, batch = store.go_on(batch, TAKEN, Terms(everything=True))
        assert verdict == Received()
    assert sent == [("diagnostics", 1), ("usage", 500), ("usage", 500), ("usage", 200)]
    assert [one.state for one in left(store)] == ["sent"] * 4
    assert balanced(store)


@pytest.mark.parametrize("outcome", [BUSY, Answered(401, {}, b""), Unanswered()], ids=["busy", "unknown", "unanswered"])
def test_nothing_follows_what_was_not_taken(open_store: Open, clock: Clock, outcome: Answered | Unanswered) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 600)
    batch = store.claim(Terms(everything=True))
    assert batch is not None
    verdict, following = store.go_on(batch, outcome, Terms(everything=True))
    assert verdict is not None
    assert following is None
    assert store.accounts()["usage"].queued == 600


def test_nothing_follows_what_was_withdrawn_under_way(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    store.grant("diagnostics")
    fill(store, clock, 1)
    store.append([error(clock)], {})
    batch = store.claim(Terms(everything=True))
    assert batch is not None
    assert batch.category == "diagnostics"
    store.withdraw("diagnostics")
    assert store.go_on(batch, TAKEN, Terms(everything=True)) == (None, None)
    assert store.accounts()["usage"].queued == 1


def test_a_batch_goes_under_the_very_installation_that_its_bytes_name(open_store: Open, clock: Clock) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 600)
    batch = store.claim(Terms(everything=True))
    assert batch is not None
    store.retire_installation()
    _, following = store.go_on(batch, TAKEN, Terms(everything=True))
    assert following is not None
    assert following.installation == store.installation() != batch.installation
    assert following.installation.installation_id.encode() in gzip.decompress(following.body)


@pytest.mark.parametrize("go_on", [False, True])
def test_a_batch_whose_outcome_could_not_be_written_is_sent_again_without_a_restart(
    open_store: Open, clock: Clock, monkeypatch: pytest.MonkeyPatch, go_on: bool
) -> None:
    store = open_store()
    store.grant("usage")
    fill(store, clock, 2)
    batch = store.claim(Terms(everything=True))
    assert batch is not None
    assert store.due_ms() is None

    def full(*_arguments: object) -> None:
        raise sqlite3.OperationalError("database or disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(batches, "resume", full)
        with pytest.raises(sqlite3.OperationalError):
            store.go_on(batch, TAKEN, Terms(everything=True)) if go_on else store.settle(batch, TAKEN)
    assert store.due_ms() == clock.now_ms
    again = store.claim(Terms())
    assert again == batch
    assert [one.state for one in left(store)] == ["may_have_arrived"], "until it is known, it is listed"
    store.settle(again, TAKEN)
    assert store.due_ms() is None
    assert store.accounts()["usage"].accepted == 2
    assert balanced(store)
