"""`miratag demo`: what `make run` does on a machine without a display."""

import json
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import psutil
import pytest
import requests
from PIL import Image

from desktop.command_line.demo import demo_photo
from tests.services.secret_service import secret_service
from tests.services.session_bus import session_bus

SECONDS = 100
DEMO = [sys.executable, "-m", "desktop.program", "--json", "demo"]


def test_the_photo_is_a_real_picture(tmp_path: Path) -> None:
    path = tmp_path / "crane.png"
    path.write_bytes(demo_photo(64))
    with Image.open(path) as image:
        image.load()
        assert (image.format, image.size) == ("PNG", (64, 64))
        assert len(image.getcolors(64 * 64) or []) > 10


def test_once_everything_arrives_and_nothing_is_left(tmp_path: Path) -> None:
    env = {**os.environ, "TMPDIR": str(tmp_path)}
    done = subprocess.run([*DEMO, "--once"], env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    shown = json.loads(done.stdout)
    assert (shown["arrived"], shown["checked_in"]) == (True, True)
    assert shown["report"]["media"]
    assert shown["receipt"]["kid"]
    assert len([line for line in shown["sign_ins"] if line.startswith("worker: ")]) == 2
    assert "no keyring" in done.stderr
    assert not list(Path(env["TMPDIR"]).glob("miratag-demo-*"))


def test_a_keyring_that_does_not_work_stops_no_demo(tmp_path: Path) -> None:
    with session_bus(tmp_path) as address:
        env = {**os.environ, "TMPDIR": str(tmp_path), "HOME": str(tmp_path), "DBUS_SESSION_BUS_ADDRESS": address}
        with secret_service(env, unlocked=False):  # and nobody could be asked to unlock it
            demo = [*DEMO, "--once"]
            done = subprocess.run(demo, env=env, capture_output=True, text=True, timeout=SECONDS, check=False)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["arrived"] is True
    assert "keyring of this computer does not work" in done.stderr
    assert not list(tmp_path.glob("miratag-demo-*"))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped_and_leaves_no_server(number: signal.Signals) -> None:
    folder = tempfile.TemporaryDirectory(prefix="mt-demo-")
    env = {**os.environ, "TMPDIR": folder.name}
    # What runs the tests may ignore SIGINT, as what a shell puts into the background does; a child would inherit that.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    child = subprocess.Popen(DEMO, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    signal.signal(signal.SIGINT, before)
    try:
        assert child.stdout is not None
        lines = []
        for line in child.stdout:
            lines.append(line)
            if line == "}\n":
                break
        address = json.loads("".join(lines))["address"]
        assert requests.get(f"{address}/health/ready", timeout=20).status_code == 200
        servers = psutil.Process(child.pid).children(recursive=True)
        assert servers
        child.send_signal(number)
        assert child.wait(30) in {0, 1}
        _, alive = psutil.wait_procs(servers, timeout=10)
        assert not alive
    finally:
        child.kill()
        child.communicate()
        folder.cleanup()
