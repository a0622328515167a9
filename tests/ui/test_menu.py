"""The menu of tray and gear reads like the snapshot and does what it says."""

from agent.api import OpenEnd, OpenSession, PauseSending, RecordAttendance, Retry, SelectAccount, SignOut
from tests.ui.test_activity import fill

SESSION = OpenSession(
    check_in_id="c", location_id="loc-0", location="Gate 2", since="2026-03-01T07:58:00Z", on_break=False
)


def words(menu):
    return [action.text().replace("&", "") for action in menu.actions() if not action.isSeparator()]


def entry(menu, start):
    return next(action for action in menu.actions() if action.text().replace("&", "").startswith(start))


def test_checked_out_with_a_last_place(qtbot, fake, menu):
    fake.change("snapshot", "locations", last_location_id="loc-0", last_location="Gate 2")
    qtbot.waitUntil(lambda: "Check in Ana at Gate 2" in words(menu.menu))
    qtbot.waitUntil(lambda: len(entry(menu.menu, "Check in Ana elsewhere").menu().actions()) == 5)
    assert words(menu.menu) == [
        "Not checked in",
        "Check in Ana at Gate 2",
        "Check in Ana elsewhere",
        "New report",
        "New report from a screenshot",
        "Open Miratag",
        "Timesheet",
        "Privacy",
        "Settings",
        "Accounts",
        "Quit",
    ]
    assert not menu.menu.actions()[0].isEnabled()


def test_checked_in_with_items_waiting(qtbot, fake, menu, doors):
    fill(fake, 3)
    fake.change(session=SESSION)
    fake.deliver("item-1", state="needs_you", sentence="Too large.")
    fake.deliver("item-2", state="waiting")
    qtbot.waitUntil(lambda: "Needs you (1)" in words(menu.menu))
    assert words(menu.menu)[0].startswith("In at Gate 2 since ")
    assert words(menu.menu)[0].endswith(" · 1 waiting · 1 needs you")
    assert words(menu.menu)[1:3] == ["Check out Ana", "Start break"]
    assert words(menu.menu)[-1] == "Quit (2 items stay saved here)"
    entry(entry(menu.menu, "Needs you").menu(), "Round 1").trigger()
    assert doors.opened == ["item-1"]
    sending = entry(menu.menu, "Sending (1 waiting)").menu()
    entry(sending, "Send now").trigger()
    entry(sending, "Pause sending").trigger()
    qtbot.waitUntil(lambda: "Sending is paused" in words(menu.menu))
    assert Retry(account="acme/ana") in fake.commands
    entry(entry(menu.menu, "Sending is paused").menu(), "Go on sending").trigger()
    qtbot.waitUntil(lambda: PauseSending(paused=False) in fake.commands)


def test_nothing_of_one_person_stands_in_the_menu_of_another(qtbot, fake, menu):
    """Also where nothing of the other can be read: a place of another organization is nothing to check in at."""
    fill(fake, 3)
    fake.change("snapshot", "locations")
    fake.deliver("item-1", state="needs_you", sentence="Too large.")
    qtbot.waitUntil(lambda: "Needs you (1)" in words(menu.menu))
    qtbot.waitUntil(lambda: len(entry(menu.menu, "Check in Ana elsewhere").menu().actions()) == 5)
    fake.add_account("acme/ben", "Ben Okoro", "Quay Works")
    fake.hold()
    fake.change(current="acme/ben", needs_you=0)
    qtbot.waitUntil(lambda: "Check in Ben elsewhere" in words(menu.menu))
    assert words(entry(menu.menu, "Check in Ben elsewhere").menu()) == ["Other place…"]
    assert "Needs you (1)" not in words(menu.menu)
    fake.release()
    qtbot.waitUntil(lambda: len(entry(menu.menu, "Check in Ben elsewhere").menu().actions()) == 5)


def test_attendance_from_the_menu(qtbot, fake, menu):
    fake.change("snapshot", "locations", last_location_id="loc-0", last_location="Gate 2")
    qtbot.waitUntil(lambda: "Check in Ana at Gate 2" in words(menu.menu))
    entry(menu.menu, "Check in Ana at").trigger()
    qtbot.waitUntil(lambda: "Check out Ana" in words(menu.menu))
    entry(menu.menu, "Start break").trigger()
    qtbot.waitUntil(lambda: "End break" in words(menu.menu))
    entry(menu.menu, "End break").trigger()
    qtbot.waitUntil(lambda: "Start break" in words(menu.menu))
    entry(entry(menu.menu, "Check in Ana elsewhere").menu(), "Yard").trigger()
    qtbot.waitUntil(lambda: fake.snapshot().session is not None and fake.snapshot().session.location == "Yard")
    kinds = [command.kind for command in fake.commands if isinstance(command, RecordAttendance)]
    assert kinds == ["check_in", "break_start", "break_end", "check_in"]


def test_doors_and_accounts(qtbot, fake, menu, doors):
    fake.add_account("acme/ben", "Ben & Co", "Harbour Services")
    fake.tell("snapshot")
    qtbot.waitUntil(lambda: len(menu.accounts.actions()) == 5)
    for start in ("New report from", "Open Miratag", "Privacy", "Settings", "Quit"):
        entry(menu.menu, start).trigger()
    assert doors.opened == ["screenshot", "window", "privacy", "settings", "quit"]
    assert menu.accounts.actions()[0].isChecked()
    assert menu.accounts.actions()[1].text() == "Ben && Co · Harbour Services"
    menu.accounts.actions()[1].trigger()
    qtbot.waitUntil(menu.accounts.actions()[1].isChecked)
    qtbot.waitUntil(lambda: words(menu.accounts)[-1].startswith("Sign out Ben"))
    entry(menu.accounts, "Sign out Ben").trigger()
    qtbot.waitUntil(lambda: SignOut(account="acme/ben") in fake.commands)
    assert SelectAccount(account="acme/ben") in fake.commands


def test_the_menu_is_not_built_again_for_what_it_does_not_show(qtbot, fake, menu):
    qtbot.waitUntil(lambda: len(menu._places) == 3 or menu._shown is not None)
    fake.tell("locations")
    qtbot.waitUntil(lambda: len(menu._places) == 3)
    filled = []
    menu.changed.connect(lambda: filled.append(1))
    fake.change(sent_reports_today=7)
    fake.change("activity")
    qtbot.wait(50)
    assert filled == []


def test_a_place_with_a_code_says_that_a_click_goes_without_it(qtbot, bridge, menu, fake, doors):
    fake.change(last_location_id="loc-0", last_location="Gate 2", last_code_digits=6)
    qtbot.waitUntil(lambda: "Check in Ana at Gate 2 (without code)" in words(menu.menu))
    entry(menu.menu, "Enter the code of Gate 2…").trigger()
    assert doors.opened == ["check_in"]
    fake.change(note_required=True)
    qtbot.waitUntil(lambda: "Check in Ana at Gate 2 (without code and note)" in words(menu.menu))
    fake.change(photo_required=True)
    qtbot.waitUntil(lambda: "Check in Ana at Gate 2 (without code, note and photo)" in words(menu.menu))
    fake.change(note_required=False, last_code_digits=0)
    qtbot.waitUntil(lambda: "Check in Ana at Gate 2 (without a photo)" in words(menu.menu))
    entry(menu.menu, "Check in with a photo…")
    fake.change(photo_required=False, note_required=True, last_code_digits=6)
    qtbot.waitUntil(lambda: "Check in Ana at Gate 2 (without code and note)" in words(menu.menu))
    fake.change(last_code_digits=0)
    qtbot.waitUntil(lambda: "Check in Ana at Gate 2 (without a note)" in words(menu.menu))
    entry(menu.menu, "Check in with a note…").trigger()
    assert doors.opened == ["check_in", "check_in"]


def test_an_end_that_is_missing_is_asked_for_in_the_menu_too(qtbot, bridge, menu, fake, doors):
    began = "2026-03-01T07:58:00Z"
    fake.change(open_end=OpenEnd(check_in_id="s", location="Gate 2", since=began, earliest=began, latest=began))
    qtbot.waitUntil(lambda: "When did you leave Gate 2?" in words(menu.menu))
    entry(menu.menu, "When did you leave Gate 2?").trigger()
    entry(menu.menu, "Timesheet").trigger()
    assert doors.opened == ["window", "timesheet"]
