"""A check-in comes when everybody's does: it costs few ways to the database and back, and it alone is undone."""

from pathlib import Path

from sqlalchemy import func

from protocol.discovery import CLIENT_ID
from protocol.sync import SyncRequest
from server.accounts.minting import new_token
from server.accounts.tokens import actor_of, open_family
from server.feed import newest
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.storage.tables import attendance_event, operation
from server.sync.envelope import synchronise
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id
from tests.contract.counting import statements

_MOST = 16
"""Statements of a check-in, from the token to what is new, BEGIN and the word to open pages included."""


def test_a_check_in_takes_few_statements(database: Database, house: House, clock: Clock, tmp_path: Path) -> None:
    keys = SigningKeys.load_or_create(tmp_path / "keys", {})
    synchronise(database, keys, house.ben, SyncRequest())  # the first policy is issued
    with database.write(house.organization_id) as t:
        token = open_family(t, house.ana.member_id, CLIENT_ID, new_token())[1].access_token
        cursor = newest(t, database.fact("feed_epoch")).encoded()
    check_in = make.attendance("check_in", clock.now, location_id=house.gate)
    with statements(database) as said:
        actor = actor_of(database, token)
        assert actor == house.ana
        answer = synchronise(database, keys, actor, SyncRequest(operations=(make.record(check_in),), cursor=cursor))
    assert [result.outcome for result in answer.results] == ["accepted"]
    assert len(said) <= _MOST, said


def test_a_refused_check_in_that_comes_alone_leaves_nothing(
    database: Database, house: House, clock: Clock, tmp_path: Path
) -> None:
    keys = SigningKeys.load_or_create(tmp_path / "keys", {})
    check_in = make.record(make.attendance("check_in", clock.now, location_id=new_id()))
    answer = synchronise(database, keys, house.ana, SyncRequest(operations=(check_in,)))
    assert [result.outcome for result in answer.results] == ["rejected"]
    with database.read(house.organization_id) as t:
        for table in (operation, attendance_event):
            assert t.scalar(t.select(table, func.count())) == 0
