"""The log data of one profile, sent by the real transport to a real receiver."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from agent.transport import Transport
from tests.privacy.receiver import Receiver

ACCOUNT = "01a20000-0000-7000-8000-00000000aaaa/01a20000-0000-7000-8000-00000000bbbb"
TOKEN = "member-access-token"

MakeService = Callable[..., LogDataService]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as running:
        yield running


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path / "profile")


@pytest.fixture
def make_service(profile: Profile, receiver: Receiver) -> Iterator[MakeService]:
    """Makes services on the one profile; all are closed at the end."""
    made: list[tuple[LogDataService, Transport]] = []

    def make(**more: object) -> LogDataService:
        transport = more.pop("transport", None) or Transport()
        assert isinstance(transport, Transport)
        keywords = {"environment": {}, "token": lambda _account: TOKEN, **more}
        service = LogDataService(profile, transport, server_url=lambda _account: receiver.url, **keywords)  # type: ignore[arg-type]
        made.append((service, transport))
        return service

    yield make
    for service, transport in made:
        transport.close()
        service.close()


@pytest.fixture
def service(make_service: MakeService) -> LogDataService:
    return make_service()


def later_ms(minutes: float) -> Callable[[], int]:
    """A clock that is ahead."""
    return lambda: int((time.time() + minutes * 60) * 1000)
