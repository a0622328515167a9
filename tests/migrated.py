"""A migrated SQLite database without migrating again and again: made once a run, copied for each test."""

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from server.storage.database import Database


def migrated_file(target: Path) -> str:
    """The address, for SQLAlchemy, of a new database at `target`: migrated, and empty otherwise."""
    shutil.copyfile(_made_before(), target)
    return f"sqlite:///{target}"


@functools.cache
def _made_before() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="miratag-migrated-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    database = Database(f"sqlite:///{folder / 'server.db'}")
    database.migrate()
    database.close()
    assert {path.name for path in folder.iterdir()} == {"server.db"}, "something is not in the file that is copied"
    return folder / "server.db"
