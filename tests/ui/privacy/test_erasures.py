"""Erasure: asked for, followed, its receipt saved."""

import pytest

from agent.api import EraseSent, ErasureItem

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
    assert section.cards[0].state.text() == "Waiting for the server's receipt."
    assert section.cards[0].saves == []


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
    qtbot.waitUntil(lambda: "340 log records" in section.cards[0].state.text())
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
    card.save_to(card.item.receipts[0], str(tmp_path / "receipt.json"))
    assert (tmp_path / "receipt.json").read_text(encoding="utf-8") == '{"kid": "ü"}'
    assert "receipt verify" in card.said.text()
    card.save_to(card.item.receipts[0], str(tmp_path / "no folder" / "receipt.json"))
    assert "could not be written" in card.said.text()
