"""Working time under everything that happens to it: what the server holds is what a simple model says, to the minute.

A worker's device checks in and out, breaks, corrects, undoes and asks, offline, with a clock that jumps and a computer
that starts anew; what it made arrives late, twice and in any order; a manager decides, and closes days meanwhile.
"""

import shutil
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from protocol.moment import Moment
from protocol.operations import (
    ATTENDANCE_ASK,
    ATTENDANCE_WITHDRAW,
    AttendanceAsk,
    AttendanceEvent,
    AttendanceKind,
    AttendanceWithdrawal,
)
from protocol.sync import Operation, SyncRequest
from rules.clock import format_utc, parse_utc
from rules.timesheets import by_day
from server.access import broken_at
from server.attendance import closing, deciding
from server.attendance.asking import list_asks
from server.attendance.worksheets import timesheet
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.storage.tables import access_grant, attendance_cancellation, attendance_event
from server.sync.envelope import synchronise
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, _house, new_id
from tests.postgres_cluster import Cluster

pytestmark = pytest.mark.timeout(600)

MEMORY = Path("/dev/shm")
MINUTE = timedelta(minutes=1)
FIRST = datetime(2026, 1, 5, 8, tzinfo=UTC)
EVER = (date(2025, 12, 1), date(2026, 3, 20))
COUNTING = (None, "accepted")


class Entry(msgspec.Struct):
    """An event that the server has, as the model knows it."""

    id: str
    kind: str
    at: datetime
    check_in_id: str | None
    supersedes: str | None
    held: str | None


class Undo(msgspec.Struct):
    """An undo that the server has."""

    id: str
    cancels: str
    held: str | None


class Model:
    """What is here and what follows from it, said as simply as it can be said. All clocks show UTC."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.undos: dict[str, Undo] = {}
        self.closed: list[tuple[date, date]] = []

    def counts(self, entry: Entry) -> bool:
        undone = any(one.cancels == entry.id and one.held in COUNTING for one in self.undos.values())
        return not undone and entry.held in COUNTING

    def standing(self) -> list[Entry]:
        return sorted(filter(self.counts, self.entries.values()), key=lambda one: (one.at, one.id))

    def chain(self, entry: Entry) -> list[Entry]:
        """The corrections that stand for it, the last of which is what counts."""
        found = [entry]
        while later := [one for one in self.standing() if one.supersedes == found[-1].id and one not in found]:
            found.append(later[-1])
        return found

    def root(self, entry: Entry) -> Entry:
        while entry.supersedes in self.entries:
            entry = self.entries[entry.supersedes]
        return entry

    def pairs(self) -> dict[str, str | None]:
        """The id of the check-out of each check-in that stands, or None."""
        firsts = [one for one in self.standing() if one.supersedes is None]
        found: dict[str, str | None] = {one.id: None for one in firsts if one.kind == "check_in"}
        for one in reversed(firsts):
            if one.kind == "check_out" and one.check_in_id in found:
                found[one.check_in_id] = one.id
        return found

    def minutes(self) -> dict[date, int]:
        """Minutes at work by the day each session began on, counted one by one."""
        spans = sorted(self._spans(), key=lambda one: (min(one[0], default=0), one[1]))
        taken: set[int] = set()
        days: dict[date, int] = {}
        for span, _name, day, pauses in spans:
            here = len(set(span) - pauses - taken)
            taken |= set(span)
            if here:
                days[day] = days.get(day, 0) + here
        return days

    def _spans(self) -> Iterator[tuple[range, str, date, set[int]]]:
        for began, ended in self.pairs().items():
            if ended is None:
                continue
            start, end = (self.chain(self.entries[one])[-1].at for one in (began, ended))
            span = range(_minute(start), _minute(end))
            pauses = {
                minute
                for first, last in self._breaks(began)
                for minute in range(_minute(first), _minute(last if last is not None else end))
            }
            yield span, began, start.date(), pauses

    def _breaks(self, check_in_id: str) -> Iterator[tuple[datetime, datetime | None]]:
        begun: Entry | None = None
        for one in self.standing():
            if one.supersedes is not None or one.check_in_id != check_in_id:
                continue
            if one.kind == "break_start" and begun is None:
                begun = one
            elif one.kind == "break_end" and begun is not None:
                yield self.chain(begun)[-1].at, self.chain(one)[-1].at
                begun = None
        if begun is not None:
            yield self.chain(begun)[-1].at, None

    def comes_late(self, at: datetime | None, named: Iterable[str | None]) -> bool:
        """Whether it touches a day that is closed: those from the first to the last of all that it is tied to."""
        days = [] if at is None else [at.date()]
        wanted, seen = list(named), set[str | None]()
        while wanted:
            name = wanted.pop()
            if name in self.entries and name not in seen:
                days.append(self.entries[name].at.date())
                wanted += [self.entries[name].check_in_id, self.entries[name].supersedes]
            seen.add(name)
        return bool(days) and any(first <= max(days) and last >= min(days) for first, last in self.closed)


def _minute(at: datetime) -> int:
    return int((at - FIRST) / MINUTE)


class Device:
    """A computer whose clock may be wrong. What it reads is all the server gets to know."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.skew = timedelta()
        self.boots = 0
        self.started = clock.now
        self.confirmed: datetime | None = None

    def restart(self) -> None:
        self.boots, self.started, self.confirmed = self.boots + 1, self.clock.now, None

    def reads(self) -> tuple[Moment, datetime]:
        """What it reads now, and what can be known from that: the true time since it met the server, else its own."""
        now = self.clock.now
        own = now + self.skew
        met = self.confirmed
        moment = Moment(
            utc=format_utc(own),
            offset_minutes=0,
            zone="UTC",
            boot_id=f"boot-{self.boots}",
            elapsed_ms=(now - self.started) // timedelta(milliseconds=1),
            confirmed_utc=None if met is None else format_utc(met),
            confirmed_elapsed_ms=None if met is None else (met - self.started) // timedelta(milliseconds=1),
        )
        return moment, own if met is None else now


class TimeMachine(RuleBasedStateMachine):
    """The worker, the line, the manager and the model."""

    folder: Path
    house: House
    keys: SigningKeys
    own: Path | None = None

    @classmethod
    def build(cls) -> None:
        """One organization that each example begins with a copy of."""
        # In memory where there is such a place: what a disk keeps is shown elsewhere, and here are thousands of writes.
        cls.folder = Path(tempfile.mkdtemp(dir=MEMORY if MEMORY.is_dir() else None))
        cls.keys = SigningKeys.load_or_create(cls.folder / "keys", {})
        database = Database(f"sqlite:///{cls.folder / 'empty.db'}", Clock())
        database.migrate()
        cls.house = _house(database, "Harbour Works")
        _let_the_manager_care(database, cls.house)
        database.close()

    def open(self) -> Database:
        """A database with the organization, which this example has for itself."""
        if not hasattr(type(self), "house"):
            type(self).build()
        self.own = Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copy(self.folder / "empty.db", self.own / "server.db")
        return Database(f"sqlite:///{self.own / 'server.db'}", self.clock)

    @initialize()
    def begin(self) -> None:
        self.clock = Clock()
        self.clock.now = FIRST
        self.database = self.open()
        self.device = Device(self.clock)
        self.model = Model()
        self.made: list[tuple[Operation, object]] = []
        self.waiting: list[int] = []
        self.arrived: set[int] = set()
        self.asks: dict[str, AttendanceAsk] = {}
        self.withdrawn: set[str] = set()
        self.known_to_device: list[tuple[str, AttendanceKind, datetime]] = []

    # -- the worker ----------------------------------------------------------------------------------------------

    def _make(self, operation: Operation, meaning: object) -> None:
        self.waiting.append(len(self.made))
        self.made.append((operation, meaning))

    def _record(self, kind: AttendanceKind, *, check_in_id: str | None = None) -> None:
        moment, at = self.device.reads()
        body = AttendanceEvent(event_id=new_id(), kind=kind, check_in_id=check_in_id, note="here", at=moment)
        self._make(make.record(body), Entry(body.event_id, kind, at, check_in_id, None, None))
        self.known_to_device.append((body.event_id, kind, at))

    @rule(minutes=st.lists(st.integers(1, 400), min_size=2, max_size=4), sent=st.booleans())
    def a_day_of_work(self, minutes: list[int], sent: bool) -> None:
        """In, a break or not, out again; at once, or with the next connection."""
        first = len(self.made)
        self._record("check_in")
        check_in_id = self.known_to_device[-1][0]
        breaks: list[AttendanceKind] = ["break_start", "break_end"]
        kinds: list[AttendanceKind] = [*breaks[: len(minutes) - 2], "check_out"]
        for passed, kind in zip(minutes, kinds, strict=False):
            self.clock.forward(minutes=passed)
            self._record(kind, check_in_id=check_in_id)
        self.clock.forward(minutes=minutes[-1])
        if sent:
            self._send(list(range(first, len(self.made))))

    @rule(minutes=st.lists(st.integers(1, 400), min_size=2, max_size=4), accept=st.lists(st.booleans(), min_size=4))
    def a_day_comes_too_late(self, minutes: list[int], accept: list[bool]) -> None:
        """Nothing of it arrives before its day is closed; then some of it is let in."""
        first = len(self.made)
        self.a_day_of_work(minutes, sent=False)
        self.clock.forward(days=3)
        self.days_are_closed(back=0, days=5)
        self._send(list(range(first, len(self.made))))
        for (_, meaning), let_in in zip(self.made[first:], accept, strict=False):
            assert isinstance(meaning, Entry)
            if self.model.entries[meaning.id].held == "waiting":
                self._decide(self.model.entries[meaning.id], accept=let_in)

    @rule()
    def check_in(self) -> None:
        self._record("check_in")

    @precondition(lambda self: self.known_to_device)
    @rule(
        data=st.data(),
        kind=st.sampled_from(["check_out", "check_out", "check_out", "break_start", "break_end"]),
        latest=st.booleans(),
    )
    def end_or_break(self, data: st.DataObject, kind: AttendanceKind, latest: bool) -> None:
        check_ins = [one for one, was, _at in self.known_to_device if was == "check_in"]
        self.clock.forward(minutes=len(self.made))
        if check_ins:
            self._record(kind, check_in_id=check_ins[-1] if latest else data.draw(st.sampled_from(check_ins)))

    @precondition(lambda self: self.known_to_device)
    @rule(data=st.data(), minutes=st.integers(-3000, 600))
    def correct(self, data: st.DataObject, minutes: int) -> None:
        wrong, kind, was = data.draw(st.sampled_from(self.known_to_device))
        at = was + minutes * MINUTE
        meaning = next(one for _, one in self.made if isinstance(one, Entry) and one.id == wrong)
        body = AttendanceEvent(
            event_id=new_id(),
            kind=kind,
            note="here",
            check_in_id=meaning.check_in_id,
            supersedes=wrong,
            reason="wrong",
            at=Moment(utc=format_utc(at), offset_minutes=0, zone="UTC", boot_id="typed", elapsed_ms=0),
        )
        self._make(make.record(body), Entry(body.event_id, kind, at, meaning.check_in_id, wrong, None))
        self.known_to_device.append((body.event_id, kind, at))

    @precondition(lambda self: self.known_to_device)
    @rule(data=st.data())
    def undo(self, data: st.DataObject) -> None:
        wrong, _, _ = data.draw(st.sampled_from(self.known_to_device))
        operation = make.undo(wrong, self.clock.now)
        self._make(operation, Undo(operation.entity, wrong, None))

    @rule(data=st.data(), wants=st.sampled_from(["add", "change", "remove"]), minutes=st.integers(-5000, 0))
    def ask(self, data: st.DataObject, wants: str, minutes: int) -> None:
        at = format_utc(self.clock.now + minutes * MINUTE)
        parts: dict[str, str] = {"wants": wants}
        if wants == "add":
            parts |= {"kind": "check_in", "at": at}
        elif self.known_to_device:
            parts["supersedes"] = data.draw(st.sampled_from(self.known_to_device))[0]
            parts |= {"at": at} if wants == "change" else {}
        else:
            return
        reads = make.moment(self.clock.now)
        body = AttendanceAsk(ask_id=new_id(), zone="UTC", reason="because", asked=reads, **parts)  # type: ignore[arg-type]
        self._make(make.operation(ATTENDANCE_ASK, body.ask_id, body), body)

    # -- what happens to the computer and the line -----------------------------------------------------------------

    @rule(minutes=st.integers(1, 4000))
    def time_passes(self, minutes: int) -> None:
        self.clock.forward(minutes=minutes)

    @rule(minutes=st.integers(-6000, 6000))
    def the_clock_is_set(self, minutes: int) -> None:
        self.device.skew = minutes * MINUTE

    @rule()
    def the_computer_starts_anew(self) -> None:
        self.device.restart()

    @rule()
    def it_meets_the_server(self) -> None:
        self.device.confirmed = self.clock.now

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def some_arrive(self, data: st.DataObject) -> None:
        chosen = data.draw(st.lists(st.sampled_from(self.waiting), min_size=1, max_size=6))
        self._send(chosen)

    @precondition(lambda self: self.arrived)
    @rule(data=st.data())
    def one_comes_again(self, data: st.DataObject) -> None:
        self._send([data.draw(st.sampled_from(sorted(self.arrived)))])

    def _send(self, chosen: list[int]) -> None:
        request = SyncRequest(operations=tuple(self.made[one][0] for one in chosen))
        response = synchronise(self.database, self.keys, self.house.ana, request)
        for one, result in zip(chosen, response.results, strict=True):
            assert result.outcome == ("duplicate" if one in self.arrived else "accepted"), result
            if one not in self.arrived:
                self.arrived.add(one)
                self.waiting.remove(one)
                self._arrives(self.made[one][1])

    def _arrives(self, meaning: object) -> None:
        if isinstance(meaning, Entry):
            late = self.model.comes_late(meaning.at, (meaning.check_in_id, meaning.supersedes))
            self.model.entries[meaning.id] = msgspec.structs.replace(meaning, held="waiting" if late else None)
        elif isinstance(meaning, Undo):
            late = self.model.comes_late(None, (meaning.cancels,))
            self.model.undos[meaning.id] = msgspec.structs.replace(meaning, held="waiting" if late else None)
        elif isinstance(meaning, AttendanceAsk):
            if meaning.ask_id not in self.withdrawn:
                self.asks[meaning.ask_id] = meaning
        elif isinstance(meaning, AttendanceWithdrawal):
            self.withdrawn.add(meaning.ask_id)
            self.asks.pop(meaning.ask_id, None)

    # -- the manager -------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.asks)
    @rule(data=st.data())
    def an_ask_is_approved(self, data: st.DataObject) -> None:
        ask = self.asks[data.draw(st.sampled_from(sorted(self.asks)))]
        if ask.supersedes is not None and ask.supersedes not in self.model.entries:
            with (
                self.database.write(self.house.organization_id) as t,
                pytest.raises(ProblemError, match="has not arrived here"),
            ):
                deciding.approve(t, self.house.manager, ask.ask_id)
            return
        with self.database.write(self.house.organization_id) as t:
            deciding.approve(t, self.house.manager, ask.ask_id)
        del self.asks[ask.ask_id]
        self._stands(ask)

    def _stands(self, ask: AttendanceAsk) -> None:
        model = self.model
        if ask.wants == "add":
            assert ask.at is not None
            entry = Entry(ask.ask_id, str(ask.kind), parse_utc(ask.at), None, None, None)
        else:
            first = model.root(model.entries[str(ask.supersedes)])
            if ask.wants == "remove":
                late = model.comes_late(None, (first.id,))
                model.undos[ask.ask_id] = Undo(ask.ask_id, first.id, "accepted" if late else None)
                return
            assert ask.at is not None
            last = model.chain(first)[-1]
            entry = Entry(ask.ask_id, last.kind, parse_utc(ask.at), last.check_in_id, last.id, None)
        late = model.comes_late(entry.at, (entry.check_in_id, entry.supersedes))
        model.entries[entry.id] = msgspec.structs.replace(entry, held="accepted" if late else None)

    @precondition(lambda self: self.asks)
    @rule(data=st.data())
    def an_ask_is_refused(self, data: st.DataObject) -> None:
        ask_id = data.draw(st.sampled_from(sorted(self.asks)))
        with self.database.write(self.house.organization_id) as t:
            deciding.refuse(t, self.house.manager, ask_id, "no")
        del self.asks[ask_id]

    @precondition(lambda self: any(isinstance(meaning, AttendanceAsk) for _, meaning in self.made))
    @rule(data=st.data())
    def what_was_asked_for_is_withdrawn(self, data: st.DataObject) -> None:
        """Before it came, while it waits, or once it was decided."""
        asks = [meaning for _, meaning in self.made if isinstance(meaning, AttendanceAsk)]
        ask_id = data.draw(st.sampled_from([one.ask_id for one in asks]))
        body = AttendanceWithdrawal(ask_id=ask_id, at=make.moment(self.clock.now))
        self._make(make.operation(ATTENDANCE_WITHDRAW, ask_id, body), body)

    @rule(back=st.integers(0, 3), days=st.integers(0, 5))
    def days_are_closed(self, back: int, days: int) -> None:
        last = (self.clock.now - timedelta(hours=12)).date() - timedelta(days=1 + back)
        with self.database.write(self.house.organization_id) as t:
            closing.close(t, self.house.manager, last - timedelta(days=days), last)
        self.model.closed.append((last - timedelta(days=days), last))

    @precondition(lambda self: self._held())
    @rule(data=st.data(), accept=st.booleans())
    def what_is_held_is_decided(self, data: st.DataObject, accept: bool) -> None:
        self._decide(data.draw(st.sampled_from(self._held())), accept=accept)

    def _decide(self, held: Entry | Undo, *, accept: bool) -> None:
        decide = deciding.let_in if accept else deciding.leave_out
        with self.database.write(self.house.organization_id) as t:
            decide(t, self.house.manager, held.id)
        held.held = "accepted" if accept else "left_out"

    def _held(self) -> list[Entry | Undo]:
        both = [*self.model.entries.values(), *self.model.undos.values()]
        return [one for one in both if one.held == "waiting"]

    # -- what must hold --------------------------------------------------------------------------------------------

    @invariant()
    def the_server_holds_what_the_model_says(self) -> None:
        if not hasattr(self, "database"):
            return
        with self.database.read(self.house.organization_id) as t:
            rows = {row.event_id: row for row in t.all(t.select(attendance_event))}
            undos = {row.event_id: row.held for row in t.all(t.select(attendance_cancellation))}
            found = timesheet(t, self.house.ana.member_id, *EVER)
            waiting = {row.event_id for row in deciding.list_waiting(t, self.house.manager, limit=1000).rows}
            asked = {row.ask_id for row in list_asks(t, self.house.manager, state="asked", limit=1000).rows}
        assert asked == set(self.asks)
        assert {name: (row.at, row.held) for name, row in rows.items()} == {
            name: (format_utc(one.at), one.held) for name, one in self.model.entries.items()
        }
        assert undos == {name: one.held for name, one in self.model.undos.items()}
        assert waiting == {one.id for one in self._held()}
        pairs = self.model.pairs()
        assert {one.session.check_in_id: one.ended for one in found} == {
            check_in: end is not None for check_in, end in pairs.items()
        }
        assert by_day(found) == {day: minutes * 60 for day, minutes in self.model.minutes().items()}

    def teardown(self) -> None:
        if not hasattr(self, "database"):
            return
        try:
            self._send(list(self.waiting))
            self.the_server_holds_what_the_model_says()
            with self.database.read(self.house.organization_id) as t:
                assert broken_at(t) is None
        finally:
            self.database.close()
            if self.own is not None:
                shutil.rmtree(self.own)


class OnPostgreSQL(TimeMachine):
    """The same on a PostgreSQL, where each example has another organization of one database."""

    url: str

    def open(self) -> Database:
        database = Database(self.url, self.clock)
        self.house = _house(database, "Harbour Works")
        _let_the_manager_care(database, self.house)
        return database


def _let_the_manager_care(database: Database, house: House) -> None:
    with database.write(house.organization_id) as t:
        manager = house.manager.member_id
        t.insert(access_grant, grant_id=new_id(), member_id=manager, role="manager", created=t.now_text)


SOME_AND_MANY = pytest.mark.parametrize(
    ("examples", "steps"), [pytest.param(5, 20, id="some"), pytest.param(60, 50, id="many", marks=pytest.mark.slow)]
)


@pytest.mark.hypothesis
@SOME_AND_MANY
def test_working_time_is_what_a_simple_model_says(examples: int, steps: int) -> None:
    _run(TimeMachine, examples, steps)


@pytest.mark.hypothesis
@SOME_AND_MANY
def test_working_time_on_postgresql_is_what_a_simple_model_says(
    examples: int, steps: int, cluster: Cluster, tmp_path: Path
) -> None:
    name = cluster.migrated_database()
    try:
        keys = SigningKeys.load_or_create(tmp_path / "keys", {})
        machine = type("OnPostgreSQL", (OnPostgreSQL,), {"url": cluster.url(database=name), "keys": keys})
        _run(machine, examples, steps)
    finally:
        cluster.drop(name)


def _run(machine: type[TimeMachine], examples: int, steps: int) -> None:
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=(Phase.generate,),
        ),
    )
