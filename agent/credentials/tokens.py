"""Access tokens: one in memory for each account, and the one place that turns a refresh token into its successor.

The order is: the store can be written → refresh → write the successor → use. Until the successor is first used, the
server answers the previous token with that same successor; so a process that dies at any of these steps starts again
from whichever token the store holds, and stays signed in.
"""

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

import msgspec

from agent.accounts.account import Account, CredentialKind
from agent.accounts.directory import AccountDirectory
from agent.api import CredentialState
from agent.credentials.store import CredentialError, CredentialStore
from agent.transport import Cancellation, EgressRow, Reply, Transport, TransportError
from protocol.discovery import CLIENT_ID, TokenError, TokenReply
from rules.decoding import UNREADABLE
from rules.sentence import Sentence

DEADLINE_SECONDS = 30.0
EXPIRY_MARGIN_SECONDS = 30.0
MAX_TOKEN_REPLY = 64 * 1024


class SignInNeededError(Exception):
    """The account has no sign-in that the server accepts; what waits stays saved."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class TokenRefusedError(Exception):
    """The server's OAuth error: `error` is its code, such as invalid_grant."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


class TokenTroubleError(TransportError):
    """The server answered a request for a token with something else: try again later."""

    def __init__(self, status: int) -> None:
        super().__init__("unreachable", Sentence("The server gave no sign-in (it answered %(status)s).", status=status))
        self.status = status


class _Access(msgspec.Struct, frozen=True):
    """`until` is on the monotonic clock, in seconds. A plain repr would show the token."""

    token: str
    until: float

    def __repr__(self) -> str:
        return "_Access(…)"


class _Slot:
    """What is known of one account's tokens; `lock` is held for a whole refresh, so that there is one at a time."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.access: _Access | None = None
        self.state: CredentialState = "checking"
        self.sentence = ""
        self.refused = False
        self.refreshing: Cancellation | None = None


class TokenSource:
    """Access tokens for the accounts of `directory`; `stores` holds a store for each kind. Safe from any thread.

    `troubled` hears once when an account's store cannot be used any more, on the thread that found out.
    """

    def __init__(
        self,
        directory: AccountDirectory,
        stores: Mapping[CredentialKind, CredentialStore],
        transport: Transport,
        *,
        troubled: Callable[[str, CredentialError], None] = lambda _account, _trouble: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._directory = directory
        self._stores = stores
        self._transport = transport
        self._troubled = troubled
        self._clock = clock
        self._lock = threading.Lock()
        self._slots: dict[str, _Slot] = {}

    def access_token(self, account: str, cancellation: Cancellation | None = None) -> str:
        """A token good for at least EXPIRY_MARGIN_SECONDS. Blocks for a refresh when there is none.

        Raises SignInNeededError, CredentialError (the store is locked or broken), TransportError.
        """
        slot = self._slot(account)
        with slot.lock:
            if slot.access is not None and self._clock() < slot.access.until:
                return slot.access.token
            slot.refreshing = Cancellation()
            detach = cancellation.attach(slot.refreshing.cancel) if cancellation is not None else None
            try:
                return self._refresh(self._directory.get(account), slot, slot.refreshing)
            finally:
                slot.refreshing = None
                if detach is not None:
                    detach()

    def rejected(self, account: str, token: str) -> None:
        """The server answered 401 to `token`: do not hand it out again. A newer one is not touched."""
        slot = self._slot(account)
        with slot.lock:
            if slot.access is not None and slot.access.token == token:
                slot.access = None

    def adopt(self, account: Account, reply: TokenReply) -> None:
        """A fresh sign-in: keep its refresh token, then the account, which is shown from now on.

        Raises CredentialError, AgentError cannot_store; then the account is as it was.
        """
        slot = self._slot(account.account)
        with slot.lock:
            self._stores[account.credentials].write(account.account, reply.refresh_token)
            before = next((one for one in self._directory.list() if one.account == account.account), None)
            self._directory.put(account)
            self._accept(slot, reply, account.credentials)
            if before is not None and before.credentials != account.credentials:
                with contextlib.suppress(CredentialError):  # a token nobody will use; the new sign-in stands
                    self._stores[before.credentials].delete(account.account)

    def withdraw(self, account: str) -> str | None:
        """Forget both tokens, as for signing out; the refresh token, to be revoked. A refresh under way is stopped.

        Raises CredentialError when the store does not let go of it; the access token is forgotten all the same.
        """
        slot = self._slot(account)
        refreshing = slot.refreshing
        if refreshing is not None:
            refreshing.cancel()
        with slot.lock:
            slot.access, slot.state, slot.sentence = None, "none", ""
            store = self._stores[self._directory.get(account).credentials]
            try:
                present = store.read(account)
                store.delete(account)
            except CredentialError as error:
                slot.state, slot.sentence = error.state, error.sentence
                raise
            return present

    def state(self, account: str) -> tuple[CredentialState, str]:
        """Where the sign-in is kept or what is wrong with that store, as last seen, and the sentence for a person."""
        slot = self._slot(account)
        return slot.state, slot.sentence

    def sign_in_needed(self, account: str) -> bool:
        """Whether only signing in again helps, as last seen."""
        return self._slot(account).refused

    def _slot(self, account: str) -> _Slot:
        with self._lock:
            return self._slots.setdefault(account, _Slot())

    def _refresh(self, account: Account, slot: _Slot, cancellation: Cancellation) -> str:
        if account.signed_out or slot.refused:
            raise SignInNeededError(_sign_in_again(account))
        store = self._stores[account.credentials]
        try:
            present = store.read(account.account)
            if present is None:
                slot.refused, slot.state = True, "none"
                raise SignInNeededError(_sign_in_again(account))
            store.check_writable()
            reply = self._exchange(account, present, cancellation)
            if reply.refresh_token != present:
                store.write(account.account, reply.refresh_token)
        except CredentialError as trouble:
            new = slot.state != trouble.state
            slot.state, slot.sentence = trouble.state, trouble.sentence
            if new:
                self._troubled(account.account, trouble)
            raise
        except TokenRefusedError as refused:
            if refused.error != "invalid_grant":
                raise TokenTroubleError(400) from None
            slot.refused = True
            raise SignInNeededError(_sign_in_again(account)) from None
        self._accept(slot, reply, account.credentials)
        return reply.access_token

    def _exchange(self, account: Account, present: str, cancellation: Cancellation) -> TokenReply:
        fields = {"grant_type": "refresh_token", "refresh_token": present, "client_id": CLIENT_ID}
        return request_token(self._transport, account.token_endpoint, fields, cancellation, account.account)

    def _accept(self, slot: _Slot, reply: TokenReply, kind: CredentialKind) -> None:
        # A token that lives no longer than the margin is used once and then renewed, rather than never.
        slot.access = _Access(reply.access_token, self._clock() + reply.expires_in - EXPIRY_MARGIN_SECONDS)
        slot.refused, slot.state, slot.sentence = False, kind, ""


def request_token(
    transport: Transport,
    endpoint: str,
    fields: Mapping[str, str],
    cancellation: Cancellation | None,
    account: str = "",
) -> TokenReply:
    """`POST /oauth/token`. Raises TokenRefusedError, TransportError (TokenTroubleError: no answer of OAuth)."""
    reply = transport.request(
        EgressRow.SIGN_IN,
        "POST",
        endpoint,
        headers={"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"},
        body=urlencode(fields).encode(),
        deadline=DEADLINE_SECONDS,
        max_reply=MAX_TOKEN_REPLY,
        cancellation=cancellation,
        account=account,
    )
    return _read_token(reply)


def _read_token(reply: Reply) -> TokenReply:
    try:
        if reply.status == 200:
            return msgspec.json.decode(reply.body, type=TokenReply)
        if reply.status in {400, 401}:
            raise TokenRefusedError(msgspec.json.decode(reply.body, type=TokenError).error)
    except UNREADABLE:
        # Neither the reply nor the decoder's words are passed on: they may hold a token.
        raise TokenTroubleError(reply.status) from None
    raise TokenTroubleError(reply.status)


def _sign_in_again(account: Account) -> str:
    if account.credentials == "memory" and not account.signed_out:
        return Sentence(
            "This computer has no keyring, so the sign-in of %(name)s ended when Miratag closed. Sign in "
            "again; what waits is saved here and goes out then.",
            name=account.name,
        )
    return Sentence("Sign in again as %(name)s to send what waits. It is saved here until then.", name=account.name)
