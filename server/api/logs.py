"""`POST /v1/installations`, `POST /v1/logs` and `POST /v1/installations/erasure`."""

from typing import Any

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import RawBody

from protocol.discovery import InstallationRequest
from protocol.privacy import VERDICTS_HEADER, LogErasureReply, LogErasureRequest
from server.accounts.minting import Mint
from server.accounts.rationing import begin_registration
from server.api.authentication import bearer
from server.api.request_body import InstallationOperation, LogErasureOperation, LogsOperation, decoded
from server.logs.batches import MAX_BODY, keep_batch, unpack
from server.logs.erasing import erase
from server.logs.installations import installation_of, register
from server.problems import problem
from server.receipts.keys import SigningKeys
from server.relaying.setting_up import Routes
from server.relaying.worker import Relay
from server.storage.database import Actor, Database

_PROTOBUF = "application/x-protobuf"


@post("/v1/installations", sync_to_thread=True, operation_class=InstallationOperation)
def installations(
    actor: NamedDependency[Actor], database: NamedDependency[Database], mint: NamedDependency[Mint], body: RawBody
) -> Response[None]:
    """Register an installation of the caller's organization; which member asked for which is not kept."""
    wanted = decoded(body, InstallationRequest)
    begin_registration(database, mint, actor)
    with database.write(actor.organization_id) as t:
        new = register(t, wanted)
    return Response(None, status_code=201 if new else 200)


@post("/v1/logs", status_code=200, sync_to_thread=True, request_max_body_size=MAX_BODY, operation_class=LogsOperation)
def logs(
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    routes: NamedDependency[Routes],
    relay: NamedDependency[Relay],
    body: RawBody,
) -> Response[bytes]:
    """Keep a batch of log records of an installation, or pass it on."""
    sender = installation_of(database, bearer(request))
    if request.headers.get("content-type", "").partition(";")[0].strip() != _PROTOBUF:
        detail = f"Batches of log data are sent as {_PROTOBUF}. Set the sender to OTLP over HTTP with protobuf."
        raise problem("bad-content-type", 415, "Unsupported Media Type", detail, field="Content-Type")
    batch = unpack(body, request.headers.get("content-encoding", "").strip().lower())
    private = request.headers.get("sec-gpc", "").strip() == "1"
    kept = keep_batch(database, sender, batch, routes, private=private)
    if kept.waiting:
        relay.wake()
    headers = {VERDICTS_HEADER: kept.verdicts} if kept.verdicts else {}
    return Response(kept.reply, media_type=_PROTOBUF, headers=headers)


@post("/v1/installations/erasure", status_code=200, sync_to_thread=True, operation_class=LogErasureOperation)
def erasure(
    request: Request[Any, Any, Any],
    database: NamedDependency[Database],
    keys: NamedDependency[SigningKeys],
    routes: NamedDependency[Routes],
    body: RawBody,
) -> LogErasureReply:
    """Erase what an installation sent, and say so under the server's signature."""
    sender = installation_of(database, bearer(request))
    wanted = decoded(body, LogErasureRequest)
    with database.write(sender.organization_id) as t:
        return LogErasureReply(statement=erase(t, keys, sender, wanted, routes))


routes = [installations, logs, erasure]
