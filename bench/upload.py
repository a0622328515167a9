"""Uploading a file, beside `curl -T` to the same address of the same server, which hashes both alike."""

import contextlib
import hashlib
import os
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

import uuid6

from agent.media.tus import TUS, RequestSize, TusClient, Upload
from agent.transport import EgressRow, Reply, Transport
from bench.compare import Comparison, interleaved
from tests.integration.server.test_two_organizations import access_token
from tests.live_server import LiveServer

SIZE = 128 * 1024**2
SECONDS = 120.0
TARGET = 1.25
"""Of the time, which is 0.8 of the throughput."""


def run() -> list[Comparison]:
    """Seconds from an upload that is open until the server has answered that it holds and has hashed all of it."""
    with tempfile.TemporaryDirectory() as folder, LiveServer.start(Path(folder)) as server:
        path = Path(folder) / "video.mp4"
        path.write_bytes(os.urandom(SIZE))
        token = access_token(server, server.enrol(server.facts["worker"][0][0]))
        measure = _Measure(server.url, token, path)
        try:
            compared = interleaved("upload", "s", measure.ours, measure.peer, peer_name="curl -T", target=TARGET)
        finally:
            measure.transport.close()
        return [compared]


class _Measure:
    """Both send to uploads of their own; what curl sends in one request ours sends in as many as it finds right."""

    def __init__(self, url: str, token: str, path: Path) -> None:
        self.transport = Transport()
        self._url, self._path = url, path
        self._authorization = f"Bearer {token}"
        self._digest = hashlib.sha256(path.read_bytes()).hexdigest()
        self._size = RequestSize()  # of the account, as in the app: it has learned the line from files before

    def ours(self) -> float:
        """By the app's own client and transport, with the look at where the server is."""
        upload, client = self._opened()
        begun = time.perf_counter()
        client.send(upload, began=lambda _url: None, progressed=lambda _reached: None)
        return time.perf_counter() - begun

    def peer(self) -> float:
        """By curl, with the same headers."""
        upload, _ = self._opened()
        headers = {
            "Authorization": self._authorization,
            "Tus-Resumable": TUS,
            "Upload-Offset": "0",
            "Content-Type": "application/offset+octet-stream",
        }
        command = ["curl", "--silent", "--show-error", "--fail", "-X", "PATCH", "-T", str(self._path)]
        for name, value in headers.items():
            command += ["-H", f"{name}: {value}"]
        begun = time.perf_counter()
        subprocess.run([*command, upload.url or ""], check=True, timeout=SECONDS, stdout=subprocess.DEVNULL)
        return time.perf_counter() - begun

    def _opened(self) -> tuple[Upload, TusClient]:
        client = TusClient(self._url, self._ask, self._size)
        upload = Upload(str(uuid6.uuid7()), "Video 1.mp4", "video/mp4", SIZE, self._digest, self._path, None)
        opened: list[str] = []

        def stop(url: str) -> None:
            opened.append(url)
            raise _OpenedError

        with contextlib.suppress(_OpenedError):
            client.send(upload, began=stop, progressed=lambda _reached: None)
        return Upload(
            upload.media_id, upload.name, upload.content_type, SIZE, self._digest, self._path, opened[0]
        ), client

    def _ask(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None, deadline: float
    ) -> Reply:
        headers = {**headers, "Authorization": self._authorization}
        return self.transport.request(EgressRow.MEDIA, method, url, headers=headers, body=body, deadline=deadline)


class _OpenedError(Exception):
    """The upload is open, and that was all for now."""
