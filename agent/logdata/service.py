"""Log data for every account of the app: records, choices, what the Privacy page shows, and sending when it is due."""

import contextlib
import logging
import os
import threading
from collections.abc import Callable, Mapping

from agent.api import AgentError, Category, CategoryView
from agent.api.privacy import ErasureItem, SentNow
from agent.logdata import reading
from agent.logdata.eraser import Eraser, ServerIdentity
from agent.logdata.sender import Registration, Sender, row_of
from agent.store.profile import Profile, private_folder
from agent.transport import Cancellation, Transport, TransportError
from protocol.statements import TelemetryPolicy
from rules.sentence import together
from telemetry import consent, outcomes
from telemetry.account_log import AccountLog, clock_ms
from telemetry.batches import Batch, Terms
from telemetry.catalog import EVENTS, Event, UndeclaredEventError, WrongFieldsError, parse
from telemetry.catalog.events import for_outside
from telemetry.consent import Conditions
from telemetry.database import StoreError
from telemetry.logging_handler import DiagnosticsHandler
from telemetry.store import NothingSentError
from telemetry.writer import ClosedError, Writer

_log = logging.getLogger(__name__)


class LogDataService:
    """Callable from any thread. Only `send_due`, `set_consent`, `set_policy`, `flush` and a first `view` wait
    for anything; `send_due` belongs on the network thread, the others on no thread that paints.

    `wake` is called when `next_due` may have become sooner. `policy(account)` is asked when an account is opened, and
    `outside(account)` then and with every `set_policy`.
    `thrifty` is asked when a batch is due: what is not urgent then waits for an hour. `identity` and `refresh_keys`:
    see Eraser.
    """

    def __init__(
        self,
        profile: Profile,
        transport: Transport,
        *,
        server_url: Callable[[str], str],
        token: Callable[[str], str],
        policy: Callable[[str], TelemetryPolicy] = lambda _account: TelemetryPolicy(),
        outside: Callable[[str], consent.Outside] = lambda _account: "named",
        wake: Callable[[], None] = lambda: None,
        environment: Mapping[str, str] = os.environ,
        global_privacy_control: bool = False,
        clock: Callable[[], int] = clock_ms,
        thrifty: Callable[[], bool] = lambda: False,
        identity: Callable[[str], ServerIdentity] = lambda _account: ServerIdentity("", ()),
        refresh_keys: Callable[[str], object] = lambda _account: None,
    ) -> None:
        self._profile = profile
        self._sender = Sender(transport, server_url=server_url, token=token)
        self._eraser = Eraser(
            transport, self._sender, server_url=server_url, identity=identity, refresh_keys=refresh_keys
        )
        self._policy = policy
        self._outside = outside
        self._refresh = refresh_keys
        self._wake = wake
        self._do_not_track = consent.do_not_track(environment)
        self._global_privacy_control = global_privacy_control
        self._thrifty = thrifty
        self._clock = clock
        self._writer = Writer()
        self._lock = threading.Lock()
        self._logs: dict[str, AccountLog] = {}

    # -- what is recorded ----------------------------------------------------------------------------------------

    def open(self, account: str) -> None:
        """Load what waits for this account, so that it is sent. Returns at once."""
        self._log(account).load()

    def emit(self, account: str, event: Event) -> None:
        """Offer one event of the catalog; kept only under a grant. Returns at once, never raises."""
        _offer(self._log(account), event)

    def record(self, account: str, name: str, fields: Mapping[str, object]) -> None:
        """The same by name. What the catalog does not declare is counted here and not recorded."""
        log = self._log(account)
        try:
            event = parse(EVENTS, name, fields)
        except UndeclaredEventError:
            log.withhold("undeclared")
        except WrongFieldsError:
            log.withhold("wrong_fields")
        else:
            _offer(log, event)

    def logging_handler(self, current: Callable[[], str | None]) -> logging.Handler:
        """A handler that records warnings and worse for the account that `current` names; with none, nothing."""

        def record(event: Event) -> None:
            account = current()
            if account is not None:
                self.emit(account, event)

        return DiagnosticsHandler(record)

    def is_on(self, account: str, category: Category) -> bool:
        """Whether an event of this category would be kept now; for events that cost something to make."""
        return category in self._log(account).state.on

    def flush(self) -> None:
        """Return once everything recorded before is committed: the end of the process takes none of it, and loss of
        power at most the last 30 seconds."""
        self._writer.flush()

    # -- what is allowed -----------------------------------------------------------------------------------------

    def set_consent(self, account: str, category: Category, state: consent.State) -> None:
        """The person's choice, on disk when this returns; after a denial the barrier has been passed.

        Raises AgentError cannot_store; the category is then off while the app runs.
        """
        try:
            private_folder(self._profile.account(account))
            self._log(account).set_consent(category, state).result()
        except StoreError as error:
            raise AgentError("cannot_store", error.sentence) from error
        except ClosedError as error:
            raise AgentError("unavailable", error.sentence) from error

    def set_policy(self, account: str, policy: TelemetryPolicy) -> None:
        """What the organization allows; what it no longer does is withdrawn when this returns. Raises AgentError."""
        log = self._log(account)
        conditions = self._conditions(account, policy)
        if log.state.loaded and log.state.conditions == conditions:
            return
        try:
            log.set_conditions(conditions).result()
        except StoreError as error:
            raise AgentError("cannot_store", error.sentence) from error
        except ClosedError as error:
            raise AgentError("unavailable", error.sentence) from error

    def view(self, account: str) -> tuple[CategoryView, ...]:
        """What the Privacy page shows of log data. Raises AgentError unavailable."""
        return reading.categories(self._log(account))

    def host(self, account: str) -> str:
        """Where the account's requests go. Raises AgentError not_found."""
        return self._sender.host(account)

    def account_log(self, account: str) -> AccountLog:
        """The log data of one account, for who reads the ledger."""
        return self._log(account)

    def sent_today(self, account: str) -> int:
        """How many records the server took since local midnight."""
        return self._log(account).accepted_today()

    # -- what is sent --------------------------------------------------------------------------------------------

    def next_due(self) -> float | None:
        """Seconds until `send_due` is worthwhile, 0 for now; None while there is nothing to send."""
        states = [log.state for log in self._opened().values()]
        due = [due for one in states for due in (one.due_ms, one.erasure_due_ms) if due is not None]
        return max(min(due) - self._clock(), 0) / 1000 if due else None

    def look_anew(self) -> None:
        """The network or the power may be another: what waits because of them is looked at again when it is due."""
        for log in self._opened().values():
            log.be_thrifty_no_more()

    def send_due(self, *, everything: bool = False) -> int:
        """Send every batch that is due, one after the other, and ask for the erasures that are; how many records were
        taken.

        `everything` sends what is there without waiting for more, and ignores a pause.
        """
        taken = 0
        for account, log in self._opened().items():
            self._end_passing_on(account, log, everything=everything)
            taken += self._send(account, log, everything=everything).records
            self._erase(account, log, everything=everything)
        return taken

    def send_due_quietly(self) -> None:
        """The same; a fault of this is logged where no handler makes log data of it, or it would breed itself."""
        try:
            self.send_due()
        except Exception:  # noqa: BLE001 # whatever it was, what waits is tried again after the pause
            _log.exception("Log data could not be sent.")

    def send_now(self, account: str) -> SentNow:
        """Send what waits for this account without waiting for more of it, and whatever pause there was."""
        log = self._log(account)
        reading.settled(log.load())
        self._end_passing_on(account, log, everything=True)
        return self._send(account, log, everything=True).told(log.state.queued()[0])

    def erase_sent(self, account: str, categories: tuple[Category, ...]) -> ErasureItem:
        """Have what was sent in these categories (none: all) erased; kept until the server's signed word is here.

        Raises AgentError refused where nothing was sent.
        """
        log = self._log(account)
        try:
            erasure_id = reading.settled(log.ask_erasure(categories or consent.CATEGORIES))
        except NothingSentError:
            raise AgentError(
                "refused", "Nothing was sent from this computer under this account, so there is nothing to erase."
            ) from None
        return next(one for one in reading.erasures(log) if one.erasure_id == erasure_id)

    def forget(self, account: str) -> bool:
        """Delete this account's log data, ledger and choices here; whether erasures wait for the server's word, which
        stay until it is here. Raises AgentError."""
        log = self._log(account)
        waits = reading.settled(log.forget())
        if not waits:
            with self._lock:
                self._logs.pop(account, None)
        return waits

    def close(self, wait_seconds: float = 5.0) -> None:
        """Commit what was recorded and close the files. Sends nothing."""
        for log in self._opened().values():
            log.close()
        self._writer.close(wait_seconds)

    def _erase(self, account: str, log: AccountLog, *, everything: bool) -> None:
        if log.state.erasure_due_ms is not None:
            with contextlib.suppress(StoreError, ClosedError):  # which the state says; asked again then
                self._eraser.ask_due(account, log, everything=everything)

    def _end_passing_on(self, account: str, log: AccountLog, *, everything: bool) -> None:
        """Before any batch: what was allowed again since then is not meant."""
        if log.state.erasure_due_ms is None:
            return
        with contextlib.suppress(StoreError, ClosedError):  # which the state says; told again then
            for ending in log.endings(everything=everything).result():
                floor: float | None = 0.0
                with contextlib.suppress(AgentError, TransportError):  # told again after the pause
                    floor = self._sender.end_passing_on(account, ending)
                if floor is None:
                    log.settle_ending(ending).result()
                else:
                    log.postpone_ending(ending, floor).result()

    def _send(self, account: str, log: AccountLog, *, everything: bool) -> "_Sending":
        sending = _Sending()
        if log.state.due_ms is None:
            return sending
        try:
            thrifty = not everything and log.state.due_ms <= self._clock() and self._thrifty()
            terms = Terms(everything=everything, thrifty=thrifty, host=self._sender.host(account))
            batch = log.claim(terms).result()
            while batch is not None:
                batch = self._send_one(account, log, batch, terms, sending)
            log.sync_now().result()  # now rather than soon, so that nothing wakes once there is nothing to do
        except AgentError as error:
            sending.trouble = error.sentence  # no such account any more
        except (StoreError, ClosedError) as error:
            sending.trouble = error.sentence  # which the log's state says too
        return sending

    def _send_one(self, account: str, log: AccountLog, batch: Batch, terms: Terms, sending: "_Sending") -> Batch | None:
        """The batch after this one, if any is to follow."""
        try:
            outcome = self._attempt(account, log, batch, sending)
        except BaseException:  # whatever it was, the batch must not stay under way
            log.settle(batch, outcomes.Unanswered()).result()
            raise
        verdict, following = log.go_on(batch, outcome, terms).result()
        sending.note(batch, outcome, verdict)
        return following

    def _attempt(
        self, account: str, log: AccountLog, batch: Batch, sending: "_Sending"
    ) -> outcomes.Answered | outcomes.Unanswered:
        if batch.category == "third_party" and not self._asked_who_receives(account, sending):
            return outcomes.Unanswered(began=False)
        cancellation = Cancellation()
        with log.gate.passing(batch.category, batch.epoch, cancellation.cancel) as may:
            if not may:
                return outcomes.Unanswered(began=False)
            try:
                if not batch.installation.registered:
                    registration = self._register(account, log, batch, cancellation)
                    if registration.outcome != "known":
                        return outcomes.Unanswered(began=False, floor_seconds=registration.floor_seconds)
                return self._sender.send(account, batch, cancellation)
            except (AgentError, TransportError) as error:
                sending.trouble = error.sentence  # and the snapshot tells the person; it is tried after the pause
            return outcomes.Unanswered(began=False)

    def _asked_who_receives(self, account: str, sending: "_Sending") -> bool:
        """Before anything is sent to be passed on: if it would go to others than the person allowed, that shuts the
        gate."""
        try:
            self._refresh(account)
        except (AgentError, TransportError) as error:
            sending.trouble = error.sentence
            return False
        return True

    def _register(self, account: str, log: AccountLog, batch: Batch, cancellation: Cancellation) -> Registration:
        installation = batch.installation
        registration = self._sender.register(account, installation, cancellation, row=row_of(batch))
        if registration.outcome == "known":
            log.registered(installation.installation_id, known=True).result()
        elif registration.outcome == "taken":
            log.retire_installation().result()
        return registration

    # -- within --------------------------------------------------------------------------------------------------

    def _log(self, account: str) -> AccountLog:
        with self._lock:
            log = self._logs.get(account)
        if log is not None:
            return log
        # Made outside the lock: `policy` looks into another database.
        made = AccountLog(
            self._profile.telemetry(account),
            self._writer,
            conditions=self._conditions(account, self._policy(account)),
            clock=self._clock,
            on_change=self._wake,
        )
        with self._lock:
            return self._logs.setdefault(account, made)

    def _opened(self) -> dict[str, AccountLog]:
        with self._lock:
            return dict(self._logs)

    def _conditions(self, account: str, policy: TelemetryPolicy) -> Conditions:
        return Conditions(
            policy=policy,
            outside=self._outside(account),
            do_not_track=self._do_not_track,
            global_privacy_control=self._global_privacy_control,
        )


def _offer(log: AccountLog, event: Event) -> None:
    log.record(event)
    outside = for_outside(event) if "third_party" in log.state.on else None
    if outside is not None:
        log.record(outside)


class _Sending:
    """What came of sending for one account."""

    def __init__(self) -> None:
        self.batches = 0
        self.records = 0
        self.trouble = ""

    def note(
        self, batch: Batch, outcome: outcomes.Answered | outcomes.Unanswered, verdict: outcomes.Verdict | None
    ) -> None:
        """Count one attempt."""
        if isinstance(verdict, outcomes.Received):
            self.batches += 1
            self.records += batch.records - min(verdict.rejected, batch.records)
        elif isinstance(outcome, outcomes.Answered) and not outcomes.goes_on(verdict):
            self.trouble = self.trouble or "The server answered, but it did not take them."

    def told(self, queued: int) -> SentNow:
        """The same for a person; `queued` still wait."""
        if self.batches:
            sentences = ["The server received what was sent."]
        else:
            sentences = ["Nothing was received." if queued else "Nothing waits to be sent."]
        if queued:
            sentences += ["What waits is sent later by itself.", self.trouble or "The server could not be reached."]
        return SentNow(batches=self.batches, records=self.records, sentence=together(*sentences, between="\n"))
