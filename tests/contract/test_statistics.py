"""Numbers over organizations: of whole weeks, counted once, known to each of them; and an admin's own, of no person."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, KeyValue
from opentelemetry.proto.logs.v1.logs_pb2 import ResourceLogs, ScopeLogs
from opentelemetry.proto.resource.v1.resource_pb2 import Resource

from protocol.sync import SyncRequest
from server import access
from server.founding import operator_of
from server.logs.batches import keep_batch
from server.logs.installations import Installation, register
from server.logs.statistics import FEWEST, banded, log_statistics
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.relaying import queue
from server.relaying.setting_up import Routes
from server.statistics import weeks
from server.storage.database import Database
from server.storage.tables import access_record, report
from server.sync.envelope import synchronise
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id
from tests.contract.test_log_erasure import keys as keys  # noqa: PLC0414 - the same fixture
from tests.contract.test_logs import _batch, _record, _request

WEEK = "2026-W10"  # the clock of the tests starts on its Monday


def _file(database: Database, keys: SigningKeys, house: House, clock: Clock, reports: int) -> None:
    for number in range(reports):
        body = make.revision(clock.now, f"Report {number}")
        check_in = make.record(make.attendance("check_in", clock.now, location_id=house.gate))
        said = make.comment(body.instance_id, "Seen.", clock.now)
        sent = SyncRequest(operations=(make.revise(body), check_in, said), cursor=None)
        assert {one.outcome for one in synchronise(database, keys, house.ana, sent).results} == {"accepted"}


def _looked(database: Database, house: House) -> list[str]:
    with database.read(house.organization_id) as t:
        rows = t.all(t.select(access_record).where(access_record.c.entity_kind == "statistics"))
        assert access.broken_at(t) is None
    return [f"{row.actor_kind} {row.action} {row.entity} {row.purpose}" for row in rows]


def test_of_few_organizations_nothing_is_read_and_nothing_told(
    database: Database, house: House, keys: SigningKeys, clock: Clock
) -> None:
    _file(database, keys, house, clock, 3)
    clock.forward(days=8)
    assert [one.mean for one in weeks.statistics(database, WEEK, operator_of)] == [None] * 3
    assert _looked(database, house) == []


def test_of_enough_each_is_told_that_it_was_counted_and_the_numbers_stay(
    database: Database, build_house: Callable[[str], House], keys: SigningKeys, clock: Clock
) -> None:
    houses = [build_house(f"Works {number}") for number in range(11)]
    for house in houses:
        _file(database, keys, house, clock, 2)
    with pytest.raises(ProblemError, match="not over"):
        weeks.statistics(database, WEEK, operator_of)
    clock.forward(days=7)
    _file(database, keys, houses[0], clock, 1)  # belongs to the next week
    assert weeks.last_week(clock.now) == WEEK
    told = weeks.statistics(database, WEEK, operator_of)
    assert [one.mean for one in told] == [0.2, 2, 2]  # 2 in 7 days: 0.29 comments a day
    assert {line for house in houses for line in _looked(database, house)} == {f"operator count {WEEK} improve"}
    with database.write(houses[0].organization_id) as t:
        t.execute(t.update(report).values(received="2026-01-01T00:00:00.000Z"))
    assert weeks.statistics(database, WEEK, operator_of) == told
    assert all(len(_looked(database, house)) == 1 for house in houses)


def test_one_that_is_most_of_it_is_not_told(
    database: Database, build_house: Callable[[str], House], keys: SigningKeys, clock: Clock
) -> None:
    for number in range(10):
        _file(database, keys, build_house(f"Works {number}"), clock, 8 if number == 0 else 1)
    clock.forward(days=7)
    assert [one.mean for one in weeks.statistics(database, WEEK, operator_of)] == [None] * 3


@pytest.mark.parametrize("week", ["", "2026", "2026-W60", "2026-W9", "2026-W11", "x-Wy", "2026-W10 "])
def test_what_is_no_week_that_is_over(database: Database, clock: Clock, week: str) -> None:
    clock.forward(days=7)
    with pytest.raises(ProblemError):
        weeks.statistics(database, week, operator_of)


def _senders(database: Database, house: House, count: int) -> list[Installation]:
    made = []
    for _ in range(count):
        wanted = _request(new_id())
        with database.write(house.organization_id) as t:
            register(t, wanted)
        made.append(Installation(wanted.installation_id, house.organization_id))
    return made


def test_a_number_is_told_as_its_band() -> None:
    told = [banded(count) for count in (0, 4, 5, 9, 10, 19, 20, 49, 50, 99, 100, 250, 5000)]
    assert told == [0, 0, 5, 5, 10, 10, 20, 20, 50, 50, 100, 200, 5000]


def test_what_one_of_five_sent_cannot_be_read_off_by_taking_away_what_four_did(
    database: Database, house: House
) -> None:
    own, *made_up = _senders(database, house, FEWEST)
    for sender in made_up:
        keep_batch(database, sender, _batch(_record(seq=1)))
    keep_batch(database, own, _batch(*(_record(seq=seq) for seq in (1, 4, 6, 8))))
    with database.write(house.organization_id) as t:
        seen = log_statistics(t, house.admin, Routes())
    assert [one.records for one in seen.events] == [5]
    assert seen.missing == ()


def test_what_waits_and_what_was_lost_is_not_told_of_few(database: Database, house: House) -> None:
    to = Routes(collector="collector.example")
    senders = _senders(database, house, FEWEST)
    seen = []
    for sender in senders:
        keep_batch(database, sender, _batch(_record(seq=1), _record(seq=2)), to)
        with database.write(house.organization_id) as t:
            queue.count_lost(t, "collector", "diagnostics", "rejected", 1)
            found = log_statistics(t, house.admin, to)
        seen.append((found.waiting, found.lost))
    assert seen == [(0, ())] * (FEWEST - 1) + [(10, (("rejected", 5),))]


def test_an_admin_sees_how_much_came_and_of_nobody(database: Database, house: House, clock: Clock) -> None:
    senders = _senders(database, house, FEWEST)
    for number, sender in enumerate(senders):
        told = {"service.name": "miratag", "service.version": "1.2.0" if number < FEWEST else "someone's own"}
        resource = Resource(
            attributes=[KeyValue(key=key, value=AnyValue(string_value=value)) for key, value in told.items()]
        )
        logs = ScopeLogs(log_records=[_record(seq=1), _record(seq=4)])
        request = ExportLogsServiceRequest(resource_logs=[ResourceLogs(resource=resource, scope_logs=[logs])])
        assert keep_batch(database, sender, request.SerializeToString()).verdicts == "2k"
    keep_batch(database, senders[0], _batch(_record(seq=5, category="usage", name="app.started", surface="tray")))
    clock.forward(days=1)
    for sender in senders[1:]:
        keep_batch(database, sender, _batch(_record(seq=7)))
    with database.write(house.organization_id) as t:
        with pytest.raises(ProblemError):
            log_statistics(t, house.manager, Routes())
        seen = log_statistics(t, house.admin, Routes(collector="collector.example"))
    assert [(one.day, one.name, one.records) for one in seen.events] == [("2026-03-02", "store.set_aside", 2 * FEWEST)]
    assert seen.too_few  # one alone started the app, and the day after there were four
    assert seen.missing == (("2026-03-02", 2 * FEWEST),)
    assert [(one.version, one.installations) for one in seen.versions] == [("1.2.0", FEWEST)]
    assert (seen.waiting, seen.lost, seen.collector) == (0, (), "collector.example")
    clock.forward(seconds=timedelta(days=31).total_seconds())
    with database.write(house.organization_id) as t:
        assert log_statistics(t, house.admin, Routes()).events == ()
