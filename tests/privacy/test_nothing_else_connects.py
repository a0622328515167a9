"""Whoever works a day, without and with log data, connects to their server and to nothing else, and every request is in
the table that the person reads."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.privacy.sniffed import ELSEWHERE, Seen

_SECONDS = 280
_UNSHARE = ["unshare", "--net", *([] if os.geteuid() == 0 else ["--map-root-user"])]


def _may_have_a_network_of_its_own() -> bool:
    if sys.platform != "linux" or shutil.which("unshare") is None:
        return False
    return subprocess.run([*_UNSHARE, "true"], capture_output=True, check=False, timeout=20).returncode == 0


@pytest.mark.timeout(300)
@pytest.mark.skipif(not _may_have_a_network_of_its_own(), reason="no network namespace may be made here")
def test_a_day_of_work_connects_to_the_server_alone(tmp_path: Path) -> None:
    done = subprocess.run(
        [*_UNSHARE, sys.executable, "-m", "tests.privacy.sniffed", str(tmp_path)],
        capture_output=True,
        timeout=_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    seen = msgspec.json.decode(done.stdout, type=Seen)
    assert set(seen.before) == {seen.server}
    assert set(seen.after) == {seen.server, *ELSEWHERE}
    assert {"sign_in", "sync", "media", "policy", "log_data"} == {row for row, count in seen.told.items() if count}
    # One that begins as the program ends is told, and may never arrive: twice here, and a round asks for little more.
    assert 0 <= sum(seen.told.values()) - len(seen.requests) <= 4, seen.requests
