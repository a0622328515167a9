"""Cookies: listed, deleted one by one or all at once, and the lasting ones blocked."""

import pytest
from PySide6.QtCore import Qt

from agent.api import CookieItem, DeleteCookies, SetSwitch

ACCOUNT = "acme/ana"
SESSION = CookieItem(name="m_seen", purpose="Remembers what was read.", persistent=False, expires=None, size=20)
LASTING = CookieItem(
    name="m_theme", purpose="Remembers light or dark.", persistent=True, expires="2027-03-01T12:00:00Z", size=18
)


@pytest.fixture
def section(qtbot, fake, centre):
    fake.cookies = [SESSION, LASTING]
    fake.refused_cookies = 3
    opened = centre.open_section("cookies")
    qtbot.waitUntil(lambda: len(opened.cards) == 2)
    return opened


def test_each_says_its_purpose_and_how_long_it_stays(section):
    words = ["\n".join(label.text() for label in card.findChildren(type(section.refused))) for card in section.cards]
    assert "Remembers what was read." in words[0]
    assert "Ends with the program" in words[0]
    assert "Stays until" in words[1]
    assert section.refused.text() == "Not declared, and therefore not kept: 3"


def test_one_is_deleted_by_keyboard(qtbot, section, fake):
    section.cards[0].delete.setFocus()
    assert section.cards[0].delete.accessibleName() == "Delete m_seen"
    qtbot.keyClick(section.cards[0].delete, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: [card.name.text() for card in section.cards] == ["m_theme"])
    assert DeleteCookies(account=ACCOUNT, name="m_seen") in fake.commands
    assert section.block.hasFocus()


def test_all_are_deleted(qtbot, section, fake):
    section.delete_all.click()
    qtbot.waitUntil(section.empty.isVisible)
    assert DeleteCookies(account=ACCOUNT, name=None) in fake.commands
    assert not section.delete_all.isVisible()


def test_lasting_ones_are_blocked_and_let_in_again(qtbot, section, fake):
    qtbot.waitUntil(section.block.isEnabled)
    assert section.block.isChecked(), "nothing lasts until the person allows it"
    section.block.click()
    qtbot.waitUntil(lambda: SetSwitch(account=ACCOUNT, switch="cookies", on=True) in fake.commands)
    qtbot.waitUntil(lambda: not section.block.held and not section.block.isChecked())
    fake.fail_next(SetSwitch, "The disk is full. Free some space and try again.", "cannot_store")
    section.block.click()
    qtbot.waitUntil(lambda: section.said.text().startswith("The disk is full"))
    qtbot.waitUntil(lambda: not section.block.held and not section.block.isChecked())
