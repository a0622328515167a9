"""Photos of attendance events on this computer: sent once the event is kept, let go by its receipt, or with an undo."""

import io
import random
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from PIL import Image
from sqlite_utils import Database

from agent.api import AddPhotos, AgentError, Attach, FetchMedia, HoldMedia, Recorded, ShowAttendance, UndoAttendance
from agent.runtime import attaching, attending, open_ends, timesheets, transfers
from agent.store import media, operations, receipts, reports
from agent.store.work import WORK, _migrations
from agent.store.writer import Writer
from agent.sync.uploader import Uploader
from agent.transport import Cancellation
from protocol.changes import ATTENDANCE, RECEIPT, AttendanceView
from protocol.operations import ATTENDANCE_CANCEL, ATTENDANCE_RECORD, REPORT_REVISE, AttendanceCancellation
from protocol.statements import PublicKey, SignedStatement
from rules.statements import StatementError
from tests.unit.agent_attendance.conftest import GATE, YARD, Office
from tests.unit.agent_media.test_uploader import Holding

NOW = "2026-03-01T10:00:00.000Z"


def picture(shade: int = 100) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (20, 20), (shade, shade, shade)).save(target, "JPEG")
    return target.getvalue()


class Darkroom:
    """An office with an uploader to a server in memory."""

    def __init__(self, office: Office) -> None:
        self.office, self.server = office, Holding()
        self.uploader = Uploader(
            asker=self.server,  # type: ignore[arg-type]  # the port
            store=office.work.store,
            spool=office.work.spool,
            clock=office.clock,
            progress=lambda _media_id, _reached: None,
            chance=random.Random(1),
        )

    def attach(self, shade: int = 100) -> str:
        command = Attach(account="s/m", data=picture(shade), name="IMG_20260301.jpg")
        return attaching.attach(self.office.work, command).media_id

    def run(self) -> int:
        return self.uploader.run(Cancellation())

    def spooled(self) -> set[str]:
        return {path.stem for path in self.office.work.spool.folder.iterdir()}

    def states(self, event_id: str) -> list[str]:
        query = ShowAttendance(account="s/m", event_id=event_id)
        return [one.state for one in timesheets.show_event(self.office.work, query).media]

    def receive(self, event_id: str, monkeypatch: pytest.MonkeyPatch, *, holds: bool = True) -> None:
        """The receipt of an event comes; whether it `holds` is not this test's matter but that of rules.receipts."""

        def check(*_: object, **__: object) -> None:
            if not holds:
                raise StatementError("It names other files.")

        monkeypatch.setattr(receipts, "check_receipt", check)
        statement = SignedStatement(type="receipt", kid="k", payload="", signature="")
        self.office.learn(RECEIPT, event_id, statement)
        key = PublicKey(kid="k", key="")
        released = self.office.work.store.write(
            lambda c: receipts.check_all(c, [key], organization_id="o", member_id="m", now=NOW)
        ).result(5)
        for name in released:
            self.office.work.spool.forget(name)


@pytest.fixture
def dark(office: Office) -> Darkroom:
    return Darkroom(office)


def waiting(office: Office) -> int:
    return office.work.counts().waiting


def undo(office: Office, event_id: str) -> None:
    attending.carry_out(office.work, UndoAttendance(account="s/m", event_id=event_id))


def test_a_photo_goes_after_its_event_and_stays_until_the_receipt(
    dark: Darkroom, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = dark.attach(), dark.attach(50)
    event_id = office.record("check_in", GATE, media=(first, second))
    body = office.body(event_id)
    assert [(one.media_id, one.name) for one in body.media] == [(first, "Photo 1.jpg"), (second, "Photo 2.jpg")]
    assert dark.run() == 0, "nothing of it before the organization keeps the event"
    assert waiting(office) == 1
    office.give_out()
    assert waiting(office) == 1, "the event is there and its photos are not"
    assert dark.run() == 2
    assert dark.states(event_id) == ["sent", "sent"]
    assert waiting(office) == 1
    assert dark.spooled() == {first, second}
    dark.receive(event_id, monkeypatch)
    assert dark.states(event_id) == ["received", "received"]
    assert dark.spooled() == set()
    assert waiting(office) == 0
    [row] = office.work.store.read(lambda c: [reports.item(c, event_id)])
    assert row is not None
    assert (row.files, row.receipt, row.done_at is not None) == (2, True, True)


def test_a_receipt_that_does_not_hold_lets_nothing_go(
    dark: Darkroom, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    event_id = office.record("check_in", GATE, media=(dark.attach(),))
    office.give_out()
    dark.run()
    dark.receive(event_id, monkeypatch, holds=False)
    assert len(dark.spooled()) == 1
    assert dark.states(event_id) == ["sent"]
    assert office.work.counts().needs_you == 1


def test_what_the_server_lacks_is_sent_again(dark: Darkroom, office: Office) -> None:
    event_id = office.record("check_in", GATE, media=(dark.attach(),))
    office.give_out()
    dark.run()
    [entry] = office.body(event_id).media
    view = AttendanceView(event_id=event_id, kind="check_in", at=NOW, grade="server", missing=(entry.media_id,))
    office.learn(ATTENDANCE, event_id, view)
    assert dark.states(event_id) == ["waiting"]
    assert dark.run() == 1


def test_an_undo_takes_photos_along_that_have_not_all_arrived(dark: Darkroom, office: Office) -> None:
    event_id = office.record("check_in", GATE, media=(dark.attach(), dark.attach(50)))
    office.give_out()
    dark.server.meanwhile = lambda _name: undo(office, event_id) if dark.spooled() else None
    assert dark.run() == 0, "the one that was on its way stops, the other never begins"
    assert dark.spooled() == set()
    office.give_out()
    assert waiting(office) == 0
    kinds = [one.kind for one in office.sent]
    assert kinds == [ATTENDANCE_RECORD, ATTENDANCE_CANCEL]
    [row] = office.work.store.read(lambda c: [reports.item(c, event_id)])
    assert row is not None
    assert (row.cancelled, row.files, row.done_at is not None) == (True, 0, True)


def test_an_undo_before_anything_left_sends_no_photo(dark: Darkroom, office: Office) -> None:
    undo(office, office.record("check_in", GATE, media=(dark.attach(),)))
    office.give_out()
    assert dark.run() == 0
    assert dark.spooled() == set()
    assert waiting(office) == 0


def test_an_undo_keeps_photos_that_arrived_until_they_are_signed_for(
    dark: Darkroom, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    event_id = office.record("check_in", GATE, media=(dark.attach(),))
    office.give_out()
    dark.run()
    undo(office, event_id)
    assert len(dark.spooled()) == 1
    dark.receive(event_id, monkeypatch)
    assert dark.spooled() == set()


def test_held_back_it_waits_alone_and_can_be_opened_again(dark: Darkroom, office: Office) -> None:
    first, second = dark.attach(), dark.attach(50)
    event_id = office.record("check_in", GATE, media=(first, second))
    office.give_out()
    transfers.hold(office.work, HoldMedia(account="s/m", media_id=first, held=True))
    assert dark.run() == 1
    assert dark.states(event_id) == ["held", "sent"]
    transfers.fetch(office.work, FetchMedia(account="s/m", media_id=first))  # it is here: nothing is asked
    counts = office.work.counts()
    assert (counts.waiting, counts.held) == (1, 1)


def test_more_than_three_are_refused_with_what_to_do(dark: Darkroom, office: Office) -> None:
    photos = tuple(dark.attach(shade) for shade in range(4))
    with pytest.raises(AgentError, match="3 are the most") as refused:
        office.record("check_in", GATE, media=photos)
    assert refused.value.kind == "refused"
    assert waiting(office) == 0
    office.record("check_in", GATE, media=photos[:3])
    with pytest.raises(AgentError, match="not attached any more"):
        office.record("check_out", media=photos[:1])


def test_a_photo_comes_later_as_a_correction(dark: Darkroom, office: Office) -> None:
    office.rules(photo_required=True, correct_hours=24)

    def wanted() -> str | None:
        session = office.work.store.read(lambda c: open_ends.view(office.work, c))
        return session.photo_wanted if session is not None else None

    check_in = office.record("check_in", GATE, note="Crane")
    assert wanted() == check_in
    added = attending.carry_out(office.work, AddPhotos(account="s/m", event_id=check_in, media=(dark.attach(),)))
    assert isinstance(added, Recorded)
    body, before = office.body(added.event_id), office.body(check_in)
    assert (body.supersedes, body.location_id, body.note, len(body.media)) == (check_in, GATE, "Crane", 1)
    assert body.at.utc == before.at.utc
    assert wanted() is None
    again = attending.carry_out(office.work, AddPhotos(account="s/m", event_id=check_in, media=(dark.attach(50),)))
    assert isinstance(again, Recorded)
    assert office.body(again.event_id).supersedes == added.event_id, "in one line, not beside one another"
    undo(office, again.event_id)
    undo(office, added.event_id)
    assert wanted() == check_in
    office.rules(photo_required=True, correct_hours=0)
    assert wanted() is None, "it could not be added any more"
    with pytest.raises(AgentError, match="too late"):
        attending.carry_out(office.work, AddPhotos(account="s/m", event_id=check_in, media=(dark.attach(),)))


def test_a_check_in_that_ends_a_session_is_one_press_and_one_undo(office: Office) -> None:
    first = office.record("check_in", GATE)
    second = office.record("check_in", YARD, leaving=True)
    office.give_out()
    kinds = [msgspec.json.decode(one.body)["kind"] for one in office.sent]
    assert kinds == ["check_in", "check_out", "check_in"]
    end = msgspec.json.decode(office.sent[1].body)
    assert end["check_in_id"] == first
    assert end["at"]["utc"] == msgspec.json.decode(office.sent[2].body)["at"]["utc"]
    undo(office, second)
    office.give_out()
    undone = [msgspec.json.decode(one.body, type=AttendanceCancellation).cancels for one in office.sent[3:]]
    assert undone == [second, end["event_id"]]
    session = office.work.store.read(lambda c: open_ends.view(office.work, c))
    assert session is not None
    assert session.check_in_id == first, "as if the button had never been pressed"
    with pytest.raises(AgentError, match="undone already"):
        undo(office, second)


def test_leaving_nothing_is_a_check_in(office: Office) -> None:
    office.record("check_in", YARD, leaving=True)
    office.give_out()
    assert len(office.sent) == 1


def test_a_place_that_is_not_here_ends_no_session(office: Office) -> None:
    first = office.record("check_in", GATE)
    with pytest.raises(AgentError):
        office.record("check_in", "elsewhere-of-others", leaving=True)
    session = office.work.store.read(lambda c: open_ends.view(office.work, c))
    assert session is not None
    assert session.check_in_id == first


def test_a_profile_of_before_keeps_what_waits_and_takes_up_receipts_of_events(tmp_path: Path) -> None:
    path = tmp_path / "work.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        _migrations().apply(Database(connection), stop_before="0010_event_files")
        for kind, item in ((REPORT_REVISE, "r1"), (ATTENDANCE_RECORD, "e1")):
            operations.add(connection, operation_id=f"of {item}", kind=kind, entity=item, item_id=item, body=b"{}")
        connection.execute("UPDATE operation SET state = 'kept'")
        connection.execute(
            "INSERT INTO report (instance_id, origin, title, text, at) VALUES ('r1', 'here', 'Gate', '', ?)", (NOW,)
        )
        connection.execute("INSERT INTO revision VALUES ('v1', 'r1', 'of r1', 0)")
        for media_id, revision_id in (("m1", "v1"), ("m2", None)):
            connection.execute(
                "INSERT INTO media (media_id, revision_id, file_name, name, content_type, size, sha256, stripped,"
                " attached_at) VALUES (?, ?, 'a.jpg', 'a.jpg', 'image/jpeg', 3, 'x', 1, ?)",
                (media_id, revision_id, NOW),
            )
        for entity in ("e1", "of another device"):
            connection.execute("INSERT INTO receipt VALUES (?, x'7b7d', 'elsewhere', '')", (entity,))
    writer = Writer()
    try:
        store = writer.open(path, WORK).result(10)
        due = store.read(lambda c: media.due(c, NOW))
        assert due is not None
        assert (due.media_id, due.item_id, due.of_event) == ("m1", "r1", False)
        assert store.read(lambda c: media.attached(c, ("m2",))) is not None
        assert store.read(lambda c: media.attached(c, ("m1",))) is None
        states = store.read(lambda c: dict(c.execute("SELECT revision_id, state FROM receipt").fetchall()))
        assert states == {"e1": "unchecked", "of another device": "elsewhere"}
    finally:
        writer.close()
