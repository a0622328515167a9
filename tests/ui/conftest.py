"""A window on an agent in memory."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from pytestqt.qtbot import QtBot

from agent.api import ActivityItem
from tests.ui.fake_agent import FakeAgent
from ui.attendance_desk import AttendanceDesk
from ui.bridge import AgentBridge
from ui.main_menu import MainMenu
from ui.main_window import MainWindow
from ui.translations import install_translations


class RecordingDoors:
    """Remembers what a menu opened."""

    def __init__(self) -> None:
        self.opened: list[str] = []

    def open_window(self) -> None:
        self.opened.append("window")

    def open_report(self) -> None:
        self.opened.append("report")

    def open_check_in(self) -> None:
        self.opened.append("check_in")

    def open_timesheet(self) -> None:
        self.opened.append("timesheet")

    def open_privacy(self) -> None:
        self.opened.append("privacy")

    def open_settings(self) -> None:
        self.opened.append("settings")

    def open_item(self, item: ActivityItem) -> None:
        self.opened.append(item.item_id)

    def open_places(self) -> None:
        self.opened.append("places")

    def open_checklist(self, template_id: str) -> None:
        self.opened.append(template_id)

    def open_sign_in(self) -> None:
        self.opened.append("sign_in")

    def quit(self) -> None:
        self.opened.append("quit")


PATIENCE_MS = 30_000


@pytest.fixture(autouse=True, scope="session")
def patience() -> Iterator[None]:
    """What a window waits for is there in an instant; on a busy machine an instant may be longer than five seconds."""
    with pytest.MonkeyPatch.context() as patch:
        for wait in (QtBot.waitUntil, QtBot.waitSignal, QtBot.waitExposed):
            patch.setattr(wait, "__kwdefaults__", {**(wait.__kwdefaults__ or {}), "timeout": PATIENCE_MS})
        yield


@pytest.fixture(autouse=True, scope="session")
def english(qapp) -> None:
    QLocale.setDefault(QLocale("en_GB"))
    install_translations(qapp)


@pytest.fixture
def fake(tmp_path: Path) -> Iterator[FakeAgent]:
    agent = FakeAgent(tmp_path)
    yield agent
    agent.close()


@pytest.fixture
def bridge(qapp, fake: FakeAgent) -> Iterator[AgentBridge]:
    made = AgentBridge()
    made.attach(fake)
    yield made
    made.close()


@pytest.fixture
def desk(bridge: AgentBridge) -> AttendanceDesk:
    return AttendanceDesk(bridge, bridge)


@pytest.fixture
def doors() -> RecordingDoors:
    return RecordingDoors()


@pytest.fixture
def menu(bridge: AgentBridge, desk: AttendanceDesk, doors: RecordingDoors) -> MainMenu:
    return MainMenu(bridge, desk, doors, lambda: doors.opened.append("screenshot"), bridge)


@pytest.fixture
def window(qtbot, bridge: AgentBridge, desk: AttendanceDesk, menu: MainMenu) -> Iterator[MainWindow]:
    made = MainWindow(bridge, desk, menu)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.images.close()
    made.hide()
    made.deleteLater()
