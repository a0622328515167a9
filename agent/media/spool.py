"""The spool: copies of attached files, stripped, hashed and on disk before anything says "Saved"."""

import contextlib
import errno
import hashlib
import io
import os
import shutil
import stat
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import BinaryIO

from agent.api import AgentError
from agent.media.pictures import smaller
from agent.store.media import SpooledFile
from agent.store.profile import private_folder, sync_folder
from rules.media.kinds import SNIFF_BYTES, MediaKind, expected, sniff
from rules.media.names import safe_name, safe_shown
from rules.media.stripping import CannotCleanError, DamagedError, Source, Target, copy, strip
from rules.sentence import Sentence

_PART = ".part-"
_READ = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


class Spool:
    """One account's folder of files waiting to go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def take_file(
        self, path: Path, *, media_id: str, name: str, limit: int, keep: bool = False, edge: int = 0
    ) -> SpooledFile:
        """Copy the file at `path`; `limit` is bytes. With `keep` it may tell what it tells.

        A photo is made smaller, to at most `edge` pixels; 0 leaves it.

        Raises AgentError: refused with the reason, or cannot_store.
        """
        shown = safe_shown(name or path.name)
        with _open_checked(path, shown) as source:
            before = os.fstat(source.fileno())
            if before.st_size == 0:
                raise _refused(Sentence("“%(name)s” is empty. Attach a file with something in it.", name=shown))
            _check_limit(before.st_size, limit, shown)
            spooled = self._take(source, media_id=media_id, name=name or path.name, limit=limit, keep=keep, edge=edge)
            after = os.fstat(source.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            self.forget(spooled.file_name)
            raise _refused(
                Sentence(
                    "“%(name)s” was changed while it was copied. Wait until it is written, then attach it again.",
                    name=shown,
                )
            )
        return spooled

    def take_bytes(
        self, data: bytes, *, media_id: str, name: str, limit: int, keep: bool = False, edge: int = 0
    ) -> SpooledFile:
        """Keep `data`, as from a paste. Raises AgentError: refused with the reason, or cannot_store."""
        if not data:
            raise _refused("There is nothing in what was pasted. Copy it again.")
        _check_limit(len(data), limit, safe_shown(name))
        return self._take(io.BytesIO(data), media_id=media_id, name=name, limit=limit, keep=keep, edge=edge)

    def duplicate(self, file_name: str, *, media_id: str, shown: str) -> str:
        """A second copy of a file that is here, as another medium; its name. Raises AgentError cannot_store."""
        source = self.path(file_name)
        target = self.folder / f"{media_id}{source.suffix}"
        with _storing(shown):
            try:
                target.hardlink_to(source)  # what is in the spool is never changed, so one content may have two names
            except OSError:
                part = self.folder / f"{_PART}{media_id}"
                with source.open("rb") as reading, _new_private(part) as writing:
                    shutil.copyfileobj(reading, writing)
                    writing.flush()
                    os.fsync(writing.fileno())
                part.rename(target)
            sync_folder(self.folder)
        return target.name

    def path(self, file_name: str) -> Path:
        """Where a spooled file is."""
        return self.folder / file_name

    def forget(self, file_name: str) -> None:
        """Delete one; nothing happens if it is gone."""
        with contextlib.suppress(FileNotFoundError):
            self.path(file_name).unlink()

    def forget_all_but(self, named: Collection[str]) -> None:
        """Delete copies that were begun and never finished, and those that nothing names any more."""
        if not self.folder.is_dir():
            return
        for path in self.folder.iterdir():
            if path.name not in named:
                self.forget(path.name)

    def _take(self, source: BinaryIO, *, media_id: str, name: str, limit: int, keep: bool, edge: int) -> SpooledFile:
        shown = safe_shown(name)
        try:
            kind = sniff(source.read(SNIFF_BYTES))
        except OSError as error:
            raise _refused(
                Sentence(
                    "“%(name)s” cannot be read (%(why)s). Copy it elsewhere and attach that.",
                    name=shown,
                    why=error.strerror,
                )
            ) from error
        _check_kind(name, shown, kind)
        private_folder(self.folder)
        original_size = 0
        made_smaller = smaller(source, kind, edge, keep_details=keep) if edge else None
        if made_smaller is not None:
            original_size = source.seek(0, io.SEEK_END)
            kind, source, name = made_smaller.kind, io.BytesIO(made_smaller.data), Path(shown).stem
        file_name = f"{media_id}.{kind.endings[0]}"
        part = self.folder / f"{_PART}{media_id}"
        try:
            with _storing(shown), _new_private(part) as target:
                made = _Copy(target, limit, shown)
                stripped = _copy(kind, _Source(source, shown), made, keep=keep)
                target.flush()
                os.fsync(target.fileno())
            with _storing(shown):
                part.rename(self.folder / file_name)
                sync_folder(self.folder)
        except (DamagedError, CannotCleanError) as error:
            part.unlink(missing_ok=True)
            raise _refused(_not_cleaned(shown, kind, error)) from None
        except BaseException:  # a half copy helps nobody
            part.unlink(missing_ok=True)
            raise
        return SpooledFile(
            media_id=media_id,
            file_name=file_name,
            name=safe_name(name, kind),
            content_type=kind.content_type,
            size=made.size,
            sha256=made.sha256.hexdigest(),
            stripped=stripped,
            keeps_details=keep,
            original_size=original_size,
        )


class _Copy:
    """Writes, hashes, counts and stops at the limit."""

    def __init__(self, target: BinaryIO, limit: int, shown: str) -> None:
        self._target = target
        self._limit = limit
        self._shown = shown
        self.sha256 = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes, /) -> int:
        self.size += len(data)
        _check_limit(self.size, self._limit, self._shown)
        self.sha256.update(data)
        return self._target.write(data)


class _Source:
    """The file being read; its errors are told from those of the spool."""

    def __init__(self, source: BinaryIO, shown: str) -> None:
        self._source = source
        self._shown = shown

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._source.read(size)
        except OSError as error:
            raise _refused(
                Sentence(
                    "“%(name)s” could not be read to its end (%(why)s). Check where it is, attach it again.",
                    name=self._shown,
                    why=error.strerror,
                )
            ) from error

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return self._source.seek(offset, whence)


def _copy(kind: MediaKind, source: Source, target: Target, *, keep: bool) -> bool:
    if keep:
        copy(source, target)
        return False
    return strip(kind, source, target)


def _not_cleaned(shown: str, kind: MediaKind, error: DamagedError | CannotCleanError) -> str:
    """The person decides: another copy of it, or this one with all that is in it."""
    if isinstance(error, DamagedError):
        return Sentence(
            "“%(name)s” begins like %(kind)s but is damaged or cut off. Open it, save it anew and attach that, or "
            "choose to keep place, device and file name: then it is sent as it is.",
            name=shown,
            kind=kind.words,
        )
    return Sentence(
        "“%(name)s” holds something besides pictures and sound that cannot be taken out here. Save it anew and attach "
        "that, or choose to keep place, device and file name: then it is sent as it is.",
        name=shown,
    )


def _check_limit(size: int, limit: int, shown: str) -> None:
    if size > limit:
        raise _refused(
            Sentence(
                "“%(name)s” is too large: your organization takes files up to %(limit)s. Shorten or shrink it.",
                name=shown,
                limit=_human(limit),
            )
        )


def _check_kind(name: str, shown: str, kind: MediaKind) -> None:
    named = expected(name)
    if named and kind not in named:
        raise _refused(
            Sentence(
                "“%(name)s” is named like %(other)s but is %(kind)s. Check the file, or give it its right name.",
                name=shown,
                other=named[0].words,
                kind=kind.words,
            )
        )


def _open_checked(path: Path, shown: str) -> BinaryIO:
    try:
        _check_plain(path.stat(), shown)
        # Something else may have taken its place since: a pipe must neither hold the opening up nor be read.
        source = os.fdopen(os.open(path, _READ), "rb")
        try:
            _check_plain(os.fstat(source.fileno()), shown)
        except AgentError:
            source.close()
            raise
        return source
    except FileNotFoundError:
        raise _refused(
            Sentence("“%(name)s” is not there any more. Check where it is and attach it again.", name=shown)
        ) from None
    except PermissionError:
        raise _refused(
            Sentence("“%(name)s” may not be read by you. Ask its owner, or attach a copy.", name=shown)
        ) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _refused(
            Sentence("“%(name)s” cannot be opened: %(error)s. Attach a copy from elsewhere.", name=shown, error=error)
        ) from None


def _check_plain(found: os.stat_result, shown: str) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise _refused(Sentence("“%(name)s” is a folder. Attach the files in it, one by one.", name=shown))
    if not stat.S_ISREG(found.st_mode):
        raise _refused(Sentence("“%(name)s” is not a file that can be copied.", name=shown))


_DISK_FULL = Sentence("“%(name)s” could not be saved here: the disk is full. Free some space and attach it again.")
_DISK_FAILED = Sentence("“%(name)s” could not be saved here: %(why)s. Check the disk and attach it again.")


@contextlib.contextmanager
def _storing(shown: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
        failed = _DISK_FULL if full else _DISK_FAILED
        why = failed.filled(name=shown, why=error.strerror)
        raise AgentError("cannot_store", why) from error


def _new_private(path: Path) -> BinaryIO:
    return os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | getattr(os, "O_BINARY", 0), 0o600), "wb")


def _refused(sentence: str) -> AgentError:
    return AgentError("refused", sentence)


def _human(size: int) -> str:
    for unit in ("bytes", "KiB", "MiB"):
        if size < 1024:
            return f"{size:g} {unit}"
        size = size // 1024 if size % 1024 == 0 else round(size / 1024)
    return f"{size:g} GiB"
