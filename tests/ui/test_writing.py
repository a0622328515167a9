"""Writing and sending a report: what was written is kept until it is on disk."""

from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QLabel

from agent.api import Attach, Attached, Detach, FileReport, OpenSession, SetKeepDetails
from ui.attachments import Chip


def sent(fake):
    return [command for command in fake.commands if isinstance(command, FileReport)]


def picture(path, size=(640, 480)):
    image = QImage(*size, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    assert image.save(str(path))
    return path


def test_a_report_is_sent_with_ctrl_enter_and_appears_as_saved_here(qtbot, window, fake):
    window.write.begin()
    qtbot.keyClicks(window.write.box, "Gate 2 does not close")
    qtbot.keyClick(window.write.box, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "")
    assert [command.text for command in sent(fake)] == ["Gate 2 does not close"]
    qtbot.waitUntil(lambda: window.activity.model.rowCount() == 2)
    assert "Saved here" in window.activity.model.index(1).data()


def test_after_sending_the_cursor_is_back_in_the_box(qtbot, window, fake):
    window.write.box.setPlainText("Gate 2 does not close")
    window.write.send.setFocus()
    qtbot.keyClick(window.write.send, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(sent(fake)) and window.write.box.toPlainText() == "")
    assert window.focusWidget() is window.write.box


def test_the_box_is_not_emptied_before_the_agent_has_the_report(qtbot, window, fake):
    fake.hold()
    window.write.box.setPlainText("Lamp is out")
    window.write.send.click()
    window.write.send_report()
    assert window.write.box.toPlainText() == "Lamp is out"
    assert not window.write.send.isEnabled()
    fake.release()
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "")
    assert len(sent(fake)) == 1


def test_a_refusal_keeps_the_text_and_says_why(qtbot, window, fake):
    fake.fail_next(FileReport, "The disk is full. Free some space and send again.", "cannot_store")
    window.write.box.setPlainText("Lamp is out")
    window.write.send.click()
    qtbot.waitUntil(window.write.sentence.isVisible)
    assert window.write.sentence.text() == "The disk is full. Free some space and send again."
    assert window.write.box.toPlainText() == "Lamp is out"
    assert not window.write.box.isReadOnly()
    window.write.send.click()
    qtbot.waitUntil(lambda: window.write.box.toPlainText() == "")
    assert not window.write.sentence.isVisible()


def test_photos_go_with_the_report_and_an_empty_file_is_refused(qtbot, window, fake, tmp_path):
    photo = picture(tmp_path / "gate.png")
    (tmp_path / "empty.png").write_bytes(b"")
    window.write.box.setPlainText("Gate")
    window.write.attachments.add_path(str(photo))
    window.write.attachments.add_path(str(tmp_path / "empty.png"))
    qtbot.waitUntil(lambda: window.write.attachments.coming == 0 and window.write.sentence.isVisible())
    assert "empty.png" in window.write.sentence.text()
    assert window.write.box.toPlainText() == "Gate"
    window.write.send.click()
    qtbot.waitUntil(lambda: bool(sent(fake)))
    assert len(sent(fake)[0].media) == 1
    qtbot.waitUntil(lambda: not window.write.attachments.chips)


def test_sending_waits_for_a_file_that_is_on_its_way_to_the_spool(qtbot, window, fake, tmp_path):
    fake.hold()
    window.write.box.setPlainText("Gate")
    window.write.attachments.add_path(str(picture(tmp_path / "gate.png")))
    window.write.send_report()
    assert not window.write.send.isEnabled()
    assert sent(fake) == []
    fake.release()
    qtbot.waitUntil(window.write.send.isEnabled)


def test_a_removed_chip_is_forgotten_by_the_agent(qtbot, window, fake, tmp_path):
    window.write.attachments.add_path(str(picture(tmp_path / "gate.png")))
    qtbot.waitUntil(lambda: bool(window.write.attachments.chips))
    chip = window.write.attachments.chips[0]
    assert chip.remove.accessibleName() == "Remove gate.png"
    chip.remove.click()
    qtbot.waitUntil(lambda: any(isinstance(command, Detach) for command in fake.commands))
    assert window.write.attachments.chips == ()


def test_a_picture_on_the_clipboard_is_pasted_from_anywhere_in_the_window(qtbot, window, fake):
    image = QImage(64, 64, QImage.Format.Format_RGB32)
    image.fill(QColor("#112233"))
    QGuiApplication.clipboard().setImage(image)
    window._paste()
    qtbot.waitUntil(lambda: bool(window.write.attachments.chips))
    attach = next(command for command in fake.commands if isinstance(command, Attach))
    assert attach.data.startswith(b"\x89PNG")
    assert QImage.fromData(attach.data).pixelColor(1, 1) == QColor("#112233")
    window._paste()
    qtbot.waitUntil(lambda: len(window.write.attachments.chips) == 2)
    named = [chip.attached.name for chip in window.write.attachments.chips]
    assert named == ["Pasted picture.png", "Pasted picture 2.png"]


def test_files_that_are_dropped_become_photos_and_text_becomes_text(qtbot, window, fake, tmp_path):
    files, text = QMimeData(), QMimeData()
    files.setUrls([QUrl.fromLocalFile(str(picture(tmp_path / "gate.png")))])
    text.setText("from elsewhere")
    window.write.take(files)
    window.write.take(text)
    assert window.write.box.toPlainText() == "from elsewhere"
    qtbot.waitUntil(lambda: len(window.write.attachments.chips) == 1)


def test_a_photo_says_enough_without_words_and_nothing_at_all_does_not(qtbot, window, fake, tmp_path):
    window.write.send_report()
    assert window.write.sentence.text() == "Write a line about what happened, or add a photo, then send."
    assert sent(fake) == []
    window.write.attachments.add_path(str(picture(tmp_path / "gate.png")))
    qtbot.waitUntil(window.write.send.isEnabled)
    window.write.send.click()
    qtbot.waitUntil(lambda: [len(command.media) for command in sent(fake)] == [1])


def test_every_refused_file_of_a_drop_is_named_until_the_next_one(qtbot, window, fake, tmp_path):
    dropped, better = QMimeData(), QMimeData()
    for name in ("one.png", "two.png"):
        (tmp_path / name).write_bytes(b"")
    dropped.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in ("one.png", "two.png")])
    better.setUrls([QUrl.fromLocalFile(str(picture(tmp_path / "gate.png")))])
    window.write.take(dropped)
    qtbot.waitUntil(lambda: len(window.write.sentence.text().splitlines()) == 2)
    assert "one.png" in window.write.sentence.text()
    assert "two.png" in window.write.sentence.text()
    window.write.take(better)
    qtbot.waitUntil(lambda: bool(window.write.attachments.chips))
    assert not window.write.sentence.isVisible()


def test_what_travels_with_a_file_is_said(qtbot, window, fake, tmp_path):
    (tmp_path / "gate.heic").write_bytes(b"\0\0\0\x18ftypheic")
    (tmp_path / "plan.pdf").write_bytes(b"%PDF-1.7")
    for path in (picture(tmp_path / "gate.png"), tmp_path / "gate.heic", tmp_path / "plan.pdf"):
        window.write.attachments.add_path(str(path))
    qtbot.waitUntil(lambda: len(window.write.attachments.chips) == 3)
    words = [chip.kept.text() for chip in window.write.attachments.chips]
    assert words == [
        "Without place, device and file name",
        "Sent as it is, with place and camera if it has them",
        "Sent as it is, with all that is in it",
    ]


def test_place_and_file_name_travel_only_after_a_switch_that_is_off_at_first(qtbot, window, fake, tmp_path):
    files = window.write.attachments
    files.add_path(str(picture(tmp_path / "gate.png")))
    qtbot.waitUntil(lambda: len(files.chips) == 1)
    switch = files.keep_details
    assert switch.isVisible()
    assert not switch.isChecked()
    qtbot.mouseClick(switch, Qt.MouseButton.LeftButton, pos=switch.rect().center() - QPoint(switch.width() // 2 - 8, 0))
    qtbot.waitUntil(lambda: fake.snapshot().keeps_details)
    files.add_path(str(picture(tmp_path / "crane.png")))
    qtbot.waitUntil(lambda: len(files.chips) == 2)
    assert [chip.kept.text() for chip in files.chips] == [
        "Without place, device and file name",
        "With place, device and file name",
    ]
    fake.fail_next(SetKeepDetails, "The disk is full.", "cannot_store")
    switch.click()
    qtbot.waitUntil(lambda: "The disk is full." in window.banner.sentence.text())
    assert switch.isChecked(), "it stands as the agent keeps it"


def test_the_place_follows_the_session_until_the_person_chooses(qtbot, window, fake):
    session = OpenSession(
        check_in_id="c", location_id="loc-0", location="Gate 2", since="2026-01-01T08:00:00Z", on_break=False
    )
    fake.change(session=session)
    qtbot.waitUntil(lambda: window.write.place.text() == "Gate 2")
    window.write.place.choose("loc-2", "Yard")
    fake.change(waiting=1)
    qtbot.waitUntil(lambda: window.footer.text() != "")
    window.write.box.setPlainText("Lamp")
    window.write.send.click()
    qtbot.waitUntil(lambda: bool(sent(fake)))
    assert sent(fake)[0].location_id == "loc-2"
    qtbot.waitUntil(lambda: window.write.place.text() == "Gate 2")


def test_another_account_sees_nothing_of_what_the_first_wrote_and_it_waits_as_a_draft(qtbot, window, fake, tmp_path):
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    window.write.box.setPlainText("Of Ana")
    window.write.attachments.add_path(str(picture(tmp_path / "gate.png")))
    qtbot.waitUntil(lambda: bool(window.write.attachments.chips))
    window.write.box.insertPlainText("Still ")
    fake.change("snapshot", current="acme/ben")
    qtbot.waitUntil(lambda: not window.write.attachments.chips)
    assert window.write.box.toPlainText() == ""
    qtbot.waitUntil(lambda: [draft.text for draft in fake.drafts.values()] == ["Still Of Ana"])
    ((draft_id, draft),) = fake.drafts.items()
    assert (len(draft.media), fake.owners[draft_id]) == (1, "acme/ana")
    assert not any(isinstance(command, Detach) for command in fake.commands)
    assert not window.write.row.isVisible()
    fake.change("snapshot", current="acme/ana")
    qtbot.waitUntil(window.write.row.go_on.isVisible)


def test_a_file_that_arrives_after_the_account_was_changed_is_not_shown_to_the_other(qtbot, window, fake, tmp_path):
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    fake.hold()
    window.write.attachments.add_path(str(picture(tmp_path / "gate.png")))
    fake.change("snapshot", current="acme/ben")
    qtbot.waitUntil(lambda: window.write.drafts.account == "acme/ben")
    fake.release()
    qtbot.waitUntil(lambda: any(isinstance(command, Detach) for command in fake.commands))
    assert window.write.attachments.chips == ()


def test_a_photo_that_was_made_smaller_says_so(qtbot):
    attached = Attached(
        media_id="m",
        name="gate.jpg",
        size=1_200_000,
        content_type="image/jpeg",
        spool_path="",
        original_size=6_400_000,
    )
    chip = Chip(attached, "s/m")
    qtbot.addWidget(chip)
    assert "1.2 MB, made smaller from 6.4 MB" in [label.text() for label in chip.findChildren(QLabel)]
