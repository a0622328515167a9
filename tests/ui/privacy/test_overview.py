"""The way through the Privacy centre: overview, sections, back again, by mouse and by keyboard."""

import pytest
from PySide6.QtCore import Qt

from agent.api import (
    DismissPrivacyCard,
    ErasureItem,
    ListLosses,
    Losses,
    OpenWindow,
    SelectAccount,
    ShowChoices,
)
from tests.ui.fake_connections import connections as fake_connections
from ui.privacy.centre import SECTIONS


def test_at_first_nothing_optional_is_on_and_it_says_so(qtbot, centre):
    assert centre.overview.optional.text().startswith("Nothing optional leaves this computer.")
    assert centre.overview.today.text() == "Today this computer sent 0 reports, 0 check-ins, 0 log records."
    qtbot.waitUntil(lambda: centre.overview.rows["choices"].line.text() == "Everything is off.")
    assert centre.overview.rows["connections"].line.text() == "2 of 4 were used."


def test_what_is_on_is_named(qtbot, window, fake):
    fake.consents["acme/ana", "usage"] = "granted"
    fake.consents["acme/ana", "third_party"] = "granted"  # which the organization keeps off
    fake.switches["keep_details"] = True
    window.show_privacy()
    overview = window.privacy.overview
    qtbot.waitUntil(lambda: overview.optional.text().startswith("You allowed"))
    assert overview.optional.text() == "You allowed: Usage counts and Details of photos and files."
    assert overview.rows["choices"].line.text() == "2 of 7 are on."


@pytest.mark.parametrize("name", SECTIONS)
def test_each_section_is_opened_by_key_and_left_by_escape(qtbot, window, centre, name):
    row = centre.overview.rows[name]
    assert row.name.text() in row.accessibleName()
    assert row.line.text() in row.accessibleName()
    row.setFocus()
    qtbot.keyClick(row, Qt.Key.Key_Space)
    assert centre.shown is centre.sections[name]
    assert centre.shown.isVisible()
    assert centre.shown.back.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert centre.shown is centre.overview
    assert row.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.column.isVisible()


def test_the_way_back_of_a_section_leads_to_the_overview_and_from_there_home(qtbot, window, centre):
    section = centre.open_section("connections")
    section.back.click()
    assert centre.shown is centre.overview
    centre.overview.back.click()
    assert window.column.isVisible()


def test_it_opens_with_the_overview_wherever_it_was_left(qtbot, window, centre):
    centre.open_section("ledger")
    window.show_home()
    window.open(OpenWindow(page="privacy"))
    assert centre.shown is centre.overview


def test_a_section_is_made_when_it_is_opened_first(centre):
    assert centre.sections == {}
    first = centre.open_section("choices")
    centre.show_overview()
    assert centre.open_section("choices") is first


def test_another_account_has_its_own_and_begins_at_the_overview(qtbot, window, fake, centre, bridge):
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    fake.consents["acme/ana", "usage"] = "granted"
    section = centre.open_section("choices")
    qtbot.waitUntil(lambda: "usage" in section.categories and section.categories["usage"].switch.isChecked())
    bridge.submit(SelectAccount(account="acme/ben"), window)
    qtbot.waitUntil(lambda: centre.shown is centre.overview)
    qtbot.waitUntil(lambda: centre.overview.optional.text().startswith("Nothing optional"))
    centre.open_section("choices")
    qtbot.waitUntil(lambda: "usage" in section.categories and not section.categories["usage"].switch.isChecked())


@pytest.mark.parametrize("query", [ShowChoices, ListLosses])
def test_nothing_of_one_person_stands_under_the_name_of_another(qtbot, fake, centre, query):
    """Also where nothing of the other can be read."""
    fake.erasures = [ErasureItem(erasure_id="a", asked="2026-03-01T12:00:00.000Z", categories=(), state="waiting")]
    fake.losses = Losses(items=(), recorded=4, accepted=4, queued=0, withheld=0)
    fake.tell("privacy")
    qtbot.waitUntil(lambda: "waiting" in centre.overview.rows["erasures"].line.text())
    assert "12" in centre.overview.rows["ledger"].line.text()
    connections, ledger = centre.open_section("connections"), centre.open_section("ledger")
    ledger.show_part("losses")
    qtbot.waitUntil(ledger.losses.sum.isVisible)
    centre.open_section("connections")
    qtbot.waitUntil(lambda: len(connections.rows) == len(fake_connections()))
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    fake.erasures, fake.sent_records = [], {}
    fake.fail_next(query, "What is saved here cannot be read now.", "unavailable")
    fake.change(current="acme/ben")
    qtbot.waitUntil(lambda: centre.shown is centre.overview)
    qtbot.waitUntil(lambda: centre.overview.rows["erasures"].line.text().startswith("Have log data"))
    assert centre.overview.rows["ledger"].line.text().startswith("What is next to send")
    if query is ShowChoices:
        qtbot.waitUntil(lambda: centre.overview.said.text() == "What is saved here cannot be read now.")
        assert centre.overview.optional.text() == ""
    else:
        centre.open_section("ledger")
        qtbot.waitUntil(lambda: ledger.losses.said.text() == "What is saved here cannot be read now.")
        assert not ledger.losses.sum.isVisible()
        assert ledger.losses._blocks == []
        fake.tell("privacy")
        qtbot.waitUntil(lambda: ledger.losses.sum.isVisible() and not ledger.losses.said.isVisible())


def test_the_card_after_the_first_receipt_leads_here_and_not_now_lasts(qtbot, window, fake):
    fake.change(privacy_card=True)
    qtbot.waitUntil(window.privacy_card.isVisible)
    window.privacy_card.look.click()
    qtbot.waitUntil(window.privacy.overview.isVisible)
    window.show_home()
    qtbot.waitUntil(lambda: not window.privacy_card.isVisible())
    assert [one for one in fake.commands if isinstance(one, DismissPrivacyCard)]


def test_connections_tell_every_row_and_those_never_used(qtbot, centre):
    section = centre.open_section("connections")
    qtbot.waitUntil(lambda: len(section.rows) == 4)
    names = ["Signing in", "Reports and check-ins", "Log data", "Outside analytics"]
    assert [row.name.text() for row in section.rows] == names
    assert section.rows[0].host.text() == "reports.example.invalid"
    assert "18.2 MB sent" in section.rows[1].counts.text()
    assert section.rows[2].counts.text() == "Never used yet"
