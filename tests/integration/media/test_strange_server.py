"""Our client against a tus server that nobody here wrote, which has no checksum extension and no hash of the file."""

import hashlib
import os
from collections.abc import Iterator, Mapping
from pathlib import Path

import msgspec
import pytest

from agent.media.tus import RequestSize, TusClient, Upload, UploadFailedError
from agent.transport import EgressRow, Reply, Transport, TransportError
from tests.services.cutting_proxy import cutting_proxy
from tests.services.npm_packages import node
from tests.services.tus_server import tus_server

pytestmark = pytest.mark.skipif(node() is None, reason="Node.js is not installed, which this server runs on")
SIZE = 6_000_000


class Line:
    """Requests through the one transport, counted."""

    def __init__(self) -> None:
        self.transport = Transport()
        self.asked: list[tuple[str, int]] = []

    def __call__(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None, deadline: float
    ) -> Reply:
        self.asked.append((method, len(body or b"")))
        assert not {name.lower() for name in headers} & {"upload-checksum"}
        return self.transport.request(EgressRow.MEDIA, method, url, headers=headers, body=body, deadline=deadline)


@pytest.fixture
def line() -> Iterator[Line]:
    made = Line()
    yield made
    made.transport.close()


@pytest.fixture
def upload(tmp_path: Path) -> Upload:
    path = tmp_path / "video.mp4"
    path.write_bytes(os.urandom(SIZE))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return Upload("m", "Vídeo 1.mp4", "video/mp4", SIZE, digest, path, None)


def held(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in folder.iterdir() if path.suffix != ".json"]


def test_a_file_arrives_whole(line: Line, upload: Upload, tmp_path: Path) -> None:
    folder = tmp_path / "held"
    folder.mkdir()
    reached: list[int] = []
    with tus_server(folder) as url:
        TusClient(url, line, RequestSize()).send(upload, began=lambda _url: None, progressed=reached.append)
    assert held(folder) == [upload.path.read_bytes()]
    assert reached == sorted(reached)
    assert reached[-1] == SIZE
    assert sum(size for _, size in line.asked) == SIZE


def test_it_goes_on_where_the_server_is_over_a_line_that_is_cut(line: Line, upload: Upload, tmp_path: Path) -> None:
    folder = tmp_path / "held"
    folder.mkdir()
    addresses: list[str] = []
    size = RequestSize()
    with tus_server(folder) as real, cutting_proxy(bytes_per_second=2_000_000, seconds=1.0) as proxy:
        proxy.target = int(real.rpartition(":")[2])
        proxy.begin_cutting()
        while True:
            at = msgspec.structs.replace(upload, url=addresses[-1]) if addresses else upload
            try:
                client = TusClient(f"http://127.0.0.1:{proxy.port}", line, size)
                client.send(at, began=addresses.append, progressed=lambda _reached: None)
            except TransportError:
                continue
            break
        assert proxy.cuts
    assert len(addresses) == 1
    assert held(folder) == [upload.path.read_bytes()]


def test_an_upload_that_the_server_does_not_know_is_begun_anew(line: Line, upload: Upload, tmp_path: Path) -> None:
    folder = tmp_path / "held"
    folder.mkdir()
    with tus_server(folder) as url:
        gone = msgspec.structs.replace(upload, url=f"{url}/v1/media/gone")
        client = TusClient(url, line, RequestSize())
        with pytest.raises(UploadFailedError) as raised:
            client.send(gone, began=lambda _url: None, progressed=lambda _reached: None)
    assert raised.value.begin_anew
