"""Attendance by the real program: code, note, breaks, hours, corrections and a file of them."""

import csv
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PIL import Image

from tests.integration.command_line.conftest import Shell
from tests.live_server import LiveServer


def test_a_day_is_recorded_read_corrected_and_saved(shell: Shell, server: LiveServer, tmp_path: Path) -> None:
    shell.sign_in(server)
    place = server.locations[0]
    shell.run("check-in", place, "--code", "123 456", "--note", "Night watch")
    assert "which has no code" in shell.said[-2] or "not checked yet" in shell.said[-2]
    assert "Your break began" in shell.run("break", "start")
    shell.run("break", "start", code=2)
    assert "Your break has begun already" in shell.error
    assert shell.ask("break", "end")["state"] == "saved"
    shell.run("check-out")
    shell.run("check-in", "--elsewhere", "At the customer")
    assert shell.ask("status")["session"]["location"] == "At the customer"
    shell.run("check-out")

    sheet = shell.ask("timesheet")
    (day,) = sheet["days"]
    assert {one["location"] for one in day["sessions"]} == {place, "At the customer"}
    first = min(day["sessions"], key=lambda one: one["start"])
    assert [one["kind"] for one in first["events"]] == ["check_in", "break_start", "break_end", "check_out"]
    assert any("code" in sentence["text"] for sentence in first["events"][0]["evidence"])
    assert place in shell.run("timesheet", "--month")
    listed = shell.run("timesheet", "--events")
    event = first["events"][0]["event_id"]
    assert event in listed
    assert shell.ask("timesheet", "--from", "2026-01-01", "--to", "2026-01-02")["days"] == []

    shell.run("correct", event, "--at", "25:99", "--reason", "Late", code=2)
    assert "is not a time" in shell.error
    shell.run("correct", "0195d2f0-0000-7000-8000-00000000000b", "--remove", "--reason", "Late", code=2)
    earlier = (datetime.now(UTC) - timedelta(minutes=5)).isoformat(timespec="seconds")
    done = shell.ask("correct", event, "--at", earlier, "--reason", "The gate was closed")
    asked = shell.ask("correct", first["events"][1]["event_id"], "--remove", "--reason", "No break")
    assert asked["asked"], "removing is asked for"
    assert shell.ask("timesheet")["asks"][0]["reason"] == "No break"
    assert done["state"] == "saved"
    shell.run("finish", "--at", "16:00", "--reason", "Forgot", code=2)
    assert "No session needs an end now" in shell.error

    table, document = tmp_path / "hours.csv", tmp_path / "hours.json"
    assert str(table) in shell.run("timesheet", "--save", str(table))
    with table.open(encoding="utf-8-sig", newline="") as file:
        assert {row["location"] for row in csv.DictReader(file)} == {place, "At the customer"}
    shell.run("timesheet", "--month", "--save", str(document))
    assert json.loads(document.read_text())["days"]
    shell.run("timesheet", "--save", str(tmp_path / "nowhere" / "hours.csv"), code=5)
    assert shell.ask("sync", "--wait", "40") == {"waiting": 0, "needs_you": 0, "online": True}


def test_a_photo_goes_along_and_what_was_asked_for_is_taken_back(
    shell: Shell, server: LiveServer, tmp_path: Path
) -> None:
    shell.sign_in(server)
    picture = tmp_path / "gate.png"
    Image.new("RGB", (9, 9)).save(picture)
    shell.run("check-in", "--elsewhere", "At the customer", "--photo", str(tmp_path / "none.png"), code=2)
    assert "You are not checked in" in shell.error
    done = shell.ask("check-in", "--elsewhere", "At the customer", "--photo", str(picture))
    assert done["photos"] == 1
    asked = shell.ask("correct", done["event_id"], "--remove", "--reason", "I was not there")
    assert f"miratag withdraw {asked['item_id']}" in shell.run("timesheet")
    assert shell.ask("withdraw", asked["item_id"])["state"] == "withdrawn"
    assert shell.ask("timesheet")["asks"][0]["state"] == "withdrawn"
    shell.run("withdraw", "0195d2f0-0000-7000-8000-00000000000b", code=2)


def test_without_an_account_it_says_so(shell: Shell) -> None:
    for words in (("break", "start"), ("timesheet",), ("correct", "e", "--remove", "--reason", "x")):
        shell.run(*words, code=3)
        assert "Nobody is signed in" in shell.error
