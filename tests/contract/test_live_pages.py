"""Open pages are told that something changed, by whichever process it was committed; and nothing else, and no longer
than somebody is signed in."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import msgspec
import psycopg
import pytest
import requests
from litestar.response import ServerSentEventMessage

from protocol.sync import SyncRequest
from server.accounts import groups, members, web_sessions
from server.accounts.web_sessions import Begun
from server.founding import operator_of
from server.reports.listing import ReportFilter, count_states
from server.storage import hearing, notices
from server.storage.database import Actor, Database
from server.storage.notices import Notice
from server.web import live as live_pages
from server.web.live import Streams
from server.web.session import Session
from tests.contract import operations as make
from tests.contract.conftest import Clock, House
from tests.contract.in_process_server import InProcessServer, serving

_SECONDS = 20
_LISTENING = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%%'"


class Page:
    """One open page: what the server tells it."""

    def __init__(self, server: InProcessServer, begun: Begun) -> None:
        cookies = {"miratag": begun.secret}
        self.answer = requests.get(f"{server.url}/live", cookies=cookies, stream=True, timeout=_SECONDS)
        self._lines = self.answer.iter_lines(chunk_size=1)

    def next(self) -> str | None:
        """The next line that says something; None when the answer has ended."""
        passed = (line.decode() for line in self._lines)
        return next((line for line in passed if line and not line.startswith((":", "retry:"))), None)

    def close(self) -> None:
        """Close the page."""
        self.answer.close()


def heard_by(server: InProcessServer, replicas: int) -> list[int]:
    """Wait until so many connections listen to PostgreSQL; their process ids."""
    deadline = time.monotonic() + _SECONDS
    while time.monotonic() < deadline:
        with server.database.server_wide() as connection:
            pids = [int(pid) for pid in connection.exec_driver_sql(_LISTENING).scalars()]
        if len(pids) == replicas:
            return pids
        time.sleep(0.02)  # another program's state: there is nothing to wait on
    raise AssertionError(f"{replicas} should listen")


@pytest.fixture
def other(live: InProcessServer, tmp_path: Path, database_url: str) -> Iterator[InProcessServer]:
    """Another replica. SQLite is for one process, so that there it is the same one."""
    if live.database.dialect == "sqlite":
        yield live
        return
    with serving(tmp_path / "replica", database_url) as server:
        heard_by(live, 2)
        yield server


@pytest.fixture
def cares(live: InProcessServer, house: House) -> None:
    """The manager looks after everybody."""
    with live.database.write(house.organization_id) as t:
        groups.give(t, operator_of(house.organization_id), house.manager.member_id)


@pytest.fixture
def opened(live: InProcessServer, cares: None) -> Iterator[Callable[[Begun], Page]]:
    """Opens pages at the first replica."""
    pages: list[Page] = []

    def open_page(begun: Begun) -> Page:
        page = Page(live, begun)
        pages.append(page)
        return page

    yield open_page
    for page in pages:
        page.close()


def begin(server: InProcessServer, actor: Actor) -> Begun:
    """Sign a browser in."""
    with server.database.write(actor.organization_id) as t:
        return web_sessions.begin(t, actor)


def file_report(server: InProcessServer, actor: Actor, clock: Clock) -> None:
    """What the app sends."""
    body = msgspec.json.encode(SyncRequest(cursor=None, operations=(make.revise(make.revision(clock.now)),)))
    with server.session(actor) as session:
        answer = session.post(f"{server.url}/v1/sync", body, timeout=_SECONDS)
        assert [one["outcome"] for one in answer.json()["results"]] == ["accepted"]


def test_what_one_replica_commits_is_heard_at_another(
    live: InProcessServer, other: InProcessServer, opened: Callable[[Begun], Page], house: House, clock: Clock
) -> None:
    page = opened(begin(live, house.manager))
    assert page.answer.headers["content-type"].startswith("text/event-stream")
    assert "default-src 'self'" in page.answer.headers["content-security-policy"]
    for _ in range(2):
        file_report(other, house.ana, clock)
        assert page.next() == "data: changed"
    assert len(live.application.state.streams) == 1


def test_what_was_undone_or_is_another_organizations_is_not_told(
    live: InProcessServer,
    other: InProcessServer,
    opened: Callable[[Begun], Page],
    build_house: Callable[[str], House],
    house: House,
) -> None:
    stranger = build_house("Another Company")
    told = {one: opened(begin(live, one.manager)) for one in (house, stranger)}
    with suppress(ZeroDivisionError), other.application.state.database.write(house.organization_id) as t:
        t.notices.add(Notice.CHANGED)
        raise ZeroDivisionError
    change(other, stranger)
    assert told[stranger].next() == "data: changed"
    sign_out_everywhere(other, house.manager)
    # Its own end is the first that the other page is told of.
    assert [told[house].next() for _ in range(3)] == ["event: ended", "data: over", None]


def change(server: InProcessServer, house: House) -> None:
    """Commit something that is told, as this server does."""
    change_by(server.application.state.database, house)


def change_by(database: Database, house: House) -> None:
    with database.write(house.organization_id) as t:
        t.notices.add(Notice.CHANGED)


def sign_out_everywhere(server: InProcessServer, actor: Actor) -> None:
    """Sign every browser of a person out, as this server does."""
    with server.application.state.database.write(actor.organization_id) as t:
        web_sessions.end_all(t, actor.member_id)


@pytest.mark.parametrize("how", ["signs out", "is deactivated"])
def test_the_stream_ends_with_the_session(
    live: InProcessServer, other: InProcessServer, opened: Callable[[Begun], Page], house: House, how: str
) -> None:
    begun, kept = begin(live, house.manager), begin(live, house.admin)
    page, stays = opened(begun), opened(kept)
    if how == "signs out":
        cookies = {"miratag": begun.secret}
        requests.post(
            f"{other.url}/sign-out",
            data={"csrf": begun.csrf},
            cookies=cookies,
            timeout=_SECONDS,
            allow_redirects=False,
        ).raise_for_status()
    else:
        with other.application.state.database.write(house.organization_id) as t:
            members.deactivate(t, operator_of(house.organization_id), house.manager.member_id)
    assert [page.next() for _ in range(3)] == ["event: ended", "data: over", None]
    assert Page(live, begun).answer.url.startswith(f"{live.url}/sign-in")
    change(live, house)
    assert stays.next() == "data: changed"


def test_who_looks_after_nobody_is_not_told(live: InProcessServer, house: House) -> None:
    with closing(Page(live, begin(live, house.ana))) as page:
        assert page.answer.status_code == 404
    assert Page(live, Begun(secret="x" * 43, csrf="")).answer.url.startswith(f"{live.url}/sign-in")
    assert len(live.application.state.streams) == 0


@pytest.mark.usefixtures("cares")
def test_who_looks_after_others_learns_no_numbers(
    live: InProcessServer, opened: Callable[[Begun], Page], house: House, clock: Clock
) -> None:
    with live.database.write(house.organization_id) as t:
        operator = operator_of(house.organization_id)
        group_id = groups.add(t, operator, "Yard")
        new = members.NewMember(name="Yara", email="yara@example.invalid", role="manager")
        yara = Actor(house.organization_id, members.add(t, operator, new), "manager")
        groups.give(t, operator, yara.member_id, group_id=group_id)
    begun, all_seen = begin(live, yara), begin(live, house.manager)
    page = opened(begun)

    def shown(path: str, who: Begun) -> str:
        return requests.get(f"{live.url}{path}", cookies={"miratag": who.secret}, timeout=_SECONDS).text

    address = "/reports/counts?opened=2026-01-01T00:00:00.000Z&known=0"
    before = [shown(path, begun) for path in (address, "/today/in")]
    file_report(live, house.ana, clock)
    assert page.next() == "data: changed"
    assert [shown(path, begun) for path in (address, "/today/in")] == before
    assert "1 new report came in." in shown(address, all_seen)


def test_what_may_no_longer_be_seen_goes_from_open_pages(
    live: InProcessServer, other: InProcessServer, opened: Callable[[Begun], Page], house: House, clock: Clock
) -> None:
    file_report(live, house.ana, clock)
    page = opened(begin(live, house.manager))
    database: Database = other.application.state.database
    with database.read(house.organization_id) as t:
        [grant] = groups.grants_of(t, operator_of(house.organization_id), house.manager.member_id)
        assert sum(count_states(t, house.manager, ReportFilter()).values()) == 1
    with database.write(house.organization_id) as t:
        groups.take(t, operator_of(house.organization_id), grant.grant_id)
        assert sum(count_states(t, house.manager, ReportFilter()).values()) == 0
    assert page.next() == "data: changed"


def test_there_are_never_too_many(
    live: InProcessServer, opened: Callable[[Begun], Page], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    streams: Streams = live.application.state.streams
    begun = begin(live, house.manager)
    pages = [opened(begun) for _ in range(live_pages.PER_SESSION + 1)]
    assert [pages[0].next() for _ in range(3)] == ["event: ended", "data: many", None]
    assert len(streams) == live_pages.PER_SESSION
    monkeypatch.setattr(live_pages, "IN_ALL", live_pages.PER_SESSION)
    opened(begin(live, house.admin))
    assert [pages[1].next() for _ in range(3)] == ["event: ended", "data: many", None]
    assert len(streams) == live_pages.PER_SESSION
    for page in pages:
        page.close()
    # The next word finds that nobody is there.
    monkeypatch.setattr(live_pages, "REST", 0.0)
    change(live, house)


def test_waiting_holds_no_connection_to_the_database(
    live: InProcessServer, opened: Callable[[Begun], Page], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_pages, "PER_SESSION", 100)
    begun = begin(live, house.manager)
    pages = [opened(begun) for _ in range(45)]  # five more than the pool has connections
    change(live, house)
    assert {page.next() for page in pages} == {"data: changed"}
    if live.database.dialect == "postgresql":
        with live.database.server_wide() as connection:
            waiting = "SELECT count(*) FROM pg_stat_activity WHERE state = 'idle in transaction'"
            assert connection.exec_driver_sql(f"{waiting} AND pid <> pg_backend_pid()").scalar() == 0


def test_one_that_takes_nothing_is_remembered_one_word(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_pages, "REST", 0.0)
    monkeypatch.setattr(live_pages, "HEARTBEAT", 0.05)
    with database.write(house.organization_id) as t:
        begun = web_sessions.begin(t, house.manager)
    session = Session(
        actor=house.manager, name="", email="", organization="", csrf="", confirmed=False, secret=begun.secret
    )

    async def take() -> list[Any]:
        streams = Streams(database)
        stream = streams.take(session)
        events = stream.events()
        sent: list[ServerSentEventMessage] = [await anext(events)]
        for _ in range(10_000):
            database.notices.tell(house.organization_id, Notice.CHANGED)
        sent += [await anext(events) for _ in range(3)]
        streams.end_all()
        sent += [one async for one in events]
        # What comes when the server stops already does not keep it.
        late = streams.take(session)
        assert len([one async for one in late.events()]) == 1
        return [one.data or one.comment for one in sent]

    assert asyncio.run(take()) == ["open", "changed", "still here", "still here"]


@pytest.mark.usefixtures("other")
def test_of_many_commits_at_once_the_first_and_the_last_are_told(
    live: InProcessServer, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Commits that send a notice wait for the disk one after the other."""
    if live.database.dialect == "sqlite":
        pytest.skip("no other process is told")
    monkeypatch.setattr(notices, "TOGETHER", 4.0)
    with psycopg.connect(**live.database.connect_arguments(), autocommit=True) as listening:
        listening.execute(f"LISTEN {Notice.CHANGED.value}")
        for _ in range(20):
            change(live, house)
        told = [one.payload for one in listening.notifies(timeout=_SECONDS, stop_after=2)]
        assert told == [house.organization_id] * 2
        assert not live.application.state.database.sending.take()
        # Without anybody who sends what is owed, as on the command line, each commit does.
        for _ in range(3):
            change_by(live.database, house)
            assert next(listening.notifies(timeout=_SECONDS)).payload == house.organization_id


@pytest.mark.usefixtures("other")
def test_a_line_that_breaks_is_opened_again_and_pages_look(
    live: InProcessServer,
    opened: Callable[[Begun], Page],
    house: House,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    if live.database.dialect == "sqlite":
        pytest.skip("nothing is listened to")
    monkeypatch.setattr(hearing, "FIRST_PAUSE", 0.05)
    page = opened(begin(live, house.manager))
    before = heard_by(live, 2)
    with live.database.server_wide() as connection:
        for pid in before:
            assert connection.exec_driver_sql("SELECT pg_terminate_backend(%s)", (pid,)).scalar()
    assert page.next() == "data: changed"
    assert not set(heard_by(live, 2)) & set(before)
    change(live, house)
    assert page.next() == "data: changed"
    assert "stand still for now" in caplog.text
