"""The JPEGs that pages, print and PDF show of a picture: made once, when first wanted, in a confined process, and kept
as objects beside the file. A file that cannot be shown is remembered as such and not tried again."""

import asyncio
import secrets
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial
from threading import Lock
from typing import Any, Literal

import msgspec
from sqlalchemy import Row

from server.confined.running import Limits, UndoneError, UnfitError, run_confined
from server.fair_workers import FairWorkers
from server.media.content import Content
from server.storage.database import Database, Transaction
from server.storage.objects import Objects
from server.storage.tables import rendition

Size = Literal["small", "large"]

_KINDS = ("jpeg", "png", "gif", "webp", "avif", "heic", "heif", "heic-sequence", "heif-sequence", "tiff", "bmp")
_PICTURES = frozenset(f"image/{name}" for name in _KINDS)
_MOST_BYTES = 128 * 1024 * 1024
_LIMITS = Limits(memory=1024**3, output=32 * 1024**2, processor_seconds=15, clock_seconds=20)
_AT_ONCE = 2


class Rendition(msgspec.Struct, frozen=True, kw_only=True):
    """What is kept of one picture: its size in pixels, upright; each JPEG as (object key, size in bytes)."""

    width: int
    height: int
    small: tuple[str, int]
    large: tuple[str, int]

    def stream(self, objects: Objects, size: Size) -> Iterator[bytes]:
        """The bytes of one JPEG."""
        key, length = self.small if size == "small" else self.large
        yield from objects.stream(key, 0, length)


class _Made(msgspec.Struct, frozen=True):
    """The line before the JPEGs of the task `pictures`."""

    width: int
    height: int
    small: int
    large: int


def is_picture(content_type: str) -> bool:
    """Whether a file that says it is this is worth a try."""
    return content_type in _PICTURES


def known(t: Transaction, media_id: str) -> tuple[bool, Rendition | None]:
    """Whether it was tried, and what came of it: None when the file cannot be shown."""
    row = t.first(t.select(rendition).where(rendition.c.media_id == media_id))
    return row is not None, None if row is None else _rendition(row)


def forget(t: Transaction, media_id: str) -> list[str]:
    """Take the rows of what was made of a file; the keys of the objects, which the caller deletes after."""
    this = rendition.c.media_id == media_id
    row = t.first(t.select(rendition).where(this))
    t.execute(t.delete(rendition).where(this))
    return [] if row is None or row.small_key is None else [row.small_key, row.large_key]


class Renditions:
    """Makes them, two at a time and each file once, beside the threads that answer requests. Organizations take turns,
    and within each those whose files they are. Thread-safe."""

    def __init__(self, database: Database, objects: Objects) -> None:
        self._database = database
        self._objects = objects
        self._workers: FairWorkers[Rendition | None] = FairWorkers(_AT_ONCE, "rendition")
        self._lock = Lock()
        self._under_way: dict[tuple[str, str], Future[Rendition | None]] = {}

    async def make(self, organization_id: str, content: Content) -> Rendition | None:
        """What is kept of a picture that was not tried before; None when it cannot be shown. The caller has asked
        whether it may be read."""
        return await asyncio.wrap_future(self._begun(organization_id, content))

    def close(self) -> None:
        """Take no more; what is under way ends within its limits."""
        self._workers.close()

    def _begun(self, organization_id: str, content: Content) -> "Future[Rendition | None]":
        key = (organization_id, content.media_id)
        with self._lock:
            future = self._under_way.get(key)
            if future is not None:
                return future
            work = partial(self._make, organization_id, content)
            future = self._under_way[key] = self._workers.submit(organization_id, content.member_id, work)
        # Without the lock: of one that is done already the callback runs here and now, and takes it itself.
        future.add_done_callback(lambda _: self._forget(key))
        return future

    def _forget(self, key: tuple[str, str]) -> None:
        with self._lock:
            self._under_way.pop(key, None)

    def _make(self, organization_id: str, content: Content) -> Rendition | None:
        with self._database.read(organization_id) as t:
            tried, found = known(t, content.media_id)
        if tried:
            return found
        try:
            made, small, large = self._shrunk(content)
        except UnfitError:
            with self._database.write(organization_id) as t:
                t.insert_new(rendition, media_id=content.media_id, made=t.now_text)
            return None
        except UndoneError:
            return None
        return self._keep(organization_id, content.media_id, made, small, large)

    def _shrunk(self, content: Content) -> tuple[_Made, bytes, bytes]:
        if not is_picture(content.content_type) or content.size > _MOST_BYTES:
            raise UnfitError(content.media_id)
        output = run_confined("pictures", content.stream(self._objects), _LIMITS)
        line, _, pictures = output.partition(b"\n")
        try:
            made = msgspec.json.decode(line, type=_Made)
        except msgspec.DecodeError:
            raise UnfitError(content.media_id) from None
        if made.small < 1 or made.large < 1 or made.small + made.large != len(pictures):
            raise UnfitError(content.media_id)
        return made, pictures[: made.small], pictures[made.small :]

    def _keep(self, organization_id: str, media_id: str, made: _Made, small: bytes, large: bytes) -> Rendition | None:
        folder = f"renditions/{organization_id}/{media_id}/{secrets.token_hex(8)}"
        keys = f"{folder}-small.jpg", f"{folder}-large.jpg"
        new = False
        try:
            for key, content in zip(keys, (small, large), strict=True):
                self._objects.put(key, content)
            new, kept = self._noted(organization_id, media_id, made, keys, (len(small), len(large)))
        finally:
            if not new:  # another replica was faster, or the file was taken back meanwhile
                for key in keys:
                    self._objects.delete(key)
        return kept

    def _noted(
        self, organization_id: str, media_id: str, made: _Made, keys: tuple[str, str], sizes: tuple[int, int]
    ) -> tuple[bool, Rendition | None]:
        """Whether these are now the ones of the picture, and those that are."""
        with self._database.write(organization_id) as t:
            new = t.insert_new(
                rendition,
                media_id=media_id,
                width=made.width,
                height=made.height,
                small_key=keys[0],
                small_size=sizes[0],
                large_key=keys[1],
                large_size=sizes[1],
                made=t.now_text,
            )
            return new, known(t, media_id)[1]


def _rendition(row: Row[Any]) -> Rendition | None:
    if row.small_key is None:
        return None
    return Rendition(
        width=row.width,
        height=row.height,
        small=(row.small_key, row.small_size),
        large=(row.large_key, row.large_size),
    )
