"""Small pictures of attached files, which stay when the files themselves have gone."""

import contextlib
import logging
from collections.abc import Collection
from pathlib import Path

from agent.media.pictures import thumbnail
from agent.store.media import stem
from agent.store.profile import private_folder
from rules.media.kinds import SNIFF_BYTES, sniff

_log = logging.getLogger(__name__)


class Thumbnails:
    """One account's folder of them. They are made again from nothing else, and nothing depends on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, media_id: str, source: Path) -> bool:
        """Of the picture at `source`; whether one could be made and kept. That none could is no failure of anything."""
        try:
            with source.open("rb") as file:
                kind = sniff(file.read(SNIFF_BYTES))
            made = thumbnail(source, kind)
            if made is None:
                return False
            private_folder(self.folder)
            part = self.folder / f".part-{stem(media_id)}"
            part.write_bytes(made)
            part.chmod(0o600)
            part.rename(self._path(media_id))
        except OSError as error:
            _log.info("no thumbnail could be kept: %s", error.strerror)
            return False
        return True

    def keep(self, media_id: str, picture: bytes) -> bool:
        """Of a picture that was fetched; whether one could be made of it and kept."""
        fetched = self.folder / f".fetched-{stem(media_id)}"
        try:
            private_folder(self.folder)
            fetched.write_bytes(picture)
            return self.make(media_id, fetched)
        except OSError as error:
            _log.info("no fetched picture could be kept: %s", error.strerror)
            return False
        finally:
            fetched.unlink(missing_ok=True)

    def find(self, media_id: str) -> Path | None:
        """Where it is, if it is."""
        path = self._path(media_id)
        return path if path.exists() else None

    def forget(self, media_id: str) -> None:
        """Delete it, if it is there."""
        with contextlib.suppress(FileNotFoundError):
            self._path(media_id).unlink()

    def forget_before(self, media_ids: Collection[str], time: float) -> None:
        """Delete those of these that were made before that time, in seconds since 1970."""
        for media_id in media_ids:
            path = self.find(media_id)
            if path is not None and path.stat().st_mtime < time:
                path.unlink(missing_ok=True)

    def forget_all_but(self, media_ids: Collection[str]) -> None:
        """Delete those that belong to nothing any more."""
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name.startswith(".") or path.stem not in media_ids:
                    path.unlink(missing_ok=True)

    def _path(self, media_id: str) -> Path:
        return self.folder / f"{stem(media_id)}.jpg"
