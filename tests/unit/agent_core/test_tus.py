"""The upload client against a small tus server in memory that can be told to misbehave."""

import base64
import hashlib
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.media.tus import (
    LARGEST_REQUEST,
    SMALLEST_REQUEST,
    FileGoneError,
    RequestSize,
    TusClient,
    Upload,
    UploadFailedError,
    UploadRefusedError,
)
from agent.transport import Reply

SERVER = "https://reports.example.invalid"
CONTENT = bytes(range(256)) * 2048  # 512 KiB


class Memory:
    """One upload; `script` overrides the next replies to a method."""

    def __init__(self, length: int, *, location: str = "/v1/media/u") -> None:
        self.length = length
        self.held = b""
        self.location = location
        self.script: dict[str, list[Reply]] = {}
        self.asked: list[str] = []
        self.metadata: dict[str, str] = {}

    def __call__(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None, deadline: float
    ) -> Reply:
        assert url.startswith(SERVER)
        assert headers["Tus-Resumable"] == "1.0.0"
        self.asked.append(method)
        if self.script.get(method):
            return self.script[method].pop(0)
        if method == "POST":
            pairs = (one.split(" ") for one in headers["Upload-Metadata"].split(","))
            self.metadata = {name: base64.b64decode(value).decode() for name, value in pairs}
            return Reply(201, {"location": self.location}, b"")
        if method == "PATCH":
            if int(headers["Upload-Offset"]) != len(self.held):
                return Reply(409, {}, b"")
            self.held += body or b""
            return Reply(204, {"upload-offset": str(len(self.held))}, b"")
        return Reply(200, {"upload-offset": str(len(self.held)), "upload-length": str(self.length)}, b"")


@pytest.fixture
def upload(tmp_path: Path) -> Upload:
    path = tmp_path / "m.jpg"
    path.write_bytes(CONTENT)
    return Upload("m", "phöto.jpg", "image/jpeg", len(CONTENT), hashlib.sha256(CONTENT).hexdigest(), path, None)


def send(memory: Memory, upload: Upload) -> tuple[list[str], list[int]]:
    began: list[str] = []
    reached: list[int] = []
    TusClient(SERVER, memory, RequestSize()).send(upload, began=began.append, progressed=reached.append)
    return began, reached


def with_url(upload: Upload) -> Upload:
    return Upload(
        **{**{name: getattr(upload, name) for name in upload.__struct_fields__}, "url": f"{SERVER}/v1/media/u"}
    )


def test_a_file_arrives_whole_with_what_the_server_needs_to_know(upload: Upload) -> None:
    memory = Memory(len(CONTENT))
    began, reached = send(memory, upload)
    assert memory.held == CONTENT
    assert began == [f"{SERVER}/v1/media/u"]
    assert reached[0] == 0
    assert reached == sorted(reached)
    assert reached[-1] == len(CONTENT)
    assert memory.metadata == {
        "media_id": "m",
        "sha256": upload.sha256,
        "filename": "phöto.jpg",
        "filetype": "image/jpeg",
    }


@pytest.mark.parametrize("held", [0, 1, 100_000, len(CONTENT)])
def test_it_goes_on_where_the_server_stands(held: int, upload: Upload) -> None:
    memory = Memory(len(CONTENT))
    memory.held = CONTENT[:held]
    began, _ = send(memory, with_url(upload))
    assert began == []
    assert memory.held == CONTENT
    assert "POST" not in memory.asked
    assert ("PATCH" in memory.asked) == (held < len(CONTENT))


def test_a_piece_that_arrived_after_all_is_not_sent_twice(upload: Upload) -> None:
    memory = Memory(len(CONTENT))
    memory.held = CONTENT[:1000]
    memory.script["HEAD"] = [Reply(200, {"upload-offset": "0"}, b"")]  # an old answer
    send(memory, with_url(upload))
    assert memory.held == CONTENT


@pytest.mark.parametrize(
    ("method", "status", "headers", "begin_anew"),
    [
        ("HEAD", 404, {}, True),
        ("HEAD", 410, {}, True),
        ("HEAD", 500, {}, False),
        ("HEAD", 200, {}, True),
        ("HEAD", 200, {"upload-offset": "-1"}, True),
        ("HEAD", 200, {"upload-offset": "99999999"}, True),
        ("HEAD", 200, {"upload-offset": "9" * 5000}, True),
        ("HEAD", 200, {"upload-offset": "0", "upload-length": "7"}, True),
        ("PATCH", 404, {}, True),
        ("PATCH", 410, {}, True),
        ("PATCH", 460, {}, True),
        ("PATCH", 412, {}, False),
        ("PATCH", 423, {}, False),
        ("PATCH", 500, {}, False),
        ("PATCH", 302, {"location": "https://elsewhere.invalid"}, False),
        ("PATCH", 204, {}, False),
        ("PATCH", 204, {"upload-offset": "0"}, False),
        ("PATCH", 204, {"upload-offset": "99999999"}, False),
    ],
)
def test_what_fails_is_tried_again(
    method: str, status: int, headers: dict[str, str], begin_anew: bool, upload: Upload
) -> None:
    memory = Memory(len(CONTENT))
    memory.script[method] = [Reply(status, headers, b"")]
    with pytest.raises(UploadFailedError) as raised:
        send(memory, with_url(upload))
    assert raised.value.begin_anew is begin_anew


@pytest.mark.parametrize(
    ("method", "status"),
    [("POST", 413), ("POST", 403), ("POST", 409), ("POST", 422), ("PATCH", 413), ("PATCH", 403), ("HEAD", 403)],
)
def test_what_is_refused_is_not_tried_again(method: str, status: int, upload: Upload) -> None:
    memory = Memory(len(CONTENT))
    memory.script[method] = [Reply(status, {}, b"")]
    with pytest.raises(UploadRefusedError):
        send(memory, upload)


@pytest.mark.parametrize(
    "location", ["https://elsewhere.invalid/u", "http://reports.example.invalid/u", "//evil.invalid/u"]
)
def test_no_upload_leaves_the_servers_origin(location: str, upload: Upload) -> None:
    memory = Memory(len(CONTENT), location=location)
    with pytest.raises(UploadFailedError):
        send(memory, upload)
    assert memory.asked == ["POST"]


def test_the_same_origin_may_name_its_port(upload: Upload) -> None:
    memory = Memory(len(CONTENT), location=f"{SERVER}:443/v1/media/u")
    send(memory, upload)
    assert memory.held == CONTENT


def test_a_copy_that_is_gone_or_changed_is_noticed(upload: Upload) -> None:
    memory = Memory(len(CONTENT))
    upload.path.write_bytes(CONTENT[:-1])
    with pytest.raises(FileGoneError):
        send(memory, upload)
    upload.path.write_bytes(CONTENT[::-1])
    memory.script["PATCH"] = [Reply(460, {}, b"")]
    with pytest.raises(FileGoneError):
        send(memory, upload)
    upload.path.unlink()
    with pytest.raises(FileGoneError):
        send(memory, upload)


@given(st.lists(st.tuples(st.integers(1, LARGEST_REQUEST), st.floats(0, 100)), max_size=30))
def test_requests_stay_between_their_bounds(taken: list[tuple[int, float]]) -> None:
    size = RequestSize()
    for sent, seconds in taken:
        before = size.value
        size.took(sent, seconds)
        assert SMALLEST_REQUEST <= size.value <= min(LARGEST_REQUEST, before * 2)
    size.ran_out()
    assert size.value >= SMALLEST_REQUEST


def test_requests_grow_to_about_a_second_of_the_link() -> None:
    size = RequestSize()
    for _ in range(12):
        size.took(size.value, size.value / 2_000_000)  # two megabytes a second
    assert 1_900_000 <= size.value <= 2_100_000
