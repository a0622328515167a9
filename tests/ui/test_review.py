"""A report that comes back: the manager's words, the correction, and the comments beneath."""

import msgspec
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QLabel, QPushButton

from agent.api import (
    ActivityItem,
    AddComment,
    Attached,
    CommentItem,
    DiscardDraft,
    Draft,
    DraftReport,
    FetchReport,
    KeepVersion,
    MarkNote,
    MediaItem,
    ReportDetail,
    ReviewNote,
    SyncNow,
    VersionItem,
)
from protocol.templates import Field, Template
from ui.report_answers import MarkedAnswer

ACCOUNT = "acme/ana"
FIRST_STRONG, POP = "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"
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


def test_a_returned_report_shows_why_and_is_corrected_by_keyboard(qtbot, page, window, fake):
    assert not page.review.isVisible()
    returned(fake)
    qtbot.waitUntil(page.review.correct.isVisible)
    assert page.review.heading.text().startswith("Returned by Tomas Berg")
    assert page.review.words.text() == "Which crane?"
    page.review.correct.setFocus()
    qtbot.keyClick(page.review.correct, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "Crane is stuck\nSince seven.")
    qtbot.waitUntil(window.write.box.hasFocus)
    window.write.box.setPlainText("Crane 4 is stuck\nSince seven.")
    qtbot.keyClick(window.write.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: fake.details["r"].item.title == "Crane 4 is stuck")
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "")
    window.show_item(fake.details["r"].item)
    qtbot.waitUntil(lambda: page.title.text() == "Crane 4 is stuck")
    assert page.state.text() == "Saved here"
    qtbot.waitUntil(lambda: not page.review.isVisible())


def test_a_change_that_was_begun_waits_as_a_draft_of_its_report(qtbot, page, window, fake):
    returned(fake)
    qtbot.waitUntil(page.review.correct.isVisible)
    page.review.correct.click()
    qtbot.waitUntil(lambda: window.write.box.toPlainText().startswith("Crane is stuck"))
    window.write.box.setPlainText("Half a corr")
    window.write.put_aside()
    qtbot.waitUntil(lambda: any(item.edits == "r" for item in window.write.drafts.items))
    window.show_item(fake.details["r"].item)
    qtbot.waitUntil(lambda: page.review.correct.text() == "Go on with the change")
    page.review.correct.click()
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "Half a corr")
    fake.fail_next(DraftReport, "This report is not on this computer.", "not_found")
    page.review.begin()
    qtbot.waitUntil(lambda: "not on this computer" in page.review.sentence.text())


def test_what_is_to_be_corrected_stands_where_it_is_written(qtbot, page, window, fake):
    assert not window.write.change.isVisible()
    photo = Attached(media_id="m", name="crane.jpg", content_type="image/jpeg", size=4, spool_path="")
    marks = (MarkNote(path="text", words="Since <b>when</b>?"), MarkNote(path="media:m", words=""))
    draft = Draft(draft_id="d", text="Crane is stuck", saved_at=AT, edits="r", media=(photo,), marks=marks)
    window.write.show_draft(draft)
    assert window.write.change.text().split("\n") == [
        "You are changing a report that was sent. Send puts this version in its place.",
        "▲ Text: Since <b>when</b>?",
        "▲ crane.jpg: To be corrected",
    ]
    assert window.write.change.textFormat() == Qt.TextFormat.PlainText
    window.write.put_aside()
    assert not window.write.change.text()


def test_a_report_that_is_a_title_shows_no_empty_box(qtbot, page, fake):
    fake.details["r"] = msgspec.structs.replace(fake.details["r"], text="")
    review = ReviewNote(decision="returned", by="Tomas Berg", at=AT, marks=(MarkNote(path="text", words="Which?"),))
    fake.deliver("r", state="returned", review=review)
    qtbot.waitUntil(page.marked.isVisible)
    assert not page.text.isVisible()


def test_the_card_says_that_it_holds_a_change_and_leads_back_to_a_new_report(qtbot, page, window, fake):
    evil = "<b>Crane</b> is stuck"
    window.show_item(filed(fake, "r", title=evil))
    returned(fake)
    qtbot.waitUntil(page.review.correct.isVisible)
    assert not window.write.change_line.isVisible()
    page.review.correct.click()
    qtbot.waitUntil(window.write.change_line.isVisible)
    window.write.box.setPlainText("Another title")
    assert window.write.change_line.words.text().replace(FIRST_STRONG, "").replace(POP, "") == f"Change of: {evil}"
    assert window.write.change_line.words.textFormat() == Qt.TextFormat.PlainText
    window.write.change_line.back.setFocus()
    qtbot.keyClick(window.write.change_line.back, Qt.Key.Key_Space)
    assert not window.write.change_line.isVisible()
    assert window.write.box.toPlainText() == ""
    assert window.write.box.hasFocus()
    qtbot.waitUntil(lambda: [item.title for item in window.write.drafts.items] == ["Another title"])
    window.write.open_draft(window.write.drafts.items[0].draft_id)
    qtbot.waitUntil(window.write.change_line.isVisible)
    assert window.write.box.toPlainText() == "Another title"


def test_a_change_that_was_emptied_and_written_anew_is_still_that_change(qtbot, page, window, fake):
    returned(fake)
    qtbot.waitUntil(page.review.correct.isVisible)
    page.review.correct.click()
    qtbot.waitUntil(window.write.change_line.isVisible)
    window.write.box.clear()
    window.write.drafts.save()
    qtbot.waitUntil(lambda: [draft.text for draft in fake.drafts.values()] == [""])
    window.write.row.menu.aboutToShow.emit()
    assert all(action.isEnabled() for action in window.write.row.menu.actions() if "raft" in action.text())
    window.write.box.setPlainText("All of it anew")
    window.write.drafts.save()
    qtbot.waitUntil(lambda: [(d.text, d.edits) for d in fake.drafts.values()] == [("All of it anew", "r")])
    assert not sent(fake, DiscardDraft)
    assert window.write.change_line.isVisible()


def test_marked_places_are_named_and_highlighted_where_they_are(qtbot, page, fake):
    photo = MediaItem(
        media_id="m",
        name="crane.txt",
        content_type="text/plain",
        size=4,
        sha256="0" * 64,
        sent_bytes=4,
        state="received",
    )
    field = Field(field="valve", kind="short_text", label="Which valve?")
    template = Template(template_id="t", version=1, title="Round", fields=(field,))
    fake.details["r"] = msgspec.structs.replace(
        fake.details["r"], media=(photo,), template=template, answers={"valve": "3"}
    )
    marks = (
        MarkNote(path="text", words="Since when <b>exactly</b>?"),
        MarkNote(path="media:m", words=""),
        MarkNote(path="valve", words="There is no 3."),
        MarkNote(path="gone", words="?"),
    )
    review = ReviewNote(decision="returned", by="Tomas Berg", at=AT, marks=marks)
    fake.deliver("r", state="returned", review=review)
    qtbot.waitUntil(page.marked.isVisible)
    assert page.marked.text() == "▲ To be corrected: Since when <b>exactly</b>?"
    assert page.review.marks.text().split("\n") == [
        "▲ Text: Since when <b>exactly</b>?",
        "▲ crane.txt",
        "▲ Which valve?: There is no 3.",
        "▲ gone: ?",
    ]
    assert page.files.rows["m"].marked.text() == "▲ To be corrected"
    assert page.files.rows["m"].marked.isVisible()
    [answer] = page.answers.findChildren(MarkedAnswer)
    assert [label.text() for label in answer.findChildren(QLabel)] == [
        "Which valve?",
        "3",
        "▲ To be corrected: There is no 3.",
    ]
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in page.review.findChildren(QLabel))
    fake.deliver("r", state="edited", review=None)
    qtbot.waitUntil(lambda: not page.marked.isVisible())
    assert not page.files.rows["m"].marked.isVisible()
    qtbot.waitUntil(lambda: not page.answers.findChildren(MarkedAnswer))


def test_edit_is_offered_while_the_organization_allows_it(qtbot, page, window, fake):
    assert not page.edit.isVisible()
    fake.details["r"] = msgspec.structs.replace(fake.details["r"], can_edit=True)
    fake.tell("activity")
    qtbot.waitUntil(page.edit.isVisible)
    page.edit.click()
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "Crane is stuck\nSince seven.")


def conflicting(fake):
    here = VersionItem(revision_id="a", known=True, here=True, title="Crane 3 is stuck", text="Since 7.", at=AT)
    there = VersionItem(revision_id="b", known=True, title="Crane 4 is stuck", at=AT, files=("a.jpg",), location="Quay")
    fake.details["r"] = msgspec.structs.replace(fake.details["r"], can_correct=True, versions=(here, there))
    fake.deliver("r", state="edited", conflict=True)


def test_versions_stand_side_by_side_and_one_is_kept(qtbot, page, window, fake):
    window.resize(1200, 800)
    conflicting(fake)
    qtbot.waitUntil(page.choice.isVisible)
    assert not page.paper.isVisible()
    assert [button.text() for button in page.choice.keeps] == ["Keep this", "Keep the other"]
    texts = shown_texts(page.choice)
    assert {"Crane 3 is stuck", "Since 7.", "Crane 4 is stuck", "Files: a.jpg"} <= set(texts)
    qtbot.waitUntil(lambda: page.choice.sides.direction() == page.choice.sides.Direction.LeftToRight)
    window.resize(600, 800)
    qtbot.waitUntil(lambda: page.choice.sides.direction() == page.choice.sides.Direction.TopToBottom)
    fake.fail_next(KeepVersion, "This was settled already. Read the report as it stands now.", "refused")
    page.choice.keeps[1].click()
    qtbot.waitUntil(lambda: "settled already" in page.choice.sentence.text())
    page.choice.keeps[1].click()
    qtbot.waitUntil(lambda: page.title.text() == "Crane 4 is stuck")
    assert sent(fake, KeepVersion)[-1].revision_id == "b"
    qtbot.waitUntil(lambda: not page.choice.isVisible())


def test_versions_are_read_as_soon_as_they_stand_there(qtbot, page, fake):
    conflicting(fake)
    page.choice.show_detail(fake.details["r"])  # and no event after it
    assert page.choice.isVisible()
    assert {"Crane 3 is stuck", "Since 7.", "Crane 4 is stuck", "Files: a.jpg"} <= set(shown_texts(page.choice))


def test_one_is_written_from_both(qtbot, page, window, fake):
    conflicting(fake)
    qtbot.waitUntil(page.choice.isVisible)
    page.choice.both.click()
    qtbot.waitUntil(lambda: sent(fake, DraftReport) == [DraftReport(account=ACCOUNT, instance_id="r", both=True)])
    qtbot.waitUntil(lambda: bool(window.write.box.toPlainText()))


def test_what_was_written_elsewhere_is_asked_for_once_when_it_is_opened(qtbot, page, fake):
    fake.details["r"] = msgspec.structs.replace(fake.details["r"], text="", text_here=False)
    fake.tell("activity")
    qtbot.waitUntil(lambda: "another device" in page.sentence.text())
    fake.tell("activity")
    qtbot.waitUntil(lambda: sent(fake, FetchReport) == [FetchReport(account=ACCOUNT, instance_id="r")])


def test_rejected_and_approved_are_said_and_not_corrected(qtbot, page, fake):
    for decision, heading in (("rejected", "Rejected by Tomas Berg"), ("approved", "Approved by Tomas Berg")):
        returned(fake, words="", decision=decision)
        qtbot.waitUntil(lambda heading=heading: page.review.heading.text().startswith(heading))
        assert not page.review.words.isVisible()
        assert not page.review.correct.isVisible()


def test_two_versions_are_told_in_words(qtbot, page, window, fake):
    conflicting(fake)
    qtbot.waitUntil(page.choice.isVisible)
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
    assert not window.needs.keep.isVisible(), "nothing is stuck: what came back is on the server"
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
    qtbot.waitUntil(lambda: fake.details["r"].comment_draft == "I thi")
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


def test_a_comment_that_an_earlier_run_kept_is_gone_on_with(qtbot, window, fake):
    window.show_item(filed(fake, "kept", comment_draft="Half a comm"))
    qtbot.waitUntil(lambda: window.report.comments.box.toPlainText() == "Half a comm")
    window.report.comments.box.clear()
    qtbot.waitUntil(lambda: fake.details["kept"].comment_draft == "")


def test_what_can_be_pressed_has_a_name(qtbot, page, fake):
    conflicting(fake)
    qtbot.waitUntil(page.choice.isVisible)
    assert page.comments.box.accessibleName()
    for button in (*page.choice.keeps, page.choice.both, page.comments.send, page.review.correct, page.edit):
        assert button.text()


def test_another_report_is_shown_from_its_beginning(qtbot, window, page, fake):
    fake.details["r"] = msgspec.structs.replace(fake.details["r"], text="A line.\n" * 400)
    fake.tell("activity")
    window.resize(360, 560)
    bar = page.area.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    bar.setValue(bar.maximum())
    fake.deliver("r", state="approved")
    qtbot.waitUntil(lambda: page.state.text() == "Approved")
    assert bar.value() > 0, "what is read stays where it is"
    window.show_item(filed(fake, "other", title="Another", text="B line.\n" * 400))
    qtbot.waitUntil(lambda: page.text.toPlainText().startswith("B"))
    assert bar.value() == 0


def asked(fake):
    return [one.patient for one in fake.commands if isinstance(one, SyncNow)]


def test_the_server_is_asked_when_a_report_is_opened_and_when_the_window_is_looked_at(qtbot, window, fake, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr("ui.main_window.monotonic", lambda: now[0])
    window._asked_at = 0.0
    fake.commands.clear()  # the window was looked at already
    item = filed(fake)
    window.show_item(item)
    qtbot.waitUntil(lambda: asked(fake) == [True])
    window.show_home()
    window.show_item(item)  # just now
    now[0] += 6
    window.show_item(filed(fake, "other", title="Another"))
    qtbot.waitUntil(lambda: asked(fake) == [True, True])
    now[0] += 20
    window.changeEvent(QEvent(QEvent.Type.ActivationChange))
    qtbot.waitUntil(lambda: asked(fake) == [True, True, True])
    qtbot.keyClick(window, Qt.Key.Key_F5)  # the person's own wish asks at once
    qtbot.waitUntil(lambda: asked(fake) == [True, True, True, False])
