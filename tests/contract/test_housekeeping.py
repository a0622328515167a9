"""What is over goes, by age and once, however many replicas look; what still counts stays."""

import io
import threading
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, insert, select

from rules.clock import format_utc
from server import housekeeping
from server.media import taking, uploads
from server.media.taking import Stores
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.storage.objects import Objects
from server.storage.tables import (
    access_token,
    authorization_code,
    enrolment,
    media,
    sign_in_attempt,
    token_family,
    upload,
)
from tests.contract.conftest import Clock, House, new_id


def _fill(database: Database, house: House, expires: str) -> None:
    with database.write(house.ana.organization_id) as t:
        family, member_id = new_id(), house.ana.member_id
        t.insert(token_family, family_id=family, member_id=member_id, client_id="app", created=t.now_text)
        t.insert(access_token, token_sha256=new_id(), member_id=member_id, family_id=family, expires=expires)
        t.insert(enrolment, code_sha256=new_id(), member_id=member_id, created=t.now_text, expires=expires, used=None)
        t.insert(
            authorization_code,
            code_sha256=new_id(),
            member_id=member_id,
            client_id="app",
            redirect_uri="http://127.0.0.1/",
            challenge="c",
            expires=expires,
        )
    with database.server_wide() as connection:
        connection.execute(insert(sign_in_attempt).values(subject="s", at=expires))


def _counts(database: Database, house: House) -> list[int]:
    with database.read(house.ana.organization_id) as t:
        counts = [len(t.all(t.select(one))) for one in (access_token, enrolment, authorization_code)]
    with database.server_wide() as connection:
        tries = connection.execute(select(func.count()).select_from(sign_in_attempt)).scalar()
    return [*counts, tries or 0]


def test_what_expired_goes_and_the_rest_stays(database: Database, house: House, clock: Clock, tmp_path: Path) -> None:
    objects = Objects((tmp_path / "media").as_uri())
    _fill(database, house, format_utc(clock.now - timedelta(hours=2)))
    _fill(database, house, format_utc(clock.now + timedelta(minutes=5)))
    assert _counts(database, house) == [2, 2, 2, 2]
    housekeeping.tidy(database, objects)
    assert _counts(database, house) == [1, 1, 1, 1]
    housekeeping.tidy(database, objects)
    assert _counts(database, house) == [1, 1, 1, 1]


def test_of_many_replicas_one_has_the_round(database: Database, clock: Clock) -> None:
    for _ in range(2):
        said: list[bool] = []
        start = threading.Barrier(6)

        def ask(said: list[bool] = said, start: threading.Barrier = start) -> None:
            start.wait(10)
            said.append(housekeeping.claim(database))

        threads = [threading.Thread(target=ask) for _ in range(6)]
        for one in threads:
            one.start()
        for one in threads:
            one.join(30)
        assert sorted(said) == [False] * 5 + [True]
        assert housekeeping.due(database) == clock.now + housekeeping.EVERY
        clock.forward(hours=6)


def test_the_thread_does_a_round_and_ends_at_once(
    database: Database, house: House, clock: Clock, tmp_path: Path
) -> None:
    _fill(database, house, format_utc(clock.now - timedelta(hours=2)))
    keeping = housekeeping.Housekeeping(database, Objects((tmp_path / "media").as_uri()))
    asked = threading.Event()
    wait = keeping._ended.wait
    keeping._ended.wait = lambda seconds=None: (asked.set(), wait(seconds))[1]  # type: ignore[method-assign]
    keeping.begin()
    assert asked.wait(30)
    keeping.close()
    assert not keeping._thread.is_alive()
    assert _counts(database, house) == [0, 0, 0, 0]


def test_an_upload_that_nobody_went_on_with_goes_with_its_parts(
    database: Database, house: House, clock: Clock, tmp_path: Path
) -> None:
    folder = tmp_path / "media"
    folder.mkdir()
    objects = Objects(folder.as_uri())
    wanted = uploads.NewUpload(length=10, media_id=None, sha256=None, content_type="image/jpeg", metadata="")

    def begun() -> str:
        with database.write(house.ana.organization_id) as t:
            made = uploads.create(t, house.ana, wanted)
            objects.put(f"part/{made.upload_id}", b"12345")
            uploads.advance(t, house.ana, made.upload_id, [uploads.Piece(0, 5, f"part/{made.upload_id}")])
        return made.upload_id

    begun()
    clock.forward(seconds=(uploads.LIFETIME + timedelta(seconds=1)).total_seconds())
    kept = begun()
    housekeeping.tidy(database, objects)
    with database.read(house.ana.organization_id) as t:
        assert [row.upload_id for row in t.all(t.select(upload))] == [kept]
    assert [one.name for one in folder.rglob("*") if one.is_file()] == [kept]


def test_a_browsers_file_that_no_report_took_goes_though_its_member_never_comes_back(
    database: Database, house: House, clock: Clock, tmp_path: Path
) -> None:
    objects = Objects(str(tmp_path / "media"))
    stores = Stores(database, objects, SigningKeys.load_or_create(tmp_path / "keys", {}))
    taking.take(stores, house.ana, new_id(), "a.txt", io.BytesIO(b"left behind"), keep=False)
    housekeeping.tidy(database, objects)
    assert [one for one in (tmp_path / "media").rglob("*") if one.is_file()]
    clock.forward(seconds=uploads.LIFETIME.total_seconds() + 60)
    housekeeping.tidy(database, objects)
    with database.read(house.organization_id) as t:
        assert t.all(t.select(media)) == t.all(t.select(upload)) == []
    assert [one for one in (tmp_path / "media").rglob("*") if one.is_file()] == []
