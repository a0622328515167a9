"""`POST /v1/sync`."""

from typing import Any

import msgspec
from litestar import MediaType, Request, Response, post
from litestar.di import NamedDependency
from litestar.params import RawBody

from protocol.sync import MAX_REQUEST_BYTES, SyncRequest
from server.accounts.minting import Mint
from server.api.request_body import SyncOperation, decoded
from server.attendance.arrival import Arrival
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database
from server.sync.envelope import synchronise


@post(
    "/v1/sync",
    status_code=200,
    sync_to_thread=True,
    request_max_body_size=MAX_REQUEST_BYTES,
    operation_class=SyncOperation,
)
def sync(
    *,
    request: Request[Any, Any, Any],
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    keys: NamedDependency[SigningKeys],
    mint: NamedDependency[Mint],
    body: RawBody,
) -> Response[bytes]:
    """Keep the operations of the request and answer with what became true since its cursor."""
    arrival = Arrival(mint=mint, address=request.client.host if request.client else "")
    answer = synchronise(database, keys, actor, decoded(body, SyncRequest), arrival=arrival)
    return Response(msgspec.json.encode(answer), media_type=MediaType.JSON)


routes = [sync]
