"""Servers that misbehave, disks that are full, files that are damaged: it is said, and nothing is lost."""

import resource
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from agent.api import AgentError, Attach, FileReport, RecordAttendance, Retry, ShowStatus
from agent.store import databases
from protocol.discovery import Discovery, Limits, Operator
from protocol.sync import SyncRequest
from rules.statements import public_key
from tests.integration.agent.at_work import AtWork, at_work
from tests.integration.agent.impostor import Answer, Impostor, json, kept, problem
from tests.live_server import LiveServer


@pytest.fixture
def own(tmp_path: Path) -> Iterator[LiveServer]:
    with LiveServer.start(tmp_path) as server:
        yield server


@contextmanager
def replaced(server: LiveServer, answer: Callable[[str, str, bytes], Answer | None]) -> Iterator[Impostor]:
    """Someone else answers at the server's address; afterwards the server is back."""
    server.stop()
    with Impostor(server.url, answer) as impostor:
        yield impostor
    server.restart()


BAD_ANSWERS: dict[str, tuple[Answer | None, str]] = {
    "302": ((302, {"Location": "https://portal.example.invalid/login"}, b""), "server_trouble"),
    "garbage": ((200, {"Content-Type": "text/html"}, b"<html>Welcome to the hotel</html>"), "server_trouble"),
    "wrong time": (json(200, {"cursor": "x", "server_time": "yesterday"}), "server_trouble"),
    "400 of a proxy": ((400, {"Content-Type": "text/html"}, b"<html>"), "server_trouble"),
    "403": (problem(403, "This account was switched off. Ask your manager."), "server_trouble"),
    "404": ((404, {}, b""), "server_trouble"),
    "500": ((500, {}, b"oops"), "server_trouble"),
    "503": ((503, {"Retry-After": "3600"}, b""), "server_trouble"),
    "429": ((429, {"Retry-After": "Thu, 01 Jan 2099 00:00:00 GMT"}, b""), "server_trouble"),
    "closed": (None, "offline"),
}


@pytest.mark.timeout(300)
def test_no_bad_answer_loses_or_doubles_anything(own: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", own) as work:
        work.sync()
        filed = []
        for name, (answer, link) in BAD_ANSWERS.items():
            with replaced(own, lambda *_, answer=answer: answer) as impostor:  # type: ignore[misc]
                filed.append(work.file(f"During {name}"))
                shown = work.until(lambda now, link=link: now.link == link and now.waiting == 1)  # type: ignore[misc]
                assert shown.needs_you == 0
                assert ("POST", "/v1/sync") in impostor.requests
                assert work.report(filed[-1].instance_id).item.state == "waiting"
            work.do(Retry(account=work.account))
            work.until(lambda now: now.link == "online" and now.waiting == now.sending == 0)
        assert {work.report(one.instance_id).item.state for one in filed} == {"received"}
        with closing(sqlite3.connect(own.data / "miratag.db")) as database:
            assert database.execute("SELECT count(*) FROM report").fetchone() == (len(BAD_ANSWERS),)


def test_the_servers_wish_to_be_left_alone_outlives_a_restart_and_retry_overrides_it(
    own: LiveServer, tmp_path: Path
) -> None:
    with at_work(tmp_path / "p", own) as work:
        account = work.account
        work.sync()
        with replaced(own, lambda *_: (503, {"Retry-After": "3600"}, b"")) as impostor:
            work.file("Later")
            work.until(lambda now: now.link == "server_trouble")
            asked = len(impostor.requests)
            work.file("Later still")
            work.until(lambda now: now.waiting == 2)
            work.agent.close()
            assert len(impostor.requests) == asked
        with at_work(tmp_path / "p") as again:
            again.account = account
            now = again.look(ShowStatus())
            assert (now.link, now.waiting) == ("unknown", 2)
            again.do(Retry(account=account))
            again.until(lambda now: now.link == "online" and now.waiting == now.sending == 0)


def bodies(body: bytes) -> list[bytes]:
    return [bytes(one.body) for one in msgspec.json.decode(body, type=SyncRequest).operations]


def test_one_bad_item_goes_aside_with_its_reason_and_the_rest_flow(own: LiveServer, tmp_path: Path) -> None:
    def picky(_method: str, path: str, body: bytes) -> Answer:
        if path != "/v1/sync":
            return 404, {}, b""
        if len(bodies(body)) > 3:
            return 413, {}, b""
        if any(b"poison" in one for one in bodies(body)):
            return problem(400, "This word cannot be kept. Write another.")
        return kept(body)

    with at_work(tmp_path / "p", own) as work:
        work.sync()
        own.stop()
        for number in range(9):
            work.file(f"Report {number}" if number != 4 else "A poison report")
        with Impostor(own.url, picky):
            work.do(Retry(account=work.account))
            work.until(lambda now: now.needs_you == 1 and now.sending == 0 and now.link == "online")
            (bad,) = work.activity(needs_you=True)
            assert (bad.title, bad.state) == ("A poison report", "needs_you")
            assert bad.sentence == "This word cannot be kept. Write another."
        # The others were kept: nothing of them waits to be sent, only their receipts are outstanding.
        database = work.profile.work(work.account)
        with closing(sqlite3.connect(database)) as rows:
            assert rows.execute("SELECT state, count(*) FROM operation GROUP BY state ORDER BY state").fetchall() == [
                ("aside", 1),
                ("kept", 8),
            ]
        own.restart()


def test_one_item_that_breaks_the_server_does_not_hold_up_the_rest(own: LiveServer, tmp_path: Path) -> None:
    def breaking(_method: str, path: str, body: bytes) -> Answer:
        if path == "/v1/sync" and not any(b"poison" in one for one in bodies(body)):
            return kept(body)
        return 500, {}, b"oops"

    with at_work(tmp_path / "p", own) as work:
        work.sync()
        own.stop()
        work.file("A poison report")
        for number in range(4):
            work.file(f"Report {number}")
        with Impostor(own.url, breaking):

            def left() -> int:
                with closing(sqlite3.connect(work.profile.work(work.account))) as rows:
                    return int(rows.execute("SELECT count(*) FROM operation WHERE state = 'waiting'").fetchone()[0])

            for _ in range(8):
                work.do(Retry(account=work.account))
                work.sync(3)
                if left() == 1:
                    break
            assert left() == 1
            assert work.agent.snapshot().needs_you == 0  # nobody knows; it is tried again
        own.restart()


def test_an_item_without_a_result_is_sent_again(own: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", own) as work:
        work.sync()
        own.stop()
        filed = work.file("Never answered")
        with Impostor(own.url, lambda m, p, body: kept(body, without_results=True)) as impostor:
            work.do(Retry(account=work.account))
            assert impostor.asked.wait(10)
            work.until(lambda now: now.link == "online")
            assert work.report(filed.instance_id).item.state != "received"
        own.restart()
        work.do(Retry(account=work.account))
        work.until(lambda now: now.waiting == now.sending == 0)
        assert work.report(filed.instance_id).item.receipt


def test_a_server_with_other_keys_gets_nothing(own: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", own) as work:
        account = work.account
        work.sync()
    server_id = account.partition("/")[0]
    key = public_key(Ed25519PrivateKey.generate())
    found = Discovery(
        server_id=server_id,
        protocol=1,
        issuer=own.url,
        authorization_endpoint=f"{own.url}/oauth/authorize",
        token_endpoint=f"{own.url}/oauth/token",
        revocation_endpoint=f"{own.url}/oauth/revoke",
        operator=Operator(name="x", address="x", contact="x"),
        limits=Limits(max_operations=100, max_request_bytes=1, max_media_bytes=1),
        keys=(key,),
    )
    with replaced(own, lambda *_: json(200, found)) as impostor, at_work(tmp_path / "p") as work:
        work.account = account
        work.file("Not for strangers")
        shown = work.until(lambda now: now.link == "untrusted" and now.banner is not None)
        assert shown.banner is not None
        assert shown.banner.kind == "untrusted"
        assert {path for _, path in impostor.requests} == {"/.well-known/miratag"}
    with at_work(tmp_path / "p") as work:
        work.account = account
        assert work.sync().waiting == 0


def test_a_stalled_server_does_not_hold_up_the_exit(own: LiveServer, tmp_path: Path) -> None:
    released = threading.Event()

    def never(*_: object) -> None:
        released.wait(30)

    with at_work(tmp_path / "p", own) as work:
        work.sync()
        with replaced(own, never) as impostor:
            filed = work.file("Kept over the exit")
            assert impostor.asked.wait(10)
            began = time.monotonic()
            work.agent.close()
            took = time.monotonic() - began
            released.set()
        assert took < 2  # a fifth of a second, where nobody else loads the machine; the server is silent for thirty
        with at_work(tmp_path / "p") as again:
            again.account = work.account
            assert again.sync().waiting == 0
            assert again.report(filed.instance_id).item.receipt


def refused(work: AtWork, command: object) -> AgentError:
    with pytest.raises(AgentError) as raised:
        work.do(command)  # type: ignore[arg-type]
    return raised.value


def test_a_full_disk_is_said_and_work_goes_on_when_there_is_space(server: LiveServer, tmp_path: Path) -> None:
    photo = tmp_path / "long.txt"
    photo.write_text("a line\n" * 100_000)
    with at_work(tmp_path / "p", server) as work:
        work.sync()
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, hard))
        try:
            error = refused(work, Attach(account=work.account, path=str(photo)))
            stored = refused(work, FileReport(account=work.account, text="x" * 200_000))
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert (error.kind, stored.kind) == ("cannot_store", "cannot_store")
        assert "disk is full" in error.sentence
        assert not list(work.profile.spool(work.account).iterdir())
        work.file("There is space again", work.attach(photo).media_id)
        assert work.sync().waiting == 0


def test_a_damaged_database_is_kept_aside_and_the_feed_fills_a_new_one(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work:
        account, path = work.account, work.profile.work(work.account)
        filed = work.file("Was received before")
        assert work.sync().waiting == 0
    path.write_bytes(b"\xde\xad" * 10_000)
    with at_work(tmp_path / "p") as work:
        work.account = account
        shown = work.until(lambda now: now.banner is not None)
        assert shown.banner is not None
        assert shown.banner.kind == "store_set_aside"
        (aside,) = path.parent.glob("work.damaged-*.db")
        assert aside.read_bytes() == b"\xde\xad" * 10_000
        assert work.sync().online
        assert work.report(filed.instance_id).item.state == "received"


def test_a_start_that_fails_as_nobody_foresaw_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("agent.runtime.local_agent.Rooms", broken)
    with at_work(tmp_path / "p") as work:
        shown = work.until(lambda snapshot: snapshot.banner is not None).banner
        assert shown is not None
        assert (shown.kind, "Nothing was deleted" in shown.sentence) == ("cannot_store", True)
    assert "could not be opened" in caplog.text


def test_a_newer_database_is_refused_in_words(server: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", server) as work:
        account, path = work.account, work.profile.work(work.account)
    with closing(sqlite3.connect(path)) as database, database:
        database.execute(
            "INSERT INTO _sqlite_migrations (migration_set, name, applied_at) VALUES ('work', '9999_future', '')"
        )
    with at_work(tmp_path / "p") as work:
        work.account = account
        shown = work.until(lambda now: now.banner is not None)
        assert shown.banner is not None
        assert shown.banner.kind == "newer_store"
        assert refused(work, FileReport(account=account, text="x")).kind == "cannot_store"


def test_a_locked_database_is_said_and_used_once_it_is_free(
    server: LiveServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with at_work(tmp_path / "p", server) as work:
        account, path = work.account, work.profile.work(work.account)
    monkeypatch.setattr(databases, "BUSY_SECONDS", 0.2)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with at_work(tmp_path / "p") as work:
            work.account = account
            shown = work.until(lambda now: now.banner is not None)
            assert shown.banner is not None
            assert shown.banner.kind == "cannot_store"
            assert refused(work, FileReport(account=account, text="x")).kind == "cannot_store"
            other.execute("ROLLBACK")
            other.close()
            work.file("Now it goes")
            assert work.sync().waiting == 0


def test_a_photo_that_vanished_from_the_spool_needs_the_person(own: LiveServer, tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("some notes\n")
    with at_work(tmp_path / "p", own) as work:
        work.sync()
        own.stop()
        attached = work.attach(path)
        filed = work.file("With notes", attached.media_id)
        Path(attached.spool_path).unlink()
        own.restart()
        work.do(Retry(account=work.account))
        work.until(lambda now: now.needs_you == 1)
        item = work.report(filed.instance_id).item
        assert item.state == "needs_you"
        assert "notes.txt" in item.sentence


def test_a_check_in_is_recorded_while_signing_in_is_needed(own: LiveServer, tmp_path: Path) -> None:
    with at_work(tmp_path / "p", own) as work:
        account = work.account
        work.sync()
    (tmp_path / "p" / "credentials.json").write_text("{}")
    with at_work(tmp_path / "p") as work:
        work.account = account
        shown = work.until(lambda now: now.link == "sign_in_needed" and now.banner is not None)
        assert shown.banner is not None
        assert shown.banner.kind == "sign_in"
        work.do(RecordAttendance(account=account, kind="check_in", note="At the pier"))
        assert work.look(ShowStatus()).session is not None
        work.enrol(own.url, own.enrol(own.facts["worker"][0][0]))
        assert work.sync().waiting == 0
