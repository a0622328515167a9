"""One demo server for tests that leave it as good as it was; those that kill servers start their own."""

from collections.abc import Iterator

import pytest

from tests.live_server import LiveServer


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path_factory.mktemp("server")) as started:
        yield started
