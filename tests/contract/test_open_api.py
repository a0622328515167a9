"""Requests made from the server's own description of itself, sensible and not: none may be answered with a 5xx."""

from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.transport.serialization import serialize_binary

from tests.contract.conftest import House
from tests.contract.in_process_server import InProcessServer

EXAMPLES = 12
SECONDS = 20


@schemathesis.serializer("application/offset+octet-stream", "application/x-protobuf")
def as_bytes(_context: schemathesis.SerializationContext, value: object) -> bytes:
    """Bodies of bytes go as they are."""
    return serialize_binary(value)


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.timeout(300)
def test_nothing_that_is_sent_breaks_the_server(live: InProcessServer, house: House, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_url(f"{live.url}/schema/openapi.json", timeout=SECONDS)
    headers = {"Authorization": f"Bearer {live.token(house.ana)}"}
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        tried += _try(found.ok(), mode, headers)
    assert tried >= (14 if mode is GenerationMode.POSITIVE else 8)
    assert requests.get(f"{live.url}/health/ready", timeout=SECONDS).status_code == 200


def _try(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> bool:
    """Whether there was anything to try: a request without parameters cannot be made wrongly."""
    cases: st.SearchStrategy[Any] = operation.as_strategy(generation_mode=mode)

    @given(case=cases)
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Any) -> None:
        reply = case.call(headers=headers, timeout=SECONDS)
        assert reply.status_code < 500, f"{case.as_curl_command()} -> {reply.status_code} {reply.text}"

    try:
        send()
    except Unsatisfiable:
        return False
    return True
