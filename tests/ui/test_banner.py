"""The one banner: its sentence, and a button for each next step that the sentence names."""

import pytest
from PySide6.QtCore import Qt

from agent.api import (
    AnswerPolicyText,
    Banner,
    DismissPolicyNotice,
    DismissReceiversNotice,
    OpenPolicyText,
    PolicyTextItem,
    Retry,
    SignIn,
)
from ui.privacy.policies import PolicyPage


@pytest.mark.parametrize(
    ("kind", "buttons"),
    [("sign_in", {"Sign in"}), ("keyring", {"Retry", "Sign in"}), ("disk_low", set()), ("store_set_aside", set())],
)
def test_the_steps_of_each_kind(qtbot, window, fake, kind, buttons):
    fake.change(banner=Banner(kind=kind, sentence="What it is and what to do."))
    qtbot.waitUntil(window.banner.isVisible)
    card = window.banner
    shown = {one.text().replace("&", "") for one in (card.again, card.step, card.close_button) if one.isVisible()}
    assert shown == buttons


def test_what_could_not_be_opened_is_said_instead_of_asking_for_a_sign_in(qtbot, window, fake):
    banner = Banner(kind="newer_store", sentence="A newer Miratag was used here. Update this one.")
    fake.change(accounts=(), current=None)
    qtbot.waitUntil(window.sign_in.isVisible)
    assert window.focusWidget() is window.sign_in.address
    fake.change(banner=banner)
    qtbot.waitUntil(window.starting.isVisible)
    assert window.starting.text() == banner.sentence
    assert not window.sign_in.isVisible()
    fake.change(banner=None)
    qtbot.waitUntil(window.sign_in.isVisible)
    assert not window.starting.isVisible()


def test_an_unlocked_keyring_is_tried_again_and_another_sign_in_goes_through_the_browser(qtbot, window, fake):
    fake.change(banner=Banner(kind="keyring", sentence="The keyring is locked. Unlock it and press Retry."))
    qtbot.waitUntil(window.banner.again.isVisible)
    window.banner.again.click()
    window.banner.step.click()
    commands = [command for command in fake.commands if isinstance(command, Retry | SignIn)]
    assert [type(command) for command in commands] == [Retry, SignIn]


def test_the_window_follows_an_account_that_comes_after_the_word_of_its_sign_in(qtbot, window, fake):
    there = fake.snapshot()
    fake.change(accounts=(), current=None)
    qtbot.waitUntil(window.sign_in.isVisible)
    window.sign_in.done.emit()
    assert window.sign_in.isVisible()
    fake.change(accounts=there.accounts, current=there.current)
    qtbot.waitUntil(window.column.isVisible)
    assert not window.sign_in.isVisible()


def policy(**fields):
    given = {
        "version": 3,
        "title": "Privacy policy",
        "published": "2026-11-01T00:00:00Z",
        "effective": "2026-12-01T12:00:00Z",
        "changes": "Positions are kept for ninety days.",
        "current": False,
        "answer": "none",
    }
    return PolicyTextItem(**(given | fields))


def show_policy(qtbot, window, fake, **fields):
    item = policy(**fields)
    fake.policy_texts = [item]
    fake.change(banner=Banner(kind="policy_changed", sentence="Read it.", policy=item))
    qtbot.waitUntil(window.banner.read.isVisible)
    return item


def test_a_policy_that_changes_says_what_and_from_when_and_is_put_away(qtbot, window, fake):
    show_policy(qtbot, window, fake)
    card = window.banner
    assert card.sentence.text() == (
        "Your organization's privacy policy changes. The new version holds from 1 December 2026 on."
    )
    assert card.changes.text() == "Positions are kept for ninety days."
    assert card.calming.isVisible()
    assert not card.step.isVisible()
    assert not card.again.isVisible()
    card.close_button.click()
    qtbot.waitUntil(lambda: not card.isVisible())
    assert DismissPolicyNotice(account="acme/ana", version=3) in fake.commands
    assert not any(isinstance(one, AnswerPolicyText) for one in fake.commands), "closing it accepts nothing"


def test_the_button_opens_the_text_itself_by_keyboard_and_reading_it_answers_the_banner(qtbot, window, fake):
    item = show_policy(qtbot, window, fake, current=True)
    assert "has changed. The new version holds since 1 December 2026." in window.banner.sentence.text()
    window.banner.read.setFocus()
    qtbot.keyClick(window.banner.read, Qt.Key.Key_Space)
    page = window.privacy.shown
    assert isinstance(page, PolicyPage)
    qtbot.waitUntil(lambda: len(page.paragraphs) == 4)
    assert page.item == item
    assert page.changed.text() == item.changes
    qtbot.waitUntil(lambda: fake.snapshot().banner is None)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.privacy.shown is window.privacy.sections["policies"]
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(window.column.isVisible)
    assert not window.banner.isVisible()


def test_a_text_that_did_not_come_leaves_the_banner(qtbot, window, fake):
    show_policy(qtbot, window, fake)
    fake.fail_next(OpenPolicyText, "The server cannot be reached.", "unavailable")
    window.banner.read.click()
    page = window.privacy.shown
    qtbot.waitUntil(lambda: page.said.text() == "The server cannot be reached.")
    assert fake.snapshot().banner is not None


def test_a_trouble_of_the_window_goes_before_the_policy_and_its_close_answers_only_itself(qtbot, window, fake):
    show_policy(qtbot, window, fake)
    card = window.banner
    card.show_trouble("The file could not be opened.")
    assert card.sentence.text() == "The file could not be opened."
    assert not card.read.isVisible()
    assert not card.changes.isVisible()
    card.close_button.click()
    assert card.read.isVisible()
    assert not any(isinstance(one, DismissPolicyNotice) for one in fake.commands)


def test_what_changed_is_shortened_and_never_markup(qtbot, window, fake):
    show_policy(qtbot, window, fake, changes="<b>All</b> " + "word " * 400)
    shown = window.banner.changes
    assert shown.text().startswith("<b>All</b> word")
    assert shown.text().endswith("…")
    assert len(shown.text()) <= 301
    assert shown.textFormat() == Qt.TextFormat.PlainText


def test_that_others_would_get_log_data_is_told_leads_to_the_choice_and_is_put_away(qtbot, window, fake):
    fake.change(banner=Banner(kind="passed_on_to_more", sentence="Others would get it. That is off."))
    card = window.banner
    qtbot.waitUntil(card.choose.isVisible)
    assert not card.read.isVisible()
    assert not card.calming.isVisible()
    card.choose.setFocus()
    qtbot.keyClick(card.choose, Qt.Key.Key_Space)
    assert window.privacy.shown is window.privacy.sections["choices"]
    window.show_home()
    qtbot.waitUntil(card.close_button.isVisible)
    card.close_button.click()
    qtbot.waitUntil(lambda: not card.isVisible())
    assert fake.commands[-1] == DismissReceiversNotice(account="acme/ana")
