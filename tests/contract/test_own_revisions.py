"""What one device wrote, another of the same person reads; nobody else does."""

import msgspec
import requests

from protocol.problems import Problem
from protocol.sync import SyncRequest
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id
from tests.contract.in_process_server import InProcessServer

SECONDS = 20


def test_the_same_bytes_for_the_author_alone(live: InProcessServer, house: House, clock: Clock) -> None:
    body = make.revision(clock.now, "Pump 3 leaks – größer", media=(make.photo(b"pump"),))
    sent = make.revise(body)
    ana, ben = ({"Authorization": f"Bearer {live.token(one)}"} for one in (house.ana, house.ben))
    request = msgspec.json.encode(SyncRequest(operations=(sent,)))
    json = {"Content-Type": "application/json"}
    assert requests.post(f"{live.url}/v1/sync", data=request, headers=ana | json, timeout=SECONDS).ok
    address = f"{live.url}/v1/reports/{body.instance_id}/revisions/{body.revision_id}"
    reply = requests.get(address, headers=ana, timeout=SECONDS)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/json")
    assert reply.content == bytes(sent.body)
    assert "no-store" in reply.headers["cache-control"]
    for path, who in (
        (f"{body.instance_id}/revisions/{body.revision_id}", ben),
        (f"{new_id()}/revisions/{body.revision_id}", ana),
        (f"{body.instance_id}/revisions/{new_id()}", ana),
        (f"{body.instance_id}/revisions/x%00y", ana),
    ):
        refused = requests.get(f"{live.url}/v1/reports/{path}", headers=who, timeout=SECONDS)
        assert refused.status_code == 404
        assert "not here, or is not yours" in msgspec.json.decode(refused.content, type=Problem).detail
    assert requests.get(address, timeout=SECONDS).status_code == 401
