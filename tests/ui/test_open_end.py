"""The end of a session that nobody ended is asked for, and never made up."""

from datetime import UTC, datetime, timedelta

import pytest
from PySide6.QtCore import Qt

from agent.api import FinishSession, OpenEnd, OpenSession, PostponeEnd, ProposedEnd
from tests.ui.fake_agent import rfc3339


def times():
    began = (datetime.now().astimezone() - timedelta(days=1)).replace(hour=7, minute=58, second=0, microsecond=0)
    return began, began.replace(hour=16, minute=0)


def asked(**fields):
    began, ended = times()
    return OpenEnd(
        check_in_id="session-1",
        location="Gate 2",
        since=rfc3339(began),
        earliest=rfc3339(began),
        latest=rfc3339(datetime.now(UTC)),
        shift="Early shift",
        proposals=(
            ProposedEnd(kind="shift_end", at=rfc3339(ended)),
            ProposedEnd(kind="last_report", at=rfc3339(ended - timedelta(minutes=18))),
        ),
        **fields,
    )


@pytest.fixture
def card(qtbot, window, fake):
    session = OpenSession(
        check_in_id="session-1", location_id="loc-0", location="Gate 2", since=rfc3339(times()[0]), on_break=False
    )
    fake.change(open_end=asked(), session=session)
    qtbot.waitUntil(window.open_end.isVisible)
    return window.open_end


def finished(fake):
    return [command for command in fake.commands if isinstance(command, FinishSession)]


def test_it_is_absent_while_nothing_is_open_too_long(window):
    assert not window.open_end.isVisible()


def test_it_says_where_and_since_when_and_proposes_ends_with_their_source(card):
    assert card.question.text() == "You are still checked in at Gate 2 since yesterday 07:58. When did you leave?"
    assert [button.text() for button in card.proposals] == ["16:00 · end of Early shift", "15:42 · your last report"]
    assert not any(button.isChecked() for button in (*card.proposals, card.own)), "no end is chosen for the person"


def test_a_session_that_another_followed_is_asked_for_in_other_words(qtbot, card, fake):
    fake.change(session=None)
    qtbot.waitUntil(
        lambda: card.question.text().startswith("Your time at Gate 2 that began yesterday 07:58 has no end.")
    )


def test_an_end_needs_a_choice_and_a_reason(qtbot, card, fake):
    card.save.click()
    assert card.sentence.text() == "Choose when you left, or enter another time."
    card.proposals[0].click()
    card.save.click()
    assert card.sentence.text() == "Say in a few words why it was not given then."
    assert card.reason.hasFocus()
    qtbot.keyClicks(card.reason, "Forgot to check out")
    qtbot.keyClick(card.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(finished(fake)) == 1)
    assert finished(fake)[0] == FinishSession(
        account="acme/ana", check_in_id="session-1", at=rfc3339(times()[1]), reason="Forgot to check out"
    )
    qtbot.waitUntil(lambda: not card.isVisible())


def test_an_own_time_is_taken_as_it_is_and_bounded(qtbot, card, fake):
    card.reason.setText("Left early")
    card.time.begin(times()[0] - timedelta(hours=2))
    card.own.setChecked(True)
    card.save.click()
    assert card.sentence.text().startswith("It must be after Yesterday, 07:58")
    card.time.begin(times()[1] - timedelta(hours=1))
    card.save.click()
    qtbot.waitUntil(lambda: [one.at for one in finished(fake)] == [rfc3339(times()[1] - timedelta(hours=1))])


def test_later_is_an_answer(qtbot, card, fake):
    card.later.click()
    qtbot.waitUntil(lambda: not card.isVisible())
    assert PostponeEnd(account="acme/ana") in fake.commands
    assert finished(fake) == []


def test_what_is_entered_stays_while_other_things_change(qtbot, card, fake):
    card.proposals[1].click()
    card.reason.setText("Forgot")
    fake.change(waiting=3)
    fake.change(open_end=asked())
    qtbot.waitUntil(lambda: card.reason.text() == "Forgot")
    assert card.proposals[1].isChecked()


def test_a_refusal_says_why_and_lets_go_on(qtbot, card, fake):
    fake.fail_next(FinishSession, "The disk is full. Free some space, then try again.", "cannot_store")
    card.proposals[0].click()
    card.reason.setText("Forgot")
    card.save.click()
    qtbot.waitUntil(lambda: card.sentence.text().startswith("The disk is full"))
    assert card.save.isEnabled()
    assert card.reason.text() == "Forgot"
