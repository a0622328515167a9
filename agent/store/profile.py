"""Where one profile keeps its files."""

import contextlib
import os
import shutil
from collections.abc import Collection
from pathlib import Path

from agent.errors import AgentError
from rules.sentence import Sentence


class Profile:
    """The folder of one profile and the files in it. Nothing is made until `prepare`."""

    def __init__(self, path: Path | str | None = None) -> None:
        """`path` None is the user's own profile, where the operating system keeps an app's data."""
        self.path = Path(path).absolute() if path is not None else _default()

    @property
    def state(self) -> Path:
        """Accounts, who is signed in, and what the egress table counted."""
        return self.path / "state.db"

    @property
    def lock(self) -> Path:
        """Held by the one agent of this profile."""
        return self.path / "agent.lock"

    def account(self, account: str) -> Path:
        """The folder of one account; its name tells nobody whose it is."""
        import hashlib  # not needed for the lock, which the icon waits for

        return self.path / "accounts" / hashlib.sha256(account.encode()).hexdigest()[:32]

    def work(self, account: str) -> Path:
        """Reports, attendance and what waits to go."""
        return self.account(account) / "work.db"

    def spool(self, account: str) -> Path:
        """Media waiting to go."""
        return self.account(account) / "spool"

    def telemetry(self, account: str) -> Path:
        """Log records, their ledger and consent."""
        return self.account(account) / "telemetry.db"

    def prepare(self) -> None:
        """Make the folder, for this user alone. Raises AgentError cannot_store."""
        private_folder(self.path)


def private_folder(path: Path) -> None:
    """Make `path` and what is missing above it, readable by this user alone. Raises AgentError cannot_store."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.chmod(0o700)
    except OSError as error:
        raise AgentError(
            "cannot_store",
            Sentence("The folder %(path)s cannot be used: %(why)s. Choose another.", path=path, why=error.strerror),
        ) from error


def delete_all_but(folder: Path, kept: Collection[Path]) -> None:
    """Delete what is in `folder`, and itself where nothing of it is kept; a file's companions (-wal, -shm) stay with
    it. Raises AgentError cannot_store."""
    names = tuple(path.name for path in kept)
    try:
        for path in list(folder.iterdir()) if folder.is_dir() else ():
            if path.is_dir():
                shutil.rmtree(path)
            elif not names or not path.name.startswith(names):
                path.unlink()
        if not names and folder.is_dir():
            folder.rmdir()
    except OSError as error:
        raise AgentError(
            "cannot_store",
            Sentence(
                "Not all of %(folder)s could be deleted: %(why)s. Close what uses it and try again.",
                folder=folder,
                why=error.strerror,
            ),
        ) from error


def sync_folder(path: Path) -> None:
    """Make a rename or a new name in `path` durable; where folders cannot be synced this does nothing."""
    with contextlib.suppress(PermissionError, IsADirectoryError):  # Windows opens no folders; NTFS journals names
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _default() -> Path:
    import platformdirs

    return Path(platformdirs.user_data_dir("miratag", appauthor=False))
