"""Files that come from a browser. They are held as they would come from an app: without what they tell of place, person
and device, unless the person keeps that. A browser cannot do it, so it is done here, before anything is kept.

The raw bytes lie in an upload of their own, under an id that is derived from the file's, and go as soon as the file is
made of them; nothing shows them to anybody meanwhile. Every step may be repeated after a crash or a lost answer.
"""

import base64
import contextlib
import hashlib
import os
import tempfile
import uuid
from collections.abc import Sequence
from typing import IO, Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, or_

from protocol.operations import ManifestEntry
from rules.media.kinds import SNIFF_BYTES, MediaKind, expected, sniff
from rules.media.names import neutral_name, safe_name, safe_shown
from rules.media.stripping import copy
from rules.sentence import Sentence
from server.confined import stripping
from server.confined.running import Limits, UndoneError, UnfitError, convert_confined
from server.media import leftovers, renditions, uploads
from server.media.content import content_of
from server.media.receiving import Receiver
from server.media.uploads import NewUpload, Upload
from server.problems import ProblemError, problem
from server.receipts.keys import SigningKeys
from server.reports.manifest import claimed
from server.storage.database import Actor, Database, Transaction
from server.storage.objects import Objects
from server.storage.tables import media, revision_media, upload, upload_part
from server.turns import Turns

_RAW = uuid.UUID("5f1c6f0e-3a55-4a57-9d0b-7a4f0a2f5f11")
_CHUNK = 256 * 1024
_UNTOLD = ("image/", "video/", "audio/")
_BUSY = 503


_turns = Turns(
    2, Sentence("Other files are being made ready. Wait until they are, then go on with this one."), in_all=6
)
"""A file lies on this server's disk twice while it is made, and whoever asks how far it is would begin that anew."""


def _limits(size: int) -> Limits:
    """What the stripping of a file of so many bytes may cost; the slowest disk reads and writes it in that time."""
    mebibytes = size // 1024**2
    return Limits(
        memory=512 * 1024**2,
        output=size + 1024**2,
        processor_seconds=30 + mebibytes // 20,
        clock_seconds=60 + mebibytes / 4,
    )


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """A file as a browser announces it: its own name, bytes, and whether place, device and name may stay."""

    media_id: str
    name: str
    size: int
    keep: bool = False


class Taken(msgspec.Struct, frozen=True, kw_only=True):
    """Where a file stands: `offset` of `length` bytes are here; once `held` it is one of the member's files."""

    media_id: str
    name: str
    length: int
    offset: int
    held: bool


class Stores(msgspec.Struct, frozen=True):
    """Where files go, and the keys of the receipts that one may complete."""

    database: Database
    objects: Objects
    keys: SigningKeys


def begin(stores: Stores, actor: Actor, wanted: Wanted) -> Taken:
    """A place for a file's bytes, or the one that it has. Raises ProblemError with the sentence for the person."""
    uploads.drop_expired(stores.database, stores.objects, actor)
    forget_unclaimed(stores.database, stores.objects, actor)
    with stores.database.write(actor.organization_id) as t:
        there = _standing(t, actor, wanted.media_id)
        if there is not None:
            return there
        raw = NewUpload(
            length=wanted.size,
            media_id=_raw_id(wanted.media_id),
            sha256=None,
            content_type="application/octet-stream",
            metadata=_metadata(wanted.name, keep=wanted.keep),
        )
        uploads.create(t, actor, raw)
        there = _standing(t, actor, wanted.media_id)
    assert there is not None
    return there


def standing(t: Transaction, actor: Actor, media_id: str) -> Taken:
    """How much of a file is here. Raises a 404 problem when nothing is known of it, or it is somebody else's."""
    there = _standing(t, actor, media_id)
    if there is None:
        raise problem(
            "file-unknown", 404, "Unknown file", "This file is not here any more. Choose it again and send it anew."
        )
    return there


def raw_upload(t: Transaction, actor: Actor, media_id: str) -> Upload:
    """The upload that takes the bytes of a file. Raises a 404 problem when there is none."""
    row = t.first(
        t.select(upload, upload.c.upload_id).where(
            upload.c.media_id == _raw_id(media_id), upload.c.member_id == actor.member_id, upload.c.done.is_(None)
        )
    )
    return uploads.find(t, actor, row.upload_id if row is not None else "")


def settle(stores: Stores, actor: Actor, media_id: str) -> Taken:
    """Make the file of its raw bytes once they are all here. Reads and writes the whole of it, in constant memory.
    Raises ProblemError when it is not taken as it is; its bytes are gone then."""
    with stores.database.read(actor.organization_id) as t:
        there = standing(t, actor, media_id)
        if there.held or there.offset < there.length:
            return there
        raw = raw_upload(t, actor, media_id)
        parts = uploads.parts_of(t, raw.upload_id)
    name, keep = _told(raw.metadata)
    with _turns.take(actor.member_id), tempfile.TemporaryFile() as source:
        for part in parts:
            for chunk in stores.objects.stream(part.object_key, 0, part.size):
                source.write(chunk)
        try:
            _make(stores, actor, Wanted(media_id=media_id, name=name, size=there.length, keep=keep), source)
        except ProblemError as refusal:
            if refusal.problem.status not in {uploads.wrong_offset().problem.status, _BUSY}:
                uploads.drop(stores.database, stores.objects, actor, raw)
            raise
    uploads.drop(stores.database, stores.objects, actor, raw)
    with stores.database.read(actor.organization_id) as t:
        return standing(t, actor, media_id)


def take(stores: Stores, actor: Actor, form_id: str, name: str, source: IO[bytes], *, keep: bool) -> str:
    """Hold a file that came whole, with a form; its media id, the same one when the same form brings it again. Raises
    ProblemError."""
    source.seek(0)
    digest = hashlib.sha256()
    size = 0
    while chunk := source.read(_CHUNK):
        digest.update(chunk)
        size += len(chunk)
    media_id = str(uuid.uuid5(uuid.UUID(form_id), f"{digest.hexdigest()} {keep}"))
    with stores.database.read(actor.organization_id) as t:
        there = _standing(t, actor, media_id)
    if there is None or not there.held:
        with _turns.take(actor.member_id):
            _make(stores, actor, Wanted(media_id=media_id, name=name, size=size, keep=keep), source)
    return media_id


def forget(stores: Stores, actor: Actor, media_id: str) -> None:
    """Take a file back that no report has. Nothing happens when there is no such one."""
    with stores.database.read(actor.organization_id) as t:
        row = t.first(
            t.select(upload, upload.c.upload_id).where(
                upload.c.media_id == _raw_id(media_id), upload.c.member_id == actor.member_id, upload.c.done.is_(None)
            )
        )
        raw = uploads.find(t, actor, row.upload_id) if row is not None else None
    if raw is not None:
        uploads.drop(stores.database, stores.objects, actor, raw)
    _release(stores.database, stores.objects, actor, media_id)


def entries(t: Transaction, actor: Actor, media_ids: Sequence[str]) -> list[ManifestEntry]:
    """The files among these that the member's reports have, or that are held for one, in this order, as a report
    announces them. A name that a report gave stays; a photo whose own name would tell gets a plain one."""
    rows = t.all(
        t.select(media, *media.c, upload.c.metadata, revision_media.c.name)
        .outerjoin(upload, and_(upload.c.upload_id == media.c.upload_id, t.owns(upload)))
        .outerjoin(revision_media, and_(revision_media.c.media_id == media.c.media_id, t.owns(revision_media)))
        .where(
            media.c.member_id == actor.member_id,
            media.c.media_id.in_(media_ids),
            or_(revision_media.c.name.is_not(None), media.c.held.is_not(None)),
        )
        .order_by(revision_media.c.revision_id)
    )
    found = {row.media_id: row for row in rows}
    names = {one: str(found[one].name) for one in media_ids if one in found and found[one].name is not None}
    for one in media_ids:
        if one in found and one not in names:
            row = found[one]
            name, keep = _told(row.metadata or "")
            names[one] = name if keep else neutral_name(row.content_type, name, list(names.values()))
    return [
        ManifestEntry(
            media_id=one,
            name=names[one],
            content_type=found[one].content_type,
            size=found[one].size,
            sha256=found[one].sha256,
        )
        for one in dict.fromkeys(media_ids)
        if one in found
    ]


def _make(stores: Stores, actor: Actor, wanted: Wanted, source: IO[bytes]) -> None:
    """Hold what `source` has, cleaned."""
    source.seek(0)
    kind = sniff(source.read(SNIFF_BYTES))
    shown = safe_shown(wanted.name)
    _check_name(shown, wanted.name, kind, wanted.size)
    with tempfile.TemporaryFile() as made:
        _clean(source, made, kind, shown, keep=wanted.keep)
        size = made.tell()
        made.seek(0)
        digest = hashlib.file_digest(made, "sha256").hexdigest()
        new = NewUpload(
            length=size,
            media_id=wanted.media_id,
            sha256=digest,
            content_type=kind.content_type,
            metadata=_metadata(safe_name(wanted.name, kind), keep=wanted.keep),
        )
        with stores.database.write(actor.organization_id) as t:
            started = uploads.create(t, actor, new)
        receiver = Receiver(stores.database, stores.objects, actor, started)
        made.seek(started.offset)
        while chunk := made.read(_CHUNK):
            if receiver.take(chunk):
                receiver.keep()
        receiver.complete()
    uploads.finish(stores.database, stores.objects, stores.keys, actor, started.upload_id)


def _clean(source: IO[bytes], made: IO[bytes], kind: MediaKind, shown: str, *, keep: bool) -> None:
    source.seek(0)
    if keep:
        copy(source, made)
        return
    size = source.seek(0, os.SEEK_END)
    try:
        code = convert_confined("stripping", source, made, _limits(size), stripping.CODES)
    except UnfitError:
        code = stripping.NOT_CLEANED
    except UndoneError:
        raise problem(
            "busy",
            _BUSY,
            "Not possible now",
            Sentence("“%(name)s” could not be made ready just now. Wait a minute, then press again.", name=shown),
            field="files",
        ) from None
    made.seek(0, os.SEEK_END)
    if code == stripping.DAMAGED:
        raise _refused(
            "damaged-file",
            Sentence(
                "“%(name)s” begins like %(kind)s but is damaged or cut off. Open it, save it anew and choose that, or "
                "tick Keep place and device: then it is kept as it is.",
                name=shown,
                kind=kind.words,
            ),
        )
    if code == stripping.CLEANED or (code == stripping.AS_IT_IS and not kind.content_type.startswith(_UNTOLD)):
        return
    raise _refused(
        "file-not-cleaned",
        Sentence(
            "“%(name)s” holds something that cannot be taken out here. Save it anew in another format and choose "
            "that, or tick Keep place and device: then it is kept as it is.",
            name=shown,
        ),
    )


def _check_name(shown: str, name: str, kind: MediaKind, size: int) -> None:
    if size == 0:
        raise _refused("empty-file", Sentence("“%(name)s” is empty. Choose a file with something in it.", name=shown))
    named = expected(name)
    if named and kind not in named:
        raise _refused(
            "file-name",
            Sentence(
                "“%(name)s” is named like %(like)s but is %(kind)s. Check the file, or give it its right name.",
                name=shown,
                like=named[0].words,
                kind=kind.words,
            ),
        )


def _standing(t: Transaction, actor: Actor, media_id: str) -> Taken | None:
    held = content_of(t, media_id)
    if held is not None and held.member_id == actor.member_id:
        done = t.select(upload, upload.c.metadata).where(upload.c.media_id == media_id, upload.c.done.is_not(None))
        row = t.first(done)
        name = _told(row.metadata)[0] if row is not None else ""
        return Taken(media_id=media_id, name=name, length=held.size, offset=held.size, held=True)
    row = t.first(
        t.select(upload).where(
            upload.c.media_id == _raw_id(media_id),
            upload.c.member_id == actor.member_id,
            upload.c.done.is_(None),
            upload.c.expires >= t.now_text,
        )
    )
    if row is None:
        return None
    name, _keep = _told(row.metadata)
    return Taken(media_id=media_id, name=name, length=row.length, offset=row.offset, held=False)


def members_with_unclaimed(t: Transaction) -> list[str]:
    """Whom `forget_unclaimed` has something to do for."""
    return list(t.execute(_unclaimed(t, upload.c.member_id).distinct()).scalars())


def forget_unclaimed(database: Database, objects: Objects, actor: Actor) -> None:
    """Forget the member's files of a browser that became part of no report while an upload would have waited for its
    next bytes."""
    with database.read(actor.organization_id) as t:
        rows = t.all(_unclaimed(t, upload.c.media_id).where(upload.c.member_id == actor.member_id))
    for row in rows:
        _release(database, objects, actor, row.media_id)


def _unclaimed(t: Transaction, column: ColumnElement[str]) -> Select[Any]:
    return t.select(upload, column).where(
        upload.c.done.is_not(None),
        upload.c.expires < t.now_text,
        upload.c.metadata.startswith(_MARK),
        ~claimed(t, upload.c.media_id),
    )


def _release(database: Database, objects: Objects, actor: Actor, media_id: str) -> None:
    """Forget a held file of a browser that no report has, with the small pictures of it."""
    with database.write(actor.organization_id) as t:
        row = t.first(
            t.select(upload, upload.c.upload_id)
            .where(
                upload.c.media_id == media_id,
                upload.c.member_id == actor.member_id,
                upload.c.metadata.startswith(_MARK),
            )
            .with_for_update()
        )
        has_it = t.select(media, media.c.media_id).where(media.c.media_id == media_id, claimed(t, media.c.media_id))
        if row is None or t.first(has_it) is not None:
            return
        keys = [part.object_key for part in uploads.parts_of(t, row.upload_id)]
        keys += renditions.forget(t, media_id)
        t.execute(t.delete(upload_part).where(upload_part.c.upload_id == row.upload_id))
        t.execute(t.delete(upload).where(upload.c.upload_id == row.upload_id))
        t.execute(t.delete(media).where(media.c.media_id == media_id))
        left = leftovers.note(t, actor.member_id, keys)
    leftovers.remove(database, objects, actor.organization_id, left)


def _raw_id(media_id: str) -> str:
    return str(uuid.uuid5(_RAW, media_id))


_MARK = "browser "
"""What the metadata of a browser's upload begins with; in the form of tus, as every upload has it."""


def _metadata(name: str, *, keep: bool) -> str:
    told = {"browser": "keeps" if keep else "cleaned", "filename": name[:500]}
    return ",".join(f"{key} {base64.b64encode(value.encode(errors='replace')).decode()}" for key, value in told.items())


def _told(metadata: str) -> tuple[str, bool]:
    """(the file's name, whether it keeps what it tells)."""
    found = dict(pair.split(" ", 1) for pair in metadata.split(",") if " " in pair)
    with contextlib.suppress(ValueError):
        values = {key: base64.b64decode(value).decode() for key, value in found.items()}
        return values.get("filename", "") or "file", values.get("browser") == "keeps"
    return "file", False


def _refused(name: str, detail: str) -> ProblemError:
    return problem(name, 422, "File not taken", detail, field="files")
