"""The requests of log data. Neither the id nor the secret ever travels with a member's name, but for one moment:
registering, where the server checks that a member asks and keeps no link."""

import hashlib
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Literal
from urllib.parse import urlsplit

import msgspec

from agent.transport import Cancellation, EgressRow, Transport, TransportError
from protocol.discovery import InstallationRequest
from telemetry.batches import Batch
from telemetry.installations import Installation
from telemetry.outcomes import MAX_REPLY_BYTES, Answered, Unanswered, floor_seconds
from telemetry.passing import Ending

DEADLINE_SECONDS = 30.0


class Registration(msgspec.Struct, frozen=True):
    """What became of one. "taken": another secret holds the id, so another id is needed; "failed": not now, and not
    before `floor_seconds`."""

    outcome: Literal["known", "taken", "failed"]
    floor_seconds: float = 0.0


class Sender:
    """Makes the requests for any account. `server_url(account)` has no trailing slash; `token(account)` is the member's
    access token and may raise AgentError."""

    def __init__(self, transport: Transport, *, server_url: Callable[[str], str], token: Callable[[str], str]) -> None:
        self._transport = transport
        self._server_url = server_url
        self._token = token

    def host(self, account: str) -> str:
        """Where the account's log data goes. Raises AgentError not_found."""
        return urlsplit(self._server_url(account)).hostname or ""

    def register(
        self,
        account: str,
        installation: Installation,
        cancellation: Cancellation,
        *,
        row: EgressRow,
    ) -> Registration:
        """Make the installation known, for the sake of `row`.

        Raises TransportError, AgentError.
        """
        request = InstallationRequest(
            installation_id=installation.installation_id,
            secret_sha256=hashlib.sha256(installation.secret.encode()).hexdigest(),
        )
        reply = self._transport.request(
            row,
            "POST",
            f"{self._server_url(account)}/v1/installations",
            headers={"Authorization": f"Bearer {self._token(account)}", "Content-Type": "application/json"},
            body=msgspec.json.encode(request),
            deadline=DEADLINE_SECONDS,
            max_reply=MAX_REPLY_BYTES,
            cancellation=cancellation,
            account=account,
        )
        if reply.status in (200, 201):
            return Registration("known")
        if reply.status == 409:
            return Registration("taken")
        return Registration("failed", floor_seconds(Answered(reply.status, reply.headers, b""), datetime.now(UTC)))

    def send(self, account: str, batch: Batch, cancellation: Cancellation) -> Answered | Unanswered:
        """One attempt; the reply whatever it was."""
        try:
            reply = self._transport.request(
                row_of(batch),
                "POST",
                f"{self._server_url(account)}/v1/logs",
                headers={
                    "Authorization": f"Bearer {batch.installation.installation_id}.{batch.installation.secret}",
                    "Content-Type": "application/x-protobuf",
                    "Content-Encoding": "gzip",
                },
                body=batch.body,
                deadline=DEADLINE_SECONDS,
                max_reply=MAX_REPLY_BYTES,
                cancellation=cancellation,
                account=account,
            )
        except TransportError as error:
            return Unanswered(began=error.kind != "tls")
        return Answered(reply.status, reply.headers, reply.body)

    def end_passing_on(self, account: str, ending: Ending) -> float | None:
        """An empty batch that says that nothing of this installation goes to third parties any more, also not what the
        server still holds; it says so even if that has been allowed again since. None once the server has heard it, or
        knows no such installation; else the seconds that it wishes to be left alone.

        Raises TransportError, AgentError.
        """
        reply = self._transport.request(
            EgressRow.THIRD_PARTY,
            "POST",
            f"{self._server_url(account)}/v1/logs",
            headers={
                "Authorization": f"Bearer {ending.installation_id}.{ending.secret}",
                "Content-Type": "application/x-protobuf",
                "Sec-GPC": "1",
            },
            body=b"",  # an ExportLogsServiceRequest without a record
            deadline=DEADLINE_SECONDS,
            max_reply=MAX_REPLY_BYTES,
            account=account,
        )
        if 200 <= reply.status < 300 or reply.status == 401:
            return None
        return floor_seconds(Answered(reply.status, reply.headers, b""), datetime.now(UTC))


def row_of(batch: Batch) -> EgressRow:
    """What is to be passed on to a third party is told apart from what stays with the organization."""
    return EgressRow.THIRD_PARTY if batch.category == "third_party" else EgressRow.LOG_DATA
