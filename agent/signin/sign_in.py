"""Signing in by the system browser or an enrolment code, checking who the server is, and signing out."""

import base64
import hashlib
import secrets
from collections.abc import Callable, Mapping
from urllib.parse import urlencode, urlsplit

import msgspec

from agent.accounts.account import Account, CredentialKind, account_id
from agent.accounts.directory import AccountDirectory
from agent.api import AgentError, SignedIn, SignIn
from agent.credentials.os_keyring import KeyringAbsentError
from agent.credentials.store import CredentialError, CredentialStore
from agent.credentials.tokens import TokenRefusedError, TokenSource, request_token
from agent.signin.discovery import fetch_discovery, grown_keys, server_address
from agent.signin.loopback import LoopbackListener
from agent.transport import Cancellation, EgressRow, Transport, TransportError
from protocol.discovery import CLIENT_ID, ENROLMENT_GRANT, Discovery, Me, TokenReply
from protocol.statements import PublicKey
from rules.decoding import UNREADABLE
from rules.sentence import Sentence, together

BROWSER_SECONDS = 300.0
DEADLINE_SECONDS = 20.0
REVOKE_SECONDS = 5.0

OpenExternal = Callable[[str], None]
"""Opens a URL in the person's browser. Raises AgentError unavailable."""


class SignInService:
    """Signs accounts of one profile in and out. Each method blocks, for up to five minutes with a browser; call it on
    a thread that may wait, and `cancel` the cancellation to stop it."""

    def __init__(
        self,
        directory: AccountDirectory,
        stores: Mapping[CredentialKind, CredentialStore],
        tokens: TokenSource,
        transport: Transport,
        open_external: OpenExternal,
    ) -> None:
        self._directory = directory
        self._stores = stores
        self._tokens = tokens
        self._transport = transport
        self._open_external = open_external

    def sign_in(self, command: SignIn, cancellation: Cancellation) -> SignedIn:
        """Add the account and make it the one shown.

        Raises AgentError: usage, refused, cancelled, unavailable (no network, nobody came), cannot_store.
        """
        try:
            return self._sign_in(command, cancellation)
        except TransportError as error:
            raise _stopped(error) from None
        except CredentialError as error:
            raise AgentError("cannot_store", error.sentence) from None

    def check_server(self, account: str, cancellation: Cancellation | None = None) -> Discovery:
        """Fetch the server's keys anew and follow their chain from the pinned ones, which grow by it; and whom it
        passes log data on to.

        Raises UntrustedServerError (nothing may be sent then), AgentError refused, TransportError.
        """
        known = self._directory.get(account)
        found = fetch_discovery(
            self._transport, known.server_url, row=EgressRow.POLICY, cancellation=cancellation, account=account
        )
        keys = grown_keys(known.keys, found, known.server_url)
        if found.server_id != known.server_id:
            raise AgentError(
                "refused",
                Sentence(
                    "Another server now answers at %(server_url)s. Nothing is sent to it; what waits stays saved "
                    "here. Ask your organization for the address of its server.",
                    server_url=known.server_url,
                ),
            )
        if (keys, found.third_parties) != (known.keys, known.third_parties):
            self._directory.learn(account, keys, found.third_parties)
        return found

    def sign_out(self, account: str) -> None:
        """Forget the sign-in here, then tell the server; no answer from it stops that. What waits stays saved.

        Raises AgentError cannot_store when the store does not let go of the token; it is revoked all the same if it
        could be read.
        """
        known = self._directory.get(account)
        self._directory.sign_out(account)
        try:
            token = self._tokens.withdraw(account)
        except CredentialError as error:
            raise AgentError("cannot_store", error.sentence) from None
        if token is not None:
            self._revoke(known, token)

    def _sign_in(self, command: SignIn, cancellation: Cancellation) -> SignedIn:
        server_url = server_address(command.server_url)
        store = self._store_for(command.credentials)
        found = fetch_discovery(self._transport, server_url, row=EgressRow.SIGN_IN, cancellation=cancellation)
        keys = self._keys_for(found, server_url)
        if command.enrolment_code is not None:
            reply = self._enrol(found, command.enrolment_code, cancellation)
        else:
            reply = self._by_browser(found, cancellation)
        me = self._who_am_i(server_url, found, reply.access_token, cancellation)
        again = (one for one in self._directory.list() if one.account == account_id(me.server_id, me.member_id))
        before = next(again, None)
        account = Account(
            server_id=me.server_id,
            member_id=me.member_id,
            server_url=server_url,
            token_endpoint=found.token_endpoint,
            revocation_endpoint=found.revocation_endpoint,
            name=me.name,
            email=me.email,
            organization_id=me.organization_id,
            organization=me.organization,
            keys=keys,
            credentials=store.kind,
            third_parties=found.third_parties,
            third_parties_chosen=before.third_parties_chosen if before is not None else (),
        )
        self._tokens.adopt(account, reply)
        return SignedIn(account=account.account, name=me.name, organization=me.organization)

    def _store_for(self, wished: CredentialKind) -> CredentialStore:
        """The store, found writable before a code is spent; memory where the computer has no keyring at all."""
        store = self._stores[wished]
        try:
            store.check_writable()
        except KeyringAbsentError:
            return self._stores["memory"]
        return store

    def _keys_for(self, found: Discovery, server_url: str) -> tuple[PublicKey, ...]:
        pinned = next((one.keys for one in self._directory.list() if one.server_id == found.server_id), None)
        # The first sign-in trusts what TLS brought; from then on only a chain from that.
        return grown_keys(found.keys if pinned is None else pinned, found, server_url)

    def _enrol(self, found: Discovery, code: str, cancellation: Cancellation) -> TokenReply:
        fields = {"grant_type": ENROLMENT_GRANT, "code": code.strip(), "client_id": CLIENT_ID}
        try:
            return request_token(self._transport, found.token_endpoint, fields, cancellation)
        except TokenRefusedError:
            raise AgentError(
                "refused", "This code is not valid: it was used, has run out or was mistyped. Ask for a new one."
            ) from None

    def _by_browser(self, found: Discovery, cancellation: Cancellation) -> TokenReply:
        state, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(64)
        with LoopbackListener(state, found.issuer) as listener:
            query = {
                "response_type": "code",
                "client_id": CLIENT_ID,
                "redirect_uri": listener.redirect_uri,
                "state": state,
                "code_challenge": pkce_challenge(verifier),
                "code_challenge_method": "S256",
            }
            try:
                self._open_external(f"{found.authorization_endpoint}?{urlencode(query)}")
            except AgentError:
                # Its address is of no use to the person: this sign-in, and the port it answers to, end here.
                raise AgentError(
                    "unavailable",
                    "No browser could be opened on this computer, so signing in was stopped. Choose a browser in the "
                    "system's settings, or ask your organization for an enrolment code and sign in with that.",
                ) from None
            code = listener.wait(BROWSER_SECONDS, cancellation)
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": listener.redirect_uri,
            "client_id": CLIENT_ID,
            "code_verifier": verifier,
        }
        try:
            return request_token(self._transport, found.token_endpoint, fields, cancellation)
        except TokenRefusedError:
            raise AgentError("refused", "The server did not accept the sign-in. Sign in again.") from None

    def _who_am_i(self, server_url: str, found: Discovery, token: str, cancellation: Cancellation) -> Me:
        reply = self._transport.request(
            EgressRow.SIGN_IN,
            "GET",
            f"{server_url}/v1/me",
            headers={"Authorization": f"Bearer {token}", "Accept": "application/json"},
            deadline=DEADLINE_SECONDS,
            cancellation=cancellation,
        )
        host = urlsplit(server_url).hostname
        try:
            me = msgspec.json.decode(reply.body, type=Me) if reply.status == 200 else None
        except UNREADABLE:
            me = None
        if me is None or me.server_id != found.server_id:
            raise AgentError(
                "refused",
                Sentence(
                    "%(host)s did not say who signed in (it answered %(status)s). Sign in again.",
                    host=host,
                    status=reply.status,
                ),
            )
        return me

    def _revoke(self, account: Account, token: str) -> None:
        try:
            self._transport.request(
                EgressRow.SIGN_IN,
                "POST",
                account.revocation_endpoint,
                headers={"Content-Type": "application/x-www-form-urlencoded"},
                body=urlencode({"token": token}).encode(),
                deadline=REVOKE_SECONDS,
                account=account.account,
            )
        except TransportError:
            return  # the token is gone from this computer, and the server lets it run out


def _stopped(error: TransportError) -> AgentError:
    """Nobody is signed in yet, so nothing waits and nothing is tried again: the next step is the person's."""
    if error.kind in ("unreachable", "timeout"):
        next_step = "Check the address and this computer's connection, or try again later."
        return AgentError("unavailable", together(error.sentence, next_step))
    return AgentError("cancelled" if error.kind == "cancelled" else "unavailable", error.sentence)


def pkce_challenge(verifier: str) -> str:
    """RFC 7636, S256."""
    return base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=").decode()
