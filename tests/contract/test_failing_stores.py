"""A database or an object store that fails for a while: the caller is asked to wait, nothing is half kept, and once it
is well again the same request goes through."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec
import pytest
import requests
from sqlalchemy import event
from sqlalchemy.engine import Engine, make_url

from protocol.sync import Operation, SyncRequest
from server.storage import database as database_module
from server.storage.database import Database
from server.storage.tables import upload_part
from tests.contract import operations as make
from tests.contract.conftest import Clock, House
from tests.contract.in_process_server import InProcessServer
from tests.contract.test_media import PIECE, TUS, _create

_TIMEOUT = 30


@pytest.fixture
def ana(live: InProcessServer, house: House) -> Iterator[requests.Session]:
    """Ana's client."""
    with live.session(house.ana) as session:
        yield session


def sync(live: InProcessServer, session: requests.Session, *sent: Operation) -> requests.Response:
    body = msgspec.json.encode(SyncRequest(operations=sent))
    return session.post(f"{live.url}/v1/sync", body, timeout=_TIMEOUT)


def asked_to_wait(caplog: pytest.LogCaptureFixture, answer: requests.Response, status: int) -> bool:
    assert "the store is" in caplog.text  # for the operator
    patience = int(answer.headers.get("Retry-After", "0"))
    problem = answer.headers["Content-Type"].startswith("application/problem+json")
    return answer.status_code == status and patience > 0 and problem


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite waits a moment for a lock and not ten seconds. Before `live`."""
    monkeypatch.setattr(database_module, "_SQLITE_BUSY_MS", 50)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_locked_database_asks_for_patience(
    *,
    impatient: None,  # before the server opens the database
    live: InProcessServer,
    ana: requests.Session,
    clock: Clock,
    database_url: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sent = make.revise(make.revision(clock.now))
    sync(live, ana)
    with closing(sqlite3.connect(make_url(database_url).database or "", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE").close()
        assert asked_to_wait(caplog, sync(live, ana, sent), 503)
        other.execute("ROLLBACK").close()
    assert sync(live, ana, sent).json()["results"] == [{"id": sent.id, "outcome": "accepted"}]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_full_disk_keeps_nothing_and_says_so(
    live: InProcessServer, ana: requests.Session, clock: Clock, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    def no_more_pages(connection: Any, _record: object, _proxy: object) -> None:
        with closing(connection.execute("PRAGMA page_count")) as pages:
            connection.execute(f"PRAGMA max_page_count = {pages.fetchone()[0]}").close()

    def endless(connection: Any, _record: object) -> None:
        connection.execute("PRAGMA max_page_count = 1073741823").close()

    large = make.revise(msgspec.structs.replace(make.revision(clock.now), text="x" * 60_000))
    sync(live, ana)
    event.listen(Engine, "checkout", no_more_pages)
    event.listen(Engine, "checkin", endless)
    try:
        assert asked_to_wait(caplog, sync(live, ana, large, make.revise(make.revision(clock.now))), 507)
    finally:
        event.remove(Engine, "checkout", no_more_pages)
    assert sync(live, ana, large).json()["results"] == [{"id": large.id, "outcome": "accepted"}]
    event.remove(Engine, "checkin", endless)
    assert database.ready()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_media_store_that_does_not_write_loses_no_byte(
    live: InProcessServer, ana: requests.Session, clock: Clock, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    content = b"pump" * 1000
    location = _create(live, ana, make.photo(content)).headers["Location"]
    folder, aside = tmp_path / "data" / "media", tmp_path / "aside"
    folder.rename(aside)
    folder.write_text("in the way of everything")
    assert asked_to_wait(
        caplog, ana.patch(location, content, headers={**PIECE, "Upload-Offset": "0"}, timeout=_TIMEOUT), 503
    )
    folder.unlink()
    aside.rename(folder)
    assert ana.head(location, headers=TUS, timeout=_TIMEOUT).headers["Upload-Offset"] == "0"
    assert ana.patch(location, content, headers={**PIECE, "Upload-Offset": "0"}, timeout=_TIMEOUT).status_code == 204


def test_a_lost_part_means_once_more_from_the_start(
    live: InProcessServer, ana: requests.Session, house: House, clock: Clock, database: Database
) -> None:
    content = b"pump" * 1000
    entry = make.photo(content)
    location = _create(live, ana, entry).headers["Location"]
    ana.patch(location, content[:100], headers={**PIECE, "Upload-Offset": "0"}, timeout=_TIMEOUT)
    with database.read(house.organization_id) as t:
        live.objects.delete(t.scalar(t.select(upload_part, upload_part.c.object_key)))
    last = ana.patch(location, content[100:], headers={**PIECE, "Upload-Offset": "100"}, timeout=_TIMEOUT)
    assert last.status_code == 410
    assert ana.head(location, headers=TUS, timeout=_TIMEOUT).status_code == 404
    anew = _create(live, ana, entry).headers["Location"]
    assert ana.patch(anew, content, headers={**PIECE, "Upload-Offset": "0"}, timeout=_TIMEOUT).status_code == 204
    assert ana.get(f"{live.url}/v1/media/{entry.media_id}/content", timeout=_TIMEOUT).content == content


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_database_that_hangs_up_asks_for_patience(
    *,
    live: InProcessServer,
    ana: requests.Session,
    clock: Clock,
    database_url: str,
    request: pytest.FixtureRequest,
    caplog: pytest.LogCaptureFixture,
) -> None:
    name = make_url(database_url).database
    sync(live, ana)
    with request.getfixturevalue("cluster").superuser() as connection:
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        connection.execute("SELECT pg_terminate_backend(pid, 20000) FROM pg_stat_activity WHERE datname = %s", (name,))
        sent = make.revise(make.revision(clock.now))
        assert asked_to_wait(caplog, sync(live, ana, sent), 503)
        connection.execute(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert sync(live, ana, sent).json()["results"] == [{"id": sent.id, "outcome": "accepted"}]
