"""Drafts and undoing, by the very code that the agent runs, on a real work.db: none lost, none sent twice."""

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
import uuid6
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from agent.api import (
    AddComment,
    AgentError,
    Attach,
    CopyReport,
    DiscardDraft,
    Draft,
    DraftReport,
    EditReport,
    ExportReport,
    ExportStuck,
    Filed,
    FileReport,
    SaveDraft,
    SendDrafts,
    UndoSend,
)
from agent.clock import Clock
from agent.runtime import attaching, drafting, editing, exporting, looking
from agent.runtime.workplace import Workplace
from agent.schedule.ticker import Ticker
from agent.store import drafts, media, operations, reports
from agent.store.operations import StoredOperation
from agent.store.work import WORK
from agent.store.writer import Writer
from rules.clock import format_utc


class TurnedClock(Clock):
    """The real one, turned by `by`."""

    by = timedelta()

    def now(self) -> datetime:
        return super().now() + self.by


class Desk:
    """One account's work with no server; a test gives out what may leave, as a round of sync does."""

    def __init__(self, folder: Path) -> None:
        self.clock = TurnedClock()
        self.told: set[str] = set()
        self.sent: list[StoredOperation] = []
        self._writer = Writer()
        self._ticker = Ticker(self.clock, on_jump=lambda: None)
        self.work = Workplace(
            "s/m",
            store=self._writer.open(folder / "work.db", WORK).result(10),
            spool_folder=folder / "spool",
            asker=None,  # type: ignore[arg-type]  # nothing is asked: sending is paused
            check_server=None,  # type: ignore[arg-type]
            clock=self.clock,
            ticker=self._ticker,
            changed=lambda *what: self.told.update(what),
            happened=lambda _name, _fields: None,
        )
        self.work.rounds.pause(paused=True)

    def close(self) -> None:
        self.work.rounds.close()
        self._ticker.close()
        self._writer.close()

    def attach(self, data: bytes = b"one", name: str = "a.txt") -> str:
        return attaching.attach(self.work, Attach(account="s/m", data=data, name=name)).media_id

    def save(self, draft_id: str, text: str, *media_ids: str, **more: Any) -> None:
        command = SaveDraft(account="s/m", draft_id=draft_id, text=text, media=media_ids, **more)
        drafting.carry_out(self.work, command)

    def discard(self, draft_id: str) -> None:
        drafting.carry_out(self.work, DiscardDraft(account="s/m", draft_id=draft_id))

    def file(self, draft_id: str, text: str, *media_ids: str) -> Filed:
        return self.work.file_report(
            FileReport(account="s/m", text=text, media=media_ids, instance_id=draft_id, undoable=True)
        )

    def undo(self, *instance_ids: str) -> tuple[str, ...]:
        done = drafting.carry_out(self.work, UndoSend(account="s/m", instance_ids=instance_ids))
        return tuple(one.draft_id for one in done.items)  # type: ignore[union-attr]

    def give_out(self) -> list[str]:
        """What leaves now, in the syncer's order of doing it; all of it is kept by the organization."""
        store, now = self.work.store, self.clock.now()
        store.write(lambda c: drafts.let_go(c, now)).result(5)
        due = store.read(lambda c: operations.due(c, format_utc(now), 100))
        self.sent += due
        for one in due:
            store.write(lambda c, one=one: operations.kept(c, one.operation_id, format_utc(now))).result(5)  # type: ignore[misc]
        return [one.item_id for one in due]

    def drafts(self) -> dict[str, str]:
        return {one.draft_id: one.text for one in self.work.store.read(drafts.all_drafts)}

    def open(self, draft_id: str) -> Draft:
        return looking.open_draft(self.work, draft_id)

    def filed(self) -> set[str]:
        rows = self.work.store.read(lambda c: c.execute("SELECT instance_id FROM report").fetchall())
        return {row["instance_id"] for row in rows}

    def spooled(self) -> set[str]:
        return {path.stem for path in self.work.spool.folder.iterdir()}


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def test_a_draft_is_kept_as_it_was_last_saved_with_its_files_in_order(desk: Desk) -> None:
    first, second = desk.attach(), desk.attach(b"two", "b.txt")
    desk.save("d", "Gate")
    desk.save("d", "Gate 2\nis open", second, first, place_chosen=True)
    draft = desk.open("d")
    assert (draft.text, draft.place_chosen) == ("Gate 2\nis open", True)
    assert [one.media_id for one in draft.media] == [second, first]
    assert Path(draft.media[0].spool_path).read_bytes() == b"two"
    (line,) = looking.list_drafts(desk.work).items
    assert line.title == "Gate 2"
    desk.save("d", "Gate 2", first)
    assert [one.media_id for one in desk.open("d").media] == [first]
    assert "drafts" in desk.told


def test_files_of_a_draft_are_no_orphans_however_old(desk: Desk) -> None:
    kept, forgotten = desk.attach(), desk.attach()
    desk.save("d", "Gate", kept)
    later = format_utc(desk.clock.now() + timedelta(days=400))
    desk.work.store.write(lambda c: media.forget_abandoned(c, later)).result(5)
    desk.work.spool.forget_all_but(desk.work.store.read(media.named))
    assert desk.spooled() == {kept}
    assert forgotten not in desk.spooled()


def test_a_discarded_draft_is_gone_with_its_files(desk: Desk) -> None:
    desk.save("d", "Gate", desk.attach())
    desk.discard("d")
    assert (desk.drafts(), desk.spooled()) == ({}, set())
    with pytest.raises(AgentError, match="sent or discarded"):
        desk.open("d")


def test_sending_ends_the_draft_and_a_second_time_is_refused(desk: Desk) -> None:
    photo = desk.attach()
    desk.save("d", "Gate", photo)
    desk.file("d", "Gate", photo)
    assert (desk.drafts(), desk.filed()) == ({}, {"d"})
    with pytest.raises(AgentError, match="sent already"):
        desk.file("d", "Gate")
    with pytest.raises(AgentError, match="sent already"):
        desk.save("d", "Gate, again")
    assert desk.drafts() == {}


def test_what_is_held_back_leaves_after_five_seconds_and_not_before(desk: Desk) -> None:
    filed = desk.file("d", "Gate")
    assert filed.undo_until is not None
    desk.clock.by = timedelta(seconds=4.5)
    assert desk.give_out() == []
    desk.clock.by = timedelta(seconds=5.1)
    assert desk.give_out() == ["d"]
    assert desk.give_out() == []


def test_nothing_is_given_out_while_it_can_still_be_undone_whatever_the_time(desk: Desk) -> None:
    """Between letting go and giving out the five seconds may end; the first decides, not the clock."""
    desk.file("d", "Gate")
    desk.clock.by = timedelta(seconds=4.9)
    now = desk.clock.now()
    desk.work.store.write(lambda c: drafts.let_go(c, now)).result(5)
    later = format_utc(now + timedelta(seconds=1))
    assert desk.work.store.read(lambda c: operations.due(c, later, 100)) == []
    assert desk.undo("d") == ("d",)


def test_undone_it_is_the_draft_it_was_and_can_be_sent_again(desk: Desk) -> None:
    one, two = desk.attach(), desk.attach(b"two", "b.txt")
    desk.save("d", "  Gate\n\nopen", two, one, place_chosen=True)
    desk.file("d", "  Gate\n\nopen", two, one)
    assert desk.undo("d") == ("d",)
    draft = desk.open("d")
    assert (draft.text, [each.media_id for each in draft.media]) == ("  Gate\n\nopen", [two, one])
    assert draft.place_chosen
    assert desk.filed() == set()
    desk.clock.by = timedelta(hours=1)
    assert desk.give_out() == []
    desk.file("d", "Gate, shut", two, one)
    desk.clock.by = timedelta(hours=2)
    assert desk.give_out() == ["d"]


def test_once_given_out_it_cannot_be_undone(desk: Desk) -> None:
    desk.file("d", "Gate")
    desk.clock.by = timedelta(seconds=6)
    desk.give_out()
    with pytest.raises(AgentError, match="too late"):
        desk.undo("d")
    assert (desk.filed(), desk.drafts()) == ({"d"}, {})


@pytest.mark.parametrize(
    ("more", "leave"),
    [
        (AddComment(account="s/m", instance_id="d", text="Gate 2"), 2),
        (EditReport(account="s/m", instance_id="d", text="Gate 2"), 2),
        (DraftReport(account="s/m", instance_id="d"), 1),
    ],
    ids=["comment", "version", "draft of a version"],
)
def test_more_written_about_a_report_that_is_held_back_lets_it_go(
    desk: Desk, more: AddComment | EditReport | DraftReport, leave: int
) -> None:
    desk.file("d", "Gate")
    if isinstance(more, DraftReport):
        editing.begin(desk.work, more)
    else:
        desk.work.carry_out(more)
    with pytest.raises(AgentError, match="too late"):
        desk.undo("d")
    assert desk.filed() == {"d"}
    assert desk.give_out() == ["d"] * leave


def test_a_change_that_was_emptied_and_written_anew_is_another_version_and_no_second_report(desk: Desk) -> None:
    desk.file("d", "Gate")
    begun = editing.begin(desk.work, DraftReport(account="s/m", instance_id="d"))
    assert (begun.edits, begun.edits_title) == ("d", "Gate")
    desk.save(begun.draft_id, "")
    empty = drafting.send(desk.work, SendDrafts(account="s/m", draft_ids=(begun.draft_id,)))
    assert (empty.filed, "nothing in this report" in empty.kept[0].sentence) == ((), True)
    desk.save(begun.draft_id, "Gate 2, all of it anew")
    reopened = looking.open_draft(desk.work, begun.draft_id)
    assert (reopened.edits, reopened.edits_title) == ("d", "Gate")
    sent = drafting.send(desk.work, SendDrafts(account="s/m", draft_ids=(begun.draft_id,)))
    assert [one.instance_id for one in sent.filed] == ["d"]
    assert desk.filed() == {"d"}


def test_send_now_ends_the_waiting_and_a_clock_set_back_does_not_prolong_it(desk: Desk) -> None:
    desk.file("a", "Gate")
    desk.work.retry(None)
    assert desk.give_out() == ["a"]
    desk.file("b", "Lamp")
    desk.clock.by = timedelta(days=-1)
    assert desk.give_out() == ["b"]


def test_all_drafts_are_sent_in_one_step_and_one_that_cannot_go_stays(desk: Desk) -> None:
    for draft_id, text in (("a", "Gate"), ("b", "Lamp"), ("c", "x" * 1_100_000)):
        desk.save(draft_id, text)
    sent = drafting.send(desk.work, SendDrafts(account="s/m", draft_ids=("a", "b", "c", "gone"), undoable=True))
    assert [one.instance_id for one in sent.filed] == ["a", "b"]
    assert "megabyte" in sent.kept[0].sentence
    assert list(desk.drafts()) == ["c"]
    assert set(desk.undo("a", "b", "c")) == {"a", "b"}
    assert set(desk.drafts()) == {"a", "b", "c"}


def test_a_copy_has_the_words_and_the_files_that_are_still_here(desk: Desk) -> None:
    here, gone = desk.attach(b"here", "h.txt"), desk.attach(b"gone", "g.txt")
    desk.file("d", "Gate\nopen", here, gone)
    desk.work.store.write(lambda c: c.execute("UPDATE media SET released = 1 WHERE media_id = ?", (gone,))).result(5)
    copy = drafting.copy_report(desk.work, CopyReport(account="s/m", instance_id="d", draft_id="e"))
    assert copy.text == "Gate\nopen"
    (medium,) = copy.media
    assert medium.media_id != here
    assert Path(medium.spool_path).read_bytes() == b"here"
    desk.discard("e")
    assert here in desk.spooled()
    with pytest.raises(AgentError, match="not on this computer"):
        drafting.copy_report(desk.work, CopyReport(account="s/m", instance_id="never", draft_id="f"))


def test_a_report_is_exported_as_a_folder_and_a_second_time_beside_it(desk: Desk, tmp_path: Path) -> None:
    import msgspec

    same = [desk.attach(b"first", "a.txt"), desk.attach(b"second", "A.txt"), desk.attach(b"third", "c.txt")]
    desk.file("d", "Gate / 2: open\nSince Monday", *same)
    desk.work.store.write(lambda c: c.execute("UPDATE media SET released = 1 WHERE media_id = ?", (same[2],))).result(5)
    out = tmp_path / "out"
    out.mkdir()
    command = ExportReport(account="s/m", instance_id="d", folder=str(out))
    done, again = exporting.export_report(desk.work, command), exporting.export_report(desk.work, command)
    assert (done.files, done.missing) == (2, 1)
    folder = Path(done.path)
    assert folder.parent == out
    assert {path.name for path in folder.iterdir()} == {"report.json", "a.txt", "A (2).txt"}
    assert (folder / "A (2).txt").read_bytes() == b"second"
    written = msgspec.json.decode((folder / "report.json").read_bytes())
    assert (written["title"], written["text"]) == ("Gate / 2: open", "Since Monday")
    assert [one["file"] for one in written["media"]] == ["a.txt", "A (2).txt", None]
    assert again.path == f"{done.path} (2)"
    assert len(list(out.iterdir())) == 2
    with pytest.raises(AgentError, match="Choose another folder"):
        exporting.export_report(desk.work, ExportReport(account="s/m", instance_id="d", folder=str(tmp_path / "never")))


def test_what_is_stuck_is_saved_with_the_very_bodies_that_wait(desk: Desk, tmp_path: Path) -> None:
    import msgspec

    target = tmp_path / "stuck.json"
    command = ExportStuck(account="s/m", path=str(target))
    with pytest.raises(AgentError, match="Nothing needs you"):
        exporting.export_stuck(desk.work, command)
    desk.file("d", "Gate\nopen")
    row = desk.work.store.read(lambda c: c.execute("SELECT operation_id, body FROM operation").fetchone())
    desk.work.store.write(
        lambda c: operations.set_aside(c, row["operation_id"], state="aside", sentence="Too long.")
    ).result(5)
    assert exporting.export_stuck(desk.work, command).items == 1
    (item,) = msgspec.json.decode(target.read_bytes())["items"]
    assert (item["title"], item["text"], item["why"]) == ("Gate", "open", "Too long.")
    assert item["unsent"] == [{"kind": "report.revise", "body": msgspec.json.decode(row["body"])}]
    assert [path.name for path in tmp_path.iterdir() if path.name.endswith(".part")] == []


class Writing(RuleBasedStateMachine):
    """A person writes, sends, undoes and discards while rounds of sync come at any time and the clock is turned."""

    ids = Bundle("ids")
    undone_after_leaving = False

    def __init__(self) -> None:
        super().__init__()
        self._stack = contextlib.ExitStack()
        folder = self._stack.enter_context(TemporaryDirectory())
        self.desk = Desk(Path(folder))
        self._stack.callback(self.desk.close)
        self.written: dict[str, str] = {}
        self.files: dict[str, tuple[str, ...]] = {}

    def teardown(self) -> None:
        self._stack.close()

    @rule(target=ids, text=st.text("ab \n", min_size=1, max_size=5), with_file=st.booleans())
    def begin(self, text: str, with_file: bool) -> str:
        draft_id = str(uuid6.uuid7())
        media_ids = (self.desk.attach(),) if with_file else ()
        self.desk.save(draft_id, f"x{text}", *media_ids)
        self.written[draft_id], self.files[draft_id] = f"x{text}", media_ids
        return draft_id

    @rule(draft_id=ids, text=st.text("cd", min_size=1, max_size=3))
    def write_on(self, draft_id: str, text: str) -> None:
        if draft_id in self.desk.filed():
            with pytest.raises(AgentError):
                self.desk.save(draft_id, text)
            return
        self.desk.save(draft_id, text, *self.files[draft_id])
        self.written[draft_id] = text

    @rule(draft_id=ids)
    def send(self, draft_id: str) -> None:
        if draft_id in self.desk.filed():
            with pytest.raises(AgentError):
                self.desk.file(draft_id, "again")
            return
        self.desk.file(draft_id, self.written[draft_id], *self.files[draft_id])

    @rule(undoable=st.booleans())
    def send_all(self, undoable: bool) -> None:
        command = SendDrafts(account="s/m", draft_ids=tuple(self.desk.drafts()), undoable=undoable)
        assert drafting.send(self.desk.work, command).kept == ()

    @rule(draft_id=ids)
    def undo(self, draft_id: str) -> None:
        left = draft_id in {one.item_id for one in self.desk.sent}
        try:
            self.desk.undo(draft_id)
        except AgentError:
            return
        assert not left

    @rule(draft_id=consumes(ids))
    def discard(self, draft_id: str) -> None:
        was_draft = draft_id in self.desk.drafts()
        self.desk.discard(draft_id)
        if was_draft:
            del self.written[draft_id], self.files[draft_id]

    @rule(seconds=st.sampled_from([1.0, 4.0, 6.0, -4.0, -3600.0]))
    def turn_the_clock(self, seconds: float) -> None:
        self.desk.clock.by += timedelta(seconds=seconds)

    @rule()
    def a_round(self) -> None:
        self.desk.give_out()

    @rule()
    def send_now(self) -> None:
        self.desk.work.retry(None)

    @invariant()
    def everything_written_is_a_draft_or_a_report_and_never_both(self) -> None:
        drafts_here, filed = self.desk.drafts(), self.desk.filed()
        assert set(drafts_here) | filed == set(self.written)
        assert not set(drafts_here) & filed
        assert {one: self.written[one] for one in drafts_here} == drafts_here

    @invariant()
    def nothing_leaves_twice_and_what_left_is_filed(self) -> None:
        left = [one.item_id for one in self.desk.sent]
        assert len(left) == len(set(left))
        assert set(left) <= self.desk.filed()

    @invariant()
    def files_are_kept_with_what_they_belong_to(self) -> None:
        store = self.desk.work.store
        for draft_id in self.desk.drafts():
            assert (
                tuple(row["media_id"] for row in store.read(lambda c, one=draft_id: drafts.files(c, one)))
                == self.files[draft_id]
            )  # type: ignore[misc]
        for instance_id in self.desk.filed():
            assert (
                tuple(row["media_id"] for row in store.read(lambda c, one=instance_id: reports.files(c, one)))
                == self.files[instance_id]
            )  # type: ignore[misc]


TestWriting = Writing.TestCase
TestWriting.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
