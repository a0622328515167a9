"""`POST /v1/sync`."""

import msgspec
from litestar import MediaType, Response, post
from litestar.di import NamedDependency
from litestar.params import RawBody

from protocol.sync import MAX_REQUEST_BYTES, SyncRequest
from server.api.request_body import SyncOperation, decoded
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
    actor: NamedDependency[Actor],
    database: NamedDependency[Database],
    keys: NamedDependency[SigningKeys],
    body: RawBody,
) -> Response[bytes]:
    """Keep the operations of the request and answer with what became true since its cursor."""
    answer = synchronise(database, keys, actor, decoded(body, SyncRequest))
    return Response(msgspec.json.encode(answer), media_type=MediaType.JSON)


routes = [sync]
