"""Requests made to break the server: each gets an answer that says so, none a server error, and nothing stays behind
that breaks a page later."""

import base64
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from protocol.operations import ATTENDANCE_RECORD, REPORT_REVISE
from server.accounts import web_sessions
from server.storage.database import Database
from server.web.cookies import SESSION
from tests.contract.conftest import House, new_id
from tests.contract.in_process_server import InProcessServer

_TIMEOUT = 30
Send = Callable[[bytes | str], requests.Response]


@pytest.fixture
def send(live: InProcessServer, house: House) -> Iterator[Send]:
    """Posts a sync request of Ana's, as it is."""
    with live.session(house.ana) as session:
        yield lambda body: session.post(f"{live.url}/v1/sync", body, timeout=_TIMEOUT)


def moment(**other: object) -> dict[str, object]:
    return {"utc": "2026-03-02T08:00:00Z", "offset_minutes": 0, "zone": "UTC", "boot_id": "b", "elapsed_ms": 1, **other}


def revision(**other: object) -> dict[str, Any]:
    return {"instance_id": new_id(), "revision_id": new_id(), "title": "t", "text": "x", "written": moment(), **other}


def request(body: dict[str, Any], kind: str = REPORT_REVISE) -> str:
    entity = body.get("instance_id") or body.get("event_id")
    return json.dumps({"operations": [{"id": new_id(), "kind": kind, "entity": entity, "body": body}]})


def test_nesting_deeper_than_the_stack_is_unreadable_and_no_fault_of_the_server(send: Send) -> None:
    assert send(b'{"x":' + b"[" * 200_000 + b"]" * 200_000 + b"}").status_code == 400
    # Near the depth where the envelope can just be read, its bodies, read deeper in the stack, cannot.
    for depth in range(860, 1000, 4):
        answer = send(request(revision(deep="HERE")).replace('"HERE"', "[" * depth + "]" * depth))
        assert answer.status_code in {200, 400}, depth
        assert answer.headers["Content-Type"].startswith("application/"), depth


FORGED = ['0,0,-8,""', '0,0,-1,""', f'0,0,{"9" * 30},""', '0,0,4,"\\u0000"', "-1,0", f"0,{2**63}", '0,0,6,"~"']


def test_a_forged_cursor_begins_anew_or_shows_ones_own_only(
    send: Send, database: Database, house: House, build_house: Callable[[str], House]
) -> None:
    build_house("Other Works")
    for rest in FORGED:
        forged = base64.urlsafe_b64encode(f'["{database.fact("feed_epoch")}",{rest}]'.encode()).decode()
        answer = send(json.dumps({"cursor": forged}))
        assert answer.status_code == 200, (rest, answer.text)
        changes = answer.json().get("changes", [])
        assert {change["entity"] for change in changes if change["kind"] == "location"} <= {house.gate, house.closed}


UNSHOWABLE: list[dict[str, object]] = [
    {"utc": "0001-01-01T00:00:00Z"},
    {"utc": "0001-01-01T00:00:00+23:59"},
    {"utc": "9999-12-31T23:59:59.999Z"},
    {"utc": "9999-12-31T23:59:59Z", "confirmed_utc": "2026-03-02T08:00:00Z", "confirmed_elapsed_ms": 0},
    {"confirmed_utc": "9999-12-31T23:59:59Z", "confirmed_elapsed_ms": 0},
    {"confirmed_utc": "2026-03-02T08:00:00Z", "confirmed_elapsed_ms": 0, "elapsed_ms": 2**52},
    {"offset_minutes": 2**31},
    {"offset_minutes": -1440},
    {"skew_ms": 2**63},
]


def test_a_time_that_no_page_could_show_is_refused(send: Send) -> None:
    for readings in UNSHOWABLE:
        for body, kind in (
            (revision(written=moment(**readings)), REPORT_REVISE),
            ({"event_id": new_id(), "kind": "check_in", "at": moment(**readings)}, ATTENDANCE_RECORD),
        ):
            [result] = send(request(body, kind)).json()["results"]
            assert result["outcome"] == "rejected", readings
            assert result["problem"]["type"].endswith(":bad-time"), readings


def test_a_clock_that_was_never_set_is_no_reason_to_refuse_a_check_in(send: Send) -> None:
    for offset in (-1439, 1439):
        at = moment(utc="1970-01-01T00:00:00Z", offset_minutes=offset)
        body = {"event_id": new_id(), "kind": "check_in", "at": at}
        [result] = send(request(body, ATTENDANCE_RECORD)).json()["results"]
        assert result["outcome"] == "accepted"


def test_an_address_with_a_nul_is_an_unknown_one(live: InProcessServer, database: Database, house: House) -> None:
    with database.write(house.organization_id) as t:
        secret = web_sessions.begin(t, house.admin).secret
    cookies = {SESSION.name(secure=False): secret}
    assert requests.get(f"{live.url}/people", cookies=cookies, timeout=_TIMEOUT).status_code == 200
    paths = ["/static/%00", "/static/a%00.css", "/%00", "/media/%00", "/people/%00", "/locations/%00", "/reports/%00"]
    for path in (*paths, "/reports?location=%00", "/reports?member=%00", "/attendance?group=%00", "/people?x=%00"):
        answer = requests.get(live.url + path, cookies=cookies, timeout=_TIMEOUT)
        assert answer.status_code in {404, 405}, path


def test_a_nul_in_a_form_is_not_understood(live: InProcessServer) -> None:
    with requests.Session() as browser:
        found = re.search(r'name="csrf" value="([^"]+)"', browser.get(f"{live.url}/sign-in", timeout=_TIMEOUT).text)
        assert found is not None
        for field in ("email", "password", "return_to"):
            form = {"csrf": found[1], "email": "a@b.invalid", "password": "x", field: "a\0b"}
            assert browser.post(f"{live.url}/sign-in", form, timeout=_TIMEOUT).status_code == 400, field
