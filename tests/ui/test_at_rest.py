"""Only a window that shows keeps pictures; whatever Qt keeps, it wakes again and again to look at."""

from PySide6.QtGui import QPixmap, QPixmapCache

from ui.main_window import MainWindow
from ui.theme import pixmap_cache


def _kept() -> bool:
    return QPixmapCache.insert("a picture", QPixmap(16, 16))


def test_pictures_are_kept_while_the_window_shows_and_not_after(window: MainWindow) -> None:
    window.show()
    assert _kept()
    window.hide()
    assert not QPixmapCache.find("a picture", QPixmap())
    assert not _kept()
    window.show()
    assert _kept()
    pixmap_cache.let_go()
    assert not _kept()
