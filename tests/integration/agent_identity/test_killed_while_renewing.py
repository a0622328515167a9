"""A process killed at any step of renewing its sign-in is still signed in: real processes, stores and server."""

import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.integration.agent_identity.renew_once import STEPS
from tests.live_server import LiveServer
from tests.services.secret_service import secret_service
from tests.services.session_bus import session_bus
from tests.services.warm_programs import WarmProgram

SECONDS = 60
RENEWING = WarmProgram("tests.integration.agent_identity.renew_once")


@pytest.fixture(scope="module")
def keyring_env(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The environment of a desktop with a real, unlocked gnome-keyring."""
    if shutil.which("gnome-keyring-daemon") is None or shutil.which("dbus-daemon") is None:
        pytest.skip("gnome-keyring and dbus are not installed here (apt-get install gnome-keyring dbus)")
    runtime = Path(tempfile.mkdtemp(prefix="mt-key-"))
    home = tmp_path_factory.mktemp("keyring-home")
    env = {"PATH": os.environ["PATH"], "HOME": str(home), "XDG_RUNTIME_DIR": str(runtime)}
    try:
        with session_bus(runtime) as address:
            env["DBUS_SESSION_BUS_ADDRESS"] = address
            with secret_service(env):
                yield env
    finally:
        shutil.rmtree(runtime, ignore_errors=True)


def _run(
    folder: Path, kind: str, step: str, env: dict[str, str], given: str = ""
) -> "subprocess.CompletedProcess[str]":
    return RENEWING.run(str(folder), kind, step, env=env, input=given, timeout=SECONDS)


def _survives(server: LiveServer, folder: Path, kind: str, step: str, env: dict[str, str]) -> None:
    code = server.enrol(server.facts["worker"][0][0])
    signed_in = _run(folder, kind, "none", env, given=f"{server.url}\n{code}\n")
    assert signed_in.returncode == 0, signed_in.stderr
    for _ in range(2):  # twice: what the first death left must not be what the second one trips over
        died = _run(folder, kind, step, env)
        assert died.returncode == -signal.SIGKILL, (died.returncode, died.stdout, died.stderr)
    for _ in range(2):  # twice: the second renewal proves that the first one's successor was kept
        lived = _run(folder, kind, "none", env)
        kept = ["sign-in.json"] if kind == "file" else []
        assert lived.stdout == f"me: 200, files with a token: {kept}\n", lived.stderr


@pytest.mark.parametrize("step", STEPS)
def test_with_the_sign_in_in_a_file(server: LiveServer, folder: Path, step: str) -> None:
    _survives(server, folder, "file", step, dict(os.environ))


@pytest.mark.parametrize("step", [step for step in STEPS if step != "within the write"])
def test_with_the_sign_in_in_a_real_keyring(
    server: LiveServer, folder: Path, step: str, keyring_env: dict[str, str]
) -> None:
    _survives(server, folder, "keyring", step, keyring_env)
