"""Reading and writing pictures on a thread of its own, so that a large photo never holds up the window."""

import queue
import threading
from collections.abc import Callable

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader, QImageWriter
from shiboken6 import isValid

_MEGABYTES_DECODED = 256
_MOST_PIXELS = 89_000_000


class ImageWork(QObject):
    """One daemon thread that decodes and encodes; results come as callbacks on the main thread.

    A picture that cannot be read gives a null QImage: the file may be of any kind and come from anyone.
    """

    _finished = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs: queue.SimpleQueue[tuple[QObject, Callable[[], object], Callable[..., None]] | None] = (
            queue.SimpleQueue()
        )
        self._thread: threading.Thread | None = None
        self._finished.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def decode(self, path: str, bound: QSize, owner: QObject, done: Callable[[QImage], None]) -> None:
        """Read the picture at `path`, upright, no larger than `bound` in pixels."""
        self._put(owner, lambda: read_scaled(path, bound), done)

    def encode(self, image: QImage, owner: QObject, done: Callable[[bytes], None]) -> None:
        """`image` as a PNG file's bytes; empty bytes when it cannot be written."""
        self._put(owner, lambda: png_bytes(image), done)

    def run(self, job: Callable[[], str], owner: QObject, done: Callable[[str], None]) -> None:
        """Any other work with pictures."""
        self._put(owner, job, done)

    def close(self) -> None:
        """End the thread; what was not begun is dropped."""
        if self._thread is not None:
            self._jobs.put(None)
            self._thread.join(2)
            self._thread = None

    def _put(self, owner: QObject, job: Callable[[], object], done: Callable[..., None]) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._serve, name="pictures", daemon=True)
            self._thread.start()
        self._jobs.put((owner, job, done))

    def _serve(self) -> None:
        while (entry := self._jobs.get()) is not None:
            owner, job, done = entry
            result = job()
            if not isValid(self):
                return
            self._finished.emit((owner, done, result))

    @Slot(object)
    def _deliver(self, entry: tuple[QObject, Callable[..., None], object]) -> None:
        owner, done, result = entry
        if isValid(owner):
            done(result)


def read_scaled(path: str, bound: QSize) -> QImage:
    """The picture at `path` scaled down while it is read, turned upright; null when it is none."""
    reader = QImageReader(path)
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    reader.setAllocationLimit(_MEGABYTES_DECODED)
    whole = reader.size()
    if whole.width() * whole.height() > _MOST_PIXELS:
        return QImage()
    if whole.isValid():
        sideways = reader.transformation() & QImageIOHandler.Transformation.TransformationRotate90
        turned = bound.transposed() if sideways else bound
        if whole.width() > turned.width() or whole.height() > turned.height():
            reader.setScaledSize(whole.scaled(turned, Qt.AspectRatioMode.KeepAspectRatio))
    return reader.read()


def png_bytes(image: QImage) -> bytes:
    """`image` as a PNG file."""
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    written = QImageWriter(buffer, QByteArray(b"png")).write(image)
    buffer.close()
    return bytes(data.data()) if written else b""
