"""The one banner: its sentence, and a button for each next step that the sentence names."""

import pytest

from agent.api import Banner, Retry, SignIn


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
