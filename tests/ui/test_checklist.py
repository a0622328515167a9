"""A checklist from the card and the tray to Send: drafts, moving to a newer version, undo, and what is missing."""

import msgspec
import pytest
from PySide6.QtCore import Qt

from agent.api import Draft, FileReport, OpenDraft, SaveDraft
from protocol.templates import Field, Template
from tests.ui.forms import ROUND
from ui.checklist_button import ChecklistChoice

SMALL = Template(
    template_id="small",
    version=1,
    title="Ladder & rope",
    description="Every morning.",
    fields=(
        Field(field="name", kind="short_text", label="Ladder", required=True),
        Field(field="steps", kind="integer", label="Steps"),
        Field(field="ok", kind="check", label="Safe", required=True),
    ),
)


@pytest.fixture
def page(qtbot, window, fake):
    """The small checklist, begun from the card."""
    fake.templates += [SMALL, ROUND]
    fake.tell("templates")
    qtbot.waitUntil(window.write.checklist.isVisible)
    window.write.begin_checklist("small")
    qtbot.waitUntil(window.checklist.isVisible)
    qtbot.waitUntil(lambda: window.checklist.form.is_built)
    return window.checklist


def entries(menu):
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def fill(qtbot, page):
    qtbot.waitUntil(lambda: page.form.is_built)
    qtbot.keyClicks(page.form.at("name").line, "Ladder 3")
    page.form.at("ok").segments["pass"].click()


def saved(fake):
    return [one for one in fake.commands if isinstance(one, SaveDraft)]


def test_the_card_and_the_tray_offer_what_there_is(qtbot, window, fake, menu, doors):
    assert window.write.checklist.isHidden()
    fake.templates += [SMALL, ROUND]
    fake.tell("templates")
    qtbot.waitUntil(window.write.checklist.isVisible)
    assert entries(window.write.checklist.menu()) == ["Ladder && rope", "Pump round"]
    qtbot.waitUntil(lambda: any("hec&klists" in action.text() for action in menu.menu.actions()))
    (submenu,) = [action.menu() for action in menu.menu.actions() if "hec&klists" in action.text()]
    submenu.actions()[1].trigger()
    assert doors.opened == ["round"]


def test_what_was_written_comes_along_and_is_one_draft(qtbot, window, fake):
    fake.templates.append(SMALL)
    window.write.box.setPlainText("Wet today")
    qtbot.waitUntil(lambda: len(fake.drafts) == 1)
    window.begin_checklist("small")
    qtbot.waitUntil(window.checklist.isVisible)
    assert window.checklist.box.toPlainText() == "Wet today"
    assert window.write.box.toPlainText() == ""
    fill(qtbot, window.checklist)
    qtbot.waitUntil(lambda: any(draft.template is not None for draft in fake.drafts.values()))
    (draft,) = fake.drafts.values()
    qtbot.waitUntil(lambda: saved(fake)[-1].answers == {"name": "Ladder 3", "ok": {"result": "pass"}})
    assert (draft.text, draft.template) == ("Wet today", SMALL)


def test_only_looking_at_it_leaves_no_draft(qtbot, window, fake, page):
    page.back.click()
    assert window.column.isVisible()
    assert (page.template, saved(fake), fake.drafts) == (None, [], {})


def test_left_it_waits_among_the_drafts_and_is_gone_on_with(qtbot, window, fake, page):
    fill(qtbot, page)
    page.back.click()
    qtbot.waitUntil(lambda: len(window.write.drafts.items) == 1)
    (item,) = window.write.drafts.items
    assert item.checklist == "Ladder & rope"
    window.write.open_draft(item.draft_id)
    qtbot.waitUntil(page.isVisible)
    qtbot.waitUntil(lambda: page.form.is_built)
    assert page.form.at("name").line.text() == "Ladder 3"
    assert page.drafts.draft_id == item.draft_id


def test_send_is_refused_with_what_is_missing_and_then_done_and_undone(qtbot, window, fake, page):
    assert page.counter.text() == "2 answers missing"
    page.send.click()
    assert not any(isinstance(one, FileReport) for one in fake.commands)
    assert page.form.at("name").line.hasFocus()
    assert page.form.at("ok").trouble.text() == "This needs an answer."
    fill(qtbot, page)
    assert page.counter.text() == ""
    qtbot.keyClick(page.form.at("name").line, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(window.column.isVisible)
    (sent,) = [one for one in fake.commands if isinstance(one, FileReport)]
    assert (sent.template_id, sent.template_version, sent.undoable) == ("small", 1, True)
    assert sent.answers == {"name": "Ladder 3", "ok": {"result": "pass"}}
    qtbot.waitUntil(window.write.row.undo_button.isVisible)
    window.write.row.undo_button.click()
    qtbot.waitUntil(page.isVisible)
    qtbot.waitUntil(lambda: page.form.is_built)
    assert page.form.answers == sent.answers


def test_a_newer_version_is_offered_and_taken_with_one_press(qtbot, window, fake, page):
    fill(qtbot, page)
    qtbot.keyClicks(page.form.at("steps").line, "12")
    changed = (
        Field(field="name", kind="short_text", label="Ladder", required=True),
        Field(field="steps", kind="date", label="Steps made on"),
        Field(field="ok", kind="check", label="Safe", required=True),
        Field(field="rope", kind="short_text", label="Rope", default="Blue"),
    )
    fake.templates.append(msgspec.structs.replace(SMALL, version=2, fields=changed))
    fake.tell("templates")
    qtbot.waitUntil(page.notice.isVisible)
    assert page.template.version == 1
    page.renew.click()
    assert (page.template.version, page.notice.isHidden()) == (2, True)
    qtbot.waitUntil(lambda: page.form.is_built)
    assert page.form.answers == {"name": "Ladder 3", "ok": {"result": "pass"}, "rope": "Blue"}
    qtbot.waitUntil(lambda: [one.template_version for one in saved(fake)][-1:] == [2])


def test_sending_all_drafts_sends_the_one_that_stands_open_as_it_is_now(qtbot, window, fake, page):
    window.resize(1200, 800)
    fill(qtbot, page)
    qtbot.waitUntil(lambda: len(window.write.drafts.items) == 1)
    qtbot.keyClicks(page.form.at("steps").line, "12")
    window.write.send_drafts()
    qtbot.waitUntil(lambda: page.template is None)
    (report,) = fake.details.values()
    assert report.answers["steps"] == 12
    assert fake.drafts == {}


def test_another_account_does_not_see_it(qtbot, window, fake, page):
    fill(qtbot, page)
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    fake.change("snapshot", current="acme/ben")
    qtbot.waitUntil(lambda: page.template is None)
    qtbot.waitUntil(lambda: len(fake.drafts) == 1)
    assert [one.account for one in saved(fake)] == ["acme/ana"]
    assert not page.isVisible()


def test_activity_is_narrowed_to_a_checklist(qtbot, window, fake, page):
    fill(qtbot, page)
    page.send.click()
    qtbot.waitUntil(window.column.isVisible)
    window.write.box.setPlainText("Another")
    window.write.send.click()
    qtbot.waitUntil(lambda: window.activity.model.rowCount() == 3)
    entries(window.activity.filter.menu())
    (submenu,) = [one.menu() for one in window.activity.filter.menu().actions() if one.text() == "&Checklist"]
    assert [one.text() for one in submenu.actions()] == ["Any report", "Ladder && rope", "Pump round"]
    submenu.actions()[1].trigger()
    qtbot.waitUntil(lambda: window.activity.model.rowCount() == 2)
    assert window.activity.filter.accessibleName() == "Filter: Ladder & rope"


def test_a_file_that_is_on_its_way_when_the_page_is_left_comes_into_the_draft(qtbot, window, fake, page, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    fill(qtbot, page)
    fake.hold()
    page.attachments.add_path(str(tmp_path / "a.pdf"))
    page.back.click()
    assert window.column.isVisible()
    fake.release()
    qtbot.waitUntil(lambda: page.template is None)
    qtbot.waitUntil(lambda: [len(draft.media) for draft in fake.drafts.values()] == [1])


def test_quitting_saves_it(qtbot, window, fake, page):
    fill(qtbot, page)
    done = []
    window.save_drafts(lambda: done.append(True))
    qtbot.waitUntil(lambda: done == [True])
    assert saved(fake)[-1].answers["name"] == "Ladder 3"


def test_files_dropped_on_the_window_go_to_the_checklist(qtbot, window, fake, page, tmp_path):
    from PySide6.QtCore import QMimeData, QUrl

    (tmp_path / "a.pdf").write_bytes(b"%PDF")
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "a.pdf"))])
    window._take(mime)
    qtbot.waitUntil(lambda: len(page.attachments.chips) == 1)
    qtbot.waitUntil(lambda: [one.media for one in saved(fake)][-1:] == [page.attachments.media])
    assert page.isVisible()


def test_the_place_that_was_refused_is_gone_to(qtbot, window, fake, page):
    draft = Draft(draft_id="d", text="", saved_at="2026-01-01T00:00:00Z", template=SMALL, answers={"steps": 3})
    window.show_checklist(draft, "steps")
    qtbot.waitUntil(lambda: page.form.is_built)
    assert page.form.at("steps").line.hasFocus()
    assert "did not take" in page.form.at("steps").mark.text()
    assert not any(isinstance(one, OpenDraft) for one in fake.queries)


def test_enter_never_begins_a_checklist_that_was_found_for_other_words(qtbot, window, fake):
    for number, title in enumerate(("Crane round", "Pump round")):
        fake.templates.append(msgspec.structs.replace(ROUND, template_id=f"t{number}", title=title))
    window.write.checklist.ask()
    dialog = window.write.checklist.findChild(ChecklistChoice)
    qtbot.waitUntil(lambda: dialog.rows.count() >= 2)
    begun = []
    window.write.checklist.chosen.connect(begun.append)
    dialog.search.setText("crane")
    qtbot.waitUntil(lambda: dialog.rows.currentItem() is not None)
    fake.hold()
    dialog.search.setText("cra")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)  # asks at once, for nothing is there to take
    dialog.search.setText("pump")
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    fake.release()
    qtbot.waitUntil(lambda: dialog.rows.currentItem() is not None)
    assert dialog.rows.currentItem().text() == "Pump round"
    assert begun == []
    qtbot.keyClick(dialog.search, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: begun == ["t1"])
