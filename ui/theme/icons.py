"""Icons: one SVG a shape, tinted and rendered at the exact size in device pixels, so they are crisp at any scale."""

from functools import lru_cache
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

_FOLDER = Path(__file__).parent / "icons"

TrayShape = Literal["out", "in", "break", "sending", "needs_you", "offline"]

# A panel may be light or dark and does not say which. These mid tones have 3:1 on white and on #2b2b2b alike, and white
# marks on them 4.5:1; the shape, not the colour, tells the state.
TRAY_COLOURS: dict[TrayShape, str] = {
    "out": "#767676",
    "in": "#1f8455",
    "break": "#9a6b00",
    "sending": "#2a78c8",
    "needs_you": "#d4472c",
    "offline": "#767676",
}


# Arrows that lead in or back, which go the other way where lines run from right to left. Clocks, ticks and pens stay.
_SIDED = frozenset({"check_in", "check_out", "returned"})


@lru_cache(maxsize=64)
def _source(name: str) -> str:
    return (_FOLDER / f"{name}.svg").read_text(encoding="utf-8")


@lru_cache(maxsize=512)
def _rendered(name: str, rgb: str, size: int, ratio: float, *, turned: bool) -> QPixmap:
    pixels = round(size * ratio)
    renderer = QSvgRenderer(QByteArray(_source(name).replace("currentColor", rgb).encode()))
    pixmap = QPixmap(pixels, pixels)
    pixmap.fill(QColor(0, 0, 0, 0))  # to import `Qt` makes its hundred enums: a tenth of the time to the icon
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    if turned:
        painter.translate(pixels, 0)
        painter.scale(-1, 1)
    renderer.render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def pixmap(name: str, colour: QColor, size: int, ratio: float) -> QPixmap:
    """One shape, `size` device-independent pixels square, for a screen of device pixel ratio `ratio`."""
    turned = name in _SIDED and QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
    return _rendered(name, colour.name(), size, ratio, turned=turned)


def icon(name: str, colour: QColor) -> QIcon:
    """One shape for a button or an entry of a menu."""
    made = QIcon()
    for size in (16, 20, 24):
        for ratio in (1.0, 2.0, 3.0):
            made.addPixmap(pixmap(name, colour, size, ratio))
    return made


@lru_cache(maxsize=8)
def tray_icon(shape: TrayShape) -> QIcon:
    """The state of the tray by shape, in every size a panel asks for."""
    made = QIcon()
    for size in (16, 22, 24, 32, 44, 48, 64, 128):
        made.addPixmap(pixmap(f"tray_{shape}", QColor(TRAY_COLOURS[shape]), size, 1.0))
    return made


def forget() -> None:
    """Let go of every rendered picture; Qt wants that before the application object goes."""
    _rendered.cache_clear()
    tray_icon.cache_clear()
