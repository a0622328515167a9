"""`POST /v1/sync`."""

import asyncio
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, post
from litestar.concurrency import sync_to_thread
from litestar.datastructures import State
from litestar.params import RawBody

from protocol.sync import MAX_REQUEST_BYTES, OperationResult, SyncRequest, SyncResponse
from server.api.authentication import bearer, provide_actor
from server.api.request_body import SyncOperation, decoded
from server.attendance.arrival import Arrival
from server.sync.crowds import NOTHING_DONE, Crowds, caller_of
from server.sync.envelope import synchronise


@post("/v1/sync", status_code=200, request_max_body_size=MAX_REQUEST_BYTES, operation_class=SyncOperation)
async def sync(request: Request[Any, Any, Any], state: State, body: RawBody) -> Response[bytes]:
    """Keep the operations of the request and answer with what became true since its cursor."""
    # What it works on is no dependency here: to have several of them costs a group of tasks, a tenth of a check-in.
    crowds: Crowds = state.crowds

    def alone(kept: tuple[OperationResult, ...]) -> SyncResponse:
        actor = provide_actor(request, state.database)
        wanted = decoded(body, SyncRequest)
        if kept:
            wanted = msgspec.structs.replace(wanted, operations=())
        arrival = Arrival(mint=state["mint"], address=request.client.host if request.client else "")
        answer = synchronise(state.database, state["keys"], actor, wanted, arrival=arrival)
        return msgspec.structs.replace(answer, results=kept) if kept else answer

    caller = caller_of(bearer(request), body)
    if caller is None:
        return _reply(await sync_to_thread(alone, ()))
    with crowds.under_way() as crowded:
        answered = await asyncio.wrap_future(crowds.submit(caller)) if crowded else NOTHING_DONE
        if answered.response is None:
            return _reply(await sync_to_thread(alone, answered.results))
        return _reply(answered.response)


def _reply(answer: SyncResponse) -> Response[bytes]:
    return Response(msgspec.json.encode(answer), media_type=MediaType.JSON)


routes = [sync]
