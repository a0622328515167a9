"""Media objects behind one address: a folder by default, or s3://, gs://, az://; memory:/// for tests."""

import os
from collections.abc import Iterator
from pathlib import Path

import obstore
from obstore.store import LocalStore, MemoryStore, ObjectStore, from_url

_CHUNK = 1024 * 1024


class Objects:
    """Immutable objects by key. Thread-safe; any replica that gives the same address sees the same objects."""

    def __init__(self, url: str) -> None:
        """`url` is an address of an object store, or the path of a folder, which is made if absent."""
        self._folder: Path | None = None
        self._store: ObjectStore
        if url == "memory:///":
            self._store = MemoryStore()
        elif "://" in url and not url.startswith("file://"):
            self._store = from_url(url, client_options={"connect_timeout": "10s", "timeout": "120s"})
        else:
            self._folder = Path(url.removeprefix("file://")).absolute()
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._store = LocalStore(self._folder)

    def put(self, key: str, content: bytes) -> None:
        """Keep `content` durably: when this returns, it survives a power cut."""
        obstore.put(self._store, key, content, use_multipart=False)
        if self._folder is not None:
            _flush(self._folder, self._folder / key)

    def stream(self, key: str, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` up to, not including, `end`, in pieces of about 1 MiB. Raises FileNotFoundError."""
        if end > start:
            answer = obstore.get(self._store, key, options={"range": (start, end)})
            for piece in answer.stream(min_chunk_size=_CHUNK):
                yield bytes(piece)

    def delete(self, key: str) -> None:
        """Remove an object; one that is not there is no error."""
        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return


def _flush(folder: Path, path: Path) -> None:
    """The local store renames a finished file into place but leaves it to the system when the disk gets it."""
    with path.open("rb") as written:
        os.fsync(written.fileno())
    parent = path.parent
    while True:
        descriptor = os.open(parent, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        if parent == folder:
            return
        parent = parent.parent
