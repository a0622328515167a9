"""Opening SQLite files: settings, migrations with a copy, and what to do with one that is damaged, busy or newer."""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from agent.api import AgentError
from agent.store.profile import private_folder
from rules.sentence import Sentence

if TYPE_CHECKING:
    from sqlite_utils import Migrations

BUSY_SECONDS = 5.0
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}


class DatabaseKind(msgspec.Struct, frozen=True):
    """How a file is kept. `migrations` gives named sets, called late: sqlite_utils loads on the opening thread.

    `synchronous` FULL: a commit survives loss of power. `secure_delete`: deleted content is overwritten.
    """

    migrations: "Callable[[], tuple[Migrations, ...]]"
    synchronous: Literal["FULL", "NORMAL"] = "FULL"
    secure_delete: bool = False


class Opened(msgspec.Struct, frozen=True):
    """A database ready for the thread that writes. `set_aside` is where a damaged predecessor was kept."""

    path: Path
    connection: sqlite3.Connection
    set_aside: Path | None = None


class NewerSchemaError(AgentError):
    """A newer version of the app wrote this file."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            "cannot_store",
            Sentence(
                "A newer version of this app was used here and changed how work is kept (%(name)s). Nothing "
                "was touched. Install the newer version again.",
                name=path.name,
            ),
        )


def open_database(path: Path, kind: DatabaseKind) -> Opened:
    """Open, or make, and migrate. A damaged file is renamed and kept, and a fresh one begun.

    Raises AgentError cannot_store: busy for BUSY_SECONDS, no space, no permission; NewerSchemaError.
    """
    private_folder(path.parent)
    try:
        return Opened(path, _connect_and_migrate(path, kind))
    except sqlite3.DatabaseError as error:
        if not is_damage(error):
            raise cannot_store(error, path) from error
    aside = _set_aside(path)
    try:
        return Opened(path, _connect_and_migrate(path, kind), aside)
    except sqlite3.DatabaseError as error:
        raise cannot_store(error, path) from error


def open_reader(path: Path) -> sqlite3.Connection:
    """A connection that cannot write, for the one thread that uses it. Raises AgentError cannot_store."""
    try:
        connection = sqlite3.connect(
            f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=BUSY_SECONDS, check_same_thread=False
        )
        connection.execute("PRAGMA query_only=ON")
    except sqlite3.DatabaseError as error:
        raise cannot_store(error, path) from error
    connection.row_factory = sqlite3.Row
    return connection


_BUSY = Sentence(
    "%(name)s in %(folder)s cannot be written: another program holds it. Close that program and try again."
)
_FULL = Sentence("%(name)s in %(folder)s cannot be written: the disk is full. Free some space and try again.")
_NOT_ALLOWED = Sentence(
    "%(name)s in %(folder)s cannot be written: this computer does not let the app write there. Check the folder's "
    "permissions."
)
_FAILED = Sentence(
    "%(name)s in %(folder)s cannot be written: the disk failed or is full. Check the disk and try again."
)
_BROKEN = Sentence(
    "%(name)s in %(folder)s cannot be written: the file is damaged. Restart the app: it keeps the damaged file and "
    "begins a new one."
)


def is_damage(error: sqlite3.Error) -> bool:
    """Whether the file is damaged. A lock, a full disk or a failed read is not damage."""
    code = getattr(error, "sqlite_errorcode", None)
    return code is not None and code & 0xFF in _DAMAGED


def cannot_store(error: sqlite3.Error, path: Path) -> AgentError:
    """The same, as the sentence for a person."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    place = {"name": path.name, "folder": path.parent}
    if code in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
        why = _BUSY.filled(**place)
    elif code == sqlite3.SQLITE_FULL:
        why = _FULL.filled(**place)
    elif code in {sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM}:
        why = _NOT_ALLOWED.filled(**place)
    elif code == sqlite3.SQLITE_IOERR:
        why = _FAILED.filled(**place)
    elif code in _DAMAGED:
        why = _BROKEN.filled(**place)
    else:
        why = Sentence("%(name)s in %(folder)s cannot be written: %(error)s. Try again.", **place, error=error)
    return AgentError("cannot_store", why)


def _connect_and_migrate(path: Path, kind: DatabaseKind) -> sqlite3.Connection:
    path.touch(mode=0o600)
    path.chmod(0o600)
    connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(f"PRAGMA synchronous={kind.synchronous}")
        connection.execute("PRAGMA foreign_keys=ON")
        if kind.secure_delete:
            connection.execute("PRAGMA secure_delete=ON")
        _migrate(path, connection, kind.migrations())
        connection.row_factory = sqlite3.Row
    except BaseException:  # nobody else will close it
        connection.close()
        raise
    return connection


def _migrate(path: Path, connection: sqlite3.Connection, sets: "tuple[Migrations, ...]") -> None:
    from sqlite_utils import Database

    database = Database(connection, execute_plugins=False, recursive_triggers=False)
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        nothing = Database(empty, execute_plugins=False)
        for migrations in sets:
            known = {one.name for one in migrations.pending(nothing)}
            if {one.name for one in migrations.applied(database)} - known:
                raise NewerSchemaError(path)
    copy = path.with_suffix(".before-migration")
    if not any(migrations.pending(database) for migrations in sets):
        copy.unlink(missing_ok=True)
        return
    if any(migrations.applied(database) for migrations in sets):
        _copy(connection, copy)
    for migrations in sets:
        migrations.apply(database)


def _copy(connection: sqlite3.Connection, target: Path) -> None:
    target.unlink(missing_ok=True)
    target.touch(mode=0o600)
    with contextlib.closing(sqlite3.connect(target)) as copy:
        connection.backup(copy)


def _set_aside(path: Path) -> Path:
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
    aside = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    try:
        for suffix in ("-wal", "-shm"):
            companion = path.with_name(path.name + suffix)
            if companion.exists():
                shutil.move(companion, aside.with_name(aside.name + suffix))
        path.rename(aside)
    except OSError as error:
        raise AgentError(
            "cannot_store",
            Sentence(
                "%(name)s in %(folder)s is damaged and cannot be renamed: %(why)s.",
                name=path.name,
                folder=path.parent,
                why=error.strerror,
            ),
        ) from error
    return aside
