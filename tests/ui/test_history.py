"""Activity narrowed by a filter, and what was filed taken out again."""

from datetime import UTC, datetime, timedelta

from PySide6.QtWidgets import QMenu

from agent.api import ActivityItem, CopyReport, ExportReport, ExportStuck, FileReport, ListActivity
from tests.ui.fake_agent import rfc3339


def put(fake, item_id, **fields):
    at = rfc3339(fields.pop("when", datetime.now(UTC)))
    defaults = {"kind": "report", "title": item_id, "state": "received"}
    fake.put("acme/ana", ActivityItem(key=f"{at}|{item_id}", item_id=item_id, at=at, **{**defaults, **fields}))


def shown(window):
    rows = [window.activity.model.index(row).data(0x0100) for row in range(window.activity.model.rowCount())]
    return [row.item.item_id for row in rows if row.item is not None]


def choose(window, menu, entry):
    window.activity.filter.menu().aboutToShow.emit()
    sub = next(action.menu() for action in window.activity.filter.menu().actions() if action.text() == menu)
    assert isinstance(sub, QMenu)
    next(action for action in sub.actions() if action.text() == entry).trigger()


def test_the_list_is_narrowed_by_state_place_and_time_and_all_comes_back(qtbot, window, fake):
    put(fake, "a", state="returned", location="Yard")
    put(fake, "b", state="returned", location="Gate 2", when=datetime.now(UTC) - timedelta(days=20))
    put(fake, "c", state="saved", location="Yard")
    fake.tell("activity", "locations")
    qtbot.waitUntil(lambda: len(shown(window)) == 3)
    choose(window, "&State", "Returned")
    qtbot.waitUntil(lambda: shown(window) == ["a", "b"])
    assert window.activity.filter.text() == "Returned"
    assert window.activity.filter.accessibleName() == "Filter: Returned"
    choose(window, "&Time", "Last 7 days")
    qtbot.waitUntil(lambda: shown(window) == ["a"])
    choose(window, "&State", "On the way")
    qtbot.waitUntil(lambda: shown(window) == ["c"])
    choose(window, "&Place", "Yard")
    assert window.activity.filter.text() == "On the way · Yard · Last 7 days"
    window.activity.filter.clear()
    qtbot.waitUntil(lambda: len(shown(window)) == 3)
    assert window.activity.filter.text() == ""


def test_a_filter_that_fits_nothing_says_so_and_another_account_has_none(qtbot, window, fake):
    put(fake, "a")
    fake.tell("activity", "locations")
    qtbot.waitUntil(lambda: shown(window) == ["a"])
    choose(window, "&State", "Rejected")
    qtbot.waitUntil(lambda: "filter" in window.activity.empty.text())
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    fake.change("snapshot", "activity", current="acme/ben")
    qtbot.waitUntil(lambda: fake.queries and window.activity.model_account == "acme/ben")
    asked = [query for query in fake.queries if isinstance(query, ListActivity) and query.account == "acme/ben"]
    assert asked
    assert all(query.state is None for query in asked)


def test_a_report_is_copied_into_the_box_as_a_new_draft(qtbot, window, fake):
    fake.submit(FileReport(account="acme/ana", text="Gate is open", instance_id="i")).result(5)
    window.show_item(fake.details["i"].item)
    window.report.copy_as_new.click()
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "Gate is open")
    copy = next(command for command in fake.commands if isinstance(command, CopyReport))
    assert window.write.drafts.draft_id == copy.draft_id != "i"
    assert window.column.isVisible()


def test_saving_a_report_to_a_folder_ends_with_a_sentence(qtbot, window, fake, tmp_path):
    fake.submit(FileReport(account="acme/ana", text="Gate", instance_id="i")).result(5)
    window.show_item(fake.details["i"].item)
    window.report.save_to(str(tmp_path))
    window.show_item(fake.details["i"].item)  # as when the agent told something new of it
    assert not window.report.export.isEnabled()
    qtbot.waitUntil(window.report.export.isEnabled)
    assert str(tmp_path) in window.report.exported.text()
    assert "1 file is no longer" in window.report.exported.text() or "1 file(s)" in window.report.exported.text()
    fake.fail_next(ExportReport, "Nothing was saved to /x: Permission denied. Choose another folder.", "cannot_store")
    window.report.save_to("/x")
    qtbot.waitUntil(lambda: "Permission denied" in window.report.exported.text())
    assert window.report.export.isEnabled()


def test_what_needs_the_person_is_saved_to_a_file(qtbot, window, fake, tmp_path):
    put(fake, "a", state="needs_you", sentence="Too long.")
    fake.deliver("a", sentence="Too long.")
    qtbot.waitUntil(window.needs.keep.isVisible)
    window.needs.save_to("acme/ana", str(tmp_path / "stuck.json"))
    qtbot.waitUntil(lambda: "stuck.json" in window.needs.kept.text())
    assert any(isinstance(command, ExportStuck) for command in fake.commands)


def test_attendance_is_neither_copied_nor_exported(qtbot, window, fake):
    put(fake, "a", kind="check_in")
    window.show_item(fake.items["acme/ana"][0])
    assert not window.report.copy_as_new.isVisible()
    assert not window.report.export.isVisible()
