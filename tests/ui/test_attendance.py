"""Checking in and out from the window."""

from datetime import UTC, datetime, timedelta

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog
from shiboken6 import isValid

from agent.api import ActivityItem, AgentError, RecordAttendance, UndoAttendance
from tests.ui.fake_agent import rfc3339
from ui.place_choice import PlaceChoice
from ui.save_file import ask_where


def recorded(fake):
    return [
        (command.kind, command.location_id, command.note)
        for command in fake.commands
        if isinstance(command, RecordAttendance)
    ]


def checked_in(qtbot, window, fake):
    fake.change(last_location_id="loc-0", last_location="Gate 2")
    qtbot.waitUntil(lambda: "Gate 2" in window.now.press.text())
    window.now.press.click()
    qtbot.waitUntil(lambda: window.now.headline.text().startswith("Checked in"))


def test_one_press_checks_in_at_the_last_place_with_the_name_on_the_button(qtbot, window, fake):
    fake.change(last_location_id="loc-0", last_location="Gate 2")
    qtbot.waitUntil(lambda: window.now.press.text() == "Check in Ana at Gate 2")
    assert "chosen by hand" in window.now.evidence.text()
    window.now.press.click()
    qtbot.waitUntil(lambda: window.now.press.text() == "Check out Ana")
    assert recorded(fake) == [("check_in", "loc-0", "")]
    assert window.now.headline.text().startswith("Checked in · Gate 2 · since ")
    assert window.now.saved.text().startswith("Saved ")


def test_undo_cancels_what_was_just_saved(qtbot, window, fake):
    checked_in(qtbot, window, fake)
    assert window.now.undo.isVisible()
    window.now.undo.click()
    qtbot.waitUntil(lambda: window.now.headline.text() == "Not checked in")
    assert [command.event_id for command in fake.commands if isinstance(command, UndoAttendance)] == ["event-1"]
    assert window.now.saved.text().startswith("Undone")
    assert not window.now.undo.isVisible()


def test_undo_and_its_words_are_of_the_person_who_is_shown(qtbot, window, fake):
    checked_in(qtbot, window, fake)
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    until = rfc3339(datetime.now(UTC) + timedelta(seconds=60))
    mine = msgspec.structs.replace(fake.snapshot().session, check_in_id="of-ben", undo_event="of-ben", undo_until=until)
    fake.fail_next(RecordAttendance, "There is no room on this computer.", "cannot_store")
    window.now.press.click()
    qtbot.waitUntil(lambda: window.now.saved.text() == "There is no room on this computer.")
    fake.change("snapshot", "activity", current="acme/ben", session=mine)
    qtbot.waitUntil(lambda: window.now.press.text() == "Check out Ben")
    assert "no room" not in window.now.saved.text()
    fake.put("acme/ben", ActivityItem(key="1", item_id="of-ben", kind="check_in", title="", at=until, state="saved"))
    window.now.undo.click()
    qtbot.waitUntil(lambda: window.now.headline.text() == "Not checked in")
    assert [one for one in fake.commands if isinstance(one, UndoAttendance)] == [
        UndoAttendance(account="acme/ben", event_id="of-ben")
    ]
    assert window.now.saved.text() == "Undone."


def test_a_question_that_one_person_was_asked_is_not_answered_by_another(qtbot, window, fake):
    window.choose_place()
    dialog = window.findChild(PlaceChoice)
    qtbot.waitUntil(lambda: dialog.rows.count() == 3)
    ask_where(window.privacy, "Save", name="All of it", kinds={"ZIP": "zip"}, chosen=lambda _path: None)
    assert window.findChild(QFileDialog).isVisible()
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    fake.change("snapshot", "activity", current="acme/ben")
    qtbot.waitUntil(lambda: not any(isValid(one) and one.isVisible() for one in window.findChildren(QDialog)))
    assert recorded(fake) == []


def test_undo_goes_when_its_time_is_over(qtbot, window, fake):
    checked_in(qtbot, window, fake)
    over = rfc3339(datetime.now(UTC) + timedelta(seconds=0.4))
    window._desk._last = None
    fake.change(session=msgspec.structs.replace(fake.snapshot().session, undo_until=over))
    qtbot.waitUntil(window.now.undo.isVisible)
    qtbot.waitUntil(lambda: not window.now.undo.isVisible(), timeout=3000)


def test_a_check_out_can_be_undone_too(qtbot, window, fake):
    checked_in(qtbot, window, fake)
    window.now.press.click()
    qtbot.waitUntil(lambda: window.now.headline.text() == "Not checked in" and window.now.undo.isVisible())
    window.now.undo.click()
    qtbot.waitUntil(lambda: any(isinstance(command, UndoAttendance) for command in fake.commands))
    assert fake.commands[-1].event_id == "event-2" or any(
        isinstance(command, UndoAttendance) and command.event_id == "event-2" for command in fake.commands
    )


def test_a_break_starts_and_ends(qtbot, window, fake):
    checked_in(qtbot, window, fake)
    window.now.rest.click()
    qtbot.waitUntil(lambda: window.now.headline.text().startswith("On break · Gate 2"))
    assert window.now.leave.text().replace("&", "") == "Check out Ana"
    window.now.press.click()
    qtbot.waitUntil(lambda: window.now.headline.text().startswith("Checked in"))
    assert [kind for kind, _, _ in recorded(fake)] == ["check_in", "break_start", "break_end"]


def test_the_first_check_in_asks_for_the_place(qtbot, window, fake):
    qtbot.waitUntil(lambda: window.now.press.text() == "Check in Ana…")
    window.now.press.click()
    dialog = window.findChild(PlaceChoice)
    qtbot.waitUntil(lambda: dialog.rows.count() == 3)
    dialog.search.setText("yard")
    qtbot.waitUntil(lambda: dialog.rows.count() == 1)
    dialog.press.click()
    qtbot.waitUntil(lambda: recorded(fake) == [("check_in", "loc-2", "")])


def test_enter_takes_the_marked_place_and_never_one_that_was_found_before(qtbot, window, fake):
    window.choose_place()
    dialog = window.findChild(PlaceChoice)
    qtbot.waitUntil(lambda: dialog.rows.count() == 3)
    dialog.search.setText("gate")
    qtbot.waitUntil(lambda: dialog.rows.currentItem() is not None)
    dialog.search.setText("yard")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.waitUntil(lambda: dialog.rows.currentItem() is not None)
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: recorded(fake) == [("check_in", "loc-2", "")])


def test_a_note_counts_while_no_place_is_marked(qtbot, window, fake):
    window.choose_place()
    dialog = window.findChild(PlaceChoice)
    qtbot.waitUntil(lambda: dialog.rows.count() == 3)
    dialog.note.setText("At the customer's")
    dialog.rows.setCurrentRow(0)
    dialog.note.setText("At the customer's yard")
    assert dialog.rows.currentItem() is None
    dialog.rows.setCurrentRow(0)
    dialog.press.click()
    qtbot.waitUntil(lambda: recorded(fake) == [("check_in", "loc-0", "")])


def test_elsewhere_takes_a_note_and_ends_the_session_before(qtbot, window, fake):
    checked_in(qtbot, window, fake)
    window.choose_place()
    dialog = window.findChild(PlaceChoice)
    assert not dialog.press.isEnabled()
    dialog.note.setText("Customer at the north quay")
    dialog.press.click()
    qtbot.waitUntil(lambda: len(recorded(fake)) == 2)
    assert recorded(fake)[1:] == [("check_in", None, "Customer at the north quay")]
    assert [one.leaving for one in fake.commands if isinstance(one, RecordAttendance)] == [False, True]


def test_a_refused_check_in_says_why_and_frees_the_button(qtbot, window, fake):
    fake.change(last_location_id="loc-0", last_location="Gate 2")
    qtbot.waitUntil(lambda: "Gate 2" in window.now.press.text())
    fake._failures[RecordAttendance] = AgentError("cannot_store", "The disk is full. Free some space, then check in.")
    window.now.press.click()
    qtbot.waitUntil(lambda: window.now.saved.text() == "The disk is full. Free some space, then check in.")
    assert window.now.press.isEnabled()


def test_a_double_press_records_once(qtbot, window, fake):
    fake.change(last_location_id="loc-0", last_location="Gate 2")
    qtbot.waitUntil(lambda: "Gate 2" in window.now.press.text())
    fake.hold()
    window.now.press.click()
    window._desk.check_in("loc-0")
    fake.release()
    qtbot.waitUntil(lambda: window.now.headline.text().startswith("Checked in"))
    assert len(recorded(fake)) == 1


def test_nothing_ticks_while_the_window_is_hidden(qtbot, window, fake):
    checked_in(qtbot, window, fake)
    assert window.now._minute.isActive()
    assert window.now._minute.isSingleShot()
    assert window.now._minute.remainingTime() > 1000
    window.hide()
    assert not window.now._minute.isActive()
    assert not window.now._undo_ends.isActive()
