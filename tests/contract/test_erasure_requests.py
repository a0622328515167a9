"""A member asks to have erased what is held of them; what an answer says under its signature is what was done."""

import errno
import threading
from pathlib import Path

import msgspec
import pytest

from protocol.operations import Evidence, Position
from protocol.privacy import ErasureAnswerPayload, ErasureAsked, ErasureRequests, ErasureRequestView
from protocol.statements import ERASURE_ANSWER
from protocol.sync import SyncRequest
from rules.statements import read_statement
from server import access, housekeeping
from server.media.taking import Stores
from server.member_data import requests as area
from server.problems import ProblemError
from server.reports.reading import read_report
from server.storage.database import Actor, Transaction
from server.storage.privacy_tables import erasure_request
from server.storage.tables import access_grant, metadata, report, upload
from server.sync.envelope import synchronise
from tests.contract import operations as make
from tests.contract.conftest import House, new_id
from tests.contract.in_process_server import InProcessServer
from tests.contract.test_event_photos import Desk
from tests.contract.test_event_photos import desk as desk  # noqa: PLC0414 - the same fixture

CANARY = "canary-7c1d"


def _ask(desk: Desk, wish: str = "Please erase everything.", actor: Actor | None = None) -> ErasureRequestView:
    with desk.database.write(desk.house.organization_id) as t:
        return area.ask(t, actor or desk.house.ana, ErasureAsked(request_id=new_id(), wish=wish))


def _answer(desk: Desk, request_id: str, actor: Actor | None = None, **given: str) -> ErasureRequestView:
    stores = Stores(desk.database, desk.objects, desk.keys)
    return area.answer(stores, actor or desk.house.admin, request_id, area.Answer(**given))  # type: ignore[arg-type]


def _payload(desk: Desk, view: ErasureRequestView) -> ErasureAnswerPayload:
    assert view.statement is not None
    return read_statement(view.statement, desk.keys.public_keys(), ERASURE_ANSWER, ErasureAnswerPayload)


def test_asking_is_for_oneself_and_once(desk: Desk, house: House) -> None:
    asked = ErasureAsked(request_id=new_id(), wish="My reports of March.")
    with desk.database.write(house.organization_id) as t:
        first = area.ask(t, house.ana, asked)
        assert area.ask(t, house.ana, asked) == first
        with pytest.raises(ProblemError):
            area.ask(t, house.ben, asked)
        for wrong in (
            msgspec.structs.replace(asked, request_id="x"),
            ErasureAsked(request_id=new_id(), wish="  "),
            ErasureAsked(request_id=new_id(), wish="x" * (area.MAX_WORDS + 1)),
        ):
            with pytest.raises(ProblemError):
                area.ask(t, house.ana, wrong)
        assert [one.state for one in area.own(t, house.ana).requests] == ["asked"]
        assert area.own(t, house.ben).requests == ()
        with pytest.raises(ProblemError):
            area.listed(t, house.manager)
        assert [(line.member, line.request) for line in area.listed(t, house.admin)] == [("Ana", first)]
        for _ in range(area.MOST_OPEN - 1):
            area.ask(t, house.ana, ErasureAsked(request_id=new_id(), wish="More."))
        with pytest.raises(ProblemError, match="wait for an answer"):
            area.ask(t, house.ana, ErasureAsked(request_id=new_id(), wish="More."))


def test_kept_says_until_when_and_why_and_can_be_answered_again(desk: Desk) -> None:
    asked = _ask(desk)
    for given in (
        {"state": "kept", "reason": "Tax law"},
        {"state": "kept", "until": "2026-03-02", "reason": "Tax law"},
        {"state": "kept", "until": "soon", "reason": "Tax law"},
        {"state": "kept", "until": "2030-01-01"},
        {"state": "refused"},
        {"state": "refused", "until": "2030-01-01", "reason": "No"},
    ):
        with pytest.raises(ProblemError):
            _answer(desk, asked.request_id, **given)
    with pytest.raises(ProblemError):
        _answer(desk, asked.request_id, desk.house.manager, state="refused", reason="No")
    kept = _answer(desk, asked.request_id, state="kept", until="2030-01-01", reason="Tax law")
    payload = _payload(desk, kept)
    assert (payload.state, payload.until, payload.reason) == ("kept", "2030-01-01", "Tax law")
    refused = _answer(desk, asked.request_id, state="refused", reason="A court said so")
    assert _payload(desk, refused).until is None
    with pytest.raises(ProblemError, match="answered meanwhile"):
        _answer(desk, asked.request_id, state="done")
    with pytest.raises(ProblemError):
        _answer(desk, new_id(), state="done")


def _content(desk: Desk) -> tuple[str, str]:
    """A report and a check-in full of canaries, both with a file; the ids."""
    now, content = desk.clock.now, CANARY.encode() * 100
    photos = [make.photo(content + bytes([n]), f"{CANARY}.jpg") for n in range(2)]
    body = make.revision(now, CANARY, media=(photos[0],), location_id=desk.house.gate)
    body = msgspec.structs.replace(body, text=f"{CANARY} text")
    event, check_in = desk.check_in(
        photos[1],
        note=f"{CANARY} note",
        evidence=Evidence(
            method="position",
            code=CANARY[:12],
            position=Position(latitude=12.625, longitude=-45.375, accuracy_m=9.0, source="gps"),
        ),
    )
    desk.sync(make.revise(body), check_in, make.comment(body.instance_id, f"{CANARY} comment", now))
    for n, photo in enumerate(photos):
        desk.upload(photo, content + bytes([n]))
    assert set(desk.receipts()) == {body.revision_id, event.event_id}
    return body.instance_id, event.event_id


def _everything(desk: Desk) -> str:
    with desk.database.read(desk.house.organization_id) as t:
        rows = [t.all(t.select(table)) for table in metadata.sorted_tables if "organization_id" in table.c]
    return repr(rows)


def test_done_leaves_nothing_that_was_written_or_attached(desk: Desk, house: House, tmp_path: Path) -> None:
    instance_id, event_id = _content(desk)
    before = _everything(desk)
    assert CANARY in before
    assert "12.625" in before
    others = make.revision(desk.clock.now, "Ben's own")
    synchronise(desk.database, desk.keys, house.ben, SyncRequest(operations=(make.revise(others),), cursor=None))
    asked = _ask(desk)
    done = _answer(desk, asked.request_id, state="done", reason="As you wished.")
    assert "As you wished." in _payload(desk, done).reason
    after = _everything(desk)
    assert CANARY not in after
    assert "12.625" not in after
    assert "Ben's own" in after
    left = [one for one in (tmp_path / "media").rglob("*") if one.is_file()]
    assert not [one for one in left if CANARY.encode() in one.read_bytes()]
    assert desk.receipts() == {}
    assert desk.view(event_id).kind == "check_in"
    with desk.database.read(house.organization_id) as t:
        detail = read_report(t, house.ana, instance_id)
        assert detail is not None
        assert (detail.revisions[0].title, detail.revisions[0].text, detail.revisions[0].files) == ("Erased", "", ())
        assert access.broken_at(t) is None
        assert len(t.all(t.select(report))) == 2


def _files(tmp_path: Path) -> int:
    return sum(one.is_file() for one in (tmp_path / "media").rglob("*"))


def test_an_answer_that_does_not_hold_leaves_rows_and_files(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    instance_id, _ = _content(desk)
    asked, before = _ask(desk), _files(tmp_path)

    def broken(*_: object) -> None:
        raise OSError(errno.EIO, "the disk failed")

    with monkeypatch.context() as during:
        during.setattr(area, "_sign", broken)
        with pytest.raises(OSError, match="the disk failed"):
            _answer(desk, asked.request_id, state="done")
    assert _files(tmp_path) == before > 0
    assert _answer(desk, asked.request_id, state="refused", reason="No").state == "refused"
    with desk.database.read(desk.house.organization_id) as t:
        detail = read_report(t, desk.house.ana, instance_id)
        assert detail is not None
        assert detail.revisions[0].title == CANARY
        assert len(detail.revisions[0].files) == 1
    housekeeping.tidy(desk.database, desk.objects)
    assert _files(tmp_path) == before


def test_done_loses_to_a_refusal_that_came_first_and_no_file_goes(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _content(desk)
    asked, before, locked = _ask(desk), _files(tmp_path), area._locked
    first = []

    def late(t: Transaction, request_id: str) -> area.RequestLine:
        line = locked(t, request_id)
        if not first:  # as if the other's answer was committed just before this lock was had
            first.append(line)
            t.execute(t.update(erasure_request).values(state="refused"))
            return locked(t, request_id)
        return line

    monkeypatch.setattr(area, "_locked", late)
    with pytest.raises(ProblemError, match="answered meanwhile"):
        _answer(desk, asked.request_id, state="done")
    assert first
    assert _files(tmp_path) == before > 0


@pytest.mark.parametrize("after", [0, 1])
def test_what_could_not_be_removed_goes_with_housekeeping(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, after: int
) -> None:
    _content(desk)
    asked, before, delete, gone = _ask(desk), _files(tmp_path), desk.objects.delete, []

    def failing(key: str) -> None:
        if len(gone) == after:
            raise OSError(errno.EIO, "the disk failed")
        delete(key)
        gone.append(key)

    with monkeypatch.context() as during:
        during.setattr(desk.objects, "delete", failing)
        done = _answer(desk, asked.request_id, state="done")
    assert "housekeeping tries again" in caplog.text
    assert "within a day" in _payload(desk, done).reason
    assert CANARY not in _everything(desk)
    assert _files(tmp_path) == before - after
    _content(desk)  # work goes on meanwhile
    housekeeping.tidy(desk.database, desk.objects)
    assert _files(tmp_path) == before
    with desk.database.read(desk.house.organization_id) as t:
        assert [row.done is not None for row in t.all(t.select(upload))] == [True] * before


def test_work_goes_on_after_it_and_receipts_stay_one_chain(desk: Desk) -> None:
    _content(desk)
    _answer(desk, _ask(desk).request_id, state="done")
    body = make.revision(desk.clock.now, "After it")
    sent = make.revise(body)
    result = desk.sync(sent)
    assert [one.outcome for one in result.results] == ["accepted"]
    assert list(desk.receipts()) == [body.revision_id]
    _answer(desk, _ask(desk).request_id, state="done")
    assert [one.outcome for one in desk.sync(sent).results] == ["duplicate"]  # as after a lost reply
    assert "After it" not in _everything(desk)


def test_what_a_manager_said_about_others_goes_from_their_feeds_too(desk: Desk, house: House) -> None:
    body = make.revision(desk.clock.now, "Ana's report")
    desk.sync(make.revise(body))
    with desk.database.write(house.organization_id) as t:
        t.insert(access_grant, grant_id=new_id(), member_id=house.manager.member_id, role="manager", created=t.now_text)
    said = make.comment(body.instance_id, f"{CANARY} of the manager", desk.clock.now)
    sent = SyncRequest(operations=(said,), cursor=None)
    result = synchronise(desk.database, desk.keys, house.manager, sent)
    assert [one.outcome for one in result.results] == ["accepted"]
    assert CANARY in _everything(desk)
    _answer(desk, _ask(desk, actor=house.manager).request_id, state="done")
    assert CANARY not in _everything(desk)
    assert "Ana's report" in _everything(desk)


def test_of_two_answers_at_one_moment_one_counts(desk: Desk) -> None:
    asked, start, said = _ask(desk), threading.Barrier(4), []

    def give() -> None:
        start.wait(20)
        try:
            said.append(_answer(desk, asked.request_id, state="refused", reason="No").state)
        except ProblemError as error:
            said.append(str(error.problem.status))

    threads = [threading.Thread(target=give) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(said) == ["409", "409", "409", "refused"]


def test_over_the_wire(live: InProcessServer, house: House) -> None:
    body = msgspec.json.encode(ErasureAsked(request_id=new_id(), wish="Everything."))
    address = f"{live.url}/v1/me/erasure-requests"
    with live.session(house.ana) as session:
        replies = [session.post(address, body, timeout=20) for _ in range(2)]
        assert [one.status_code for one in replies] == [200, 200]
        assert session.post(address, b'{"request_id":"x","wish":"y"}', timeout=20).status_code == 422
        listed = msgspec.json.decode(session.get(address, timeout=20).content, type=ErasureRequests)
        assert listed.requests == (msgspec.json.decode(replies[0].content, type=ErasureRequestView),)
