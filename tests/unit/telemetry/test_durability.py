"""kill -9 after `flush` loses nothing, and the account still balances."""

import json
import random
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from telemetry.account_log import AccountLog
from telemetry.writer import Writer

REPOSITORY = Path(__file__).resolve().parents[3]
CHILD = """
import sys
from pathlib import Path
from telemetry.account_log import AccountLog
from telemetry.catalog.events import AppStarted
from telemetry.writer import Writer

log = AccountLog(Path(sys.argv[1]), Writer())
log.set_consent("usage", "granted").result()
recorded = 0
while True:
    for _ in range(37):
        log.record(AppStarted(surface="tray"))
        recorded += 1
    log.flush()
    print(recorded, flush=True)
    for _ in range(37):
        log.record(AppStarted(surface="tray"))
        recorded += 1
"""


def killed_after(path: Path, flushes: int) -> int:
    """Run the child, kill it without warning after some flushes; how many records it had flushed at least."""
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, text=True, cwd=REPOSITORY
    )
    assert child.stdout is not None
    with child.stdout as said:
        for _ in range(flushes):
            flushed = int(said.readline())
        child.kill()
        child.wait(10)
        rest = said.read().split("\n")
    complete = [int(line) for line in rest[:-1] if line]
    return complete[-1] if complete else flushed


@pytest.mark.parametrize("flushes", [1, 3, 20, 60])
def test_nothing_that_was_flushed_is_lost(tmp_path: Path, flushes: int) -> None:
    path = tmp_path / "telemetry.db"
    flushed = killed_after(path, flushes)
    writer = Writer()
    log = AccountLog(path, writer)
    log.load().result(10)
    account = log.state.accounts["usage"]
    log.close()
    writer.close()
    assert account.recorded >= flushed
    assert account.queued == account.recorded
    assert account.balanced
    assert log.state.choices["usage"].state == "granted"


def test_a_day_killed_before_any_of_its_statements_loses_nothing_and_leaves_no_trace(tmp_path: Path) -> None:
    """Granting, recording, sending, a full queue, another id, withdrawing, and SIGKILL before each statement of it.

    Killing asks nothing of the disk, so that memory serves as well and takes a sixth of the time.
    """
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else tmp_path) as folder:
        told = subprocess.run(
            [sys.executable, "-m", "tests.unit.telemetry.killed_at_every_step", folder],
            capture_output=True,
            text=True,
            check=True,
            cwd=REPOSITORY,
            timeout=110,
        ).stdout
    outcome = json.loads(told)
    assert outcome["steps"] > 200
    assert outcome["faults"] == {}


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_hundred_kills_lose_nothing_that_was_flushed(tmp_path: Path) -> None:
    pick = random.Random(11)
    for number in range(200):
        path = tmp_path / f"{number}" / "telemetry.db"
        flushed = killed_after(path, pick.randrange(1, 12))
        writer = Writer()
        log = AccountLog(path, writer)
        log.load().result(10)
        account = log.state.accounts["usage"]
        log.close()
        writer.close()
        assert account.recorded >= flushed
        assert account.queued == account.recorded
        assert account.balanced
