"""Settings: what is told by a hint, where privacy is chosen, and the organization's rules in words."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox

from agent.api import OpenWindow, SetNetworkEvidence, SetTold, ShowSettings
from ui import wording
from ui.settings_page import SettingsPage

ACCOUNT = "acme/ana"


def plain(text):
    return text.replace("\N{FIRST STRONG ISOLATE}", "").replace("\N{POP DIRECTIONAL ISOLATE}", "")


def rules_of(page):
    return [plain(rule.text()) for rule in page.rules]


@pytest.fixture
def page(qtbot, window):
    window.open(OpenWindow(page="settings"))
    qtbot.waitUntil(window.settings.switches["returned"].isEnabled)
    return window.settings


def test_each_kind_is_switched_by_keyboard_and_kept(qtbot, page, fake):
    assert page.isVisible()
    assert all(switch.isChecked() for switch in page.switches.values())
    page.switches["comment"].setFocus()
    qtbot.keyClick(page.switches["comment"], Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: SetTold(account=ACCOUNT, kind="comment", told=False) in fake.commands)
    qtbot.waitUntil(lambda: not page.switches["comment"].isChecked())
    assert [kind for kind, switch in page.switches.items() if not switch.isChecked()] == ["comment"]
    assert page.switches["returned"].accessibleName() == "Notify me when a report of mine is: Returned"


def test_a_choice_that_was_not_kept_is_shown_as_it_is(qtbot, page, fake):
    fake.fail_next(SetTold, "The disk is full. Free some space and try again.", "cannot_store")
    page.switches["approved"].click()
    qtbot.waitUntil(lambda: page.sentence.text().startswith("The disk is full"))
    qtbot.waitUntil(page.switches["approved"].isChecked)
    page.switches["approved"].click()
    qtbot.waitUntil(lambda: not page.sentence.isVisible())
    qtbot.waitUntil(lambda: fake.told["approved"] is False)


def test_another_account_shows_its_own_choices_only(qtbot, page, window, fake):
    fake.told = {**fake.told, "returned": False}
    fake.tell("settings")
    qtbot.waitUntil(lambda: not page.switches["returned"].isChecked())
    fake.add_account("acme/ben", "Ben Weber", "Dock Works")
    fake.hold()
    fake.change(current="acme/ben")
    qtbot.waitUntil(lambda: plain(page.whose.text()) == "Ben Weber · Dock Works")
    assert not page.switches["returned"].isEnabled(), "what Ben chose is not known yet"
    fake.told = dict.fromkeys(fake.told, True)
    fake.release()
    qtbot.waitUntil(page.switches["returned"].isEnabled)
    assert page.switches["returned"].isChecked()
    assert fake.queries[-1] == ShowSettings(account="acme/ben")


def test_the_privacy_choice_is_told_and_its_own_page_is_one_press_away(qtbot, page, window, fake):
    assert "left out" in page.details.text()
    assert not [box for box in page.findChildren(QCheckBox) if box not in (*page.switches.values(), page.network)]
    fake.change(keeps_details=True)
    qtbot.waitUntil(lambda: "travel with" in page.details.text())
    page.privacy.click()
    assert window.privacy.isVisible()
    window.show_settings()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not page.isVisible()


def test_rules_are_told_in_words(qtbot, page, fake):
    qtbot.waitUntil(lambda: bool(page.rules[0].text()))
    assert rules_of(page) == [
        "Photos are made smaller when you add them: at most 2,048 pixels on the longer side.",
        "A file may be up to 2.1 GB.",
        "A report may be changed for 7 days after it was written. One that is returned can always be corrected.",
        "Pictures of received reports stay on this computer for 90 days, their text after that too.",
    ]
    fake.settings = msgspec.structs.replace(fake.settings, photo_max_edge=0, edit_hours=36, max_media_bytes=50_000_000)
    fake.tell("locations")  # a round ended
    qtbot.waitUntil(lambda: rules_of(page)[0] == "Photos are sent in the size that they have.")
    assert rules_of(page)[2].startswith("A report may be changed for 36 hours after")
    fake.settings = msgspec.structs.replace(fake.settings, edit_hours=0)
    fake.tell("locations")
    qtbot.waitUntil(lambda: rules_of(page)[2].startswith("A report that was sent cannot be changed."))


def test_lengths_of_time_are_days_where_they_are_whole():
    assert [wording.days_or_hours(hours) for hours in (1, 24, 36, 48, 168)] == [
        "1 hour",
        "24 hours",
        "36 hours",
        "2 days",
        "7 days",
    ]


def test_nobody_signed_in_has_no_settings(qtbot, bridge):
    lonely = SettingsPage(bridge)
    qtbot.addWidget(lonely)
    lonely.refresh()
    assert not any(switch.isEnabled() for switch in lonely.switches.values())


def test_the_network_is_said_only_where_it_was_switched_on(qtbot, page, fake):
    assert not page.network.isChecked()
    page.network.setFocus()
    qtbot.keyClick(page.network, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: SetNetworkEvidence(account=ACCOUNT, allowed=True) in fake.commands)
    qtbot.waitUntil(lambda: fake.settings.network_evidence)
    fake.fail_next(SetNetworkEvidence, "The disk is full. Free some space and try again.", "cannot_store")
    page.network.click()
    qtbot.waitUntil(lambda: page.sentence.text().startswith("The disk is full"))
    qtbot.waitUntil(page.network.isChecked)


@pytest.mark.parametrize("kind", ["shift_starts", "still_in", "report_due", "correction"])
def test_each_reminder_is_switched_off_by_itself(qtbot, page, fake, kind):
    page.switches[kind].click()
    qtbot.waitUntil(lambda: SetTold(account=ACCOUNT, kind=kind, told=False) in fake.commands)
    qtbot.waitUntil(lambda: fake.told == {**dict.fromkeys(fake.told, True), kind: False})
