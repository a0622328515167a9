"""The Privacy centre on a real agent and a real server: what is clicked is in force, on disk and counted."""

import argparse
import json
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QLocale, Qt
from PySide6.QtWidgets import QLabel, QWidget

from agent.api import ListLosses, Losses, SetConsent
from agent.logdata import reading
from desktop.command_line.receipts import verify
from telemetry.consent import Conditions
from telemetry.queue import Bounds
from telemetry.store import Store
from tests.integration.agent.at_work import PATIENCE, AtWork, at_work
from tests.live_server import LiveServer
from tests.ui.conftest import RecordingDoors
from tests.unit.telemetry.making import Clock, fill
from ui.attendance_desk import AttendanceDesk
from ui.bridge import AgentBridge
from ui.main_menu import MainMenu
from ui.main_window import MainWindow
from ui.privacy.batch_page import BatchPage
from ui.privacy.centre import PrivacyCentre
from ui.privacy.record_page import RecordPage

WAIT = int(PATIENCE * 1000)
MANY = 50_000


@contextmanager
def window_on(qtbot: Any, one: AtWork) -> Iterator[PrivacyCentre]:
    """The Privacy centre of a window on that agent."""
    QLocale.setDefault(QLocale("en_GB"))
    bridge = AgentBridge()
    bridge.attach(one.agent)
    desk = AttendanceDesk(bridge, bridge)
    window = MainWindow(bridge, desk, MainMenu(bridge, desk, RecordingDoors(), None, bridge))
    try:
        window.show()
        window.activateWindow()
        qtbot.waitExposed(window)
        qtbot.waitUntil(lambda: bridge.ready and bridge.snapshot().current is not None, timeout=WAIT)
        window.show_privacy()
        qtbot.waitUntil(lambda: bool(window.privacy.overview.optional.text()), timeout=WAIT)
        yield window.privacy
    finally:
        window.images.close()
        window.hide()
        window.deleteLater()
        bridge.close()


def test_granted_read_removed_sent_opened_and_taken_back(qtbot: Any, server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "profile", server) as one, window_on(qtbot, one) as centre:
        choices: Any = centre.open_section("choices")
        qtbot.waitUntil(lambda: len(choices.categories) == 3, timeout=WAIT)
        usage = choices.categories["usage"]
        assert [card.switch.isChecked() for card in choices.categories.values()] == [False, False, False]
        usage.switch.setFocus()
        qtbot.keyClick(usage.switch, Qt.Key.Key_Space)
        qtbot.waitUntil(lambda: usage.switch.isChecked() and usage.switch.isEnabled(), timeout=WAIT)
        one.file("The crane is repaired.")

        ledger: Any = centre.open_section("ledger")
        rows = ledger.waiting.model
        qtbot.waitUntil(lambda: rows.rowCount() > 0, timeout=WAIT)
        one.file("The gate is repaired, too.")
        ledger.refresh()  # a record by itself is told to nobody
        qtbot.waitUntil(lambda: rows.rowCount() > 1, timeout=WAIT)
        ledger.waiting.rows.setFocus()
        qtbot.keyClick(ledger.waiting.rows, Qt.Key.Key_Return)
        record = centre.shown
        assert isinstance(record, RecordPage)
        assert f"event.seq = {record.record.envelope['event.seq']}" in record.envelope.toPlainText()
        record.remove.click()
        qtbot.waitUntil(lambda: centre.shown is ledger, timeout=WAIT)
        ledger.waiting.send.click()
        qtbot.waitUntil(lambda: ledger.waiting.said.text() not in ("", "Sending…"), timeout=WAIT)
        qtbot.waitUntil(lambda: rows.rowCount() == 0, timeout=WAIT)

        ledger.show_part("sent")
        qtbot.waitUntil(lambda: ledger.sent.model.rowCount() > 0, timeout=WAIT)
        ledger.sent.rows.setFocus()
        qtbot.keyClick(ledger.sent.rows, Qt.Key.Key_Return)
        batch = centre.shown
        assert isinstance(batch, BatchPage)
        qtbot.waitUntil(lambda: batch.records.rowCount() > 0, timeout=WAIT)
        assert batch.state.text().startswith("Received")
        assert batch.reply.toPlainText().startswith("200")
        assert len(batch.checksum.toPlainText()) == 64
        centre.step_back()
        ledger.sent.export_to(str(tmp_path / "log.json"))
        qtbot.waitUntil(lambda: "Saved in" in ledger.sent.said.text(), timeout=WAIT)
        assert json.loads((tmp_path / "log.json").read_bytes())["sent"]

        ledger.show_part("losses")
        qtbot.waitUntil(ledger.losses.sum.isVisible, timeout=WAIT)
        losses: Losses = one.look(ListLosses(account=one.account))
        assert ledger.losses.sum.lines["purged"].text() == "1"
        assert ledger.losses.sum.lines["accepted"].text() == str(losses.accepted)
        assert "every record is accounted for" in ledger.losses.sum.sentence.text()

        take_back(qtbot, centre, usage)
        save_receipt(qtbot, centre, tmp_path / "receipt.json")
        profile = one.profile
    shown = argparse.Namespace(file=tmp_path / "receipt.json", keys=None, json=False)
    assert verify(profile, shown) == 0, "the receipt holds, read from the file by the keys that were pinned"


def take_back(qtbot: Any, centre: PrivacyCentre, card: Any) -> None:
    """Switch it off, and have erased what was sent."""
    centre.open_section("choices")
    card.switch.click()
    qtbot.waitUntil(lambda: card.state.text().startswith("Off."), timeout=WAIT)
    assert card.switch.isEnabled()
    assert not card.switch.isChecked()
    qtbot.waitUntil(card.offer.isVisible, timeout=WAIT)
    card.offer.erase.click()


def save_receipt(qtbot: Any, centre: PrivacyCentre, path: Path) -> None:
    """Once the server has answered."""
    erasures: Any = centre.open_section("erasures")
    qtbot.waitUntil(lambda: bool(erasures.cards) and bool(erasures.cards[0].saves), timeout=WAIT)
    card = erasures.cards[0]
    card.save_to(0, str(path))
    qtbot.waitUntil(lambda: card.said.text().startswith("Saved in"), timeout=WAIT)


def test_my_data_is_asked_collected_and_gone_and_the_policy_accepted(
    qtbot: Any, server: LiveServer, tmp_path: Path
) -> None:
    with at_work(tmp_path / "profile", server) as one, window_on(qtbot, one) as centre:
        one.file("The crane is repaired.")
        one.sync()
        section: Any = centre.open_section("my_data")
        section.asking.wish.setPlainText("The photos of my car")
        section.asking.act.click()
        qtbot.waitUntil(lambda: bool(section.asking.requests), timeout=WAIT)
        one.sync()
        section.refresh()
        qtbot.waitUntil(lambda: "Not answered yet" in told(section.asking), timeout=WAIT)
        section.collect.save_to(str(tmp_path / "my data.zip"))
        qtbot.waitUntil(lambda: "Saved in" in section.collect.said.text(), timeout=WAIT)
        with zipfile.ZipFile(tmp_path / "my data.zip") as opened:
            assert opened.testzip() is None
            assert any(b"The crane is repaired." in opened.read(name) for name in opened.namelist())

        policies: Any = centre.open_section("policies")
        qtbot.waitUntil(lambda: bool(policies.rows), timeout=WAIT)
        policies.rows[0].click()
        page: Any = centre.shown
        qtbot.waitUntil(lambda: bool(page.paragraphs), timeout=WAIT)
        page.accept.click()
        qtbot.waitUntil(lambda: page.lead.text().endswith("accepted by you"), timeout=WAIT)

        one.sync()
        rooms = one.agent._rooms
        assert rooms is not None
        workplace = rooms.workplaces[one.account]
        qtbot.waitUntil(lambda: not workplace.holds_unsent(), timeout=WAIT)  # what was accepted is told after the round
        section = centre.open_section("my_data")
        qtbot.waitUntil(section.local.act.isEnabled, timeout=WAIT)
        section.local.act.click()
        section.local.confirm.act.click()
        qtbot.waitUntil(lambda: one.agent.snapshot().current is None, timeout=WAIT)
        kept = [file for file in one.profile.path.rglob("*") if file.is_file()]
        assert not any(b"The crane is repaired." in file.read_bytes() for file in kept)


def told(widget: QWidget) -> str:
    """All that its labels say."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_of_fifty_thousand_rows_on_disk_a_page_is_read(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with LiveServer.start(tmp_path / "server") as gone, at_work(tmp_path / "profile", gone) as one:
        one.sync()
        one.do(SetConsent(account=one.account, category="usage", state="granted"))
        account, profile = one.account, one.profile
    clock = Clock()
    clock.now_ms = time.time_ns() // 1_000_000
    store = Store(profile.telemetry(account), Conditions(), Bounds(), clock)
    store.load()
    fill(store, clock, MANY)
    store.close()
    read: list[int] = []
    decode = reading._record
    monkeypatch.setattr(reading, "_record", lambda found, seq: read.append(seq) or decode(found, seq))
    with at_work(tmp_path / "profile") as one, window_on(qtbot, one) as centre:
        ledger: Any = centre.open_section("ledger")
        model, rows = ledger.waiting.model, ledger.waiting.rows
        qtbot.waitUntil(lambda: model.rowCount() == 100, timeout=WAIT)
        counted = int(ledger.waiting.summary.text().partition(" ")[0])
        assert MANY - 1000 < counted <= MANY  # more than may wait: one more drops some of the oldest
        for pages in (2, 3):
            rows.scrollToBottom()
            qtbot.waitUntil(lambda pages=pages: model.rowCount() == 100 * pages, timeout=WAIT)
        assert len(read) < 1000, "what is not looked at is not read"
        assert sorted(set(read)) == sorted(one.seq for one in model._rows)
