"""The tus 1.0 client: an upload is opened, continued from where the server holds it, and never sent twice.

https://tus.io/protocols/resumable-upload
"""

import base64
import hashlib
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol
from urllib.parse import urljoin

import msgspec

from agent.transport import Reply
from rules.addresses import same_origin

TUS = "1.0.0"
SMALLEST_REQUEST = 128 * 1024
LARGEST_REQUEST = 16 * 1024 * 1024
ASK_SECONDS = 30.0
REQUEST_SECONDS = 120.0
_DIGITS = 18


class Ask(Protocol):
    """One request in the account's name; `deadline` is seconds."""

    def __call__(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None, deadline: float
    ) -> Reply:
        """The reply."""


class Upload(msgspec.Struct, frozen=True):
    """A file to send; `url` is where an earlier attempt got to."""

    media_id: str
    name: str
    content_type: str
    size: int
    sha256: str
    path: Path
    url: str | None


class FileGoneError(Exception):
    """The copy here is not there any more, or not the one that was hashed."""


class UploadRefusedError(Exception):
    """The server will not take this file; `reply` says why."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(f"status {reply.status}")
        self.reply = reply


class UploadFailedError(Exception):
    """Not this time. `begin_anew`: what the server held of it is of no use."""

    def __init__(self, reply: Reply, *, begin_anew: bool = False) -> None:
        super().__init__(f"status {reply.status}")
        self.reply = reply
        self.begin_anew = begin_anew


class RequestSize:
    """How many bytes to send at once: about one second of the link, at most doubling, quartered when time ran out."""

    def __init__(self) -> None:
        self.value = SMALLEST_REQUEST

    def took(self, sent: int, seconds: float) -> None:
        """That many bytes went in that time."""
        second = int(sent / max(seconds, 0.001))
        self.value = max(SMALLEST_REQUEST, min(second, self.value * 2, LARGEST_REQUEST))

    def ran_out(self) -> None:
        """A request did not get through."""
        self.value = max(SMALLEST_REQUEST, self.value // 4)


class TusClient:
    """Sends files to the server at `server_url`, whose origin no upload leaves."""

    def __init__(self, server_url: str, ask: Ask, size: RequestSize) -> None:
        self._server_url = server_url
        self._ask = ask
        self._size = size

    def send(self, upload: Upload, *, began: Callable[[str], None], progressed: Callable[[int], None]) -> None:
        """Send what is missing. `began` hears the upload's address, `progressed` the bytes the server holds.

        Raises FileGoneError, UploadRefusedError, UploadFailedError, and what `ask` raises.
        """
        _check_copy(upload)
        url = upload.url
        if url is None:
            url = self._create(upload)
            began(url)
        offset = self._offset(url, upload)
        progressed(offset)
        while offset < upload.size:
            offset = self._append(url, upload, offset)
            progressed(offset)

    def _create(self, upload: Upload) -> str:
        fields = {
            "media_id": upload.media_id,
            "sha256": upload.sha256,
            "filename": upload.name,
            "filetype": upload.content_type,
        }
        metadata = ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in fields.items())
        headers = {"Tus-Resumable": TUS, "Upload-Length": str(upload.size), "Upload-Metadata": metadata}
        target = f"{self._server_url}/v1/media"
        reply = self._ask("POST", target, headers=headers, body=b"", deadline=ASK_SECONDS)
        if reply.status in {400, 403, 409, 413, 415, 422}:
            raise UploadRefusedError(reply)
        location = urljoin(target, reply.headers.get("location", ""))
        # Elsewhere would be handed this account's token.
        if reply.status != 201 or "location" not in reply.headers or not same_origin(location, target):
            raise UploadFailedError(reply, begin_anew=True)
        return location

    def _offset(self, url: str, upload: Upload) -> int:
        reply = self._ask("HEAD", url, headers={"Tus-Resumable": TUS}, deadline=ASK_SECONDS)
        if reply.status == 403:
            raise UploadRefusedError(reply)
        offset = _number(reply.headers.get("upload-offset"))
        length = _number(reply.headers.get("upload-length"))
        fits = offset is not None and offset <= upload.size and length in {None, upload.size}
        if reply.status not in {200, 204} or offset is None or not fits:
            gone = reply.status in {404, 410} or reply.status in {200, 204}
            raise UploadFailedError(reply, begin_anew=gone)
        return offset

    def _append(self, url: str, upload: Upload, offset: int) -> int:
        piece = _read(upload, offset, self._size.value)
        headers = {
            "Tus-Resumable": TUS,
            "Upload-Offset": str(offset),
            "Content-Type": "application/offset+octet-stream",
        }
        began = time.monotonic()
        try:
            reply = self._ask("PATCH", url, headers=headers, body=piece, deadline=REQUEST_SECONDS)
        except Exception:  # whatever stopped it: the next attempt tries less at once
            self._size.ran_out()
            raise
        if reply.status == 409:
            return self._moved_offset(url, upload, offset, reply)
        if reply.status in {403, 413, 415}:
            raise UploadRefusedError(reply)
        if reply.status == 460:
            _check_hash(upload)  # if the copy here changed, sending it again cannot help
        reached = _number(reply.headers.get("upload-offset"))
        if reply.status != 204 or reached is None or not offset < reached <= offset + len(piece):
            raise UploadFailedError(reply, begin_anew=reply.status in {404, 410, 460})
        self._size.took(len(piece), time.monotonic() - began)
        return reached

    def _moved_offset(self, url: str, upload: Upload, offset: int, conflict: Reply) -> int:
        """An earlier request did arrive after all. If the server stands where we thought, somebody is confused."""
        reached = self._offset(url, upload)
        if reached == offset:
            raise UploadFailedError(conflict)
        return reached


def _check_copy(upload: Upload) -> None:
    try:
        size = upload.path.stat().st_size
    except OSError:
        raise FileGoneError from None
    if size != upload.size:
        raise FileGoneError


def _check_hash(upload: Upload) -> None:
    try:
        with upload.path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        raise FileGoneError from None
    if digest != upload.sha256:
        raise FileGoneError


def _read(upload: Upload, offset: int, length: int) -> bytes:
    try:
        with upload.path.open("rb") as file:
            file.seek(offset)
            piece = file.read(length)
    except OSError:
        raise FileGoneError from None
    if not piece:
        raise FileGoneError
    return piece


def _number(text: str | None) -> int | None:
    plain = text is not None and text.isascii() and text.isdigit() and len(text) <= _DIGITS
    return int(text) if plain and text is not None else None
