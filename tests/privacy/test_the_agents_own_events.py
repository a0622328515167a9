"""The real agent records its own work once that is granted, and nothing before; its warnings become diagnostics."""

import logging
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from agent.accounts.account import CredentialKind
from agent.api import (
    DismissPrivacyCard,
    PrivacyView,
    RecordAttendance,
    Recorded,
    SetConsent,
    ShowPrivacy,
    ShowStatus,
    SignIn,
    UndoAttendance,
)
from agent.credentials.store import CredentialError, MemoryStore
from desktop.started import tell_started
from tests.integration.agent.at_work import AtWork, at_work
from tests.live_server import LiveServer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path_factory.mktemp("events")) as running:
        yield running


def recorded(one: AtWork) -> list[str]:
    """The events that wait, by name, once all is on disk; without rounds of sync, which come when they come."""
    rooms = one.agent._rooms
    assert rooms is not None
    rooms.logs.flush()
    with closing(sqlite3.connect(f"{one.profile.telemetry(one.account).as_uri()}?mode=ro", uri=True)) as connection:
        rows = connection.execute("SELECT body FROM record ORDER BY seq").fetchall()
    names = [LogRecord.FromString(body).event_name for (body,) in rows]
    return [name for name in names if name != "sync.finished"]


class LockedLater(MemoryStore):
    """A keyring that a person locks between two starts."""

    kind: CredentialKind = "keyring"
    locked = False

    def read(self, key: str) -> str | None:
        if self.locked:
            raise CredentialError("locked", "Unlock the keyring.")
        return super().read(key)


def test_a_start_and_a_locked_keyring_are_recorded_under_a_grant(server: LiveServer, tmp_path: Path) -> None:
    keyring = LockedLater()
    with at_work(tmp_path / "profile", keyring=keyring) as one:
        code = server.enrol(server.facts["worker"][1][0])
        one.account = one.do(SignIn(server_url=server.url, enrolment_code=code)).account
        tell_started(one.agent, "tray")
        one.look(ShowStatus())
        for category in ("usage", "diagnostics"):
            one.do(SetConsent(account=one.account, category=category, state="granted"))
        assert recorded(one) == []
        account = one.account
    keyring.locked = True
    with at_work(tmp_path / "profile", keyring=keyring) as one:
        one.account = account
        one.until(lambda snapshot: any(view.credentials == "locked" for view in snapshot.accounts))
        tell_started(one.agent, "headless")
        one.look(ShowStatus())
        one.do(DismissPrivacyCard(account=account))  # the lane that records has passed this, too
        assert sorted(recorded(one)) == ["app.started", "keyring.unavailable"]


def test_work_and_faults_are_recorded_only_under_a_grant(
    server: LiveServer, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with at_work(tmp_path / "profile", server) as one:
        handlers = list(logging.getLogger().handlers)
        one.do(RecordAttendance(account=one.account, kind="check_in", note="At the pier"))
        one.file("Everything was quiet.")
        logging.getLogger("agent.sync").warning("It broke at %s.", "the pier")
        view: PrivacyView = one.look(ShowPrivacy(account=one.account))
        assert [category.queued for category in view.categories] == [0, 0, 0]
        assert not one.profile.telemetry(one.account).exists()

        one.do(SetConsent(account=one.account, category="usage", state="granted"))
        checked_in: Recorded = one.do(RecordAttendance(account=one.account, kind="check_in", note="At the pier"))
        one.do(UndoAttendance(account=one.account, event_id=checked_in.event_id))
        one.file("The crane is repaired.")
        logging.getLogger("agent.sync").warning("It broke at %s.", "the pier")
        of_usage = ["attendance.recorded", "attendance.recorded", "report.sent"]
        assert recorded(one) == of_usage

        one.do(SetConsent(account=one.account, category="diagnostics", state="granted"))
        logging.getLogger("agent.sync").warning("It broke at %s.", "the pier")
        assert recorded(one) == [*of_usage, "error.reported"]
        for file in one.profile.account(one.account).glob("telemetry.db*"):
            assert b"pier" not in file.read_bytes()
            assert b"crane" not in file.read_bytes()
        one.do(SetConsent(account=one.account, category="usage", state="denied"))
        assert recorded(one) == ["error.reported"]
    assert len(logging.getLogger().handlers) == len(handlers) - 1, "the handler goes with the agent"
    assert "It broke" in caplog.text
