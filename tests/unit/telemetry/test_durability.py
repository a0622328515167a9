"""kill -9 after `flush` loses nothing, and the account still balances."""

import subprocess
import sys
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
