"""Files of earlier versions come along with everything in them."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from telemetry import database
from telemetry.outcomes import Unanswered
from telemetry.store import Store
from tests.unit.telemetry.conftest import Open
from tests.unit.telemetry.making import TAKEN, Clock, balanced, claim, fill, log_records, values


def to_the_third_version(path: Path) -> None:
    """The file as the third version of its tables had it, where each row named its batch."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.executescript(
            "DROP INDEX record_by_category; ALTER TABLE record ADD COLUMN batch_id TEXT;"
            "UPDATE record SET batch_id = (SELECT batch_id FROM batch WHERE seq BETWEEN first_seq AND last_seq"
            "  AND batch.category = record.category AND state IN ('waiting', 'sending'));"
            "CREATE INDEX record_by_batch ON record(batch_id, category, urgent, recorded_ms, size);"
            "ALTER TABLE batch DROP COLUMN first_seq; ALTER TABLE batch DROP COLUMN last_seq;"
            "ALTER TABLE batch DROP COLUMN record_bytes; DROP TABLE passed_on; PRAGMA user_version=3;"
        )


def test_a_batch_that_waited_in_the_third_version_is_sent_as_the_same_bytes(
    open_store: Open, clock: Clock, tmp_path: Path
) -> None:
    store: Store = open_store()
    store.grant("usage")
    fill(store, clock, 7)
    first = claim(store)
    assert first is not None
    store.settle(first, Unanswered())
    fill(store, clock, 3)
    before = store.accounts()
    store.close()
    to_the_third_version(store.path)
    store = open_store()
    assert store.accounts() == before
    assert claim(store) == first
    store.settle(first, TAKEN)
    second = claim(store)
    assert second is not None
    assert [values(one)["event.seq"] for one in log_records(second)] == [8, 9, 10]
    store.settle(second, TAKEN)
    assert balanced(store)
    assert store.accounts()["usage"].accepted == 10


def test_a_file_of_every_version_opens_and_ends_up_alike(tmp_path: Path) -> None:
    tables = []
    for version in range(len(database._STEPS) + 1):
        path = tmp_path / f"telemetry-{version}.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as connection:
            for step in database._STEPS[:version]:
                connection.executescript(step)
            connection.execute(f"PRAGMA user_version={version}")
        opened, aside = database.open_database(path)
        with closing(opened):
            assert aside is None
            tables.append(opened.execute("SELECT name, sql FROM sqlite_schema ORDER BY name").fetchall())
    assert all(one == tables[0] for one in tables)


@pytest.mark.parametrize("state", ["granted", "denied"])
def test_what_left_for_a_third_party_before_is_known_after_an_update(tmp_path: Path, state: str) -> None:
    path = tmp_path / "telemetry.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for step in database._STEPS[:4]:
            connection.executescript(step)
        connection.execute("INSERT INTO consent VALUES ('third_party', ?, 1)", (state,))
        for name, category in (("outside", "third_party"), ("inside", "usage")):
            connection.execute("INSERT INTO installation VALUES (?, 'secret', 1, 0, NULL, 1)", (name,))
            connection.execute(
                "INSERT INTO batch (batch_id, family, category, epoch, installation_id, state, uncertain, records,"
                " sha256, formed_ms, size) VALUES (?, ?, ?, 1, ?, 'sent', 0, 1, '', 0, 1)",
                (name, name, category, name),
            )
        connection.execute("PRAGMA user_version=4")
    opened, _ = database.open_database(path)
    with closing(opened):
        found = opened.execute("SELECT installation_id, ended FROM passed_on").fetchall()
    assert found == [("outside", int(state == "denied"))]
