"""Log data of one account, for callers on any thread: `record` never blocks, `set_consent` returns after the barrier.

Everything on disk happens on the telemetry writer's thread; what callers look at is a small snapshot that the writer
replaces after each commit.
"""

import datetime
import functools
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Literal, TypeVar

import msgspec

from telemetry import batches, consent, ledger, outcomes
from telemetry.batches import Batch, Terms
from telemetry.catalog import Category, Event, WrongFieldsError, attributes
from telemetry.consent import Choice, Conditions
from telemetry.database import StoreError, store_error
from telemetry.erasing import Wish, Word
from telemetry.gate import Gate
from telemetry.ledger import WaitingRow
from telemetry.pace import AGE_MS
from telemetry.passing import Ending
from telemetry.queue import Bounds, Offer
from telemetry.store import Store
from telemetry.tally import Account, Loss
from telemetry.writer import Writer

T = TypeVar("T")
Pause = Literal["", "server", "thrift"]
"""The server asked to wait or could not be reached; the network costs, or the power is the battery's."""
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
    erasure_due_ms: int | None = None
    accepted_today: int = 0
    today: datetime.date | None = None
    queued_bytes: int = 0

    def queued(self) -> tuple[int, int]:
        """How many records wait, and their bytes."""
        return sum(account.queued for account in self.accounts.values()), self.queued_bytes


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
        if self._clock() >= _expiry_ms(declaration.expires):
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
            trouble = error if isinstance(error, StoreError) else self._understood(error)
            lost.update((offer.event.declaration.category, "storage") for offer in offers)
            with self._counting:
                self._lost.update(lost)
            self._publish(trouble=trouble.sentence)
        else:
            self._publish()
        self._writer.note(self, unsynced=self._store.unsynced)

    def flush(self) -> None:
        """Return once what was recorded before is committed; killing the process then loses none of it, and loss of
        power only what is younger than SYNC_SECONDS."""
        self._writer.flush()

    def sync(self) -> None:
        """Called by the writer: have what was committed survive loss of power, or tell that it may not."""
        try:
            self._store.sync()
        except sqlite3.Error as error:
            self._publish(trouble=str(self._understood(error)))

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
        off = [one for one in consent.CATEGORIES if not consent.effect(one, "granted", conditions).on]

        def change() -> None:
            self._store.conditions = conditions
            self._store.load()
            self._store.enforce()

        return self._run_shut(off, change)

    # -- sending -------------------------------------------------------------------------------------------------

    def load(self) -> "Future[None]":
        """Read what was chosen before, if there is a file."""
        return self._run(lambda: None)

    def registered(self, installation_id: str, *, known: bool) -> "Future[None]":
        """Note whether the server knows it."""
        return self._run(lambda: self._store.registered(installation_id, known=known))

    def retire_installation(self) -> "Future[None]":
        """Go on under another id; the next `claim` makes it."""
        return self._run(self._store.retire_installation)

    def reset_installation(self) -> "Future[None]":
        """The same at the person's wish: nothing links the new id with the old one, so what waits is deleted."""
        return self._run_shut(consent.CATEGORIES, self._store.reset_installation)

    def claim(self, terms: Terms) -> "Future[Batch | None]":
        """The next batch that is due. It must pass the gate before its request, and be settled after."""
        return self._run(lambda: self._store.claim(terms))

    def be_thrifty_no_more(self) -> "Future[None]":
        """It may have changed; `claim` is told anew when the next batch is due."""
        return self._run(self._store.be_thrifty_no_more)

    def settle(
        self, batch: Batch, outcome: outcomes.Answered | outcomes.Unanswered
    ) -> "Future[outcomes.Verdict | None]":
        """Apply the outcome of one attempt."""
        return self._run(lambda: self._store.settle(batch, outcome))

    def go_on(
        self, batch: Batch, outcome: outcomes.Answered | outcomes.Unanswered, terms: Terms
    ) -> "Future[tuple[outcomes.Verdict | None, Batch | None]]":
        """The same and, unless the verdict is to stop, the next batch as `claim` gives it."""
        return self._run(lambda: self._store.go_on(batch, outcome, terms))

    def sync_now(self) -> "Future[None]":
        """When the future is done, what was committed before survives loss of power."""
        return self._run(self._store.sync, publish=False)

    # -- erasure -------------------------------------------------------------------------------------------------

    def ask_erasure(self, categories: Sequence[Category]) -> "Future[str]":
        """Have all that was sent in these categories erased; the id of the wish, once it is on disk. It fails with
        NothingSentError."""
        # Nothing older than the wish may be under way when it is asked.
        return self._run_shut(categories, lambda: self._store.ask_erasure(categories))

    def forget(self) -> "Future[bool]":
        """Delete all there is, but for erasures that the server has not answered; whether there are any."""
        return self._run_shut(consent.CATEGORIES, self._store.forget)

    def wishes(self, *, everything: bool = False) -> "Future[list[Wish]]":
        """The erasures to ask for now."""
        return self._run(lambda: self._store.wishes(everything=everything), publish=False)

    def postpone_erasure(self, wish: Wish, trouble: str, floor_seconds: float) -> "Future[None]":
        """The server did not give its word; `trouble` is the sentence for the person."""
        return self._run(lambda: self._store.postpone_erasure(wish, trouble, floor_seconds))

    def settle_erasure(self, wish: Wish, word: Word) -> "Future[None]":
        """The server's word, verified; when the future is done it is on disk."""
        return self._run(lambda: self._store.settle_erasure(wish, word))

    def endings(self, *, everything: bool = False) -> "Future[list[Ending]]":
        """The installations of which the server is to be told now that nothing more is passed on."""
        return self._run(lambda: self._store.endings(everything=everything), publish=False)

    def postpone_ending(self, ending: Ending, floor_seconds: float) -> "Future[None]":
        """The server did not hear it; it is told again later."""
        return self._run(lambda: self._store.postpone_ending(ending, floor_seconds))

    def settle_ending(self, ending: Ending) -> "Future[None]":
        """The server has heard it."""
        return self._run(lambda: self._store.settle_ending(ending))

    # -- the ledger ----------------------------------------------------------------------------------------------

    def waiting_page(self, after: int, limit: int) -> "Future[list[WaitingRow]]":
        """Records that were not received yet, as they will leave, oldest first, with a running number over `after`."""

        def page(connection: sqlite3.Connection) -> list[WaitingRow]:
            rows = ledger.waiting_page(connection, after, limit)
            return [msgspec.structs.replace(row, body=self._store.shown(row)) for row in rows]

        return self.look(page, [])

    def pause(self) -> "Future[tuple[int | None, Pause]]":
        """When the next batch leaves, in milliseconds since 1970, and why that is later than usual."""

        def look(connection: sqlite3.Connection) -> tuple[int | None, Pause]:
            due_ms = self.state.due_ms
            not_before_ms = batches.not_before_ms(connection, self._clock())
            if due_ms is not None and not_before_ms >= due_ms:
                return due_ms, "server"
            return due_ms, "thrift" if self._store.thrifty else ""

        return self.look(look, (None, ""))

    def look(self, look: Callable[[sqlite3.Connection], T], nothing: T) -> "Future[T]":
        """What `look` finds in the file; `nothing` while there is none. Changes nothing and tells nobody."""
        return self._run(lambda: self._store.look(look, nothing), publish=False)

    def remove(self, seq: int) -> "Future[None]":
        """Take out one record that was not sent. Fails with GoneError, UnderWayError."""
        return self._run(lambda: self._store.remove(seq))

    def clear_ledger(self) -> "Future[None]":
        """Delete this computer's copy of what was sent; the counts stay."""
        return self._run(self._store.clear_ledger)

    def accepted_today(self) -> int:
        """How many records the server took since local midnight."""
        return self.state.accepted_today if self.state.today == self._today() else 0

    def close(self) -> "Future[None]":
        """Close the file once all before is committed, and survives loss of power; records after that are lost."""

        def close() -> None:
            try:
                self._store.sync()
            finally:
                self._store.close()
                self._writer.note(self, unsynced=False)

        return self._writer.run(close)

    # -- within --------------------------------------------------------------------------------------------------

    def _run(self, work: Callable[[], T], *, publish: bool = True) -> "Future[T]":
        def loaded() -> T:
            try:
                self._store.load()
                result = work()
            except StoreError as error:
                self._publish(trouble=error.sentence)
                raise
            except sqlite3.Error as error:
                trouble = self._understood(error)
                self._publish(trouble=trouble.sentence)
                raise trouble from error
            finally:
                self._writer.note(self, unsynced=self._store.unsynced)
            if publish or not self.state.loaded:
                self._publish()
            return result

        return self._writer.run(loaded)

    def _run_shut(self, categories: Sequence[Category], work: Callable[[], T]) -> "Future[T]":
        """`work` with the gate shut for these from now on, and again right before it: what was queued earlier may have
        opened it. What is on afterwards passes again once `work` is through."""

        def shut_again() -> T:
            self._shut(categories)
            return work()

        self._shut(categories)
        return self._run(shut_again)

    def _shut(self, categories: Sequence[Category]) -> None:
        for category in categories:
            self.gate.shut(category)

    def _choose(self, category: Category, state: consent.State) -> None:
        if state == "granted":
            self._store.grant(category)
            self._barred.discard(category)
            return
        self._barred.add(category)  # again: a grant that was queued before this may have lifted it
        self.gate.shut(category)
        try:
            self._store.withdraw(category)
        except sqlite3.DatabaseError as error:
            if not self._store.put_aside_if_damaged(error):
                self._store.mark_withdrawn(category)
                raise
            self._store.withdraw(category)  # in a fresh file; the damaged one goes, with all that it may hold
        except StoreError:
            self._store.mark_withdrawn(category)
            raise

    def _understood(self, error: sqlite3.Error) -> StoreError:
        """The error as a sentence. A file that turned out damaged is put aside, so that the next call finds none."""
        try:
            self._store.put_aside_if_damaged(error)
        except OSError as failure:
            return store_error(failure, self._store.path)
        return store_error(error, self._store.path)

    def _publish(self, *, trouble: str = "") -> None:
        """Replace the snapshot and let exactly what is on pass the gate."""
        epochs = {category: epoch for category, epoch in self._store.epochs().items() if category not in self._barred}
        for category in consent.CATEGORIES:
            if category in epochs:
                self.gate.open(category, epochs[category])
            else:
                self.gate.shut(category)
        today = self._today()
        midnight = datetime.datetime.combine(today, datetime.time())
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
            erasure_due_ms=self._erasure_due_ms(trouble),
            accepted_today=0 if trouble else self._store.accepted_since(int(midnight.timestamp() * 1000)),
            today=today,
            queued_bytes=self.state.queued_bytes if trouble else self._store.queued_bytes(),
        )
        self._on_change()

    def _due_ms(self, epochs: dict[Category, int], trouble: str) -> int | None:
        """In trouble it is looked again after a while, as long as anything is on."""
        if not epochs:
            return None
        return self._clock() + AGE_MS if trouble else self._store.due_ms()

    def _erasure_due_ms(self, trouble: str) -> int | None:
        if not trouble:
            return self._store.erasure_due_ms()
        return None if self.state.erasure_due_ms is None else self._clock() + AGE_MS

    def _today(self) -> datetime.date:
        return datetime.datetime.fromtimestamp(self._clock() / 1000).astimezone().date()

    def withheld_counts(self) -> dict[str, int]:
        """How many events were not recorded since the program started, by reason."""
        with self._counting:
            return dict(self.withheld)

    def withhold(self, reason: str) -> None:
        """Count an event that is not recorded, in memory only."""
        with self._counting:
            self.withheld[reason] += 1


@functools.lru_cache(64)
def _expiry_ms(expires: datetime.date) -> int:
    """When this day begins here, in milliseconds since 1970."""
    return int(datetime.datetime.combine(expires, datetime.time()).timestamp() * 1000)


def _fits(event: Event) -> bool:
    try:
        attributes(event)
    except WrongFieldsError:
        return False
    return True
