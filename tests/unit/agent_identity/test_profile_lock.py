"""One holder at a time, between threads and between processes, and none after a kill."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from agent.api import AgentError
from agent.control.profile_lock import ProfileLock, published_address

HOLD = """
import sys, pathlib
from agent.control.profile_lock import ProfileLock
lock = ProfileLock(pathlib.Path(sys.argv[1]))
lock.acquire()
lock.publish("/run/of/the/child")
print("held", flush=True)
sys.stdin.read()
"""


def _holder(path: Path) -> "subprocess.Popen[str]":
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "held\n"
    return child


def _end(child: "subprocess.Popen[str]") -> None:
    child.kill()
    child.communicate()


def test_a_second_lock_of_this_process_does_not_get_it(tmp_path: Path) -> None:
    first, second = ProfileLock(tmp_path / "agent.lock"), ProfileLock(tmp_path / "agent.lock")
    assert first.try_acquire()
    assert not second.try_acquire()
    first.release()
    assert second.try_acquire()
    second.release()


def test_a_killed_holder_leaves_it_free(tmp_path: Path) -> None:
    path = tmp_path / "agent.lock"
    child = _holder(path)
    lock = ProfileLock(path)
    try:
        assert not lock.try_acquire()
        assert published_address(path) == "/run/of/the/child"
        child.send_signal(signal.SIGKILL)
        child.wait(10)
        assert lock.try_acquire()
        lock.release()
    finally:
        _end(child)


def test_a_new_holder_is_not_looked_for_where_a_killed_one_was(tmp_path: Path) -> None:
    path = tmp_path / "agent.lock"
    _end(_holder(path))
    assert published_address(path) == "/run/of/the/child"
    lock = ProfileLock(path)
    assert lock.try_acquire()
    assert published_address(path) is None
    lock.release()


def test_waiting_ends_when_the_holder_dies(tmp_path: Path) -> None:
    path = tmp_path / "agent.lock"
    child = _holder(path)
    lock = ProfileLock(path)
    waiting = threading.Thread(target=lock.acquire, daemon=True)
    try:
        waiting.start()
        child.send_signal(signal.SIGKILL)
        waiting.join(10)
        assert not waiting.is_alive()
        assert not ProfileLock(path).try_acquire()
        lock.release()
    finally:
        _end(child)


def test_a_child_program_does_not_inherit_it(tmp_path: Path) -> None:
    lock = ProfileLock(tmp_path / "agent.lock")
    assert lock.try_acquire()
    command = [sys.executable, "-c", "print('up', flush=True); input()"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, close_fds=False)
    try:
        assert child.stdout is not None
        assert child.stdout.readline() == b"up\n"
        lock.release()
        again = ProfileLock(tmp_path / "agent.lock")
        assert again.try_acquire()
        again.release()
    finally:
        child.kill()
        child.communicate()


class _Interrupted(BaseException):
    """What a signal handler raises here."""


def test_a_signal_that_raises_ends_the_wait_and_leaves_no_lock(tmp_path: Path) -> None:
    path = tmp_path / "agent.lock"
    child = _holder(path)

    def interrupt(*_: object) -> None:
        raise _Interrupted

    before = signal.signal(signal.SIGUSR1, interrupt)
    timer = threading.Timer(0.2, lambda: os.kill(os.getpid(), signal.SIGUSR1))
    lock = ProfileLock(path)
    try:
        timer.start()
        with pytest.raises(_Interrupted):
            lock.acquire()
    finally:
        timer.join()
        signal.signal(signal.SIGUSR1, before)
        _end(child)
    assert lock.try_acquire()
    lock.release()


def test_a_folder_that_takes_no_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(AgentError) as caught:
        ProfileLock(tmp_path / "missing" / "agent.lock").try_acquire()
    assert caught.value.kind == "cannot_store"
