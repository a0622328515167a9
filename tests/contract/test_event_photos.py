"""Photos of a check-in: the event counts at once, its receipt follows the last byte, and only who may sees them."""

import hashlib
import os
import secrets
from pathlib import Path
from typing import Any

import msgspec
import pytest

from protocol.changes import AttendanceView
from protocol.operations import AttendanceEvent, ManifestEntry
from protocol.statements import SignedStatement
from protocol.sync import Operation, SyncRequest, SyncResponse
from rules.receipts import check_receipt, payload_hash
from rules.statements import StatementError
from server.attendance.reading import list_events
from server.media import taking, uploads
from server.media.uploads import NewUpload, Piece
from server.policy.document import issue_policy
from server.receipts.keys import SigningKeys
from server.reports.reading import name_of_file, owner_of_file
from server.storage.database import Database
from server.storage.objects import Objects
from server.storage.tables import access_grant, media
from server.sync.envelope import synchronise
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id


class Desk(msgspec.Struct, frozen=True):
    """Ana, her device and the server."""

    database: Database
    objects: Objects
    house: House
    clock: Clock
    keys: SigningKeys

    def sync(self, *sent: Operation) -> SyncResponse:
        """Send these and pull everything."""
        return synchronise(self.database, self.keys, self.house.ana, SyncRequest(operations=sent, cursor=None))

    def check_in(self, *photos: ManifestEntry, **told: Any) -> tuple[AttendanceEvent, Operation]:
        """A check-in with these photos, and the operation that sends it."""
        body = make.attendance("check_in", self.clock.now, location_id=self.house.gate)
        body = msgspec.structs.replace(body, media=photos, **told)
        return body, make.record(body)

    def upload(self, entry: ManifestEntry, content: bytes) -> None:
        """All of a file, as a device's uploader does."""
        new = NewUpload(
            length=entry.size,
            media_id=entry.media_id,
            sha256=entry.sha256,
            content_type=entry.content_type,
            metadata="",
        )
        actor = self.house.ana
        with self.database.write(actor.organization_id) as t:
            begun = uploads.create(t, actor, new)
        key = f"tests/{secrets.token_hex(8)}"
        self.objects.put(key, content)
        with self.database.write(actor.organization_id) as t:
            uploads.advance(t, actor, begun.upload_id, [Piece(0, len(content), key)])
        uploads.finish(self.database, self.objects, self.keys, actor, begun.upload_id)

    def view(self, event_id: str) -> AttendanceView:
        """What the device is told of an event."""
        [found] = [one for one in self.sync().changes if one.kind == "attendance" and one.entity == event_id]
        return msgspec.json.decode(found.body, type=AttendanceView)

    def receipts(self) -> dict[str, SignedStatement]:
        """Those that the device is told of, by entity."""
        found = [one for one in self.sync().changes if one.kind == "receipt"]
        return {one.entity: msgspec.json.decode(one.body, type=SignedStatement) for one in found}


@pytest.fixture
def desk(database: Database, house: House, clock: Clock, tmp_path: Path) -> Desk:
    keys = SigningKeys.load_or_create(tmp_path / "keys", {})
    return Desk(database, Objects(str(tmp_path / "media")), house, clock, keys)


def checked(desk: Desk, sent: Operation, statement: SignedStatement, files: list[str]) -> Any:
    return check_receipt(
        statement,
        desk.keys.public_keys(),
        organization_id=desk.house.organization_id,
        member_id=desk.house.ana.member_id,
        operation_id=sent.id,
        body=bytes(sent.body),
        media_sha256=files,
    )


@pytest.mark.parametrize("photo_first", [True, False])
def test_the_receipt_follows_the_last_byte_whatever_came_first(desk: Desk, *, photo_first: bool) -> None:
    content = os.urandom(20_000)
    entry = make.photo(content, "gate.jpg")
    body, sent = desk.check_in(entry)
    if photo_first:
        desk.upload(entry, content)
        assert desk.sync(sent).results[0].outcome == "accepted"
    else:
        assert desk.sync(sent).results[0].outcome == "accepted"
        view = desk.view(body.event_id)
        assert (view.missing, view.cancelled, view.flags) == ((entry.media_id,), False, ())
        assert desk.receipts() == {}
        desk.upload(entry, content)
    assert desk.view(body.event_id).missing == ()
    receipt = checked(desk, sent, desk.receipts()[body.event_id], [entry.sha256])
    assert (receipt.instance_id, receipt.revision_id) == (body.event_id, body.event_id)
    with pytest.raises(StatementError):
        checked(desk, sent, desk.receipts()[body.event_id], [hashlib.sha256(b"another").hexdigest()])
    assert desk.sync(sent).results[0].outcome == "duplicate"
    assert len(desk.receipts()) == 1


def test_receipts_of_events_and_reports_are_one_chain(desk: Desk) -> None:
    content = os.urandom(100)
    entry = make.photo(content)
    report = make.revision(desk.clock.now)
    desk.sync(make.revise(report))
    desk.upload(entry, content)
    body, sent = desk.check_in(entry)
    desk.sync(sent)
    first, second = desk.receipts()[report.revision_id], desk.receipts()[body.event_id]
    before = payload_hash(msgspec.json.decode(f'"{first.payload}"', type=bytes))
    assert checked(desk, sent, second, [entry.sha256]).previous == before


def test_an_event_without_a_photo_has_no_receipt(desk: Desk) -> None:
    desk.sync(desk.check_in()[1])
    assert desk.receipts() == {}


@pytest.mark.parametrize(
    ("photos", "name"),
    [
        ([make.photo(b"x", f"{number}.jpg") for number in range(4)], "too-many-files"),
        ([make.photo(b"", "a.jpg")], "empty-file"),
        ([make.photo(b"x", "../a.jpg")], "bad-name"),
        ([make.photo(b"x")] * 2, "file-twice"),
    ],
)
def test_what_is_malformed_is_rejected(desk: Desk, photos: list[ManifestEntry], name: str) -> None:
    if name == "file-twice":
        photos = [photos[0], photos[0]]
    [result] = desk.sync(desk.check_in(*photos)[1]).results
    assert result.outcome == "rejected"
    assert result.problem is not None
    assert result.problem.type.endswith(name)


def test_only_who_may_see_the_event_sees_its_photo(desk: Desk) -> None:
    content = os.urandom(100)
    entry = make.photo(content, "gate.jpg")
    desk.sync(desk.check_in(entry)[1])
    desk.upload(entry, content)
    house = desk.house
    with desk.database.read(house.organization_id) as t:
        assert owner_of_file(t, house.ana, entry.media_id) == house.ana.member_id
        assert owner_of_file(t, house.ben, entry.media_id) is None
        assert owner_of_file(t, house.manager, entry.media_id) is None
        assert name_of_file(t, entry.media_id) == "gate.jpg"
    with desk.database.write(house.organization_id) as t:
        grant = {"grant_id": new_id(), "member_id": house.manager.member_id, "role": "manager", "group_id": None}
        t.insert(access_grant, **grant, location_id=house.gate, created=t.now_text)
    with desk.database.read(house.organization_id) as t:
        assert owner_of_file(t, house.manager, entry.media_id) == house.ana.member_id
        [row] = list_events(t, house.manager).rows
    assert [(one.media_id, one.held) for one in row.photos] == [(entry.media_id, True)]


def test_an_announced_photo_outlives_an_upload_that_was_given_up(desk: Desk) -> None:
    content = os.urandom(100)
    entry = make.photo(content)
    body, sent = desk.check_in(entry)
    desk.sync(sent)
    actor = desk.house.ana
    new = NewUpload(
        length=entry.size, media_id=entry.media_id, sha256=entry.sha256, content_type="image/jpeg", metadata=""
    )
    with desk.database.write(actor.organization_id) as t:
        begun = uploads.create(t, actor, new)
    uploads.drop(desk.database, desk.objects, actor, begun)
    with desk.database.read(actor.organization_id) as t:
        assert t.scalar(t.select(media, media.c.media_id)) == entry.media_id
    desk.upload(entry, content)
    desk.clock.forward(days=30)
    taking.forget_unclaimed(desk.database, desk.objects, actor)
    assert body.event_id in desk.receipts()


def test_a_photo_is_asked_for_when_the_policy_says_so(desk: Desk) -> None:
    with desk.database.write(desk.house.organization_id) as t:
        issue_policy(t, desk.keys, photo_required=True)
    desk.clock.forward(minutes=1)
    bare, sent = desk.check_in()
    desk.sync(sent)
    view = desk.view(bare.event_id)
    assert "photo_missing" in view.flags
    assert view.needs_a_look
    shown, sent = desk.check_in(make.photo(b"gate"))
    desk.sync(sent)
    assert "photo_missing" not in desk.view(shown.event_id).flags


def test_a_photo_that_comes_later_is_what_was_asked_for(desk: Desk) -> None:
    with desk.database.write(desk.house.organization_id) as t:
        issue_policy(t, desk.keys, photo_required=True, note_required=True)
    desk.clock.forward(minutes=1)
    bare, sent = desk.check_in()
    desk.sync(sent)
    assert set(desk.view(bare.event_id).flags) == {"photo_missing", "note_missing"}
    first, correction = desk.check_in(make.photo(b"gate"), supersedes=bare.event_id, reason="A photo was added.")
    desk.sync(correction)
    assert desk.view(bare.event_id).flags == ("note_missing",)
    second, correction = desk.check_in(supersedes=first.event_id, reason="And a note.", note="Crane")
    desk.sync(correction)
    assert desk.view(bare.event_id).flags == ()
    assert not desk.view(bare.event_id).needs_a_look
    desk.sync(make.undo(second.event_id, desk.clock.now), make.undo(first.event_id, desk.clock.now))
    assert set(desk.view(bare.event_id).flags) == {"photo_missing", "note_missing"}
