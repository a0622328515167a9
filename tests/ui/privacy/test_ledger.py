"""The ledger: three lists, read page by page, each row to the exact bytes, and the sum that leaves none out."""

import json

import pytest
from PySide6.QtCore import Qt

from agent.api import (
    ClearLedger,
    LedgerPage,
    ListLedger,
    ListWaitingRecords,
    Losses,
    LossItem,
    RemoveRecord,
    SendLogDataNow,
)
from tests.ui.fake_privacy import batch, record
from ui.privacy.batch_page import BatchPage
from ui.privacy.record_page import RecordPage

ACCOUNT = "acme/ana"
MANY = 50_000


@pytest.fixture
def ledger(qtbot, fake, centre):
    fake.waiting_records = [record(seq) for seq in range(1, 251)]
    fake.left = [batch(0), batch(1, state="may_have_arrived", accepted=0, status=None), batch(2, accepted=37)]
    section = centre.open_section("ledger")
    qtbot.waitUntil(lambda: section.waiting.model.rowCount() > 0)
    return section


def test_of_fifty_thousand_rows_only_what_is_looked_at_is_read(qtbot, fake, centre):
    fake.waiting_records = [record(seq) for seq in range(1, MANY + 1)]
    section = centre.open_section("ledger")
    rows, model = section.waiting.rows, section.waiting.model
    qtbot.waitUntil(lambda: model.rowCount() > 0)
    assert "50000 log records" in section.waiting.summary.text()
    assert model.rowCount() == fake.fetched == 100
    for pages in range(2, 5):
        rows.verticalScrollBar().setValue(rows.verticalScrollBar().maximum())
        qtbot.waitUntil(lambda pages=pages: model.rowCount() == 100 * pages)
    assert fake.fetched == 400


def test_the_whole_list_can_be_walked_to_its_end_without_a_row_twice(qtbot, ledger):
    rows, model = ledger.waiting.rows, ledger.waiting.model
    while model.rowCount() < 250:
        before = model.rowCount()
        rows.scrollToBottom()
        qtbot.waitUntil(lambda before=before: model.rowCount() > before)
    assert [one.seq for one in model._rows] == list(range(1, 251))
    assert not model.canFetchMore(model.index(-1))


def test_a_change_leaves_what_is_being_read_in_its_place(qtbot, ledger, fake):
    rows, model = ledger.waiting.rows, ledger.waiting.model
    rows.verticalScrollBar().setValue(300)
    fake.waiting_records = fake.waiting_records[40:]
    fake.tell("privacy")
    qtbot.waitUntil(ledger.waiting.latest.isVisible)
    assert model._rows[0].seq == 1
    assert rows.verticalScrollBar().value() == 300
    ledger.waiting.latest.click()
    qtbot.waitUntil(lambda: model._rows[0].seq == 41)
    assert not ledger.waiting.latest.isVisible()


def test_what_comes_after_the_end_was_reached_is_there_too(qtbot, ledger, fake):
    rows, model = ledger.waiting.rows, ledger.waiting.model
    for loaded in (200, 250):
        rows.scrollToBottom()
        qtbot.waitUntil(lambda loaded=loaded: model.rowCount() == loaded)
    fake.waiting_records = [*fake.waiting_records, record(251)]
    fake.tell("privacy")
    qtbot.waitUntil(ledger.waiting.latest.isVisible)
    ledger.waiting.latest.click()
    qtbot.waitUntil(lambda: not ledger.waiting.latest.isVisible())
    qtbot.waitUntil(lambda: rows.scrollToBottom() or model.rowCount() == 251)
    assert model._rows[-1].seq == 251


def test_a_row_that_stays_keeps_the_keyboard(qtbot, fake, centre):
    fake.left = [batch(number) for number in range(3)]
    section = centre.open_section("ledger")
    section.show_part("sent")
    rows, model = section.sent.rows, section.sent.model
    qtbot.waitUntil(lambda: model.rowCount() == 3)
    rows.setFocus()
    qtbot.keyClick(rows, Qt.Key.Key_Down)
    fake.left = [batch(9, batch_id="newest"), *fake.left]
    fake.tell("privacy")
    qtbot.waitUntil(lambda: model.rowCount() == 4)
    assert rows.currentIndex().row() == 2
    assert model._rows[2].batch_id == "batch-000001"


def test_at_the_top_a_change_is_shown_at_once(qtbot, ledger, fake):
    fake.waiting_records = fake.waiting_records[40:]
    fake.tell("privacy")
    qtbot.waitUntil(lambda: ledger.waiting.model._rows[0].seq == 41)


def test_a_record_is_read_by_keyboard_and_taken_out(qtbot, window, ledger, fake, centre):
    ledger.waiting.rows.setFocus()
    qtbot.keyClick(ledger.waiting.rows, Qt.Key.Key_Down)
    qtbot.keyClick(ledger.waiting.rows, Qt.Key.Key_Return)
    page = centre.shown
    assert isinstance(page, RecordPage)
    assert window.isActiveWindow()
    assert page.fields.toPlainText() == "kind = new\nsize_bytes = 1048576\nmedia = 3"
    assert "consent.category = usage" in page.envelope.toPlainText()
    page.remove.click()
    qtbot.waitUntil(lambda: centre.shown is ledger)
    assert RemoveRecord(account=ACCOUNT, seq=2) in fake.commands
    qtbot.waitUntil(lambda: ledger.waiting.model._rows[1].seq == 3)
    assert ledger.waiting.said.text() == "The record is removed and is never sent."


def test_the_key_for_it_removes_the_row_that_is_marked(qtbot, ledger, fake):
    ledger.waiting.rows.setFocus()
    qtbot.keyClick(ledger.waiting.rows, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: RemoveRecord(account=ACCOUNT, seq=1) in fake.commands)
    qtbot.waitUntil(lambda: ledger.waiting.model._rows[0].seq == 2)


def test_a_record_that_has_left_meanwhile_says_so(qtbot, ledger, fake, centre):
    ledger.waiting.rows.chosen.emit(fake.waiting_records[0])
    page = centre.shown
    fake.waiting_records = []
    page.remove.click()
    qtbot.waitUntil(lambda: "not here any more" in page.said.text())


def test_send_now_says_what_came_of_it(qtbot, ledger, fake):
    ledger.waiting.send.click()
    qtbot.waitUntil(lambda: ledger.waiting.said.text() == "Everything that waited was sent.")
    assert SendLogDataNow(account=ACCOUNT) in fake.commands
    qtbot.waitUntil(lambda: ledger.waiting.summary.text().startswith("Nothing waits."))
    assert not ledger.waiting.send.isEnabled()
    assert not ledger.waiting.card.isVisible()


def test_a_list_that_cannot_be_read_says_why(qtbot, fake, centre):
    fake.fail_next(ListWaitingRecords, "Log data cannot be looked up right now. Try again.", "unavailable")
    section = centre.open_section("ledger")
    qtbot.waitUntil(lambda: "cannot be looked up" in section.waiting.said.text())


def test_sent_batches_say_what_became_of_them(qtbot, ledger):
    ledger.tabs["sent"].click()
    model = ledger.sent.model
    qtbot.waitUntil(lambda: model.rowCount() == 3)
    said = [model.index(at).data(Qt.ItemDataRole.AccessibleTextRole) for at in range(3)]
    assert "Received" in said[0]
    assert "May have arrived" in said[1]
    assert "kept 37" in said[2]


def test_a_batch_opens_to_its_bytes_reply_and_checksum(qtbot, window, ledger, fake, centre):
    ledger.show_part("sent")
    qtbot.waitUntil(lambda: ledger.sent.model.rowCount() == 3)
    ledger.sent.rows.setFocus()
    for _ in range(2):
        qtbot.keyClick(ledger.sent.rows, Qt.Key.Key_Down)
    qtbot.keyClick(ledger.sent.rows, Qt.Key.Key_Return)
    page = centre.shown
    assert isinstance(page, BatchPage)
    qtbot.waitUntil(lambda: page.records.rowCount() == 40)
    assert len(page.checksum.toPlainText()) == 64
    assert page.reply.toPlainText() == "200\npartial_success {}"
    assert page.verdicts.text() == "Not known to the server: 3"
    assert "37 of 40" in page.explanation.text()
    page.rows.setFocus()
    qtbot.keyClick(page.rows, Qt.Key.Key_Return)
    assert isinstance(centre.shown, RecordPage)
    assert not centre.shown.remove.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert centre.shown is page
    assert page.rows.hasFocus()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert centre.shown is ledger


def test_clearing_my_copy_asks_once_in_place(qtbot, ledger, fake, centre):
    ledger.show_part("sent")
    sent = ledger.sent
    qtbot.waitUntil(sent.clear.isEnabled)
    sent.clear.click()
    assert sent.confirm.isVisible()
    assert sent.confirm.keep.hasFocus()
    sent.confirm.keep.click()
    assert not sent.confirm.isVisible()
    assert sent.clear.hasFocus()
    assert not any(isinstance(one, ClearLedger) for one in fake.commands)
    sent.clear.click()
    sent.confirm.act.click()
    qtbot.waitUntil(lambda: sent.said.text() == "This computer's copy is cleared.")
    assert ClearLedger(account=ACCOUNT) in fake.commands
    qtbot.waitUntil(lambda: not sent.clear.isEnabled())
    sent.rows.chosen.emit(fake.left[0])
    qtbot.waitUntil(centre.shown.cleared.isVisible)
    assert not centre.shown.list.isVisible()


def test_the_ledger_is_exported_as_json(qtbot, ledger, tmp_path):
    ledger.show_part("sent")
    target = tmp_path / "log data.json"
    ledger.sent.export_to(str(target))
    qtbot.waitUntil(lambda: "Saved in" in ledger.sent.said.text())
    assert json.loads(target.read_bytes())["sent"] == ["batch-000000", "batch-000001", "batch-000002"]


def test_nothing_sent_yet_says_so(qtbot, centre):
    section = centre.open_section("ledger")
    section.show_part("sent")
    qtbot.waitUntil(lambda: section.sent.summary.text() == "Nothing was sent yet.")
    assert not section.sent.clear.isEnabled()


def test_the_sum_of_what_was_recorded_is_shown_line_by_line(qtbot, fake, centre):
    fake.losses = Losses(
        items=(
            LossItem(category="usage", reason="purged", count=12, bytes=0, explanation="You withdrew them."),
            LossItem(category="diagnostics", reason="count", count=8, bytes=900, explanation="Too many waited."),
            LossItem(category=None, reason="off", count=31, bytes=0, explanation="Not recorded."),
        ),
        recorded=1_240,
        accepted=1_180,
        queued=40,
        withheld=31,
    )
    section = centre.open_section("ledger")
    section.show_part("losses")
    shown = section.losses.sum
    qtbot.waitUntil(shown.isVisible)
    assert {key: label.text() for key, label in shown.lines.items()} == {
        "recorded": "1,240",
        "accepted": "1,180",
        "queued": "40",
        "purged": "12",
        "lost": "8",
    }
    assert "add up to it: every record" in shown.sentence.text()


def test_the_pages_of_a_list_that_began_anew_are_not_mixed(qtbot, ledger, fake):
    ledger.show_part("sent")
    fake.left = [batch(number) for number in range(120)]
    fake.tell("privacy")
    model = ledger.sent.model
    qtbot.waitUntil(lambda: model.rowCount() == 50)
    fake.hold()
    model.fetchMore(model.index(-1))
    model.reload()
    fake.left = [batch(number, batch_id=f"new-{number}") for number in range(120)]
    fake.release()
    qtbot.waitUntil(lambda: model._rows[0].batch_id == "new-0")
    assert isinstance(fake._do_ListLedger(ListLedger(account=ACCOUNT), None), LedgerPage)
    assert len({one.batch_id for one in model._rows}) == model.rowCount()
