"""Choices: granted, taken back, locked, and what each would record."""

import pytest
from PySide6.QtCore import Qt

from agent.api import EraseSent, ListLedger, SetConsent, SetSwitch
from protocol.discovery import ThirdParty
from telemetry.catalog import EVENTS
from tests.ui.fake_privacy import ORGANIZATION_OFF, batch, record

ACCOUNT = "acme/ana"


@pytest.fixture
def choices(qtbot, centre):
    section = centre.open_section("choices")
    qtbot.waitUntil(lambda: len(section.categories) == 3)
    return section


def test_switching_a_category_on_and_off_is_the_persons_choice(qtbot, choices, fake):
    card = choices.categories["usage"]
    assert not card.switch.isChecked()
    card.switch.setFocus()
    qtbot.keyClick(card.switch, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: card.switch.isChecked() and not card.switch.held)
    assert card.state.text().startswith("Switched on.")
    qtbot.waitUntil(lambda: "Switching it off stops it at once" in card.facts.text())
    fake.hold()
    card.switch.click()
    assert card.switch.held
    assert card.state.text().startswith("Stopping")
    fake.release()
    qtbot.waitUntil(lambda: not card.switch.held and not card.switch.isChecked())
    assert card.state.text().startswith("Off.")
    given = [command.state for command in fake.commands if isinstance(command, SetConsent)]
    assert given == ["granted", "denied"]


def test_whoever_presses_twice_turns_no_other_switch(qtbot, choices, fake):
    """Of a disabled one the keyboard would go on to the next, and the second press would grant that."""
    pressed = choices.switches["network"].switch
    pressed.setFocus()
    fake.hold()
    for _ in range(2):
        qtbot.keyClick(choices.window().focusWidget(), Qt.Key.Key_Space)
    assert pressed.hasFocus()
    assert [one for one in fake.commands if isinstance(one, SetSwitch)] == [
        SetSwitch(account=ACCOUNT, switch="network", on=True)
    ]
    fake.release()
    qtbot.waitUntil(lambda: not pressed.held and pressed.isChecked())
    assert not choices.switches["keep_details"].switch.isChecked()
    qtbot.keyClick(choices.window().focusWidget(), Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: not pressed.held and not pressed.isChecked())


def test_taking_back_says_what_was_deleted(qtbot, window, fake):
    fake.consents[ACCOUNT, "usage"] = "granted"
    fake.waiting_records = [record(seq) for seq in range(1, 4)]
    window.show_privacy()
    section = window.privacy.open_section("choices")
    qtbot.waitUntil(lambda: "usage" in section.categories)
    card = section.categories["usage"]
    card.switch.click()
    qtbot.waitUntil(lambda: "3 log records" in card.state.text())


def test_a_withdrawal_that_failed_leaves_the_switch_on_and_says_why(qtbot, window, fake):
    fake.consents[ACCOUNT, "usage"] = "granted"
    window.show_privacy()
    section = window.privacy.open_section("choices")
    qtbot.waitUntil(lambda: "usage" in section.categories)
    card = section.categories["usage"]
    fake.fail_next(SetConsent, "The database is locked. Try again.", "cannot_store")
    card.switch.click()
    qtbot.waitUntil(lambda: card.reason.text() == "The database is locked. Try again.")
    assert card.switch.isChecked()
    assert card.switch.isEnabled()


def test_what_the_organization_or_the_computer_locks_is_shown_with_the_reason(qtbot, choices, fake):
    card = choices.categories["third_party"]
    assert card.isVisible()
    assert not card.switch.isEnabled()
    assert card.reason.text() == ORGANIZATION_OFF
    environment = "Off because DO_NOT_TRACK is set on this computer."
    fake.locked = dict.fromkeys(("diagnostics", "usage", "third_party"), environment)
    fake.tell("privacy")
    qtbot.waitUntil(lambda: choices.categories["usage"].reason.text() == environment)
    assert not any(one.switch.isEnabled() for one in choices.categories.values())


def test_a_locked_category_keeps_the_persons_own_choice(qtbot, window, fake):
    fake.consents[ACCOUNT, "third_party"] = "granted"
    window.show_privacy()
    section = window.privacy.open_section("choices")
    qtbot.waitUntil(lambda: "third_party" in section.categories)
    card = section.categories["third_party"]
    assert card.switch.isChecked()
    assert not card.switch.isEnabled()
    assert "Switching it off" not in card.facts.text()


def test_what_it_records_is_the_catalog_with_every_field(qtbot, choices):
    for category in ("diagnostics", "usage"):
        card = choices.categories[category]
        assert not card.fields.isVisible()
        card.opener.setFocus()
        qtbot.keyClick(card.opener, Qt.Key.Key_Space)
        assert card.fields.isVisible()
        told = "\n".join(label.text() for label in card.fields._labels)
        for event in EVENTS.values():
            if event.category == category:
                assert event.name in told
                assert event.purpose in told
                for field in event.fields:
                    assert f"• {field.name}: " in told
                    assert all(choice in told for choice in field.choices)


@pytest.mark.parametrize("switch", ["network", "keep_details", "cookies"])
def test_each_other_choice_is_switched_by_itself(qtbot, choices, fake, switch):
    card = choices.switches[switch]
    assert not card.switch.isChecked()
    card.switch.click()
    qtbot.waitUntil(lambda: SetSwitch(account=ACCOUNT, switch=switch, on=True) in fake.commands)
    qtbot.waitUntil(lambda: not card.switch.held and card.switch.isChecked())
    fake.fail_next(SetSwitch, "The disk is full. Free some space and try again.", "cannot_store")
    card.switch.click()
    qtbot.waitUntil(lambda: card.reason.text().startswith("The disk is full"))
    assert card.switch.isChecked()


def test_a_computer_that_cannot_say_where_it_is_says_that(choices):
    card = choices.switches["position"]
    assert not card.switch.isEnabled()
    assert "no source" in card.reason.text()


def test_after_taking_back_the_erasure_of_what_was_sent_is_offered(qtbot, window, fake):
    fake.consents[ACCOUNT, "usage"] = "granted"
    fake.sent_records["usage"] = 340
    window.show_privacy()
    section = window.privacy.open_section("choices")
    qtbot.waitUntil(lambda: "usage" in section.categories)
    card = section.categories["usage"]
    assert not card.offer.isVisible()
    card.switch.click()
    qtbot.waitUntil(card.offer.isVisible)
    assert "340 log records" in card.offer.words.text()
    fake.fail_next(EraseSent, "There is no room on this computer.", "cannot_store")
    card.offer.erase.click()
    qtbot.waitUntil(lambda: card.reason.text() == "There is no room on this computer.")
    assert card.offer.isVisible()
    fake.commands.clear()
    card.offer.erase.setFocus()
    fake.hold()
    for _ in range(2):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    assert fake.commands == [EraseSent(account=ACCOUNT, categories=("usage",))]
    fake.release()
    qtbot.waitUntil(lambda: card.state.text().startswith("Erasure is asked for"))
    assert not card.offer.isVisible()
    assert card.follow.hasFocus()
    qtbot.keyClick(card.follow, Qt.Key.Key_Space)
    assert window.privacy.shown is window.privacy.sections["erasures"]
    qtbot.waitUntil(lambda: len(window.privacy.shown.cards) == 1)


def test_what_may_have_arrived_is_offered_for_erasure_too(qtbot, window, fake):
    fake.consents[ACCOUNT, "usage"] = "granted"
    fake.left = [batch(0, state="may_have_arrived", accepted=0, status=None)]
    window.show_privacy()
    section = window.privacy.open_section("choices")
    qtbot.waitUntil(lambda: "usage" in section.categories)
    card = section.categories["usage"]
    card.switch.click()
    qtbot.waitUntil(card.offer.isVisible)
    assert card.offer.words.text() == "Some of it may have arrived, though no answer came."
    card.offer.leave.click()
    assert not card.offer.isVisible()
    assert not any(isinstance(one, EraseSent) for one in fake.commands)


def test_where_nothing_was_sent_no_erasure_is_offered(qtbot, window, fake):
    fake.consents[ACCOUNT, "usage"] = "granted"
    window.show_privacy()
    section = window.privacy.open_section("choices")
    qtbot.waitUntil(lambda: "usage" in section.categories)
    card = section.categories["usage"]
    card.switch.click()
    qtbot.waitUntil(lambda: any(isinstance(one, ListLedger) for one in fake.queries))
    qtbot.waitUntil(lambda: card.state.text().startswith("Off."))
    assert not card.offer.isVisible()


ANALYTICS = ThirdParty(
    name="Google <b>Analytics</b>",
    host="analytics.example.invalid",
    purpose="Counts of how the app is used.",
    receives="Names and numbers of events.",
)


def test_whom_it_is_passed_on_to_is_named_as_plain_text_before_the_choice(qtbot, fake, choices):
    card = choices.categories["third_party"]
    assert not card.passed_on.isVisible()
    fake.locked = {}
    fake.third_parties = (ANALYTICS,)
    fake.tell("privacy")
    qtbot.waitUntil(card.passed_on.isVisible)
    assert [one.text() for one in card.passed_on.labels] == [
        "Passed on to Google <b>Analytics</b> (analytics.example.invalid)",
        "Counts of how the app is used.",
        "It gets: Names and numbers of events.",
    ]
    assert {one.textFormat() for one in card.passed_on.labels} == {Qt.TextFormat.PlainText}
    assert not choices.categories["usage"].passed_on.isVisible()
    fake.third_parties_new = (ANALYTICS.name,)
    fake.tell("privacy")
    qtbot.waitUntil(lambda: card.passed_on.labels[0].text().endswith(", new since you allowed it"))
    card.switch.click()
    granted = SetConsent(account=ACCOUNT, category="third_party", state="granted", third_parties=fake.third_parties)
    qtbot.waitUntil(lambda: granted in fake.commands)


def test_the_connection_names_them_too_or_says_that_there_is_nobody(qtbot, window, fake):
    window.show_privacy()
    section = window.privacy.open_section("connections")
    qtbot.waitUntil(lambda: len(section.rows) == 4)
    rows = {row.name.text(): row for row in section.rows}
    outside = rows.pop("Outside analytics")
    qtbot.waitUntil(outside.nobody.isVisible)
    assert not any(row.nobody.isVisible() or row.passed_on.isVisible() for row in rows.values())
    fake.third_parties = (ANALYTICS,)
    fake.tell("privacy")
    qtbot.waitUntil(outside.passed_on.isVisible)
    assert not outside.nobody.isVisible()
    assert outside.passed_on.labels[0].text().startswith("Passed on to Google")


def test_how_long_it_is_kept_is_told_of_each_event_where_that_differs(qtbot, choices):
    days = {event.retention_days for event in EVENTS.values() if event.category == "usage"}
    assert (min(days), max(days)) == (90, 180)
    facts = choices.categories["usage"].facts.text()
    assert "Kept by the server for 90 to 180 days, as listed below for each event." in facts
