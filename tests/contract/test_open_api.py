"""Requests made from the server's own description of itself, sensible and not: none may be answered with a 5xx."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.transport.serialization import serialize_binary

from tests.contract.conftest import _house
from tests.contract.in_process_server import serving
from tests.migrated import migrated_file
from tests.postgres_cluster import Cluster, binaries
from tests.stories import examples

SECONDS = 20


@schemathesis.serializer("application/offset+octet-stream", "application/x-protobuf")
def as_bytes(_context: schemathesis.SerializationContext, value: object) -> bytes:
    """Bodies of bytes go as they are."""
    return serialize_binary(value)


class Asked(NamedTuple):
    """A server that is sent every request, as somebody of its organization."""

    url: str
    headers: dict[str, str]


@pytest.fixture
def servers(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[list[Asked]]:
    """One on each kind of database: to make up a request takes longer than to send it to another server, too."""
    with ExitStack() as stack:
        urls = {"sqlite": migrated_file(tmp_path / "server.db")}
        if binaries() is not None:
            cluster: Cluster = request.getfixturevalue("cluster")
            name = cluster.migrated_database()
            stack.callback(cluster.drop, name)
            urls["postgresql"] = cluster.url(database=name)
        asked = []
        for kind, url in urls.items():
            server = stack.enter_context(serving(tmp_path / kind, url))
            house = _house(server.database, "Harbour Works")
            asked.append(Asked(server.url, {"Authorization": f"Bearer {server.token(house.ana)}"}))
        yield asked


@pytest.mark.hypothesis
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.timeout(900)
def test_nothing_that_is_sent_breaks_the_server(servers: list[Asked], mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_url(f"{servers[0].url}/schema/openapi.json", timeout=SECONDS)
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        tried += _try(found.ok(), mode, servers)
    assert tried >= (14 if mode is GenerationMode.POSITIVE else 8)
    for server in servers:
        assert requests.get(f"{server.url}/health/ready", timeout=SECONDS).status_code == 200


def _try(operation: Any, mode: GenerationMode, servers: list[Asked]) -> bool:
    """Whether there was anything to try: a request without parameters cannot be made wrongly."""
    cases: st.SearchStrategy[Any] = operation.as_strategy(generation_mode=mode)

    @given(case=cases)
    @settings(
        max_examples=examples(5, 30),
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        for server in servers:
            reply = case.call(base_url=server.url, headers=server.headers, timeout=SECONDS)
            assert reply.status_code < 500, f"{case.as_curl_command()} -> {reply.status_code} {reply.text}"

    try:
        send()
    except Unsatisfiable:
        return False
    return True
