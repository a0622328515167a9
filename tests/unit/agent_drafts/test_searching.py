"""The index of words finds what was filed, page by page, whatever is typed, and is always in step."""

import sqlite3
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.store import attendance, feed, operations, reports
from agent.store.databases import open_database
from agent.store.searching import Sought, find
from agent.store.work import WORK
from agent.store.writer import Store, Writer
from protocol.changes import AttendanceView, LocationView, ReportView
from protocol.moment import Moment
from protocol.operations import AttendanceEvent
from protocol.sync import Change
from tests.unit.agent_drafts.conftest import NOW, file_report


def found(store: Store, search: str = "", **sought: object) -> list[str]:
    wanted = Sought(search=search, **sought)  # type: ignore[arg-type]
    return store.read(lambda c: find(c, wanted, None, 50))


def learn(store: Store, kind: str, entity: str, body: object) -> None:
    change = Change(kind=kind, entity=entity, body=msgspec.Raw(msgspec.json.encode(body)))
    store.write(lambda c: feed.apply(c, [change])).result(5)


def place(store: Store, location_id: str, name: str, *, active: bool = True) -> None:
    learn(store, "location", location_id, LocationView(location_id=location_id, name=name, zone="UTC", active=active))


def in_step(store: Store) -> bool:
    """What is kept is what the view says, and FTS5 itself says that its index fits what is kept."""

    def look(connection: sqlite3.Connection) -> bool:
        connection.execute("INSERT INTO words (words, rank) VALUES ('integrity-check', 1)")
        kept = connection.execute("SELECT item_id, at, title, text FROM searchable ORDER BY 1").fetchall()
        said = connection.execute("SELECT item_id, at, title, text FROM findable ORDER BY 1").fetchall()
        return [tuple(row) for row in kept] == [tuple(row) for row in said]

    return store.write(look).result(5)


def test_a_word_is_found_by_its_beginning_in_title_text_and_place(store: Store) -> None:
    place(store, "g", "Gäte 2")
    file_report(store, "a", "Hinge of the door", "It was oiled.")
    file_report(store, "b", "Lamp", "The hinge is fine.", place="g")
    assert set(found(store, "hin")) == {"a", "b"}
    assert found(store, "OIL") == ["a"]
    assert found(store, "gate lamp") == ["b"]
    assert found(store, "gate oiled") == []
    assert found(store, "inge") == []
    assert in_step(store)


def test_the_index_follows_every_change_of_what_it_is_of(store: Store) -> None:
    place(store, "g", "Gate")
    file_report(store, "a", "Lamp", place="g")
    place(store, "g", "Harbour door")
    assert (found(store, "harbour"), found(store, "gate")) == (["a"], [])
    seen = ReportView(instance_id="s", state="received", title="From the browser", heads=("x",), received=NOW)
    learn(store, "report", "s", seen)
    assert found(store, "browser") == ["s"]
    learn(store, "report", "s", msgspec.structs.replace(seen, title="Renamed"))
    assert (found(store, "browser"), found(store, "renamed")) == ([], ["s"])
    store.write(feed.forget_taught).result(5)
    assert found(store, "renamed") == []
    assert found(store, "harbour") == ["a"], "a place that is no longer known keeps its name in history"
    place(store, "g", "Pier")
    assert found(store, "pier") == ["a"]
    assert in_step(store)


def test_attendance_is_found_by_its_note_and_by_the_place_of_its_check_in(store: Store) -> None:
    place(store, "g", "Gate")
    at = Moment(utc=NOW, offset_minutes=0, zone="UTC", boot_id="", elapsed_ms=0)
    for event in (
        AttendanceEvent(event_id="in", kind="check_in", location_id="g", at=at),
        AttendanceEvent(event_id="out", kind="check_out", check_in_id="in", at=at),
        AttendanceEvent(event_id="far", kind="check_in", note="At the pier", at=at),
    ):
        store.write(lambda c, event=event: attendance.record(c, event)).result(5)  # type: ignore[misc]
    assert set(found(store, "gate")) == {"in", "out"}
    assert found(store, "pier") == ["far"]
    moved = AttendanceView(event_id="far", kind="check_in", at="2026-03-02T08:00:00.000Z", grade="server")
    learn(store, "attendance", "far", moved)
    assert found(store, since="2026-03-02T00:00:00.000Z") == ["far"]
    assert in_step(store)


@pytest.mark.parametrize("script", ["昨日門が壊れた", "ประตูพังเมื่อวาน"])
def test_scripts_without_spaces_are_found_anywhere_in_a_line(store: Store, script: str) -> None:
    file_report(store, "a", script)
    file_report(store, "b", "Lamp")
    assert found(store, script[2:4]) == ["a"]
    assert found(store, f"{script[2:4]} lamp") == []


@pytest.mark.parametrize(
    "hostile", ['"', '" OR title:*', "NEAR(a b)", "a AND", "*", "%", "_", "^a", "-a", "a:b", "\x00", "(", "²", "ⅷ"]
)
def test_no_text_breaks_the_search(store: Store, hostile: str) -> None:
    file_report(store, "x", "Nothing of it")
    assert found(store, hostile) == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(min_size=1, max_size=30))
def test_whatever_is_typed_is_answered_and_what_was_written_is_found_by_it(store: Store, text: str) -> None:
    if store.read(lambda c: c.execute("SELECT 1 FROM report").fetchone()) is None:
        file_report(store, "x", "Lamp", "two words")
    assert found(store, text) in ([], ["x"])
    assert found(store, f"{text} lamp") in ([], ["x"])


def test_filters_by_state_place_and_time(store: Store) -> None:
    place(store, "g", "Gate")
    times = [f"2026-03-0{day}T08:00:00.000Z" for day in range(1, 6)]
    for item_id, at in zip("abcde", times, strict=True):
        file_report(store, item_id, item_id, place="g" if item_id in "ab" else None, at=at)
    for item_id, state in (("b", "returned"), ("c", "received"), ("d", "approved")):
        view = ReportView(instance_id=item_id, state=state, title=item_id, heads=(), received=NOW)  # type: ignore[arg-type]
        learn(store, "report", item_id, view)
        store.write(
            lambda c, one=item_id: c.execute("UPDATE report SET done_at = at WHERE instance_id = ?", (one,))
        ).result(5)  # type: ignore[misc]
    store.write(lambda c: operations.set_aside(c, "o-e", state="aside", sentence="No.")).result(5)
    for state, items in (
        ("waiting", ["a"]),
        ("returned", ["b"]),
        ("received", ["c"]),
        ("approved", ["d"]),
        ("needs_you", ["e"]),
        ("rejected", []),
        (None, ["e", "d", "c", "b", "a"]),
    ):
        assert found(store, state=state) == items
    assert found(store, needs_you=True) == ["e", "b"]
    assert found(store, location_id="g") == ["b", "a"]
    assert found(store, location_id="g", state="returned") == ["b"]
    assert found(store, since=times[1], until=times[3]) == ["c", "b"]
    assert found(store, "c", since=times[1]) == ["c"]


def test_an_older_file_is_indexed_when_it_is_opened(tmp_path: Path) -> None:
    """The tables of the first version with a report in them, as an app before this one left them."""
    path = tmp_path / "work.db"
    opened = open_database(path, WORK)
    names = "report_added report_changed report_removed event_added event_changed event_removed location_added"
    for trigger in [*names.split(), "location_renamed"]:
        opened.connection.execute(f"DROP TRIGGER {trigger}")
    opened.connection.execute("DROP VIEW findable")
    opened.connection.execute("DROP INDEX report_review")
    for table in ("words", "searchable", "held", "draft_media", "draft"):
        opened.connection.execute(f"DROP TABLE {table}")
    opened.connection.execute("DELETE FROM _sqlite_migrations WHERE name = '0002_drafts'")
    opened.connection.execute(
        "INSERT INTO report (instance_id, origin, title, text, at) VALUES ('a', 'here', 'Old lamp', '', ?)", (NOW,)
    )
    opened.connection.close()
    writer = Writer()
    try:
        store = writer.open(path, WORK).result(10)
        assert found(store, "old") == ["a"]
        assert in_step(store)
    finally:
        writer.close()


@pytest.mark.slow
def test_a_page_of_twenty_thousand_reports_takes_no_more_than_fifty_milliseconds(store: Store) -> None:
    rows = [
        (
            f"{number:05}",
            f"Round {number} of the harbour",
            f"Lamp {number % 97} was looked at. {'Nothing to say. ' * 20}",
            f"2026-01-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00.000Z",
        )
        for number in range(20_000)
    ]
    store.write(
        lambda c: c.executemany(
            "INSERT INTO report (instance_id, origin, title, text, at) VALUES (?, 'here', ?, ?, ?)", rows
        )
    ).result(60)
    for sought in (
        Sought(),
        Sought(search="ha"),
        Sought(search="harbour lamp"),
        Sought(search="19999"),
        Sought(search="l 96 nothing"),
        Sought(search="nowhere"),
        Sought(search="harbour", since="2026-01-03T00:00:00.000Z", until="2026-01-04T00:00:00.000Z"),
        Sought(state="rejected"),
        Sought(location_id="none"),
        Sought(search="harbour", state="approved"),
    ):
        taken = []
        for _ in range(5):
            began = time.thread_time()  # of this thread alone, whatever else the machine does
            store.read(lambda c, sought=sought: reports.activity(c, sought, after=None, limit=51))  # type: ignore[misc]
            taken.append(time.thread_time() - began)
        assert min(taken) <= 0.05, (sought, taken)
