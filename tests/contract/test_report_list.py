"""The list of reports: every order from both ends, page by page both ways, and what a page costs."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, get_args

import pytest
from sqlalchemy import event

from server.accounts import groups
from server.founding import operator_of
from server.reports.listing import (
    MOST_COUNTED,
    STATES,
    By,
    Order,
    ReportFilter,
    ReportRow,
    count_reports,
    count_states,
    list_reports,
)
from server.storage.database import Actor, Database, Transaction
from server.storage.tables import report, revision
from tests.contract.conftest import House
from tests.many_reports import fill

ORDERS = [Order(by, turned) for by in get_args(By) for turned in (False, True)]


@pytest.fixture(autouse=True)
def _care(database: Database, house: House) -> None:
    with database.write(house.organization_id) as t:
        groups.give(t, operator_of(house.organization_id), house.manager.member_id)


def expected(rows: list[ReportRow], order: Order) -> list[str]:
    """What Python makes of the order."""
    newest = sorted(rows, key=lambda one: (one.received, one.instance_id), reverse=True)
    if order.by == "received":
        return [one.instance_id for one in (reversed(newest) if order.turned else newest)]
    if order.by == "title":
        by_title = sorted(rows, key=lambda one: (one.title, one.instance_id), reverse=order.turned)
        return [one.instance_id for one in by_title]
    keys: dict[str, Callable[[ReportRow], Any]] = {
        "author": lambda one: one.member_name.lower(),
        "place": lambda one: (one.location_name is None, (one.location_name or "").lower()),
        "state": lambda one: STATES.index(one.state),
    }
    return [one.instance_id for one in sorted(newest, key=keys[order.by], reverse=order.turned)]


def walked(t: Transaction, actor: Actor, order: Order, limit: int) -> tuple[list[str], list[str]]:
    """All pages to the end, then all back to the start from the last page."""
    there: list[str] = []
    after: str | None = None
    while True:
        page = list_reports(t, actor, after=after, limit=limit, order=order)
        there += [one.instance_id for one in page.rows]
        if page.after is None:
            break
        after = page.after
    back = [one.instance_id for one in page.rows]
    while page.before is not None:
        page = list_reports(t, actor, before=page.before, limit=limit, order=order)
        back = [one.instance_id for one in page.rows] + back
    return there, back


def test_every_order_both_ways(database: Database, house: House) -> None:
    places = [house.gate, None, house.closed]
    fill(database, house.organization_id, [house.ana, house.ben, house.admin], places, 23)
    with database.write(house.organization_id) as t:  # some came at the very same moment, with the same title
        same = report.c.received < "2020-01-01T00:06:00"
        t.execute(t.update(report).where(same).values(received="2020-01-01T00:00:00.000Z", title="Same"))
    with database.read(house.organization_id) as t:
        rows = list(list_reports(t, house.manager, limit=100).rows)
        assert len(rows) == 23
        for order in ORDERS:
            for limit in (1, 4, 50):
                there, back = walked(t, house.manager, order, limit)
                assert there == expected(rows, order), (order, limit)
                assert back == there, (order, limit)


def test_the_filter_and_ones_care_hold_in_every_order(database: Database, house: House) -> None:
    fill(database, house.organization_id, [house.ana, house.ben], [house.gate, None, house.closed], 30)
    with database.read(house.organization_id) as t:
        for actor, wanted in (
            (house.manager, ReportFilter(state="returned")),
            (house.ana, ReportFilter()),
            (house.manager, ReportFilter(text="lamp 2", since="2020-01-01T00:10:00.000Z")),
            (house.manager, ReportFilter(location_id=house.gate, until="2020-01-01T00:20:00.000Z")),
        ):
            usual = list_reports(t, actor, wanted, limit=100).rows
            assert 0 < len(usual) < 30
            for order in ORDERS:
                found = list_reports(t, actor, wanted, limit=100, order=order).rows
                assert [one.instance_id for one in found] == expected(list(usual), order), order


def test_all_words_are_found_wherever_they_stand(database: Database, house: House) -> None:
    fill(database, house.organization_id, [house.ana], [house.gate], 3)
    with database.write(house.organization_id) as t:
        first = t.scalar(t.select(revision, revision.c.instance_id).order_by(revision.c.instance_id).limit(1))
        this = revision.c.instance_id == first
        t.execute(t.update(revision).where(this).values(title="Oil on the floor", text="of pump 3, 100 %_\\ sure"))
    with database.read(house.organization_id) as t:
        for text, found in (
            ("pump oil", 1),
            ("FLOOR\u00a0 Pump", 1),
            ("oil nowhere", 0),
            ("%_\\ oil", 1),
            ("oil on the floor of pump 3, 100 sure", 1),
            ("o_l", 0),
            (" ".join(["oil"] * 200), 0),
        ):
            rows = list_reports(t, house.manager, ReportFilter(text=text)).rows
            assert [row.instance_id for row in rows] == [first] * found, text


def test_a_made_up_mark_breaks_nothing(database: Database, house: House) -> None:
    fill(database, house.organization_id, [house.ana], [house.gate], 3)
    at = "2020-01-01T00:00:00.000Z"
    with database.read(house.organization_id) as t:
        for mark in ("", " ", "x", "a b", "a b c", "2020 \x00 x", "z" * 900, f"{at} x ", f"{at} x \x00"):
            for order in ORDERS:
                list_reports(t, house.manager, after=mark, order=order)
                list_reports(t, house.manager, before=mark, order=order)


def test_counts_follow_the_filter_and_stop_at_a_bound(
    database: Database, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(database, house.organization_id, [house.ana, house.ben], [house.gate, None], 50)
    with database.read(house.organization_id) as t:
        assert count_states(t, house.manager, ReportFilter()) == dict.fromkeys(STATES, 10)
        # The state that is chosen narrows the list and not the counts, which lead to the others.
        assert count_states(t, house.manager, ReportFilter(state="edited")) == dict.fromkeys(STATES, 10)
        own = count_states(t, house.ana, ReportFilter())
        assert sum(own.values()) == count_reports(t, house.ana, ReportFilter()) == 25
        monkeypatch.setattr("server.reports.listing.MOST_COUNTED", 4)
        assert count_states(t, house.manager, ReportFilter()) == dict.fromkeys(STATES, 5)
    assert MOST_COUNTED == 1000


def test_a_page_costs_the_same_however_many_there_are(database: Database, house: House) -> None:
    authors, places = [house.ana, house.ben, house.admin], [house.gate, None, house.closed]

    def page_from_the_middle(order: Order) -> int:
        with database.read(house.organization_id) as t:
            number = count_reports(t, house.manager, ReportFilter())
            middle = list_reports(t, house.manager, limit=number // 2, order=order).after
            with _counted(t) as cost:
                found = list_reports(t, house.manager, after=middle, order=order)
                assert len(found.rows) == 50
            return cost()

    fill(database, house.organization_id, authors, places, 2000)
    _analyze(database)
    few = {order: page_from_the_middle(order) for order in ORDERS}
    fill(database, house.organization_id, authors, places, 6000, first=2000)
    _analyze(database)
    many = {order: page_from_the_middle(order) for order in ORDERS}
    # PostgreSQL reads a small table as a whole, which is cheaper than five blocks of index and table for each row.
    bounds = {order: max(2 * few[order], 250 if database.dialect == "postgresql" else 0) for order in ORDERS}
    assert [(order, few[order], many[order]) for order in ORDERS if many[order] >= bounds[order]] == []


def _analyze(database: Database) -> None:
    """The planner knows how many there are, as PostgreSQL's own vacuuming sees to."""
    with database.server_wide() as connection:
        connection.exec_driver_sql("ANALYZE")


@contextmanager
def _counted(t: Transaction) -> Iterator[Callable[[], int]]:
    """What the statements cost: steps of SQLite's machine in hundreds, or blocks that PostgreSQL touched."""
    steps = 0
    ran: list[tuple[str, Any]] = []

    def step() -> int:
        nonlocal steps
        steps += 1
        return 0

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if not statement.startswith("EXPLAIN"):
            ran.append((statement, parameters))

    raw: Any = t.connection.connection.driver_connection
    if t.dialect == "sqlite":
        raw.set_progress_handler(step, 100)
        yield lambda: steps
        raw.set_progress_handler(None, 0)
        return
    event.listen(t.connection, "before_cursor_execute", note)
    yield lambda: sum(_blocks(t, statement, parameters) for statement, parameters in tuple(ran))


def _blocks(t: Transaction, statement: str, parameters: Any) -> int:
    explained = t.connection.exec_driver_sql(
        f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {statement}", parameters
    ).scalar()
    [plan] = explained if isinstance(explained, list) else json.loads(str(explained))
    return int(plan["Plan"]["Shared Hit Blocks"]) + int(plan["Plan"]["Shared Read Blocks"])
