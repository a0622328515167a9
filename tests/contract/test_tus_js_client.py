"""tus-js-client, which nobody here wrote, against our server: in pieces, paused and taken up by another process from
the address it noted, taken back, with checksums; what it uploaded is a report's file, byte by byte."""

import os
from pathlib import Path

import msgspec
import pytest
import requests

from protocol.operations import ManifestEntry, ReportRevision
from protocol.sync import SyncRequest, SyncResponse
from server.storage.tables import upload, upload_part
from tests.contract import operations as make
from tests.contract.conftest import Clock, House
from tests.contract.in_process_server import InProcessServer
from tests.services import tus_client
from tests.services.npm_packages import node
from tests.services.tus_client import Wanted

pytestmark = pytest.mark.skipif(node() is None, reason="Node.js is not installed, which this client runs on")

CHUNK = 256 * 1024
SIZE = 5 * CHUNK + 1000


class Sending:
    """A file of a report that the server knows, and how the client is asked to send it."""

    def __init__(self, live: InProcessServer, house: House, clock: Clock, folder: Path) -> None:
        self.live = live
        self.content = os.urandom(SIZE)
        path = folder / "Vídeo 1.mp4"
        path.write_bytes(self.content)
        self.entry: ManifestEntry = make.photo(self.content, path.name)
        self.body: ReportRevision = make.revision(clock.now, media=(self.entry,))
        self.session = live.session(house.ana)
        self.wanted = Wanted(
            endpoint=f"{live.url}/v1/media",
            path=str(path),
            token=live.token(house.ana),
            urls=str(folder / "urls.json"),
            metadata={
                "media_id": self.entry.media_id,
                "sha256": self.entry.sha256,
                "filename": self.entry.name,
                "filetype": self.entry.content_type,
            },
            chunk=CHUNK,
        )

    def receipts(self) -> set[str]:
        """The receipts that the author's device hears of."""
        request = SyncRequest(operations=(make.revise(self.body),))
        answer = self.session.post(f"{self.live.url}/v1/sync", msgspec.json.encode(request), timeout=20)
        changes = msgspec.json.decode(answer.content, type=SyncResponse).changes
        return {change.entity for change in changes if change.kind == "receipt"}

    def held(self) -> requests.Response:
        """The file as the server gives it out."""
        return self.session.get(f"{self.live.url}/v1/media/{self.entry.media_id}/content", timeout=20)


@pytest.fixture
def sending(live: InProcessServer, house: House, clock: Clock, tmp_path: Path) -> Sending:
    made = Sending(live, house, clock, tmp_path)
    assert made.receipts() == set()
    return made


def patches(ended: tus_client.Ended) -> list[int]:
    """The offsets that pieces reached."""
    return [offset for method, status, offset in ended.asked if method == "PATCH" and status == 204]


@pytest.mark.parametrize("with_creation", [False, True])
def test_a_file_in_pieces_is_the_report_s_byte_by_byte(sending: Sending, with_creation: bool) -> None:
    ended = tus_client.upload(msgspec.structs.replace(sending.wanted, with_creation=with_creation))
    assert ended.how == "whole", ended
    reached = [CHUNK * number for number in range(1, 6)] + [SIZE]
    assert patches(ended) == reached[1 if with_creation else 0 :]
    assert ended.asked[0] == ("POST", 201, CHUNK if with_creation else 0)
    assert sending.receipts() == {sending.body.revision_id}
    assert sending.held().content == sending.content


def test_another_process_goes_on_from_the_address_that_was_noted(sending: Sending) -> None:
    paused = tus_client.upload(msgspec.structs.replace(sending.wanted, until=2 * CHUNK))
    assert (paused.how, patches(paused)) == ("paused", [CHUNK, 2 * CHUNK])
    assert sending.held().status_code == 404
    ended = tus_client.upload(sending.wanted)
    assert (ended.how, ended.url) == ("whole", paused.url)
    assert [method for method, _, _ in ended.asked] == ["HEAD", *["PATCH"] * 4]
    assert (ended.asked[0][2], patches(ended)[-1]) == (2 * CHUNK, SIZE)
    assert sending.receipts() == {sending.body.revision_id}
    assert sending.held().content == sending.content


def test_what_is_taken_back_leaves_nothing_and_may_be_sent_anew(sending: Sending, house: House) -> None:
    given_up = tus_client.upload(msgspec.structs.replace(sending.wanted, until=2 * CHUNK, terminate=True))
    assert (given_up.how, given_up.asked[-1][:2]) == ("terminated", ("DELETE", 204))
    with sending.live.database.read(house.organization_id) as t:
        assert t.all(t.select(upload)) == []
        assert t.all(t.select(upload_part)) == []
    ended = tus_client.upload(sending.wanted)
    assert (ended.how, ended.url != given_up.url) == ("whole", True)
    assert sending.receipts() == {sending.body.revision_id}
    assert sending.held().content == sending.content


def test_an_address_that_is_gone_is_left_for_a_new_one(sending: Sending) -> None:
    paused = tus_client.upload(msgspec.structs.replace(sending.wanted, until=CHUNK))
    assert paused.url is not None
    gone = sending.session.delete(paused.url, headers={"Tus-Resumable": "1.0.0"}, timeout=20)
    assert gone.status_code == 204
    ended = tus_client.upload(sending.wanted)
    assert [asked[:2] for asked in ended.asked[:2]] == [("HEAD", 404), ("POST", 201)]
    assert (ended.how, ended.url != paused.url) == ("whole", True)
    assert sending.held().content == sending.content


@pytest.mark.parametrize("algorithm", ["sha1", "sha256"])
def test_checksums_of_pieces_are_held_against_them(sending: Sending, algorithm: str) -> None:
    checked = msgspec.structs.replace(sending.wanted, checksum=algorithm)
    spoiled = tus_client.upload(msgspec.structs.replace(checked, spoiled=True))
    assert spoiled.how == "error 460"
    ended = tus_client.upload(checked)
    assert ended.how == "whole"
    assert ("HEAD", 200, 0) in ended.asked  # the spoiled piece was not kept
    assert sending.held().content == sending.content
