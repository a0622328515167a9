"""The stage itself: what the driven tests stand on does what a real desktop does."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.services.desktop_session import desktop_session
from tests.services.processes import read_line, running

pytestmark = pytest.mark.system

TRAY_PROGRAM = """
import sys
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QApplication, QMenu, QSystemTrayIcon
app = QApplication(sys.argv)
pixmap = QPixmap(22, 22)
pixmap.fill("red")
tray = QSystemTrayIcon(QIcon(pixmap))
menu = QMenu()
menu.addAction("Say hello", lambda: print("hello", flush=True))
menu.addAction("Quit", app.quit)
tray.setContextMenu(menu)
tray.setToolTip("a tray program")
tray.show()
app.exec()
"""
KEYRING_PROGRAM = """
import keyring
keyring.set_password("miratag", "ana", "a secret")
print(type(keyring.get_keyring()).__module__, keyring.get_password("miratag", "ana"))
"""


def test_a_program_s_tray_icon_arrives_and_its_menu_works(tmp_path: Path) -> None:
    with desktop_session(tmp_path, keyring=False) as desktop:
        assert desktop.tray is not None
        command = [sys.executable, "-c", TRAY_PROGRAM]
        with running(command, env=desktop.env, stdout=subprocess.PIPE) as program:
            assert program.stdout is not None
            desktop.tray.wait_for_item()
            assert [entry.label for entry in desktop.tray.menu()] == ["Say hello", "Quit"]
            desktop.tray.press("Say hello")
            assert read_line(program.stdout.fileno()) == "hello"
            with pytest.raises(LookupError, match="Say hello"):
                desktop.tray.press("Something else")
            desktop.tray.press("Quit")
            assert program.wait(10) == 0


def test_a_secret_is_kept_by_the_keyring(tmp_path: Path) -> None:
    with desktop_session(tmp_path, tray=False) as desktop:
        done = subprocess.run(
            [sys.executable, "-c", KEYRING_PROGRAM],
            env=desktop.env,
            capture_output=True,
            text=True,
            timeout=30,
            check=True,
        )
    assert done.stdout.split() == ["keyring.backends.SecretService", "a", "secret"]


def test_an_absent_keyring_is_truly_absent(tmp_path: Path) -> None:
    with desktop_session(tmp_path, tray=False, keyring=False) as desktop:
        done = subprocess.run(
            [sys.executable, "-c", KEYRING_PROGRAM],
            env=desktop.env,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
    assert done.returncode == 1
    assert "NoKeyringError" in done.stderr
