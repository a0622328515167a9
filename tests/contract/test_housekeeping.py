"""What is over goes, by age and once, however many replicas look; what still counts stays."""

import io
import threading
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Table, func, insert, select

from protocol.discovery import TokenReply
from protocol.sync import SyncRequest
from rules.clock import format_utc
from server import feed, housekeeping
from server.accounts import tokens, web_sessions
from server.accounts.minting import Mint
from server.media import receiving, taking, uploads
from server.media.taking import Stores, Wanted
from server.problems import ProblemError
from server.receipts.keys import SigningKeys
from server.storage.database import Database
from server.storage.objects import Objects
from server.storage.tables import (
    access_token,
    authorization_code,
    change,
    enrolment,
    installation,
    log_record,
    media,
    refresh_token,
    sign_in_attempt,
    token_family,
    upload,
    upload_part,
    web_session,
)
from server.sync.envelope import synchronise
from server.sync.filing import file_report
from telemetry.catalog import EVENTS
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id


def _fill(database: Database, house: House, expires: str) -> None:
    with database.write(house.ana.organization_id) as t:
        family, member_id = new_id(), house.ana.member_id
        t.insert(token_family, family_id=family, member_id=member_id, client_id="app", created=t.now_text)
        later = format_utc(t.now + timedelta(days=1))
        t.insert(refresh_token, token_sha256=new_id(), family_id=family, created=t.now_text, expires=later)
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


class _Dying(Objects):
    """A store whose server dies once so many objects were removed."""

    lives = 0

    def delete(self, key: str) -> None:
        if not self.lives:
            raise KeyboardInterrupt
        self.lives -= 1
        super().delete(key)


@pytest.mark.parametrize("lives", [0, 1, 2])
@pytest.mark.parametrize("whose", ["given up", "expired", "taken back", "browser's"])
def test_a_server_that_dies_while_it_removes_files_leaves_none_for_ever(
    database: Database, house: House, clock: Clock, tmp_path: Path, *, lives: int, whose: str
) -> None:
    folder = tmp_path / "media"
    folder.mkdir()
    objects, dying = Objects(folder.as_uri()), _Dying(folder.as_uri())
    dying.lives = lives
    stores = Stores(database, dying, SigningKeys.load_or_create(tmp_path / "keys", {}))
    form, content = new_id(), b"x" * (2 * receiving.PIECE_BYTES + 1)
    if whose in {"taken back", "browser's"}:
        media_id = taking.take(stores, house.ana, form, "a.txt", io.BytesIO(content), keep=True)
    else:
        wanted = uploads.NewUpload(length=99, media_id=None, sha256=None, content_type="image/jpeg", metadata="")
        with database.write(house.organization_id) as t:
            made = uploads.create(t, house.ana, wanted)
            pieces = [uploads.Piece(start, 9, f"part/{start}") for start in (0, 9, 18)]
            uploads.advance(t, house.ana, made.upload_id, pieces)
        for piece in pieces:
            objects.put(piece.key, b"x" * 9)
    assert len([one for one in folder.rglob("*") if one.is_file()]) == 3
    if whose in {"expired", "browser's"}:
        clock.forward(seconds=uploads.LIFETIME.total_seconds() + 60)

    def remove() -> None:
        if whose == "taken back":
            taking.forget(stores, house.ana, media_id)
        elif whose == "given up":
            uploads.terminate(database, dying, house.ana, made.upload_id)
        else:
            housekeeping.tidy(database, dying)

    with pytest.raises(KeyboardInterrupt):
        remove()
    assert [one for one in folder.rglob("*") if one.is_file()]
    housekeeping.tidy(database, objects)
    assert [one for one in folder.rglob("*") if one.is_file()] == []
    with database.read(house.organization_id) as t:
        assert t.all(t.select(media)) == t.all(t.select(upload)) == t.all(t.select(upload_part)) == []


def _signed_in(database: Database, house: House, token: str) -> str:
    """A device's sign-in; its family."""
    with database.write(house.organization_id) as t:
        return tokens.open_family(t, house.ana.member_id, "app", token)[0]


def _rows(database: Database, house: House, table: Table) -> int:
    with database.read(house.organization_id) as t:
        return len(t.all(t.select(table)))


def test_sign_ins_that_ended_go_and_those_that_stand_stay(
    database: Database, house: House, clock: Clock, tmp_path: Path
) -> None:
    objects, mint = Objects(str(tmp_path / "media")), Mint(b"k" * 32)
    _signed_in(database, house, "forgotten")
    clock.forward(days=59)
    ended = _signed_in(database, house, "ended")
    _signed_in(database, house, "stands")
    with database.write(house.organization_id) as t:
        tokens.revoke_family(t, ended, "signed out")
    clock.forward(days=2)
    with database.write(house.organization_id) as t:
        assert isinstance(tokens.refresh(t, mint, "stands", "app"), TokenReply)
    clock.forward(days=59)  # the first token of this sign-in is too old now, its successor is not
    housekeeping.tidy(database, objects)
    assert [_rows(database, house, table) for table in (token_family, refresh_token, access_token)] == [1, 1, 0]
    with database.write(house.organization_id) as t:
        assert isinstance(tokens.refresh(t, mint, mint.derive("refresh", "stands"), "app"), TokenReply)
    clock.forward(days=61)
    housekeeping.tidy(database, objects)
    assert [_rows(database, house, table) for table in (token_family, refresh_token, access_token)] == [0, 0, 0]


def test_browsers_that_timed_out_go(database: Database, house: House, clock: Clock, tmp_path: Path) -> None:
    with database.write(house.organization_id) as t:
        web_sessions.begin(t, house.ana)
        web_sessions.begin(t, house.ben)
    housekeeping.tidy(database, Objects(str(tmp_path / "media")))
    assert _rows(database, house, web_session) == 2
    clock.forward(minutes=61)
    with database.write(house.organization_id) as t:
        web_sessions.begin(t, house.ben)
    housekeeping.tidy(database, Objects(str(tmp_path / "media")))
    assert _rows(database, house, web_session) == 1


def test_log_data_goes_when_the_catalog_says(
    database: Database, house: House, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "PORTION", 3)
    objects, sender = Objects(str(tmp_path / "media")), new_id()
    names = sorted(EVENTS)
    with database.write(house.organization_id) as t:
        day = clock.now.date().isoformat()
        t.insert(installation, installation_id=sender, secret_sha256="0" * 64, registered_on=day)
        for name in [*names, "of.a.newer.app"] * 2:
            t.insert(
                log_record,
                installation_id=sender,
                event_id=new_id(),
                category="diagnostics",
                name=name,
                time_unix_nano=1,
                record=b"",
                received=t.now_text,
            )
    for days in sorted({event.retention_days for event in EVENTS.values()}):
        housekeeping.tidy(database, objects)
        clock.forward(days=days - (clock.now.date() - date.fromisoformat(day)).days, minutes=1)
        housekeeping.tidy(database, objects)
        kept = [name for name in names if EVENTS[name].retention_days > days]
        with database.read(house.organization_id) as t:
            found = sorted({row.name for row in t.all(t.select(log_record))})
        assert found == sorted([*kept, *(["of.a.newer.app"] if kept else [])])
    clock.forward(days=1)
    housekeeping.tidy(database, objects)
    assert _rows(database, house, installation) == 0


def test_changes_that_no_device_asked_for_go_in_portions(
    database: Database, house: House, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(housekeeping, "PORTION", 3)
    keys = SigningKeys.load_or_create(tmp_path / "keys", {})
    first = synchronise(database, keys, house.ana, SyncRequest(operations=()))
    sent = tuple(make.revise(make.revision(clock.now, f"Round {number}")) for number in range(10))
    synchronise(database, keys, house.ana, SyncRequest(operations=sent, cursor=first.cursor))
    before = _rows(database, house, change)
    assert before > 20
    housekeeping.tidy(database, Objects(str(tmp_path / "media")))
    assert _rows(database, house, change) == before
    clock.forward(days=feed.KEPT.days + 1)
    late = synchronise(database, keys, house.ben, SyncRequest(operations=(make.revise(make.revision(clock.now)),)))
    housekeeping.tidy(database, Objects(str(tmp_path / "media")))
    assert 1 < _rows(database, house, change) < 6
    assert not synchronise(database, keys, house.ben, SyncRequest(operations=(), cursor=late.cursor)).reset
    missed = synchronise(database, keys, house.ana, SyncRequest(operations=(), cursor=first.cursor))
    assert missed.reset


def test_files_that_no_report_took_count_against_what_one_may_send(
    database: Database, house: House, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    objects = Objects(str(tmp_path / "media"))
    stores = Stores(database, objects, SigningKeys.load_or_create(tmp_path / "keys", {}))
    monkeypatch.setattr(uploads, "MOST_OPEN_BYTES", 30)
    held = [
        taking.take(stores, house.ana, new_id(), f"{name}.txt", io.BytesIO(name.encode() * 10), keep=False)
        for name in ("a", "b", "c")
    ]
    with pytest.raises(ProblemError, match="no report has yet"):
        taking.take(stores, house.ana, new_id(), "d.txt", io.BytesIO(b"d"), keep=False)
    taking.take(stores, house.ben, new_id(), "d.txt", io.BytesIO(b"d"), keep=False)
    taking.forget(stores, house.ana, held[0])
    taking.take(stores, house.ana, new_id(), "e.txt", io.BytesIO(b"e"), keep=False)
    with database.write(house.organization_id) as t:
        entries = taking.entries(t, house.ana, held)
        body = make.revision(clock.now, media=tuple(entries))
        file_report(t, stores.keys, house.ana, new_id(), body)
    taking.take(stores, house.ana, new_id(), "f.txt", io.BytesIO(b"f" * 20), keep=False)
    clock.forward(seconds=uploads.LIFETIME.total_seconds() + 60)
    taking.begin(stores, house.ana, Wanted(media_id=new_id(), name="g.txt", size=30))
