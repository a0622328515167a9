"""Copies of a report's files, and its versions page by page, on either database."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from protocol.operations import ManifestEntry, ReportRevision
from server.media import copying, taking
from server.media.content import content_of
from server.media.taking import Stores
from server.media.uploads import LIFETIME
from server.reports.history import MOST_LISTED, first_version, history, number_of
from server.reports.reading import newest_with_file, read_report
from server.storage.database import Actor
from server.storage.tables import media, upload, upload_part
from tests.contract.conftest import Clock, House, new_id
from tests.contract.test_filing import body, send, stores
from tests.picture_files import sideways_jpeg

__all__ = ["stores"]


@pytest.fixture
def photo(stores: Stores, house: House, tmp_path: Path) -> ManifestEntry:
    """A photo of Ana's, in no report yet."""
    with (tmp_path / "photo").open("w+b") as file:
        file.write(sideways_jpeg())
        taken = taking.take(stores, house.ana, new_id(), "photo.jpg", file, keep=False)
    with stores.database.read(house.organization_id) as t:
        [entry] = taking.entries(t, house.ana, [taken])
    return entry


def copies(stores: Stores, actor: Actor, instance_id: str, *files: ManifestEntry) -> dict[str, ManifestEntry]:
    with stores.database.write(actor.organization_id) as t:
        return copying.copied(t, actor, instance_id, files)


def bytes_of(stores: Stores, house: House, media_id: str) -> bytes:
    with stores.database.read(house.organization_id) as t:
        found = content_of(t, media_id)
    assert found is not None
    return b"".join(found.stream(stores.objects))


def test_a_copy_is_a_file_of_its_own_over_the_same_bytes(stores: Stores, house: House, photo: ManifestEntry) -> None:
    here = new_id()
    assert copies(stores, house.ana, here, photo) == {}, "a file that no report has is not another report's"
    original = body(stores, "First", media=(photo,))
    assert send(stores, house, original) == "accepted"
    assert copies(stores, house.ana, original.instance_id, photo) == {}, "it is this report's own"
    assert copies(stores, house.ben, here, photo) == {}, "it is somebody else's"
    with ThreadPoolExecutor(4) as pool:  # the form came several times at once
        made = list(pool.map(lambda _: copies(stores, house.ana, here, photo), range(4)))
    assert all(one == made[0] for one in made)
    copy = made[0][photo.media_id]
    assert (copy.name, copy.sha256, copy.size) == (photo.name, photo.sha256, photo.size)
    assert copy.media_id != photo.media_id
    assert bytes_of(stores, house, copy.media_id) == bytes_of(stores, house, photo.media_id)
    assert send(stores, house, body(stores, "Second", here, media=(copy,))) == "accepted"
    assert set(copies(stores, house.ana, new_id(), photo, copy)) == {photo.media_id, copy.media_id}
    with stores.database.read(house.organization_id) as t:
        assert len(t.all(t.select(media))) == len(t.all(t.select(upload))) == 4
        keys = {row.object_key for row in t.all(t.select(upload_part))}
        assert len(keys) == 1
        second = read_report(t, house.ana, here)
    assert second is not None
    assert second.revisions[0].receipt is not None


def test_nobody_takes_the_bytes_below_a_copy(stores: Stores, house: House, photo: ManifestEntry, clock: Clock) -> None:
    send(stores, house, body(stores, "First", media=(photo,)))
    here = new_id()
    copy = copies(stores, house.ana, here, photo)[photo.media_id]
    send(stores, house, body(stores, "Second", here, media=(copy,)))
    clock.forward(seconds=LIFETIME.total_seconds() + 60)
    taking.forget_unclaimed(stores.database, stores.objects, house.ana)
    for one in (photo, copy):
        taking.forget(stores, house.ana, one.media_id)
        assert bytes_of(stores, house, one.media_id)


def test_versions_are_listed_page_by_page_without_their_texts(
    stores: Stores, house: House, photo: ManifestEntry, clock: Clock
) -> None:
    versions: list[ReportRevision] = []
    for number in range(MOST_LISTED + 3):
        clock.forward(minutes=1)
        after = versions[-1] if versions else None
        more = {"parents": (after.revision_id,), "instance_id": after.instance_id} if after else {}
        files = (photo,) if number == 2 else ()
        versions.append(body(stores, f"Step {number + 1}", text="long", media=files, **more))
        assert send(stores, house, versions[-1]) == "accepted"
    instance_id, ids = versions[0].instance_id, [one.revision_id for one in versions]
    with stores.database.read(house.organization_id) as t:
        found = read_report(t, house.ana, instance_id)
        assert found is not None
        assert [one.revision_id for one in found.revisions] == [ids[-1]]
        assert found.reviewed == ()
        newest, oldest = history(t, instance_id), history(t, instance_id, MOST_LISTED)
        assert [row.revision_id for row in (*newest.rows, *oldest.rows)] == ids[::-1]
        assert [row.number for row in oldest.rows] == [3, 2, 1]
        assert [row.head for row in newest.rows] == [True] + [False] * (MOST_LISTED - 1)
        assert (newest.total, history(t, instance_id, 999).rows) == (len(ids), ())
        assert first_version(t, found) == ids[0]
        assert newest_with_file(t, instance_id, photo.media_id) == ids[2]
        assert newest_with_file(t, instance_id, str(uuid.uuid4())) is None
        some = read_report(t, house.ana, instance_id, [ids[4], new_id(), "no id"])
        assert some is not None
        assert [one.revision_id for one in some.revisions] == [ids[-1], ids[4]]
        assert [number_of(t, found, one) for one in some.revisions] == [len(ids), 5]
        assert some.revisions[1].text == "long"
