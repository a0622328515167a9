"""The files a revision announces: bounds, sane names, and one row per file however it came first."""

import re
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, or_

from protocol.operations import ManifestEntry
from rules.sentence import Sentence
from server.bounds import check_id, check_name, refused, valid_sha256
from server.problems import ProblemError
from server.storage.attendance_tables import event_media
from server.storage.database import Actor, Transaction
from server.storage.tables import media, revision_media

MAX_FILES = 100
_CONTENT_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,60}")


def check_manifest(entries: Sequence[ManifestEntry], max_bytes: int) -> None:
    """Raise the first problem of the announced files, naming the file."""
    if len(entries) > MAX_FILES:
        detail = Sentence(
            "The report has %(count)s files; %(most)s is the most. Split it into two reports.",
            count=len(entries),
            most=MAX_FILES,
        )
        raise refused("too-many-files", "Too many files", detail, "$.media", MAX_FILES)
    if len({entry.media_id for entry in entries}) < len(entries):
        raise refused("file-twice", "The same file twice", "A file is attached twice. Remove one of them.", "$.media")
    for index, entry in enumerate(entries):
        _check_entry(entry, f"$.media[{index}]", max_bytes)


def announce(t: Transaction, actor: Actor, revision_id: str, entries: Sequence[ManifestEntry]) -> None:
    """Keep which files the revision has. Raises when an id already stands for another file or another member's."""
    for entry, row in zip(entries, _manifest_rows(revision_id, entries), strict=True):
        announce_file(
            t,
            actor,
            media_id=entry.media_id,
            sha256=entry.sha256,
            size=entry.size,
            content_type=entry.content_type,
            field=f"$.media[{row['ordinal']}].media_id",
        )
        t.insert(revision_media, **row)


def announce_file(
    t: Transaction, actor: Actor, *, media_id: str, sha256: str, size: int, content_type: str, field: str
) -> None:
    """Keep one file's row if it is new; `size` in bytes. Raises when the id stands for another file or member."""
    if t.insert_new(media, **_media_row(actor, media_id, sha256, size, content_type)):
        return
    _check_same(t.first(t.select(media).where(media.c.media_id == media_id)), actor, sha256, size, field)


def announce_all(
    t: Transaction, actor: Actor, manifests: Sequence[tuple[str, Sequence[ManifestEntry]]]
) -> frozenset[str]:
    """What `announce` does for each of these (revision id, entries), at once; the ids of the files that are held."""
    entries = [entry for _revision_id, manifest in manifests for entry in manifest]
    if not entries:
        return frozenset()
    rows: dict[str, dict[str, Any]] = {}
    for one in entries:
        rows.setdefault(one.media_id, _media_row(actor, one.media_id, one.sha256, one.size, one.content_type))
    t.insert_all_new(media, rows.values())
    t.insert_all(revision_media, (row for manifest in manifests for row in _manifest_rows(*manifest)))
    kept = {row.media_id: row for row in t.all(t.select(media).where(media.c.media_id.in_(rows)))}
    for one in entries:
        _check_same(kept.get(one.media_id), actor, one.sha256, one.size, "$.media")
    return frozenset(media_id for media_id, row in kept.items() if row.held is not None)


def claimed(t: Transaction, media_id: ColumnElement[str]) -> ColumnElement[bool]:
    """Whether a report or an attendance event has this file."""
    by_revision = t.select(revision_media, revision_media.c.media_id).where(revision_media.c.media_id == media_id)
    by_event = t.select(event_media, event_media.c.media_id).where(event_media.c.media_id == media_id)
    return or_(by_revision.exists(), by_event.exists())


def valid_content_type(text: str) -> bool:
    """Whether this is a plain type/subtype."""
    return _CONTENT_TYPE.fullmatch(text) is not None


def _media_row(actor: Actor, media_id: str, sha256: str, size: int, content_type: str) -> dict[str, Any]:
    return {
        "media_id": media_id,
        "member_id": actor.member_id,
        "sha256": sha256,
        "size": size,
        "content_type": content_type,
    }


def _manifest_rows(revision_id: str, entries: Sequence[ManifestEntry]) -> list[dict[str, Any]]:
    return [
        {"revision_id": revision_id, "media_id": entry.media_id, "ordinal": ordinal, "name": entry.name}
        for ordinal, entry in enumerate(entries)
    ]


def _check_same(known: Row[Any] | None, actor: Actor, sha256: str, size: int, field: str) -> None:
    if known is None or (known.member_id, known.sha256, known.size) != (actor.member_id, sha256, size):
        raise _another_file(field)


def _another_file(field: str) -> ProblemError:
    detail = "This file's id already stands for another file. Attach the file again and send it."
    return refused("file-differs", "Another file", detail, field)


def _check_entry(entry: ManifestEntry, field: str, max_bytes: int) -> None:
    check_id(entry.media_id, f"{field}.media_id")
    check_name(entry.name, "The name of a file", f"{field}.name")
    if entry.name in {".", ".."} or "/" in entry.name or "\\" in entry.name:
        detail = Sentence(
            "The file name %(name)s looks like a folder. Rename the file and attach it again.", name=repr(entry.name)
        )
        raise refused("bad-name", "Unreadable name", detail, f"{field}.name")
    if entry.size < 1:
        detail = Sentence("The file %(name)s is empty. Remove it, or attach one with content.", name=entry.name)
        raise refused("empty-file", "Empty file", detail, f"{field}.size")
    if entry.size > max_bytes:
        detail = Sentence(
            "The file %(name)s has %(size)s bytes; %(most)s is the most. Attach a smaller one.",
            name=entry.name,
            size=entry.size,
            most=max_bytes,
        )
        raise refused("file-too-large", "File too large", detail, f"{field}.size", max_bytes)
    if not valid_sha256(entry.sha256):
        detail = Sentence("The fingerprint of %(name)s cannot be read. Attach the file again.", name=entry.name)
        raise refused("bad-sha256", "Unreadable fingerprint", detail, f"{field}.sha256")
    if not valid_content_type(entry.content_type):
        detail = Sentence("The kind of %(name)s cannot be read. Attach the file again.", name=entry.name)
        raise refused("bad-content-type", "Unreadable kind of file", detail, f"{field}.content_type")
