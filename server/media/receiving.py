"""The bytes of one request: kept piece by piece as they come, so that a broken connection loses little and a long
request needs no more memory than a short one."""

import hashlib
import hmac
import uuid
from collections.abc import AsyncIterator

from litestar.concurrency import sync_to_thread

from server.incoming import ClientGoneError
from server.media.uploads import CHECKSUM_MISMATCH, Piece, Upload, advance
from server.problems import ProblemError, problem
from server.storage.database import Actor, Database
from server.storage.objects import Objects

PIECE_BYTES = 4 * 1024 * 1024
"""A piece is kept, and counted, as soon as it has this many bytes."""
CHECKSUMS = ("sha1", "sha256")


class Receiver:
    """Takes the body of one request for one upload. Each method blocks; call them from a worker thread, in turn.

    Without a checksum every full piece counts at once. With one nothing counts before the end, as a client may learn
    only then that the bytes were wrong.
    """

    def __init__(
        self,
        database: Database,
        objects: Objects,
        actor: Actor,
        target: Upload,
        checksum: tuple[str, bytes] | None = None,
    ) -> None:
        """`checksum` is the algorithm (of CHECKSUMS) and the expected digest of the request's bytes."""
        self._database = database
        self._objects = objects
        self._actor = actor
        self._target = target
        self._expected = checksum[1] if checksum else None
        self._digest = hashlib.new(checksum[0], usedforsecurity=False) if checksum else None
        self._buffer = bytearray()
        self._uncounted: list[Piece] = []
        self._next = target.offset

    def take(self, chunk: bytes) -> bool:
        """Hold a chunk in memory; True when `keep` should be called before the next. Raises a 413 problem when there is
        more than the upload's length. Does not block."""
        self._buffer += chunk
        if self._next + len(self._buffer) > self._target.length:
            raise _too_long(self._target.length)
        return len(self._buffer) >= PIECE_BYTES

    def keep(self) -> None:
        """Put what is in memory into the object store and, without a checksum, count it. Raises a 409 problem when
        another request was faster."""
        if not self._buffer:
            return
        content = bytes(self._buffer)
        self._buffer.clear()
        if self._digest is not None:
            self._digest.update(content)
        key = f"uploads/{self._actor.organization_id}/{self._target.upload_id}/{self._next}-{uuid.uuid4().hex}"
        self._objects.put(key, content)
        self._uncounted.append(Piece(self._next, len(content), key))
        self._next += len(content)
        if self._digest is None:
            self._count()

    def complete(self) -> None:
        """The request ended as it should. Raises a 460 problem when its bytes are not those of the checksum."""
        self.keep()
        if self._digest is not None and not hmac.compare_digest(self._digest.digest(), self._expected or b""):
            self.abandon()
            detail = "These bytes were changed on their way. They were dropped; send them again."
            raise problem("checksum-mismatch", CHECKSUM_MISMATCH, "Checksum mismatch", detail, field="Upload-Checksum")
        self._count()

    def broken(self) -> None:
        """The connection broke: what came counts, unless it was to be checked as a whole."""
        if self._digest is not None:
            self.abandon()
        else:
            self.keep()

    def abandon(self) -> None:
        """Forget what does not count."""
        self._buffer.clear()
        for piece in self._uncounted:
            self._objects.delete(piece.key)
        self._uncounted.clear()

    def _count(self) -> None:
        try:
            with self._database.write(self._actor.organization_id) as t:
                advance(t, self._actor, self._target.upload_id, self._uncounted)
        except ProblemError:
            self.abandon()
            raise
        self._uncounted.clear()


async def receive(body: AsyncIterator[bytes], receiver: Receiver) -> None:
    """Take a request's body to its end. A connection that breaks is nobody's fault: what came is kept."""
    try:
        async for chunk in body:
            if chunk and receiver.take(chunk):
                await sync_to_thread(receiver.keep)
    except ClientGoneError:
        await sync_to_thread(receiver.broken)
        raise
    except ProblemError:
        await sync_to_thread(receiver.abandon)
        raise
    await sync_to_thread(receiver.complete)


def _too_long(length: int) -> ProblemError:
    detail = f"More bytes came than the {length} that were announced. Send the file again from its start."
    return problem("too-many-bytes", 413, "Too many bytes", detail, field="Upload-Offset", limit=length)
