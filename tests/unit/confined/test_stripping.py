"""Files without what they tell, by a process that is bound in time, memory, output and number."""

import io
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO

import pytest

from rules.media.kinds import sniff
from rules.media.stripping import strip
from server.confined import running, stripping
from server.confined.running import Limits, UndoneError, UnfitError, convert_confined
from tests.picture_files import HEIC, jpeg, sideways_jpeg

LIMITS = Limits(memory=512 * 1024**2, output=32 * 1024**2, processor_seconds=15, clock_seconds=60)


def converted(content: bytes, limits: Limits = LIMITS) -> tuple[int, bytes]:
    with tempfile.TemporaryFile() as source, tempfile.TemporaryFile() as target:
        source.write(content)
        code = convert_confined("stripping", source, target, limits, stripping.CODES)
        target.seek(0)
        return code, target.read()


def test_it_makes_what_the_app_makes() -> None:
    content, made = sideways_jpeg(), io.BytesIO()
    assert strip(sniff(content), io.BytesIO(content), made)
    assert converted(content) == (stripping.CLEANED, made.getvalue())
    assert b"Spycam" not in made.getvalue()


def test_what_is_of_no_kind_that_tells_is_copied() -> None:
    assert converted(b"Only words.\n" * 100_000) == (stripping.AS_IT_IS, b"Only words.\n" * 100_000)


def test_a_damaged_one_is_said_to_be() -> None:
    assert converted(jpeg(400, 400)[:600])[0] == stripping.DAMAGED


def test_one_that_keeps_its_reader_busy_is_ended() -> None:
    no_time = Limits(memory=512 * 1024**2, output=2**40, processor_seconds=1, clock_seconds=60)
    endless, nowhere = Path("/dev/zero"), Path("/dev/null")
    with endless.open("rb") as source, nowhere.open("wb") as target, pytest.raises(UnfitError):
        convert_confined("stripping", _Endless(source), target, no_time, stripping.CODES)  # type: ignore[arg-type]


class _Endless:
    """A file without an end, which has no place to seek to."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file

    def fileno(self) -> int:
        return self._file.fileno()

    def flush(self) -> None:
        """Nothing is to be written."""

    def seek(self, _offset: int, _whence: int = 0) -> int:
        return 0


def test_more_output_than_allowed_is_cut_off() -> None:
    with pytest.raises(UnfitError):
        converted(b"words" * 1000, Limits(memory=512 * 1024**2, output=64, processor_seconds=15, clock_seconds=60))


def test_no_more_run_at_once_than_there_are_places(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(running, "_places", threading.BoundedSemaphore(1))
    with running._places, pytest.raises(UndoneError):
        converted(b"words", Limits(memory=512 * 1024**2, output=64, processor_seconds=15, clock_seconds=0.1))
    assert "could not be done" in caplog.text
    assert converted(b"words")[1] == b"words"


_NOBODY = """
import importlib, os, signal, sys
from server.confined import child
sealed = child.seal
def seal(*told, **more):  # root is bound by no number of processes
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
    sealed(*told, **more)
"""


@pytest.mark.parametrize(("threads", "most"), [(False, 0), (True, 8)])
def test_a_sealed_process_begins_no_heap_of_others(threads: bool, most: int) -> None:
    program = f"""{_NOBODY}
child.SOME_THREADS = 8
seal(threads={threads})
begun = []
try:
    while len(begun) < 100 and (pid := os.fork()):
        begun.append(pid)
    if not pid:
        signal.pause()
except BlockingIOError:
    pass
for pid in begun:
    os.kill(pid, signal.SIGKILL)
print(len(begun))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=30, check=True)
    assert int(done.stdout.split()[-1]) <= most


@pytest.mark.parametrize("task", ["pictures", "stripping"])
@pytest.mark.parametrize("content", [HEIC, sideways_jpeg()])
def test_it_does_its_work_all_the_same(task: str, content: bytes) -> None:
    program = f"""{_NOBODY}
module = importlib.import_module("server.confined.{task}")
module.seal = seal
module.work(sys.stdin.buffer, sys.stdout.buffer)
"""
    with tempfile.TemporaryFile() as source:
        source.write(content)
        source.seek(0)
        command = [sys.executable, "-c", program]
        done = subprocess.run(command, stdin=source, capture_output=True, timeout=60, check=False)
    assert done.returncode == (0 if task == "pictures" else stripping.CLEANED), done.stderr
    assert len(done.stdout) > 100
