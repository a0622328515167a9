"""Before a person chose there is no file, nothing recorded and nothing sent."""

from pathlib import Path

import pytest

from agent.api import AgentError
from agent.logdata.service import LogDataService
from agent.store.profile import Profile
from protocol.statements import TelemetryPolicy
from telemetry.catalog.events import AppStarted
from tests.privacy.conftest import ACCOUNT, MakeService
from tests.privacy.receiver import Receiver


def files(folder: Path) -> list[str]:
    return sorted(str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file())


def test_unknown_leaves_no_file_and_makes_no_request(
    service: LogDataService, profile: Profile, receiver: Receiver
) -> None:
    service.open(ACCOUNT)
    for _ in range(50):
        service.emit(ACCOUNT, AppStarted(surface="tray"))
        service.record(ACCOUNT, "sync.finished", {"outcome": "done", "duration_ms": 5})
    service.flush()
    assert all(not one.effective and one.state == "unknown" and one.queued == 0 for one in service.view(ACCOUNT))
    assert service.next_due() is None
    assert service.send_due(everything=True) == 0
    assert receiver.arrivals == []
    assert not profile.path.exists()


def test_only_what_is_granted_and_only_for_that_account(service: LogDataService, receiver: Receiver) -> None:
    service.set_consent(ACCOUNT, "diagnostics", "granted")
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.emit("another/person", AppStarted(surface="tray"))
    service.record(ACCOUNT, "keyring.unavailable", {"state": "locked"})
    service.flush()
    queued = {one.category: one.queued for one in service.view(ACCOUNT)}
    assert queued == {"diagnostics": 1, "usage": 0, "third_party": 0}
    assert all(one.queued == 0 for one in service.view("another/person"))


def test_what_the_catalog_does_not_know_is_not_recorded(service: LogDataService) -> None:
    service.set_consent(ACCOUNT, "usage", "granted")
    service.record(ACCOUNT, "app.spied", {"what": "everything"})
    service.record(ACCOUNT, "app.started", {"surface": "tray", "note": "free text"})
    service.record(ACCOUNT, "app.started", {"surface": "somewhere secret"})
    service.flush()
    assert {one.category: one.queued for one in service.view(ACCOUNT)}["usage"] == 0


def test_a_denial_lasts(make_service: MakeService) -> None:
    first = make_service()
    first.set_consent(ACCOUNT, "usage", "denied")
    first.close()
    assert {one.category: one.state for one in make_service().view(ACCOUNT)}["usage"] == "denied"


def test_files_are_for_this_user_alone(service: LogDataService, profile: Profile) -> None:
    service.set_consent(ACCOUNT, "usage", "granted")
    service.flush()
    folder = profile.account(ACCOUNT)
    assert {one.stat().st_mode & 0o777 for one in folder.iterdir()} == {0o600}
    assert folder.stat().st_mode & 0o777 == 0o700


def test_do_not_track_keeps_everything_off_and_says_so(make_service: MakeService, receiver: Receiver) -> None:
    service = make_service()
    service.set_consent(ACCOUNT, "usage", "granted")
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.close()
    quiet = make_service(environment={"DO_NOT_TRACK": "1"})
    view = {one.category: one for one in quiet.view(ACCOUNT)}
    assert view["usage"].state == "granted"
    assert not view["usage"].effective
    assert "DO_NOT_TRACK" in view["usage"].reason
    assert view["usage"].queued == 0, "what waited is withdrawn"
    quiet.emit(ACCOUNT, AppStarted(surface="tray"))
    quiet.flush()
    assert quiet.send_due(everything=True) == 0
    assert receiver.arrivals == []


def test_the_organization_can_lower_and_not_raise(service: LogDataService, receiver: Receiver) -> None:
    service.set_policy(ACCOUNT, TelemetryPolicy(diagnostics=True, usage=False))
    assert not any(one.effective for one in service.view(ACCOUNT))
    service.set_consent(ACCOUNT, "usage", "granted")
    service.set_consent(ACCOUNT, "diagnostics", "granted")
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    usage = {one.category: one for one in service.view(ACCOUNT)}["usage"]
    assert not usage.effective
    assert usage.queued == 0
    assert "organization" in usage.reason
    service.set_policy(ACCOUNT, TelemetryPolicy())
    service.emit(ACCOUNT, AppStarted(surface="tray"))
    service.flush()
    service.set_policy(ACCOUNT, TelemetryPolicy(usage=False))
    assert {one.category: one.queued for one in service.view(ACCOUNT)}["usage"] == 0
    assert service.send_due(everything=True) == 0
    assert receiver.logs() == []


def test_a_file_of_a_newer_version_is_left_alone_and_nothing_is_recorded(
    make_service: MakeService, profile: Profile
) -> None:
    import sqlite3

    service = make_service()
    service.set_consent(ACCOUNT, "usage", "granted")
    service.close()
    path = profile.telemetry(ACCOUNT)
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version=99")
    connection.close()
    before = path.read_bytes()
    newer = make_service()
    newer.emit(ACCOUNT, AppStarted(surface="tray"))
    view = {one.category: one for one in newer.view(ACCOUNT)}
    assert not view["usage"].effective
    assert "newer version" in view["usage"].reason
    with pytest.raises(AgentError, match="newer version"):
        newer.set_consent(ACCOUNT, "usage", "granted")
    assert path.read_bytes() == before


def test_a_damaged_file_is_put_aside_and_everything_is_off_again(make_service: MakeService, profile: Profile) -> None:
    service = make_service()
    service.set_consent(ACCOUNT, "usage", "granted")
    service.close()
    path = profile.telemetry(ACCOUNT)
    path.write_bytes(b"not a database, not at all " * 400)
    fresh = make_service()
    usage = {one.category: one for one in fresh.view(ACCOUNT)}["usage"]
    assert (usage.state, usage.effective) == ("unknown", False)
    assert "damaged" in usage.reason
    assert [one for one in path.parent.iterdir() if "damaged" in one.name]
    fresh.set_consent(ACCOUNT, "usage", "granted")
    fresh.emit(ACCOUNT, AppStarted(surface="tray"))
    fresh.flush()
    assert {one.category: one.queued for one in fresh.view(ACCOUNT)}["usage"] == 1
