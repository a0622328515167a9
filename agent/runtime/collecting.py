"""Everything about the person, as one ZIP: what this computer keeps, and what the server keeps if it gives it."""

import base64
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import IO

import msgspec
from msgspec.structs import replace

from agent.accounts.account import Account
from agent.api.privacy import Choices, Collected, Collecting
from agent.logdata import reading
from agent.runtime.exporting import new_file
from agent.runtime.workplace import Workplace
from agent.store.databases import open_reader
from agent.sync.asking import LinkTrouble, RoundCancelledError
from agent.transport import EgressRow
from rules.sentence import plain
from telemetry.account_log import AccountLog

SERVER_SECONDS = 1800.0
MOST_SERVER_BYTES = 64 * 1024**3
_PATH = "/v1/me/data"
_PIECE = 1024 * 1024
_NONE_YET = "The server is of a version that cannot give its part. Ask your organization for what it keeps about you."
_NOT_GIVEN = "The server did not give its part. Collect again later, or ask your organization."
_NO_ZIP = "What the server gave as its part cannot be read, so it was left out. Collect again later."
_ABOUT = """\
What Miratag keeps about you on this computer, and what your organization's server keeps, as far as it gave it.

account.json            who you are to this app
choices.json            what you allowed and what not
work.json               reports, attendance, drafts, comments, receipts: every table of the database as it is
log-data/ledger.json    log data that waits, that was sent (decoded), and what was lost or withheld
log-data/erasures.json  erasures that you asked for, with the server's signed answers
files/                  photos, videos and files that are on this computer, by the names they have here
server.zip              what the server gave, if it did
"""


def collect(workplace: Workplace, log: AccountLog, account: Account, choices: Choices, target: Path) -> Collected:
    """The ZIP is there in full or not at all; without the server's part if that cannot be had. Raises AgentError."""
    progress = _Progress(workplace)
    try:
        return _collect(workplace, log, account, choices, target, progress=progress)
    finally:
        progress.end()


def _collect(
    workplace: Workplace,
    log: AccountLog,
    account: Account,
    choices: Choices,
    target: Path,
    *,
    progress: "_Progress",
) -> Collected:
    with new_file(target) as part:
        part.touch(mode=0o600)
        with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("README.txt", _ABOUT)
            archive.writestr("account.json", _json({**msgspec.to_builtins(account), "keys": len(account.keys)}))
            archive.writestr("choices.json", _json(choices))
            with archive.open("work.json", "w", force_zip64=True) as entry:
                _write_tables(workplace.store.path, entry)
            with archive.open("log-data/ledger.json", "w", force_zip64=True) as entry:
                reading.write_ledger(log, entry)
            archive.writestr("log-data/erasures.json", _json(reading.erasures(log)))
            _add_files(workplace, archive, progress)
            trouble = _add_server(workplace, archive, target.parent, progress)
        size = part.stat().st_size
    return Collected(path=str(target), size=size, server=trouble)


class _Progress:
    """Tells how far it is, for as long as it takes."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace

    def tell(self, now: Collecting) -> None:
        self._workplace.collecting = now
        self._workplace.changed("progress")

    def end(self) -> None:
        self._workplace.collecting = None
        self._workplace.changed()


class _Counted:
    """What comes from the server, on its way to the file that keeps it."""

    def __init__(self, file: IO[bytes], progress: _Progress, so_far: Collecting) -> None:
        self._file, self._progress, self._so_far, self._size = file, progress, so_far, 0

    def write(self, data: bytes) -> None:
        self._file.write(data)
        self._size += len(data)
        self._progress.tell(replace(self._so_far, server_bytes=self._size))


def _add_files(workplace: Workplace, archive: zipfile.ZipFile, progress: _Progress) -> None:
    files = [(path, path.stat().st_size) for path in _files(workplace)]
    so_far = Collecting(of_files=len(files), of_bytes=sum(size for _, size in files))
    for path, size in files:
        before = so_far.bytes
        with path.open("rb") as source, archive.open(_entry(path), "w") as entry:
            while piece := source.read(_PIECE):
                entry.write(piece)
                so_far = replace(so_far, bytes=so_far.bytes + len(piece))
                progress.tell(so_far)
        so_far = replace(so_far, files=so_far.files + 1, bytes=before + size)
    progress.tell(replace(so_far, server_bytes=0))


def _entry(path: Path) -> zipfile.ZipInfo:
    """Stored as it is: photos and videos are compressed already."""
    return zipfile.ZipInfo.from_file(path, f"files/{path.name}", strict_timestamps=False)


def _add_server(workplace: Workplace, archive: zipfile.ZipFile, folder: Path, progress: _Progress) -> str:
    """Why the server's part is not in it; empty if it is."""
    with tempfile.TemporaryFile(dir=folder) as fetched:
        try:
            reply = workplace.ask(
                EgressRow.SYNC,
                _PATH,
                headers={"Accept": "application/zip"},
                deadline=SERVER_SECONDS,
                into=_Counted(fetched, progress, workplace.collecting or Collecting()),
                max_reply=MOST_SERVER_BYTES,
            )
        except LinkTrouble as error:
            return error.sentence
        except RoundCancelledError:
            return _NOT_GIVEN
        if reply.status != 200:
            return _NONE_YET if reply.status == 404 else _NOT_GIVEN
        if not zipfile.is_zipfile(fetched):
            return _NO_ZIP
        fetched.seek(0)
        with archive.open(zipfile.ZipInfo("server.zip"), "w", force_zip64=True) as entry:
            shutil.copyfileobj(fetched, entry)
    return ""


def _files(workplace: Workplace) -> Iterator[Path]:
    for folder in (workplace.spool.folder, workplace.originals.folder):
        if folder.is_dir():
            yield from sorted(one for one in folder.iterdir() if one.is_file() and not one.name.startswith("."))


def _write_tables(database: Path, target: IO[bytes]) -> None:
    """Every row of every table, one at a time, in one snapshot of the file."""
    with closing(open_reader(database)) as connection:
        connection.execute("BEGIN")
        target.write(b"{")
        for number, table in enumerate(_tables(connection)):
            target.write((b"," if number else b"") + b"\n" + _json(table) + b": [")
            rows = connection.execute(f'SELECT * FROM "{table}"')  # noqa: S608 # a name of the schema
            for index, row in enumerate(rows):
                values = {name: _plain(row[name]) for name in row.keys()}  # noqa: SIM118 # a Row is no mapping
                target.write((b"," if index else b"") + b"\n " + _json(values))
            target.write(b"]")
        target.write(b"\n}\n")


def _tables(connection: sqlite3.Connection) -> list[str]:
    """Those that hold what came or was written; not what the search makes of it."""
    found = connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall()
    made = [row["name"] for row in found if str(row["sql"]).upper().startswith("CREATE VIRTUAL")]
    return [
        row["name"]
        for row in found
        if not row["name"].startswith(("sqlite_", "_sqlite"))
        and not any(row["name"] == one or row["name"].startswith(f"{one}_") for one in made)
    ]


def _plain(value: object) -> object:
    """A value of the database as JSON: bytes that are JSON stay so, others are told in base64."""
    if not isinstance(value, bytes):
        return value
    try:
        msgspec.json.decode(value)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {"base64": base64.b64encode(value).decode()}
    return msgspec.Raw(value)


def _json(value: object) -> bytes:
    return msgspec.json.encode(value, enc_hook=plain)
