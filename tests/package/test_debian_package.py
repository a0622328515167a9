"""The package, from a file to a received report and away again, in a Debian that has nothing of ours."""

import os
import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.live_server import LiveServer
from tests.services.bare_debian import BareDebian, bare_debian, shared_folder
from tests.services.desktop_session import desktop_session
from tests.services.processes import running

pytestmark = pytest.mark.timeout(1500)

PACKAGE = Path(os.environ["MIRATAG_PACKAGE"]).absolute()
QUIT_SECONDS = 10
# What any installation writes, and no removal takes back: logs, lists and caches of the package system itself.
SYSTEM_RECORDS = re.compile(r"^/(var/(log|cache|lib/(apt|dpkg|systemd))|etc/ld\.so\.cache|tmp|proc|dev)(/|$)")


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BareDebian]:
    with bare_debian(tmp_path_factory.mktemp("bare")) as fresh:
        yield fresh


def ours(files: set[str]) -> set[str]:
    return {path for path in files if "miratag" in path.lower() and not SYSTEM_RECORDS.match(path)}


def test_install_use_and_remove(debian: BareDebian, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = debian.files()
    (debian.root / "tmp" / PACKAGE.name).write_bytes(PACKAGE.read_bytes())
    debian.run("apt-get", "update")
    started = time.monotonic()
    debian.run("apt-get", "install", "-y", "--no-install-recommends", f"/tmp/{PACKAGE.name}")
    seconds = time.monotonic() - started
    assert "FAILED" not in debian.run("miratag", "--self-test").stdout
    report_is_received(debian, tmp_path)
    debian.run("apt-get", "purge", "-y", "miratag")
    assert ours(debian.files()) == set()
    debian.run("apt-get", "autoremove", "--purge", "-y")
    left = {path for path in debian.files() - before if not SYSTEM_RECORDS.match(path)}
    assert not ours(left)
    size = PACKAGE.stat().st_size / 1e6
    with capsys.disabled():  # for the person who runs this, and for docs/performance.md
        print(f"\n{PACKAGE.name}: {size:.1f} MB, installed in {seconds:.0f} s; {len(left)} other paths left")  # noqa: T201


def report_is_received(debian: BareDebian, folder: Path) -> None:
    """The app runs under a display with a tray and a keyring, and the command line files a report through it."""
    with LiveServer.start(folder) as server, desktop_session(folder) as desktop:
        runtime, home = Path(desktop.env["XDG_RUNTIME_DIR"]), desktop.home
        assert desktop.tray is not None
        with shared_folder(debian, runtime), shared_folder(debian, home):
            env = desktop.env
            code = server.enrol(server.facts["worker"][0][0])
            debian.run("miratag", "sign-in", "--server", server.url, "--enroll", code, env=env)
            with running(debian.command("miratag"), env=env, stdin=subprocess.DEVNULL) as app:
                desktop.tray.wait_for_item()
                desktop.tray.wait_for_entry("New report")  # what is saved here is open, and commands are answered
                debian.run("miratag", "report", "Filed from the package", env=env)
                debian.run("miratag", "sync", "--wait", "30", env=env)
                status = debian.run("miratag", "--json", "status", env=env).stdout
                assert '"received"' in status, status
                assert '"keyring"' in status, status
                desktop.tray.wait_for_entry("Quit")
                desktop.tray.press("Quit")
                assert app.wait(QUIT_SECONDS) == 0
