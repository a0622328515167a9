"""Many photos over a line that is cut again and again: all arrive, and hardly a byte goes twice."""

import os
import sys
from pathlib import Path

import pytest

from tests.integration.agent.at_work import at_work
from tests.live_server import LiveServer
from tests.services.cutting_proxy import cutting_proxy

KB = 1000


@pytest.mark.parametrize(
    ("photos", "size", "rate", "seconds"),
    [
        pytest.param(12, 400 * KB, 1_200 * KB, 2.0, id="small"),
        pytest.param(100, 900 * KB, 900 * KB, 20.0, id="full", marks=[pytest.mark.slow, pytest.mark.timeout(600)]),
    ],
)
def test_photos_over_a_line_that_is_cut(tmp_path: Path, photos: int, size: int, rate: int, seconds: float) -> None:
    with cutting_proxy(bytes_per_second=rate, seconds=seconds) as line:
        options = ["--public-url", f"http://127.0.0.1:{line.port}"]
        with LiveServer.start(tmp_path, options=options) as server:
            line.target = int(server.url.rpartition(":")[2])
            with at_work(tmp_path / "p") as work:
                work.enrol(f"http://127.0.0.1:{line.port}", server.enrol(server.facts["worker"][0][0]))
                media = []
                for number in range(photos):
                    (tmp_path / f"{number}.bin").write_bytes(os.urandom(size))
                    media.append(work.attach(tmp_path / f"{number}.bin").media_id)
                before = line.received
                line.begin_cutting()
                report = work.file("All of them", *media).instance_id
                work.until(lambda snapshot: snapshot.sent_reports_today == 1, seconds=500)
                assert {one.state for one in work.report(report).media} == {"received"}
                again = line.received - before - photos * size
    assert line.cuts >= 2
    sys.stdout.write(f"{again / (photos * size):.2%} sent again, {line.cuts} cuts\n")
    # Also what every request says of itself counts as sent again. In the small one, which is cut ten times as often, a
    # cut costs at most the photo that was under way.
    assert again < (0.05 * photos * size if photos == 100 else line.cuts * size), (
        f"{again} of {photos * size} bytes, {line.cuts} cuts"
    )
