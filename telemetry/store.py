"""One account's log data on disk: consent, queue, batches and ledger as one whole. Only the writer's thread calls it.

The file is made by the person's first choice and not before: while every category is unknown there is nothing to keep.
"""

import contextlib
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import cached_property, partial
from pathlib import Path
from typing import TypeVar

import msgspec

from telemetry import (
    batches,
    consent,
    erasing,
    installations,
    ledger,
    outcomes,
    passing,
    purging,
    queue,
    redaction,
    tally,
)
from telemetry.batches import Batch, Terms
from telemetry.catalog import Category
from telemetry.consent import Cause, Choice, Conditions
from telemetry.database import (
    StoreError,
    empty_log,
    is_damage,
    much_at_once,
    set_aside,
    withdrawal_mark,
)
from telemetry.installations import Installation
from telemetry.levels import Levels, look, look_at_batches
from telemetry.log_file import LogFile
from telemetry.pace import Pace, pace

T = TypeVar("T")
_USUAL = Terms()


class NothingSentError(Exception):
    """Nothing ever left, so there is nothing to erase."""


class Store:
    """Opened lazily; raises StoreError where the file cannot be used."""

    def __init__(self, path: Path, conditions: Conditions, bounds: queue.Bounds, clock_ms: Callable[[], int]) -> None:
        self.path = path
        self.set_aside: Path | None = None
        self.conditions = conditions
        self._bounds = bounds
        self._clock_ms = clock_ms
        self._file = LogFile(path)
        self.choices: dict[Category, Choice] = {category: Choice() for category in consent.CATEGORIES}
        self._levels = Levels()
        self.thrifty = False
        self._unsettled: set[str] = set()
        self._accepted: tuple[int, int] | None = None

    # -- consent -------------------------------------------------------------------------------------------------

    def load(self) -> None:
        """Read what was chosen before, and finish a withdrawal that a crash cut short. No file stays no file."""
        if self._connection is not None or not self.path.exists():
            return
        try:
            self._read(self._open())
        except BaseException:  # whatever it was: the next call begins anew, and nothing is on until then
            self.close()
            self.choices = {category: Choice() for category in consent.CATEGORIES}
            raise

    def epochs(self) -> dict[Category, int]:
        """The categories that are on, with their epochs."""
        return {
            category: choice.epoch
            for category, choice in self.choices.items()
            if consent.effect(category, choice.state, self.conditions).on
        }

    def grant(self, category: Category) -> None:
        """Commit the person's grant, under a new epoch; a grant again changes nothing."""
        if self.choices[category].state != "granted":
            self._choose(category, "granted", "person")
        withdrawal_mark(self.path, category).unlink(missing_ok=True)

    def withdraw(self, category: Category, *, cause: Cause = "person") -> None:
        """The barrier's part on disk: the new epoch, no unsent row, an empty write-ahead log, no copy beside it.

        For a cause other than the person the choice stays as it was, under a new epoch.
        """
        state: consent.State = "denied" if cause == "person" else self.choices[category].state
        self._choose(category, state, cause, withdrawing=True)
        self._purge(category)
        self._retire_if_unused()
        self._reload()
        withdrawal_mark(self.path, category).unlink(missing_ok=True)

    def mark_withdrawn(self, category: Category) -> None:
        """Where the file cannot take a withdrawal: leave word of it beside, so that the next `load` makes it good."""
        with contextlib.suppress(OSError):  # then nothing can be written at all
            if self.path.exists():
                withdrawal_mark(self.path, category).touch(mode=0o600)

    def enforce(self) -> None:
        """After the conditions changed: withdraw what is no longer allowed and still has unsent rows."""
        for category, choice in self.choices.items():
            now = consent.effect(category, choice.state, self.conditions)
            if choice.state != "granted" or now.on:
                continue
            if self.look(partial(purging.is_any, category=category), nothing=False):
                self.withdraw(category, cause=now.cause)
            elif category == "third_party" and self.look(passing.is_any, nothing=False):
                with self._commit(durable=True) as connection:
                    passing.end(connection)
                self._reload()

    # -- records and batches -------------------------------------------------------------------------------------

    def append(self, offers: list[queue.Offer], lost: Mapping[tuple[Category, tally.Loss], int]) -> None:
        """Commit these events, and count those that were `lost` on the way here."""
        epochs = self.epochs()
        if self._connection is None or not epochs:
            return
        now_ms = self._clock_ms()
        with self._commit() as connection:
            for (category, reason), count in lost.items():
                if category in epochs:
                    tally.add(connection, category, "recorded", count)
                    tally.lose(connection, category, reason, count)
            added = queue.append(connection, offers, epochs, self._redact)
            levels = self._levels.after(added)
            crowded = levels.beyond(self._bounds, now_ms)
            if crowded:
                queue.evict(connection, self._bounds, now_ms)
        if crowded or lost:
            self._reload()
        else:
            self._levels = levels

    def installation(self) -> Installation | None:
        """The id to send under, made now if there is none; None while nothing is granted."""
        if self._connection is None or not self.epochs():
            return None
        found = installations.current(self._connection)
        if found is None:
            with self._commit() as connection:
                found = self._make_installation(connection)
        return found

    def registered(self, installation_id: str, *, known: bool) -> None:
        """Note whether the server knows this installation."""
        with self._changing() as connection:
            installations.registered(connection, installation_id, known=known)

    def retire_installation(self) -> None:
        """Stop using the present id; its secret is kept, because asking for erasure needs it."""
        with self._changing() as connection:
            installations.retire(connection, self._clock_ms())

    def reset_installation(self) -> None:
        """Go on under another id, and with nothing by which the two could be told to be one: what waits was numbered
        under the old one and is deleted, and the next records are numbered from elsewhere."""
        for category in consent.CATEGORIES:
            self._begin_anew(category)
        if self.look(installations.current, None) is not None:
            self._start_over()
        self._reload()

    def claim(self, terms: Terms = _USUAL) -> Batch | None:
        """The next batch to send, or None. Whether to be thrifty holds until it is said otherwise."""
        self.thrifty = terms.thrifty
        current = self.installation()
        if current is None:
            return None
        with self._reckoned() as connection:
            for batch_id in self._unsettled:
                batches.unsettled(connection, batch_id)
            batch = self._claim(connection, current, terms)
        self._unsettled.clear()
        return batch

    def settle(self, batch: Batch, outcome: outcomes.Answered | outcomes.Unanswered) -> outcomes.Verdict | None:
        """Apply the outcome of one attempt; None if the batch was withdrawn meanwhile."""
        with self._settling(batch) as connection:
            return self._settle(connection, batch, outcome)

    def go_on(
        self, batch: Batch, outcome: outcomes.Answered | outcomes.Unanswered, terms: Terms
    ) -> tuple[outcomes.Verdict | None, Batch | None]:
        """`settle`, and unless that tells to stop `claim`, in one commit."""
        with self._settling(batch) as connection:
            verdict = self._settle(connection, batch, outcome)
            if not self.epochs() or not outcomes.goes_on(verdict):
                return verdict, None
            current = installations.current(connection) or self._make_installation(connection)
            return verdict, self._claim(connection, current, terms)

    def be_thrifty_no_more(self) -> None:
        """What is not urgent waits no longer than usual."""
        self.thrifty = False

    def remove(self, seq: int) -> None:
        """Take out one record that was not sent, and every trace of it. Raises GoneError, UnderWayError."""
        with self._changing() as connection:
            ledger.remove(connection, seq, self._clock_ms())
        empty_log(self._open())

    def clear_ledger(self) -> None:
        """Delete the bytes of what was sent, here and in files put aside; the counts stay."""
        if self._connection is not None:
            with self._changing() as connection:
                ledger.clear(connection)
            self._file.leave_no_copy()

    # -- erasure -------------------------------------------------------------------------------------------------

    def ask_erasure(self, categories: Sequence[Category]) -> str:
        """Queue the erasure of all that was sent in these categories under any id; its id, once that is on disk.

        What waits of them is deleted, because it is older than the wish. Raises NothingSentError.
        """
        nothing: list[str] = []
        used = self.look(erasing.used_installations, nothing)
        if not used:
            raise NothingSentError
        with self._commit(durable=True) as connection:
            erasure_id = erasing.ask(connection, used, categories, self._clock_ms())
        for category in categories:
            self._begin_anew(category)
        self._reload()
        return erasure_id

    def forget(self) -> bool:
        """Delete all there is, but for erasures that the server has not answered and what it is to pass on no more;
        whether there is any such. Without it the file itself goes."""
        connection = self._connection
        if connection is not None:
            with self._commit(durable=True):
                passing.end(connection)
            self._reload()
        waits = connection is not None and self._levels.erasure_ms is not None
        if connection is not None and waits:
            with self._commit(durable=True):
                erasing.keep_nothing_else(connection)
            self._file.leave_no_copy()
            self._reload()
        else:
            self._file.remove()
            self._levels = Levels()
        for category in consent.CATEGORIES:
            withdrawal_mark(self.path, category).unlink(missing_ok=True)
        self.choices = {category: Choice() for category in consent.CATEGORIES}
        return waits

    def wishes(self, *, everything: bool) -> list[erasing.Wish]:
        """The erasures that are due to be asked for."""
        now_ms = self._clock_ms()
        return self.look(lambda connection: erasing.wishes(connection, now_ms, everything=everything), [])

    def postpone_erasure(self, wish: erasing.Wish, trouble: str, floor_seconds: float) -> None:
        """The server did not give its word; ask again later."""
        with self._changing() as connection:
            erasing.postpone(connection, wish.request_id, trouble, floor_seconds, self._clock_ms())

    def settle_erasure(self, wish: erasing.Wish, word: erasing.Word) -> None:
        """Keep the server's word."""
        with self._commit(durable=True) as connection:
            erasing.settle(connection, wish, word, self._clock_ms())
        self._reload()

    def endings(self, *, everything: bool) -> list[passing.Ending]:
        """The installations of which the server is to be told that nothing more is passed on."""
        now_ms = self._clock_ms()
        return self.look(lambda connection: passing.endings(connection, now_ms, everything=everything), [])

    def postpone_ending(self, ending: passing.Ending, floor_seconds: float) -> None:
        """The server did not hear it; tell it again later."""
        with self._changing() as connection:
            passing.postpone(connection, ending, floor_seconds, self._clock_ms())

    def settle_ending(self, ending: passing.Ending) -> None:
        """The server has heard it."""
        with self._changing() as connection:
            passing.told(connection, ending)

    def erasure_due_ms(self) -> int | None:
        """When an erasure is next to be asked for, or an ending to be told, in milliseconds since 1970; None while none
        waits."""
        earliest = self._levels.erasure_ms
        return None if earliest is None else erasing.bounded(earliest, self._clock_ms())

    # -- looking -------------------------------------------------------------------------------------------------

    def look(self, look: Callable[[sqlite3.Connection], T], nothing: T) -> T:
        """What `look` finds; `nothing` while there is no file."""
        return nothing if self._connection is None else look(self._connection)

    def shown(self, row: ledger.WaitingRow) -> bytes:
        """The bytes of a record that waits as they will leave: under the present rules of redaction."""
        from telemetry import records

        return row.body if row.rules == redaction.RULES_VERSION else records.redact_again(row.body, self._redact)

    def due_ms(self) -> int | None:
        """When `claim` is next worthwhile, in milliseconds since 1970; None while there is nothing."""
        if self._connection is None or not self.epochs():
            return None
        now_ms = self._clock_ms()
        self._levels = self._levels.seen_at(now_ms)
        waiting = self._levels.waiting
        return batches.due_ms(self._connection, waiting, self._pace(), now_ms, unsettled=bool(self._unsettled))

    def accounts(self) -> dict[Category, tally.Account]:
        """The account of every category."""
        return self._levels.accounts

    def queued_bytes(self) -> int:
        """How many bytes of records wait."""
        return self._levels.size

    def last_sent(self) -> dict[Category, int]:
        """When the server last took a batch of each category, in milliseconds since 1970."""
        return self._levels.ledger.last_sent

    def accepted_since(self, since_ms: int) -> int:
        """How many records the server took since then; asked for the same time again it need not count."""
        if self._connection is None:
            return 0
        if self._accepted is None or self._accepted[0] != since_ms:
            query = "SELECT coalesce(sum(accepted), 0) FROM batch WHERE state = 'sent' AND ended_ms >= ?"
            self._accepted = since_ms, self._connection.execute(query, (since_ms,)).fetchone()[0]
        return self._accepted[1]

    def put_aside_if_damaged(self, error: sqlite3.Error) -> bool:
        """Move the file away if `error` says that it is damaged; whether it did. Then nothing is chosen, as before the
        first choice, and the next one begins a fresh file. Raises OSError."""
        if not is_damage(error) or not self.path.exists():
            return False
        self.close()
        self.set_aside = set_aside(self.path)
        self.choices = {category: Choice() for category in consent.CATEGORIES}
        self._levels, self._accepted = Levels(), None
        with contextlib.suppress(StoreError, sqlite3.Error):  # then there is no more to save
            self._salvage(self.set_aside)
        return True

    @property
    def unsynced(self) -> bool:
        """Whether something was committed that would not survive loss of power."""
        return self._file.unsynced

    def sync(self) -> None:
        """What was committed survives loss of power once this returns."""
        self._file.sync(self._clock_ms())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    # -- within --------------------------------------------------------------------------------------------------

    def _read(self, connection: sqlite3.Connection) -> None:
        for category, state, epoch in connection.execute("SELECT category, state, epoch FROM consent"):
            if category in self.choices:
                self.choices[category] = Choice(state=state, epoch=epoch)
        with self._commit():
            batches.recover(connection, self._clock_ms())
        unfinished = purging.unfinished(connection)
        for category in consent.CATEGORIES:
            if withdrawal_mark(self.path, category).exists():
                self.withdraw(category)
            elif category in unfinished:
                self._purge(category)
        self.enforce()
        self._reload()

    @cached_property
    def _redact(self) -> Callable[[str], str]:
        return redaction.redactor()

    @property
    def _connection(self) -> sqlite3.Connection | None:
        return self._file.connection

    def _open(self) -> sqlite3.Connection:
        aside = self._file.open()
        if aside is not None:
            self.set_aside = aside
            self._salvage(aside)
        assert self._connection is not None
        return self._connection

    def _salvage(self, aside: Path) -> None:
        """Take wishes to erase, and what they need, over into a fresh file; without any there need be none."""
        from telemetry import salvaging

        found = salvaging.salvage(aside)
        if found:
            with self._commit(durable=True) as connection:
                salvaging.put(connection, found, self._clock_ms())
            self._reload()

    def _commit(self, *, durable: bool = False) -> AbstractContextManager[sqlite3.Connection]:
        self._open()
        return self._file.commit(durable=durable)

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """A transaction, after which the levels in memory are read anew."""
        if self._connection is None:
            raise StoreError("There is no log data to change, because nothing was ever allowed.")
        with self._commit() as connection:
            yield connection
        self._reload()

    @contextmanager
    def _reckoned(self) -> Iterator[sqlite3.Connection]:
        """A transaction that sets the levels itself; they are counted anew only if it fails."""
        if self._connection is None:
            raise StoreError("There is no log data to change, because nothing was ever allowed.")
        try:
            with self._commit() as connection:
                yield connection
        except BaseException:  # whatever it was, what was reckoned with did not happen
            self._reload()
            raise

    @contextmanager
    def _settling(self, batch: Batch) -> Iterator[sqlite3.Connection]:
        """The same; if it fails the batch is free for the next `claim`, as one that may have arrived."""
        try:
            with self._reckoned() as connection:
                yield connection
        except BaseException:  # whatever it was, the batch must not stay under way
            self._unsettled.add(batch.batch_id)
            raise

    def _reload(self) -> None:
        self._accepted = None
        if self._connection is not None:
            self._levels = look(self._connection)

    def _accept(self, count: int) -> None:
        if self._accepted is not None:
            since_ms, accepted = self._accepted
            self._accepted = (since_ms, accepted + count) if since_ms <= self._clock_ms() else None

    def _choose(self, category: Category, state: consent.State, cause: Cause, *, withdrawing: bool = False) -> None:
        with self._commit(durable=True) as connection:
            (last,) = connection.execute("SELECT coalesce(max(epoch), 0) FROM consent_log").fetchone()
            connection.execute(
                "INSERT INTO consent_log (epoch, category, state, cause, at_ms) VALUES (?, ?, ?, ?, ?)",
                (last + 1, category, state, cause, self._clock_ms()),
            )
            connection.execute(
                "INSERT OR REPLACE INTO consent (category, state, epoch) VALUES (?, ?, ?)", (category, state, last + 1)
            )
            if category == "third_party" and (state != "granted" or cause != "person"):
                passing.end(connection)
            if withdrawing:  # a crash before the purge is through is made good by the next `load`
                purging.begun(connection, category, last + 1)
        self.choices[category] = Choice(state=state, epoch=last + 1)

    def _begin_anew(self, category: Category) -> None:
        """Delete what waits, and go on under a new epoch, so that no request with what was there begins any more."""
        if self.choices[category].state == "granted":
            self._choose(category, "granted", "person", withdrawing=True)
            self._purge(category)

    def _purge(self, category: Category) -> None:
        """Delete every unsent byte of a category: rows, batches, refused bodies, the write-ahead log, copies."""
        with much_at_once(self._open()), self._commit(durable=True) as connection:
            purging.purge(connection, category, self._clock_ms())
        self._file.leave_no_copy()
        with self._commit() as connection:
            purging.through(connection, category)

    def _claim(self, connection: sqlite3.Connection, current: Installation, terms: Terms) -> Batch | None:
        now_ms = self._clock_ms()
        anew = batches.dissolve_of_others(connection, current.installation_id, now_ms)
        if anew or self._levels.beyond(self._bounds, now_ms):
            queue.evict(connection, self._bounds, now_ms)
            self._reload()
        levels = self._levels.seen_at(now_ms)
        batch, waiting = batches.claim(
            connection,
            self.epochs(),
            levels.waiting,
            terms,
            installation=current,
            redact=self._redact,
            now_ms=now_ms,
            pace=self._pace(),
        )
        if batch is not None:  # from here on something may have left under this id
            installations.used(connection)
            if batch.category == "third_party":
                passing.left(connection, current.installation_id)
        self._levels = look_at_batches(connection, msgspec.structs.replace(levels, waiting=dict(waiting)))
        return batch

    def _settle(
        self, connection: sqlite3.Connection, batch: Batch, outcome: outcomes.Answered | outcomes.Unanswered
    ) -> outcomes.Verdict | None:
        now_ms = self._clock_ms()
        verdict = batches.settle(connection, batch, outcome, now_ms)
        kept = self._levels.ledger
        match verdict:
            case outcomes.Unknown():
                installations.registered(connection, batch.installation.installation_id, known=False)
            case outcomes.Received(rejected=rejected):
                kept = kept.after(batch.category, len(batch.body), now_ms, received=True)
                self._accept(batch.records - min(rejected, batch.records))
            case outcomes.Smaller() | outcomes.Bisect():
                kept = kept.after(batch.category, len(batch.body), now_ms, received=False)
        if kept.beyond(self._bounds, now_ms):
            batches.trim_ledger(connection, self._bounds, now_ms)
            self._reload()
        else:
            self._levels = look_at_batches(connection, msgspec.structs.replace(self._levels, ledger=kept))
        return verdict

    def _pace(self) -> Pace:
        return pace(self._levels.installation_id, thrifty=self.thrifty)

    def _make_installation(self, connection: sqlite3.Connection) -> Installation:
        made = installations.make(connection, self._clock_ms())
        self._levels = msgspec.structs.replace(self._levels, installation_id=made.installation_id)
        return made

    def _retire_if_unused(self) -> None:
        """When the last grant is gone so is the id: a later grant starts under another."""
        if not any(choice.state == "granted" for choice in self.choices.values()):
            self._start_over()

    def _start_over(self) -> None:
        with self._changing() as connection:
            installations.start_over(connection, self._clock_ms())
