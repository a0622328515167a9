"""Drafts at the Write card: saved while typing, many at once, undone, discarded only when asked."""

from time import perf_counter

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from agent.api import DiscardDraft, FileReport, OpenSession, SaveDraft, SendDrafts, UndoSend
from tests.ui.test_writing import picture
from ui.draft_desk import SAVE_WITHIN_MS


def texts(fake):
    return sorted(draft.text for draft in fake.drafts.values())


def saves(fake):
    return [command for command in fake.commands if isinstance(command, SaveDraft)]


def write(qtbot, window, text):
    """As a person does; saved when this returns."""
    window.write.box.setFocus()
    qtbot.keyClicks(window.write.box, text)
    whole = window.write.box.toPlainText()
    qtbot.waitUntil(
        lambda: whole in texts(window.write._bridge._agent) and window.write.row.words.text().startswith("Saved ")
    )


def entries(window):
    window.write.row.menu.aboutToShow.emit()
    return {action.text().split(" · ")[0]: action for action in window.write.row.menu.actions() if action.text()}


def test_what_is_typed_is_saved_without_being_asked_and_typing_on_does_not_put_it_off(qtbot, window, fake):
    began = perf_counter()
    while perf_counter() - began < 1.6 * SAVE_WITHIN_MS / 1000:
        qtbot.keyClicks(window.write.box, "a")
        qtbot.wait(20)
    assert len(saves(fake)) >= 1
    qtbot.waitUntil(lambda: texts(fake) == [window.write.box.toPlainText()])
    assert len({command.draft_id for command in saves(fake)}) == 1
    assert window.write.row.words.text().startswith("Saved ")
    assert window.write.row.button.text() == "&Drafts (1)"


def test_typing_goes_on_while_the_agent_is_busy(qtbot, window, fake):
    fake.hold()
    window.write.box.setPlainText("Gate")
    qtbot.waitUntil(lambda: len(saves(fake)) == 1)
    qtbot.keyClicks(window.write.box, "x")
    assert window.write.box.toPlainText() == "xGate"
    fake.release()
    qtbot.waitUntil(lambda: texts(fake) == ["xGate"])


def test_place_and_files_are_saved_with_it_and_come_back(qtbot, window, fake, tmp_path):
    window.write.place.choose("loc-2", "Yard")
    window.write.attachments.add_path(str(picture(tmp_path / "gate.png")))
    qtbot.waitUntil(lambda: bool(fake.drafts))
    write(qtbot, window, "Lamp")
    window.write.put_aside()
    assert (window.write.box.toPlainText(), window.write.attachments.chips) == ("", ())
    assert window.write.place.text() == "No place"
    qtbot.waitUntil(lambda: "Lamp" in entries(window))
    entries(window)["Lamp"].trigger()
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "Lamp")
    assert [chip.attached.name for chip in window.write.attachments.chips] == ["gate.png"]
    assert window.write.place.text() == "Yard"
    count = len(saves(fake))
    qtbot.wait(SAVE_WITHIN_MS + 100)
    assert len(saves(fake)) == count, "opening a draft is not writing"


def test_many_drafts_are_listed_and_sent_in_one_step_and_undone_in_one(qtbot, window, fake):
    for text in ("First", "Second & third"):
        write(qtbot, window, text)
        window.write.put_aside()
    write(qtbot, window, "Last")
    qtbot.waitUntil(lambda: window.write.row.button.text() == "&Drafts (3)")
    shown = entries(window)
    assert {"First", "Second && third", "Last", "&New draft", "Send &all (3)"} <= set(shown)
    assert shown["Last"].isChecked()
    assert not shown["First"].isChecked()
    qtbot.keyClicks(window.write.box, "!")
    shown["Send &all (3)"].trigger()
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "")
    assert fake.drafts == {}
    assert {item.title for item in fake.items["acme/ana"]} == {"First", "Second & third", "Last!"}
    assert sum(isinstance(command, SendDrafts) for command in fake.commands) == 1
    window.write.row.undo_button.click()
    qtbot.waitUntil(lambda: texts(fake) == ["First", "Last!", "Second & third"])


def test_of_many_those_that_lack_something_stay_drafts_and_say_why_by_their_names(qtbot, window, fake):
    for text in ("First", "Second"):
        write(qtbot, window, text)
        window.write.put_aside()
    second = next(one for one in fake.drafts.values() if one.text == "Second")
    fake.incomplete[second.draft_id] = "Seal tight needs an answer."
    qtbot.waitUntil(lambda: window.write.row.button.text() == "&Drafts (2)")
    entries(window)["Send &all (2)"].trigger()
    qtbot.waitUntil(lambda: window.write.sentence.text() == "Second is still a draft: Seal tight needs an answer.")
    assert texts(fake) == ["Second"]
    window.write.row.undo_button.click()
    qtbot.waitUntil(lambda: texts(fake) == ["First", "Second"])


def test_a_sent_report_can_be_undone_and_what_was_begun_since_waits(qtbot, window, fake, tmp_path):
    window.write.attachments.add_path(str(picture(tmp_path / "gate.png")))
    qtbot.waitUntil(lambda: bool(window.write.attachments.chips))
    write(qtbot, window, "Gate is open")
    window.write.send.click()
    qtbot.waitUntil(window.write.row.undo_button.isVisible)
    assert "sent in a moment" in window.write.row.words.text()
    qtbot.keyClicks(window.write.box, "Next one")
    window.write.row.undo_button.click()
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "Gate is open")
    assert len(window.write.attachments.chips) == 1
    qtbot.waitUntil(lambda: texts(fake) == ["Gate is open", "Next one"])
    assert not window.write.row.undo_button.isVisible()
    window.write.send.click()
    qtbot.waitUntil(lambda: [item.title for item in fake.items["acme/ana"]] == ["Gate is open"])


def test_undo_is_offered_for_as_long_as_it_can_be_done(qtbot, window, fake):
    write(qtbot, window, "Gate")
    window.write.send.click()
    qtbot.waitUntil(window.write.row.undo_button.isVisible)
    assert 0 < window.write._undo_ends.remainingTime() <= 5_000
    window.write._undo_ends.start(1)
    qtbot.waitUntil(lambda: not window.write.row.undo_button.isVisible())


def test_too_late_is_said(qtbot, window, fake):
    write(qtbot, window, "Gate")
    window.write.send.click()
    qtbot.waitUntil(window.write.row.undo_button.isVisible)
    fake.fail_next(UndoSend, "It is too late to undo this: the report is on its way.", "refused")
    window.write.row.undo_button.click()
    qtbot.waitUntil(lambda: "too late" in window.write.sentence.text())


def test_discarding_asks(qtbot, window, fake):
    write(qtbot, window, "Gate")
    for answer, left in (("Keep it", ["Gate"]), ("Discard", [])):
        entries(window)["Discard &this draft…"].trigger()
        box = window.findChild(QMessageBox)
        next(button for button in box.buttons() if button.text() == answer).click()
        qtbot.waitUntil(lambda left=left: texts(fake) == left)
        qtbot.waitUntil(lambda: window.findChild(QMessageBox) is None)
    assert window.write.box.toPlainText() == ""
    qtbot.waitUntil(lambda: not window.write.row.isVisible())


def test_an_emptied_box_is_no_draft(qtbot, window, fake):
    write(qtbot, window, "Gate")
    window.write.box.clear()
    qtbot.waitUntil(lambda: fake.drafts == {})
    assert any(isinstance(command, DiscardDraft) for command in fake.commands)


def test_what_an_earlier_run_left_is_offered_and_one_press_goes_on(qtbot, window, fake):
    left = SaveDraft(account="acme/ana", draft_id="left", text="Half a sent", media=())
    fake.submit(left).result(5)
    qtbot.waitUntil(window.write.row.go_on.isVisible)
    assert window.write.row.words.text().startswith("Not sent yet: Half a sent")
    assert window.write.box.toPlainText() == ""
    window.write.row.go_on.click()
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "Half a sent")
    assert not window.write.row.go_on.isVisible()
    window.write.send.click()
    qtbot.waitUntil(lambda: any(isinstance(command, FileReport) for command in fake.commands))
    sent = next(command for command in fake.commands if isinstance(command, FileReport))
    assert (sent.instance_id, sent.undoable) == ("left", True)


def test_writing_something_else_leaves_it_in_the_list(qtbot, window, fake):
    fake.submit(SaveDraft(account="acme/ana", draft_id="left", text="Half a sent")).result(5)
    qtbot.waitUntil(window.write.row.go_on.isVisible)
    qtbot.keyClicks(window.write.box, "New")
    assert not window.write.row.go_on.isVisible()
    qtbot.waitUntil(lambda: texts(fake) == ["Half a sent", "New"])


def test_a_draft_that_cannot_be_saved_says_so_and_the_next_letter_tries_again(qtbot, window, fake):
    fake.fail_next(SaveDraft, "The disk is full. Free some space.", "cannot_store")
    qtbot.keyClicks(window.write.box, "Gate")
    qtbot.waitUntil(window.write.sentence.isVisible)
    assert "disk is full" in window.write.sentence.text()
    assert window.write.row.words.text() == "Not saved."
    qtbot.keyClicks(window.write.box, "!")
    qtbot.waitUntil(lambda: texts(fake) == ["Gate!"])
    qtbot.waitUntil(lambda: not window.write.sentence.isVisible())


def test_the_place_of_the_session_is_followed_by_an_opened_draft_without_one_chosen(qtbot, window, fake):
    fake.submit(SaveDraft(account="acme/ana", draft_id="left", text="Half")).result(5)
    session = OpenSession(
        check_in_id="c", location_id="loc-0", location="Gate 2", since="2026-01-01T08:00:00Z", on_break=False
    )
    fake.change(session=session)
    window.write.open_draft("left")
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "Half")
    assert window.write.place.text() == "Gate 2"


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_line_fits_the_narrowest_window(qtbot, window, fake, mirrored):
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft if mirrored else Qt.LayoutDirection.LeftToRight)
    window.resize(window.minimumSize())
    fake.submit(SaveDraft(account="acme/ana", draft_id="left", text="Half a sentence that is rather long")).result(5)
    qtbot.waitUntil(window.write.row.go_on.isVisible)
    assert window.width() == window.minimumWidth()
    for widget in (window.write.row.go_on, window.write.row.button):
        right = widget.mapTo(window.write, widget.rect().topRight()).x()
        assert right <= window.write.width()
        assert widget.width() >= widget.minimumSizeHint().width()


def test_a_draft_put_aside_that_could_not_be_saved_is_said_and_saved_with_the_next(qtbot, window, fake):
    fake.fail_next(SaveDraft, "The disk is full. Free some space.", "cannot_store")
    window.write.box.setPlainText("First")
    window.write.put_aside()
    qtbot.waitUntil(lambda: "disk is full" in window.banner.sentence.text())
    outcome = []
    fake.fail_next(SaveDraft, "The disk is full. Free some space.", "cannot_store")
    window.write.drafts.save(lambda: outcome.append("saved"), lambda: outcome.append("not saved"))
    qtbot.waitUntil(lambda: outcome == ["not saved"])
    qtbot.keyClicks(window.write.box, "Next")
    qtbot.waitUntil(lambda: texts(fake) == ["First", "Next"])
    window.write.drafts.save(lambda: outcome.append("saved"))
    assert outcome == ["not saved", "saved"]
