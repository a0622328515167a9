"""What log data costs: a program that sends none, a caller that records, the line it is sent over."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from bench.programs import voluntary_switches
from bench.telemetry import corpus
from bench.telemetry.cost import INSTALLATION, stored_batches
from telemetry import records
from telemetry.account_log import AccountLog
from telemetry.writer import Writer

REPOSITORY = Path(__file__).resolve().parents[2]


def test_nothing_heavy_loads_before_the_first_record() -> None:
    code = (
        "import sys, agent.logdata.service; "
        "heavy = ('google.protobuf', 'requests', 'sqlite_utils', 'keyring', 'PySide6'); "
        "print([name for name in heavy if name in sys.modules])"
    )
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY)
    assert loaded.stdout.strip() == "[]"


RECORD_AND_SEND = """
import sys
from pathlib import Path
from telemetry.account_log import AccountLog
from telemetry.batches import Terms
from telemetry.catalog.events import AppStarted, ErrorReported
from telemetry.outcomes import Answered
from telemetry.writer import Writer

log = AccountLog(Path(sys.argv[1]) / "telemetry.db", Writer())
log.set_consent("usage", "granted").result()
log.set_consent("diagnostics", "granted").result()
log.record(AppStarted(surface="tray"))
log.record(ErrorReported(level="error", template="It broke."))
log.flush()
while (batch := log.claim(Terms(everything=True)).result()) is not None:
    log.settle(batch, Answered(200, {"content-type": "application/x-protobuf"}, b"")).result()
assert log.state.accounts["usage"].accepted == log.state.accounts["diagnostics"].accepted == 1
heavy = ("google.protobuf", "opentelemetry", "uuid6", "email", "random", "shutil", "asyncio")
print([name for name in heavy if name in sys.modules], flush=True)
sys.stdin.readline()
"""


def test_recording_and_sending_load_no_protobuf_and_at_rest_nothing_wakes(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}\n{RECORD_AND_SEND}", str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline().strip() == "[]"
        threading.Event().wait(0.5)  # until every thread went to rest
        before = voluntary_switches(child.pid)
        threading.Event().wait(3)
        assert voluntary_switches(child.pid) == before
        child.communicate("\n", timeout=10)
    assert child.returncode == 0


@pytest.mark.parametrize(("size", "most"), [(500, 48), (10, 110)])
def test_a_record_costs_few_bytes_on_the_wire(size: int, most: float) -> None:
    sizes = [len(records.join(batch, INSTALLATION)) / len(batch) for batch in stored_batches(corpus.offers(), size)]
    assert sum(sizes) / len(sizes) <= most


def test_recording_takes_a_caller_next_to_nothing(tmp_path: Path) -> None:
    """In the caller's own processor time, which others on the machine do not add to."""
    writer = Writer()
    log = AccountLog(tmp_path / "telemetry.db", writer)
    log.set_consent("usage", "granted").result(5)
    log.set_consent("diagnostics", "granted").result(5)
    times = []
    for event in corpus.events(5000):
        started = time.thread_time_ns()
        log.record(event)
        times.append(time.thread_time_ns() - started)
    log.flush()
    log.close().result(5)
    writer.close()
    assert sorted(times)[4950] < 100_000
