"""What a check-in may carry, and that it is said before it is pressed."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage

from agent.api import AddPhotos, Detach, ListLocations, LocationItem, OpenWindow, RecordAttendance, SetFavourite
from rules.location_code import typed_code
from tests.ui.fake_agent import FakeAgent
from ui.check_in_choice import CheckInChoice
from ui.code_field import CodeField, grouped
from ui.image_work import png_bytes


def recorded(fake: FakeAgent):
    return [
        (command.kind, command.location_id, command.note, command.code)
        for command in fake.commands
        if isinstance(command, RecordAttendance)
    ]


@pytest.fixture
def at_gate(qtbot, window, fake):
    """The last place was one that shows a code of six digits."""
    fake.locations[0] = msgspec.structs.replace(fake.locations[0], code_digits=6)
    fake.change(last_location_id="loc-0", last_location="Gate 2", last_code_digits=6)
    qtbot.waitUntil(window.now.fields.code.isVisible)
    return window.now


def test_a_place_without_a_code_asks_for_none(qtbot, window, fake):
    fake.change(last_location_id="loc-1", last_location="Main office")
    qtbot.waitUntil(lambda: "Main office" in window.now.press.text())
    assert not window.now.fields.code.isVisible()
    assert not window.now.fields.note.isVisible()
    assert "code" not in window.now.evidence.text()
    assert "No position is taken" in window.now.evidence.text()


def test_pressing_without_the_code_is_possible_and_said_before(qtbot, at_gate, fake):
    assert "chosen by hand, without code" in at_gate.evidence.text()
    at_gate.press.click()
    qtbot.waitUntil(lambda: recorded(fake) == [("check_in", "loc-0", "", "")])


def test_enter_in_the_code_commits_what_was_entered(qtbot, at_gate, fake):
    qtbot.keyClicks(at_gate.fields.code, "123")
    assert "6 digits" in at_gate.evidence.text()
    qtbot.keyClicks(at_gate.fields.code, "456")
    assert at_gate.fields.code.text() == "123 456"
    assert "the code entered, not yet checked" in at_gate.evidence.text()
    qtbot.keyClick(at_gate.fields.code, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: at_gate.headline.text().startswith("Checked in"))
    [(kind, place, _, code)] = recorded(fake)
    assert (kind, place, typed_code(code)) == ("check_in", "loc-0", "123456")
    assert at_gate.fields.code.text() == "", "the next check-in begins without it"


def test_a_code_is_pasted_as_it_was_copied(qtbot, at_gate):
    QGuiApplication.clipboard().setText(" 123-456\n")
    at_gate.fields.code.paste()
    assert at_gate.fields.code.text() == "123 456"
    assert at_gate.fields.code.complete


def test_a_digit_in_the_middle_keeps_the_cursor_behind_it(qtbot, at_gate):
    field = at_gate.fields.code
    qtbot.keyClicks(field, "12456")
    field.setCursorPosition(2)
    qtbot.keyClicks(field, "3")
    assert field.text() == "123 456"
    assert typed_code(field.text()[: field.cursorPosition()]) == "123"
    qtbot.keyClick(field, Qt.Key.Key_Backspace)
    assert field.text() == "124 56"


@given(text=st.text(max_size=40), digits=st.sampled_from([6, 8]))
def test_whatever_is_typed_the_field_holds_its_digits(qapp, text, digits):
    field = CodeField()
    field.expect(digits)
    field.setText(text)
    field.textEdited.emit(field.text())
    assert field.code == typed_code(field.text())
    assert typed_code(text)[:16].startswith(field.code[:16]) or "\n" in text
    assert field.complete == (len(field.code) == digits and field.code.isdecimal())
    assert grouped(field.code, digits).replace(" ", "") == field.code.replace(" ", "")


def test_a_code_that_was_refused_to_be_stored_stays(qtbot, at_gate, fake):
    fake.fail_next(RecordAttendance, "The disk is full. Free some space, then check in.", "cannot_store")
    qtbot.keyClicks(at_gate.fields.code, "123456")
    at_gate.press.click()
    qtbot.waitUntil(lambda: at_gate.saved.text().startswith("The disk is full"))
    assert at_gate.fields.code.text() == "123 456"


def test_a_note_that_is_asked_for_may_be_missing_and_that_is_said(qtbot, window, fake):
    fake.change(last_location_id="loc-1", last_location="Main office", note_required=True)
    qtbot.waitUntil(window.now.fields.note.isVisible)
    assert "without one, it is marked as missing" in window.now.evidence.text()
    window.now.fields.note.setText("Crane inspection")
    assert "missing" not in window.now.evidence.text()
    qtbot.keyClick(window.now.fields.note, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: recorded(fake) == [("check_in", "loc-1", "Crane inspection", "")])


@pytest.mark.parametrize("known", [True, False])
def test_the_network_is_looked_at_only_where_it_was_allowed_and_is_said_before(qtbot, window, fake, known):
    fake.locations[1] = msgspec.structs.replace(fake.locations[1], known_network=known)
    fake.change(last_location_id="loc-1", last_location="Main office")
    qtbot.waitUntil(lambda: "Main office" in window.now.press.text())
    asked = ListLocations(account="acme/ana", location_id="loc-1")
    assert asked not in fake.queries
    assert "network" not in window.now.evidence.text()
    fake.hold()
    fake.change(network_evidence=True)
    qtbot.waitUntil(lambda: "which of them this computer is in" in window.now.evidence.text())
    fake.release()
    words = "is in a network that this place is known by" if known else "this computer is in none of them"
    qtbot.waitUntil(lambda: words in window.now.evidence.text())
    qtbot.waitUntil(lambda: asked in fake.queries)


def test_a_link_offers_a_place_and_one_press_commits(qtbot, window, fake):
    fake.change(last_location_id="loc-0", last_location="Gate 2")
    window.open(OpenWindow(page="check_in", location_id="loc-2"))
    qtbot.waitUntil(lambda: window.now.press.text() == "Check in Ana at Yard")
    assert recorded(fake) == [], "nothing is committed by a link"
    assert window.now.press.hasFocus()
    qtbot.keyClick(window.now.press, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: recorded(fake) == [("check_in", "loc-2", "", "")])
    qtbot.waitUntil(lambda: window.now.press.text() == "Check out Ana")


def test_a_link_of_a_code_screen_brings_the_code_along(qtbot, at_gate, window, fake):
    window.open(OpenWindow(page="check_in", location_id="loc-0", code="123456"))
    qtbot.waitUntil(lambda: at_gate.fields.code.text() == "123 456")
    assert at_gate.press.hasFocus()
    assert "not yet checked" in at_gate.evidence.text()
    window.open(OpenWindow(page="check_in", location_id="loc-2", code="123456"))
    qtbot.waitUntil(lambda: at_gate.press.text() == "Check in Ana at Yard")
    at_gate.press.click()
    qtbot.waitUntil(lambda: recorded(fake) == [("check_in", "loc-2", "", "")])


def test_a_link_from_within_a_session_says_that_it_ends_it(qtbot, window, fake):
    fake.change(last_location_id="loc-0", last_location="Gate 2")
    qtbot.waitUntil(lambda: "Gate 2" in window.now.press.text())
    window.now.press.click()
    qtbot.waitUntil(lambda: window.now.press.text() == "Check out Ana")
    window.open(OpenWindow(page="check_in", location_id="loc-2"))
    qtbot.waitUntil(lambda: window.now.press.text() == "Check in Ana at Yard")
    assert window.now.evidence.text().startswith("You are checked out of Gate 2 first.")
    assert window.now.leave.isVisible()
    window.now.not_there.click()
    assert window.now.press.text() == "Check out Ana"
    window.open(OpenWindow(page="check_in", location_id="loc-2"))
    qtbot.waitUntil(lambda: window.now.press.text() == "Check in Ana at Yard")
    window.now.press.click()
    qtbot.waitUntil(lambda: [one[:2] for one in recorded(fake)][1:] == [("check_in", "loc-2")])
    assert [one.leaving for one in fake.commands if isinstance(one, RecordAttendance)] == [False, True]
    qtbot.waitUntil(lambda: window.now.press.text() == "Check out Ana")


def test_a_link_to_a_place_that_is_not_here_says_so(qtbot, window, fake):
    window.open(OpenWindow(page="check_in", location_id="somewhere-of-others"))
    qtbot.waitUntil(lambda: "place that your organization does not have here" in window.banner.sentence.text())
    assert recorded(fake) == []


def test_an_offer_is_of_the_person_it_was_made_to(qtbot, window, fake):
    fake.add_account("acme/ben", "Ben Weber", "Dock Works")
    window.open(OpenWindow(page="check_in", location_id="loc-2"))
    qtbot.waitUntil(lambda: window.now.press.text() == "Check in Ana at Yard")
    fake.change(current="acme/ben")
    qtbot.waitUntil(lambda: window.now.press.text() == "Check in Ben…")


def test_after_a_check_out_the_report_of_the_day_is_one_press_away(qtbot, window, fake):
    assert not window.now.report.isVisible()
    fake.change(last_location_id="loc-0", last_location="Gate 2")
    qtbot.waitUntil(lambda: "Gate 2" in window.now.press.text())
    window.now.press.click()
    qtbot.waitUntil(lambda: window.now.press.text() == "Check out Ana")
    assert not window.now.report.isVisible()
    window.now.press.click()
    qtbot.waitUntil(window.now.report.isVisible)
    window.now.report.click()
    assert window.write.box.hasFocus()
    assert window.write.place.name == "Gate 2"
    assert not window.now.report.isVisible()


def test_in_the_list_a_place_asks_for_its_code_and_takes_a_note(qtbot, window, fake):
    fake.locations[0] = msgspec.structs.replace(fake.locations[0], code_digits=8)
    window.choose_place()
    dialog = window.findChild(CheckInChoice)
    qtbot.waitUntil(lambda: dialog.rows.count() == 3)
    assert not dialog.fields.code.isVisible()
    dialog.rows.setCurrentRow(0)
    assert dialog.fields.code.isVisible()
    qtbot.keyClicks(dialog.fields.code, "12345678")
    assert dialog.fields.code.text() == "1234 5678"
    dialog.fields.note.setText("Night watch")
    assert "not yet checked" in dialog.fields.evidence.text()
    dialog.rows.setCurrentRow(1)
    assert dialog.fields.written() == ("", "", ()), "what was entered is of the place it was entered for"
    dialog.rows.setCurrentRow(0)
    qtbot.keyClicks(dialog.fields.code, "12345678")
    qtbot.keyClick(dialog.fields.code, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [typed_code(one[3]) for one in recorded(fake)] == ["12345678"])


def test_favourites_come_first_and_are_chosen_by_keyboard_too(qtbot, window, fake):
    window.choose_place()
    dialog = window.findChild(CheckInChoice)
    qtbot.waitUntil(lambda: dialog.rows.count() == 3)
    dialog.rows.setFocus()
    dialog.rows.setCurrentRow(2)
    qtbot.keyClick(dialog.rows, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    wish = SetFavourite(account="acme/ana", location_id="loc-2", favourite=True)
    qtbot.waitUntil(lambda: wish in fake.commands)
    spoken = dialog.rows.item(2).data(Qt.ItemDataRole.AccessibleTextRole)
    assert spoken == "Yard · Harbour Road 11, favourite"
    assert dialog.favourite.text() == "No longer &first in the list"
    dialog.reject()
    window.choose_place()
    again = next(one for one in window.findChildren(CheckInChoice) if one.isVisible())
    qtbot.waitUntil(lambda: again.rows.count() == 3)
    assert again.rows.item(0).text().startswith("Yard")


def test_a_press_on_the_star_marks_no_place(qtbot, window, fake):
    window.choose_place()
    dialog = window.findChild(CheckInChoice)
    qtbot.waitUntil(lambda: dialog.rows.count() == 3)
    line = dialog.rows.visualItemRect(dialog.rows.item(1))
    at = line.topLeft() + line.center() - line.topLeft()
    at.setX(line.left() + 8)
    qtbot.mouseClick(dialog.rows.viewport(), Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: any(isinstance(command, SetFavourite) for command in fake.commands))
    assert dialog.marked is None


def test_three_thousand_places_are_a_page_and_a_search(qtbot, window, fake):
    fake.locations = [LocationItem(location_id=f"p-{n}", name=f"Berth {n}") for n in range(3000)]
    window.choose_place()
    dialog = window.findChild(CheckInChoice)
    qtbot.waitUntil(lambda: dialog.rows.count() == 50)
    assert "2,950 more" in dialog.more.text() or "2950 more" in dialog.more.text()
    asked = len(fake.queries)
    qtbot.keyClicks(dialog.search, "berth 2999")
    qtbot.waitUntil(lambda: dialog.rows.count() == 1)
    assert dialog.marked.location_id == "p-2999"
    assert sum(isinstance(query, ListLocations) for query in fake.queries[asked:]) == 1, "one look for one word typed"


def test_a_place_of_another_account_is_not_written_for(qtbot, window, fake):
    fake.change(last_location_id="loc-0", last_location="Gate 2")
    qtbot.waitUntil(lambda: "Gate 2" in window.now.press.text())
    window.now.press.click()
    qtbot.waitUntil(lambda: window.now.press.text() == "Check out Ana")
    window.now.press.click()
    qtbot.waitUntil(window.now.report.isVisible)
    fake.add_account("acme/ben", "Ben Weber", "Dock Works")
    fake.change(current="acme/ben")
    qtbot.waitUntil(lambda: not window.now.report.isVisible())


@pytest.fixture
def photo(tmp_path):
    path = tmp_path / "gate.png"
    path.write_bytes(png_bytes(QImage(8, 8, QImage.Format.Format_RGB32)))
    return str(path)


def photos_sent(fake: FakeAgent):
    return [len(command.media) for command in fake.commands if isinstance(command, RecordAttendance | AddPhotos)]


def test_a_photo_that_is_asked_for_goes_with_the_press_once_it_is_safe_here(qtbot, window, fake, photo):
    fake.change(last_location_id="loc-1", last_location="Main office", photo_required=True)
    photos = window.now.fields.photos
    qtbot.waitUntil(photos.add.isVisible)
    assert "asks for a photo; without one, it is marked as missing" in window.now.evidence.text()
    fake.hold()
    photos.attachments.add_path(photo)
    assert not window.now.press.isEnabled(), "a press now would leave it behind"
    window.now.fields.pressed.emit()
    fake.release()
    qtbot.waitUntil(window.now.press.isEnabled)
    assert "Your photo goes with it." in window.now.evidence.text()
    assert photos_sent(fake) == []
    window.now.press.click()
    qtbot.waitUntil(lambda: photos_sent(fake) == [1])
    qtbot.waitUntil(lambda: photos.media == ())
    assert not window.now.photo.isVisible()


def test_more_photos_than_an_entry_takes_are_refused_at_once(qtbot, window, fake, photo):
    fake.change(last_location_id="loc-1", last_location="Main office", photo_required=True)
    photos = window.now.fields.photos
    qtbot.waitUntil(photos.add.isVisible)
    photos.attachments.add_paths([photo] * 4)
    qtbot.waitUntil(lambda: len(photos.media) == 3 and photos.ready)
    assert "no room for more photos here. Write a report for the others." in photos.sentence.text()
    assert not photos.add.isEnabled()
    photos.attachments.chips[0].remove.click()
    assert photos.add.isEnabled()


def test_a_check_in_without_its_photo_gets_one_afterwards(qtbot, window, fake, photo):
    fake.change(last_location_id="loc-1", last_location="Main office", photo_required=True)
    qtbot.waitUntil(lambda: "Main office" in window.now.press.text())
    window.now.press.click()
    qtbot.waitUntil(window.now.photo.isVisible)
    assert not window.now.photo.send.isVisible()
    window.now.photo.photos.attachments.add_path(photo)
    qtbot.waitUntil(window.now.photo.send.isVisible)
    qtbot.waitUntil(window.now.photo.send.isEnabled)
    window.now.photo.send.click()
    qtbot.waitUntil(lambda: photos_sent(fake) == [0, 1])
    qtbot.waitUntil(lambda: not window.now.photo.isVisible())


def test_photos_of_a_choice_that_was_left_go_with_nothing(qtbot, window, fake, photo):
    window.choose_place()
    dialog = window.findChild(CheckInChoice)
    qtbot.waitUntil(lambda: dialog.rows.count() == 3)
    dialog.fields.photos.attachments.add_path(photo)
    qtbot.waitUntil(lambda: len(dialog.fields.photos.media) == 1)
    dialog.rows.setCurrentRow(1)
    assert len(dialog.fields.photos.media) == 1, "another place is another place, not another photo"
    [media_id] = dialog.fields.photos.media
    dialog.reject()
    qtbot.waitUntil(lambda: Detach(account="acme/ana", media_id=media_id) in fake.commands)


def test_the_photo_of_one_person_is_not_another_s(qtbot, window, fake, photo):
    fake.add_account("acme/ben", "Ben Weber", "Dock Works")
    fake.change(last_location_id="loc-1", last_location="Main office", photo_required=True)
    qtbot.waitUntil(window.now.fields.photos.add.isVisible)
    window.now.fields.photos.attachments.add_path(photo)
    qtbot.waitUntil(lambda: len(window.now.fields.photos.media) == 1)
    fake.change(current="acme/ben")
    qtbot.waitUntil(lambda: window.now.fields.photos.media == ())


def test_a_position_is_taken_only_where_it_was_allowed_and_that_is_said_before(qtbot, window, fake):
    fake.change(last_location_id="loc-1", last_location="Main office")
    qtbot.waitUntil(lambda: "Main office" in window.now.press.text())
    assert "No position is taken." in window.now.evidence.text()
    fake.change(position_evidence=True)
    qtbot.waitUntil(lambda: "asked where it is, once" in window.now.evidence.text())
    assert "No position is taken." not in window.now.evidence.text()
    window.now.press.click()
    qtbot.waitUntil(lambda: window.now.press.text() == "Check out Ana")
    assert "No position is taken." in window.now.evidence.text(), "a check-out says where to nobody"
