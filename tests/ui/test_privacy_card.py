"""The card about privacy: quiet, once, and answered by either button."""

from agent.api import DismissPrivacyCard


def dismissed(fake):
    return [command for command in fake.commands if isinstance(command, DismissPrivacyCard)]


def test_not_now_puts_it_away(qtbot, window, fake):
    assert not window.privacy_card.isVisible()
    fake.change(privacy_card=True)
    qtbot.waitUntil(window.privacy_card.isVisible)
    window.privacy_card.not_now.click()
    qtbot.waitUntil(lambda: not window.privacy_card.isVisible())
    assert dismissed(fake) == [DismissPrivacyCard(account="acme/ana")]
    assert not window.privacy.isVisible()


def test_it_leads_to_the_privacy_page_and_is_answered_by_that(qtbot, window, fake):
    fake.change(privacy_card=True)
    qtbot.waitUntil(window.privacy_card.isVisible)
    window.privacy_card.look.click()
    qtbot.waitUntil(window.privacy.isVisible)
    assert dismissed(fake) == [DismissPrivacyCard(account="acme/ana")]
