"""Everything about a member as one ZIP. What is in it is written down first, within one transaction, to a temporary
file; the files themselves may take hours to send, and no transaction is held open for that."""

import tempfile
import zipfile
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import IO

import msgspec
from sqlalchemy import union

from rules.sentence import Sentence
from server import access
from server.exports.names import safe_name
from server.exports.pieces import Pieces
from server.media.content import Content, contents_of
from server.member_data.collecting import SECTIONS, WITHHELD, names_of, rows_of
from server.storage.attendance_tables import event_media
from server.storage.database import Actor, Database, Transaction
from server.storage.objects import Objects
from server.storage.tables import media, revision_media
from server.turns import Turns

_PIECE = 256 * 1024
_FILES_AT_ONCE = 100

turns = Turns(
    1,
    Sentence("Another copy of your data is still being downloaded. Wait until it has come, or cancel it."),
    in_all=6,
)
"""Each holds a temporary file as large as the rows are."""

README = """This is everything that this server holds about you, except what the last lines name.

Each .json file is a list with one row on each line, under the names that the server's tables have. Times are in UTC.
people.json says who the ids stand for. The folder "files" has your photos and files, each under its id.

Log data of the app is not in it: it bears a random number that is not linked to you, so nobody can find it by your
name. The app lists every record it has sent, and has it erased if you wish.

Not in it:
"""


class _File(msgspec.Struct, frozen=True):
    """One file as it lies in the temporary file."""

    name: str
    content: Content


class _WrittenDown(msgspec.Struct, frozen=True):
    """`sections` are (name, first byte, byte after the last) in `rows`; `files` has a _File on each line."""

    rows: IO[bytes]
    sections: tuple[tuple[str, int, int], ...]
    files: IO[bytes]


def hand_over(database: Database, objects: Objects, actor: Actor) -> Generator[bytes]:
    """The ZIP, in pieces of about 1 MiB; that the actor took it is in the access log first. Raises a 429 problem while
    they take another one."""
    turns.check(actor.member_id)
    with database.write(actor.organization_id) as t:
        own = actor.member_id
        access.record(t, actor, "export", "member", own, subject_id=own, purpose="privacy", detail="everything")
    return _in_turn(database, objects, actor)


def _in_turn(database: Database, objects: Objects, actor: Actor) -> Generator[bytes]:
    with (
        turns.take(actor.member_id),
        tempfile.TemporaryFile() as rows,
        tempfile.TemporaryFile() as files,
    ):
        with database.read(actor.organization_id) as t:
            written = _WrittenDown(rows, tuple(_write_down(t, actor.member_id, rows)), files)
            for one in _files(t, actor.member_id):
                files.write(msgspec.json.encode(one) + b"\n")
        yield from _package(written, objects)


def _write_down(t: Transaction, member_id: str, rows: IO[bytes]) -> Iterator[tuple[str, int, int]]:
    people: set[str] = set()
    for section in SECTIONS:
        yield (section.name, *_list(rows, rows_of(t, member_id, section, people)))
    yield ("people", *_list(rows, names_of(t, people)))


def _list(rows: IO[bytes], entries: Iterable[bytes]) -> tuple[int, int]:
    """Write a JSON list with an entry on each line; where it begins and ends."""
    start, between = rows.tell(), b"[\n"
    for one in entries:
        rows.write(between + one)
        between = b",\n"
    rows.write(b"[]\n" if between == b"[\n" else b"\n]\n")
    return start, rows.tell()


def _files(t: Transaction, member_id: str) -> Iterator[_File]:
    own = t.select(media, media.c.media_id).where(media.c.member_id == member_id, media.c.held.is_not(None))
    ids: Sequence[str] = list(t.execute(own.order_by(media.c.media_id)).scalars())
    for start in range(0, len(ids), _FILES_AT_ONCE):
        page = ids[start : start + _FILES_AT_ONCE]
        named = union(
            *(
                t.select(table, table.c.media_id, table.c.name).where(table.c.media_id.in_(page))
                for table in (revision_media, event_media)
            )
        )
        names = {row.media_id: row.name for row in t.all(named)}
        for content in contents_of(t, page):
            yield _File(names.get(content.media_id, ""), content)


def _package(written: _WrittenDown, objects: Objects) -> Iterator[bytes]:
    pieces = Pieces()
    with zipfile.ZipFile(pieces, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as package:
        package.writestr("README.txt", README + "".join(f"- {name}: {why}\n" for name, why in WITHHELD.items()))
        for name, start, end in written.sections:
            with package.open(f"{name}.json", "w", force_zip64=True) as entry:
                for piece in _between(written.rows, start, end):
                    entry.write(piece)
                    yield pieces.take()
        lost: list[str] = []
        written.files.seek(0)
        for line in written.files:
            for _ in _write_file(package, msgspec.json.decode(line, type=_File), objects, lost):
                yield pieces.take()
        if lost:
            package.writestr("files/not-included.txt", "Lost from the store of files:\n" + "\n".join(lost) + "\n")
    yield pieces.take()


def _between(rows: IO[bytes], start: int, end: int) -> Iterator[bytes]:
    rows.seek(start)
    while start < end and (piece := rows.read(min(_PIECE, end - start))):
        start += len(piece)
        yield piece


def _write_file(package: zipfile.ZipFile, one: _File, objects: Objects, lost: list[str]) -> Iterator[None]:
    """Films and photos are packed already, so they are stored as they are."""
    path = f"files/{one.content.media_id} {safe_name(one.name, 'file')}"
    stream = one.content.stream(objects)
    try:
        first = next(stream, b"")
    except FileNotFoundError:
        lost.append(path)
        return
    entry = zipfile.ZipInfo(path)
    entry.file_size = one.content.size  # so that an entry beyond 4 GiB gets the fields it needs
    with package.open(entry, "w") as target:
        target.write(first)
        yield
        for piece in stream:
            target.write(piece)
            yield
