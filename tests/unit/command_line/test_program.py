"""What `miratag` starts for which words, and what loads for it."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from agent.api import AgentError, Event, OpenWindow, Snapshot
from agent.control.hosting import HostedAgent
from agent.control.profile_lock import ProfileLock
from agent.store.profile import Profile
from desktop import program
from desktop.links import window_of_link
from desktop.program import main, open_window
from protocol.version import VERSION


def test_the_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"miratag {VERSION}\n"


@pytest.mark.parametrize(
    "words",
    [
        ["fly"],
        ["report"],
        ["report", "Gate", "--answers", "a.json"],
        ["report", "-", "--checklist", "Round", "--answers", "-"],
        ["receipt"],
        ["privacy", "grant", "everything"],
        ["privacy", "erase", "everything"],
        ["privacy", "waiting", "--limit", "0"],
        ["privacy", "remove", "the first"],
        ["privacy", "show"],
        ["sync", "--wait", "-1"],
        ["sync", "--wait", "soon"],
        ["sign-in"],
        ["--nonsense"],
        ["check-in"],
        ["check-in", "Gate 2", "--elsewhere", "At the quay"],
        ["break"],
        ["finish", "--at", "16:00"],
        ["timesheet", "--week", "--month"],
        ["timesheet", "--week", "--to", "2026-03-31"],
        ["timesheet", "--from", "soon"],
        ["correct", "e", "--reason", "x"],
        ["correct", "--at", "16:00", "--reason", "x"],
        ["correct", "e", "--at", "16:00"],
        ["correct", "e", "--remove", "--at", "16:00", "--reason", "x"],
        ["correct", "e", "--location", "Gate", "--elsewhere", "Quay", "--reason", "x"],
        ["correct", "--add", "check-out", "--at", "16:00", "--reason", "x"],
        ["correct", "e", "--add", "check-in", "--at", "16:00", "--reason", "x"],
        ["correct", "e", "--add", "break-end", "--reason", "x"],
    ],
)
def test_what_cannot_be_understood_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "miratag" in capsys.readouterr().err


def test_a_profile_that_cannot_be_made_ends_with_5(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    assert main(["--profile", str(tmp_path / "file" / "profile"), "status"]) == 5
    assert str(tmp_path) in capsys.readouterr().err


LOADED = """
import sys
from desktop import program
try:
    program.main(sys.argv[1:])
except SystemExit:
    pass
print(sorted(set(sys.modules) & {"PySide6", "requests", "keyring", "sqlite3", "apscheduler", "sqlite_utils"}))
"""


@pytest.mark.parametrize("words", [["--version"], ["--help"], ["report"]])
def test_nothing_heavy_loads_before_it_is_known_what_is_wanted(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *words], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


class _Idle:
    """An agent that is only there."""

    def __init__(self) -> None:
        self.submit = self.query = lambda _: None

    def snapshot(self) -> Snapshot:
        return Snapshot()

    def subscribe(self, _listener: object) -> object:
        return lambda: None

    def close(self) -> None:
        """Nothing is open."""


def test_a_second_start_opens_the_window_of_the_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = Profile(tmp_path / "profile")
    profile.prepare()
    lock = ProfileLock(profile.lock)
    assert lock.try_acquire()
    hosted = HostedAgent(_Idle(), profile.path, lock, windowed=True)  # type: ignore[arg-type]
    came: list[Event] = []
    hosted.subscribe(came.append)
    monkeypatch.setenv("XDG_ACTIVATION_TOKEN", "token-1")
    try:
        assert open_window(profile, window_of_link("miratag://report?text=Crane")) == 0
        assert came == [OpenWindow(page="report", text="Crane", activation_token="token-1")]
        assert "XDG_ACTIVATION_TOKEN" not in os.environ
    finally:
        hosted.close()


def test_a_profile_that_another_command_uses_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "ENDING_SECONDS", 0.2)
    profile = Profile(tmp_path / "profile")
    profile.prepare()
    lock = ProfileLock(profile.lock)
    assert lock.try_acquire()
    hosted = HostedAgent(_Idle(), profile.path, lock, windowed=False)  # type: ignore[arg-type]
    try:
        with pytest.raises(AgentError) as caught:
            open_window(profile, None)
        assert caught.value.kind == "unavailable"
    finally:
        hosted.close()


@pytest.mark.parametrize("socket_gone", [False, True], ids=["it still answers", "it answers no more"])
def test_a_start_that_meets_an_app_that_ends_waits_for_it_and_opens_its_own_window(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, socket_gone: bool
) -> None:
    profile = Profile(tmp_path / "profile")
    profile.prepare()
    lock = ProfileLock(profile.lock)
    assert lock.try_acquire()
    hosted = HostedAgent(_Idle(), profile.path, lock, windowed=True)  # type: ignore[arg-type]
    stop = hosted.subscribe(lambda _event: None)
    stop()  # its window is gone already
    if socket_gone:
        assert hosted._control is not None
        hosted._control.close()
        hosted._control = None
    started: list[OpenWindow | None] = []

    def run_tray(_profile: Profile, own: ProfileLock, window: OpenWindow | None) -> int:
        started.append(window)
        own.release()
        return 0

    monkeypatch.setattr(program, "_run_tray", run_tray)
    wished = window_of_link("miratag://report?text=Crane")
    second = threading.Thread(target=open_window, args=(profile, wished))
    second.start()
    second.join(0.5)
    assert second.is_alive()
    assert started == []
    hosted.close()
    second.join(10)
    assert started == [wished]


def test_a_lock_that_nobody_waits_for_any_more_is_not_kept(tmp_path: Path) -> None:
    holder, other = ProfileLock(tmp_path / "lock"), ProfileLock(tmp_path / "lock")
    assert holder.try_acquire()
    assert not other.acquire_within(0.05)
    holder.release()
    assert holder.acquire_within(10)
    holder.release()
