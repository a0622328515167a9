"""On PostgreSQL transactions commit in any order: a reader skips none, and never ends with an older truth."""

import threading
from collections.abc import Iterator

import pytest

from server.feed import Cursor, changes_after, newest, publish, readable
from server.storage.database import Database, Transaction
from server.storage.tables import change
from tests.contract.conftest import Clock, House

pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


class Reader:
    """A device that reads on from where it was."""

    def __init__(self, database: Database, house: House) -> None:
        self.database, self.house = database, house
        with database.read(house.organization_id) as t:
            self.cursor: Cursor = newest(t, "epoch")
        self.seen: list[tuple[str, bytes]] = []

    def read(self) -> list[str]:
        """The entities that are new."""
        with self.database.read(self.house.organization_id) as t:
            assert readable(t, self.cursor, "epoch")
            page = changes_after(t, self.house.ana, self.cursor, 100)
        self.cursor = page.cursor
        self.seen += [(told.entity, bytes(told.body)) for told in page.changes]
        return [told.entity for told in page.changes]


@pytest.fixture
def reader(database: Database, house: House) -> Reader:
    """Knows everything up to now."""
    return Reader(database, house)


def _tell(t: Transaction, entity: str, body: bytes = b"{}") -> None:
    publish(t, "report", entity, body, None)


def test_two_commits_in_reverse_order_skip_nothing(database: Database, house: House, reader: Reader) -> None:
    with database.write(house.organization_id) as early:
        _tell(early, "early")
        with database.write(house.organization_id) as late:
            _tell(late, "late")
        # `late` is committed and has the higher position; a cursor beyond it would lose `early`.
        assert reader.read() == []
    assert reader.read() == ["early", "late"]
    assert reader.read() == []


def test_a_transaction_that_began_early_and_wrote_late_is_not_skipped(
    database: Database, house: House, reader: Reader
) -> None:
    with database.write(house.organization_id) as slow:
        _tell(slow, "first of slow")
        for number in range(5):
            with database.write(house.organization_id) as quick:
                _tell(quick, f"quick {number}")
            assert reader.read() == []
        _tell(slow, "second of slow")
    assert set(reader.read()) == {"first of slow", "second of slow", *(f"quick {number}" for number in range(5))}


def test_an_older_truth_never_follows_a_newer_one(database: Database, house: House, reader: Reader) -> None:
    with database.write(house.organization_id) as early:
        _tell(early, "other")  # its transaction id is taken here
        with database.write(house.organization_id) as late:
            _tell(late, "entity", b"1")
        _tell(early, "entity", b"2")
    reader.read()
    assert [body for entity, body in reader.seen if entity == "entity"] == [b"2"]


def test_a_rolled_back_change_is_not_told_and_stops_nobody(database: Database, house: House, reader: Reader) -> None:
    def tell_and_fail() -> None:
        with database.write(house.organization_id) as t:
            _tell(t, "undone")
            raise InterruptedError

    with pytest.raises(InterruptedError):
        tell_and_fail()
    with database.write(house.organization_id) as t:
        _tell(t, "kept")
    assert reader.read() == ["kept"]


def test_many_writers_at_once_lose_nothing(database: Database, house: House, reader: Reader, clock: Clock) -> None:
    assert clock.now
    start = threading.Barrier(5)
    done = threading.Event()

    def write(writer: int) -> None:
        start.wait(20)
        for number in range(20):
            with database.write(house.organization_id) as t:
                _tell(t, f"{writer}-{number}-a")
                _tell(t, f"{writer}-{number}-b")

    def reading() -> Iterator[str]:
        start.wait(20)
        while not done.is_set():
            yield from reader.read()
        yield from reader.read()

    writers = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in writers:
        thread.start()
    ender = threading.Thread(target=lambda: ([thread.join(60) for thread in writers], done.set()))
    ender.start()
    found = list(reading())
    ender.join(60)
    assert len(found) == len(set(found)) == 4 * 20 * 2
    with database.read(house.organization_id) as t:
        assert len(t.all(t.select(change))) == len(found)
