"""A link finds the program, whole and as one argument, and comes as an event where the system brings it so."""

import os
import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QObject, QUrl
from PySide6.QtGui import QFileOpenEvent

from agent.api import OpenWindow
from desktop.link_events import LinkEvents
from installer.link_scheme import mac_info, windows_registry

LINK = "miratag://check-in?location=018f0c8e-5d2a-7c11-9a5e-0123456789ab&code=123456"
ENTRY = Path(__file__).parents[3] / "installer" / "linux" / "miratag.desktop"


@pytest.mark.skipif(shutil.which("xdg-open") is None, reason="needs xdg-utils and desktop-file-utils")
def test_on_linux_the_entry_of_the_menu_takes_the_link(tmp_path: Path) -> None:
    applications, programs, got = tmp_path / "share" / "applications", tmp_path / "bin", tmp_path / "got"
    applications.mkdir(parents=True)
    programs.mkdir()
    shutil.copy(ENTRY, applications)
    stand_in = programs / "miratag"
    stand_in.write_text(f'#!/bin/sh\nprintf "%s|" "$#" "$@" > {got}\n')
    stand_in.chmod(0o755)
    env = {
        "HOME": str(tmp_path),
        "PATH": f"{programs}:{os.environ['PATH']}",
        "XDG_DATA_HOME": str(tmp_path / "share"),
        "XDG_DATA_DIRS": str(tmp_path / "none"),
        "XDG_CONFIG_HOME": str(tmp_path / "config"),
        "DISPLAY": ":of-nobody",  # without one, xdg-open looks for browsers of the terminal alone
    }
    subprocess.run(["desktop-file-validate", str(ENTRY)], check=True, timeout=20)
    subprocess.run(["update-desktop-database", str(applications)], check=True, timeout=20)
    asked = ["xdg-mime", "query", "default", "x-scheme-handler/miratag"]
    found = subprocess.run(asked, env=env, capture_output=True, text=True, check=True, timeout=20)
    assert found.stdout.strip() == "miratag.desktop"
    subprocess.run(["xdg-open", LINK], env=env, check=True, timeout=20)
    assert got.read_text() == f"1|{LINK}|"


def test_windows_is_told_to_hand_over_the_whole_link_as_one_argument() -> None:
    told = windows_registry(r"C:\Program Files\Miratag\miratag.exe")
    assert r'''@="\"C:\\Program Files\\Miratag\\miratag.exe\" \"%1\""''' in told.split("\r\n")
    assert '"URL Protocol"=""' in told


def test_macos_is_told_the_scheme() -> None:
    written = plistlib.loads(plistlib.dumps(mac_info()))
    assert written["CFBundleURLTypes"][0]["CFBundleURLSchemes"] == ["miratag"]


def test_a_link_that_comes_as_an_event_opens_its_window(qapp: QCoreApplication) -> None:
    opened: list[OpenWindow] = []
    owner = QObject()
    links = LinkEvents(opened.append, owner)
    QCoreApplication.sendEvent(qapp, QFileOpenEvent(QUrl(LINK)))
    assert opened == [OpenWindow(page="check_in", location_id="018f0c8e-5d2a-7c11-9a5e-0123456789ab", code="123456")]
    qapp.removeEventFilter(links)
