"""Small pictures of attached files, which stay when the files themselves have gone."""

import contextlib
import logging
from collections.abc import Collection
from pathlib import Path

from agent.media.pictures import thumbnail
from agent.store.profile import private_folder
from rules.media.kinds import SNIFF_BYTES, sniff

_log = logging.getLogger(__name__)


class Thumbnails:
    """One account's folder of them. They are made again from nothing else, and nothing depends on them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def make(self, media_id: str, source: Path) -> None:
        """Of the picture at `source`. That none could be made or kept is no failure of anything."""
        try:
            with source.open("rb") as file:
                kind = sniff(file.read(SNIFF_BYTES))
            made = thumbnail(source, kind)
            if made is None:
                return
            private_folder(self.folder)
            part = self.folder / f".part-{media_id}"
            part.write_bytes(made)
            part.chmod(0o600)
            part.rename(self._path(media_id))
        except OSError as error:
            _log.info("no thumbnail could be kept: %s", error.strerror)

    def find(self, media_id: str) -> Path | None:
        """Where it is, if it is."""
        path = self._path(media_id)
        return path if path.exists() else None

    def forget(self, media_id: str) -> None:
        """Delete it, if it is there."""
        with contextlib.suppress(FileNotFoundError):
            self._path(media_id).unlink()

    def forget_all_but(self, media_ids: Collection[str]) -> None:
        """Delete those that belong to nothing any more."""
        if self.folder.is_dir():
            for path in self.folder.iterdir():
                if path.name.startswith(".") or path.stem not in media_ids:
                    path.unlink(missing_ok=True)

    def _path(self, media_id: str) -> Path:
        return self.folder / f"{media_id}.jpg"
