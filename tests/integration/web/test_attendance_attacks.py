"""Attendance against hostile workers, managers and strangers: odd addresses and forms, formulas, others' ids."""

import csv
import io
import json
import re
import tempfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import msgspec
import pytest
from litestar.routes import HTTPRoute
from openpyxl import load_workbook
from openpyxl.utils.escape import unescape
from uuid6 import uuid7

from protocol.moment import Moment
from protocol.operations import (
    ATTENDANCE_ASK,
    ATTENDANCE_CANCEL,
    ATTENDANCE_RECORD,
    AttendanceAsk,
    AttendanceCancellation,
    AttendanceEvent,
)
from protocol.sync import Operation
from server.application import create_application
from server.attendance.reading import EventFilter, list_events
from server.locations import screens
from server.storage.members import lock_member
from server.sync.operations import keep
from server.web import posted
from tests.integration.web.conftest import Browser, House, send, token_of
from tests.integration.web.organization import PASSWORD, Person, moment
from tests.picture_files import jpeg

Open = Callable[[Person | None], Browser]

ODD = [
    "'",
    "-1",
    "0001-01-01",
    "9999-12-31",
    "9999-W53-7",
    "2026-02-30",
    "NaN",
    "\ud7ff\U0001f4a3" * 40,
    "../../etc/passwd",
    "x" * 3000,
    "%00",
    "0001-01-01T00:00:00.000000Z~0195d2f0-0000-7000-8000-000000000002",
    "[]",
    "W10",
]
NAMES = ("after", "on", "view", "find", "done", "location", "person", "look", "event", "first", "last", "code", "shift")
AREAS = ("/attendance", "/me/time", "/check-in", "/today", "/shifts")


def routes(house: House, method: str) -> list[str]:
    """Every address of attendance."""
    found = {
        route.path
        for route in create_application(house.filled.settings).routes
        if isinstance(route, HTTPRoute) and method in route.methods and route.path.startswith(AREAS)
    }
    return sorted(found)


def test_no_address_brings_the_server_down(house: House, open_browser: Open) -> None:
    house.filled.attend(house.ana, "check_in", location=house.gate)
    browser = open_browser(house.admin)
    pages = [path for path in routes(house, "GET") if "{" not in path and "live" not in path]
    assert {"/attendance", "/attendance/corrections", "/me/time", "/me/time/export"} <= set(pages)
    for path in pages:
        for odd in ODD:
            query = "&".join(f"{name}={quote(odd) if odd != '%00' else odd}" for name in NAMES)
            for asked in (query, f"{query}&view=month", f"on={quote(odd)}&view=week", f"on={quote(odd)}&view=day"):
                answer = browser.get(f"{path}?{asked}")
                assert answer.status_code < 500, (path, asked[:200], answer.text[-400:])


def test_no_form_of_strangers_ids_or_odd_words_brings_it_down(house: House, open_browser: Open) -> None:
    theirs = house.filled.attend(house.stranger, "check_in")
    his = house.filled.attend(house.jonas, "check_in")
    names = ("words", "decision", "do", "day", "time", "at", "first", "last", "group", "event", "wants", "reason")
    names += (
        "operation",
        "kind",
        "press",
        "place",
        "cancels",
        "zone",
        "start",
        "end",
        "valid_from",
        "valid_to",
        "name",
    )
    names += ("weekday", "grace_minutes", "start_day", "start_time", "end_day", "end_time", "note", "what", "location")
    for person in (house.manager, house.ana):
        browser = open_browser(person)
        before = states(house)
        for path in routes(house, "POST"):
            for odd in (theirs, his, "0001-01-01", "9999-12-31", "x" * 20_000, "\0", "approved", "-1", "1e400"):
                address = path
                for part in ("ask_id", "event_id", "closing_id", "shift_id", "holiday_id"):
                    address = address.replace(f"{{{part}:str}}", theirs if len(odd) > 100 or "\0" in odd else odd)
                answer = send(browser, "/me/time", address, current=PASSWORD, **dict.fromkeys(names, odd))
                assert answer.status_code < 500, (address, odd[:50], answer.text[-300:])
        assert states(house) == before


def states(house: House) -> list[Any]:
    """What stands of Jonas's and the stranger's attendance."""
    found = []
    for person in (house.jonas, house.stranger):
        with house.filled.database.read(person.actor.organization_id) as t:
            rows = list_events(t, person.actor, EventFilter(member_id=person.actor.member_id)).rows
            found += [(row.event_id, row.flags, row.cancelled, row.superseded_by, row.held) for row in rows]
    return found


@pytest.mark.parametrize("what", ["events", "hours"])
def test_no_word_of_a_worker_is_a_formula_in_a_managers_table(house: House, open_browser: Open, what: str) -> None:
    evil = '=HYPERLINK("http://example.invalid","x")'
    eve = house.filled.person("@SUM(1+1)*cmd", group=house.quay)
    came = house.filled.attend(eve, "check_in", note=evil, ago=timedelta(hours=3))
    house.filled.attend(eve, "check_out", note="\t=1+1", check_in=came, ago=timedelta(hours=2))
    now = house.filled.database.now().date()
    first, last = (now - timedelta(days=2)).isoformat(), (now + timedelta(days=1)).isoformat()
    asked = {"what": what, "kind": "csv", "first": first, "last": last, "current": PASSWORD}
    answer = send(open_browser(house.manager), "/attendance/export", "/attendance/export", **asked)
    assert answer.status_code == 200
    assert "SUM(1+1)" in answer.text
    for line in answer.text.splitlines():
        for cell in line.replace('"', "").split(","):
            assert not cell.startswith(("=", "@", "\t", "+")), line


HOSTILE = [
    "=1+1",
    "+1",
    "-1+2",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "ok\n=cmd()",
    "ok;=cmd()",
    "\u202eevil=\u202c",
    "\u2066=1\u2069",
    "שלום, =1+1",
    '"; DROP TABLE member; --',
    "]]></t><f>1+1</f>",
    "&lt;&amp;<b>'\"",
    "_x0041_ and _x000D_",
    "\x01\x0b\x1b[31m\x7f\x85",
    "\ufffe\uffff\ufeff",
    "\U0001f4a3" * 900,
    "é" * 2000,
    "a,b\r\nc",
]


def taken(browser: Browser, house: House, kind: str) -> bytes:
    now = house.filled.database.now().date()
    asked = {"first": (now - timedelta(days=2)).isoformat(), "last": (now + timedelta(days=1)).isoformat()}
    path = "/attendance/export"
    answer = send(browser, path, path, what="events", kind=kind, current=PASSWORD, **asked)
    assert answer.status_code == 200
    return bytes(answer.content)


def test_whatever_workers_write_the_files_hold_it_as_words(house: House, open_browser: Open) -> None:
    given = {house.filled.attend(house.ana, "check_in", note=note): note for note in HOSTILE}
    manager = open_browser(house.manager)
    told = {one["event_id"]: one["note"] for one in json.loads(taken(manager, house, "json"))}
    assert told == given, "JSON is what was written, character by character"
    table = list(csv.reader(io.StringIO(taken(manager, house, "csv").decode("utf-8-sig"), newline="")))
    notes = [row[table[0].index("Note")] for row in table[1:]]
    assert len(notes) == len(HOSTILE), "no word parts a row"
    for note in notes:
        for begins in re.split(r"[;\r\n]", note):
            assert not begins.startswith(("=", "+", "-", "@", "\t")), note
    book = load_workbook(io.BytesIO(taken(manager, house, "xlsx")))
    [sheet] = book.worksheets
    heads = [cell.value for cell in sheet[1]]
    cells = [row[heads.index("Note")] for row in sheet.iter_rows(min_row=2)]
    kinds = {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None}
    assert "f" not in kinds, "nothing of it is reckoned"
    back = {unescape(str(cell.value)) for cell in cells}
    assert back == set(HOSTILE)


def test_what_cannot_be_kept_is_refused_with_a_sentence_and_all_else_goes_on(house: House, open_browser: Open) -> None:
    bodies = [
        AttendanceEvent(event_id=str(uuid7()), kind="check_in", note=note, at=moment(house.filled.database.now()))
        for note in ("a\x00b", "x" * 2001, "kept")
    ]
    with house.filled.database.write(house.ana.actor.organization_id) as t:
        lock_member(t, house.ana.actor.member_id)
        results = [
            keep(
                t,
                house.filled.keys,
                house.ana.actor,
                Operation(
                    id=str(uuid7()),
                    kind=ATTENDANCE_RECORD,
                    entity=body.event_id,
                    body=msgspec.Raw(msgspec.json.encode(body)),
                ),
            )
            for body in bodies
        ]
    assert [one.outcome for one in results] == ["rejected", "rejected", "accepted"]
    said = [one.problem.detail for one in results if one.problem is not None]
    assert "invisible character that cannot be kept. Type it anew" in said[0]
    assert "2001 characters; 2000 is the most. Shorten it" in said[1]
    assert [one["note"] for one in json.loads(taken(open_browser(house.manager), house, "json"))] == ["kept"]


def test_years_of_timesheets_are_not_taken_at_once(house: House, open_browser: Open) -> None:
    browser = open_browser(house.ana)
    for first, last in (("2000-01-01", "2026-01-01"), ("0001-01-01", "9999-12-31"), ("2026-01-02", "2026-01-01")):
        asked = {"what": "hours", "kind": "csv", "first": first, "last": last, "current": PASSWORD}
        answer = send(browser, "/me/time/export", "/me/time/export", **asked)
        assert answer.status_code == 400


def test_screens_are_kept_by_no_cache_and_open_only_what_they_are(house: House, open_browser: Open) -> None:
    with house.filled.database.write(house.filled.own) as t:
        code = screens.make(t, house.admin.actor, house.gate, "code", "Door")
        kiosk = screens.make(t, house.admin.actor, house.gate, "kiosk", "Door")
    stranger = open_browser(None)
    for path in (f"/screen/{code}", f"/screen/{code}/code", f"/kiosk/{kiosk}"):
        answer = stranger.get(path)
        assert answer.status_code == 200
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
    for path in (f"/screen/{kiosk}", f"/kiosk/{code}", f"/screen/{code.lower()}x", f"/screen/{'A' * 43}"):
        assert stranger.get(path).status_code == 404
        assert "no-store" in stranger.get(path).headers["cache-control"]


def test_a_form_with_thousands_of_files_opens_a_few(
    house: House, open_browser: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened = []

    class Counted:
        @staticmethod
        def TemporaryFile() -> Any:
            opened.append(1)
            return tempfile.TemporaryFile()

    monkeypatch.setattr(posted, "tempfile", Counted)
    browser = open_browser(house.ana)
    token = token_of(browser.get("/check-in").text)
    parts = [("photos", (f"{n}.jpg", b"x", "image/jpeg")) for n in range(3000)]
    event = "0195d2f0-0000-7000-8000-000000000003"
    data = {"csrf": token, "press": "check_in", "location": house.gate, "event": event}
    for path in ("/check-in", "/me/time/record", f"/me/reports/{event}"):
        opened.clear()
        assert browser.post(path, data=data, files=parts).status_code == 413
        assert len(opened) <= 200


EXTREMES = ("1969-01-01T00:00:00Z", "1969-01-01T00:00:00+14:00", "9000-12-31T23:59:59.999999Z", "0001-01-01T00:00:00Z")
ZONES = ("Pacific/Kiritimati", "Etc/GMT+12", "UTC", "Nowhere/At_all", "../../etc/localtime", "", "x" * 60)


def sent(house: House, person: Person, kind: str, entity: str, body: msgspec.Struct) -> str:
    """What the server answers to an operation that a person's own client made."""
    encoded = msgspec.Raw(msgspec.json.encode(body))
    operation = Operation(id=str(uuid7()), kind=kind, entity=entity, body=encoded)
    with house.filled.database.write(person.actor.organization_id) as t:
        lock_member(t, person.actor.member_id)
        return keep(t, house.filled.keys, person.actor, operation).outcome


def poison(house: House) -> int:
    """What a hostile worker's own client may send of their attendance; how much of it was kept."""
    kept = 0
    for utc in EXTREMES:
        for zone in ZONES:
            for offset in (840, -720):
                at = Moment(utc=utc, offset_minutes=offset, zone=zone, boot_id="b", elapsed_ms=1)
                event_id, ask_id = str(uuid7()), str(uuid7())
                event = AttendanceEvent(event_id=event_id, kind="check_in", location_id=house.gate, at=at)
                end = AttendanceEvent(event_id=str(uuid7()), kind="check_out", check_in_id=event_id, at=at)
                fresh = moment(house.filled.database.now())
                ask = AttendanceAsk(
                    ask_id=ask_id,
                    wants="add",
                    kind="check_in",
                    at=utc,
                    zone=zone,
                    location_id=house.gate,
                    reason="I was there.",
                    asked=fresh,
                )
                change = msgspec.structs.replace(
                    ask, ask_id=str(uuid7()), wants="change", kind=None, supersedes=event_id
                )
                for kind, entity, body in (
                    (ATTENDANCE_RECORD, event_id, event),
                    (ATTENDANCE_RECORD, end.event_id, end),
                    (ATTENDANCE_ASK, ask_id, ask),
                    (ATTENDANCE_ASK, change.ask_id, change),
                ):
                    kept += sent(house, house.ana, kind, entity, body) == "accepted"
    return kept


def test_times_at_the_ends_of_the_calendar_close_no_page_to_anybody(house: House, open_browser: Open) -> None:
    assert poison(house) > 20
    manager, ana = open_browser(house.manager), open_browser(house.ana)
    for browser, pages in (
        (
            manager,
            ("/today", "/attendance", "/attendance?look=yes", "/attendance/corrections", "/attendance/timesheets"),
        ),
        (
            ana,
            ("/me", "/me/time", "/check-in", "/me/time?view=month&on=0001-01-01", "/me/time?view=month&on=9999-12-31"),
        ),
    ):
        for page in pages:
            assert browser.get(page).status_code == 200, page
    asked = {"what": "events", "kind": "csv", "first": "2026-01-01", "last": "2026-12-31", "current": PASSWORD}
    for what in ("events", "hours"):
        answer = send(manager, "/attendance/export", "/attendance/export", **{**asked, "what": what})
        assert answer.status_code == 200
    # Each of what was asked for is decided about, or refused with a sentence.
    asks = re.findall(r"/attendance/corrections/([0-9a-f-]{36})", manager.get("/attendance/corrections").text)
    assert asks
    for ask_id in dict.fromkeys(asks):
        answer = send(
            manager, "/attendance/closings", f"/attendance/corrections/{ask_id}", decision="approved", words="x"
        )
        assert answer.status_code < 500, answer.text[-300:]
    for page in ("/today", "/attendance", "/attendance/corrections"):
        assert manager.get(page).status_code == 200, page


@pytest.mark.parametrize("whose", ["jonas", "stranger"])
def test_a_workers_own_client_touches_nothing_of_others(house: House, open_browser: Open, whose: str) -> None:
    victim: Person = getattr(house, whose)
    event_id = house.filled.attend(victim, "check_in", ago=timedelta(hours=2))
    photo = house.filled.file(victim, jpeg(), "secret.jpg", "image/jpeg")
    before = states(house)
    now = moment(house.filled.database.now())
    for kind, named in (
        ("check_out", {"check_in_id": event_id}),
        ("check_in", {"supersedes": event_id, "reason": "mine"}),
        ("check_in", {"media": (photo,)}),
        ("check_in", {"note": "x" * 2001}),
        ("check_in", {"note": "x" * 2000}),
    ):
        body = AttendanceEvent(event_id=str(uuid7()), kind=kind, at=now, **named)  # type: ignore[arg-type]
        outcome = sent(house, house.ana, ATTENDANCE_RECORD, body.event_id, body)
        # An id that is taken in one organization is free in another, and leads to nothing of it.
        refused = len(body.note) > 2000 or ("media" in named and whose == "jonas")
        assert outcome == ("rejected" if refused else "accepted")
        again = msgspec.structs.replace(body, event_id=event_id, check_in_id=None, supersedes=None)
        outcome = sent(house, house.ana, ATTENDANCE_RECORD, event_id, again)
        assert outcome != "accepted" or whose == "stranger"
    undo = AttendanceCancellation(event_id=str(uuid7()), cancels=event_id, at=now)
    sent(house, house.ana, ATTENDANCE_CANCEL, undo.event_id, undo)
    manager = open_browser(house.manager)
    for wants in ("remove", "change"):
        ask = AttendanceAsk(ask_id=str(uuid7()), wants=wants, supersedes=event_id, at=now.utc, reason="x", asked=now)  # type: ignore[arg-type]
        sent(house, house.ana, ATTENDANCE_ASK, ask.ask_id, ask)
        decide = f"/attendance/corrections/{ask.ask_id}"
        assert send(manager, "/attendance/closings", decide, decision="approved").status_code < 500
    assert states(house) == before
    shown = manager.get("/attendance").text + open_browser(house.ana).get("/me").text
    assert photo.media_id not in shown
    assert victim.name not in shown
