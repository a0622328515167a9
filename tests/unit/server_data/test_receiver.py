"""One request's bytes: what counts when it ends well, breaks, or was not what its checksum says."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from uuid6 import uuid7

from server.media.receiving import Receiver
from server.media.uploads import NewUpload, Upload, create, find
from server.problems import ProblemError
from server.storage.database import Actor, Database
from server.storage.objects import Objects
from server.storage.tables import member, organization, upload_part
from tests.migrated import migrated_file

CONTENT = b"0123456789"


class Desk:
    """A member with an upload of ten bytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "media"
        self.objects = Objects(str(self.folder))
        self.database = Database(migrated_file(folder / "server.db"))
        self.actor = Actor(str(uuid7()), str(uuid7()), "worker")
        with self.database.write(self.actor.organization_id) as t:
            t.insert(organization, name="Harbour Works", created=t.now_text)
            t.insert(
                member,
                member_id=self.actor.member_id,
                name="Ana",
                email="ana@example.invalid",
                role="worker",
                active=True,
                created=t.now_text,
            )
            wanted = NewUpload(length=len(CONTENT), media_id=None, sha256=None, content_type="image/png", metadata="")
            self.upload_id = create(t, self.actor, wanted).upload_id

    def now(self) -> Upload:
        """Where the upload stands."""
        with self.database.read(self.actor.organization_id) as t:
            return find(t, self.actor, self.upload_id)

    def receiver(self, checksum: tuple[str, bytes] | None = None) -> Receiver:
        """For a request that begins now."""
        return Receiver(self.database, self.objects, self.actor, self.now(), checksum)

    def stored(self) -> list[bytes]:
        """What lies in the store, whether it counts or not."""
        return sorted(path.read_bytes() for path in self.folder.rglob("*") if path.is_file())

    def counted(self) -> list[bytes]:
        """What counts, in order."""
        with self.database.read(self.actor.organization_id) as t:
            parts = t.all(t.select(upload_part).order_by(upload_part.c.start))
        return [b"".join(self.objects.stream(part.object_key, 0, part.size)) for part in parts]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """Closed afterwards."""
    made = Desk(tmp_path)
    yield made
    made.database.close()


def _sha256(content: bytes) -> tuple[str, bytes]:
    return "sha256", hashlib.sha256(content).digest()


def test_a_request_that_ends_well_counts(desk: Desk) -> None:
    receiver = desk.receiver()
    assert not receiver.take(b"0123")
    assert not receiver.take(b"45")
    receiver.complete()
    assert (desk.now().offset, desk.counted()) == (6, [b"012345"])


def test_a_broken_request_counts_what_came(desk: Desk) -> None:
    receiver = desk.receiver()
    receiver.take(b"0123")
    receiver.broken()
    assert (desk.now().offset, desk.counted()) == (4, [b"0123"])


def test_a_broken_request_with_a_checksum_counts_nothing(desk: Desk) -> None:
    receiver = desk.receiver(_sha256(CONTENT))
    receiver.take(b"0123")
    receiver.keep()
    receiver.take(b"45")
    receiver.broken()
    assert (desk.now().offset, desk.stored()) == (0, [])


def test_pieces_under_one_checksum_count_together(desk: Desk) -> None:
    receiver = desk.receiver(_sha256(CONTENT))
    receiver.take(b"0123")
    receiver.keep()
    assert desk.now().offset == 0
    receiver.take(b"456789")
    receiver.complete()
    assert (desk.now().offset, desk.counted()) == (10, [b"0123", b"456789"])


def test_a_wrong_checksum_leaves_nothing_behind(desk: Desk) -> None:
    receiver = desk.receiver(_sha256(b"other"))
    receiver.take(b"0123")
    receiver.keep()
    with pytest.raises(ProblemError) as raised:
        receiver.complete()
    assert raised.value.problem.status == 460
    assert (desk.now().offset, desk.stored()) == (0, [])


def test_of_two_requests_for_the_same_bytes_one_counts(desk: Desk) -> None:
    first, second = desk.receiver(), desk.receiver()
    first.take(b"0123")
    second.take(b"01")
    second.complete()
    with pytest.raises(ProblemError) as raised:
        first.complete()
    assert raised.value.problem.status == 409
    assert (desk.now().offset, desk.stored()) == (2, [b"01"])


def test_too_many_bytes_are_noticed_before_they_are_kept(desk: Desk) -> None:
    receiver = desk.receiver()
    with pytest.raises(ProblemError) as raised:
        receiver.take(CONTENT + b"x")
    receiver.abandon()
    assert raised.value.problem.status == 413
    assert desk.stored() == []
