"""A report that comes back: the manager's words, the correction, and the comments beneath."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from agent.api import ActivityItem, AddComment, CommentItem, EditReport, ReportDetail, ReviewNote

ACCOUNT = "acme/ana"
AT = "2026-03-01T12:00:00Z"


def filed(fake, item_id="r", *, title="Crane is stuck", text="Since seven.", **fields):
    item = ActivityItem(
        key=f"{AT}|{item_id}", item_id=item_id, kind="report", title=title, at=AT, state="received", received=AT
    )
    fake.details[item_id] = ReportDetail(item=item, text=text, media=(), **fields)
    fake.put(ACCOUNT, item)
    fake.deliver(item_id)
    return item


def returned(fake, item_id="r", words="Which crane?", decision="returned"):
    review = ReviewNote(decision=decision, by="Tomas Berg", at=AT, words=words)
    fake.details[item_id] = msgspec.structs.replace(fake.details[item_id], can_correct=decision == "returned")
    fake.deliver(item_id, state=decision, review=review)


def sent(fake, kind):
    return [command for command in fake.commands if isinstance(command, kind)]


def shown_texts(widget):
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


@pytest.fixture
def page(qtbot, window, fake):
    window.show_item(filed(fake))
    qtbot.waitUntil(lambda: window.report.text.toPlainText() == "Since seven.")
    return window.report


def test_a_returned_report_shows_why_and_is_corrected_by_keyboard(qtbot, page, fake):
    assert not page.review.isVisible()
    returned(fake)
    qtbot.waitUntil(page.review.correct.isVisible)
    assert page.review.heading.text().startswith("Returned by Tomas Berg")
    assert page.review.words.text() == "Which crane?"
    page.review.correct.setFocus()
    qtbot.keyClick(page.review.correct, Qt.Key.Key_Space)
    assert page.review.box.hasFocus()
    assert page.review.box.toPlainText() == "Crane is stuck\nSince seven."
    assert not page.paper.isVisible()
    page.review.box.setPlainText("Crane 4 is stuck\nSince seven.")
    qtbot.keyClick(page.review.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: page.title.text() == "Crane 4 is stuck")
    command = EditReport(account=ACCOUNT, instance_id="r", text="Crane 4 is stuck\nSince seven.")
    assert sent(fake, EditReport) == [command]
    assert page.state.text() == "Saved here"
    qtbot.waitUntil(lambda: not page.review.isVisible() and page.paper.isVisible())


def test_a_correction_is_kept_until_it_is_sent_and_refusals_are_said(qtbot, page, window, fake):
    returned(fake)
    qtbot.waitUntil(page.review.correct.isVisible)
    page.review.correct.click()
    page.review.box.setPlainText("Half a corr")
    assert window.has_draft
    window.show_item(filed(fake, "other", title="Other", text="words"))
    qtbot.waitUntil(lambda: page.text.toPlainText() == "words")
    assert not page.review.isVisible()
    window.show_item(fake.details["r"].item)
    assert page.review.box.isVisible()
    assert page.review.box.toPlainText() == "Half a corr"
    fake.fail_next(EditReport, "A newer version was sent from another computer. Correct it there.", "refused")
    page.review.send.click()
    qtbot.waitUntil(lambda: "newer version" in page.review.sentence.text())
    assert page.review.box.toPlainText() == "Half a corr"
    fake.tell("activity")
    page.review.give_up.click()
    assert page.review.correct.isVisible()
    assert not page.review.box.isVisible()
    assert not window.has_draft
    qtbot.waitUntil(page.paper.isVisible)
    assert len(sent(fake, EditReport)) == 1


def test_rejected_and_approved_are_said_and_not_corrected(qtbot, page, fake):
    for decision, heading in (("rejected", "Rejected by Tomas Berg"), ("approved", "Approved by Tomas Berg")):
        returned(fake, words="", decision=decision)
        qtbot.waitUntil(lambda heading=heading: page.review.heading.text().startswith(heading))
        assert not page.review.words.isVisible()
        assert not page.review.correct.isVisible()


def test_two_versions_are_told_in_words(qtbot, page, window, fake):
    fake.details["r"] = msgspec.structs.replace(fake.details["r"], can_correct=True)
    fake.deliver("r", state="edited", conflict=True)
    qtbot.waitUntil(page.review.correct.isVisible)
    assert "changed in two places" in page.review.words.text()
    row = window.activity.model.index(window.activity.model.row_of("r"))
    qtbot.waitUntil(lambda: "changed in two places" in row.data(Qt.ItemDataRole.AccessibleTextRole))


def test_needs_you_names_what_came_back_and_what_for(qtbot, window, fake):
    filed(fake)
    returned(fake, words="Which crane?\n" + "w" * 500)
    qtbot.waitUntil(window.needs.isVisible)
    qtbot.waitUntil(lambda: "Returned: Crane is stuck" in shown_texts(window.needs))
    texts = shown_texts(window.needs)
    [why] = [text for text in texts if text.startswith("Tomas Berg: Which crane? www")]
    assert len(why) == 160
    look = next(one for one in window.needs.findChildren(QPushButton) if one.text() == "Open")
    assert look.accessibleName() == "Open Crane is stuck"
    look.click()
    assert window.report.item_id == "r"


def test_comments_are_read_and_written(qtbot, page, fake):
    theirs = CommentItem(comment_id="c", by="Tomas Berg", own=False, text="<b>Which</b> one?", at=AT, state="sent")
    fake.details["r"] = msgspec.structs.replace(fake.details["r"], comments=(theirs,))
    fake.tell("activity")
    qtbot.waitUntil(lambda: "<b>Which</b> one?" in shown_texts(page.comments))
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in page.comments.findChildren(QLabel))
    assert not page.comments.send.isEnabled()
    page.comments.box.setFocus()
    qtbot.keyClicks(page.comments.box, "Crane 4")
    qtbot.keyClick(page.comments.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "Crane 4" in shown_texts(page.comments))
    assert sent(fake, AddComment) == [AddComment(account=ACCOUNT, instance_id="r", text="Crane 4")]
    assert page.comments.box.toPlainText() == ""
    assert any(text.startswith("You · ") and text.endswith(" · Saved here") for text in shown_texts(page.comments))
    mine = fake.details["r"].comments[-1]
    fake.details["r"] = msgspec.structs.replace(
        fake.details["r"], comments=(theirs, msgspec.structs.replace(mine, state="sent"))
    )
    fake.tell("activity")
    qtbot.waitUntil(lambda: any(text.endswith(" · Sent") for text in shown_texts(page.comments)))


def test_a_comment_that_was_begun_waits_for_its_report(qtbot, page, window, fake):
    page.comments.box.setPlainText("I thi")
    window.show_item(filed(fake, "other", title="Other"))
    assert page.comments.box.toPlainText() == ""
    window.show_item(fake.details["r"].item)
    assert page.comments.box.toPlainText() == "I thi"
    assert window.has_draft
    fake.fail_next(AddComment, "The disk is full. Free some space and try again.", "cannot_store")
    page.comments.send.click()
    qtbot.waitUntil(lambda: "disk is full" in page.comments.sentence.text())
    assert page.comments.box.toPlainText() == "I thi"


def test_attendance_has_neither_decision_nor_comments(qtbot, window, fake):
    event = ActivityItem(key="k", item_id="e", kind="check_in", title="", at=AT, state="received")
    window.show_item(event)
    assert window.report.isVisible()
    assert not window.report.comments.isVisible()
    assert not window.report.review.isVisible()


def test_what_can_be_pressed_has_a_name(qtbot, page, fake):
    returned(fake)
    qtbot.waitUntil(page.review.correct.isVisible)
    page.review.correct.click()
    for box in (page.review.box, page.comments.box):
        assert box.accessibleName()
    for button in (page.review.send, page.review.give_up, page.comments.send):
        assert button.text()
