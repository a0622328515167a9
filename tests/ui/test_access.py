"""By keyboard alone, with names that a screen reader can say, and mirrored."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QDateTimeEdit,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QRadioButton,
    QTableView,
    QWidget,
)

from agent.api import CancelSignIn, FileReport, MarkNote, MediaItem, RecordAttendance, ReviewNote, SignIn
from tests.ui.forms import ROUND
from tests.ui.test_open_end import asked
from tests.ui.test_review import filed
from tests.ui.test_timesheet import DAY, day_of, session
from ui.theme.colours import colours, contrast
from ui.timesheet_day import EventBlock


def reached_by_tab(qtbot, window):
    """Every widget that Tab comes by, from the first until it comes round."""
    window.activateWindow()
    seen: list[QWidget] = []
    while True:
        qtbot.keyClick(QApplication.focusWidget() or window, Qt.Key.Key_Tab)
        focused = QApplication.focusWidget()
        if isinstance(focused, QDateTimeEdit) and seen and focused is seen[-1]:
            continue  # from the day to the month, within it
        if focused is None or focused in seen:
            return seen
        seen.append(focused)


def together(widget):
    """Of buttons of which one is chosen, Tab comes by one, and arrow keys by the others."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group.buttons() if group is not None and group.exclusive() else [widget]


def controls(page):
    kinds = (QAbstractButton, QLineEdit, QPlainTextEdit, QTableView, QComboBox, QDateTimeEdit)
    return [
        widget
        for kind in kinds
        for widget in page.findChildren(kind)
        if widget.isVisible()
        and widget.isEnabled()
        and not isinstance(widget.parent(), (QLineEdit, QTableView, QDateTimeEdit, QComboBox))
    ]


def with_everything_of_attendance(qtbot, window, fake):
    """A code, a note, a session without an end, and a day whose events are open with a correction being filled."""
    fake.locations[0] = msgspec.structs.replace(fake.locations[0], code_digits=6)
    fake.days = (day_of(DAY, session(DAY), session(DAY, 1)),)
    fake.change(
        last_location_id="loc-0", last_location="Gate 2", last_code_digits=6, note_required=True, open_end=asked()
    )
    qtbot.waitUntil(window.open_end.isVisible)
    window.show_timesheet(DAY)
    qtbot.waitUntil(lambda: len(window.timesheet.days) == 1)
    window.timesheet.days[0].findChild(EventBlock).correct.click()
    window.show_home()


@pytest.mark.parametrize("page", ["column", "privacy", "settings", "timesheet", "sign_in"])
def test_tab_reaches_every_control(qtbot, window, fake, page):
    with_everything_of_attendance(qtbot, window, fake)
    window.write.box.setPlainText("Lamp")
    {
        "column": window.show_home,
        "privacy": window.show_privacy,
        "settings": window.show_settings,
        "timesheet": window.show_timesheet,
        "sign_in": window.show_sign_in,
    }[page]()
    qtbot.waitUntil(lambda: page != "privacy" or bool(window.privacy.overview.optional.text()))
    qtbot.waitUntil(lambda: page != "settings" or window.settings.network.isEnabled())
    shown = getattr(window, page)
    seen = reached_by_tab(qtbot, window)
    missed = [widget for widget in controls(shown) if not any(one in seen for one in together(widget))]
    assert missed == []


def test_every_control_has_a_name_and_no_label_hides_its_text(qtbot, window, fake):
    with_everything_of_attendance(qtbot, window, fake)
    inner = (QLineEdit, QTableView, QDateTimeEdit, QComboBox)
    for page in (window.column, window.report, window.privacy, window.settings, window.timesheet, window.sign_in):
        for kind in (QAbstractButton, QLineEdit, QPlainTextEdit, QTableView, QComboBox, QDateTimeEdit):
            for widget in page.findChildren(kind):
                if widget.objectName().startswith("qt_") or isinstance(widget.parent(), inner):
                    continue
                words = widget.text() if isinstance(widget, QAbstractButton) else ""
                assert widget.accessibleName() or words or not widget.isVisible(), widget
        for label in page.findChildren(QLabel):
            assert not label.accessibleName(), label.text()


def test_a_day_by_keyboard_alone(qtbot, window, fake):
    fake.change(last_location_id="loc-0", last_location="Gate 2")
    qtbot.waitUntil(lambda: "Gate 2" in window.now.press.text())
    window.activateWindow()
    window.now.press.setFocus()
    qtbot.keyClick(window.now.press, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: any(isinstance(command, RecordAttendance) for command in fake.commands))
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert window.write.box.hasFocus()
    qtbot.keyClicks(window.write.box, "Lamp is out")
    qtbot.keyClick(window.write.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: any(isinstance(command, FileReport) for command in fake.commands))
    qtbot.waitUntil(lambda: window.activity.model.rowCount() == 3)
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert window.activity.search.hasFocus()
    window.activity.rows.setFocus()
    qtbot.keyClick(window.activity.rows, Qt.Key.Key_Return)
    qtbot.waitUntil(window.report.isVisible)
    assert window.report.title.text() == "Lamp is out"
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert window.column.isVisible()


def test_a_row_is_spoken_in_full(qtbot, window, fake):
    window.write.box.setPlainText("Lamp is out")
    window.write.send.click()
    qtbot.waitUntil(lambda: window.activity.model.rowCount() == 2)
    spoken = window.activity.model.index(1).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken.startswith("Lamp is out, Saved here, ")


def test_the_layout_mirrors(qtbot, qapp, window, fake):
    gear = window.header.gear.mapTo(window, window.header.gear.rect().center()).x()
    assert gear > window.width() / 2
    window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    qtbot.waitUntil(
        lambda: window.header.gear.mapTo(window, window.header.gear.rect().center()).x() < window.width() / 2
    )
    assert window.now.headline.alignment() & Qt.AlignmentFlag.AlignRight


@pytest.mark.parametrize("size", [(360, 560), (480, 720), (1100, 720)])
def test_nothing_is_wider_than_the_window(qtbot, window, fake, size):
    long = "The very long name of a gate that somebody wrote " * 2
    with_everything_of_attendance(qtbot, window, fake)
    fake.change(last_location_id="loc-0", last_location=long, open_end=msgspec.structs.replace(asked(), shift=long))
    window.resize(*size)
    qtbot.waitUntil(lambda: window.width() == size[0])
    for show, page in (
        (window.show_home, window.column),
        (window.show_timesheet, window.timesheet),
        (window.show_settings, window.settings),
    ):
        show()
        QApplication.processEvents()
        for widget in page.findChildren(QWidget):
            if widget.isVisible():
                right = widget.mapTo(window, widget.rect().topRight()).x()
                assert right <= window.width(), widget


def test_enter_in_a_field_of_the_sign_in_starts_it_and_does_not_reach_the_cancel_button(qtbot, window, fake):
    fake.change(accounts=(), current=None)
    qtbot.waitUntil(window.sign_in.isVisible)
    window.sign_in.address.setText("reports.example.invalid")
    qtbot.keyClick(window.sign_in.address, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(isinstance(command, SignIn) for command in fake.commands))
    assert not any(isinstance(command, CancelSignIn) for command in fake.commands)


def test_a_box_for_text_shows_that_the_keyboard_is_in_it(qtbot, window, fake):
    box = window.write.box
    window.activateWindow()
    window.write.send.setFocus()
    window.now.press.setFocus()
    without = box.grab().toImage().pixelColor(box.width() // 2, 0)
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    within = box.grab().toImage().pixelColor(box.width() // 2, 0)
    assert contrast(within, without) > 1.5
    assert within.name() == colours().accent.name()


def test_the_buttons_of_the_write_card_stand_on_one_line(qtbot, window, fake):
    write = window.write
    middles = {
        round(button.mapTo(write, button.rect().center()).y()) for button in (write.photo, write.place, write.send)
    }
    assert max(middles) - min(middles) <= 1


def test_tab_reaches_every_control_of_a_report_the_settings_and_a_form_and_each_has_a_name(qtbot, window, fake):
    fake.templates.append(ROUND)
    item = filed(fake, text="Since seven.", can_correct=True, can_edit=True)
    photo = MediaItem(
        media_id="m",
        name="Photo 1.jpg",
        content_type="image/jpeg",
        size=4,
        sha256="0" * 64,
        sent_bytes=4,
        state="received",
    )
    marks = (MarkNote(path="text", words="When?"), MarkNote(path="name", words=""))
    review = ReviewNote(decision="returned", by="Tomas Berg", at="2026-03-01T12:00:00Z", words="Look.", marks=marks)
    fake.details["r"] = msgspec.structs.replace(
        fake.details["r"], media=(photo,), template=ROUND, answers={"name": "3"}
    )
    fake.deliver("r", state="returned", review=review)
    window.show_item(item)
    qtbot.waitUntil(window.report.review.correct.isVisible)
    window.report.comments.box.setPlainText("At seven.")
    look_at(qtbot, window, window.report)
    window.show_settings()
    qtbot.waitUntil(lambda: all(switch.isEnabled() for switch in window.settings.switches.values()))
    look_at(qtbot, window, window.settings)
    window.begin_checklist(ROUND.template_id)
    qtbot.waitUntil(lambda: window.checklist.form is not None and window.checklist.form.is_built)
    look_at(qtbot, window, window.checklist)


def look_at(qtbot, window, page):
    window.setFocus()
    seen = reached_by_tab(qtbot, window)
    found = controls(page)
    assert len(found) > 3
    missed = [widget for widget in found if widget not in seen and not in_a_group_that_was(widget, seen)]
    assert missed == []
    for widget in found:
        words = widget.text() if isinstance(widget, QAbstractButton) else ""
        assert widget.accessibleName() or words, widget


def in_a_group_that_was(widget, seen):
    """Tab comes to one of several radio buttons; arrow keys go on from there."""
    return isinstance(widget, QRadioButton) and any(
        isinstance(one, QRadioButton) and one.parent() is widget.parent() for one in seen
    )
