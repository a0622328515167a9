"""The real program on a desktop of its own, used the way a person does: by mouse, by keys, by the tray."""

import subprocess
from pathlib import Path

import pytest
from PIL import Image

from tests.integration.agent.manager_at_work import manager_at_work
from tests.services.desktop_session import desktop_session
from tests.services.notification_service import CLASS, notification_service
from tests.services.processes import running
from tests.services.screen_reader import screen_reader
from tests.system.person import COMMAND_SECONDS, MIRATAG, app

pytestmark = pytest.mark.system

QUIT_SECONDS = 10
NEEDS_YOU = 4


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
