"""When one account talks to its server: rounds of sync and of uploads, and what the connection is called."""

import random
import threading
from collections.abc import Callable
from concurrent.futures import Future
from datetime import timedelta

import msgspec

from agent.api import AgentError, LinkState
from agent.clock import Clock
from agent.schedule.due import SPREAD_SECONDS, back_off, sync_interval
from agent.schedule.ticker import Ticker
from agent.store import media, operations
from agent.store.lane import Lane
from agent.store.writer import Store
from agent.sync.asking import LinkTrouble, RoundCancelledError
from agent.sync.syncer import Syncer
from agent.sync.uploader import Uploader
from agent.transport import Cancellation
from rules.clock import format_utc, parse_utc
from rules.retrying import MAX_RETRY_AFTER_SECONDS

_SERVER_WAIT = "server_wait"
_OUR_FAULT = (
    "Miratag stumbled over an answer of the server. What waits is saved here; it is tried again in five minutes."
)
_HOLD_MS = 10_000
_QUIET_LINKS = {"sign_in_needed", "signed_out", "untrusted"}


class Link(msgspec.Struct, frozen=True):
    """The connection in a word, and in a sentence where something is wrong; `storing` where it is the disk."""

    state: LinkState = "unknown"
    sentence: str = ""
    storing: str = ""


class Rounds:
    """Runs rounds on two daemon threads, so that a long video holds up no words. `changed` is called after each,
    `finished` with the connection and the milliseconds after one of sync."""

    def __init__(
        self,
        account: str,
        *,
        syncer: Syncer,
        uploader: Uploader,
        store: Store,
        clock: Clock,
        ticker: Ticker,
        chance: random.Random,
        undone: Callable[[], int],
        changed: Callable[[], None],
        finished: Callable[[LinkState, int], None],
    ) -> None:
        self.link = Link()
        self._account = account
        self._syncer = syncer
        self._uploader = uploader
        self._store = store
        self._clock = clock
        self._ticker = ticker
        self._chance = chance
        self._undone = undone
        self._changed = changed
        self._finished = finished
        self._sync_lane = Lane("sync")
        self._upload_lane = Lane("upload")
        self._lock = threading.Lock()
        self._wanted: dict[str, bool] = {"sync": False, "upload": False}
        self._paused = False
        self._cancellation = Cancellation()
        self._failures = 0
        self._upload_failures = 0
        self._without_receipt = 0
        # Until this reading of the clock of elapsed time, something new is no reason to ask a server that failed.
        self._held_until_ms = 0
        self._asked_to_wait = False
        self._planned = False  # for then, because something new was made
        self._waiters: list[tuple[Future[bool], bool]] = []

    # -- from any thread -----------------------------------------------------------------------------------------

    def begin(self) -> None:
        """The first round: now, or when the server asked to be left alone until."""
        row = self._store.read(lambda c: c.execute("SELECT due FROM job WHERE name = ?", (_SERVER_WAIT,)).fetchone())
        now = self._clock.now()
        if row is not None and now < parse_utc(row["due"]) <= now + timedelta(seconds=MAX_RETRY_AFTER_SECONDS):
            self._hold((parse_utc(row["due"]) - now).total_seconds(), asked=True)
            self._ticker.wake_at(self._alarm("sync"), parse_utc(row["due"]), self.wake)
        else:
            self.wake()

    def made(self) -> None:
        """Something new waits: a round soon, but no sooner than a server that asked for patience allows, and not one
        an item against a server that is away."""
        with self._lock:
            left_ms = self._held_until_ms - self._clock.elapsed_ms()
            planned = self._asked_to_wait or self._planned
            self._planned = left_ms > 0
        if left_ms <= 0:
            self.wake()
        elif not planned:
            self._ticker.wake_in(self._alarm("sync"), left_ms / 1000, self.wake)

    def post(self, work: Callable[[], None]) -> None:
        """Do `work` between two rounds of sync."""
        self._sync_lane.post(work)

    def wake(self) -> None:
        """A round of sync now: its time has come, or somebody asks."""
        self._want("sync", self._sync_lane, self._sync)

    def settled(self, *, patient: bool = False) -> "Future[bool]":
        """Done once nothing waits or nothing more can be done for now; whether the server answered. `patient`: asked as
        something new would be."""
        future: Future[bool] = Future()
        with self._lock:
            # A round under way may have looked at the outbox before this was asked.
            self._waiters.append((future, False))
        (self.made if patient else self.wake)()
        return future

    def pause(self, *, paused: bool) -> None:
        """Hold everything, also what is on its way, or go on."""
        with self._lock:
            self._paused = paused
            cancellation = self._cancellation
            if not paused:
                self._cancellation = Cancellation()
        if paused:
            cancellation.cancel()
        else:
            self.wake()

    def restart(self) -> None:
        """Someone signed in or out, or wants a retry: stop what runs and begin anew, without the pauses."""
        with self._lock:
            cancellation = self._cancellation
            if not self._paused:
                self._cancellation = Cancellation()
            self._failures = self._upload_failures = self._without_receipt = 0
            self._held_until_ms = 0
        cancellation.cancel()
        self.wake()

    def try_again_soon(self) -> None:
        """The network is back, or the computer woke up: forget the failures, and try within seconds.

        Not at once, so that all who hang on one network do not come together; and no sooner than a server that asked
        for patience allows.
        """
        with self._lock:
            asked_ms = self._held_until_ms - self._clock.elapsed_ms() if self._asked_to_wait else 0
            self._failures = self._upload_failures = 0
        seconds = max(asked_ms / 1000, 0) + self._chance.uniform(0, SPREAD_SECONDS)
        self._ticker.wake_in(self._alarm("sync"), seconds, self.wake)

    def close(self, wait_seconds: float | None = None) -> None:
        """Stop; returns at once, or once nothing runs any more, after `wait_seconds` for each of two threads."""
        with self._lock:
            self._paused = True
            waiters, self._waiters = self._waiters, []
        self._cancellation.cancel()
        self._sync_lane.close(wait_seconds)
        self._upload_lane.close(wait_seconds)
        for future, _ in waiters:
            future.set_result(False)

    # -- on their own threads ------------------------------------------------------------------------------------

    def _want(self, name: str, lane: Lane, run: Callable[[Cancellation], None]) -> None:
        with self._lock:
            if self._paused or self._wanted[name]:
                return
            self._wanted[name] = True

        def begin() -> None:
            with self._lock:
                self._wanted[name] = False
                if self._paused:
                    return
                cancellation = self._cancellation
                if name == "sync":
                    self._waiters = [(future, True) for future, _ in self._waiters]
            try:
                run(cancellation)
            except Exception:  # a fault of the program must not be the last round; the lane logs it
                self._ticker.wake_in(self._alarm("sync"), sync_interval(self._chance), self.wake)
                self._ended(Link("server_trouble", _OUR_FAULT))
                raise

        lane.post(begin)

    def _sync(self, cancellation: Cancellation) -> None:
        began = self._clock.elapsed_ms()
        self._sync_round(cancellation)
        if not cancellation.cancelled and not self.link.storing:
            self._finished(self.link.state, self._clock.elapsed_ms() - began)

    def _sync_round(self, cancellation: Cancellation) -> None:
        try:
            self._syncer.run(cancellation)
        except RoundCancelledError:
            return
        except LinkTrouble as trouble:
            self._failures += 1
            self._stop_for(trouble, self._failures)
        except AgentError as error:
            self._ended(Link("unknown", storing=error.sentence))
            self._ticker.wake_in(self._alarm("sync"), back_off(6, self._chance), self.wake)
        else:
            self._failures = 0
            self._hold(0.0, asked=False)
            self._ended(Link("online"), settle=False)
            self._plan_next()

    def _plan_next(self) -> None:
        """After a round that went through: files now, and the next look when something falls due."""
        self._forget_server_wait()
        seconds = sync_interval(self._chance)
        outbox = self._store.read(operations.next_due)
        if outbox is not None:
            seconds = min(seconds, self._seconds_until(outbox))
        if self._store.read(lambda c: media.due(c, format_utc(self._clock.now()))) is not None:
            self._want("upload", self._upload_lane, self._upload)
            self._ticker.wake_in(self._alarm("sync"), seconds, self.wake)
            return
        if outbox is None:
            self._without_receipt = self._without_receipt + 1 if self._undone() else 0
            if self._without_receipt:
                seconds = min(seconds, back_off(self._without_receipt, self._chance))
        self._ticker.wake_in(self._alarm("sync"), seconds, self.wake)
        files = self._store.read(media.next_due)
        if files is not None:
            self._ticker.wake_in(self._alarm("upload"), self._seconds_until(files), self._wake_uploads)
        if not self._undone():
            self._settle_waiters(online=True)

    def _wake_uploads(self) -> None:
        self._want("upload", self._upload_lane, self._upload)

    def _upload(self, cancellation: Cancellation) -> None:
        try:
            arrived = self._uploader.run(cancellation)
        except RoundCancelledError:
            return
        except LinkTrouble as trouble:
            # A line that is cut again and again, and brings something each time, is no reason for growing pauses.
            self._upload_failures = 1 if self._uploader.moved else self._upload_failures + 1
            self._stop_for(trouble, self._upload_failures)
        except AgentError as error:
            self._ended(Link("unknown", storing=error.sentence))
        else:
            self._upload_failures = 0
            self._changed()
            if arrived or not self._undone():
                self.wake()  # for the receipt, and for whoever waits to hear that all is sent

    def _stop_for(self, trouble: LinkTrouble, failures: int) -> None:
        self._ended(Link(trouble.link, trouble.sentence))
        if trouble.link in _QUIET_LINKS:
            seconds = sync_interval(self._chance)
        elif trouble.wait is not None:
            seconds = max(trouble.wait, 1.0)
            self._remember_server_wait(seconds)
        else:
            seconds = back_off(failures, self._chance)
        asked = trouble.wait is not None
        self._hold(seconds if asked else min(seconds, _HOLD_MS / 1000), asked=asked)
        self._ticker.wake_in(self._alarm("sync"), seconds, self.wake)

    def _hold(self, seconds: float, *, asked: bool) -> None:
        with self._lock:
            self._held_until_ms = self._clock.elapsed_ms() + int(seconds * 1000)
            self._asked_to_wait = asked
            self._planned = False

    def _ended(self, link: Link, *, settle: bool = True) -> None:
        self.link = link
        self._changed()
        if settle:
            self._settle_waiters(online=False)

    def _settle_waiters(self, *, online: bool) -> None:
        with self._lock:
            done = [future for future, begun in self._waiters if begun]
            self._waiters = [one for one in self._waiters if not one[1]]
        for future in done:
            future.set_result(online)

    def _remember_server_wait(self, seconds: float) -> None:
        due = format_utc(self._clock.now() + timedelta(seconds=seconds))
        self._store.write(lambda c: c.execute("INSERT OR REPLACE INTO job VALUES (?, ?, 0)", (_SERVER_WAIT, due)))

    def _forget_server_wait(self) -> None:
        if self._store.read(lambda c: c.execute("SELECT 1 FROM job WHERE name = ?", (_SERVER_WAIT,)).fetchone()):
            self._store.write(lambda c: c.execute("DELETE FROM job WHERE name = ?", (_SERVER_WAIT,)))

    def _seconds_until(self, due: str) -> float:
        if not due:
            return 0.0
        return max((parse_utc(due) - self._clock.now()).total_seconds(), 0.0)

    def _alarm(self, what: str) -> str:
        return f"{what} {self._account}"
