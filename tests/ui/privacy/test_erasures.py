"""Erasure: asked for, followed, its receipt saved."""

import pytest
from msgspec import structs
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from agent.api import EraseSent, ErasureItem, SaveErasureReceipt

ACCOUNT = "acme/ana"
ASKED = "2026-03-01T12:00:00.000Z"


@pytest.fixture
def section(qtbot, centre):
    return centre.open_section("erasures")


def test_none_was_asked_for_yet(qtbot, section):
    qtbot.waitUntil(section.empty.isVisible)
    assert section.cards == []


def test_all_of_it_is_asked_once_in_place_and_then_followed(qtbot, section, fake):
    section.erase.click()
    assert section.confirm.keep.hasFocus()
    assert not any(isinstance(one, EraseSent) for one in fake.commands)
    section.confirm.act.click()
    qtbot.waitUntil(lambda: len(section.cards) == 1)
    assert EraseSent(account=ACCOUNT, categories=()) in fake.commands
    assert section.said.text().startswith("Asked.")
    assert section.cards[0].waiting.text() == "Waiting for the server's receipt."
    assert section.cards[0].saves == []


def test_escape_leaves_a_question_before_it_leaves_the_page(qtbot, window, section, fake, centre):
    section.erase.click()
    assert section.confirm.keep.hasFocus()
    qtbot.keyClick(section.confirm.keep, Qt.Key.Key_Escape)
    assert not section.confirm.isVisible()
    assert centre.shown is section
    assert section.erase.hasFocus()
    qtbot.keyClick(section.erase, Qt.Key.Key_Escape)
    assert centre.shown is centre.overview
    assert not any(isinstance(one, EraseSent) for one in fake.commands)


def test_trouble_is_told_until_the_receipt_is_here(qtbot, section, fake):
    waiting = ErasureItem(
        erasure_id="a", asked=ASKED, categories=("usage",), state="waiting", trouble="The server cannot be reached."
    )
    fake.erasures = [waiting]
    fake.tell("privacy")
    qtbot.waitUntil(lambda: len(section.cards) == 1)
    assert section.cards[0].trouble.text() == "The server cannot be reached."
    fake.erasures = [
        ErasureItem(
            erasure_id="a",
            asked=ASKED,
            categories=("usage",),
            state="done",
            erased=340,
            relayed={"Google Analytics": 12},
            done=ASKED,
            receipts=('{"kid": "k"}',),
        )
    ]
    fake.tell("privacy")
    qtbot.waitUntil(lambda: "340 log records" in section.cards[0].done.text())
    assert not section.cards[0].waiting.isVisible()
    assert "Google Analytics" in section.cards[0].relayed.text()
    assert not section.cards[0].trouble.isVisible()


def test_the_receipt_is_saved_as_it_came(qtbot, section, fake, tmp_path):
    fake.erasures = [
        ErasureItem(
            erasure_id="a",
            asked=ASKED,
            categories=(),
            state="done",
            erased=3,
            done=ASKED,
            receipts=('{"kid": "ü"}', "{}"),
        )
    ]
    fake.tell("privacy")
    qtbot.waitUntil(lambda: len(section.cards) == 1)
    card = section.cards[0]
    assert [button.text() for button in card.saves] == ["Save receipt 1…", "Save receipt 2…"]
    card.save_to(0, str(tmp_path / "receipt.json"))
    qtbot.waitUntil(lambda: "receipt verify" in card.said.text())
    assert (tmp_path / "receipt.json").read_text(encoding="utf-8") == '{"kid": "ü"}'
    fake.fail_next(SaveErasureReceipt, "This place cannot be written. Choose another.", "cannot_store")
    card.save_to(1, str(tmp_path / "no folder" / "receipt.json"))
    qtbot.waitUntil(lambda: card.said.text() == "This place cannot be written. Choose another.")


def test_what_is_being_done_with_one_stays_while_another_changes(qtbot, section, fake):
    """The dialog that asks where to save hangs on the card."""
    done = ErasureItem(
        erasure_id="a", asked=ASKED, categories=("usage",), state="done", erased=3, done=ASKED, receipts=("{}",)
    )
    fake.erasures = [done]
    fake.tell("privacy")
    qtbot.waitUntil(lambda: len(section.cards) == 1)
    card = section.cards[0]
    card.saves[0].setFocus()
    dialog = QWidget(card)
    newer = ErasureItem(erasure_id="b", asked="2026-03-02T12:00:00.000Z", categories=(), state="waiting")
    fake.erasures = [newer, done]
    fake.tell("privacy")
    qtbot.waitUntil(lambda: len(section.cards) == 2)
    fake.erasures = [structs.replace(newer, state="done", done=ASKED, receipts=("{}", "{}")), done]
    fake.tell("privacy")
    qtbot.waitUntil(lambda: len(section.cards[0].saves) == 2)
    assert section.cards[1] is card
    assert isValid(dialog)
    assert card.saves[0].hasFocus()
    assert section._list.indexOf(section.cards[0]) < section._list.indexOf(card)
