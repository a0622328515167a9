"""What stands behind reports filed in a browser: kept once, cleaned, found again, on either database."""

import asyncio
import io
from concurrent.futures import Future, ThreadPoolExecutor, wait
from pathlib import Path
from typing import Any

import pytest

from protocol.operations import ReportRevision
from protocol.templates import Field, Template
from rules.templates.filling import sendable
from server.attendance.choosing import find_places, open_session, recent_places
from server.founding import operator_of
from server.media import taking
from server.media.content import content_of
from server.media.receiving import Receiver
from server.media.renditions import Renditions
from server.media.taking import Stores, Wanted
from server.media.uploads import LIFETIME
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.storage.objects import Objects
from server.storage.tables import media, receipt, rendition, report, revision, upload, upload_part
from server.sync.filing import SENT_BEFORE, file_report, may_correct
from server.templates.answering import last_answers
from server.templates.publishing import publish_version
from server.web.filing.form import moment
from tests.contract.conftest import Clock, House, new_id
from tests.picture_files import sideways_jpeg


@pytest.fixture
def stores(database: Database, tmp_path: Path) -> Stores:
    return Stores(database, Objects(str(tmp_path / "media")), SigningKeys.load_or_create(tmp_path / "keys", {}))


def body(stores: Stores, title: str, instance_id: str = "", **more: object) -> ReportRevision:
    return ReportRevision(
        instance_id=instance_id or new_id(),
        revision_id=new_id(),
        title=title,
        written=moment(stores.database.now(), "Europe/Lisbon"),
        **more,  # type: ignore[arg-type]
    )


def send(stores: Stores, house: House, sent: ReportRevision, operation_id: str = "") -> str:
    with stores.database.write(house.organization_id) as t:
        return file_report(t, stores.keys, house.ana, operation_id or new_id(), sent)


def raw(stores: Stores, house: House, media_id: str, content: bytes) -> None:
    """Send all bytes of a file that was announced."""
    with stores.database.read(house.organization_id) as t:
        target = taking.raw_upload(t, house.ana, media_id)
    receiver = Receiver(stores.database, stores.objects, house.ana, target)
    receiver.take(content)
    receiver.complete()


def test_two_that_come_at_the_same_moment_are_one_report(stores: Stores, house: House, clock: Clock) -> None:
    instance_id, operation_id = new_id(), new_id()

    def once(_number: int) -> str:
        return send(stores, house, body(stores, "Once", instance_id), operation_id)

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(once, range(4)))
    assert outcomes == ["accepted", "duplicate", "duplicate", "duplicate"]
    clock.forward(minutes=5)
    with pytest.raises(ProblemError) as refused:
        send(stores, house, body(stores, "Other words", instance_id), operation_id)
    assert refused.value.problem.type == SENT_BEFORE
    with stores.database.read(house.organization_id) as t:
        assert [row.title for row in t.all(t.select(report))] == ["Once"]
        assert len(t.all(t.select(receipt))) == 1


def test_a_correction_has_its_hours(stores: Stores, house: House, clock: Clock) -> None:
    first = body(stores, "First")
    send(stores, house, first)
    clock.forward(hours=100)
    again = body(stores, "Second", first.instance_id, parents=(first.revision_id,))
    assert send(stores, house, again) == "accepted"
    clock.forward(hours=100)
    with stores.database.read(house.organization_id) as t:
        assert not may_correct(t, house.ana, first.instance_id)
        assert not may_correct(t, house.ben, first.instance_id)
    late = body(stores, "Third", first.instance_id, parents=(again.revision_id,))
    with pytest.raises(ProblemError, match="is over"):
        send(stores, house, late)
    assert send(stores, house, again) == "duplicate"  # what came in time is here, however late it comes again


def test_a_file_of_a_browser_is_cleaned_once_and_joins_a_report(stores: Stores, house: House) -> None:
    content = sideways_jpeg()
    media_id = new_id()
    assert b"Spycam" in content
    wanted = Wanted(media_id=media_id, name="Anas house.jpg", size=len(content))
    assert taking.begin(stores, house.ana, wanted) == taking.begin(stores, house.ana, wanted)
    raw(stores, house, media_id, content)
    with ThreadPoolExecutor(3) as pool:  # the answer was lost, and the page asks again while it is made
        held = list(pool.map(lambda _: _settled(stores, house, media_id), range(3)))
    assert any(held)
    assert taking.settle(stores, house.ana, media_id).held
    with stores.database.read(house.organization_id) as t:
        [entry] = taking.entries(t, house.ana, [media_id, new_id()])
        assert taking.entries(t, house.ben, [media_id]) == []
        assert [row.media_id for row in t.all(t.select(upload))] == [media_id]
    assert (entry.name, entry.content_type) == ("Photo 1.jpg", "image/jpeg")
    assert send(stores, house, body(stores, "With it", media=(entry,))) == "accepted"
    taking.forget(stores, house.ana, media_id)
    with stores.database.read(house.organization_id) as t:
        assert len(t.all(t.select(media))) == 1
        assert len(t.all(t.select(receipt))) == 1


def test_asking_over_and_over_makes_a_file_ready_twice_at_once_at_most(stores: Stores, house: House) -> None:
    media_id = new_id()
    taking.begin(stores, house.ana, Wanted(media_id=media_id, name="a.txt", size=3))
    raw(stores, house, media_id, b"abc")
    with taking._turns.take(house.ana.member_id), taking._turns.take(house.ana.member_id):
        with pytest.raises(ProblemError) as refused:
            taking.settle(stores, house.ana, media_id)
        assert refused.value.problem.status == 429
    assert taking.settle(stores, house.ana, media_id).held


def _settled(stores: Stores, house: House, media_id: str) -> bool:
    try:
        return taking.settle(stores, house.ana, media_id).held
    except ProblemError:  # another was faster
        return False


def test_what_no_report_took_goes_after_a_week(stores: Stores, house: House, clock: Clock) -> None:
    media_id = taking.take(stores, house.ana, new_id(), "a.txt", io.BytesIO(b"left behind"), keep=False)
    clock.forward(seconds=LIFETIME.total_seconds() + 60)
    taking.begin(stores, house.ana, Wanted(media_id=new_id(), name="b.txt", size=5))
    with stores.database.read(house.organization_id) as t:
        assert t.all(t.select(media)) == []
        assert t.all(t.select(upload_part)) == []
        assert taking.entries(t, house.ana, [media_id]) == []


def test_a_photo_that_was_shown_is_taken_back_with_its_small_pictures(
    stores: Stores, house: House, clock: Clock, tmp_path: Path
) -> None:
    files = [_shown(stores, house, name) for name in ("one.jpg", "two.jpg")]
    assert len(_objects_in(tmp_path)) == 6
    taking.forget(stores, house.ana, files[0])
    assert len(_objects_in(tmp_path)) == 3
    clock.forward(seconds=LIFETIME.total_seconds() + 60)
    taking.begin(stores, house.ana, Wanted(media_id=new_id(), name="b.txt", size=5))
    with stores.database.read(house.organization_id) as t:
        assert t.all(t.select(media)) == t.all(t.select(rendition)) == []
    assert _objects_in(tmp_path) == []


def _shown(stores: Stores, house: House, name: str) -> str:
    """A photo of a form, of which the page has shown a small picture."""
    content = io.BytesIO(sideways_jpeg() if name == "one.jpg" else sideways_jpeg() + b"x")
    media_id = taking.take(stores, house.ana, new_id(), name, content, keep=True)
    with stores.database.read(house.organization_id) as t:
        held = content_of(t, media_id)
    assert held is not None
    renditions = Renditions(stores.database, stores.objects)
    assert asyncio.run(renditions.make(house.organization_id, held)) is not None
    renditions.close()
    return media_id


class _AtOnce(ThreadPoolExecutor):
    """Work is done before whoever gave it goes on."""

    def submit(self, *work: Any, **named: Any) -> "Future[Any]":
        future = super().submit(*work, **named)
        wait([future], timeout=20)
        return future


@pytest.mark.timeout(60)
def test_a_picture_that_is_there_before_anybody_waits_holds_nothing_up(
    stores: Stores, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.fair_workers.ThreadPoolExecutor", _AtOnce)
    _shown(stores, house, "one.jpg")


def _objects_in(folder: Path) -> list[Path]:
    return [one for one in (folder / "media").rglob("*") if one.is_file()]


def test_places_and_last_answers_are_found(stores: Stores, house: House) -> None:
    template = Template(
        template_id="", version=0, title="Round", fields=(Field(field="hours", kind="integer", label="Hours"),)
    )
    with stores.database.write(house.organization_id) as t:
        published = publish_version(t, operator_of(house.organization_id), template)
    known = {"template_id": published.template_id, "template_version": 1, "location_id": house.gate}
    send(stores, house, body(stores, "One", answers=sendable({"hours": 7}), **known))
    with stores.database.read(house.organization_id) as t:
        assert last_answers(t, house.ana, published.template_id) == {"hours": 7}
        assert last_answers(t, house.ben, published.template_id) == {}
        assert [one.name for one in recent_places(t, house.ana, 5)] == ["Gate 2"]
        assert recent_places(t, house.ben, 5) == []
        assert [one.name for one in find_places(t, "gate 2", 5)] == ["Gate 2"]
        assert find_places(t, "yard", 5) == []  # no longer in use
        assert find_places(t, "100%_", 5) == []
        assert open_session(t, house.ana) is None
        assert t.scalar(t.select(revision, revision.c.zone)) == "Europe/Lisbon"
