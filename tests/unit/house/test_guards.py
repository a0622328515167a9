"""The guards of conftest.py, each shown to catch what it is there for."""

import logging
import os
import socket
from pathlib import Path

import pytest

from tests.conftest import OutsideConnectionError

pytest_plugins = ["pytester"]
REPOSITORY = Path(__file__).parents[3]


@pytest.fixture
def repository_on_path(monkeypatch: pytest.MonkeyPatch) -> None:
    """The conftest that is tried elsewhere takes of `tests` what it takes here."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))


def test_a_connection_to_another_machine_is_refused() -> None:
    with socket.socket() as outside, pytest.raises(OutsideConnectionError):
        outside.connect(("192.0.2.1", 80))


def test_a_name_of_another_machine_is_not_looked_up() -> None:
    with pytest.raises(OutsideConnectionError):
        socket.getaddrinfo("www.example.com", 443)


def test_a_name_that_exists_nowhere_fails_as_on_any_machine() -> None:
    with pytest.raises(socket.gaierror):
        socket.getaddrinfo("server.invalid", 443)


def test_loopback_works() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname(), timeout=5):
        pass


def test_the_home_is_the_test_s_own(tmp_path: Path) -> None:
    assert Path.home() == tmp_path / "home"
    assert os.environ["XDG_DATA_HOME"].startswith(str(tmp_path))


def test_a_warning_fails_a_test_that_does_not_ask_for_its_log(
    pytester: pytest.Pytester, repository_on_path: None
) -> None:
    conftest = REPOSITORY / "tests" / "conftest.py"
    pytester.makeconftest(conftest.read_text())
    pytester.makepyfile(
        """
        import logging

        def test_unexpected():
            logging.getLogger("agent").warning("the disk is nearly full")

        def test_expected(caplog):
            logging.getLogger("agent").warning("the disk is nearly full")
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=2, errors=1)
    result.stdout.fnmatch_lines(["*WARNING agent: the disk is nearly full*"])


def test_a_process_left_behind_fails_the_run(pytester: pytest.Pytester, repository_on_path: None) -> None:
    conftest = REPOSITORY / "tests" / "conftest.py"
    pytester.makeconftest(conftest.read_text().replace("timeout=5", "timeout=0.2"))
    pytester.makepyfile(
        """
        import subprocess, sys, warnings

        def test_forgets_its_child():
            global child
            child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*processes left running*"])


def test_logging_below_warning_is_no_reason_to_fail() -> None:
    logging.getLogger("agent").info("3 items sent")
