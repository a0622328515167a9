"""The control socket between real ends: answers, refusals, silent peers, hand-over."""

import contextlib
import os
import pickle
import socket
import stat
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from pathlib import Path
from typing import Any

import pytest

from agent.api import AgentError, Attach, Command, Event, Filed, FileReport, OpenWindow, Query, ShowStatus, Snapshot
from agent.control import address
from agent.control.client import RemoteAgent
from agent.control.hosting import HostedAgent
from agent.control.profile_lock import ProfileLock, published_address
from agent.control.server import MAX_PEERS, ControlServer


class Recording:
    """An agent that keeps what it was asked, for tests of the way to it."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.closed = False
        self.answer: Callable[[Command], Any] = lambda _: Filed(instance_id="i", revision_id="r")
        self.listeners: list[Callable[[Event], None]] = []

    def submit(self, command: Command) -> "Future[Any]":
        self.commands.append(command)
        return _future(lambda: self.answer(command))

    def query(self, query: Query) -> "Future[Any]":
        return _future(lambda: Snapshot(revision=7, waiting=2))

    def snapshot(self) -> Snapshot:
        return Snapshot(revision=7, waiting=2)

    def subscribe(self, listener: Callable[[Event], None]) -> Callable[[], None]:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener)

    def close(self) -> None:
        self.closed = True


def _future(work: Callable[[], Any]) -> "Future[Any]":
    future: Future[Any] = Future()
    try:
        future.set_result(work())
    except AgentError as error:
        future.set_exception(error)
    return future


@pytest.fixture
def agent() -> Recording:
    return Recording()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "profile"
    made.mkdir()
    return made


@pytest.fixture
def hosted(agent: Recording, folder: Path) -> Iterator[HostedAgent]:
    lock = ProfileLock(folder / "agent.lock")
    assert lock.try_acquire()
    made = HostedAgent(agent, folder, lock, windowed=True)
    yield made
    made.close()


@pytest.fixture
def remote(hosted: HostedAgent, folder: Path) -> RemoteAgent:
    found = published_address(folder / "agent.lock")
    assert found is not None
    return RemoteAgent(found)


def _path(remote: RemoteAgent) -> Path:
    return Path(remote._address)


def test_commands_and_queries_get_their_results(remote: RemoteAgent, agent: Recording) -> None:
    command = FileReport(account="s/m", text="Crane inspected " * 10_000)
    assert remote.submit(command).result(10) == Filed(instance_id="i", revision_id="r")
    assert agent.commands == [command]
    assert remote.snapshot() == Snapshot(revision=7, waiting=2)


def test_an_error_keeps_its_kind_and_sentence(remote: RemoteAgent, agent: Recording) -> None:
    def refuse(_: Command) -> Any:
        raise AgentError("cannot_store", "The disk is full. Free some space.")

    agent.answer = refuse
    with pytest.raises(AgentError) as caught:
        remote.submit(FileReport(account="a", text="t")).result(10)
    assert (caught.value.kind, caught.value.sentence) == ("cannot_store", "The disk is full. Free some space.")


def test_a_file_goes_by_its_path_only(remote: RemoteAgent, agent: Recording) -> None:
    with pytest.raises(AgentError) as caught:
        remote.submit(Attach(account="a", data=b"x")).result(10)
    assert caught.value.kind == "usage"
    assert agent.commands == []


def test_folder_and_socket_are_for_this_user_alone(remote: RemoteAgent) -> None:
    path = _path(remote)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert path.parent.parent == Path(os.environ["XDG_RUNTIME_DIR"])


def test_silent_peers_keep_nobody_waiting(remote: RemoteAgent) -> None:
    silent = []
    for _ in range(MAX_PEERS - 2):
        peer = socket.socket(socket.AF_UNIX)
        peer.connect(str(_path(remote)))
        silent.append(peer)
    began = time.monotonic()
    assert remote.snapshot().revision == 7
    assert time.monotonic() - began < 2
    for peer in silent:
        peer.close()


def test_a_silent_peer_is_hung_up_on(folder: Path, agent: Recording, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.control.server.HANDSHAKE_SECONDS", 0.1)
    server = ControlServer(agent, address.socket_path(folder))
    with socket.socket(socket.AF_UNIX) as peer:
        peer.connect(str(address.socket_path(folder)))
        peer.settimeout(5)
        assert peer.recv(1) == b""
    server.close()


@pytest.mark.parametrize(
    "junk", [b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 64, b"\0\0\0\4junk", pickle.dumps({"evil": os.getcwd})]
)
def test_junk_gets_no_answer_and_does_no_harm(remote: RemoteAgent, junk: bytes) -> None:
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(10)
        peer.connect(str(_path(remote)))
        peer.sendall(junk)
        peer.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionResetError):
            assert peer.recv(100) == b""
    assert remote.snapshot().revision == 7


def test_another_version_is_told_so(remote: RemoteAgent, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("agent.control.client.CONTROL", 99)
    with pytest.raises(AgentError) as caught:
        remote.query(ShowStatus()).result(10)
    assert "Quit it and start it again" in caught.value.sentence


def test_another_user_is_not_spoken_to(remote: RemoteAgent, monkeypatch: pytest.MonkeyPatch, agent: Recording) -> None:
    monkeypatch.setattr("agent.control.server.peer_uid", lambda _: os.getuid() + 1)
    with pytest.raises(AgentError):
        remote.submit(FileReport(account="a", text="t")).result(10)
    assert agent.commands == []
    monkeypatch.undo()


def test_the_window_opens_for_subscribers_and_commits_nothing(
    remote: RemoteAgent, hosted: HostedAgent, agent: Recording
) -> None:
    came: list[Event] = []
    stop = hosted.subscribe(came.append)
    window = OpenWindow(page="report", text="Crane", activation_token="t-1")
    assert remote.show(window).result(10) is None
    assert came == [window]
    stop()
    with pytest.raises(AgentError, match="is ending here"):
        remote.show(window).result(10)
    assert came == [window]
    assert agent.commands == []


def test_an_app_with_a_window_keeps_its_profile(remote: RemoteAgent, folder: Path) -> None:
    assert not remote.take_over(ProfileLock(folder / "agent.lock"))


def test_hand_over_comes_after_the_release_and_waits_for_the_taker(folder: Path, agent: Recording) -> None:
    lock = ProfileLock(folder / "agent.lock")
    assert lock.try_acquire()
    steps: list[str] = []
    taken = threading.Event()

    def release() -> Callable[[], None]:
        hosted.close()
        steps.append("released")
        return taken.set

    hosted = HostedAgent(agent, folder, lock, windowed=False, release=release)
    found = published_address(folder / "agent.lock")
    assert found is not None
    remote = RemoteAgent(found)
    with pytest.raises(AgentError):
        remote.show(OpenWindow()).result(10)
    taker = ProfileLock(folder / "agent.lock")
    assert remote.take_over(taker)
    assert steps == ["released"]
    assert agent.closed
    assert taken.wait(10)
    assert not lock.try_acquire()
    taker.release()


def test_a_dead_holder_is_named_as_such(folder: Path) -> None:
    with pytest.raises(AgentError) as caught:
        RemoteAgent(str(folder / "nobody.sock")).query(ShowStatus()).result(10)
    assert caught.value.kind == "unavailable"


def test_a_socket_left_by_a_killed_agent_is_replaced(folder: Path, agent: Recording) -> None:
    path = address.socket_path(folder)
    with socket.socket(socket.AF_UNIX) as left:
        left.bind(str(path))
    server = ControlServer(agent, path)
    assert RemoteAgent(str(path)).snapshot().revision == 7
    server.close()
    assert not path.exists()


def test_a_runtime_folder_too_long_for_a_socket_is_not_used(
    folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("long" * 30)))
    path = address.socket_path(folder)
    assert len(os.fsencode(path)) <= address.MAX_SOCKET_PATH
    assert path.parent.name == f"miratag-{os.getuid()}"


def test_a_folder_that_is_a_link_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (Path(os.environ["XDG_RUNTIME_DIR"]) / "miratag").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AgentError):
        address.socket_path(folder)
