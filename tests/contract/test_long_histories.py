"""Attendance of people who have worked here for long: what a page costs hangs on the page, and it says the same."""

import random
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from server.attendance import story
from server.attendance.judging import judge_all
from server.attendance.reading import list_events
from server.attendance.recording import member_views
from server.feed import newest
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database
from server.sync.full_pull import pull
from server.sync.operations import keep
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id
from tests.contract.counting import statements

_PAGE = 20


class Years(msgspec.Struct, frozen=True):
    """People who work."""

    database: Database
    house: House
    clock: Clock
    keys: SigningKeys

    def work(self, actor: Actor, days: int, chance: random.Random) -> None:
        """Days as people have them: breaks, a forgotten check-out, an entry undone, one that is of no check-in."""
        sent = []
        for _ in range(days):
            at = self.clock.now + timedelta(minutes=chance.randrange(5))
            check_in = make.attendance("check_in", at, location_id=None)
            made = [check_in]
            for kind, hours in (("break_start", 3), ("break_end", 4), ("check_out", 8)):
                if chance.random() < 0.8:
                    known = check_in.event_id if chance.random() < 0.95 else new_id()
                    made.append(make.attendance(kind, at + timedelta(hours=hours), check_in_id=known))  # type: ignore[arg-type]
            sent += [make.record(one) for one in made]
            if chance.random() < 0.15:
                sent.append(make.undo(chance.choice(made).event_id, at + timedelta(hours=9)))
            self.clock.forward(days=1)
        with self.database.write(actor.organization_id) as t:
            for operation in sent:
                assert keep(t, self.keys, actor, operation).outcome == "accepted"


@pytest.fixture
def years(database: Database, house: House, clock: Clock, tmp_path: Path) -> Years:
    return Years(database, house, clock, SigningKeys.load_or_create(tmp_path / "keys", {}))


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many events were read to judge some, one number a look."""
    counted: list[int] = []
    standing = story._standing

    def count(*given: object) -> object:
        found = standing(*given)  # type: ignore[arg-type]
        counted.append(len(found))
        return found

    monkeypatch.setattr(story, "_standing", count)
    return counted


def test_a_page_costs_the_same_after_a_fortnight_and_after_months(years: Years, read: list[int]) -> None:
    database, house = years.database, years.house
    costs = []
    for days in (12, 60):
        years.work(house.ana, days, random.Random(1))
        years.work(house.ben, days, random.Random(2))
        with database.read(house.ana.organization_id) as t, statements(database) as said:
            cost = []
            for look in (
                lambda: list_events(t, house.manager, limit=_PAGE),  # called before the next turn
                lambda: member_views(t, house.ana.member_id, "", _PAGE),
            ):
                said.clear()
                read.clear()
                look()
                cost.append((len(said), sum(read)))
            costs.append(cost)
    for (few_said, few_read), (many_said, many_read) in zip(*costs, strict=True):
        assert many_said <= few_said + 2
        assert many_read <= 3 * few_read + 20 <= 40 * _PAGE


@pytest.mark.parametrize("seed", range(3))
def test_a_page_says_what_the_whole_history_says(years: Years, seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    database, house = years.database, years.house
    chance = random.Random(seed)
    years.work(house.ana, 25, chance)
    member_id = house.ana.member_id
    with database.read(house.ana.organization_id) as t:
        whole = judge_all(story._standing(t, story._of(member_id)))
        for most_between in (200, 3):  # the second way is that of pages with much left out
            monkeypatch.setattr(story, "_MOST_BETWEEN", most_between)
            for _ in range(8):
                asked = chance.sample(sorted(whole), chance.randrange(1, 12))
                judged = judge_all(story.events_around(t, member_id, asked))
                assert {one: judged[one] for one in asked} == {one: whole[one] for one in asked}


def test_pages_of_the_pull_are_the_whole_history_once(years: Years) -> None:
    database, house = years.database, years.house
    years.work(house.ana, 15, random.Random(5))
    with database.read(house.ana.organization_id) as t:
        whole = judge_all(story._standing(t, story._of(house.ana.member_id)))
        cursor, told = newest(t, database.fact("feed_epoch")), []
        cursor = msgspec.structs.replace(cursor, stage=0)
        while cursor.stage is not None:
            page = pull(t, house.ana, cursor, 7)
            told += [change.entity for change in page.changes if change.kind == "attendance"]
            cursor = page.cursor
    assert sorted(told) == sorted(whole)
