"""Log data for every account of the app: records, choices, what the Privacy page shows, and sending when it is due."""

import logging
import os
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime

from agent.api import AgentError, Category, CategoryView
from agent.logdata.sender import Sender
from agent.store.profile import Profile, private_folder
from agent.transport import Cancellation, Transport, TransportError
from protocol.statements import TelemetryPolicy
from rules.clock import format_utc
from telemetry import consent, outcomes
from telemetry.account_log import AccountLog, LogState, clock_ms
from telemetry.batches import Batch
from telemetry.catalog import EVENTS, Event, UndeclaredEventError, WrongFieldsError, parse
from telemetry.consent import Conditions
from telemetry.database import StoreError
from telemetry.logging_handler import DiagnosticsHandler
from telemetry.store import Installation
from telemetry.tally import Account
from telemetry.writer import ClosedError, Writer

LOAD_SECONDS = 10.0


class LogDataService:
    """Callable from any thread. Only `send_due`, `set_consent`, `set_policy`, `flush` and a first `view` wait
    for anything; `send_due` belongs on the network thread, the others on no thread that paints.

    `wake` is called when `next_due` may have become sooner. `policy(account)` is asked when an account is opened.
    """

    def __init__(
        self,
        profile: Profile,
        transport: Transport,
        *,
        server_url: Callable[[str], str],
        token: Callable[[str], str],
        policy: Callable[[str], TelemetryPolicy] = lambda _account: TelemetryPolicy(),
        wake: Callable[[], None] = lambda: None,
        environment: Mapping[str, str] = os.environ,
        global_privacy_control: bool = False,
        clock: Callable[[], int] = clock_ms,
    ) -> None:
        self._profile = profile
        self._sender = Sender(transport, server_url=server_url, token=token)
        self._policy = policy
        self._wake = wake
        self._do_not_track = consent.do_not_track(environment)
        self._global_privacy_control = global_privacy_control
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
        self._log(account).record(event)

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
            log.record(event)

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
        """Return once everything recorded before is on disk."""
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
            raise AgentError("cannot_store", str(error)) from error
        except ClosedError as error:
            raise AgentError("unavailable", str(error)) from error

    def set_policy(self, account: str, policy: TelemetryPolicy) -> None:
        """What the organization allows; what it no longer does is withdrawn when this returns. Raises AgentError."""
        log = self._log(account)
        conditions = self._conditions(policy)
        if log.state.loaded and log.state.conditions == conditions:
            return
        try:
            log.set_conditions(conditions).result()
        except StoreError as error:
            raise AgentError("cannot_store", str(error)) from error
        except ClosedError as error:
            raise AgentError("unavailable", str(error)) from error

    def view(self, account: str) -> tuple[CategoryView, ...]:
        """What the Privacy page shows of log data. Raises AgentError unavailable."""
        log = self._log(account)
        if not log.state.loaded:
            try:
                log.load().result(LOAD_SECONDS)
            except StoreError:
                pass  # the state names the trouble, and the page shows it as the reason
            except (ClosedError, TimeoutError) as error:
                raise AgentError("unavailable", "Log data cannot be looked up right now. Try again.") from error
        return tuple(_category_view(category, log.state) for category in consent.CATEGORIES)

    def sent_today(self, account: str) -> int:
        """How many records the server took since local midnight."""
        return self._log(account).accepted_today()

    # -- what is sent --------------------------------------------------------------------------------------------

    def next_due(self) -> float | None:
        """Seconds until `send_due` is worthwhile, 0 for now; None while there is nothing to send."""
        due = [log.state.due_ms for log in self._opened().values() if log.state.due_ms is not None]
        return max(min(due) - self._clock(), 0) / 1000 if due else None

    def send_due(self, *, everything: bool = False) -> int:
        """Send every batch that is due, one after the other; how many records were taken.

        `everything` sends what is there without waiting for more, and ignores a pause.
        """
        return sum(self._send(account, log, everything) for account, log in self._opened().items())

    def close(self, wait_seconds: float = 5.0) -> None:
        """Commit what was recorded and close the files. Sends nothing."""
        for log in self._opened().values():
            log.close()
        self._writer.close(wait_seconds)

    def _send(self, account: str, log: AccountLog, everything: bool) -> int:
        taken = 0
        if log.state.due_ms is None:
            return 0
        try:
            while (installation := log.installation().result()) is not None:
                batch = log.claim(everything=everything).result()
                if batch is None:
                    break
                try:
                    outcome = self._attempt(account, log, batch, installation)
                except BaseException:  # whatever it was, the batch must not stay under way
                    log.settle(batch, outcomes.Unanswered()).result()
                    raise
                verdict = log.settle(batch, outcome).result()
                if isinstance(verdict, outcomes.Received):
                    taken += batch.records - min(verdict.rejected, batch.records)
                elif not isinstance(verdict, outcomes.Smaller | outcomes.Bisect):
                    break
        except (StoreError, ClosedError):
            return taken  # the file cannot be used now, which its state says; or the app is closing
        return taken

    def _attempt(
        self, account: str, log: AccountLog, batch: Batch, installation: Installation
    ) -> outcomes.Answered | outcomes.Unanswered:
        cancellation = Cancellation()
        with log.gate.passing(batch.category, batch.epoch, cancellation.cancel) as may:
            if not may:
                return outcomes.Unanswered(began=False)
            try:
                if installation.registered or self._register(account, log, installation, cancellation):
                    return self._sender.send(account, batch, installation, cancellation)
            except AgentError:
                pass  # signed out, or no such account any more: the snapshot tells the person
            return outcomes.Unanswered(began=False)

    def _register(self, account: str, log: AccountLog, installation: Installation, cancellation: Cancellation) -> bool:
        try:
            registration = self._sender.register(account, installation, cancellation)
        except TransportError:
            return False  # tried again after the pause; the connection's own state tells the person
        if registration == "known":
            log.registered(installation.installation_id, known=True).result()
        elif registration == "taken":
            log.retire_installation().result()
        return registration == "known"

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
            conditions=self._conditions(self._policy(account)),
            clock=self._clock,
            on_change=self._wake,
        )
        with self._lock:
            return self._logs.setdefault(account, made)

    def _opened(self) -> dict[str, AccountLog]:
        with self._lock:
            return dict(self._logs)

    def _conditions(self, policy: TelemetryPolicy) -> Conditions:
        return Conditions(
            policy=policy,
            do_not_track=self._do_not_track,
            global_privacy_control=self._global_privacy_control,
        )


def _category_view(category: Category, state: LogState) -> CategoryView:
    choice = state.choices.get(category, consent.Choice())
    account = state.accounts.get(category, Account())
    last = state.last_sent.get(category)
    return CategoryView(
        category=category,
        state=choice.state,
        effective=category in state.on,
        reason=consent.effect(category, choice.state, state.conditions).reason or _trouble(state, choice),
        purpose=consent.PURPOSES[category],
        events=tuple(event.name for event in EVENTS.values() if event.category == category),
        queued=account.queued,
        sent=account.accepted,
        last_sent=None if last is None else format_utc(datetime.fromtimestamp(last / 1000, UTC)),
    )


def _trouble(state: LogState, choice: consent.Choice) -> str:
    if state.trouble or state.set_aside is None or choice.state != "unknown":
        return state.trouble
    return (
        f"Off because the file with your choice was damaged. It was put aside as {state.set_aside.name}, and a new one "
        "was begun. Choose again."
    )
