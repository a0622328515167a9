"""Reports cost as many statements to read as there are kinds of rows, however many of them there are."""

from pathlib import Path

import msgspec

from server.accounts import groups
from server.feed import newest
from server.founding import operator_of
from server.receipts.keys import SigningKeys
from server.reports.reading import read_report
from server.reports.reviewing import Verdict, decide
from server.storage.database import Database
from server.sync.full_pull import pull
from server.sync.operations import keep
from tests.contract import operations as make
from tests.contract.conftest import Clock, House
from tests.contract.counting import statements


def test_many_reports_and_versions_take_as_many_statements_as_few(
    database: Database, house: House, clock: Clock, tmp_path: Path
) -> None:
    keys = SigningKeys.load_or_create(tmp_path / "keys", {})
    with database.write(house.organization_id) as t:
        groups.give(t, operator_of(house.organization_id), house.manager.member_id)
    costs: list[tuple[int, int]] = []
    revised = make.revision(clock.now)
    with database.write(house.organization_id) as t:
        assert keep(t, keys, house.ana, make.revise(revised)).outcome == "accepted"
    for more in (2, 9):
        with database.write(house.organization_id) as t:
            for _ in range(more):
                other = make.revision(clock.now, media=(make.photo(b"on its way"),))
                parents = (revised.revision_id,)
                revised = make.revision(clock.now, instance_id=revised.instance_id, parents=parents)
                for body in (other, revised):
                    assert keep(t, keys, house.ana, make.revise(body)).outcome == "accepted"
                ids = (other.instance_id, other.revision_id)
                decide(t, house.manager, Verdict(instance_id=ids[0], revision_id=ids[1], seen="", decision="approved"))
        with database.read(house.organization_id) as t, statements(database) as said:
            detail = read_report(t, house.manager, revised.instance_id)
            read, begin = len(said), newest(t, database.fact("feed_epoch"))
            said.clear()
            page = pull(t, house.ana, msgspec.structs.replace(begin, stage=0), 500)
            costs.append((read, len(said)))
        assert detail is not None
        assert page.cursor.stage is None
    assert costs[0] == costs[1]
