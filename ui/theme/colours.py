"""Colour tokens taken from the system's palette, light or dark, and moved until they can be read.

Contrast is WCAG 2.2: (lighter + 0.05) / (darker + 0.05) of relative luminance. Text tokens reach 4.5:1 and icon tokens
3:1 on every surface, by construction, whatever palette the desktop brings.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

TEXT_CONTRAST = 4.5


@dataclass(frozen=True)
class Colours:
    """What the interface paints with. `surfaces` are the backgrounds that text may stand on."""

    dark: bool
    window: QColor
    card: QColor
    notice: QColor
    outline: QColor
    text: QColor
    muted: QColor
    accent: QColor
    on_accent: QColor
    good: QColor
    warn: QColor
    bad: QColor

    @property
    def surfaces(self) -> tuple[QColor, ...]:
        """Every background of ours."""
        return (self.window, self.card, self.notice)

    @property
    def texts(self) -> tuple[QColor, ...]:
        """Every token that text is set in on a surface."""
        return (self.text, self.muted, self.accent, self.good, self.warn, self.bad)


def luminance(colour: QColor) -> float:
    """Relative luminance of sRGB, 0…1."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def contrast(one: QColor, other: QColor) -> float:
    """WCAG contrast ratio, 1…21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def mixed(one: QColor, other: QColor, share: float) -> QColor:
    """`share` of `one`, the rest of `other`; a share over 1 goes on past `one`, away from `other`."""

    def channel(first: float, second: float) -> float:
        return min(max(first * share + second * (1.0 - share), 0.0), 1.0)

    return QColor.fromRgbF(
        channel(one.redF(), other.redF()),
        channel(one.greenF(), other.greenF()),
        channel(one.blueF(), other.blueF()),
    )


def readable(wish: QColor, surfaces: Iterable[QColor], ratio: float) -> QColor:
    """The colour nearest to `wish`, on its way to black or white, that has `ratio` on every surface.

    Surfaces that no colour can serve together get whichever end serves the worst of them best.
    """
    grounds = tuple(surfaces)

    def worst(colour: QColor) -> float:
        return min(contrast(colour, ground) for ground in grounds)

    end = max(QColor("#000000"), QColor("#ffffff"), key=worst)
    for step in range(21):
        moved = mixed(end, wish, step / 20)
        if worst(moved) >= ratio:
            return moved
    return end


def colours_of(palette: QPalette) -> Colours:
    """The tokens for one palette."""
    window = palette.color(QPalette.ColorRole.Window)
    card = palette.color(QPalette.ColorRole.Base)
    dark = luminance(window) < 0.18
    notice = mixed(QColor("#e0a000"), card, 0.14)
    surfaces = (window, card, notice)
    text = readable(palette.color(QPalette.ColorRole.WindowText), surfaces, 7.0)
    accent = readable(palette.color(QPalette.ColorRole.Accent), surfaces, TEXT_CONTRAST + 0.1)
    return Colours(
        dark=dark,
        window=window,
        card=card,
        notice=notice,
        outline=mixed(text, window, 0.18),
        text=text,
        muted=readable(mixed(text, card, 0.68), surfaces, TEXT_CONTRAST + 0.1),
        accent=accent,
        on_accent=max(QColor("#ffffff"), QColor("#000000"), key=lambda colour: contrast(colour, accent)),
        good=readable(QColor("#1a7f4b"), surfaces, TEXT_CONTRAST + 0.1),
        warn=readable(QColor("#9a6200"), surfaces, TEXT_CONTRAST + 0.1),
        bad=readable(QColor("#c02b2b"), surfaces, TEXT_CONTRAST + 0.1),
    )


@lru_cache(maxsize=4)
def _cached(_key: int) -> Colours:
    return colours_of(QApplication.palette())


def colours() -> Colours:
    """The tokens for the palette the application has now."""
    return _cached(QApplication.palette().cacheKey())
