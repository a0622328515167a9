"""What this computer tells of its person, by the real agent: a position to a real server, the last use to nobody."""

import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, new_signal
from jeepney.io.blocking import open_dbus_connection

from agent.api import AgentError, RecordAttendance, SetSwitch, ShowAttendance, ShowChoices, SwitchView
from agent.runtime import open_ends
from desktop.senses import senses_of_this_system
from tests.integration.agent.at_work import AtWork, at_work
from tests.live_server import LiveServer
from tests.services.idle_monitor import idle_monitor
from tests.services.location_service import location_service
from tests.services.session_bus import session_bus


@pytest.fixture
def bus(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    with tempfile.TemporaryDirectory(prefix="mt") as folder, session_bus(Path(folder)) as address:
        monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", address)
        yield dict(os.environ)


def switch(work: AtWork) -> SwitchView:
    views = work.look(ShowChoices(account=work.account)).switches
    return next(one for one in views if one.switch == "position")


def on_the_server(server: LiveServer, event_id: str) -> tuple[object, ...]:
    connection = sqlite3.connect(f"{(server.data / 'miratag.db').as_uri()}?mode=ro", uri=True)
    try:
        query = "SELECT latitude, longitude, accuracy_m, position_source FROM attendance_event WHERE event_id = ?"
        found: tuple[object, ...] = connection.execute(query, (event_id,)).fetchone()
        return found
    finally:
        connection.close()


@pytest.mark.parametrize("behaviour", ["later", "denied"])
def test_it_goes_along_once_allowed_and_a_no_keeps_nobody_out(
    server: LiveServer, bus: dict[str, str], tmp_path: Path, behaviour: str
) -> None:
    email = f"{behaviour}@harbour.example.invalid"
    server.add_user(email, "--name", "Worker")
    senses = senses_of_this_system()
    with location_service(bus, behaviour), at_work(tmp_path, server, email=email, senses=senses) as work:
        work.sync()
        assert not switch(work).on
        before = work.do(RecordAttendance(account=work.account, kind="check_in", note="At the pier")).event_id
        assert work.sync().waiting == 0
        assert on_the_server(server, before) == (None,) * 4
        work.do(SetSwitch(account=work.account, switch="position", on=True))
        assert switch(work).on
        assert work.until(lambda shown: shown.position_evidence)
        event_id = work.do(RecordAttendance(account=work.account, kind="check_in", note="At the pier")).event_id
        assert work.sync().waiting == 0
        told = work.look(ShowAttendance(account=work.account, event_id=event_id)).event
        said = " ".join(one.text for one in told.evidence)
        if behaviour == "denied":
            assert on_the_server(server, event_id) == (None,) * 4
            assert "position" not in said
            assert switch(work).last is None
        else:
            assert on_the_server(server, event_id) == (38.7223, -9.1393, 24.6, "geoclue")
            assert "within 25 m. That position came from the location service of this Linux system." in said
            assert switch(work).last is not None


def test_without_a_sense_there_is_nothing_to_switch_on(server: LiveServer, tmp_path: Path) -> None:
    server.add_user("nosense@harbour.example.invalid", "--name", "Worker")
    with at_work(tmp_path, server, email="nosense@harbour.example.invalid") as work:
        assert "no way to ask" in switch(work).locked
        with pytest.raises(AgentError, match="no way to ask"):
            work.do(SetSwitch(account=work.account, switch="position", on=True))


def test_the_last_use_before_a_lock_is_kept_here_alone(
    server: LiveServer, bus: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.add_user("idle@harbour.example.invalid", "--name", "Worker")
    with tempfile.TemporaryDirectory(prefix="mt") as folder, session_bus(Path(folder)) as address:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        senses = senses_of_this_system()
        with (
            idle_monitor(dict(os.environ), 0),
            at_work(tmp_path, server, email="idle@harbour.example.invalid", senses=senses) as work,
            open_dbus_connection(bus="SESSION") as connection,
        ):
            work.do(SetSwitch(account=work.account, switch="activity", on=True))
            event_id = work.do(RecordAttendance(account=work.account, kind="check_in", note="At the pier")).event_id
            store = work.agent._opened().workplaces[work.account].store

            def noted() -> bool:
                return store.read(lambda c: open_ends.last_activity(c, event_id)) is not None

            locked = new_signal(
                DBusAddress("/org/gnome/ScreenSaver", interface="org.gnome.ScreenSaver"), "ActiveChanged", "b", (True,)
            )
            deadline = time.monotonic() + 10
            while not noted():
                assert time.monotonic() < deadline
                connection.send(locked)
                threading.Event().wait(0.05)
            assert work.sync().waiting == 0
            work.do(SetSwitch(account=work.account, switch="activity", on=False))
            assert not noted()
