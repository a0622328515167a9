"""A ZIP that is written and sent at once: what was written is taken out piece by piece and nothing is sought back."""

import io


class Pieces(io.RawIOBase):
    """Where a ZipFile writes to; `take` empties it. The ZIP has its sizes behind each entry, as streams do."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, content: object) -> int:
        """Hold these bytes until they are taken."""
        piece = memoryview(content)  # type: ignore[arg-type]
        self._held += piece
        return piece.nbytes

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = bytes(self._held)
        self._held.clear()
        return taken
