"""Whoever asks for an export and then takes nothing of it, without hanging up, soon holds nothing any more."""

import re
import socket
from collections.abc import Iterator
from urllib.parse import urlencode

import pytest
import requests

from server import outgoing
from server.accounts import groups, members
from server.accounts.members import NewMember
from server.founding import operator_of
from server.storage import lines
from server.storage.database import Actor, Database
from server.web import exporting
from tests.contract.conftest import House
from tests.contract.in_process_server import InProcessServer
from tests.many_reports import fill

PASSWORD = "correct horse battery"
REPORTS = 8_000
"""More than lies between two programs of one machine."""


@pytest.fixture
def member_id(database: Database, house: House) -> str:
    """A manager who may export, with many reports."""
    with database.write(house.organization_id) as t:
        operator = operator_of(house.organization_id)
        new = NewMember(name="Big", email="big@example.invalid", role="manager", password=PASSWORD)
        found = members.add(t, operator, new)
        groups.give(t, operator, found)
    fill(database, house.organization_id, [Actor(house.organization_id, found, "manager")], [None], REPORTS)
    return found


@pytest.fixture
def stalled(live: InProcessServer, member_id: str) -> Iterator[socket.socket]:
    """A connection over which an export was asked for, and has begun to come."""
    with requests.Session() as session:
        session.trust_env = False
        fields = {"csrf": _token(session.get(f"{live.url}/sign-in", timeout=20).text), "password": PASSWORD}
        fields["email"] = "big@example.invalid"
        assert session.post(f"{live.url}/sign-in", data=fields, timeout=20).status_code == 200
        csrf = _token(session.get(f"{live.url}/reports/export", timeout=20).text)
        cookies = "; ".join(f"{name}={value}" for name, value in session.cookies.items())
    live.wait_until_idle()
    body = urlencode({"csrf": csrf, "query": "", "kind": "json"})
    lines = ["POST /reports/export HTTP/1.1", f"Host: 127.0.0.1:{live.port}", f"Cookie: {cookies}"]
    lines += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}", "", body]
    with socket.socket() as connection:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.settimeout(20)
        connection.connect(("127.0.0.1", live.port))
        connection.sendall("\r\n".join(lines).encode())
        assert connection.recv(1024).startswith(b"HTTP/1.1 200")
        yield connection


def _token(page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', page)
    assert found is not None, page
    return found[1]


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outgoing, "PATIENCE", 1.0)
    monkeypatch.setattr(outgoing, "SLOWEST", 1_000_000)


def _nobody_reads_an_old_moment(database: Database) -> bool:
    with database.server_wide() as connection:
        if database.dialect == "postgresql":
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"
            return connection.exec_driver_sql(f"{waiting} AND pid <> pg_backend_pid()").scalar() == 0
        connection.exec_driver_sql("COMMIT")
        busy = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0]
        connection.exec_driver_sql("BEGIN")
        return bool(busy == 0)


@pytest.mark.usefixtures("stalled")
def test_a_stalled_export_gives_back_its_turn_and_its_transaction(
    live: InProcessServer, member_id: str, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    live.wait_until_idle()
    with exporting.turns.take(member_id), exporting.turns.take(member_id):
        pass
    assert _nobody_reads_an_old_moment(database)
    assert [record.name for record in caplog.records if record.name.startswith("server.")] == ["server.outgoing"]


def test_postgresql_ends_a_transaction_that_was_forgotten(database: Database) -> None:
    if database.dialect != "postgresql":
        pytest.skip("SQLite has no such bound; its transactions are this process's own")
    with database.server_wide() as connection:
        said = connection.exec_driver_sql("SHOW idle_in_transaction_session_timeout").scalar()
    assert said == f"{lines._IDLE_MS // 60_000}min"
