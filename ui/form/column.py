"""A column that gives every item the height it wants, from the top down, whatever room there is."""

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from ui.theme.scale import spaced


class Column(QLayout):
    """For what grows while it is shown: a QVBoxLayout squeezes all its items into the old height before its scroll area
    makes it taller, which moves each of them twice for every one that is added."""

    def __init__(self, parent: QWidget, *, gap: int) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
        spaced(self, gap=gap)

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation.Horizontal

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        height = self._heights.get(width)
        if height is None:
            seen = [_height(item, width) for item in self._items if not item.isEmpty()]
            height = self._heights[width] = sum(seen) + self.spacing() * max(0, len(seen) - 1)
        return height

    def minimumHeightForWidth(self, width: int) -> int:
        return self.heightForWidth(width)

    def sizeHint(self) -> QSize:
        wide = max((item.sizeHint().width() for item in self._items if not item.isEmpty()), default=0)
        return QSize(wide, self.heightForWidth(wide))

    def minimumSize(self) -> QSize:
        wide = max((item.minimumSize().width() for item in self._items if not item.isEmpty()), default=0)
        return QSize(wide, 0)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        top = rect.y()
        for item in self._items:
            if not item.isEmpty():
                height = _height(item, rect.width())
                item.setGeometry(QRect(rect.x(), top, rect.width(), height))
                top += height + self.spacing()


def _height(item: QLayoutItem, width: int) -> int:
    return item.heightForWidth(width) if item.hasHeightForWidth() else item.sizeHint().height()
