"""The form of a checklist: every kind by mouse and keyboard, what is hidden or missing, and how fast it stands."""

import gc
from pathlib import Path
from time import thread_time

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QLocale, QObject, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QLineEdit, QListWidget, QPlainTextEdit

from agent.api import Attach, Detach
from protocol.templates import Condition, Field
from tests.ui.forms import EVERY_KIND, Sheet, choices
from ui.form.form import Filling
from ui.form.words import number, read_number
from ui.image_work import png_bytes


@pytest.fixture
def show(qtbot, bridge):
    sheets = []

    def make(fields=EVERY_KIND, answers=None, **more):
        sheet = Sheet(bridge, Filling(fields=fields, answers=answers or {}, **more))
        sheets.append(sheet)
        sheet.show()
        qtbot.waitExposed(sheet)
        qtbot.waitUntil(lambda: sheet.form.is_built)
        sheet.activateWindow()
        return sheet

    yield make
    for sheet in sheets:
        sheet.images.close()
        sheet.hide()
        sheet.deleteLater()


def picture(color="#406080"):
    image = QImage(60, 40, QImage.Format.Format_RGB32)
    image.fill(color)
    return png_bytes(image)


def press(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=widget.rect().center())


def test_every_kind_is_answered(qtbot, show, fake, tmp_path):
    sheet = show()
    form = sheet.form
    qtbot.keyClicks(sheet.at("name").line, "Pump 7")
    qtbot.keyClicks(sheet.at("seen").box, "It drips")
    qtbot.keyClicks(sheet.at("pressure").line, "4.5")
    qtbot.keyClicks(sheet.at("screws").line, "3")
    for path in ("day", "began", "when"):
        sheet.at(path).now.click()
    sheet.at("day").editor.setDate(sheet.at("day").editor.date().addDays(1))
    sheet.at("lamp").buttons["green"].click()
    sheet.at("zone").combo.activated.emit(3)
    sheet.at("spills").boxes["oil"].click()
    sheet.at("gear").rows.item(2).setCheckState(Qt.CheckState.Checked)
    press(qtbot, sheet.at("seal").segments["pass"])
    file = tmp_path / "paper.pdf"
    file.write_bytes(b"%PDF-1.4")
    sheet.at("paper").add_files([str(file)])
    sheet.at("where")._chosen("loc-0", "Gate 2", "")
    sheet.at("pumps").add.click()
    qtbot.waitUntil(lambda: form.at("pumps[0].pump") is not None)
    qtbot.keyClicks(sheet.at("pumps[0].pump").line, "North")
    canvas = sheet.at("signed").canvas
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(20, 40))
    qtbot.mouseMove(canvas, QPoint(120, 60))
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(160, 40))
    assert form.busy
    qtbot.waitUntil(lambda: not form.busy and "signed" in form.answers)
    answers = form.answers
    assert {
        name: answers[name] for name in ("name", "seen", "pressure", "screws", "lamp", "zone", "spills", "gear")
    } == {
        "name": "Pump 7",
        "seen": "It drips",
        "pressure": 4.5,
        "screws": 3,
        "lamp": "green",
        "zone": "c",
        "spills": ["oil"],
        "gear": ["part 2"],
    }
    assert answers["seal"] == {"result": "pass"}
    assert answers["pumps"] == [{"pump": "North"}]
    assert answers["where"] == "loc-0"
    assert form.judgement.troubles == ()
    assert {file.media_id for file in form.files} == set(form.media) == {*answers["paper"], *answers["signed"]}


def test_what_was_answered_before_is_shown_and_unknown_answers_stay(qtbot, show, fake):
    photo = fake.submit(Attach(account="acme/ana", data=picture(), name="plate.png")).result(5)
    given = {
        "name": "Pump 7",
        "pressure": 4.5,
        "day": "2026-12-24",
        "began": "14:05",
        "lamp": "red",
        "zone": "c",
        "spills": ["water"],
        "gear": ["part 3"],
        "seal": {"result": "fail", "note": "drips"},
        "leak": [photo.media_id],
        "where": "loc-0",
        "pumps": [{"pump": "North"}, {"pump": "South", "stray": 1}],
        "mood": {"hue": 3},
        "gone": [1, 2],
    }
    sheet = show(answers=given, files=(photo,), places={"loc-0": "Gate 2"})
    assert sheet.form.answers == given
    assert sheet.at("pressure").line.text() == "4.5"
    assert sheet.at("day").editor.date().toString(Qt.DateFormat.ISODate) == "2026-12-24"
    assert sheet.at("lamp").buttons["red"].isChecked()
    assert sheet.at("zone").combo.currentText() == "C"
    assert sheet.at("seal").note.toPlainText() == "drips"
    assert [chip.attached.media_id for chip in sheet.at("leak").attachments.chips] == [photo.media_id]
    assert sheet.at("where").button.text() == "Gate 2"
    assert sheet.at("pumps").rows[1].title.text() == "Pump 2 of 2"
    assert "newer version" in sheet.at("mood").words.text()


def test_what_is_hidden_is_remembered_and_not_kept(qtbot, show, fake):
    sheet = show()
    assert sheet.at("leak").isHidden()
    press(qtbot, sheet.at("seal").segments["fail"])
    assert sheet.at("leak").isVisible()
    assert sheet.at("seal").note.hasFocus()
    qtbot.keyClicks(sheet.at("seal").note, "drips")
    photo = fake.submit(Attach(account="acme/ana", data=picture(), name="leak.png")).result(5)
    sheet.at("leak").attachments.show_all((photo,))
    press(qtbot, sheet.at("seal").segments["pass"])
    assert sheet.at("leak").isHidden()
    assert "leak" in sheet.form.answers
    assert "leak" not in sheet.form.judgement.kept
    press(qtbot, sheet.at("seal").segments["fail"])
    assert sheet.form.answers["seal"] == {"result": "fail", "note": "drips"}


def test_what_is_missing_is_said_after_leaving_and_not_while_typing(qtbot, show):
    sheet = show()
    name, pressure = sheet.at("name"), sheet.at("pressure")
    assert name.trouble.isHidden()
    name.line.setFocus()
    sheet.at("seen").box.setFocus()
    assert name.trouble.text() == "This needs an answer."
    assert "This needs an answer." in name.line.accessibleDescription()
    pressure.line.setFocus()
    qtbot.keyClicks(pressure.line, "20")
    assert pressure.trouble.isHidden()
    sheet.at("screws").line.setFocus()
    assert pressure.trouble.text() == "This is above 16. Check the number."
    pressure.line.setFocus()
    qtbot.keyClick(pressure.line, Qt.Key.Key_Backspace)
    assert pressure.trouble.isHidden()


def test_check_shows_all_and_goes_to_the_first(qtbot, show):
    sheet = show(answers={"name": "Pump 7", "pumps": [{}]})
    assert not sheet.form.check()
    assert [one.path for one in sheet.form.judgement.troubles] == ["seal", "pumps[0].pump"]
    assert sheet.at("pumps[0].pump").trouble.isVisibleTo(sheet)
    assert sheet.at("seal").segments["pass"].hasFocus()
    middle = sheet.at("seal").mapTo(sheet.area.viewport(), QPoint(0, 0)).y()
    assert 0 <= middle < sheet.area.viewport().height()
    press(qtbot, sheet.at("seal").segments["pass"])
    qtbot.keyClicks(sheet.at("pumps[0].pump").line, "N")
    assert sheet.form.check()


def test_the_organizations_own_message_wins(show):
    field = Field(field="name", kind="short_text", label="Machine", required=True, message="Read the plate!")
    sheet = show((field,))
    sheet.form.check()
    assert sheet.at("name").trouble.text() == "Read the plate!"


@pytest.mark.parametrize(
    ("locale", "typed", "value", "shown"),
    [
        ("en_GB", "4.5", 4.5, "4.5"),
        ("de_DE", "4,5", 4.5, "4,5"),
        ("de_DE", "4.5", 4.5, "4,5"),
        ("de_DE", "1234,5", 1234.5, "1234,5"),
        ("ar_EG", "٤٫٥", 4.5, "٤٫٥"),
        ("en_GB", "-0.1", -0.1, "-0.1"),
    ],
)
def test_numbers_are_read_and_written_as_here(show, locale, typed, value, shown):
    QLocale.setDefault(QLocale(locale))
    try:
        assert read_number(typed, whole=False) == value
        assert number(value) == shown
        sheet = show((Field(field="n", kind="number", label="N"),))
        sheet.at("n").line.setText(typed)
        sheet.at("n").line.textEdited.emit(typed)
        sheet.at("n").line.editingFinished.emit()
        assert (sheet.form.answers, sheet.at("n").line.text()) == ({"n": value}, shown)
    finally:
        QLocale.setDefault(QLocale("en_GB"))


def test_a_time_reads_the_same_in_a_mirrored_form(show, qapp):
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        sheet = show(answers={"began": "14:05"})
        assert sheet.at("began").editor.text() == "14:05"
        assert sheet.at("lamp").isRightToLeft()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LayoutDirectionAuto)  # the language decides again


@pytest.mark.parametrize("typed", ["", "abc", "1,2,3", "1 000", "inf", "nan", "1e999", "12x"])
def test_what_is_no_number_is_none_and_stays_as_typed(show, typed):
    assert read_number(typed, whole=False) is None
    sheet = show((Field(field="n", kind="number", label="N"),))
    sheet.at("n").line.setText(typed)
    sheet.at("n").line.textEdited.emit(typed)
    sheet.at("n").line.editingFinished.emit()
    assert sheet.at("n").line.text() == typed
    assert bool(sheet.form.judgement.troubles) == bool(typed)


def test_rows_are_added_moved_and_removed_and_paths_follow(qtbot, show):
    sheet = show(answers={"pumps": [{"pump": "A"}, {"pump": "B"}]})
    group, form = sheet.at("pumps"), sheet.form
    group.rows[1].up.click()
    assert form.answers["pumps"] == [{"pump": "B"}, {"pump": "A"}]
    assert sheet.at("pumps[0].pump").line.text() == "B"
    group.add.click()
    qtbot.waitUntil(lambda: form.at("pumps[2].pump") is not None and sheet.at("pumps[2].pump").line.hasFocus())
    assert not group.add.isEnabled()
    assert [row.title.text() for row in group.rows] == ["Pump 1 of 3", "Pump 2 of 3", "Pump 3 of 3"]
    group.rows[0].remove.click()
    assert form.answers["pumps"] == [{"pump": "A"}, {}]
    qtbot.keyClicks(sheet.at("pumps[1].pump").line, "C")
    assert form.answers["pumps"] == [{"pump": "A"}, {"pump": "C"}]
    form.check()
    assert sheet.at("pumps[0].pump").trouble.isHidden()


def test_a_row_that_is_added_comes_into_view_where_one_writes_it(qtbot, show):
    sheet = show(fields=(*EVERY_KIND[:-1], EVERY_KIND[-1], Field(field="end", kind="long_text", label="End")))
    group, area = sheet.at("pumps"), sheet.area
    sheet.resize(420, 400)
    area.ensureWidgetVisible(group.add, 0, 0)
    press(qtbot, group.add)
    qtbot.waitUntil(lambda: sheet.form.at("pumps[0].pump") is not None and sheet.at("pumps[0].pump").line.hasFocus())
    first = sheet.at("pumps[0].pump")
    below = first.line.mapTo(area.viewport(), QPoint(0, first.line.height()))
    assert 0 < below.y() <= area.viewport().height()


def test_a_group_that_needs_a_row_says_so(show):
    pump = Field(field="pump", kind="short_text", label="Name")
    fields = (Field(field="some", kind="group", label="Pump", least=1, fields=(pump,)),)
    fields += (Field(field="any", kind="group", label="Tool", fields=(pump,)),)
    sheet = show(fields=fields)
    assert sheet.at("some").label.text() == "Pump *"
    assert sheet.at("any").label.text() == "Tool"


def test_the_wheel_changes_no_answer(qtbot, show):
    sheet = show(answers={"zone": "b", "day": "2026-12-24"})
    for path, widget in (("zone", sheet.at("zone").combo), ("day", sheet.at("day").editor)):
        before = sheet.form.answers[path]
        widget.setFocus()
        event = QEvent(QEvent.Type.Wheel)
        assert QApplication.sendEvent(widget, event) or True
        assert sheet.form.answers[path] == before


def test_a_signature_is_replaced_cleared_and_can_be_typed(qtbot, show, fake):
    sheet = show()
    signed = sheet.at("signed")
    qtbot.keyClicks(signed.typed, "Ana")
    qtbot.waitUntil(lambda: "signed" in sheet.form.answers)
    (first,) = sheet.form.answers["signed"]
    item = fake.attached[first]
    assert Path(item.path or "").read_bytes().startswith(b"\x89PNG")
    qtbot.keyClicks(signed.typed, " S")
    qtbot.waitUntil(lambda: sheet.form.answers["signed"] != [first] and first not in fake.attached)
    signed.clear.click()
    qtbot.waitUntil(lambda: not fake.attached)
    assert "signed" not in sheet.form.answers
    assert sum(isinstance(one, Detach) for one in fake.commands) == 2


def test_more_files_than_allowed_are_not_taken_and_said(qtbot, show, tmp_path):
    sheet = show(answers={"seal": {"result": "fail", "note": "x"}})
    files = []
    for index in range(3):
        files.append(tmp_path / f"{index}.png")
        files[-1].write_bytes(picture())
    leak = sheet.at("leak")
    leak.add_files([str(one) for one in files])
    qtbot.waitUntil(lambda: len(leak.attachments.chips) == 2)
    assert "At most 2 files" in leak.sentence.text()
    assert not leak.add.isEnabled()


def test_marks_stand_beside_their_fields_with_the_managers_words(show, fake):
    photo = fake.submit(Attach(account="acme/ana", data=picture(), name="leak.png")).result(5)
    sheet = show(
        answers={"seal": {"result": "fail", "note": "x"}, "leak": [photo.media_id], "pumps": [{"pump": "A"}]},
        files=(photo,),
        marks={"pressure": "Read it again <b>now</b>", f"media:{photo.media_id}": "Blurred", "pumps[0].pump": ""},
    )
    assert sheet.at("pressure").mark.text() == "Read it again <b>now</b>"
    assert sheet.at("pressure").mark.textFormat() == Qt.TextFormat.PlainText
    assert sheet.at("leak").mark.text() == "Blurred"
    assert sheet.at("pumps[0].pump").mark.text() == "Please look at this again."
    assert sheet.at("name").mark.isHidden()


def test_read_only_changes_nothing(qtbot, show):
    given = {"name": "Pump 7", "seal": {"result": "pass"}, "lamp": "red", "pumps": [{"pump": "A"}]}
    sheet = show(answers=given, read_only=True)
    qtbot.keyClicks(sheet.at("name").line, "x")
    for button in sheet.form.findChildren(QAbstractButton):
        if button.isVisible():
            qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert sheet.form.answers == given


def test_every_control_is_named_and_reached_by_tab(qtbot, show, fake):
    sheet = show(answers={"seal": {"result": "fail"}, "pumps": [{}, {}], "day": "2026-12-24", "lamp": "red"})
    seen = set()
    for _ in range(150):  # Tab goes through the parts of a date too
        qtbot.keyClick(QApplication.focusWidget() or sheet, Qt.Key.Key_Tab)
        seen.add(QApplication.focusWidget())
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QComboBox, QListWidget)
    for kind in kinds:
        for widget in sheet.form.findChildren(kind):
            inner = widget.objectName().startswith("qt_") or isinstance(widget.parent(), (QLineEdit, QComboBox))
            if not widget.isVisible() or not widget.isEnabled() or inner:
                continue
            assert widget.accessibleName(), widget
            in_group = isinstance(widget, QAbstractButton) and widget.group() is not None  # arrows move within
            assert widget in seen or in_group, widget.accessibleName()


def test_nothing_is_wider_than_a_narrow_window(qtbot, show):
    long = "A very long label without an end " * 6
    fields = (
        Field(field="a", kind="one_of", label=long, hint=long, choices=choices(long, "B")),
        Field(field="b", kind="one_of", label=long, choices=choices(long, *"BCDEFG")),
        Field(field="c", kind="many_of", label=long, choices=choices(long, "B")),
        Field(field="d", kind="number", label=long, unit="revolutions"),
        Field(field="e", kind="check", label=long),
        Field(field="f", kind="date_time", label=long),
        Field(field="g", kind="signature", label=long),
        Field(field="h", kind="location", label=long),
        Field(field="i", kind="group", label=long, fields=(Field(field="j", kind="check", label=long),)),
    )
    sheet = show(fields, {"f": "2026-11-25T14:05+01:00", "i": [{}, {}], "h": "l"}, places={"l": long})
    sheet.resize(360, 560)
    qtbot.waitUntil(lambda: sheet.area.viewport().width() < 360)
    QCoreApplication.processEvents()
    for widget in sheet.form.findChildren(QAbstractButton):
        if widget.isVisible():
            right = widget.mapTo(sheet.area.viewport(), widget.rect().topRight()).x()
            assert right <= sheet.area.viewport().width(), (type(widget), widget.accessibleName())


class Clocked(QObject):
    """The processor time that the main thread spends between coming back to its event loop, in milliseconds."""

    def __init__(self):
        super().__init__()
        self.worst = 0.0
        self._last = thread_time()
        self._timer = self.startTimer(0)

    def timerEvent(self, _event):
        now = thread_time()
        self.worst = max(self.worst, (now - self._last) * 1000)
        self._last = now


def test_three_hundred_fields_never_hold_up_the_window(qtbot, bridge, qapp):
    kinds = ("short_text", "long_text", "number", "one_of", "many_of", "check", "photo", "location", "date_time")
    fields = tuple(
        Field(
            field=f"f{index}",
            kind=kinds[index % len(kinds)],
            label=f"Question {index} of a long round",
            hint="Look closely",
            required=True,
            choices=choices(*"ABCD") if "_of" in kinds[index % len(kinds)] else (),
            shown_when=Condition(op="answered", field="f0") if index % 10 == 1 else None,
        )
        for index in range(300)
    )
    gc.collect()
    gc.disable()  # other tests' garbage is not the form's
    try:
        begun = thread_time()
        sheet = Sheet(bridge, Filling(fields=fields))
        sheet.show()
        first = (thread_time() - begun) * 1000
        clock = Clocked()
        qtbot.waitUntil(lambda: sheet.form.is_built, timeout=60_000)
    finally:
        gc.enable()
    assert first < 100
    assert clock.worst < 50
    assert len([one for index in range(300) if (one := sheet.form.at(f"f{index}")) is not None]) == 300
    sheet.images.close()
    sheet.hide()
    sheet.deleteLater()
