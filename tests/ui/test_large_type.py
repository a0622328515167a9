"""With type as large as people set it, in the narrowest window: nothing is wider than what is seen of it."""

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from agent.api import RecordAttendance
from tests.ui.test_access import with_everything_of_attendance
from ui.check_in_choice import CheckInChoice
from ui.image_work import png_bytes

LARGE = 1.8


@pytest.fixture(autouse=True)
def large_type(qapp: QApplication) -> Iterator[None]:
    before = qapp.font()
    larger = qapp.font()
    larger.setPointSizeF(before.pointSizeF() * LARGE)
    qapp.setFont(larger)
    yield
    qapp.setFont(before)


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "a-photo-with-a-long-name-of-its-own.png"
    path.write_bytes(png_bytes(QImage(8, 8, QImage.Format.Format_RGB32)))
    return str(path)


def too_wide(area: QScrollArea) -> list[tuple[str, int]]:
    """What has no room in it."""
    room = area.viewport().width()
    body = area.widget()
    shown = (one for one in (body, *body.findChildren(QWidget)) if one.isVisible())
    return [
        (type(one).__name__, one.minimumSizeHint().width()) for one in shown if one.minimumSizeHint().width() > room
    ]


def column(window) -> QScrollArea:
    return window.column.findChildren(QScrollArea)[0]


@pytest.fixture
def narrow(window):
    window.resize(360, 560)
    return window


def test_the_column_with_photos_and_questions_fits(qtbot, narrow, fake, photo):
    fake.change(last_location_id="loc-0", last_location="Gate 2", photo_required=True, note_required=True)
    photos = narrow.now.fields.photos
    qtbot.waitUntil(photos.add.isVisible)
    photos.attachments.add_path(photo)
    narrow.write.attachments.add_path(photo)
    qtbot.waitUntil(lambda: len(photos.media) == len(narrow.write.attachments.media) == 1)
    assert too_wide(column(narrow)) == []
    photos.attachments.chips[0].remove.click()
    narrow.now.press.click()
    qtbot.waitUntil(narrow.now.photo.isVisible)
    narrow.now.photo.photos.attachments.add_path(photo)
    qtbot.waitUntil(narrow.now.photo.send.isVisible)
    assert too_wide(column(narrow)) == []
    assert [one.kind for one in fake.commands if isinstance(one, RecordAttendance)] == ["check_in"]


def test_ends_and_hours_fit(qtbot, narrow, fake):
    with_everything_of_attendance(qtbot, narrow, fake)
    qtbot.waitUntil(lambda: column(narrow).viewport().width() > 300)
    assert too_wide(column(narrow)) == []
    narrow.show_timesheet()
    qtbot.waitUntil(lambda: narrow.timesheet.days != [])
    qtbot.waitUntil(lambda: narrow.timesheet.area.viewport().width() > 300)
    assert too_wide(narrow.timesheet.area) == []


def test_the_choice_of_a_place_fits_its_screen(qtbot, narrow, fake, photo):
    narrow.choose_place()
    dialog = narrow.findChild(CheckInChoice)
    qtbot.waitUntil(lambda: dialog.rows.count() == 3)
    dialog.fields.photos.attachments.add_path(photo)
    qtbot.waitUntil(lambda: len(dialog.fields.photos.media) == 1)
    assert dialog.height() <= dialog.screen().availableGeometry().height()
    assert dialog.minimumSizeHint().width() <= 400
