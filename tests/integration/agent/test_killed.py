"""SIGKILL at each step between click and receipt: exactly one report on the server, its photo byte for byte."""

import io
import sqlite3
import threading
from pathlib import Path

import pytest
import requests
from PIL import Image

from agent.api import RecordAttendance, ShowAttendance
from rules.media.kinds import JPEG
from rules.media.stripping import strip
from tests.integration.agent.at_work import AtWork, at_work
from tests.integration.agent.dying import EVENT_STEPS, SAVED, SAVED_EVENT, STEPS, TEXT, UNSAVED, UNSAVED_EVENT
from tests.live_server import LiveServer
from tests.services.warm_programs import WarmProgram

DYING = WarmProgram("tests.integration.agent.dying")
SECONDS = 100


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    path = tmp_path / "photo.jpg"
    exif = Image.Exif()
    exif[0x010F] = "A camera with a name"
    exif[0x0112] = 6
    Image.effect_noise((800, 600), 60).convert("RGB").save(path, exif=exif, quality=95)
    return path


def stripped(photo: Path) -> bytes:
    target = io.BytesIO()
    with photo.open("rb") as source:
        strip(JPEG, source, target)
    return target.getvalue()


def person(server: LiveServer, number: int) -> str:
    """One of their own for each test, so that each counts its own reports on the shared server."""
    email = f"worker{number}@harbour.example.invalid"
    server.add_user(email, "--name", f"Worker {number}")
    return email


def rows(server: LiveServer, query: str, *values: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(f"{(server.data / 'miratag.db').as_uri()}?mode=ro", uri=True)
    try:
        return connection.execute(query, values).fetchall()
    finally:
        connection.close()


def content(work: AtWork, server: LiveServer, media_id: str) -> bytes:
    token = work.agent._opened().tokens.access_token(work.account)
    reply = requests.get(
        f"{server.url}/v1/media/{media_id}/content", headers={"Authorization": f"Bearer {token}"}, timeout=20
    )
    assert reply.status_code == 200
    return reply.content


@pytest.mark.parametrize("step", STEPS)
def test_one_report_and_its_photo_arrive_though_the_app_was_killed(
    step: str, server: LiveServer, photo: Path, tmp_path: Path
) -> None:
    email = person(server, list(STEPS).index(step))
    with at_work(tmp_path / "profile", server, email=email) as work:
        account = work.account
        assert work.sync().online
    died = DYING.run(str(tmp_path / "profile"), str(photo), step, "report", timeout=SECONDS)
    assert died.returncode == -9, died.stderr
    assert ("saved" in died.stdout) == (step in SAVED)
    with at_work(tmp_path / "profile") as work:
        work.account = account
        if step in UNSAVED:
            assert not [item for item in work.activity() if item.kind == "report"]
            work.file(TEXT, work.attach(photo).media_id)
        done = work.sync()
        assert (done.online, done.waiting, done.needs_you) == (True, 0, 0)
        (item,) = [item for item in work.activity() if item.kind == "report"]
        detail = work.report(item.item_id)
        assert (item.state, item.receipt, detail.media[0].path) == ("received", True, None)
        assert content(work, server, detail.media[0].media_id) == stripped(photo)
        # A photo that was attached before the kill, to a report nobody sent, may still be wanted.
        left = [path.name for path in work.profile.spool(account).iterdir()]
        assert len(left) == (1 if "not committed" in step and step in UNSAVED else 0), left
        assert not any(name.startswith(detail.media[0].media_id) for name in left)
        member = account.partition("/")[2]
        found = rows(
            server,
            "SELECT revision.title FROM revision JOIN report USING (instance_id) WHERE report.member_id = ?",
            member,
        )
        assert found == [("The gate is broken",)]
        ((check_ins,),) = rows(server, "SELECT count(*) FROM attendance_event WHERE member_id = ?", member)
        assert check_ins == 1 or (check_ins == 0 and step in UNSAVED)


@pytest.mark.parametrize("step", EVENT_STEPS)
def test_one_check_in_and_its_photo_arrive_though_the_app_was_killed(
    step: str, server: LiveServer, photo: Path, tmp_path: Path
) -> None:
    email = person(server, 100 + list(EVENT_STEPS).index(step))
    with at_work(tmp_path / "profile", server, email=email) as work:
        account = work.account
        assert work.sync().online
    died = DYING.run(str(tmp_path / "profile"), str(photo), step, "check-in", timeout=SECONDS)
    assert died.returncode == -9, died.stderr
    assert ("saved" in died.stdout) == (step in SAVED_EVENT)
    with at_work(tmp_path / "profile") as work:
        work.account = account
        if step in UNSAVED_EVENT:
            assert work.activity() == ()
            work.do(
                RecordAttendance(
                    account=account, kind="check_in", note="At the pier", media=(work.attach(photo).media_id,)
                )
            )
        done = work.sync()
        assert (done.online, done.waiting, done.needs_you) == (True, 0, 0)
        (item,) = work.activity()
        (media,) = work.look(ShowAttendance(account=account, event_id=item.item_id)).media
        assert (item.state, item.receipt, item.media_count, media.state, media.path) == (
            "received",
            True,
            1,
            "received",
            None,
        )
        assert content(work, server, media.media_id) == stripped(photo)
        left = [path.name for path in work.profile.spool(account).iterdir()]
        assert len(left) == (1 if "not committed" in step and step in UNSAVED_EVENT else 0), left
        assert not any(name.startswith(media.media_id) for name in left)
        member = account.partition("/")[2]
        found = rows(server, "SELECT kind, note, photos FROM attendance_event WHERE member_id = ?", member)
        assert found == [("check_in", "At the pier", 1)]
        assert rows(server, "SELECT count(*) FROM receipt WHERE member_id = ?", member) == [(1,)]


def test_the_server_may_be_killed_between_any_two_requests(photo: Path, tmp_path: Path) -> None:
    """Each request is answered by a server that is killed right after, and started anew before the next."""
    with LiveServer.start(tmp_path) as server, at_work(tmp_path / "profile", server) as work:
        member = work.account.partition("/")[2]
        attached = work.attach(photo)
        kept = Path(attached.spool_path).read_bytes()
        transport = work.agent._opened().transport
        real, requested, one_at_a_time = transport.request, [], threading.Lock()

        def request_and_kill(*arguments: object, **keywords: object) -> object:
            with one_at_a_time:  # words and files travel on two threads
                server.restart()
                requested.append(arguments[1])
                return real(*arguments, **keywords)  # type: ignore[arg-type]

        transport.request = request_and_kill  # type: ignore[method-assign,assignment]
        filed = work.file(TEXT, attached.media_id)
        done = work.sync(60)
        assert (done.waiting, done.needs_you) == (0, 0), requested
        assert {"POST", "HEAD", "PATCH"} <= set(requested)
        transport.request = real  # type: ignore[method-assign]
        assert content(work, server, attached.media_id) == kept
        assert rows(server, "SELECT count(*) FROM report WHERE member_id = ?", member) == [(1,)]
        assert work.report(filed.instance_id).item.receipt
