"""The files of a report on its page: where each is, and what can be done about it."""

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QMessageBox, QPushButton

from agent.api import (
    ActivityItem,
    EditReport,
    FetchMedia,
    FetchPictures,
    HoldMedia,
    MediaItem,
    OpenMedia,
    ReportDetail,
    RetryMedia,
)

ITEM = ActivityItem(key="k", item_id="r", kind="report", title="Gate", at="2026-03-01T12:00:00Z", state="sending")


def media(state: str, media_id: str = "m", **fields: object) -> MediaItem:
    made = MediaItem(
        media_id=media_id,
        name=f"Photo {media_id}.jpg",
        content_type="application/pdf",
        size=1000,
        sha256="0" * 64,
        sent_bytes=420,
        path="/spool/m",
    )
    return msgspec.structs.replace(made, state=state, **fields)


@pytest.fixture
def show(qtbot, window, fake):
    def shown(*files: MediaItem, item: ActivityItem = ITEM):
        fake.details["r"] = ReportDetail(item=item, text="It hums", media=files)
        window.show_item(item)
        window.report.refresh()
        qtbot.waitUntil(lambda: [row.media for row in window.report.files.rows.values()] == list(files))
        return list(window.report.files.rows.values())

    return shown


def offered(row) -> set[str]:
    return {one.text() for one in row.findChildren(QPushButton) if not one.isHidden()}


@pytest.mark.parametrize(
    ("file", "words", "offers", "bar"),
    [
        (media("waiting", sent_bytes=0), "Waiting", {"Pause", "Open", "Take off…"}, False),
        (media("sending"), "Sending 42 %", {"Pause", "Open", "Take off…"}, True),
        (media("held"), "Paused at 42 %", {"Resume", "Open", "Take off…"}, True),
        (media("sent"), "Sent; the copy here stays until", {"Open", "Take off…"}, False),
        (media("received"), "a copy is on this computer", {"Open", "Take off…"}, False),
        (media("received", path=None), "not on this computer", {"Fetch", "Take off…"}, False),
        (media("needs_you", sentence="It is too large."), "Not sent", {"Retry", "Open", "Take off…"}, False),
    ],
)
def test_each_says_where_it_is_and_offers_what_can_be_done(show, file, words, offers, bar):
    [row] = show(file)
    assert words in row.state.text()
    assert offered(row) == offers
    assert row.bar.isVisible() is bar
    assert row.sentence.text() == file.sentence
    for button in row.findChildren(QPushButton):
        assert button.isHidden() or file.name in button.accessibleName()


def test_buttons_send_what_they_say(qtbot, show, fake):
    [row] = show(media("sending"))
    qtbot.mouseClick(row.hold, Qt.MouseButton.LeftButton)
    [row] = show(media("held"))
    qtbot.mouseClick(row.hold, Qt.MouseButton.LeftButton)
    row.open.click()
    [row] = show(media("needs_you", sentence="No."))
    row.retry.click()
    wanted = [
        HoldMedia(account="acme/ana", media_id="m", held=True),
        HoldMedia(account="acme/ana", media_id="m", held=False),
        OpenMedia(account="acme/ana", media_id="m"),
        RetryMedia(account="acme/ana", media_id="m"),
    ]
    qtbot.waitUntil(lambda: [one for one in fake.commands if type(one) in set(map(type, wanted))] == wanted)


def test_what_is_fetched_says_so_and_what_cannot_be_says_why(qtbot, show, fake):
    [row] = show(media("received", path=None))
    fake.hold()
    row.fetch.click()
    assert row.state.text() == "Fetching…"
    assert not row.fetch.isEnabled()
    fake.release()
    qtbot.waitUntil(row.fetch.isEnabled)
    fake.fail_next(FetchMedia, "The server is away. Try again later.", "unavailable")
    row.fetch.click()
    qtbot.waitUntil(lambda: row.sentence.text() == "The server is away. Try again later.")
    assert "not on this computer" in row.state.text()


def test_small_pictures_are_asked_for_once_for_each_opening_and_no_failure_shows(qtbot, show, fake, window):
    photo = media("received", content_type="image/jpeg", path=None)
    asked = FetchPictures(account="acme/ana", instance_id="r")
    fake.fail_next(FetchPictures, "The server is away. Try again later.", "unavailable")
    show(photo, media("received", "b", path=None))
    qtbot.waitUntil(lambda: asked in fake.commands)
    page = window.report
    fake.details["r"] = msgspec.structs.replace(fake.details["r"], text="Another text")
    fake.tell("activity")
    qtbot.waitUntil(lambda: page.text.toPlainText() == "Another text")
    assert not any(row.sentence.text() for row in page.files.rows.values())
    assert fake.commands.count(asked) == 1
    window.show_home()
    show(photo)
    qtbot.waitUntil(lambda: fake.commands.count(asked) == 2)
    for one in (media("elsewhere", content_type="image/jpeg", path=None), media("received", content_type="video/mp4")):
        show(one)
    assert fake.commands.count(asked) == 2


def test_a_file_is_taken_off_after_one_question(qtbot, show, fake, window):
    first, second = show(media("sent", "a"), media("held", "b"))
    second.remove.click()
    [box] = window.report.files.findChildren(QMessageBox)
    assert "Take “Photo b.jpg” off this report?" in box.text()
    next(one for one in box.buttons() if one.text() == "Take off").click()
    wanted = EditReport(account="acme/ana", instance_id="r", title="Gate", text="It hums", media=("a",))
    qtbot.waitUntil(lambda: wanted in fake.commands)
    assert not first.remove.isHidden()
    qtbot.waitUntil(lambda: fake.details["r"].item.state == "saved")
    decided = msgspec.structs.replace(ITEM, state="approved")
    [row] = show(media("received", "a"), item=decided)
    assert row.remove.isHidden()


def test_progress_moves_the_row_that_is_there(show):
    [row] = show(media("sending", sent_bytes=100))
    [later] = show(media("sending", sent_bytes=900))
    assert later is row
    assert row.state.text() == "Sending 90 %"


def test_a_photo_qt_cannot_read_is_shown_by_its_thumbnail(qtbot, show, tmp_path):
    image = QImage(320, 200, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    image.save(str(tmp_path / "small.jpg"))
    file = media("sent", content_type="image/heic", thumbnail=str(tmp_path / "small.jpg"))
    [row] = show(file)
    qtbot.waitUntil(lambda: row._photo._picture.width() == 320)
    [row] = show(msgspec.structs.replace(file, state="received", path=None))
    assert row._photo.heightForWidth(160) == 100


def test_the_report_shows_how_much_of_all_its_files_arrived(show, window):
    show(media("sending"), item=msgspec.structs.replace(ITEM, progress=0.4))
    assert window.report.progress.isVisible()
    assert window.report.progress.accessibleName() == "40 % sent"
    show(media("sent"), item=msgspec.structs.replace(ITEM, state="received"))
    assert not window.report.progress.isVisible()
