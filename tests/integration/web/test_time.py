"""Working time in the browser: checking in and out, timesheets, corrections, closed days, shifts, taking it away."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from uuid6 import uuid7

from server.storage.tables import access_record, attendance_event
from tests.integration.web.conftest import Browser, House, send, token_of
from tests.integration.web.organization import PASSWORD

HOSTILE = "<script>alert(1)</script>"


def values(page: str, name: str) -> list[str]:
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


def press(browser: Browser, kind: str, **more: str) -> str:
    """Press one of the buttons; the page after it."""
    page = browser.get("/me/time").text
    ids = {"operation": values(page, "operation")[-1], "event": values(page, "event")[-1]}
    fields = {"csrf": token_of(page), "kind": kind, "place": "", "note": "", **ids, **more}
    answer = browser.post("/me/time/record", data=fields)
    assert answer.status_code == 303, answer.text
    again = browser.post("/me/time/record", data=fields)
    assert again.status_code == 303 or "Not checked in" in again.text or "not checked in" in again.text
    return browser.get(answer.headers["location"]).text


def test_somebody_checks_in_and_out_and_a_form_that_comes_twice_is_one(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    ana = open_browser(house.ana)
    assert "Not checked in" in ana.get("/me/time").text
    page = press(ana, "check_in", place=house.gate, note=HOSTILE)
    assert "You are checked in." in page
    assert "Gate 2" in page
    assert "Check out Ana Ferreira" in page
    assert "On a break" in press(ana, "break_start")
    assert "On a break" not in press(ana, "break_end")
    page = press(ana, "check_out")
    assert "You are checked out." in page
    assert HOSTILE not in page
    with house.filled.database.read(house.filled.own) as t:
        rows = t.all(t.select(attendance_event).order_by(attendance_event.c.received))
        assert sorted(row.kind for row in rows) == ["break_end", "break_start", "check_in", "check_out"]
        assert {row.grade for row in rows} == {"confirmed"}
        assert {row.method for row in rows} == {"hand"}
    assert "Gate 2" in ana.get("/me/time?view=day").text


def test_undo_takes_back_the_newest_within_a_minute(house: House, open_browser: Callable[..., Browser]) -> None:
    ana = open_browser(house.ana)
    page = press(ana, "check_in", place=house.gate)
    cancels = values(page, "cancels")[0]
    fields = {"csrf": token_of(page), "operation": values(page, "operation")[0], "cancels": cancels}
    assert ana.post("/me/time/undo", data=fields).headers["location"] == "/me/time?done=undone"
    assert "Not checked in" in ana.get("/me/time").text
    late = ana.post("/me/time/undo", data=fields)
    assert late.status_code == 409
    assert "Undo works for a minute" in late.text


def ask(browser: Browser, query: str, **more: str) -> str:
    page = browser.get(f"/me/time/ask?{query}").text
    fields: dict[str, object] = {
        name: values(page, name) for name in ("operation", "ask", "event", "began") if values(page, name)
    }
    for name in ("day", "time", "end_day", "end_time"):
        found = re.search(rf'name="{name}" type="\w+" required value="([^"]*)"', page)
        if found:
            fields[name] = found[1]
    answer = browser.post("/me/time/ask", data={"csrf": token_of(page), **fields, **more})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_a_correction_is_asked_for_decided_and_followed(house: House, open_browser: Callable[..., Browser]) -> None:
    old = house.filled.attend(house.ana, "check_in", location=house.gate, ago=timedelta(days=3))
    house.filled.attend(house.ana, "check_out", check_in=old, ago=timedelta(days=3, hours=-8))
    ana, manager = open_browser(house.ana), open_browser(house.manager)
    assert f"/me/time/ask?event={old}" in ana.get("/me").text
    assert ask(ana, f"event={old}", time="00:30", reason=f"Early {HOSTILE}", place=house.gate) == "/me/time?done=asked"
    own = ana.get("/me/time").text
    assert "Check-in was otherwise" in own
    queue = manager.get("/attendance/corrections").text
    assert "Early &lt;script&gt;" in queue
    assert "1 entry of attendance waits" in manager.get("/today").text
    [ask_id] = re.findall(r'action="/attendance/corrections/([^"]+)"', queue)
    address = f"/attendance/corrections/{ask_id}"
    refused = send(manager, "/attendance/corrections", address, decision="refused", words=" ")
    assert refused.status_code == 400
    assert "Write why" in refused.text
    done = send(manager, "/attendance/corrections", address, decision="approved", words="I saw you")
    assert done.headers["location"] == "/attendance/corrections?done=approved"
    assert "Approved." in manager.get(done.headers["location"]).text
    own = ana.get("/me/time").text
    assert "I saw you" in own
    assert "Entered by Tomas Berg." in ana.get("/me").text
    twice = send(manager, "/attendance/corrections", address, decision="approved", words="")
    assert twice.status_code == 409
    other = open_browser(house.jonas)
    assert other.get("/attendance/corrections").status_code == 404
    assert other.get(f"/me/time/ask?event={old}").status_code == 404


def test_what_was_asked_for_is_withdrawn_by_whoever_asked(house: House, open_browser: Callable[..., Browser]) -> None:
    old = house.filled.attend(house.ana, "check_in", location=house.gate, ago=timedelta(days=3))
    ana, manager = open_browser(house.ana), open_browser(house.manager)
    ask(ana, f"event={old}", time="00:30", reason="Early", place=house.gate)
    page = ana.get("/me/time").text
    [form] = re.findall(r'<form method="post" action="/me/time/ask/withdraw">.*?</form>', page, re.DOTALL)
    fields = {"csrf": token_of(page), "ask": values(form, "ask")[0], "operation": values(form, "operation")[0]}
    foreign = manager.get("/me/time").text
    send_foreign = manager.post("/me/time/ask/withdraw", data={**fields, "csrf": token_of(foreign)})
    assert send_foreign.status_code == 404
    assert "1 entry of attendance waits" in manager.get("/today").text, "it is hers"
    fields["operation"] = str(uuid7())
    for _ in range(2):  # the form comes twice
        done = ana.post("/me/time/ask/withdraw", data=fields)
        assert done.headers["location"] == "/me/time?done=withdrawn#asks"
    own = ana.get("/me/time?done=withdrawn").text
    assert "It is withdrawn." in own
    assert "Withdrawn by you. What was recorded stands as it was." in own
    assert 'action="/me/time/ask/withdraw"' not in own
    assert "waits" not in re.sub(r"<head>.*?</head>", "", manager.get("/today").text, flags=re.DOTALL)
    queue = manager.get("/attendance/corrections").text
    assert "Nobody waits for a correction." in queue
    assert "Withdrawn" in queue
    late = send(manager, "/attendance/corrections", f"/attendance/corrections/{fields['ask']}", decision="approved")
    assert late.status_code == 409
    for wrong in ({"ask": "x"}, {"operation": "x"}):
        assert ana.post("/me/time/ask/withdraw", data={**fields, **wrong}).status_code == 404


def test_what_is_recent_is_corrected_at_once_and_a_missing_session_is_asked_for(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    new = house.filled.attend(house.ana, "check_in", location=house.gate, ago=timedelta(hours=3))
    ana = open_browser(house.ana)
    assert "Correct it" in ana.get(f"/me/time/ask?event={new}").text
    yesterday = (datetime.now(UTC) - timedelta(days=1)).date().isoformat()
    assert (
        ask(ana, f"event={new}", day=yesterday, time="12:00", reason="I forgot", place=house.gate)
        == "/me/time?done=corrected"
    )
    assert ask(ana, f"began={new}", reason="Went home") == "/me/time?done=asked"
    day = (datetime.now(UTC) - timedelta(days=9)).date().isoformat()
    times = {"day": day, "time": "08:00", "end_day": day, "end_time": "16:00"}
    assert ask(ana, "", reason="No phone", place=house.gate, **times) == "/me/time?done=asked"
    page = ana.get("/me/time/ask").text
    bad = {**times, "end_time": "07:00", "operation": values(page, "operation"), "ask": values(page, "ask")}
    backwards = ana.post("/me/time/ask", data={"csrf": token_of(page), **bad, "reason": "x"})
    assert backwards.status_code == 400
    assert "after the start" in backwards.text
    manager = open_browser(house.manager)
    queue = manager.get("/attendance/corrections").text
    asked = re.findall(r'action="(/attendance/corrections/[^"]+)"', queue)
    assert len(asked) == 3
    for address in asked:
        assert send(manager, "/attendance/corrections", address, decision="approved", words="").status_code == 303
    found = ana.get(f"/me/time?view=day&on={day}").text
    assert "8 h 00 min" in found


def test_nobody_decides_about_people_who_are_not_in_their_care(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    old = house.filled.attend(house.jonas, "check_in", note="yard", ago=timedelta(days=3))
    jonas, manager, admin = open_browser(house.jonas), open_browser(house.manager), open_browser(house.admin)
    ask(jonas, f"event={old}", time="00:30", reason="Secret of Jonas", note="yard")
    [address] = re.findall(r'action="(/attendance/corrections/[^"]+)"', admin.get("/attendance/corrections").text)
    day = (datetime.now(UTC) - timedelta(days=5)).date().isoformat()
    assert send(admin, "/attendance/closings", "/attendance/closings", first=day, last=day).status_code == 303
    late = house.filled.attend(house.jonas, "check_in", note="yard", ago=timedelta(days=5))
    assert "Secret of Jonas" not in manager.get("/attendance/corrections").text
    for path in (address, f"/attendance/held/{late}", f"/attendance/sessions/{old}/end"):
        fields = {"decision": "approved", "words": "x", "day": day, "time": "23:00"}
        assert send(manager, "/attendance/corrections", path, **fields).status_code == 404, path
        assert jonas.post(path, data={"csrf": token_of(jonas.get("/me").text), **fields}).status_code == 404, path
    assert send(admin, "/attendance/corrections", address, decision="approved", words="").status_code == 303


def test_a_manager_ends_a_session_and_closes_days(house: House, open_browser: Callable[..., Browser]) -> None:
    old = house.filled.attend(house.ana, "check_in", location=house.gate, ago=timedelta(days=3))
    manager, ana = open_browser(house.manager), open_browser(house.ana)
    queue = manager.get("/attendance/corrections").text
    assert "Sessions without an end" in queue
    day = re.search(r'name="day" type="date" required value="([^"]+)"', queue)
    assert day is not None
    address = f"/attendance/sessions/{old}/end"
    early = send(manager, "/attendance/corrections", address, day="2020-01-01", time="10:00", words="Told me")
    assert early.status_code == 400
    late = (datetime.now(UTC) - timedelta(days=2)).date().isoformat()
    done = send(manager, "/attendance/corrections", address, day=late, time="10:00", words="Told me")
    assert done.headers["location"] == "/attendance/corrections?done=completed"
    assert "Entered by Tomas Berg." in ana.get("/me").text
    everybody = send(manager, "/attendance/closings", "/attendance/closings", first=late, last=late, group="")
    assert everybody.status_code == 403
    assert "in your care" in everybody.text
    closed = send(manager, "/attendance/closings", "/attendance/closings", first=late, last=late, group=house.quay)
    assert closed.status_code == 303
    event = house.filled.attend(house.ana, "check_in", location=house.gate, ago=timedelta(days=2))
    assert "It came into a day that was closed already" in ana.get("/me").text
    queue = manager.get("/attendance/corrections").text
    assert "Came into a closed day" in queue
    held = f"/attendance/held/{event}"
    assert send(manager, "/attendance/corrections", held, decision="accepted", words="").status_code == 303
    [again] = re.findall(r'action="(/attendance/closings/[^"]+/reopen)"', manager.get("/attendance/closings").text)
    assert send(manager, "/attendance/closings", again).status_code == 303
    assert "Open again" in manager.get("/attendance/closings").text


def test_timesheets_are_read_by_those_in_charge_and_taken_away(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    came = house.filled.attend(house.ana, "check_in", location=house.gate, ago=timedelta(hours=5))
    house.filled.attend(house.ana, "check_out", check_in=came, ago=timedelta(hours=2))
    house.filled.attend(house.jonas, "check_in", location=house.gate, note="=cmd()", ago=timedelta(hours=1))
    manager, admin, ana = open_browser(house.manager), open_browser(house.admin), open_browser(house.ana)
    page = manager.get("/attendance/timesheets").text
    assert "Ana Ferreira" in page
    assert "Jonas" not in page
    assert "3 h 00 min" in page
    assert manager.get(f"/attendance/timesheets/{house.ana.actor.member_id}?view=week").status_code == 200
    assert manager.get(f"/attendance/timesheets/{house.jonas.actor.member_id}").status_code == 404
    assert ana.get("/attendance/timesheets").status_code == 404
    first, last = ((datetime.now(UTC) + timedelta(days=days)).date().isoformat() for days in (-2, 1))

    def take(browser: Browser, path: str, **fields: str) -> bytes:
        answer = send(browser, path, path, first=first, last=last, current=PASSWORD, **fields)
        assert answer.status_code == 200, answer.text
        assert "attachment" in answer.headers["content-disposition"]
        return bytes(answer.content)

    found = json.loads(take(admin, "/attendance/export", what="timesheets", kind="json"))
    assert {(one["person"], one["seconds"]) for one in found if one["end"]} == {("Ana Ferreira", 3 * 3600)}
    assert [one["person"] for one in found if one["seconds"] is None] == ["Jonas Pichler"]
    table = take(admin, "/attendance/export", what="events", kind="csv").decode()
    assert table.startswith("\ufeff")
    rows = list(csv.reader(io.StringIO(table.removeprefix("\ufeff"))))
    assert len(rows) == 4
    assert "'=cmd()" in [cell for row in rows for cell in row]
    with zipfile.ZipFile(io.BytesIO(take(manager, "/attendance/export", what="timesheets", kind="xlsx"))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "Ana Ferreira" in sheet
        assert "Jonas" not in sheet
    own = json.loads(take(ana, "/me/time/export", what="events", kind="json"))
    assert {one["person"] for one in own} == {"Ana Ferreira"}
    assert ana.get("/attendance/export").status_code == 404
    wrong = send(ana, "/me/time/export", "/me/time/export", first="x", last=last, what="events", kind="csv")
    assert wrong.status_code == 400
    with house.filled.database.read(house.filled.own) as t:
        noted = [row.entity_kind for row in t.all(t.select(access_record)) if row.action == "export"]
        assert noted == ["timesheets", "events", "timesheets", "events"]


def test_an_admin_plans_shifts_and_today_says_who_is_missing(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    admin, manager = open_browser(house.admin), open_browser(house.manager)
    now = datetime.now(UTC)
    fields = {
        "name": f"Early {HOSTILE}",
        "zone": "UTC",
        "start": (now - timedelta(hours=1)).strftime("%H:%M"),
        "end": (now + timedelta(hours=3)).strftime("%H:%M"),
        "weekday": [str(day) for day in range(1, 8)],
        "valid_from": "2026-01-01",
        "grace_minutes": "5",
        "group": house.quay,
        "place": house.gate,
    }
    refused = send(admin, "/shifts", "/shifts", **{**fields, "group": ""})
    assert refused.status_code == 404 or "whom" in refused.text
    without = {name: value for name, value in fields.items() if name != "group"}
    refused = send(admin, "/shifts", "/shifts", **without)
    assert refused.status_code == 400
    assert "Say whom the shift is for" in refused.text
    assert send(admin, "/shifts", "/shifts", **fields).headers["location"] == "/shifts?done=added"
    page = admin.get("/shifts?done=added").text
    assert "Early &lt;script&gt;" in page
    assert HOSTILE not in page
    today = manager.get("/today").text
    assert "Expected, not here" in today
    assert "Ana Ferreira" in today
    house.filled.attend(house.ana, "check_in", location=house.gate)
    assert "Expected, not here" not in manager.get("/today").text
    [address] = re.findall(r'action="(/shifts/[0-9a-f-]{36})"', page)
    assert send(admin, "/shifts", address, **{**fields, "start": "x"}).status_code == 400
    holiday = send(admin, "/shifts", "/shifts/holidays", day="2026-12-25", name="Christmas", place="")
    assert holiday.status_code == 303
    page = admin.get("/shifts").text
    assert "Christmas" in page
    [gone] = re.findall(r'action="(/shifts/holidays/[^"]+/remove)"', page)
    assert send(admin, "/shifts", gone).status_code == 303
    assert send(admin, "/shifts", address, remove="yes").headers["location"] == "/shifts?done=removed"
    assert manager.get("/shifts").status_code == 404


@pytest.mark.parametrize("query", ["view=month&on=2026-02-30", "view=day&on=9999-12-31", "view=x&on=0001-01-01"])
def test_any_period_is_a_page(house: House, open_browser: Callable[..., Browser], query: str) -> None:
    assert open_browser(house.ana).get(f"/me/time?{query}").status_code == 200
    assert open_browser(house.manager).get(f"/attendance/timesheets?{query}").status_code == 200
