"""The real agent records its own work once that is granted, and nothing before; its warnings become diagnostics."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.api import PrivacyView, RecordAttendance, Recorded, SetConsent, ShowPrivacy, UndoAttendance
from tests.integration.agent.at_work import AtWork, at_work
from tests.live_server import LiveServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path_factory.mktemp("events")) as running:
        yield running


def queued(one: AtWork) -> dict[str, int]:
    """What waits per category, once all that was recorded is on disk."""
    rooms = one.agent._rooms
    assert rooms is not None
    rooms.logs.flush()
    view: PrivacyView = one.look(ShowPrivacy(account=one.account))
    return {category.category: category.queued for category in view.categories}


def test_work_and_faults_are_recorded_only_under_a_grant(
    server: LiveServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with at_work(tmp_path / "profile", server) as one:
        handlers = list(logging.getLogger().handlers)
        one.do(RecordAttendance(account=one.account, kind="check_in", note="At the pier"))
        one.file("Everything was quiet.")
        logging.getLogger("agent.sync").warning("It broke at %s.", "the pier")
        assert queued(one) == {"diagnostics": 0, "usage": 0, "third_party": 0}
        assert not one.profile.telemetry(one.account).exists()

        one.do(SetConsent(account=one.account, category="usage", state="granted"))
        recorded: Recorded = one.do(RecordAttendance(account=one.account, kind="check_in", note="At the pier"))
        one.do(UndoAttendance(account=one.account, event_id=recorded.event_id))
        one.file("The crane is repaired.")
        logging.getLogger("agent.sync").warning("It broke at %s.", "the pier")
        assert queued(one) == {"diagnostics": 0, "usage": 3, "third_party": 0}

        one.do(SetConsent(account=one.account, category="diagnostics", state="granted"))
        logging.getLogger("agent.sync").warning("It broke at %s.", "the pier")
        assert queued(one) == {"diagnostics": 1, "usage": 3, "third_party": 0}
        for file in one.profile.account(one.account).glob("telemetry.db*"):
            assert b"pier" not in file.read_bytes()
            assert b"crane" not in file.read_bytes()
        one.do(SetConsent(account=one.account, category="usage", state="denied"))
        assert queued(one)["usage"] == 0
    assert len(logging.getLogger().handlers) == len(handlers) - 1, "the handler goes with the agent"
    assert "It broke" in caplog.text
