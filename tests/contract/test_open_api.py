"""Requests made from the server's own description of itself, sensible and not: none may be answered with a 5xx."""

from typing import Any

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from tests.contract.conftest import House
from tests.contract.live_server import LiveServer

EXAMPLES = 40
SECONDS = 20


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("signed_in", [True, False], ids=["member", "anyone"])
@pytest.mark.timeout(300)
def test_nothing_that_is_sent_breaks_the_server(
    live: LiveServer, house: House, mode: GenerationMode, signed_in: bool
) -> None:
    schema = schemathesis.openapi.from_url(f"{live.url}/schema/openapi.json", timeout=SECONDS)
    headers = live.bearer(house.ana) if signed_in else {}
    tried = 0
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        _try(found.ok(), mode, headers)
        tried += 1
    assert tried >= 14
    assert requests.get(f"{live.url}/health/ready", timeout=SECONDS).status_code == 200


def _try(operation: Any, mode: GenerationMode, headers: dict[str, str]) -> None:
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

    send()
