"""Asking the server to erase what was sent, until its signed word is here and holds."""

from collections.abc import Callable
from datetime import UTC, datetime

import msgspec

from agent.errors import AgentError
from agent.logdata.sender import DEADLINE_SECONDS, Sender
from agent.transport import Cancellation, EgressRow, Reply, Transport, TransportError
from protocol.privacy import LogErasurePayload, LogErasureReply, LogErasureRequest
from protocol.statements import ERASURE, PublicKey, SignedStatement
from rules.clock import format_utc, parse_utc
from rules.decoding import UNREADABLE
from rules.statements import StatementError, read_statement
from telemetry.account_log import AccountLog
from telemetry.erasing import Wish, Word
from telemetry.installations import Installation
from telemetry.outcomes import MAX_REPLY_BYTES, Answered, floor_seconds

_NOT_ERASED = "The server answered, but has not said that it erased anything. It is asked again."
_NO_WORD = "The server's answer does not hold, so it does not count. It is asked again."


class ServerIdentity(msgspec.Struct, frozen=True):
    """Whose word counts for an account."""

    organization_id: str
    keys: tuple[PublicKey, ...]


class Eraser:
    """`identity(account)` is what is pinned; `refresh_keys(account)` follows the chain of keys from there and may raise
    TransportError and AgentError. Neither needs anybody to be signed in."""

    def __init__(
        self,
        transport: Transport,
        sender: Sender,
        *,
        server_url: Callable[[str], str],
        identity: Callable[[str], ServerIdentity],
        refresh_keys: Callable[[str], object],
    ) -> None:
        self._transport = transport
        self._sender = sender
        self._server_url = server_url
        self._identity = identity
        self._refresh_keys = refresh_keys

    def ask_due(self, account: str, log: AccountLog, *, everything: bool = False) -> None:
        """Ask for each erasure that is due. Raises StoreError, ClosedError, and then it is asked again."""
        for wish in log.wishes(everything=everything).result():
            try:
                word = self._word(account, wish, self._ask(account, log, wish))
            except _NoWordError as error:
                log.postpone_erasure(wish, error.sentence, error.floor_seconds).result()
            except (TransportError, AgentError) as error:
                log.postpone_erasure(wish, error.sentence, 0.0).result()
            else:
                log.settle_erasure(wish, word).result()

    def _ask(self, account: str, log: AccountLog, wish: Wish) -> Reply:
        """The reply to one wish; an installation that the server does not know is made known first, so that its word
        can be had. That needs somebody to be signed in. Raises _NoWordError where it cannot be made known."""
        reply = self._post(account, wish)
        if reply.status != 401:
            return reply
        installation = Installation(wish.installation_id, wish.secret, registered=False)
        log.registered(wish.installation_id, known=False).result()
        registration = self._sender.register(account, installation, Cancellation(), row=EgressRow.ERASURE)
        if registration.outcome != "known":
            raise _NoWordError(_NOT_ERASED, registration.floor_seconds)
        log.registered(wish.installation_id, known=True).result()
        return self._post(account, wish)

    def _post(self, account: str, wish: Wish) -> Reply:
        request = LogErasureRequest(erasure_id=wish.request_id, categories=wish.categories, before=_before(wish))
        return self._transport.request(
            EgressRow.ERASURE,
            "POST",
            f"{self._server_url(account)}/v1/installations/erasure",
            headers={
                "Authorization": f"Bearer {wish.installation_id}.{wish.secret}",
                "Content-Type": "application/json",
            },
            body=msgspec.json.encode(request),
            deadline=DEADLINE_SECONDS,
            max_reply=MAX_REPLY_BYTES,
            account=account,
        )

    def _word(self, account: str, wish: Wish, reply: Reply) -> Word:
        """The server's word. Raises _NoWordError; TransportError, AgentError where new keys cannot be had."""
        if reply.status != 200:
            floor = floor_seconds(Answered(reply.status, reply.headers, b""), datetime.now(UTC))
            raise _NoWordError(_NOT_ERASED, floor)
        try:
            statement = msgspec.json.decode(reply.body, type=LogErasureReply).statement
        except UNREADABLE:
            raise _NoWordError("The server's answer cannot be read, so it does not count.") from None
        if all(key.kid != statement.kid for key in self._identity(account).keys):
            self._refresh_keys(account)
        identity = self._identity(account)
        try:
            payload = read_statement(statement, identity.keys, ERASURE, LogErasurePayload)
        except StatementError as error:
            raise _NoWordError(f"{_NO_WORD}\n{error}") from None
        if not _is_about(payload, wish, identity):
            raise _NoWordError("The server's answer is about something else, so it does not count.")
        return _counted(payload, statement)


class _NoWordError(Exception):
    """There was an answer, and it is not the server's word that it erased what it was to erase. It wished not to be
    asked again for `floor_seconds`."""

    def __init__(self, sentence: str, floor_seconds: float = 0.0) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.floor_seconds = floor_seconds


def _before(wish: Wish) -> str:
    return format_utc(datetime.fromtimestamp(wish.before_ms / 1000, UTC))


def _is_about(payload: LogErasurePayload, wish: Wish, identity: ServerIdentity) -> bool:
    try:
        before = parse_utc(payload.before)
    except ValueError:
        return False
    return (
        payload.organization_id == identity.organization_id
        and payload.installation_id == wish.installation_id
        and payload.erasure_id == wish.request_id
        and set(payload.categories) >= set(wish.categories)
        and before >= parse_utc(_before(wish))
    )


def _counted(payload: LogErasurePayload, statement: SignedStatement) -> Word:
    relayed: dict[str, int] = {}
    for one in payload.relayed:
        relayed[one.to] = relayed.get(one.to, 0) + one.records
    return Word(
        erased=sum(one.records for one in payload.erased),
        relayed=relayed,
        statement=msgspec.json.encode(statement),
    )
