"""Uploads as rows: created once per file, moved on by compare-and-set, verified as a whole, ended or expired."""

import hashlib
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import msgspec
from sqlalchemy import Row

from protocol.statements import PolicyPayload
from rules.clock import format_utc
from rules.sentence import Sentence
from server.attendance.photos import events_of
from server.attendance.recording import publish_event
from server.bounds import check_id, is_id, valid_sha256
from server.media import leftovers
from server.policy.document import policy_payload
from server.problems import ProblemError, problem
from server.receipts.issuing import issue_for_event, issue_if_complete
from server.receipts.keys import SigningKeys
from server.reports.manifest import announce_file, claimed, valid_content_type
from server.reports.revising import publish_report
from server.storage.database import Actor, Database, Transaction
from server.storage.members import lock_member
from server.storage.objects import Objects
from server.storage.tables import media, revision, revision_media, upload, upload_part

LIFETIME = timedelta(days=7)
"""How long an upload waits for its next bytes."""
MOST_OPEN = 500
"""Uploads of one member that are unfinished, or finished within their lifetime and in no report."""
MOST_OPEN_BYTES = 50 * 1024**3
"""What these may come to."""
CHECKSUM_MISMATCH = 460


class NewUpload(msgspec.Struct, frozen=True, kw_only=True):
    """What a client announces: `length` in bytes; strangers to our client may leave `media_id` and `sha256` out."""

    length: int
    media_id: str | None
    sha256: str | None
    content_type: str
    metadata: str


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    """Where an upload stands; `expires` is RFC 3339, `done` once the whole file was verified."""

    upload_id: str
    member_id: str
    media_id: str
    length: int
    offset: int
    sha256: str | None
    metadata: str
    expires: str
    done: bool


class Piece(msgspec.Struct, frozen=True):
    """Bytes `start` to `start + size` of an upload, kept under `key`."""

    start: int
    size: int
    key: str


def create(t: Transaction, actor: Actor, wanted: NewUpload) -> Upload:
    """The upload of this file: a new one, or the member's earlier one of the same `media_id`. Raises ProblemError."""
    _check(wanted, policy_payload(t))
    lock_member(t, actor.member_id)
    media_id = wanted.media_id or str(uuid.uuid4())
    known = t.first(t.select(media).where(media.c.media_id == media_id))
    if known is not None and known.member_id != actor.member_id:
        raise _forbidden()
    earlier = _earlier(t, actor, media_id)
    if earlier is not None:
        if (wanted.length, wanted.sha256 or earlier.sha256) != (earlier.length, earlier.sha256):
            raise _differs()
        return earlier
    _check_room(t, actor, wanted)
    sha256 = wanted.sha256 or (known.sha256 if known is not None else None)
    if sha256 is not None:
        announce_file(
            t,
            actor,
            media_id=media_id,
            sha256=sha256,
            size=wanted.length,
            content_type=wanted.content_type,
            field="media_id",
        )
    upload_id = str(uuid.uuid4())
    t.insert(
        upload,
        upload_id=upload_id,
        member_id=actor.member_id,
        media_id=media_id,
        length=wanted.length,
        offset=0,
        sha256=sha256,
        metadata=wanted.metadata,
        created=t.now_text,
        expires=format_utc(t.now + LIFETIME),
    )
    return find(t, actor, upload_id)


def find(t: Transaction, actor: Actor, upload_id: str) -> Upload:
    """An upload of the actor's own. Raises ProblemError: 404 none, 403 another member's, 410 expired."""
    row = t.first(t.select(upload).where(upload.c.upload_id == upload_id)) if is_id(upload_id) else None
    if row is None:
        detail = "This upload is not known here. Send the file again from its start."
        raise problem("upload-unknown", 404, "Unknown upload", detail)
    if row.member_id != actor.member_id:
        raise _forbidden()
    if row.done is None and row.expires < t.now_text:
        detail = "This upload waited too long for its next part. Send the file again from its start."
        raise problem("upload-expired", 410, "Upload expired", detail)
    return _upload(row)


def advance(t: Transaction, actor: Actor, upload_id: str, pieces: Iterable[Piece]) -> None:
    """Count these pieces, which follow each other. Raises 409 when the upload is no longer where the first one starts:
    another request was faster."""
    for piece in pieces:
        moved = t.execute(
            t.update(upload)
            .where(
                upload.c.upload_id == upload_id,
                upload.c.member_id == actor.member_id,
                upload.c.offset == piece.start,
                upload.c.length >= piece.start + piece.size,
                upload.c.done.is_(None),
            )
            .values(offset=piece.start + piece.size, expires=format_utc(t.now + LIFETIME))
        )
        if moved.rowcount != 1:
            raise wrong_offset()
        t.insert(upload_part, upload_id=upload_id, start=piece.start, size=piece.size, object_key=piece.key)


def finish(database: Database, objects: Objects, keys: SigningKeys, actor: Actor, upload_id: str) -> Upload:
    """Verify an upload whose last byte came, and hold the file; one that is not there yet stays as it is.

    Safe to repeat, as after a crash between the last byte and this. Raises a 460 problem when the file is not the one
    that was announced and 410 when a part of it was lost; the upload is dropped then. Reads the whole file, in constant
    memory.
    """
    with database.read(actor.organization_id) as t:
        found = find(t, actor, upload_id)
        parts = parts_of(t, upload_id)
    if found.done or found.offset < found.length:
        return found
    sha256 = _hashed(objects, parts)
    if sha256 is None:
        drop(database, objects, actor, found)
        detail = "A part of this file was lost on the server. It was dropped; send the file again from its start."
        raise problem("upload-lost", 410, "Upload lost", detail)
    if found.sha256 not in {None, sha256}:
        drop(database, objects, actor, found)
        detail = "The file that arrived is not the one that was announced. It was dropped; send it again."
        raise problem("file-mismatch", CHECKSUM_MISMATCH, "Checksum mismatch", detail)
    with database.write(actor.organization_id) as t:
        lock_member(t, actor.member_id)
        _hold(t, keys, actor, found, sha256)
        return find(t, actor, upload_id)


def _hashed(objects: Objects, parts: Iterable[Row[Any]]) -> str | None:
    """The SHA-256 of a file by its parts; None when the object store does not have one of them any more."""
    digest = hashlib.sha256()
    try:
        for part in parts:
            for chunk in objects.stream(part.object_key, 0, part.size):
                digest.update(chunk)
    except FileNotFoundError:
        return None
    return digest.hexdigest()


def terminate(database: Database, objects: Objects, actor: Actor, upload_id: str) -> None:
    """Give up an upload that is not done and forget its bytes. Raises ProblemError; 403 for a file that is held."""
    with database.read(actor.organization_id) as t:
        found = find(t, actor, upload_id)
    if found.done:
        detail = "This file has arrived in full and is kept with its report. It cannot be taken back this way."
        raise problem("upload-done", 403, "Already received", detail)
    drop(database, objects, actor, found)


def drop(database: Database, objects: Objects, actor: Actor, dropped: Upload) -> None:
    """Remove an unfinished upload, and the file's row unless a report announced it."""
    with database.write(actor.organization_id) as t:
        this = upload.c.upload_id == dropped.upload_id
        # Held, so that no request counts bytes for it, or declares it done, while it goes.
        if t.first(t.select(upload).where(this, upload.c.done.is_(None)).with_for_update()) is None:
            return
        parts = parts_of(t, dropped.upload_id)
        t.execute(t.delete(upload_part).where(upload_part.c.upload_id == dropped.upload_id))
        t.execute(t.delete(upload).where(this))
        own = media.c.media_id == dropped.media_id
        t.execute(t.delete(media).where(own, media.c.held.is_(None), ~claimed(t, media.c.media_id)))
        left = leftovers.note(t, dropped.member_id, (part.object_key for part in parts))
    leftovers.remove(database, objects, actor.organization_id, left)


def drop_expired(database: Database, objects: Objects, actor: Actor) -> None:
    """Forget the actor's uploads that waited too long, so that they count against no bound, and what a crash left."""
    with database.read(actor.organization_id) as t:
        rows = t.all(
            t.select(upload).where(
                upload.c.member_id == actor.member_id, upload.c.done.is_(None), upload.c.expires < t.now_text
            )
        )
    for row in rows:
        if row.length == leftovers.LENGTH:
            leftovers.remove(database, objects, actor.organization_id, row.upload_id)
        else:
            drop(database, objects, actor, _upload(row))


def wrong_offset() -> ProblemError:
    """The 409 after which a client asks where the upload stands."""
    detail = "These bytes do not follow the ones that are here. Ask how far the upload is and go on from there."
    return problem("wrong-offset", 409, "Wrong offset", detail, field="Upload-Offset")


def _hold(t: Transaction, keys: SigningKeys, actor: Actor, found: Upload, sha256: str) -> None:
    if found.sha256 is None:
        announce_file(
            t,
            actor,
            media_id=found.media_id,
            sha256=sha256,
            size=found.length,
            content_type="application/octet-stream",
            field="media_id",
        )
    this = upload.c.upload_id == found.upload_id
    if t.execute(t.update(upload).where(this).values(done=t.now_text, sha256=sha256)).rowcount == 0:
        return  # given up meanwhile
    held = t.execute(
        t.update(media)
        .where(media.c.media_id == found.media_id, media.c.held.is_(None))
        .values(held=t.now_text, upload_id=found.upload_id)
    )
    if held.rowcount == 0:
        return
    waiting = t.all(
        t.select(revision, revision.c.revision_id, revision.c.instance_id)
        .join(revision_media, revision_media.c.revision_id == revision.c.revision_id)
        .where(t.owns(revision_media), revision_media.c.media_id == found.media_id)
        .order_by(revision.c.received, revision.c.revision_id)
    )
    for row in waiting:
        issue_if_complete(t, keys, row.revision_id)
    for instance_id in sorted({row.instance_id for row in waiting}):
        publish_report(t, instance_id)
    for event_id in events_of(t, found.media_id):
        issue_for_event(t, keys, event_id)
        publish_event(t, event_id)


def _earlier(t: Transaction, actor: Actor, media_id: str) -> Upload | None:
    row = t.first(
        t.select(upload)
        .where(upload.c.media_id == media_id, upload.c.member_id == actor.member_id)
        .order_by(upload.c.done.is_(None), upload.c.created)
    )
    if row is None or (row.done is None and row.expires < t.now_text):
        return None
    return _upload(row)


def parts_of(t: Transaction, upload_id: str) -> list[Row[Any]]:
    """The pieces of an upload, in order."""
    return t.all(t.select(upload_part).where(upload_part.c.upload_id == upload_id).order_by(upload_part.c.start))


def _upload(row: Row[Any]) -> Upload:
    return Upload(
        upload_id=row.upload_id,
        member_id=row.member_id,
        media_id=row.media_id,
        length=row.length,
        offset=row.offset,
        sha256=row.sha256,
        metadata=row.metadata,
        expires=row.expires,
        done=row.done is not None,
    )


def _check(wanted: NewUpload, policy: PolicyPayload) -> None:
    if wanted.media_id is not None:
        check_id(wanted.media_id, "media_id")
    if wanted.length < 1:
        raise problem(
            "empty-file", 400, "Empty file", "The file is empty. Send one with content.", field="Upload-Length"
        )
    if wanted.length > policy.max_media_bytes:
        detail = f"The file has {wanted.length} bytes; {policy.max_media_bytes} is the most. Send a smaller one."
        raise problem(
            "file-too-large", 413, "File too large", detail, field="Upload-Length", limit=policy.max_media_bytes
        )
    if wanted.sha256 is not None and not valid_sha256(wanted.sha256):
        detail = "The fingerprint is not SHA-256 in lower-case hex. Update the app and try again."
        raise problem("bad-sha256", 400, "Unreadable fingerprint", detail, field="sha256")
    if not valid_content_type(wanted.content_type):
        detail = "The kind of the file cannot be read. Attach the file again."
        raise problem("bad-content-type", 400, "Unreadable kind of file", detail, field="filetype")


def _check_room(t: Transaction, actor: Actor, wanted: NewUpload) -> None:
    """Hold the member to what may be under way, and to as much of what has arrived and no report has."""
    own = t.select(upload, upload.c.length).where(upload.c.member_id == actor.member_id)
    under_way = list(t.execute(own.where(upload.c.done.is_(None))).scalars())
    if _is_too_much(under_way, wanted):
        detail = "Too many files are on their way at once. Wait until some have arrived, then send this one."
        raise problem("too-many-uploads", 413, "Too many files under way", detail, limit=MOST_OPEN)
    claimed = t.select(revision_media, revision_media.c.media_id).where(revision_media.c.media_id == upload.c.media_id)
    left = own.where(upload.c.done.is_not(None), upload.c.expires >= t.now_text, ~claimed.exists())
    if _is_too_much([*under_way, *t.execute(left).scalars()], wanted):
        detail = Sentence(
            "Too many of your files are here that no report has yet. Send the reports that they are for, or take files "
            "off, then send this one."
        )
        raise problem("too-many-uploads", 413, "Too many files without a report", detail, limit=MOST_OPEN)


def _is_too_much(lengths: list[int], wanted: NewUpload) -> bool:
    return len(lengths) >= MOST_OPEN or sum(lengths) + wanted.length > MOST_OPEN_BYTES


def _forbidden() -> ProblemError:
    detail = "This file belongs to somebody else. Attach the file anew and send it."
    return problem("not-yours", 403, "Somebody else's file", detail)


def _differs() -> ProblemError:
    detail = "This file's id already stands for another file. Attach the file again and send it."
    return problem("file-differs", 409, "Another file", detail, field="media_id")
