"""The real program on a desktop of its own, used the way a person does: by mouse, by keys, by the tray."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.integration.agent.manager_at_work import manager_at_work
from tests.live_server import LiveServer
from tests.services.desktop_session import DesktopSession, desktop_session
from tests.services.notification_service import CLASS, notification_service
from tests.services.processes import running
from tests.services.screen_reader import ScreenReader, screen_reader

pytestmark = pytest.mark.system

MIRATAG = (str(Path(sys.executable).parent / "miratag"),)
COMMAND_SECONDS = 60
QUIT_SECONDS = 10
NEEDS_YOU = 4


class Person:
    """Ana at her computer: what she can do, and what her command line says."""

    def __init__(self, desktop: DesktopSession, reader: ScreenReader, env: dict[str, str]) -> None:
        self.desktop, self.reader, self._env = desktop, reader, env

    def click(self, name: str, *, role: str | None = None) -> None:
        """Find it on the screen by its name and press the main button over its middle."""
        seen = self.reader.find(name, role=role)
        self.desktop.hands("mousemove", "--sync", str(seen.x), str(seen.y), "click", "1")

    def write(self, text: str) -> None:
        self.desktop.hands("type", "--delay", "10", text)

    def press(self, keys: str) -> None:
        self.desktop.hands("key", keys)

    def command(self, *arguments: str, typed: str = "", code: int = 0) -> str:
        """Run `miratag` with `arguments` as the same person; what it prints when it ends with `code`."""
        done = subprocess.run(
            [*MIRATAG, *arguments],
            env=self._env,
            input=typed,
            capture_output=True,
            text=True,
            timeout=COMMAND_SECONDS,
            check=False,
        )
        assert done.returncode == code, done.stdout + done.stderr
        return done.stdout

    def status(self) -> Any:
        self.command("sync", "--wait", "30")
        return json.loads(self.command("--json", "status"))


@contextmanager
def app(folder: Path, *, tray: bool = True) -> Iterator[tuple[Person, LiveServer, "subprocess.Popen[bytes]"]]:
    """The app of a person who is signed in, on a desktop with or without a tray."""
    with LiveServer.start(folder) as server, desktop_session(folder, tray=tray) as desktop:
        env = desktop.env | {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        with screen_reader(env) as reader:
            person = Person(desktop, reader, env)
            code = server.enrol(server.facts["worker"][0][0])
            person.command("sign-in", "--server", server.url, "--enroll", "-", typed=code)
            with running(MIRATAG, env=env, stdin=subprocess.DEVNULL) as program:
                yield person, server, program


def photo(folder: Path) -> Path:
    path = folder / "pump.jpg"
    Image.effect_noise((320, 240), 60).convert("RGB").save(path)
    return path


def test_a_report_with_a_photo_by_mouse_and_keys(tmp_path: Path) -> None:
    with app(tmp_path) as (person, _server, program):
        tray = person.desktop.tray
        assert tray is not None
        tray.wait_for_item()
        tray.activate()
        person.click("What happened?", role="text")
        person.write("Pump 3 leaks at the flange")
        person.click("Add photo")
        person.reader.find("File name")
        person.write(str(photo(tmp_path)))
        person.press("Return")
        person.reader.find("pump.jpg")
        person.click("Send")
        person.reader.find("Pump 3 leaks at the flange, Received")
        [report] = person.status()["reports"]
        assert report["state"] == "received"
        assert report["receipt"]
        tray.press("Quit")
        assert program.wait(QUIT_SECONDS) == 0


def test_checking_in_and_out_from_the_tray_alone(tmp_path: Path) -> None:
    with app(tmp_path) as (person, server, program):
        tray = person.desktop.tray
        assert tray is not None
        tray.wait_for_item()
        tray.wait_for_entry(server.locations[0])
        tray.press(server.locations[0])
        tray.wait_for_entry("Check out")
        assert person.status()["session"]["location"] == server.locations[0]
        tray.press("Check out")
        tray.wait_for_entry("Check in")
        assert person.status()["session"] is None
        tray.press("Quit")
        assert program.wait(QUIT_SECONDS) == 0


def test_without_a_tray_the_window_has_everything(tmp_path: Path) -> None:
    with app(tmp_path, tray=False) as (person, _server, program):
        person.click("What happened?", role="text")
        person.write("Gate closed")
        person.press("ctrl+Return")
        person.reader.find("Gate closed, Received")
        person.click("Menu")
        person.press("Up")  # an open menu is nothing that AT-SPI lists; up from its top is its last entry, Quit
        person.press("Return")
        assert program.wait(QUIT_SECONDS) == 0


def test_the_demo_opens_its_window_beside_a_tray(tmp_path: Path) -> None:
    with desktop_session(tmp_path) as desktop:
        env = desktop.env | {"QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
        with screen_reader(env) as reader:
            command = [*MIRATAG, "demo", "--data", str(tmp_path / "demo")]
            with running(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as program:
                reader.find("Harbour Works (demo)", seconds=COMMAND_SECONDS)
                assert desktop.tray is not None
                desktop.tray.press("Quit")
                assert program.wait(COMMAND_SECONDS) == 0


def test_a_click_on_a_notification_opens_the_report_that_came_back(tmp_path: Path) -> None:
    with app(tmp_path) as (person, server, program), notification_service(person.desktop.env, tmp_path):
        tray = person.desktop.tray
        assert tray is not None
        tray.wait_for_item()
        person.status()
        person.command("report", "Pump 3 leaks at the flange")
        [report] = person.status()["reports"]
        assert report["state"] == "received"
        with manager_at_work(server) as manager:
            manager.decide(report["instance_id"], "returned", words="Which flange?")
        person.command("sync", "--wait", "30", code=NEEDS_YOU)
        hands = person.desktop.hands
        hint = hands("search", "--sync", "--onlyvisible", "--class", CLASS).splitlines()[0]
        hands("mousemove", "--sync", "--window", hint, "20", "20", "click", "1")
        person.reader.find("Which flange?")
        person.reader.find("Returned by")
        tray.press("Quit")
        assert program.wait(QUIT_SECONDS) == 0
