"""Requests in an account's name: its token, renewed once, and the trouble that ends a round."""

from collections.abc import Mapping

from agent.accounts.account import Account
from agent.accounts.directory import AccountDirectory
from agent.api import LinkState
from agent.credentials.store import CredentialError
from agent.credentials.tokens import SignInNeededError, TokenSource
from agent.transport import MAX_REPLY, Cancellation, EgressRow, Reply, Sink, Transport, TransportError
from rules.sentence import Sentence


class LinkTrouble(Exception):  # noqa: N818 # it is a state of the connection, not a fault of the program
    """The round ends here; what waits stays. `wait` is seconds the server asked for, None: as back-off says."""

    def __init__(self, link: LinkState, sentence: str, wait: float | None = None) -> None:
        super().__init__(sentence)
        self.link: LinkState = link
        self.sentence = sentence
        self.wait = wait


class RoundCancelledError(Exception):
    """Somebody stopped the round: the app closes, sending was paused, or the person signed out."""


def link_trouble(error: TransportError) -> LinkTrouble:
    """What no reply means for the connection. Raises RoundCancelledError when somebody stopped the request."""
    if error.kind == "cancelled":
        raise RoundCancelledError from None
    if error.kind == "tls":
        return LinkTrouble("untrusted", error.sentence)
    return LinkTrouble("server_trouble" if error.kind == "too_large" else "offline", error.sentence)


class Asker:
    """Makes requests for one account; never for another."""

    def __init__(self, account: str, directory: AccountDirectory, tokens: TokenSource, transport: Transport) -> None:
        self._account = account
        self._directory = directory
        self._tokens = tokens
        self._transport = transport

    @property
    def account(self) -> Account:
        """Who asks, as the directory has it now."""
        return self._directory.get(self._account)

    def ask(
        self,
        row: EgressRow,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str],
        body: bytes | None = None,
        deadline: float,
        cancellation: Cancellation,
        into: Sink | None = None,
        max_reply: int = MAX_REPLY,
    ) -> Reply:
        """The reply, of any status but 401; `url` is absolute. `deadline` is seconds, `max_reply` bytes; `into` see
        Transport.

        Raises LinkTrouble, RoundCancelledError.
        """
        for _ in range(2):
            token = self._token(cancellation)
            try:
                reply = self._transport.request(
                    row,
                    method,
                    url,
                    headers={**headers, "Authorization": f"Bearer {token}"},
                    body=body,
                    deadline=deadline,
                    cancellation=cancellation,
                    account=self._account,
                    into=into,
                    max_reply=max_reply,
                )
            except TransportError as error:
                raise link_trouble(error) from None
            if reply.status != 401:
                return reply
            self._tokens.rejected(self._account, token)
        raise LinkTrouble(
            "sign_in_needed",
            Sentence(
                "Sign in again as %(name)s to send what waits. It is saved here until then.", name=self.account.name
            ),
        )

    def _token(self, cancellation: Cancellation) -> str:
        try:
            return self._tokens.access_token(self._account, cancellation)
        except (SignInNeededError, CredentialError) as error:
            raise LinkTrouble("sign_in_needed", error.sentence) from None
        except TransportError as error:
            raise link_trouble(error) from None
