"""Qt's cache of scaled and tinted pictures: kept while a window is there to paint, and not otherwise."""

from PySide6.QtGui import QPixmapCache

KIB_WHILE_SHOWN = 10 * 1024
"""Qt's own measure."""


def keep() -> None:
    """A window shows: what it paints again and again is worth keeping."""
    QPixmapCache.setCacheLimit(KIB_WHILE_SHOWN)


def let_go() -> None:
    """No window shows. As long as Qt keeps anything it wakes every ten to thirty seconds to look what is old."""
    QPixmapCache.clear()
    QPixmapCache.setCacheLimit(0)
