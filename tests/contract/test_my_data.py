"""Everything about a member in one file: all of theirs, nothing of others, no secret, and not in memory at once."""

import io
import json
import tracemalloc
import zipfile
from pathlib import Path
from typing import Any

import pytest

from protocol.privacy import ErasureAsked
from server.access import broken_at
from server.accounts import enrolment, members, pins
from server.accounts.web_sessions import begin
from server.member_data import requests as erasure
from server.member_data.collecting import SECTIONS, WITHHELD
from server.member_data.handing_over import hand_over
from server.policy_texts import publishing, reading
from server.problems import ProblemError
from server.storage.database import Actor, Database
from server.storage.objects import Objects
from server.storage.tables import access_grant, access_record, metadata, operation
from tests.contract import operations as make
from tests.contract.conftest import House, new_id
from tests.contract.in_process_server import InProcessServer
from tests.contract.test_event_photos import Desk
from tests.contract.test_event_photos import desk as desk  # noqa: PLC0414 - the same fixture

PASSWORD = "correct horse battery staple"


def _package(database: Database, objects: Objects, actor: Actor) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(b"".join(hand_over(database, objects, actor))))


def _rows(package: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(package.read(f"{name}.json"))
    return rows


def test_no_table_that_names_a_member_is_forgotten() -> None:
    covered = {section.table.name for section in SECTIONS} | set(WITHHELD)
    for table in metadata.sorted_tables:
        of_a_member = any(key.column.table.name == "member" for column in table.c for key in column.foreign_keys)
        if of_a_member:
            assert table.name in covered, f"{table.name} names a member and is neither handed out nor withheld"
    assert len({section.name for section in SECTIONS}) == len(SECTIONS)


def _fill(desk: Desk, number: str = "101") -> tuple[bytes, str]:
    """Ana has some of everything; the bytes of her photo, and the report's id."""
    house, now = desk.house, desk.clock.now
    content = b"a photo of Ana" * 1000
    photo = make.photo(content, "pump: 3.jpg")
    body = make.revision(now, "Ana's report", media=(photo,), location_id=house.gate)
    _, check_in = desk.check_in(note="Ana's note")
    desk.sync(make.revise(body), check_in, make.comment(body.instance_id, "Ana's comment", now))
    desk.upload(photo, content)
    publishing.begin(desk.database, "# Who\n\nWe do.")
    with desk.database.write(house.organization_id) as t:
        t.insert(access_grant, grant_id=new_id(), member_id=house.admin.member_id, role="admin", created=t.now_text)
        members.set_password(t, house.admin, house.ana.member_id, PASSWORD)
        pins.give(t, house.admin, house.ana.member_id, number, "4826")
        begin(t, house.ana)
        enrolment.issue(t, house.admin, house.ana.member_id)
        reading.answer(t, house.ana, 1, "accepted")
        erasure.ask(t, house.ana, ErasureAsked(request_id=new_id(), wish="Ana's wish"))
    return content, body.instance_id


def test_everything_of_hers_and_nothing_of_others(desk: Desk, house: House) -> None:
    content, instance_id = _fill(desk)
    other = Desk(desk.database, desk.objects, _as(house, house.ben), desk.clock, desk.keys)
    _fill(other, "102")
    with _package(desk.database, desk.objects, house.ana) as package:
        assert package.testzip() is None
        assert [row["title"] for row in _rows(package, "reports-versions")] == ["Ana's report"]
        assert _rows(package, "reports")[0]["instance_id"] == instance_id
        assert _rows(package, "reports-comments")[0]["text"] == "Ana's comment"
        assert _rows(package, "attendance")[0]["note"] == "Ana's note"
        assert {row["kind"] for row in _rows(package, "as-it-was-sent")} == {
            "report.revise",
            "report.comment",
            "attendance.record",
        }
        assert _rows(package, "as-it-was-sent")[0]["body"] is not None
        assert _rows(package, "erasure-requests")[0]["wish"] == "Ana's wish"
        assert [row["how"] for row in _rows(package, "policy-answers")] == ["accepted"]
        assert len(_rows(package, "receipts")) == 1
        assert {"password", "enrol"} <= {row["action"] for row in _rows(package, "access-log")}
        assert {row["name"] for row in _rows(package, "people")} >= {"Ana", "Admin"}
        [file] = [name for name in package.namelist() if name.startswith("files/")]
        assert file.endswith(" pump_ 3.jpg")
        assert package.read(file) == content
        everything = b"".join(package.read(name) for name in package.namelist())
        for name, why in WITHHELD.items():
            assert f"- {name}: {why}".encode() in package.read("README.txt")
    assert b"Ben" not in everything
    assert house.ben.member_id.encode() not in everything
    for secret in (b"argon2", b"secret_sha256", b"csrf", b"password_hash", b"pin_hash", b"code_sha256"):
        assert secret not in everything, secret


def _as(house: House, actor: Actor) -> House:
    """The same house with somebody else in Ana's place."""
    return House(house.organization_id, actor, house.ana, house.manager, house.admin, house.gate, house.closed)


def test_taking_it_is_in_the_access_log_and_one_at_a_time(desk: Desk, house: House) -> None:
    taking = hand_over(desk.database, desk.objects, house.ana)
    next(taking)
    with pytest.raises(ProblemError):
        hand_over(desk.database, desk.objects, house.ana)
    taking.close()
    assert b"".join(hand_over(desk.database, desk.objects, house.ana))
    with desk.database.read(house.organization_id) as t:
        rows = t.all(t.select(access_record).where(access_record.c.action == "export"))
        assert {(row.actor, row.subject_id, row.detail) for row in rows} == {
            (house.ana.member_id, house.ana.member_id, "everything")
        }
        assert len(rows) == 2
        assert broken_at(t) is None


def test_a_file_that_was_lost_is_named(desk: Desk, house: House, tmp_path: Path) -> None:
    _fill(desk)
    for one in (tmp_path / "media").rglob("*"):
        if one.is_file():
            one.unlink()
    with _package(desk.database, desk.objects, house.ana) as package:
        assert b"pump_ 3.jpg" in package.read("files/not-included.txt")


def test_what_is_large_is_not_in_memory_at_once(desk: Desk, house: House) -> None:
    text = b'"' + b"x" * 200_000 + b'"'
    with desk.database.write(house.organization_id) as t:
        t.insert_all(
            operation,
            (
                {
                    "operation_id": new_id(),
                    "member_id": house.ana.member_id,
                    "kind": "report.revise",
                    "entity": new_id(),
                    "body_sha256": "",
                    "body": text,
                    "outcome": "accepted",
                    "received": t.now_text,
                }
                for _ in range(300)
            ),
        )
    size = 300 * len(text)
    tracemalloc.start()
    try:
        pieces = [len(piece) for piece in hand_over(desk.database, desk.objects, house.ana)]
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert max(pieces) < 4 * 1024 * 1024
    assert peak < size * 0.75


def test_over_the_wire(live: InProcessServer, house: House) -> None:
    with live.session(house.ana) as session:
        reply = session.get(f"{live.url}/v1/me/data", timeout=30)
    assert (reply.status_code, reply.headers["content-type"]) == (200, "application/zip")
    with zipfile.ZipFile(io.BytesIO(reply.content)) as package:
        [account] = _rows(package, "account")
        assert (account["name"], "password_hash" in account) == ("Ana", False)
        [app] = _rows(package, "sign-ins-of-apps")
        assert app["client_id"] == "miratag-desktop"
