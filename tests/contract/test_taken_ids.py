"""Ids are minted by devices, so anybody may send anybody's: it tells nothing of, and stops nobody in, another
organization."""

from collections.abc import Callable

import msgspec
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from msgspec.structs import replace
from sqlalchemy import create_engine

from protocol.operations import ATTENDANCE_CANCEL, ATTENDANCE_RECORD, REPORT_REVISE, AttendanceCancellation
from protocol.sync import Operation, SyncRequest
from server.media.uploads import NewUpload, create
from server.receipts.keys import SigningKeys
from server.storage.database import Actor, Database
from server.storage.tables import metadata
from server.sync.envelope import synchronise
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> SigningKeys:
    """Keys made once."""
    return SigningKeys.load_or_create(tmp_path_factory.mktemp("keys"), {})


def outcomes(database: Database, keys: SigningKeys, actor: Actor, *sent: Operation) -> list[str]:
    answer = synchronise(database, keys, actor, SyncRequest(operations=sent))
    return [result.outcome for result in answer.results]


def work(clock: Clock) -> list[Operation]:
    """One of each kind of thing whose id a device mints."""
    report = make.revision(clock.now, media=(make.photo(b"pump"),))
    event = make.attendance("check_in", clock.now)
    return [make.revise(report), make.record(event), make.undo(event.event_id, clock.now)]


def test_ids_of_one_organization_are_free_in_another(
    database: Database, keys: SigningKeys, house: House, build_house: Callable[[str], House], clock: Clock
) -> None:
    attacker, victim = build_house("Mallory & Sons").ana, house.ana
    sent = work(clock)
    assert outcomes(database, keys, attacker, *sent) == ["accepted"] * 3
    assert outcomes(database, keys, victim, *sent) == ["accepted"] * 3


def test_one_stolen_id_at_a_time_tells_and_stops_nothing(
    database: Database, keys: SigningKeys, house: House, build_house: Callable[[str], House], clock: Clock
) -> None:
    attacker = build_house("Mallory & Sons").ana
    mine = make.revision(clock.now, media=(make.photo(b"pump"),))
    sent = make.revise(mine)
    assert outcomes(database, keys, house.ana, sent) == ["accepted"]
    theirs = make.revision(clock.now)
    stolen = [
        make.operation(REPORT_REVISE, theirs.instance_id, theirs, sent.id),
        make.revise(replace(theirs, instance_id=mine.instance_id, revision_id=new_id())),
        make.revise(replace(theirs, instance_id=new_id(), revision_id=new_id(), parents=(mine.revision_id,))),
        make.revise(replace(theirs, instance_id=new_id(), revision_id=mine.revision_id)),
        make.revise(replace(theirs, instance_id=new_id(), revision_id=new_id(), media=mine.media)),
    ]
    assert outcomes(database, keys, attacker, *stolen) == ["accepted"] * 5
    follow_up = replace(mine, revision_id=new_id(), parents=(mine.revision_id,))
    assert outcomes(database, keys, house.ana, make.revise(follow_up)) == ["accepted"]


def test_a_file_id_of_another_organization_is_free(
    database: Database, house: House, build_house: Callable[[str], House]
) -> None:
    attacker = build_house("Mallory & Sons").ana
    media_id = new_id()
    for actor, sha256 in ((attacker, "a" * 64), (house.ana, "b" * 64)):
        wanted = NewUpload(length=3, media_id=media_id, sha256=sha256, content_type="image/png", metadata="")
        with database.write(actor.organization_id) as t:
            assert create(t, actor, wanted).member_id == actor.member_id


def test_a_colleagues_id_is_refused_for_that_item_alone(
    database: Database, keys: SigningKeys, house: House, clock: Clock
) -> None:
    sent = work(clock)
    assert outcomes(database, keys, house.ana, *sent) == ["accepted"] * 3
    anew = [msgspec.structs.replace(one, id=new_id()) for one in sent]
    good = make.revise(make.revision(clock.now))
    assert outcomes(database, keys, house.ben, *sent, *anew, good) == ["rejected"] * 6 + ["accepted"]


def test_nobody_makes_a_colleagues_report_look_outdated(
    database: Database, keys: SigningKeys, house: House, clock: Clock
) -> None:
    mine = make.revision(clock.now, "Mine")
    ahead = make.revision(clock.now, "Ahead of you", parents=(mine.revision_id,))
    assert outcomes(database, keys, house.ben, make.revise(ahead)) == ["accepted"]
    answer = synchronise(database, keys, house.ana, SyncRequest(operations=(make.revise(mine),)))
    [told] = [change for change in answer.changes if change.kind == "report"]
    assert msgspec.json.decode(told.body)["heads"] == [mine.revision_id]


def test_undoing_a_colleagues_event_changes_nothing(
    database: Database, keys: SigningKeys, house: House, clock: Clock
) -> None:
    event = make.attendance("check_in", clock.now)
    assert outcomes(database, keys, house.ana, make.record(event)) == ["accepted"]
    against = AttendanceCancellation(event_id=new_id(), cancels=event.event_id, at=make.moment(clock.now))
    correction = replace(make.attendance("check_in", clock.now), supersedes=event.event_id, reason="x")
    end = make.attendance("check_out", clock.now, check_in_id=event.event_id)
    sent = [
        make.operation(ATTENDANCE_CANCEL, against.event_id, against),
        make.operation(ATTENDANCE_RECORD, correction.event_id, correction),
        make.record(end),
    ]
    answer = synchronise(database, keys, house.ben, SyncRequest(operations=tuple(sent)))
    assert event.event_id not in {change.entity for change in answer.changes}
    answer = synchronise(database, keys, house.ana, SyncRequest())
    [told] = [msgspec.json.decode(change.body) for change in answer.changes if change.entity == event.event_id]
    assert not told.get("cancelled")
    assert not told.get("needs_end")
    assert told.get("superseded_by") is None


def test_the_first_migration_makes_exactly_these_tables(database: Database, database_url: str) -> None:
    assert database.ready()
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
