"""Log data of one account, for callers on any thread: `record` never blocks, `set_consent` returns after the barrier.

Everything on disk happens on the telemetry writer's thread; what callers look at is a small snapshot that the writer
replaces after each commit.
"""

import datetime
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

import msgspec

from telemetry import consent, outcomes
from telemetry.batches import AGE_MS, Batch
from telemetry.catalog import Category, Event, WrongFieldsError, attributes
from telemetry.consent import Choice, Conditions
from telemetry.database import StoreError, store_error
from telemetry.gate import Gate
from telemetry.queue import Bounds, Offer
from telemetry.store import Installation, Sent, Store
from telemetry.tally import Account, Loss
from telemetry.writer import Writer

T = TypeVar("T")
MAX_BACKLOG = 20_000


def clock_ms() -> int:
    """Milliseconds since 1970 by the device's clock."""
    return time.time_ns() // 1_000_000


class LogState(msgspec.Struct, frozen=True, kw_only=True):
    """What there is to see. `trouble` is a sentence while the file cannot be used; `set_aside` is where
    a damaged predecessor of it was kept."""

    loaded: bool = False
    trouble: str = ""
    set_aside: Path | None = None
    conditions: Conditions = Conditions()
    choices: dict[Category, Choice] = {}
    accounts: dict[Category, Account] = {}
    last_sent: dict[Category, int] = {}
    on: frozenset[Category] = frozenset()
    due_ms: int | None = None
    accepted_today: int = 0
    today: datetime.date | None = None


class AccountLog:
    """Opened by the first call that needs the file. `on_change` is called on the writer's thread after each commit."""

    def __init__(
        self,
        path: Path,
        writer: Writer,
        *,
        conditions: Conditions | None = None,
        bounds: Bounds | None = None,
        clock: Callable[[], int] = clock_ms,
        on_change: Callable[[], None] = lambda: None,
    ) -> None:
        self.gate = Gate()
        self.state = LogState()
        self.withheld: Counter[str] = Counter()
        self._writer = writer
        self._clock = clock
        self._on_change = on_change
        self._store = Store(path, conditions or Conditions(), bounds or Bounds(), clock)
        self._lost: Counter[tuple[Category, Loss]] = Counter()
        self._counting = threading.Lock()
        self._barred: set[Category] = set()

    # -- recording -----------------------------------------------------------------------------------------------

    def record(self, event: Event) -> None:
        """Offer one event; kept only while its category is on. Returns at once and never raises.

        What is refused or expired is counted in `withheld`, in memory only.
        """
        declaration = event.declaration
        if declaration.expires <= self._today():
            self.withhold("expired")
        elif self.state.loaded and declaration.category not in self.state.on:
            self.withhold("off")
        elif self._writer.backlog() > MAX_BACKLOG:
            with self._counting:
                self._lost[declaration.category, "backlog"] += 1
        elif _fits(event):
            self._writer.offer(self, Offer(event, time.time_ns()))
        else:
            self.withhold("wrong_fields")

    def append(self, offers: list[Offer]) -> None:
        """Called by the writer: commit, or keep count of what the disk would not take until it does."""
        with self._counting:
            lost, self._lost = self._lost, Counter()
        try:
            self._store.load()
            self._store.append(offers, lost)
        except (StoreError, sqlite3.Error) as error:
            trouble = error if isinstance(error, StoreError) else store_error(error, self._store.path)
            lost.update((offer.event.declaration.category, "storage") for offer in offers)
            with self._counting:
                self._lost.update(lost)
            self._publish(trouble=str(trouble))
        else:
            self._publish()

    def flush(self) -> None:
        """Return once what was recorded before is committed; killing the process then loses none of it."""
        self._writer.flush()

    # -- consent -------------------------------------------------------------------------------------------------

    def set_consent(self, category: Category, state: consent.State) -> "Future[None]":
        """Grant or deny. When the future is done the choice is on disk; after a denial no request with this category
        runs or begins, and none of its unsent bytes is left. It fails with StoreError, and then the category stays off
        while the program runs."""
        if state != "granted":
            self._barred.add(category)
            self.gate.shut(category)
        return self._run(lambda: self._choose(category, state))

    def set_conditions(self, conditions: Conditions) -> "Future[None]":
        """The organization's policy or the environment changed; what they no longer allow is withdrawn."""
        for category in consent.CATEGORIES:
            if not consent.effect(category, "granted", conditions).on:
                self.gate.shut(category)

        def change() -> None:
            self._store.conditions = conditions
            self._store.load()
            self._store.enforce()

        return self._run(change)

    # -- sending -------------------------------------------------------------------------------------------------

    def load(self) -> "Future[None]":
        """Read what was chosen before, if there is a file."""
        return self._run(lambda: None)

    def installation(self) -> "Future[Installation | None]":
        """The id to send under; None while nothing is on."""
        return self._run(self._store.installation)

    def registered(self, installation_id: str, *, known: bool) -> "Future[None]":
        """Note whether the server knows it."""
        return self._run(lambda: self._store.registered(installation_id, known=known))

    def retire_installation(self) -> "Future[None]":
        """Go on under another id; the next `installation` makes it."""
        return self._run(self._store.retire_installation)

    def claim(self, *, everything: bool = False) -> "Future[Batch | None]":
        """The next batch that is due. It must pass the gate before a request begins, and be settled after."""
        return self._run(lambda: self._store.claim(everything=everything))

    def settle(
        self, batch: Batch, outcome: outcomes.Answered | outcomes.Unanswered
    ) -> "Future[outcomes.Verdict | None]":
        """Apply the outcome of one attempt."""
        return self._run(lambda: self._store.settle(batch, outcome))

    def ledger(self) -> "Future[list[Sent]]":
        """Every batch that left, or may have."""
        return self._run(self._store.ledger)

    def accepted_today(self) -> int:
        """How many records the server took since local midnight."""
        return self.state.accepted_today if self.state.today == self._today() else 0

    def close(self) -> "Future[None]":
        """Close the file once all before is committed; records after that are lost."""
        return self._writer.run(self._store.close)

    # -- within --------------------------------------------------------------------------------------------------

    def _run(self, work: Callable[[], T]) -> "Future[T]":
        def loaded() -> T:
            try:
                self._store.load()
                result = work()
            except StoreError as error:
                self._publish(trouble=str(error))
                raise
            except sqlite3.Error as error:
                trouble = store_error(error, self._store.path)
                self._publish(trouble=str(trouble))
                raise trouble from error
            self._publish()
            return result

        return self._writer.run(loaded)

    def _choose(self, category: Category, state: consent.State) -> None:
        if state == "granted":
            self._store.grant(category)
            self._barred.discard(category)
            return
        self._barred.add(category)  # again: a grant that was queued before this may have lifted it
        self.gate.shut(category)
        self._store.withdraw(category)

    def _publish(self, *, trouble: str = "") -> None:
        """Replace the snapshot and let exactly what is on pass the gate."""
        epochs = {category: epoch for category, epoch in self._store.epochs().items() if category not in self._barred}
        for category in consent.CATEGORIES:
            if category in epochs:
                self.gate.open(category, epochs[category])
            else:
                self.gate.shut(category)
        midnight = datetime.datetime.combine(self._today(), datetime.time()).astimezone()
        self.state = LogState(
            loaded=True,
            trouble=trouble,
            set_aside=self._store.set_aside,
            conditions=self._store.conditions,
            choices=dict(self._store.choices),
            accounts=self.state.accounts if trouble else self._store.accounts(),
            last_sent=self.state.last_sent if trouble else self._store.last_sent(),
            on=frozenset(epochs),
            due_ms=self._due_ms(epochs, trouble),
            accepted_today=0 if trouble else self._store.accepted_since(int(midnight.timestamp() * 1000)),
            today=self._today(),
        )
        self._on_change()

    def _due_ms(self, epochs: dict[Category, int], trouble: str) -> int | None:
        """In trouble it is looked again after a while, as long as anything is on."""
        if not epochs:
            return None
        return self._clock() + AGE_MS if trouble else self._store.due_ms()

    def _today(self) -> datetime.date:
        return datetime.datetime.fromtimestamp(self._clock() / 1000).astimezone().date()

    def withhold(self, reason: str) -> None:
        """Count an event that is not recorded, in memory only."""
        with self._counting:
            self.withheld[reason] += 1


def _fits(event: Event) -> bool:
    try:
        attributes(event)
    except WrongFieldsError:
        return False
    return True
