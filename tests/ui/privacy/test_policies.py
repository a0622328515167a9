"""Policies: what stands, what changed from when, whom to ask; accepted or not, everything goes on."""

import pytest
from PySide6.QtCore import Qt

from agent.api import AnswerPolicyText, OpenPolicyText, PolicyTextItem
from ui.privacy.policies import PolicyPage

ACCOUNT = "acme/ana"


def version(number, **fields):
    given = {
        "version": number,
        "title": "Privacy policy",
        "published": "2026-01-01T00:00:00Z",
        "effective": "2026-02-01T00:00:00Z",
        "changes": "",
        "current": False,
        "answer": "none",
    }
    return PolicyTextItem(**(given | fields))


@pytest.fixture
def section(qtbot, fake, centre):
    fake.policy_texts = [
        version(3, changes="Positions are kept for ninety days."),
        version(2, current=True, answer="continued_use"),
        version(1, answer="accepted"),
    ]
    opened = centre.open_section("policies")
    qtbot.waitUntil(lambda: len(opened.rows) == 3)
    return opened


def test_every_version_says_from_when_it_is_and_what_was_answered(section):
    lines = [row.line.text() for row in section.rows]
    assert lines[0].startswith("Version 3 · from ")
    assert lines[1].startswith("Version 2 · in effect since ")
    assert lines[1].endswith("you went on using the service")
    assert lines[2].endswith("accepted by you")


def test_who_answers_for_the_data_and_who_runs_the_server_is_told(section):
    assert "Harbour Services Ltd" in section.organization.text()
    for part in ("Miratag operations", "Quay Street 1", "privacy@example.invalid"):
        assert part in section.operator.text()


def test_a_version_is_read_and_accepted_by_keyboard(qtbot, window, section, fake, centre):
    section.rows[0].setFocus()
    qtbot.keyClick(section.rows[0], Qt.Key.Key_Space)
    page = centre.shown
    assert isinstance(page, PolicyPage)
    assert window.isActiveWindow()
    qtbot.waitUntil(lambda: len(page.paragraphs) == 4)
    assert [one.text() for one in page.paragraphs] == [
        "What is kept",
        "Your reports and check-ins.",
        "How long",
        "See the list.",
    ]
    assert page.changed.text() == "Positions are kept for ninety days."
    page.accept.setFocus()
    qtbot.keyClick(page.accept, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: AnswerPolicyText(account=ACCOUNT, version=3) in fake.commands)
    qtbot.waitUntil(lambda: not page.accept.isVisible())
    assert page.lead.text().endswith("accepted by you")
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert centre.shown is section
    assert section.isVisible()


def test_accepting_that_failed_can_be_tried_again(qtbot, section, fake, centre):
    section.rows[0].click()
    page = centre.shown
    qtbot.waitUntil(page.accept.isVisible)
    fake.fail_next(AnswerPolicyText, "The server cannot be reached. Try again later.", "unavailable")
    page.accept.click()
    qtbot.waitUntil(lambda: page.said.text().startswith("The server cannot be reached"))
    assert page.accept.isEnabled()


def test_nothing_is_to_be_accepted_before_it_can_be_read(qtbot, section, fake, centre):
    fake.fail_next(OpenPolicyText, "The server cannot be reached. Try again later.", "unavailable")
    section.rows[0].click()
    page = centre.shown
    qtbot.waitUntil(lambda: page.said.text().startswith("The server cannot be reached"))
    assert not page.accept.isVisible()


def test_the_text_of_a_policy_is_never_markup(qtbot, section, fake, centre):
    fake.policy_words = '# <b>Bold</b>\n\n<img src="file:///etc/passwd">\n\n\n\n#no heading'
    section.rows[0].click()
    page = centre.shown
    qtbot.waitUntil(lambda: len(page.paragraphs) == 3)
    assert [one.text() for one in page.paragraphs] == ["<b>Bold</b>", '<img src="file:///etc/passwd">', "#no heading"]
    assert {one.textFormat() for one in page.paragraphs} == {Qt.TextFormat.PlainText}


def test_a_server_without_a_policy_says_so(qtbot, fake, centre):
    opened = centre.open_section("policies")
    qtbot.waitUntil(opened.empty.isVisible)
    assert not opened.versions.isVisible()
