"""Files over tus: resumed, checked, bound to their member, and the receipt that follows the last of them."""

import base64
import hashlib
import io
import logging
import os
import socket
from collections.abc import Iterator

import msgspec
import pytest
import requests
from PIL import Image
from tusclient.client import TusClient

from protocol.operations import ManifestEntry
from protocol.sync import Operation, SyncRequest, SyncResponse
from server.media import receiving
from server.media.uploads import advance, find
from server.problems import ProblemError
from server.storage.tables import media, upload, upload_part
from tests.contract import operations as make
from tests.contract.conftest import Clock, House, new_id
from tests.contract.in_process_server import InProcessServer

TUS = {"Tus-Resumable": "1.0.0"}
PIECE = {**TUS, "Content-Type": "application/offset+octet-stream"}


@pytest.fixture
def ana(live: InProcessServer, house: House) -> Iterator[requests.Session]:
    """Ana's client."""
    with live.session(house.ana) as session:
        yield session


def _metadata(**values: str) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())


def _create(
    live: InProcessServer, session: requests.Session, entry: ManifestEntry, **headers: str
) -> requests.Response:
    announced = _metadata(
        media_id=entry.media_id, sha256=entry.sha256, filename=entry.name, filetype=entry.content_type
    )
    return session.post(
        f"{live.url}/v1/media",
        headers={**TUS, "Upload-Length": str(entry.size), "Upload-Metadata": announced, **headers},
        timeout=20,
    )


def _send(session: requests.Session, url: str, offset: int, content: bytes, **headers: str) -> requests.Response:
    return session.patch(url, content, headers={**PIECE, "Upload-Offset": str(offset), **headers}, timeout=60)


def _offset(session: requests.Session, url: str) -> int:
    answer = session.head(url, headers=TUS, timeout=20)
    assert answer.status_code == 200, answer.status_code
    return int(answer.headers["Upload-Offset"])


def _sync(live: InProcessServer, session: requests.Session, *sent: Operation) -> SyncResponse:
    body = msgspec.json.encode(SyncRequest(operations=sent))
    answer = session.post(f"{live.url}/v1/sync", body, timeout=20)
    assert answer.status_code == 200, answer.text
    return msgspec.json.decode(answer.content, type=SyncResponse)


def _receipts(response: SyncResponse) -> set[str]:
    return {change.entity for change in response.changes if change.kind == "receipt"}


def test_a_report_with_a_photo_is_receipted_after_its_last_byte(
    live: InProcessServer, ana: requests.Session, clock: Clock
) -> None:
    content = os.urandom(300_000)
    body = make.revision(clock.now, media=(make.photo(content),))
    assert _receipts(_sync(live, ana, make.revise(body))) == set()
    created = _create(live, ana, body.media[0])
    assert created.status_code == 201
    location = created.headers["Location"]
    assert location.startswith(live.url)
    assert "Upload-Expires" in created.headers
    assert _send(ana, location, 0, content[:100_000]).headers["Upload-Offset"] == "100000"
    assert _offset(ana, location) == 100_000
    assert _send(ana, location, 100_000, content[100_000:]).status_code == 204
    assert _receipts(_sync(live, ana)) == {body.revision_id}
    address = f"{live.url}/v1/media/{body.media[0].media_id}/content"
    whole = ana.get(address, timeout=20)
    assert whole.content == content
    assert whole.headers["X-Content-Type-Options"] == "nosniff"
    part = ana.get(address, headers={"Range": "bytes=99990-100009"}, timeout=20)
    assert (part.status_code, part.content) == (206, content[99_990:100_010])
    assert ana.get(address, headers={"Range": "bytes=-5"}, timeout=20).content == content[-5:]
    outside = ana.get(address, headers={"Range": "bytes=300000-"}, timeout=20)
    assert (outside.status_code, outside.headers["Content-Range"]) == (416, "bytes */300000")


def test_a_small_picture_of_an_own_photo_is_made_when_it_is_asked_for(
    live: InProcessServer, ana: requests.Session, clock: Clock
) -> None:
    written = io.BytesIO()
    Image.new("RGB", (1200, 900), "steelblue").save(written, "JPEG")
    for content, status in ((written.getvalue(), 200), (b"\xff\xd8\xffno picture", 404)):
        body = make.revision(clock.now, media=(make.photo(content),))
        _sync(live, ana, make.revise(body))
        address = f"{live.url}/v1/media/{body.media[0].media_id}/picture"
        assert ana.get(address, timeout=20).json()["type"].endswith("file-unknown")
        _send(ana, _create(live, ana, body.media[0]).headers["Location"], 0, content)
        reply = ana.get(address, timeout=30)
        assert reply.status_code == status
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        if status == 200:
            assert (reply.headers["Content-Type"], Image.open(io.BytesIO(reply.content)).size) == (
                "image/jpeg",
                (480, 360),
            )
            assert ana.get(address, timeout=20).content == reply.content
        else:
            assert reply.json()["type"].endswith("no-picture")


def test_the_file_may_come_before_its_report(live: InProcessServer, ana: requests.Session, clock: Clock) -> None:
    content = b"early"
    body = make.revision(clock.now, media=(make.photo(content),))
    location = _create(live, ana, body.media[0]).headers["Location"]
    _send(ana, location, 0, content)
    again = _create(live, ana, body.media[0])
    assert (again.status_code, again.headers["Location"]) == (201, location)
    assert (again.headers["Upload-Offset"], _offset(ana, location)) == ("5", 5)
    assert _receipts(_sync(live, ana, make.revise(body))) == {body.revision_id}


def test_another_file_than_announced_is_dropped(
    live: InProcessServer, ana: requests.Session, clock: Clock, house: House
) -> None:
    content = b"what was announced"
    body = make.revision(clock.now, media=(make.photo(content),))
    _sync(live, ana, make.revise(body))
    location = _create(live, ana, body.media[0]).headers["Location"]
    answer = _send(ana, location, 0, b"what came instead!"[: len(content)])
    assert answer.status_code == 460
    assert answer.json()["type"].endswith("file-mismatch")
    assert ana.head(location, headers=TUS, timeout=20).status_code == 404
    with live.database.read(house.organization_id) as t:
        assert t.all(t.select(upload_part)) == []
        assert t.scalar(t.select(media, media.c.held)) is None
    anew = _create(live, ana, body.media[0]).headers["Location"]
    assert anew != location
    _send(ana, anew, 0, content)
    assert _receipts(_sync(live, ana)) == {body.revision_id}


def test_the_offset_moves_by_compare_and_set(live: InProcessServer, ana: requests.Session, house: House) -> None:
    location = _create(live, ana, make.photo(b"0123456789")).headers["Location"]
    assert _send(ana, location, 0, b"01234").status_code == 204
    stale = _send(ana, location, 0, b"01234")
    assert (stale.status_code, stale.json()["type"].rpartition(":")[2]) == (409, "wrong-offset")
    upload_id = location.rpartition("/")[2]
    with pytest.raises(ProblemError) as raised, live.database.write(house.organization_id) as t:
        advance(t, house.ana, upload_id, [receiving.Piece(0, 5, "late")])
    assert raised.value.problem.status == 409
    assert _offset(ana, location) == 5


def test_more_bytes_than_announced_are_refused(live: InProcessServer, ana: requests.Session) -> None:
    location = _create(live, ana, make.photo(b"0123456789")).headers["Location"]
    assert _send(ana, location, 0, b"0123456789x").status_code == 413
    assert _offset(ana, location) == 0


def test_a_broken_connection_keeps_what_came(live: InProcessServer, ana: requests.Session, house: House) -> None:
    content = os.urandom(receiving.PIECE_BYTES + 2_000_000)
    sent = content[: receiving.PIECE_BYTES + 1_000_000]
    location = _create(live, ana, make.photo(content)).headers["Location"]
    with socket.create_connection(("127.0.0.1", live.port), timeout=20) as raw:
        head = (
            f"PATCH {location.removeprefix(live.url)} HTTP/1.1\r\nHost: 127.0.0.1:{live.port}\r\n"
            f"Authorization: Bearer {live.token(house.ana)}\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n"
            f"Content-Type: application/offset+octet-stream\r\nContent-Length: {len(content)}\r\n\r\n"
        )
        raw.sendall(head.encode() + sent)
        raw.shutdown(socket.SHUT_WR)
        raw.settimeout(20)
        while raw.recv(65536):  # until the server saw the end of what is sent
            pass
    live.wait_until_idle()
    reached = _offset(ana, location)
    assert receiving.PIECE_BYTES <= reached <= len(sent)
    assert _send(ana, location, reached, content[reached:]).status_code == 204
    assert _offset(ana, location) == len(content)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_a_checksum_protects_each_request(live: InProcessServer, ana: requests.Session, algorithm: str) -> None:
    location = _create(live, ana, make.photo(b"0123456789")).headers["Location"]
    good = f"{algorithm} {base64.b64encode(hashlib.new(algorithm, b'01234').digest()).decode()}"
    assert _send(ana, location, 0, b"01x34", **{"Upload-Checksum": good}).status_code == 460
    assert _offset(ana, location) == 0
    assert _send(ana, location, 0, b"01234", **{"Upload-Checksum": good}).status_code == 204
    assert _send(ana, location, 5, b"56789", **{"Upload-Checksum": "md5 AAAA"}).status_code == 400


def test_uploads_are_bound_to_their_member(live: InProcessServer, ana: requests.Session, house: House) -> None:
    entry = make.photo(b"0123456789")
    location = _create(live, ana, entry).headers["Location"]
    _send(ana, location, 0, b"0123456789")
    with live.session(house.ben) as ben:
        assert ben.head(location, headers=TUS, timeout=20).status_code == 403
        assert _send(ben, location, 0, b"x").status_code == 403
        assert ben.delete(location, headers=TUS, timeout=20).status_code == 403
        assert _create(live, ben, entry).status_code == 403
        for part in ("content", "picture"):
            assert ben.get(f"{live.url}/v1/media/{entry.media_id}/{part}", timeout=20).status_code == 404
    assert requests.head(location, headers=TUS, timeout=20).status_code == 401
    other = msgspec.structs.replace(entry, size=11)
    assert _create(live, ana, other).status_code == 409


def test_an_upload_can_be_given_up_but_not_a_held_file(
    live: InProcessServer, ana: requests.Session, house: House
) -> None:
    location = _create(live, ana, make.photo(b"0123456789")).headers["Location"]
    _send(ana, location, 0, b"01234")
    assert ana.delete(location, headers=TUS, timeout=20).status_code == 204
    assert ana.head(location, headers=TUS, timeout=20).status_code == 404
    with live.database.read(house.organization_id) as t:
        assert t.all(t.select(upload)) == []
        assert t.all(t.select(media)) == []
    held = _create(live, ana, make.photo(b"held")).headers["Location"]
    _send(ana, held, 0, b"held")
    assert ana.delete(held, headers=TUS, timeout=20).status_code == 403


def test_an_upload_expires(live: InProcessServer, ana: requests.Session, house: House) -> None:
    location = _create(live, ana, make.photo(b"0123456789")).headers["Location"]
    with live.database.write(house.organization_id) as t:
        t.execute(t.update(upload).values(expires="2026-01-01T00:00:00.000Z"))
    assert ana.head(location, headers=TUS, timeout=20).status_code == 410
    _create(live, ana, make.photo(b"another"))
    assert ana.head(location, headers=TUS, timeout=20).status_code == 404


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Tus-Resumable": "0.2.2"}, 412),
        ({"Upload-Length": "-1"}, 400),
        ({"Upload-Length": "0"}, 400),
        ({"Upload-Length": str(3 * 1024**3)}, 413),
        ({"Upload-Metadata": "media_id !!!"}, 400),
        ({"Upload-Metadata": "media_id eA=="}, 422),
        ({"Upload-Metadata": "sha256 eA=="}, 400),
        ({"Upload-Metadata": "filetype eA=="}, 400),
        ({"Upload-Metadata": "x" * 5000}, 400),
    ],
)
def test_a_bad_creation_gets_its_problem(
    live: InProcessServer, ana: requests.Session, headers: dict[str, str], status: int
) -> None:
    answer = ana.post(f"{live.url}/v1/media", headers={**TUS, "Upload-Length": "5", **headers}, timeout=20)
    assert answer.status_code == status
    assert answer.headers["Content-Type"].startswith("application/problem+json")


def test_creation_may_carry_the_first_bytes(live: InProcessServer, ana: requests.Session) -> None:
    headers = {**PIECE, "Upload-Length": "10"}
    created = ana.post(f"{live.url}/v1/media", b"01234", headers=headers, timeout=20)
    assert (created.status_code, created.headers["Upload-Offset"]) == (201, "5")
    capable = requests.options(f"{live.url}/v1/media", timeout=20)
    assert capable.status_code == 204
    assert "creation-with-upload" in capable.headers["Tus-Extension"]


def test_a_foreign_tus_client_uploads_and_resumes(live: InProcessServer, house: House) -> None:
    content = os.urandom(5_000_000)
    client = TusClient(f"{live.url}/v1/media", headers={"Authorization": f"Bearer {live.token(house.ana)}"})
    first = client.uploader(file_stream=io.BytesIO(content), chunk_size=2_000_000)
    first.upload_chunk()
    second = client.uploader(file_stream=io.BytesIO(content), chunk_size=2_000_000, url=first.url, upload_checksum=True)
    assert second.offset == 2_000_000
    second.upload()
    with live.database.read(house.organization_id) as t:
        row = t.first(t.select(media))
        assert row is not None
        assert (row.sha256, row.size) == (hashlib.sha256(content).hexdigest(), len(content))
        assert find(t, house.ana, row.upload_id).done


def test_a_crash_before_the_verification_is_made_good(
    live: InProcessServer, ana: requests.Session, house: House, clock: Clock
) -> None:
    content = b"0123456789"
    body = make.revision(clock.now, media=(make.photo(content),))
    _sync(live, ana, make.revise(body))
    location = _create(live, ana, body.media[0]).headers["Location"]
    key = f"uploads/{new_id()}"
    live.objects.put(key, content)
    with live.database.write(house.organization_id) as t:  # the last byte counted, and then the server died
        advance(t, house.ana, location.rpartition("/")[2], [receiving.Piece(0, len(content), key)])
    assert _offset(ana, location) == len(content)
    assert _receipts(_sync(live, ana)) == {body.revision_id}


def test_sync_over_the_wire_names_what_is_wrong(live: InProcessServer, ana: requests.Session) -> None:
    bad = ana.post(f"{live.url}/v1/sync", b'{"operations":[{"id":7}]}', timeout=20)
    assert (bad.status_code, bad.json()["field"]) == (400, "$.operations[0].id")
    assert ana.post(f"{live.url}/v1/sync", b"\xff{", timeout=20).status_code == 400
    assert ana.post(f"{live.url}/v1/sync", b" " * (1024 * 1024 + 1), timeout=20).status_code == 413
    assert requests.post(f"{live.url}/v1/sync", b"{}", timeout=20).status_code == 401
    assert ana.get(f"{live.url}/v1/policy", timeout=20).json()["type"].startswith("urn:miratag:statement:policy")


def test_the_openapi_document_tells_of_every_route(live: InProcessServer) -> None:
    paths = requests.get(f"{live.url}/schema/openapi.json", timeout=20).json()["paths"]
    assert "application/json" in paths["/v1/sync"]["post"]["requestBody"]["content"]
    assert "application/x-protobuf" in paths["/v1/logs"]["post"]["requestBody"]["content"]
    assert {
        "/v1/media",
        "/v1/media/{upload_id}",
        "/v1/media/{media_id}/content",
        "/v1/media/{media_id}/picture",
        "/v1/policy",
    } <= paths.keys()


@pytest.mark.parametrize("name", ["%00", "..", "x" * 300, "%F0%9F%90%98", "'; DROP TABLE media; --"])
def test_a_strange_id_is_an_unknown_one(live: InProcessServer, ana: requests.Session, name: str) -> None:
    assert ana.head(f"{live.url}/v1/media/{name}", headers=TUS, timeout=20).status_code in {404, 405}
    assert ana.get(f"{live.url}/v1/media/{name}/content", timeout=20).status_code == 404


@pytest.mark.parametrize("path", ["/v1/sync", "/v1/logs", "/oauth/token", "/sign-in", "/v1/media"])
def test_a_client_that_goes_away_is_no_fault_of_the_server(
    live: InProcessServer, house: House, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{live.port}\r\nAuthorization: Bearer {live.token(house.ana)}\r\n"
        "Tus-Resumable: 1.0.0\r\nUpload-Length: 1000\r\nContent-Length: 1000\r\n"
    )
    kind = {"/v1/logs": "application/x-protobuf", "/v1/media": PIECE["Content-Type"], "/v1/sync": "application/json"}
    form = "application/x-www-form-urlencoded"
    with socket.create_connection(("127.0.0.1", live.port), timeout=20) as raw:
        raw.sendall(f"{head}Content-Type: {kind.get(path, form)}\r\n\r\n".encode() + b"x")
        raw.shutdown(socket.SHUT_WR)
        raw.settimeout(20)
        while raw.recv(65536):
            pass
    live.wait_until_idle()
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
