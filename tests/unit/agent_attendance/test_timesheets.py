"""Hours from the rows that are here, and the files made of them."""

import csv
import io
import json
import re
from datetime import timedelta
from pathlib import Path

import pytest

from agent.api import AgentError, ExportTimesheet, Timesheet
from agent.runtime import timesheets
from rules.clock import parse_utc
from tests.unit.agent_attendance.conftest import GATE, YARD, Office

HOUR = timedelta(hours=1)


@pytest.fixture
def week(office: Office) -> Office:
    """Monday at the gate with a break, over midnight to Wednesday in the yard, then elsewhere, still there."""
    office.clock.by = parse_utc("2026-03-02T08:00:00Z") - office.clock.now()
    office.record("check_in", GATE)
    office.clock.by += 3 * HOUR
    office.record("break_start")
    office.clock.by += HOUR
    office.record("break_end")
    office.clock.by += 4 * HOUR
    office.record("check_out")  # Monday 16:00: 7 h
    office.clock.by += 30 * HOUR
    office.record("check_in", YARD)  # Tuesday 22:00
    office.clock.by += 8 * HOUR
    office.record("check_out")  # Wednesday 06:00: 8 h
    office.clock.by += 10 * HOUR
    office.record("check_in", None, note="=Harbour office")
    return office


def show(office: Office, first: str = "2026-03-02", last: str = "2026-03-08") -> Timesheet:
    return timesheets.show(office.work, first, last)


def hours(sheet: Timesheet) -> dict[str, float]:
    return {day.day: round(day.seconds / 3600, 2) for day in sheet.days}


def test_hours_by_day_and_place(week: Office) -> None:
    sheet = show(week)
    assert hours(sheet) == {"2026-03-04": 0.0, "2026-03-03": 8.0, "2026-03-02": 7.0}
    assert [(one.location, round(one.seconds / 3600, 2)) for one in sheet.places] == [("Yard", 8.0), ("Gate 2", 7.0)]
    monday = sheet.days[-1].sessions[0]
    assert (monday.location, monday.break_seconds) == ("Gate 2", 3600)
    assert [one.kind for one in monday.events] == ["check_in", "break_start", "break_end", "check_out"]
    assert sheet.days[0].sessions[0].end is None
    assert not sheet.earlier
    assert show(week, "2026-03-05", "2026-03-08").earlier


def test_a_night_is_split_where_the_policy_says_so(week: Office) -> None:
    week.rules(report_day="00:00")
    assert hours(show(week)) == {"2026-03-04": 6.0, "2026-03-03": 2.0, "2026-03-02": 7.0}
    assert hours(show(week, "2026-03-04", "2026-03-04")) == {"2026-03-04": 6.0}


def test_of_an_older_week_a_session_without_an_end_is_known_to_need_one(week: Office) -> None:
    week.clock.by += 24 * 20 * HOUR
    week.record("check_in", GATE)
    assert show(week).days[0].sessions[0].needs_end


@pytest.mark.parametrize(
    ("first", "last"), [("2026-03-08", "2026-03-02"), ("yesterday", "2026-03-02"), ("2024-01-01", "2026-03-02")]
)
def test_days_that_are_none_are_refused_with_a_sentence(week: Office, first: str, last: str) -> None:
    with pytest.raises(AgentError, match="first and a last day"):
        show(week, first, last)


def test_files_hold_what_is_shown_and_no_formulas(week: Office, tmp_path: Path) -> None:
    def export(name: str) -> bytes:
        path = str(tmp_path / name)
        done = timesheets.export(
            week.work, ExportTimesheet(account="s/m", first="2026-03-02", last="2026-03-08", path=path)
        )
        assert (done.path, done.items) == (path, 3)
        return Path(path).read_bytes()

    text = export("hours.csv")
    assert text.startswith(b"\xef\xbb\xbf"), "spreadsheets need the mark"
    rows = list(csv.DictReader(io.StringIO(text.decode("utf-8-sig"))))
    assert [(row["day"], row["location"], row["hours"], row["end"][:16]) for row in rows] == [
        ("2026-03-02", "Gate 2", "7.00", "2026-03-02T16:00"),
        ("2026-03-03", "Yard", "8.00", "2026-03-04T06:00"),
        ("2026-03-04", "'=Harbour office", "0.00", ""),
    ]
    assert json.loads(export("hours.json"))["seconds"] == show(week).seconds
    with pytest.raises(AgentError, match="Nothing was saved"):
        export("nowhere/hours.csv")
    assert {path.name for path in tmp_path.glob("*hours*")} == {"hours.csv", "hours.json"}


def test_of_a_session_that_lasts_the_breaks_so_far_are_known(week: Office) -> None:
    for kind, hours_later in (("break_start", 1), ("break_end", 2), ("break_start", 1)):
        week.record(kind)
        week.clock.by += hours_later * HOUR
    [lasting] = show(week).days[0].sessions[:1]
    assert (lasting.end, lasting.seconds, lasting.break_seconds) == (None, 0, 3600)
    assert lasting.resting_since is not None
    rest = week.clock.now() - parse_utc(lasting.resting_since)
    assert HOUR <= rest < HOUR + timedelta(minutes=1)


@pytest.mark.parametrize(
    "note", ["=1+1", "+1", "\t=1", "ok;=cmd()", "ok\n@SUM(A1)", "\u202eevil", "x" * 2000, 'a,"b"\r\nc']
)
def test_no_word_of_a_place_is_a_formula_in_the_file(office: Office, tmp_path: Path, note: str) -> None:
    office.record("check_in", None, note=note)
    office.record("check_out")
    today = str(office.clock.now().date())
    for ending in ("csv", "json"):
        path = tmp_path / f"hours.{ending}"
        timesheets.export(office.work, ExportTimesheet(account="s/m", first=today, last=today, path=str(path)))
    with (tmp_path / "hours.csv").open(encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert row["location"].replace("'", "") == note.replace("'", "")
    for begins in re.split(r"[;\r\n]", row["location"]):
        assert not begins.startswith(("=", "+", "-", "@", "\t"))
    told = json.loads((tmp_path / "hours.json").read_text(encoding="utf-8"))
    assert told["days"][0]["sessions"][0]["location"] == note
