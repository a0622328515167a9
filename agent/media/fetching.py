"""Originals that have gone from this computer, fetched again from the server, and copies for other programs to open."""

import contextlib
import hashlib
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from agent.api import AgentError
from agent.media.tus import Upload
from agent.outbox.outcomes import read_problem, sentence
from agent.store.profile import private_folder
from agent.transport import Reply
from rules.sentence import Sentence

PIECE = 4 * 1024 * 1024
PIECE_SECONDS = 120.0
MOST_BYTES = 1024**3
"""What all of them together may take, the latest excepted."""

_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18})")


class AskRange(Protocol):
    """One request for a part of the file; `first` and `last` are positions of bytes."""

    def __call__(self, first: int, last: int) -> Reply:
        """The reply."""


class Originals:
    """One account's folder of them. Nothing depends on it; the oldest go when there is no room."""

    def __init__(self, folder: Path, most_bytes: int = MOST_BYTES) -> None:
        self.folder = folder
        self._most_bytes = most_bytes

    def find(self, file_name: str) -> Path | None:
        """Where it is, if it is."""
        path = self.folder / file_name
        return path if path.exists() else None

    def fetch(self, file_name: str, wanted: Upload, ask: AskRange) -> Path:
        """Fetch it piece by piece, from where an earlier attempt got to. Raises AgentError, and what `ask` raises."""
        with _storing(wanted.name):
            self._make_room(wanted.size)
            part = self.folder / f".part-{file_name}"
            held = part.stat().st_size if part.exists() else 0
            with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_APPEND, 0o600), "ab") as target:
                while held < wanted.size:
                    piece = _piece(ask(held, min(held + PIECE, wanted.size) - 1), held, wanted)
                    target.write(piece)
                    held += len(piece)
            with part.open("rb") as file:
                right = hashlib.file_digest(file, "sha256").hexdigest() == wanted.sha256
            if not right:
                part.unlink()
                raise AgentError(
                    "refused",
                    Sentence(
                        "What came is not “%(name)s” as it was sent, and was deleted. Fetch it again; if that "
                        "happens twice, tell your organization.",
                        name=wanted.name,
                    ),
                )
            return self._keep(part, file_name)

    def copy(self, source: Path, file_name: str, name: str) -> Path:
        """A copy of a file that waits to be sent: another program may change what it opens. Raises AgentError."""
        found = self.find(file_name)
        if found is not None:
            return found
        with _storing(name):
            self._make_room(source.stat().st_size)
            part = self.folder / f".part-{file_name}"
            shutil.copyfile(source, part)
            return self._keep(part, file_name)

    def forget_before(self, time: float) -> None:
        """Delete those that were fetched before that time, in seconds since 1970."""
        for path in self._all():
            if path.stat().st_mtime < time:
                path.unlink(missing_ok=True)

    def _keep(self, part: Path, file_name: str) -> Path:
        part.chmod(0o400)  # what another program saves is not the file that was sent
        return part.rename(self.folder / file_name)

    def _make_room(self, size: int) -> None:
        private_folder(self.folder)
        found = sorted(self._all(), key=lambda path: path.stat().st_mtime)
        taken = sum(path.stat().st_size for path in found)
        while found and taken + size > self._most_bytes:
            oldest = found.pop(0)
            taken -= oldest.stat().st_size
            oldest.unlink(missing_ok=True)

    def _all(self) -> list[Path]:
        return list(self.folder.iterdir()) if self.folder.is_dir() else []


def _piece(reply: Reply, first: int, wanted: Upload) -> bytes:
    """What the reply brings. Raises AgentError when it is not what was asked for."""
    if reply.status == 200 and first == 0 and len(reply.body) == wanted.size:
        return reply.body
    found = _RANGE.fullmatch(reply.headers.get("content-range", ""))
    if reply.status == 206 and found is not None and reply.body:
        start, end, whole = (int(number) for number in found.groups())
        if (start, end + 1, whole) == (first, first + len(reply.body), wanted.size):
            return reply.body
    if reply.status == 404:
        raise AgentError(
            "not_found", Sentence("Your organization does not have “%(name)s” for you any more.", name=wanted.name)
        )
    otherwise = Sentence(
        "The server did not give “%(name)s” (it answered %(status)s). Try again later.",
        name=wanted.name,
        status=reply.status,
    )
    raise AgentError(
        "unavailable", sentence(read_problem(reply.headers.get("content-type", ""), reply.body), otherwise)
    )


@contextlib.contextmanager
def _storing(name: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise AgentError(
            "cannot_store",
            Sentence(
                "“%(name)s” could not be saved here: %(why)s. Free some space and try again.",
                name=name,
                why=error.strerror,
            ),
        ) from error
