"""The person's own hours: read, corrected, followed and saved."""

from datetime import UTC, date, datetime, timedelta

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from agent.api import (
    ActivityItem,
    AskLine,
    CorrectAttendance,
    EventLine,
    ExportTimesheet,
    OpenWindow,
    Said,
    SessionLine,
    ShowTimesheet,
    TimesheetDay,
    WithdrawAsk,
)
from tests.ui.fake_agent import rfc3339
from tests.ui.test_settings import plain
from ui import attendance_words
from ui.place_choice import PlaceChoice
from ui.timesheet_day import EventBlock
from ui.timesheet_page import bounds

ACCOUNT = "acme/ana"
DAY = date(2026, 3, 11)
"""A Wednesday that is over, whatever time it is now."""
ON_THE_DEVICE = "The time is the device's own clock; nothing confirmed it."


def at(day: date, hour: int, minute: int = 0) -> str:
    return rfc3339(datetime(day.year, day.month, day.day, hour, minute).astimezone())


def session(day: date, number: int = 0, **fields) -> SessionLine:
    begins = 7 + 5 * number
    events = (
        EventLine(
            event_id=f"in-{day}-{number}",
            kind="check_in",
            at=at(day, begins),
            location="Gate 2",
            location_id="loc-0",
            evidence=(
                Said(text="Chosen by hand.", template="Chosen by hand."),
                Said(text=ON_THE_DEVICE, template=ON_THE_DEVICE),
            ),
        ),
        EventLine(event_id=f"out-{day}-{number}", kind="check_out", at=at(day, begins + 4), may_correct=True),
    )
    return SessionLine(
        check_in_id=events[0].event_id,
        location="Gate 2",
        start=events[0].at,
        end=fields.pop("end", events[1].at),
        seconds=4 * 3600,
        events=fields.pop("events", events),
        **fields,
    )


def day_of(day: date, *sessions: SessionLine) -> TimesheetDay:
    return TimesheetDay(day=day.isoformat(), seconds=sum(one.seconds for one in sessions), sessions=sessions)


@pytest.fixture
def page(qtbot, window, fake):
    fake.days = (day_of(DAY, session(DAY), session(DAY, 1)),)
    window.timesheet._anchor = DAY
    window.open(OpenWindow(page="timesheet"))
    qtbot.waitUntil(lambda: len(window.timesheet.days) == 1)
    return window.timesheet


def opened(qtbot, page):
    page.days[0].opener.click()
    return page.days[0].findChildren(EventBlock)


def words(widget):
    from PySide6.QtWidgets import QLabel

    return [plain(label.text()) for label in widget.findChildren(QLabel)]


def corrections(fake):
    return [command for command in fake.commands if isinstance(command, CorrectAttendance)]


def test_a_week_with_its_hours_by_place(qtbot, page, fake):
    assert page.total.text() == "8 h 00"
    assert plain(page.places.text()) == "Gate 2 · 8 h 00"
    assert page.days[0].opener.text().startswith("Wednesday 11 March")
    assert plain(words(page.days[0].lines)[0]) == "Gate 2 · 07:00 – 11:00 · 4 h 00"
    assert page.days[0].findChildren(EventBlock) == [], "a closed day makes no events"


def test_an_event_shows_what_it_rests_on(qtbot, page):
    first, last, *_ = opened(qtbot, page)
    assert words(first) == [
        "07:00 · Checked in · Gate 2",
        "Chosen by hand. The time is the device's own clock; nothing confirmed it.",
    ]
    assert first.correct.accessibleName() == "Correct Checked in 07:00"
    assert words(last) == ["11:00 · Checked out"]


def test_marks_are_plain_sentences():
    event = EventLine(event_id="e", kind="check_in", at=at(DAY, 7), held="waiting", needs_a_look=True, by="Mona")
    assert [plain(one) for one in attendance_words.marks(event)] == [
        "Somebody of your organization may look at this.",
        "Written by Mona.",
        "Its day is locked: it is kept, and your organization decides about it.",
    ]
    assert attendance_words.marks(msgspec.structs.replace(event, held="left_out"))[-1].endswith("does not count it.")
    assert attendance_words.marks(EventLine(event_id="e", kind="check_in", at=event.at, cancelled=True)) == [
        "Undone: it does not count."
    ]


def test_a_time_is_asked_to_be_changed_where_the_event_is(qtbot, page, fake):
    block = opened(qtbot, page)[0]
    block.correct.click()
    card = page.correction
    assert card.parentWidget() is block
    assert card.save.text() == "&Ask for it"
    card.save.click()
    assert card.sentence.text() == "Change the time or the place, or choose that it did not happen."
    card.time.setTime(card.time.time().addSecs(-1800))
    card.save.click()
    assert card.sentence.text() == "Say in a few words why."
    assert card.reason.hasFocus()
    qtbot.keyClicks(card.reason, "The gate was closed, I came in by the yard")
    qtbot.keyClick(card.reason, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: len(corrections(fake)) == 1)
    assert corrections(fake)[0] == CorrectAttendance(
        account=ACCOUNT,
        wants="change",
        reason="The gate was closed, I came in by the yard",
        event_id=f"in-{DAY}-0",
        at=at(DAY, 6, 30),
    )
    qtbot.waitUntil(page.asks.isVisible)
    assert page.correction is None
    assert "decides about it" in page.said.text()


def test_only_the_place_is_changed(qtbot, page, window, fake):
    opened(qtbot, page)[0].correct.click()
    card = page.correction
    card.place.click()
    choice = card.findChild(PlaceChoice)
    qtbot.waitUntil(lambda: choice.rows.count() == 3)
    choice.rows.setCurrentRow(2)
    choice.press.click()
    assert plain(card.place.text()) == "Place: Yard"
    card.reason.setText("Wrong gate")
    card.save.click()
    qtbot.waitUntil(lambda: [(one.at, one.location_id) for one in corrections(fake)] == [(None, "loc-2")])


def test_an_event_that_did_not_happen_is_asked_to_be_removed(qtbot, page, fake):
    opened(qtbot, page)[1].correct.click()
    card = page.correction
    assert card.save.text() == "&Save", "this one the person may change alone"
    assert card.place.isHidden(), "a check-out has no place of its own"
    assert card.then.text().startswith("It stands at once")
    card.remove.click()
    assert card.time.isHidden()
    assert card.save.text() == "&Ask for it", "that it did not happen is for a manager to say"
    assert card.then.text().startswith("Your organization decides")
    card.reason.setText("Pressed by accident")
    card.save.click()
    qtbot.waitUntil(lambda: [(one.wants, one.event_id) for one in corrections(fake)] == [("remove", f"out-{DAY}-0")])


def test_a_missing_break_and_a_missing_day_are_added(qtbot, page, fake):
    opened(qtbot, page)
    add = next(one for one in page.days[0].findChildren(QPushButton) if one.text() == "Add what is missing…")
    add.click()
    card = page.correction
    assert [card.kind.itemData(n) for n in range(card.kind.count())] == ["break_start", "break_end"]
    card.time.begin(datetime.fromisoformat(at(DAY, 9)))
    card.reason.setText("Lunch")
    card.save.click()
    qtbot.waitUntil(lambda: len(corrections(fake)) == 1)
    assert corrections(fake)[0].check_in_id == f"in-{DAY}-0"
    assert corrections(fake)[0].kind == "break_start"
    page.add.click()
    card = page.correction
    card.time.begin(datetime.now(UTC) - timedelta(minutes=1))
    card.save.click()
    assert card.sentence.text() == "Choose where it was."
    card.place.click()
    choice = card.findChild(PlaceChoice)
    choice.note.setText("Customer at the quay")
    choice.press.click()
    card.reason.setText("No computer with me")
    card.save.click()
    qtbot.waitUntil(lambda: len(corrections(fake)) == 2)
    asked = corrections(fake)[1]
    assert (asked.wants, asked.kind, asked.location_id, asked.note) == ("add", "check_in", None, "Customer at the quay")


def test_nothing_is_asked_to_lie_in_the_future(qtbot, page, fake):
    page.add.click()
    card = page.correction
    card.time.begin(datetime.now(UTC) + timedelta(hours=3))
    card._placed("loc-0", "Gate 2", "")
    card.save.click()
    assert card.sentence.text() == "It cannot lie in the future."
    assert corrections(fake) == []


def test_what_changes_meanwhile_waits_until_the_correction_is_done(qtbot, page, fake):
    opened(qtbot, page)[0].correct.click()
    card = page.correction
    card.reason.setText("Half a sen")
    fake.days = (day_of(DAY, session(DAY)),)
    asked = len([one for one in fake.queries if isinstance(one, ShowTimesheet)])
    fake.tell("activity")
    qtbot.waitUntil(lambda: len([one for one in fake.queries if isinstance(one, ShowTimesheet)]) == asked + 1)
    qtbot.waitUntil(lambda: page._waiting is not None)
    assert page.correction is card
    assert card.reason.text() == "Half a sen"
    card.leave.click()
    qtbot.waitUntil(lambda: page.total.text() == "4 h 00")


def test_nothing_of_one_person_stands_under_the_name_of_another(qtbot, page, fake):
    opened(qtbot, page)[0].correct.click()
    fake.days = (day_of(DAY, session(DAY)),)
    fake.tell("activity")
    qtbot.waitUntil(lambda: page._waiting is not None)
    fake.add_account("acme/ben", "Ben Okoro", "Harbour Services")
    fake.fail_next(ShowTimesheet, "What is saved here cannot be read now.", "unavailable")
    fake.change(current="acme/ben")
    qtbot.waitUntil(lambda: page.said.text() == "What is saved here cannot be read now.")
    assert page.days == []
    assert page.correction is None
    assert page.total.text() == ""
    assert not page.empty.isVisible(), "that there are no hours is not known"
    fake.tell("activity")
    qtbot.waitUntil(lambda: len(page.days) == 1)


def test_asks_are_followed_with_the_managers_words(qtbot, page, fake):
    ask = AskLine(
        ask_id="a",
        wants="change",
        state="refused",
        asked=at(DAY, 9),
        reason="Forgot",
        sentence="It stays as it was.",
        kind="check_out",
        was_at=at(DAY, 18),
        at=at(DAY, 16),
        by="Mona Weber",
        words="You were seen at six.",
    )
    fake.asks = (ask,)
    fake.tell("activity")
    qtbot.waitUntil(page.asks.isVisible)
    said = words(page.asks)
    assert said[2] == "Refused"
    assert said[1].startswith("Change · Checked out · ")
    assert said[1].endswith("18:00 to 16:00")
    assert "It stays as it was.\nMona Weber: You were seen at six." in said[3]


def test_a_day_a_week_and_a_month_move_by_themselves(qtbot, page, fake):
    page.before.click()
    qtbot.waitUntil(page.empty.isVisible)
    assert "Nothing was recorded in this week." in page.empty.text()
    assert not page.save.isEnabled()
    page.after.click()
    qtbot.waitUntil(lambda: len(page.days) == 1)
    page.now.click()
    assert not page.after.isEnabled(), "there are no hours in the future"
    page.units["day"].click()
    assert page.period.text() == "Today"
    page._go(DAY)
    qtbot.waitUntil(lambda: len(page.days) == 1 and bool(page.days[0].findChildren(EventBlock)))
    page.units["month"].click()
    assert page.bounds == (date(2026, 3, 1), date(2026, 3, 31))


@pytest.mark.parametrize(
    ("unit", "day", "first", "last"),
    [
        ("day", date(2026, 3, 29), date(2026, 3, 29), date(2026, 3, 29)),
        ("week", date(2026, 3, 29), date(2026, 3, 23), date(2026, 3, 29)),
        ("week", date(2026, 3, 30), date(2026, 3, 30), date(2026, 4, 5)),
        ("month", date(2028, 2, 11), date(2028, 2, 1), date(2028, 2, 29)),
        ("month", date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_bounds(qapp, unit, day, first, last):
    assert bounds(unit, day) == (first, last)


def test_a_month_of_two_hundred_events_makes_them_only_where_they_are_looked_at(qtbot, page, fake):
    first, last = bounds("month", DAY)
    every = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    fake.days = tuple(day_of(day, session(day), session(day, 1)) for day in every)
    page.units["month"].click()
    qtbot.waitUntil(lambda: len(page.days) == len(every))
    assert page.findChildren(EventBlock) == []
    page.days[3].opener.click()
    assert len(page.findChildren(EventBlock)) == 4
    kept = page.days[5]
    fake.days = (*fake.days[:-1], day_of(every[-1], session(every[-1])))
    fake.tell("activity")
    qtbot.waitUntil(lambda: page.days[0].day.seconds == 4 * 3600)
    assert page.days[5] is kept, "only the day that changed is made again"
    assert page.days[3].opener.isChecked()


def test_it_is_saved_to_a_file_of_the_persons_choice(qtbot, page, fake, tmp_path):
    page.save_to(str(tmp_path / "hours.csv"))
    qtbot.waitUntil(lambda: "hours.csv" in page.said.text())
    first, last = page.bounds
    wish = ExportTimesheet(
        account=ACCOUNT, first=first.isoformat(), last=last.isoformat(), path=str(tmp_path / "hours.csv")
    )
    assert wish in fake.commands
    fake.fail_next(ExportTimesheet, "The folder cannot be written to. Choose another.", "cannot_store")
    page.save_to("/nowhere/hours.csv")
    qtbot.waitUntil(lambda: page.said.text().startswith("The folder cannot be written to"))
    assert page.save.isEnabled()


def test_a_session_that_needs_its_end_says_so(qapp):
    one = session(DAY, end=None, needs_end=True)
    assert plain(attendance_words.session_line(one)) == "Gate 2 · 07:00 – its end is missing"
    assert "07:00 – still open" in plain(attendance_words.session_line(msgspec.structs.replace(one, needs_end=False)))


def test_activity_shows_what_an_event_rests_on_and_leads_to_its_day(qtbot, window, fake):
    fake.days = (day_of(DAY, session(DAY)),)
    event = fake.days[0].sessions[0].events[0]
    item = ActivityItem(
        key="k", item_id=event.event_id, kind="check_in", title="", location="Gate 2", at=event.at, state="received"
    )
    window.show_item(item)
    card = window.report.evidence
    qtbot.waitUntil(card.evidence.isVisible)
    assert card.evidence.text().startswith("Chosen by hand. The time is the device's own clock")
    assert plain(card.session.text()) == "Gate 2 · 07:00 – 11:00 · 4 h 00"
    card.day.click()
    qtbot.waitUntil(lambda: len(window.timesheet.days) == 1)
    assert window.timesheet.bounds == (DAY, DAY)
    window.show_item(msgspec.structs.replace(item, item_id="elsewhere"))
    qtbot.waitUntil(lambda: card.evidence.text() == "This event is no longer on this computer.")
    assert not card.session.isVisible()


def test_a_session_that_lasts_says_so_and_how_long_it_has_lasted(qtbot, window, fake):
    now = datetime.now(UTC)
    began = now - timedelta(hours=3, minutes=12, seconds=5)
    day = began.astimezone().date()
    lasting = msgspec.structs.replace(session(day), start=rfc3339(began), end=None, seconds=0, break_seconds=12 * 60)
    fake.days = (day_of(day, session(day, 1), lasting),)
    window.timesheet._anchor = day
    window.open(OpenWindow(page="timesheet"))
    page = window.timesheet
    qtbot.waitUntil(lambda: len(page.days) == 1)
    card = page.days[0]
    assert any("still open · 3 h 00 so far · break 12 min" in one for one in words(card.lines))
    assert card.hours.text() == page.total.text() == "7 h 00 so far"
    assert page._minute.isActive()
    card.opener.click()
    assert any("3 h 00 so far" in one for one in words(card.events))
    resting = msgspec.structs.replace(lasting, resting_since=rfc3339(now - timedelta(hours=1)))
    assert attendance_words.running(resting) == 2 * 3600 + 5
    forgotten = msgspec.structs.replace(lasting, needs_end=True)
    assert "min" not in plain(attendance_words.session_line(forgotten)).replace("12 min", "")
    window.show_home()
    assert not page._minute.isActive(), "nobody sees it"


def test_what_was_asked_for_is_withdrawn_and_stays_in_the_list(qtbot, page, fake):
    ask = AskLine(
        ask_id="a",
        wants="change",
        state="asked",
        asked=at(DAY, 12),
        reason="The gate was shut",
        sentence="Your manager decides about it.",
        kind="check_in",
        at=at(DAY, 6),
        was_at=at(DAY, 7),
    )
    fake.asks = (ask, msgspec.structs.replace(ask, ask_id="b", state="approved"))
    fake.tell("activity")
    qtbot.waitUntil(page.asks.isVisible)
    assert [one.text() for one in page.asks.findChildren(QPushButton)].count("Withdraw") == 1
    [button] = [one for one in page.asks.findChildren(QPushButton) if one.text() == "Withdraw"]
    assert button.accessibleName().startswith("Withdraw: ")
    fake.fail_next(WithdrawAsk, "Somebody has decided about it already. Ask for another correction.", "refused")
    button.click()
    qtbot.waitUntil(lambda: "decided about it already" in page.said.text())
    qtbot.waitUntil(lambda: [one for one in page.asks.findChildren(QPushButton) if one.isEnabled()] != [])
    [button] = [one for one in page.asks.findChildren(QPushButton) if one.isEnabled()]
    button.click()
    qtbot.waitUntil(lambda: "Withdrawn" in words(page.asks))
    assert [one for one in page.asks.findChildren(QPushButton) if one.isVisible()] == []
