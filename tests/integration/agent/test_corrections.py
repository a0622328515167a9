"""Attendance is corrected: through the agent, against a real server with its manager in a browser. Both ends then have
the same hours."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agent.api import (
    CorrectAttendance,
    Corrected,
    FinishSession,
    ListNews,
    RecordAttendance,
    ShowTimesheet,
    Timesheet,
    WithdrawAsk,
)
from rules.clock import format_utc, parse_utc
from server.attendance.worksheets import timesheet
from server.founding import organizations
from server.storage.database import Database
from tests.integration.agent.at_work import AtWork, at_work
from tests.integration.agent.manager_at_work import ManagerAtWork, manager_at_work
from tests.live_server import LiveServer

FIRST, LAST = (datetime.now(UTC).date() - timedelta(days=3), datetime.now(UTC).date() + timedelta(days=1))


@pytest.fixture
def server(tmp_path: Path) -> Iterator[LiveServer]:
    """A server of its own: what is decided about here stays decided."""
    with LiveServer.start(tmp_path) as started:
        yield started


@pytest.fixture
def worker(server: LiveServer, tmp_path: Path) -> Iterator[AtWork]:
    with at_work(tmp_path / "p", server) as one:
        one.sync()
        yield one


@pytest.fixture
def manager(server: LiveServer) -> Iterator[ManagerAtWork]:
    with manager_at_work(server) as one:
        yield one


def sheet(work: AtWork) -> Timesheet:
    shown: Timesheet = work.look(ShowTimesheet(account=work.account, first=FIRST.isoformat(), last=LAST.isoformat()))
    return shown


def on_the_server(server: LiveServer, work: AtWork) -> list[tuple[str, int, str | None]]:
    """The worker's sessions there: check-in, seconds, end."""
    database = Database(f"sqlite:///{server.data / 'miratag.db'}")
    try:
        with database.read(organizations(database)[0]) as t:
            found = timesheet(t, work.account.partition("/")[2], FIRST, LAST)
    finally:
        database.close()
    return sorted(
        (one.session.check_in_id, one.seconds, format_utc(one.session.end) if one.session.end else None)
        for one in found
    )


def here(work: AtWork) -> list[tuple[str, int, str | None]]:
    return sorted((one.check_in_id, one.seconds, one.end) for day in sheet(work).days for one in day.sessions)


def correct(work: AtWork, **more: object) -> Corrected:
    done: Corrected = work.do(CorrectAttendance(account=work.account, reason="Typed late.", **more))  # type: ignore[arg-type]
    return done


def test_asked_decided_and_the_same_on_both_ends(server: LiveServer, worker: AtWork, manager: ManagerAtWork) -> None:
    place = worker.locations()[0].location_id
    check_in = worker.do(RecordAttendance(account=worker.account, kind="check_in", location_id=place)).event_id
    check_out = worker.do(RecordAttendance(account=worker.account, kind="check_out")).event_id
    assert worker.sync().waiting == 0
    assert here(worker) == on_the_server(server, worker)

    earlier = parse_utc(sheet(worker).days[0].sessions[0].start) - timedelta(hours=2)
    direct = correct(worker, wants="change", event_id=check_in, at=format_utc(earlier))
    assert not direct.asked
    removal = correct(worker, wants="remove", event_id=check_out)
    assert removal.asked
    before = here(worker)
    assert before[0][1] >= 7200
    assert worker.sync().waiting == 0
    assert here(worker) == on_the_server(server, worker) == before
    assert [one.state for one in sheet(worker).asks] == ["asked"]

    manager.decide_correction(removal.item_id, "approved", "As you say.")
    assert worker.sync().online
    assert [(one.state, one.by, one.words) for one in sheet(worker).asks] == [("approved", "Tomas Berg", "As you say.")]
    assert [one.kind for one in worker.look(ListNews(account=worker.account)).items] == ["correction"]
    assert [(one[1], one[2]) for one in here(worker)] == [(0, None)]
    assert here(worker) == on_the_server(server, worker)

    end = earlier + timedelta(hours=1, minutes=30)
    done = FinishSession(account=worker.account, check_in_id=check_in, at=format_utc(end), reason="Left early.")
    worker.do(done)
    assert worker.sync().waiting == 0
    assert [one[1] for one in here(worker)] == [5400]
    assert here(worker) == on_the_server(server, worker)


def test_another_computer_of_the_same_person_knows_the_same(
    server: LiveServer, worker: AtWork, manager: ManagerAtWork, tmp_path: Path
) -> None:
    place = worker.locations()[0].location_id
    check_in = worker.do(RecordAttendance(account=worker.account, kind="check_in", location_id=place)).event_id
    worker.sync()
    at = format_utc(datetime.now(UTC))
    asked = correct(worker, wants="add", kind="check_out", check_in_id=check_in, at=at)
    assert worker.sync().waiting == 0
    manager.decide_correction(asked.item_id, "refused", "You were still there.")
    worker.sync()
    with at_work(tmp_path / "other", server) as other:
        other.sync()
        assert here(other) == here(worker) == on_the_server(server, worker)
        shown = sheet(other).asks[0]
        assert (shown.state, shown.words, shown.wants) == ("refused", "You were still there.", "add")
        assert other.look(ListNews(account=other.account)).items == (), "what was before the first pull is no news"


def test_withdrawn_here_nobody_decides_about_it_there(
    server: LiveServer, worker: AtWork, manager: ManagerAtWork, tmp_path: Path
) -> None:
    place = worker.locations()[0].location_id
    check_in = worker.do(RecordAttendance(account=worker.account, kind="check_in", location_id=place)).event_id
    asked = correct(worker, wants="remove", event_id=check_in)
    worker.do(WithdrawAsk(account=worker.account, ask_id=asked.item_id))
    assert worker.sync().waiting == 0
    with pytest.raises(AssertionError):
        manager.decide_correction(asked.item_id, "approved", "As you say.")
    worker.sync()
    assert [one.state for one in sheet(worker).asks] == ["withdrawn"]
    assert here(worker) == on_the_server(server, worker)
    with at_work(tmp_path / "other", server) as other:
        other.sync()
        assert [one.state for one in sheet(other).asks] == ["withdrawn"]
