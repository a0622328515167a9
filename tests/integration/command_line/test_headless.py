"""`miratag agent`: commands go through it, it gives the profile up and takes it back, and it ends at once."""

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.control.client import RemoteAgent
from agent.control.profile_lock import ProfileLock, published_address
from tests.integration.command_line.conftest import Shell
from tests.live_server import LiveServer

WORKS, WAITS = "Miratag works in the background", "Waiting until it ends"


@contextlib.contextmanager
def headless(shell: Shell) -> "Iterator[subprocess.Popen[str]]":
    shell.profile.mkdir(parents=True, exist_ok=True)
    child = subprocess.Popen(shell.command("agent"), stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
    try:
        yield child
    finally:
        child.kill()
        child.communicate()


def _says(child: "subprocess.Popen[str]", words: str) -> None:
    assert child.stderr is not None
    line = child.stderr.readline()
    assert words in line, line + (child.stderr.read() if child.poll() is not None else "")


def _remote(shell: Shell) -> RemoteAgent:
    address = published_address(shell.profile / "agent.lock")
    assert address is not None
    return RemoteAgent(address)


def test_commands_go_through_it_and_it_sends_by_itself(shell: Shell, server: LiveServer, photo: Path) -> None:
    with headless(shell) as child:
        _says(child, WORKS)
        shell.sign_in(server)
        shell.run("check-in", server.locations[0])
        shell.run("report", "Through the agent", "--attach", str(photo))
        assert shell.ask("sync", "--wait", "40")["waiting"] == 0
        status = shell.ask("status")
        assert (status["online"], status["reports"][0]["state"]) == (True, "received")
        assert child.poll() is None
        child.send_signal(signal.SIGTERM)
        assert child.wait(10) == 0
    assert shell.ask("status")["reports"][0]["receipt"]["kid"]


def test_after_a_kill_the_next_command_works_alone_and_nothing_is_lost(shell: Shell, server: LiveServer) -> None:
    with headless(shell) as child:
        _says(child, WORKS)
        shell.sign_in(server)
        server.stop()
        try:
            shell.run("report", "Before the kill")
            child.send_signal(signal.SIGKILL)
            child.wait(10)
            assert shell.ask("status")["queued"] == 1
        finally:
            server.restart()
    shell.run("sync", "--wait", "40")
    assert [one["state"] for one in shell.ask("status")["reports"]] == ["received"]


def test_it_hands_the_profile_to_an_app_and_has_it_back(shell: Shell) -> None:
    with headless(shell) as child:
        _says(child, WORKS)
        lock = ProfileLock(shell.profile / "agent.lock")
        assert _remote(shell).take_over(lock)
        _says(child, WAITS)
        assert child.poll() is None
        lock.release()
        _says(child, WORKS)
        assert shell.ask("status")["signed_in"] is False


@pytest.mark.parametrize("when", ["working", "waiting"])
def test_a_signal_ends_it_at_once(shell: Shell, when: str) -> None:
    with headless(shell) as child:
        _says(child, WORKS)
        lock = ProfileLock(shell.profile / "agent.lock")
        if when == "waiting":
            assert _remote(shell).take_over(lock)
            _says(child, WAITS)
        began = time.monotonic()
        os.kill(child.pid, signal.SIGINT)
        assert child.wait(10) == 0
        assert time.monotonic() - began < 3
        lock.release()


def test_a_second_one_waits_for_the_first(shell: Shell) -> None:
    with headless(shell) as first:
        _says(first, WORKS)
        with headless(shell) as second:
            _says(second, WAITS)
            first.send_signal(signal.SIGKILL)
            first.wait(10)
            _says(second, WORKS)
