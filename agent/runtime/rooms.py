"""What the agent opens: state.db, accounts, sign-in, log data, and a workplace for each account."""

import contextlib
import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

from agent.accounts.account import CredentialKind
from agent.accounts.directory import AccountDirectory, account_migrations
from agent.api import AgentError
from agent.attendance.senses import Senses
from agent.clock import Clock
from agent.credentials.os_keyring import KeyringStore, keyring_state
from agent.credentials.store import CredentialError, CredentialStore, FileStore, MemoryStore
from agent.credentials.tokens import SignInNeededError, TokenSource
from agent.logdata.eraser import ServerIdentity
from agent.logdata.service import LogDataService
from agent.runtime import absences
from agent.runtime.workplace import Workplace
from agent.schedule.ticker import Ticker
from agent.signin.sign_in import OpenExternal, SignInService
from agent.store import cookies
from agent.store.profile import Profile, delete_all_but
from agent.store.state import count_egress, open_state
from agent.store.work import WORK, fact
from agent.store.writer import Store, Writer
from agent.sync.asking import Asker
from agent.sync.syncer import POLICY_HELD
from agent.transport import Cancellation, Cookie, CookieJar, EgressRow, Manners, Transport
from protocol.cookies import APP_COOKIES
from protocol.discovery import Discovery, ThirdParty
from protocol.statements import PolicyPayload, TelemetryPolicy
from telemetry.catalog.events import KeyringUnavailable, StoreSetAside
from telemetry.consent import Outside

if TYPE_CHECKING:
    from datetime import datetime

_ROUND_ENDS_SECONDS = 5.0


class Rooms:
    """Everything that exists once state.db is open."""

    def __init__(
        self,
        profile: Profile,
        writer: Writer,
        *,
        clock: Clock,
        ticker: Ticker,
        open_external: OpenExternal,
        keyring: CredentialStore | None,
        environment: Mapping[str, str],
        thrifty: Callable[[], bool],
        changed: Callable[..., None],
        logs_due: Callable[[], None],
        senses: Senses,
    ) -> None:
        """Raises AgentError cannot_store."""
        profile.prepare()
        self.state: Store = open_state(profile, writer, account_migrations, cookies.cookie_migrations)
        self.directory = AccountDirectory(self.state)
        declared = {name: one.lasting for name, one in APP_COOKIES.items()}
        self.cookies = CookieJar(declared, keep=self._keep_cookie)
        self._load_cookies()
        manners = Manners(self.cookies, lambda account: self.logs.is_on(account, "third_party"))
        self.transport = Transport(self._count, manners)
        stores: dict[CredentialKind, CredentialStore] = {
            "keyring": keyring or KeyringStore(str(profile.path)),
            "memory": MemoryStore(),
            "file": FileStore(profile.path / "credentials.json"),
        }
        self.tokens = TokenSource(self.directory, stores, self.transport, troubled=self._keyring_troubled)
        self.sign_in = SignInService(self.directory, stores, self.tokens, self.transport, open_external)
        self.workplaces: dict[str, Workplace] = {}
        self.logs = LogDataService(
            profile,
            self.transport,
            server_url=lambda account: self.directory.get(account).server_url,
            token=self._token_for_logs,
            policy=self.telemetry_policy,
            outside=self._outside,
            wake=logs_due,
            environment=environment,
            thrifty=thrifty,
            identity=self._identity,
            refresh_keys=self.check_server,
        )
        self._diagnostics = self.logs.logging_handler(self._current_account)
        logging.getLogger().addHandler(self._diagnostics)
        self._profile = profile
        self._writer = writer
        self._clock = clock
        self._ticker = ticker
        self._changed = changed
        self._senses = senses

    def open_workplace(self, account: str, *, paused: bool) -> Workplace:
        """Open the account's database, or give the one that is open; `paused` holds what waits there from the start.

        Raises AgentError cannot_store, not_found.
        """
        found = self.workplaces.get(account)
        if found is not None:
            return found
        self.directory.get(account)
        store = self._writer.open(self._profile.work(account), WORK).result()
        workplace = Workplace(
            account,
            store=store,
            spool_folder=self._profile.spool(account),
            asker=Asker(account, self.directory, self.tokens, self.transport),
            check_server=self.check_server,
            clock=self._clock,
            ticker=self._ticker,
            changed=lambda *what: self._workplace_changed(account, *what),
            happened=lambda event: self.logs.emit(account, event),
        )
        workplace.senses = self._senses
        self.workplaces[account] = workplace
        if paused:
            workplace.rounds.pause(paused=True)
        workplace.begin()
        absences.begin(workplace)
        self.logs.open(account)
        if store.set_aside is not None:
            self.logs.emit(account, StoreSetAside(which="work"))
        return workplace

    def forget(self, account: str, *, unsent_too: bool) -> bool:
        """Delete what this computer keeps of an account that is signed out. What was asked to be erased at the server
        and is not answered stays, with the account's address and keys. False, and nothing is deleted, where something
        is nowhere else, unless `unsent_too`. Raises AgentError cannot_store."""
        workplace = self.workplaces.get(account)
        if workplace is not None:
            absences.end(workplace)
            workplace.close(_ROUND_ENDS_SECONDS)
            if not self.state.on_thread(lambda: self._close_for_good(workplace, unsent_too=unsent_too)).result():
                return False
        kept = {self._profile.telemetry(account)} if self.logs.forget(account) else set()
        delete_all_but(self._profile.account(account), kept)
        self.cookies.delete(account)
        self.state.write(lambda connection: cookies.forget(connection, account)).result()
        if not kept:
            self.directory.remove(account)
        return True

    def _close_for_good(self, workplace: Workplace, *, unsent_too: bool) -> bool:
        """Close its file and delete it, unless something there is nowhere else; whether it is gone. On the thread that
        writes, so that nothing is written between the look and the end."""
        try:
            gone = unsent_too or not workplace.holds_unsent()
        finally:  # its rounds have ended, so whoever needs it next opens it anew
            self.workplaces.pop(workplace.account, None)
            workplace.store.close()
        if gone:
            delete_all_but(self._profile.account(workplace.account), {self._profile.telemetry(workplace.account)})
        return gone

    def telemetry_policy(self, account: str) -> TelemetryPolicy:
        """What the account's organization allows of log data, as far as it is known here."""
        workplace = self.workplaces.get(account)
        if workplace is None:
            return TelemetryPolicy()
        held = workplace.store.read(lambda c: fact(c, POLICY_HELD, PolicyPayload))
        return held.telemetry if held is not None else TelemetryPolicy()

    def check_server(self, account: str, cancellation: Cancellation | None = None) -> Discovery:
        """As SignInService does; whom the server passes log data on to counts at once for what may leave."""
        before = self.directory.get(account).third_parties
        found = self.sign_in.check_server(account, cancellation)
        self._look_at_log_choices(account)
        if found.third_parties != before:
            self._changed("privacy")
        return found

    def allow_third_parties(self, account: str, shown: tuple[ThirdParty, ...] | None) -> None:
        """The person allows what goes to those. Raises AgentError cannot_store."""
        self.directory.choose_third_parties(account, shown)
        self.logs.set_policy(account, self.telemetry_policy(account))

    def close(self) -> None:
        """Stop what is under way; no network, no waiting for it."""
        for workplace in tuple(self.workplaces.values()):
            absences.end(workplace)
            workplace.close()
        logging.getLogger().removeHandler(self._diagnostics)
        self.transport.close()
        self.logs.close()

    def _workplace_changed(self, account: str, *what: str) -> None:
        self._changed(*what)
        if "locations" in what:  # a round ended, and may have brought another policy
            self._look_at_log_choices(account)

    def _look_at_log_choices(self, account: str) -> None:
        with contextlib.suppress(AgentError):  # log data's own trouble, which its view shows; work goes on
            self.logs.set_policy(account, self.telemetry_policy(account))

    def _outside(self, account: str) -> Outside:
        known = next((one for one in self.directory.list() if one.account == account), None)
        if known is None or known.third_parties is None:
            return "untold"
        if not known.third_parties:
            return "nobody"
        return "named" if set(known.third_parties) <= set(known.third_parties_chosen) else "more"

    def _keyring_troubled(self, account: str, trouble: CredentialError) -> None:
        state = keyring_state(trouble)
        if state is not None and self.directory.get(account).credentials == "keyring":
            self.logs.emit(account, KeyringUnavailable(state=state))

    def _current_account(self) -> str | None:
        current = self.directory.current
        return current.account if current is not None else None

    def _identity(self, account: str) -> ServerIdentity:
        known = self.directory.get(account)
        return ServerIdentity(known.organization_id, known.keys)

    def _token_for_logs(self, account: str) -> str:
        try:
            return self.tokens.access_token(account)
        except (SignInNeededError, CredentialError) as error:
            raise AgentError("not_signed_in", error.sentence) from None

    def _load_cookies(self) -> None:
        kept, allowed = self.state.read(cookies.kept), self.state.read(cookies.may_keep_for)
        for one in self.directory.list():
            self.cookies.load(one.account, kept.get(one.account, ()), blocked=one.account not in allowed)

    def _keep_cookie(self, account: str, name: str, cookie: Cookie | None) -> None:
        # Not waited for either: a cookie is a convenience, and what cannot be written ends with the app.
        self.state.write(lambda connection: cookies.keep(connection, account, name, cookie))

    def _count(self, row: EgressRow, host: str, bytes_sent: int | None, at: "datetime") -> None:
        # Not waited for: a full disk must not make a request fail that has been made.
        self.state.write(lambda connection: count_egress(connection, row=row, host=host, bytes_sent=bytes_sent, at=at))


class OpenFailure(msgspec.Struct, frozen=True):
    """Why something could not be opened; `newer`: by a newer version's file."""

    sentence: str
    newer: bool
