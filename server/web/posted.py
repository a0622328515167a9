"""A form as it comes, with its files: text in memory within a bound, files on disk, nothing before its token."""

import hmac
import tempfile
from collections.abc import AsyncIterator
from typing import IO
from urllib.parse import parse_qsl

import msgspec
from litestar.concurrency import sync_to_thread
from litestar.exceptions import ClientException
from litestar.exceptions.http_exceptions import RequestEntityTooLarge
from multipart import MultipartSegment, ParserError, ParserLimitReached, PushMultipartParser

from server.web.session import Form, WebRequest

MOST_PARTS = 40_000
"""A checklist with 200 rows has thousands; their text has its own bound."""
_MOST_FILES = 200
"""Of one form, each of which is an open file of this process. A report has a hundred at most."""
_MOST_DROPPED = 64 * 1024 * 1024
"""Of files that are not taken: enough that the words beside a few photos are read, too little to keep a line busy."""
_FLUSH = 512 * 1024


class PostedFile(msgspec.Struct):
    """A file of a form. `content` is at its end; `too_large`: it was longer than the bound and is not in it."""

    field: str
    name: str
    content: IO[bytes]
    size: int = 0
    too_large: bool = False


class Posted(msgspec.Struct):
    """What was posted. Close it when done: the files go with that."""

    form: Form
    files: list[PostedFile]

    def close(self) -> None:
        """Forget the files."""
        for one in self.files:
            one.content.close()


async def read_posted(request: WebRequest, *, token: str, most_text: int, most_file: int) -> Posted:
    """The form of a request, in memory that does not grow with its files. A file that comes before the right token of
    the form (`csrf`) is not kept; with no `token` none is. Raises ClientException for what is no form."""
    content_type, options = request.content_type
    if content_type != "multipart/form-data":
        return Posted(Form(_texts(await _encoded(request, most_text))), [])
    reader = _Reader(token, most_text, most_file)
    try:
        await reader.read(options.get("boundary", ""), request.stream())
    except BaseException:
        reader.posted.close()
        raise
    return reader.posted


async def _encoded(request: WebRequest, most: int) -> list[tuple[str, str]]:
    """The fields of a form without files."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise RequestEntityTooLarge
    try:
        return parse_qsl(
            body.decode("ascii", errors="replace"), keep_blank_values=True, errors="replace", max_num_fields=MOST_PARTS
        )
    except ValueError as error:  # more fields than that
        raise ClientException("This is no form.") from error


class _Reader:
    """Goes through the parts of one form."""

    def __init__(self, token: str, most_text: int, most_file: int) -> None:
        self._token = token.encode()
        self._most_text = most_text
        self._most_file = most_file
        self._text_size = 0
        self._dropped = 0
        self._texts: list[tuple[str, str]] = []
        self._trusted = False
        self._text = bytearray()
        self._waiting = bytearray()
        self._file: PostedFile | None = None
        self._is_file = False
        self.posted = Posted(Form({}), [])

    async def read(self, boundary: str, stream: AsyncIterator[bytes]) -> None:
        """All parts. Raises ClientException."""
        segment: MultipartSegment | None = None
        try:
            with PushMultipartParser(boundary.encode(), max_segment_count=MOST_PARTS) as parser:
                async for chunk in stream:
                    if parser.closed:
                        break
                    for part in parser.parse(chunk):
                        if isinstance(part, MultipartSegment):
                            segment = part
                            self._begin(part)
                        elif part:
                            await self._take(bytes(part))
                        elif segment is not None:
                            await self._end(segment)
                            segment = None
        except (ParserError, ParserLimitReached, UnicodeError) as error:
            raise ClientException("This is no form.") from error
        self.posted.form = Form(_texts(self._texts))

    def _begin(self, part: MultipartSegment) -> None:
        self._is_file = part.filename is not None
        self._file = None
        if part.filename and self._trusted:
            if len(self.posted.files) >= _MOST_FILES:
                raise RequestEntityTooLarge
            self._file = PostedFile(part.name, part.filename, tempfile.TemporaryFile())  # noqa: SIM115 - closed with the form
            self.posted.files.append(self._file)

    async def _take(self, data: bytes) -> None:
        if not self._is_file:
            self._text_size += len(data)
            if self._text_size > self._most_text:
                raise RequestEntityTooLarge
            self._text += data
        elif self._file is not None:
            self._file.size += len(data)
            self._waiting += data
            if len(self._waiting) >= _FLUSH:
                await self._flush(self._file)
        else:
            self._dropped += len(data)
            if self._dropped > _MOST_DROPPED:
                raise RequestEntityTooLarge

    async def _flush(self, file: PostedFile) -> None:
        waiting = bytes(self._waiting)
        self._waiting.clear()
        if file.size > self._most_file:
            file.too_large = True
            await sync_to_thread(file.content.truncate, 0)
        else:
            await sync_to_thread(file.content.write, waiting)

    async def _end(self, part: MultipartSegment) -> None:
        if self._file is not None:
            await self._flush(self._file)
        elif not self._is_file:
            if part.name == "csrf":
                self._trusted = bool(self._token) and hmac.compare_digest(bytes(self._text), self._token)
            self._texts.append((part.name, self._text.decode("utf-8", errors="replace")))
            self._text.clear()


def _texts(pairs: list[tuple[str, str]]) -> dict[str, list[str]]:
    """The fields by name. What no keyboard writes and PostgreSQL does not keep is left out of them."""
    fields: dict[str, list[str]] = {}
    for name, value in pairs:
        fields.setdefault(name, []).append(value.replace("\0", ""))
    return fields
