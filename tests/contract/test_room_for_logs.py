"""How much log data is kept of an installation and of an organization is bounded; the count is that of the rows."""

from pathlib import Path

import pytest
from alembic import command
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import create_engine, func, insert, select

from protocol.privacy import LogErasureRequest
from rules.clock import format_utc
from server import housekeeping
from server.logs import room
from server.logs.batches import keep_batch
from server.logs.erasing import erase
from server.logs.installations import Installation
from server.logs.keeping import LONGEST
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.relaying.setting_up import Routes
from server.storage import migration
from server.storage.database import Database
from server.storage.log_tables import installation, log_gap, log_record
from server.storage.objects import Objects
from server.storage.tables import organization
from tests.contract.conftest import Clock, House, _house, new_id
from tests.contract.test_logs import _batch, _plain_record, _record, _request, _verdicts, register
from tests.contract.test_logs import sender as sender  # noqa: PLC0414 - the same fixture
from tests.migrated import migrated_file
from tests.stories import examples, tell

COLLECTOR = Routes(collector="collector.example")


@pytest.fixture
def keys(tmp_path: Path) -> SigningKeys:
    return SigningKeys.load_or_create(tmp_path / "signing", {})


@pytest.fixture
def three_records(monkeypatch: pytest.MonkeyPatch) -> None:
    """All there is room for."""
    monkeypatch.setattr(room, "MOST_RECORDS", 3)


def _counted(database: Database, sender: Installation) -> tuple[int, int]:
    with database.read(sender.organization_id) as t:
        row = t.first(t.select(installation).where(installation.c.installation_id == sender.installation_id))
    assert row is not None
    return row.kept_records, row.kept_bytes


def _there(database: Database, sender: Installation) -> tuple[int, int]:
    with database.read(sender.organization_id) as t:
        rows = t.all(t.select(log_record).where(log_record.c.installation_id == sender.installation_id))
    return len(rows), sum(len(row.record) for row in rows)


def _refused(database: Database, sender: Installation, batch: bytes) -> ProblemError:
    before = _there(database, sender)
    with pytest.raises(ProblemError) as raised:
        keep_batch(database, sender, batch)
    assert _there(database, sender) == _counted(database, sender) == before
    assert (raised.value.problem.status, raised.value.headers) == (429, {"Retry-After": "21600"})
    return raised.value


def _another(database: Database, organization_id: str) -> Installation:
    wanted = _request(new_id())
    with database.write(organization_id) as t:
        register(t, wanted)
    return Installation(wanted.installation_id, organization_id)


@pytest.mark.usefixtures("three_records")
def test_beyond_the_number_nothing_of_a_batch_is_accepted_until_there_is_room(
    database: Database,
    sender: Installation,
    keys: SigningKeys,
    clock: Clock,
    tmp_path: Path,
) -> None:
    first = [_record(new_id(), seq=seq) for seq in range(3)]
    assert _verdicts(database, sender, *first) == "3k"
    more = _batch(_record(new_id(), seq=5))
    _refused(database, sender, more)
    assert _verdicts(database, sender, *first) == "3d", "a reply that got lost is given again"
    _refused(database, sender, _batch(first[0], _record(new_id(), seq=5)))
    with database.read(sender.organization_id) as t:
        assert t.all(t.select(log_gap)) == [], "what was not accepted has not come"
    other = _another(database, sender.organization_id)
    assert _verdicts(database, other, _record(new_id())) == "1k"

    clock.forward(seconds=LONGEST.total_seconds() + 60)
    housekeeping.tidy(database, Objects(str(tmp_path / "media")))
    assert _counted(database, sender) == (0, 0)
    later = [_record(new_id(), seq=seq) for seq in (5, 6, 7)]
    assert _verdicts(database, sender, *later) == "3k"
    _refused(database, sender, _batch(_record(new_id(), seq=8)))
    wanted = LogErasureRequest(erasure_id=new_id(), categories=(), before=format_utc(clock.now))
    with database.write(sender.organization_id) as t:
        erase(t, keys, sender, wanted)
    assert _counted(database, sender) == _there(database, sender) == (0, 0)


def test_beyond_the_bytes_likewise(database: Database, sender: Installation, monkeypatch: pytest.MonkeyPatch) -> None:
    large = _plain_record("stranger.said", {"what": "x" * 1000})
    monkeypatch.setattr(room, "MOST_BYTES", 2 * large.ByteSize())
    assert _verdicts(database, sender, large, large) == "2k"
    _refused(database, sender, _batch(_plain_record("stranger.said", {})))


def test_an_organization_is_bounded_too(
    database: Database, sender: Installation, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = _record(new_id())
    monkeypatch.setattr(room, "MOST_BYTES_OF_ALL", record.ByteSize())
    assert _verdicts(database, sender, record) == "1k"
    other = _another(database, house.organization_id)
    _refused(database, other, _batch(_record(new_id())))
    assert _verdicts(database, other, _record(which="kitchen")) == "1u"
    elsewhere = _another(database, _house(database, "Another").organization_id)
    assert _verdicts(database, elsewhere, _record(new_id())) == "1k"


def test_holes_without_end_are_not_kept(
    database: Database, sender: Installation, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "MOST_GAPS", 4)
    for start in range(0, 30, 10):
        keep_batch(database, sender, _batch(*(_record(seq=start + seq, which="kitchen") for seq in (0, 2))))
    keep_batch(database, sender, _batch(_record(seq=1, which="kitchen")))  # one that closes a gap
    keep_batch(database, sender, _batch(_record(seq=30, which="kitchen")))
    _refused(database, sender, _batch(_record(seq=40, which="kitchen")))
    with database.read(sender.organization_id) as t:
        assert len(t.all(t.select(log_gap))) == 5


def test_what_was_kept_before_it_was_counted_is_counted(empty_database_url: str) -> None:
    """By the migration, which no organization is named to."""
    engine = create_engine(empty_database_url)
    organization_id, senders = new_id(), [new_id(), new_id()]
    with engine.connect() as connection, connection.begin():
        command.upgrade(migration._config(connection), "0019")
    with engine.connect() as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(select(func.set_config("miratag.organization_id", organization_id, True)))
        own = {"organization_id": organization_id}
        connection.execute(insert(organization).values(**own, name="Harbour Works", created="2026-01-01T00:00:00Z"))
        for sender in senders:
            row = {"installation_id": sender, "secret_sha256": "0" * 64, "registered_on": "2026-01-01"}
            connection.execute(installation.insert().values(**own, **row))
        for number, content in enumerate((b"12345", b"", b"123")):
            row = {"installation_id": senders[0], "event_id": f"{number}", "category": "usage", "name": "app.started"}
            more = {"time_unix_nano": 1, "record": content, "received": "2026-01-01T00:00:00Z"}
            connection.execute(log_record.insert().values(**own, **row, **more))
    engine.dispose()
    database = Database(empty_database_url)
    database.migrate()
    counted = [_counted(database, Installation(sender, organization_id)) for sender in senders]
    database.close()
    assert counted == [(3, 8), (0, 0)]


class Counting(RuleBasedStateMachine):
    """Two installations; what they send comes, comes again, is refused, erased, and gets old."""

    folder: Path
    number = 0

    @initialize()
    def begin(self) -> None:
        Counting.number += 1
        place = self.folder / str(Counting.number)
        place.mkdir()
        self.clock = Clock()
        self.database = Database(migrated_file(place / "server.db"), self.clock)
        self.objects = Objects(str(place / "media"))
        self.keys = SigningKeys.load_or_create(place / "keys", {})
        organization_id = _house(self.database, "Harbour Works").organization_id
        self.senders = [_another(self.database, organization_id) for _ in range(2)]
        self.sent: list[tuple[int, bytes]] = []
        self.seq = 0

    @rule(who=st.integers(0, 1), of=st.lists(st.sampled_from(["usage", "diagnostics", "stranger"]), max_size=4))
    def send(self, who: int, of: list[str]) -> None:
        records = []
        for one in of:
            self.seq += 1
            more = {"category": "usage", "name": "app.started", "surface": "tray"} if one == "usage" else {}
            ours = _record(new_id(), seq=self.seq, **more)  # type: ignore[arg-type]
            records.append(_plain_record("stranger.said", {"what": "x"}) if one == "stranger" else ours)
        self.sent.append((who, _batch(*records)))
        self._keep(*self.sent[-1])

    @rule(which=st.integers(0, 30), passed_on=st.booleans())
    def send_again(self, which: int, *, passed_on: bool) -> None:
        if self.sent:
            self._keep(*self.sent[which % len(self.sent)], COLLECTOR if passed_on else Routes())

    def _keep(self, who: int, batch: bytes, routes: Routes = Routes()) -> None:  # noqa: B008 - frozen
        try:
            keep_batch(self.database, self.senders[who], batch, routes)
        except ProblemError as error:
            assert error.problem.status == 429  # noqa: PT017 - what else can be refused here is a fault

    @rule(who=st.integers(0, 1), category=st.sampled_from(["usage", "diagnostics"]))
    def erase(self, who: int, category: str) -> None:
        before = format_utc(self.clock.now)
        wanted = LogErasureRequest(erasure_id=new_id(), categories=(category,), before=before)  # type: ignore[arg-type]
        with self.database.write(self.senders[who].organization_id) as t:
            erase(t, self.keys, self.senders[who], wanted)

    @rule(days=st.sampled_from([1, 31, 61]))
    def grow_old(self, days: int) -> None:
        if (self.clock.now - Clock().now).days < LONGEST.days - 70:  # an installation itself gets old
            self.clock.forward(days=days)
            housekeeping.tidy(self.database, self.objects)

    @invariant()
    def the_count_is_that_of_the_rows(self) -> None:
        for one in self.senders:
            assert _counted(self.database, one) == _there(self.database, one)
            assert _counted(self.database, one)[0] <= room.MOST_RECORDS

    def teardown(self) -> None:
        if hasattr(self, "database"):
            self.database.close()


@pytest.mark.hypothesis
@pytest.mark.timeout(300)
def test_the_count_is_exact_whatever_happens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_RECORDS", 9)
    Counting.folder = tmp_path
    tell(Counting, stories=examples(10, 100), steps=25)
