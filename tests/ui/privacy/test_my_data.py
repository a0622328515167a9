"""My data: saved as one file, asked to be erased, and this computer's copy gone only after clear words."""

import pytest
from PySide6.QtCore import Qt

from agent.api import (
    AskErasure,
    Collecting,
    CollectMyData,
    DataRequest,
    EraseLocalCopy,
    ListDataRequests,
    OnlyHere,
    ResetInstallation,
)

ACCOUNT = "acme/ana"
ASKED = "2026-03-01T12:00:00.000Z"


@pytest.fixture
def section(centre):
    return centre.open_section("my_data")


def test_everything_is_saved_as_one_file_and_it_says_where(qtbot, section, fake, tmp_path):
    target = tmp_path / "My data.zip"
    fake.hold()
    section.collect.save_to(str(target))
    assert section.collect.said.text().startswith("Collecting…")
    assert not section.collect.act.isEnabled()
    fake.release()
    qtbot.waitUntil(section.collect.act.isEnabled)
    assert CollectMyData(account=ACCOUNT, path=str(target)) in fake.commands
    assert section.collect.said.text() == f"Saved in {target}, 48.3 MB."
    assert target.exists()


def test_what_was_missing_is_told(qtbot, section, fake, tmp_path):
    fake.server_part = "The server cannot be reached."
    section.collect.save_to(str(tmp_path / "My data.zip"))
    qtbot.waitUntil(
        lambda: "The server's part is missing: The server cannot be reached." in section.collect.said.text()
    )


def test_a_file_that_cannot_be_written_says_why(qtbot, section, fake, tmp_path):
    fake.fail_next(CollectMyData, "The disk is full. Choose another place.", "cannot_store")
    section.collect.save_to(str(tmp_path / "My data.zip"))
    qtbot.waitUntil(lambda: section.collect.said.text() == "The disk is full. Choose another place.")
    assert section.collect.act.isEnabled()


def test_erasure_is_asked_in_own_words_and_followed(qtbot, section, fake):
    qtbot.keyClicks(section.asking.wish, "The photos of my car")
    section.asking.act.click()
    qtbot.waitUntil(lambda: section.asking.said.text() == "Your organization has your request.")
    assert AskErasure(account=ACCOUNT, wish="The photos of my car") in fake.commands
    assert section.asking.wish.toPlainText() == ""
    qtbot.waitUntil(lambda: len(section.asking.requests) == 1)
    assert "Not answered yet" in words(section.asking.requests[0])
    assert "You asked: The photos of my car" in words(section.asking.requests[0])


def test_a_request_that_failed_keeps_the_words(qtbot, section, fake):
    qtbot.keyClicks(section.asking.wish, "My positions")
    fake.fail_next(AskErasure, "The disk is full. Free some space and try again.", "cannot_store")
    section.asking.act.click()
    qtbot.waitUntil(lambda: section.asking.said.text().startswith("The disk is full"))
    assert section.asking.wish.toPlainText() == "My positions"


def test_what_one_person_wrote_waits_while_another_is_shown(qtbot, section, fake, centre):
    qtbot.keyClicks(section.asking.wish, "My positions")
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    fake.change(current="acme/ben")
    qtbot.waitUntil(lambda: centre.shown is centre.overview)
    assert centre.open_section("my_data").asking.wish.toPlainText() == ""
    fake.change(current="acme/ana")
    qtbot.waitUntil(lambda: centre.shown is centre.overview)
    assert centre.open_section("my_data").asking.wish.toPlainText() == "My positions"


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"state": "asked", "sent": False}, ["Waiting to be sent"]),
        ({"state": "done"}, ["Erased"]),
        ({"state": "kept", "until": "2031-01-01", "reason": "By law."}, ["Kept until 1 January 2031", "By law."]),
        ({"state": "refused", "reason": "A case is open."}, ["Refused", "A case is open."]),
    ],
)
def test_every_answer_is_told_with_its_reason(qtbot, section, fake, fields, said):
    fake.requests = [DataRequest(request_id="r", wish="All", asked=ASKED, **{"sent": True, **fields})]
    section.arrive()
    qtbot.waitUntil(lambda: len(section.asking.requests) == 1)
    assert [one for one in said if one not in words(section.asking.requests[0])] == []


def test_the_server_is_asked_when_it_is_opened_and_while_a_request_is_on_its_way(qtbot, section, fake):
    def asked():
        return sum(isinstance(one, ListDataRequests) for one in fake.queries)

    qtbot.waitUntil(lambda: asked() == 1)
    fake.change(waiting=2)
    qtbot.waitUntil(section.local.warning.isVisible)
    assert asked() == 1
    fake.requests = [DataRequest(request_id="r", wish="All", asked=ASKED, state="asked", sent=False)]
    section.arrive()
    qtbot.waitUntil(lambda: len(section.asking.requests) == 1)
    fake.requests = [DataRequest(request_id="r", wish="All", asked=ASKED, state="asked", sent=True)]
    fake.tell("privacy")
    qtbot.waitUntil(lambda: "Not answered yet" in words(section.asking.requests[0]))
    assert asked() == 3
    fake.change(waiting=0)
    qtbot.waitUntil(lambda: not section.local.warning.isVisible())
    assert asked() == 3


def test_a_new_number_is_taken_after_asking_once(qtbot, section, fake):
    section.number.act.click()
    assert section.number.confirm.isVisible()
    assert not any(isinstance(one, ResetInstallation) for one in fake.commands)
    section.number.confirm.act.click()
    qtbot.waitUntil(lambda: "another number" in section.number.said.text())
    assert ResetInstallation(account=ACCOUNT) in fake.commands


def test_this_computers_copy_goes_after_asking_once(qtbot, window, section, fake):
    assert not section.local.warning.isVisible()
    section.local.act.click()
    assert section.local.confirm.keep.hasFocus()
    assert "lost for good" not in section.local.confirm.words.text()
    qtbot.keyClick(section.local.confirm.keep, Qt.Key.Key_Space)
    assert section.local.act.hasFocus()
    section.local.act.click()
    section.local.confirm.act.click()
    qtbot.waitUntil(window.sign_in.isVisible)
    assert EraseLocalCopy(account=ACCOUNT, unsent_too=False) in fake.commands


def test_unsent_work_is_named_and_goes_only_by_a_tick_of_its_own(qtbot, window, section, fake):
    fake.change(waiting=3)
    qtbot.waitUntil(section.local.warning.isVisible)
    assert not section.local.act.isEnabled()
    section.local.unsent_too.click()
    assert section.local.act.isEnabled()
    section.local.act.click()
    assert "lost for good" in section.local.confirm.words.text()
    section.local.confirm.act.click()
    qtbot.waitUntil(window.sign_in.isVisible)
    assert EraseLocalCopy(account=ACCOUNT, unsent_too=True) in fake.commands


@pytest.mark.parametrize(
    ("here", "named"),
    [
        (OnlyHere(drafts=2), "Drafts on this computer alone: 2."),
        (OnlyHere(comments=1, besides=True), "Comments that you began and did not send: 1."),
        (OnlyHere(besides=True), "Something is on this computer alone: a request about your data"),
    ],
)
def test_drafts_and_whatever_else_is_nowhere_else_are_named_before_anybody_presses(qtbot, centre, fake, here, named):
    fake.only_here = here
    section = centre.open_section("my_data")
    qtbot.waitUntil(section.local.warning.isVisible)
    assert section.local.warning.text().startswith(named)
    assert "\n" not in section.local.warning.text()
    assert not section.local.act.isEnabled()
    section.local.unsent_too.click()
    section.local.act.click()
    assert "lost for good" in section.local.confirm.words.text()
    section.local.confirm.act.click()
    qtbot.waitUntil(lambda: EraseLocalCopy(account=ACCOUNT, unsent_too=True) in fake.commands)


def test_work_that_is_written_meanwhile_stops_it(qtbot, window, section, fake):
    section.local.act.click()
    fake.change(waiting=1)
    qtbot.waitUntil(section.local.warning.isVisible)
    section.local.confirm.act.click()
    qtbot.waitUntil(lambda: "Work waits here" in section.local.said.text())
    assert not window.sign_in.isVisible()


def test_what_no_count_shows_is_refused_and_then_offered_with_a_tick_of_its_own(qtbot, window, section, fake):
    fake.fail_next(EraseLocalCopy, "Drafts wait here.", "refused")
    section.local.act.click()
    section.local.confirm.act.click()
    qtbot.waitUntil(lambda: "Drafts wait here." in section.local.said.text())
    assert section.local.unsent_too.isVisible()
    assert not section.local.act.isEnabled()
    section.local.unsent_too.click()
    section.local.act.click()
    assert "lost for good" in section.local.confirm.words.text()
    section.local.confirm.act.click()
    qtbot.waitUntil(window.sign_in.isVisible)
    assert EraseLocalCopy(account=ACCOUNT, unsent_too=True) in fake.commands


def test_a_tick_of_an_earlier_visit_deletes_nothing(qtbot, section, fake, centre):
    """Also where the same person signed in again."""
    fake.change(waiting=2)
    qtbot.waitUntil(section.local.unsent_too.isVisible)
    section.local.unsent_too.click()
    section.local.act.click()
    assert section.local.confirm.isVisible()
    centre.step_back()
    assert centre.open_section("my_data") is section
    assert not section.local.confirm.isVisible()
    assert not section.local.unsent_too.isChecked()
    assert not section.local.act.isEnabled()


def words(widget):
    from PySide6.QtWidgets import QLabel

    return "\n".join(label.text() for label in widget.findChildren(QLabel))


def test_how_far_it_is_is_told_while_it_is_collected(qtbot, section, fake, tmp_path):
    fake.hold()
    fake.change(collecting=Collecting(files=3, of_files=40, bytes=12_000_000, of_bytes=210_000_000))
    assert not section.collect.said.isVisible(), "another window may collect"
    section.collect.save_to(str(tmp_path / "My data.zip"))
    fake.change(collecting=Collecting(files=3, of_files=40, bytes=12_000_000, of_bytes=210_000_000))
    qtbot.waitUntil(lambda: "3 of 40 files, 12.0 MB of 210.0 MB." in section.collect.said.text())
    fake.change(collecting=Collecting(files=40, of_files=40, server_bytes=5_000_000))
    qtbot.waitUntil(lambda: "From the server: 5.0 MB so far." in section.collect.said.text())
    fake.release()
    qtbot.waitUntil(section.collect.act.isEnabled)
    fake.change(collecting=None)
    qtbot.wait(50)
    assert section.collect.said.text().startswith("Saved in")
