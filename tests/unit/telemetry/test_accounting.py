"""recorded = accepted + counted loss + purged + queued, after every step anyone can think of."""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from protocol.statements import TelemetryPolicy
from telemetry import consent, erasing, ledger
from telemetry.batches import Batch, Terms
from telemetry.catalog import Category
from telemetry.consent import Conditions
from telemetry.erasing import Word
from telemetry.levels import look
from telemetry.outcomes import Answered, Unanswered, Verdict, goes_on
from telemetry.queue import Bounds
from telemetry.store import NothingSentError, Store
from tests.unit.telemetry.making import OTLP, TAKEN, Clock, error, log_records, offer, partial, values

categories = st.sampled_from(("usage", "diagnostics"))
outcomes = st.sampled_from(
    (
        TAKEN,
        partial(1),
        partial(1000),
        Answered(200, OTLP, b"\xff\xff"),
        Answered(302, {}, b""),
        Answered(400, {}, b""),
        Answered(401, {}, b""),
        Answered(413, {}, b""),
        Answered(429, {"retry-after": "900"}, b""),
        Answered(500, {}, b""),
        Answered(503, {}, b""),
        Unanswered(),
        Unanswered(began=False),
    )
)


class Accounting(RuleBasedStateMachine):
    """A model that counts what it put in, beside the real store on a real file."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.clock = Clock()
        self.conditions = Conditions()
        self.put: dict[Category, int] = {"usage": 0, "diagnostics": 0, "third_party": 0}
        self.taken: dict[Category, set[str | int]] = {"usage": set(), "diagnostics": set(), "third_party": set()}
        self.sending: Batch | None = None
        self.wishes: set[str] = set()
        self.store = self.opened()

    def opened(self) -> Store:
        bounds = Bounds(records=25, record_bytes=12_000, ledger_bytes=4000)
        store = Store(Path(self.folder.name) / "telemetry.db", self.conditions, bounds, self.clock)
        store.load()
        return store

    def teardown(self) -> None:
        self.store.close()
        self.folder.cleanup()

    @rule(category=categories, count=st.integers(1, 12), lost=st.integers(0, 2))
    def record(self, category: Category, count: int, lost: int) -> None:
        make = offer if category == "usage" else error
        on = category in self.store.epochs()
        self.store.append([make(self.clock) for _ in range(count)], {(category, "backlog"): lost})
        self.put[category] += count + lost if on else 0

    @rule(category=categories)
    def grant(self, category: Category) -> None:
        self.store.grant(category)

    @rule(category=categories)
    def withdraw(self, category: Category) -> None:
        self.store.withdraw(category)
        assert self.store.accounts()[category].queued == 0

    @rule(usage=st.booleans(), diagnostics=st.booleans())
    def organization_decides(self, usage: bool, diagnostics: bool) -> None:
        self.conditions = Conditions(policy=TelemetryPolicy(usage=usage, diagnostics=diagnostics))
        self.store.conditions = self.conditions
        self.store.enforce()

    @precondition(lambda self: self.sending is None)
    @rule(everything=st.booleans())
    def claim(self, everything: bool) -> None:
        self.sending = self.store.claim(Terms(everything=everything))

    @precondition(lambda self: self.sending is not None)
    @rule(outcome=outcomes)
    def settle(self, outcome: Answered | Unanswered) -> None:
        batch, self.sending = self.sending, None
        assert batch is not None
        self.note(batch, outcome, self.store.settle(batch, outcome))

    @precondition(lambda self: self.sending is not None)
    @rule(outcome=outcomes, everything=st.booleans())
    def go_on(self, outcome: Answered | Unanswered, everything: bool) -> None:
        batch = self.sending
        assert batch is not None
        verdict, self.sending = self.store.go_on(batch, outcome, Terms(everything=everything))
        self.note(batch, outcome, verdict)
        assert self.sending is None or goes_on(verdict)

    def note(self, batch: Batch, outcome: Answered | Unanswered, verdict: Verdict | None) -> None:
        if verdict is not None and outcome is TAKEN:
            arrived = {values(one)["event.id"] for one in log_records(batch)}
            assert not arrived & self.taken[batch.category], "nothing is sent again once it was received"
            self.taken[batch.category] |= arrived

    @precondition(lambda self: self.sending is not None)
    @rule(letters=st.lists(st.sampled_from("kdcueml"), min_size=1))
    def settle_by_verdicts(self, letters: list[str]) -> None:
        batch, self.sending = self.sending, None
        assert batch is not None
        said = [letters[number % len(letters)] for number in range(batch.records)]
        before = self.store.accounts()[batch.category]
        header = {**OTLP, "miratag-verdicts": "".join(f"1{letter}" for letter in said)}
        if self.store.settle(batch, Answered(200, header, b"")) is not None:
            after = self.store.accounts()[batch.category]
            assert after.accepted - before.accepted == sum(letter in "kd" for letter in said)
            self.taken[batch.category] |= {values(one)["event.id"] for one in log_records(batch)}

    @rule(pick=st.integers(0, 30))
    def remove(self, pick: int) -> None:
        nothing: list[ledger.WaitingRow] = []
        rows = self.store.look(lambda c: ledger.waiting_page(c, 0, 100), nothing)
        if not rows:
            return
        row = rows[pick % len(rows)]
        before = self.store.accounts()[row.category]
        try:
            self.store.remove(row.seq)
        except ledger.UnderWayError:
            assert self.sending is not None
        else:
            assert self.store.accounts()[row.category].purged == before.purged + 1

    @rule(wanted=st.sets(categories, min_size=1))
    def erase(self, wanted: set[Category]) -> None:
        try:
            self.wishes.add(self.store.ask_erasure(sorted(wanted)))
        except NothingSentError:
            return
        for category in wanted:
            assert self.store.accounts()[category].queued == 0

    @rule(arrives=st.booleans())
    def servers_word(self, arrives: bool) -> None:
        for wish in self.store.wishes(everything=True):
            if arrives:
                self.store.settle_erasure(wish, Word(erased=1, relayed={}, statement=b"signed"))
            else:
                self.store.postpone_erasure(wish, "The server is busy.", 0)

    @rule()
    def clear(self) -> None:
        self.store.clear_ledger()

    @rule()
    def crash(self) -> None:
        self.store.close()
        self.sending = None
        self.store = self.opened()

    @rule(hours=st.sampled_from((0.02, 1, 24 * 15, -24 * 400)))
    def clock_moves(self, hours: float) -> None:
        self.clock.move(hours * 3600)

    @rule()
    def reset_installation(self) -> None:
        if self.store.epochs():
            self.store.installation()
            self.store.reset_installation()
            assert all(account.queued == 0 for account in self.store.accounts().values())

    @rule()
    def another_id_is_taken(self) -> None:
        if self.store.epochs():
            self.store.installation()
            self.store.retire_installation()

    @invariant()
    def what_is_reckoned_is_what_counting_finds(self) -> None:
        if self.store._connection is None:
            return
        reckoned, counted = self.store._levels, look(self.store._connection)
        assert reckoned.accounts == counted.accounts
        assert (reckoned.size, reckoned.ledger, reckoned.erasure_ms) == (
            counted.size,
            counted.ledger,
            counted.erasure_ms,
        )
        sizes = [
            {category: (one.count, one.size) for category, one in levels.waiting.items() if one.count}
            for levels in (reckoned, counted)
        ]
        assert sizes[0] == sizes[1]
        if counted.oldest_ms is not None:
            assert reckoned.oldest_ms is not None
            assert reckoned.oldest_ms <= counted.oldest_ms, "what is too old is noticed"

    @invariant()
    def what_waits_becomes_due(self) -> None:
        """Whatever the clock did: after the longest pause there is, something may be sent."""
        due = self.store.due_ms()
        assert due is None or due <= self.clock.now_ms + 24 * 3_600_000
        queued = [category for category in self.store.epochs() if self.store.accounts()[category].queued]
        assert due is not None or not queued or self.sending is not None

    @invariant()
    def the_account_balances(self) -> None:
        for category, account in self.store.accounts().items():
            assert account.balanced, (category, account)
            assert account.recorded == self.put[category]
            assert account.queued <= 25 + 12
        nothing: list[erasing.Asked] = []
        listed = self.store.look(erasing.listed, nothing)
        assert {one.erasure_id for one in listed} == self.wishes, "no wish is ever forgotten"
        for category in consent.CATEGORIES:
            if category not in self.store.epochs():
                assert self.store.accounts()[category].queued == 0, "what is off keeps nothing to send"


TestAccounting = Accounting.TestCase
TestAccounting.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
