"""A letter with Alt presses one thing: where two that are seen share one, neither is pressed."""

from collections import Counter

from msgspec import structs
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QAbstractButton, QLabel, QWidget

from tests.ui.fake_privacy import record
from tests.ui.test_attendance import checked_in


def shared(within: QWidget) -> list[str]:
    """The letters that more than one thing in sight has."""
    buttons = [one for one in within.findChildren(QAbstractButton) if one.isVisible()]
    labels = [one for one in within.findChildren(QLabel) if one.isVisible() and one.buddy() is not None]
    letters = [QKeySequence.mnemonic(one.text()).toString() for one in (*buttons, *labels)]
    return [letter for letter, count in Counter(letters).items() if letter and count > 1]


def test_on_a_break_each_way_on_has_its_own(qtbot, window, fake):
    checked_in(qtbot, window, fake)
    session = fake.snapshot().session
    assert session is not None
    fake.change(session=structs.replace(session, on_break=True))
    qtbot.waitUntil(lambda: window.now.leave.isVisible() and window.now.other.isVisible())
    assert shared(window) == []


def test_the_ledger_while_something_came(qtbot, window, fake):
    fake.waiting_records = [record(seq) for seq in range(1, 90)]
    window.show_privacy()
    ledger = window.privacy.open_section("ledger")
    qtbot.waitUntil(ledger.waiting.rows.isVisible)
    ledger.waiting.latest.show()
    assert shared(ledger) == []
    ledger.show_part("sent")
    ledger.sent.latest.show()
    assert shared(ledger) == []
