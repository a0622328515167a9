"""What the server says of a report beside what is on its way there: twice, after a reset, after an update."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from sqlite_utils import Database

from agent.api import AddComment, AgentError, EditReport, KeepVersion, VersionItem
from agent.runtime import answering, versions
from agent.runtime.views import Looks, activity_item, comment_item
from agent.store import comments, feed, operations, reports
from agent.store import versions as fetched
from agent.store.searching import Sought
from agent.store.work import WORK, _migrations, put_fact
from agent.store.writer import Store, Writer
from protocol.moment import Moment
from protocol.operations import ReportRevision
from protocol.sync import Change

MOMENT = Moment(utc="2026-03-01T08:00:00.000Z", offset_minutes=0, zone="UTC", boot_id="b", elapsed_ms=1)
NOW = "2026-03-01T09:00:00.000Z"
FIRST = ReportRevision(instance_id="i", revision_id="r1", title="T", text="x", written=MOMENT)
LOOKS = Looks(link="offline", paused=False, sending=(), now=NOW)


def file_first(connection: sqlite3.Connection) -> None:
    operations.add(
        connection,
        operation_id="op",
        kind="report.revise",
        entity="i",
        item_id="i",
        body=msgspec.json.encode(FIRST),
    )
    reports.file(connection, FIRST, operation_id="op", at=NOW)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    writer = Writer()
    opened = writer.open(tmp_path / "work.db", WORK).result(5)
    opened.write(file_first).result(5)
    opened.write(lambda c: operations.kept(c, "op", NOW)).result(5)
    opened.write(lambda c: c.execute("UPDATE report SET done_at = ?", (NOW,)).rowcount).result(5)
    yield opened
    writer.close()


def change(kind: str, entity: str, **body: object) -> Change:
    return Change(kind=kind, entity=entity, body=msgspec.Raw(msgspec.json.encode(body)))


def told(state: str, *heads: str, decision: str = "") -> Change:
    review = {"decision": decision, "revision_id": heads[-1], "by": "Tomas", "at": NOW, "words": "Which?"}
    more = {"review": review} if decision else {}
    return change("report", "i", instance_id="i", state=state, title="T", heads=heads, received=NOW, **more)


def said(comment_id: str = "c", **more: object) -> Change:
    body = {"comment_id": comment_id, "instance_id": "i", "by": "Tomas", "text": "Hello", "at": NOW}
    return change("comment", comment_id, **{**body, **more})


def learn(store: Store, *changes: Change) -> None:
    store.write(lambda c: feed.apply(c, changes)).result(5)


def edit(store: Store, text: str = "T\ny") -> str:
    command = EditReport(account="a", instance_id="i", text=text)
    return store.write(lambda c: answering.edit_report(c, command, MOMENT)).result(5)[0].revision_id


def fetch(store: Store, revision_id: str, text: str) -> None:
    """The server gave a version that was written elsewhere."""
    title, _, rest = text.partition("\n")
    body = msgspec.json.encode(msgspec.structs.replace(FIRST, revision_id=revision_id, title=title, text=rest))

    def take_in(connection: sqlite3.Connection) -> None:
        assert fetched.learn(connection, "i", revision_id, body)
        versions.settle(connection, "i")

    store.write(take_in).result(5)


def wanted(store: Store) -> list[str]:
    return [revision_id for _, revision_id in store.read(lambda c: fetched.wanted(c, 9))]


def shown_versions(store: Store) -> tuple[VersionItem, ...]:
    row = store.read(lambda c: reports.item(c, "i"))
    assert row is not None
    return store.read(lambda c: versions.side_by_side(c, row))


def item(store: Store) -> tuple[str, bool, bool]:
    """State, whether something is asked, whether it can be corrected here."""
    row = store.read(lambda c: reports.item(c, "i"))
    assert row is not None
    shown = activity_item(row, LOOKS, lambda _: None)
    listed = store.read(lambda c: reports.activity(c, Sought(needs_you=True), after=None, limit=9))
    counts = store.read(lambda c: reports.counts(c, NOW))
    assert counts.needs_you == len(listed) == bool(row.asks)
    return shown.state, bool(row.asks), store.read(lambda c: answering.can_correct(c, row))


def test_a_returned_report_asks_until_it_is_answered_here(store: Store) -> None:
    assert item(store) == ("received", False, False)
    learn(store, told("returned", "r1", decision="returned"))
    assert item(store) == ("returned", True, True)
    second = edit(store)
    assert item(store) == ("waiting", False, False)
    learn(store, told("returned", "r1", decision="returned"))  # told again, before the answer is there
    assert item(store) == ("waiting", False, False)
    last = store.read(lambda c: reports.latest_version(c, "i"))
    assert last is not None
    assert (last.revision_id, last.parents, last.text) == (second, ("r1",), "y")
    assert store.read(lambda c: reports.counts(c, NOW)).waiting == 1
    learn(store, told("edited", second, decision="returned"))
    assert item(store) == ("edited", False, False)
    learn(store, told("returned", second, decision="returned"))
    assert item(store) == ("returned", True, True)


def test_a_second_correction_follows_the_first(store: Store) -> None:
    learn(store, told("returned", "r1", decision="returned"))
    second, third = edit(store), edit(store, "T\nz")
    last = store.read(lambda c: reports.latest_version(c, "i"))
    assert last is not None
    assert (last.revision_id, last.parents) == (third, (second,))


def test_a_conflict_is_settled_by_a_version_that_follows_both(store: Store) -> None:
    second = edit(store)
    learn(store, told("edited", "elsewhere", second))
    assert item(store) == ("edited", True, True)
    with pytest.raises(AgentError, match="Nothing is changed"):
        edit(store)  # nobody has read the other one yet
    fetch(store, "elsewhere", "T\nz")
    assert [one.text for one in shown_versions(store)] == ["y", "z"]
    edit(store)  # the same words: they are the ones that stand
    last = store.read(lambda c: reports.latest_version(c, "i"))
    assert last is not None
    assert last.parents == (second, "elsewhere")
    assert item(store)[1] is False


def test_of_two_versions_one_is_kept_as_it_is(store: Store) -> None:
    second = edit(store)
    learn(store, told("edited", "elsewhere", second))

    def keep(revision_id: str) -> None:
        command = KeepVersion(account="a", instance_id="i", revision_id=revision_id)
        store.write(lambda c: versions.keep_version(c, command, MOMENT)).result(5)

    with pytest.raises(AgentError, match="not on this computer yet"):
        keep("elsewhere")
    fetch(store, "elsewhere", "T\nz")
    with pytest.raises(AgentError, match="settled already"):
        keep("r1")
    keep("elsewhere")
    last = store.read(lambda c: reports.latest_version(c, "i"))
    assert last is not None
    assert (last.text, last.parents) == ("z", ("elsewhere", second))
    with pytest.raises(AgentError, match="settled already"):
        keep("elsewhere")


def test_only_what_somebody_reads_is_fetched_and_only_what_stands_is_kept(store: Store) -> None:
    far = change("report", "far", instance_id="far", state="received", title="F", heads=["f"], received=NOW)
    learn(store, far, told("edited", "r2"))
    assert wanted(store) == ["r2"]
    assert store.write(lambda c: fetched.want(c, "far")).result(5)
    assert sorted(wanted(store)) == ["f", "r2"]
    fetch(store, "r2", "T\nsecond")
    assert wanted(store) == ["f"]
    row = store.read(lambda c: reports.item(c, "i"))
    assert row is not None
    assert row.text == "second"
    learn(store, told("edited", "r3"))
    assert sorted(wanted(store)) == ["f", "r3"]
    assert store.read(lambda c: fetched.find(c, "r2")) is None
    assert not store.write(lambda c: fetched.learn(c, "i", "r3", b"{}")).result(5)
    assert not store.write(lambda c: fetched.learn(c, "i", "r4", msgspec.json.encode(FIRST))).result(5)
    learn(store, told("edited", "r1"))
    assert wanted(store) == ["f"]


def test_what_was_overtaken_or_written_elsewhere_is_not_corrected_here(store: Store) -> None:
    learn(store, told("returned", "elsewhere", decision="returned"))
    assert item(store) == ("returned", True, False)
    with pytest.raises(AgentError, match="not on this computer yet"):
        edit(store)
    learn(store, change("report", "far", instance_id="far", state="received", title="F", heads=["f"], received=NOW))
    command = EditReport(account="a", instance_id="far", text="F\ny")
    with pytest.raises(AgentError, match="not on this computer"):
        store.write(lambda c: answering.edit_report(c, command, MOMENT)).result(5)


def test_a_reset_forgets_decisions_and_comments_of_others_and_keeps_what_waits(store: Store) -> None:
    command = AddComment(account="a", instance_id="i", text="Mine")
    own = store.write(lambda c: answering.add_comment(c, command, MOMENT)).result(5).comment_id
    learn(store, told("returned", "r1", decision="returned"), said(), said())
    assert [one.text for one in store.read(lambda c: comments.of_report(c, "i"))] == ["Mine", "Hello"]
    store.write(feed.forget_taught).result(5)
    assert item(store) == ("received", False, False)
    assert [one.text for one in store.read(lambda c: comments.of_report(c, "i"))] == ["Mine"]
    learn(store, said(), said(own, by="Ana", own=True, text="Mine"))
    shown = [comment_item(one, LOOKS) for one in store.read(lambda c: comments.of_report(c, "i"))]
    assert [(one.text, one.own, one.state) for one in shown] == [("Mine", True, "sent"), ("Hello", False, "sent")]
    assert len(store.read(lambda c: operations.due(c, "9", 9))) == 1  # nobody said yet that it was kept


@pytest.mark.parametrize(("state", "words"), [("waiting", "waiting"), ("kept", "sent"), ("aside", "needs_you")])
def test_how_far_a_comment_came(store: Store, state: str, words: str) -> None:
    command = AddComment(account="a", instance_id="i", text="Mine")
    store.write(lambda c: answering.add_comment(c, command, MOMENT)).result(5)
    store.write(lambda c: c.execute("UPDATE operation SET state = ?", (state,)).rowcount).result(5)
    [row] = store.read(lambda c: comments.of_report(c, "i"))
    assert comment_item(row, LOOKS).state == words


def test_the_first_schema_is_taken_over_with_what_an_older_app_only_kept(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _migrations().apply(Database(connection), stop_before="0002_review")
        operations.add(
            connection, operation_id="op", kind="k", entity="i", item_id="i", body=msgspec.json.encode(FIRST)
        )
        connection.execute(
            "INSERT INTO report (instance_id, origin, title, text, at) VALUES ('i', 'here', 'T', 'x', ?)", (NOW,)
        )
        connection.execute("INSERT INTO revision VALUES ('r1', 'i', 'op')")
        put_fact(connection, "app_version", "0.1.0")
        connection.execute("INSERT INTO unknown_change VALUES ('comment', 'c', ?)", (bytes(said().body),))
    writer = Writer()
    store = writer.open(path, WORK).result(5)
    assert (tmp_path / "work.before-migration").exists()
    assert store.read(lambda c: c.execute("SELECT count(*) FROM fact").fetchone()[0]) == 0
    store.write(feed.apply_unknown).result(5)
    assert [one.text for one in store.read(lambda c: comments.of_report(c, "i"))] == ["Hello"]
    last = store.read(lambda c: reports.latest_version(c, "i"))
    assert last == FIRST
    writer.close()
