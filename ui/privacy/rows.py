"""A list on a card: two lines a row, opened by a press or Return, and a sentence where there is nothing."""

from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPersistentModelIndex, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from ui.card import Card
from ui.privacy.paged_model import ITEM, WORDS, RowWords
from ui.theme.colours import colours
from ui.theme.scale import XS, S, Type, font, spaced

_LEAST_ROWS = 4


class Rows(QListView):
    """All rows are of one height. `chosen` carries the item; `removal_wished` too, by the key for it."""

    chosen = Signal(object)
    removal_wished = Signal(object)

    def __init__(self, model: QAbstractItemModel, name: str) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(RowDelegate(self))
        self.setAccessibleName(name)
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self._measure()
        self.clicked.connect(self._choose)

    @property
    def at_top(self) -> bool:
        """Whether nothing is scrolled out of sight above."""
        return self.verticalScrollBar().value() == 0

    def sizeHint(self) -> QSize:
        return self.minimumSizeHint()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._choose(self.currentIndex())
        elif event.key() == Qt.Key.Key_Delete and self.currentIndex().isValid():
            self.removal_wished.emit(self.currentIndex().data(ITEM))
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes by keyboard stands on the first row, not on nothing."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model().rowCount():
            self.setCurrentIndex(self.model().index(0, 0))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self._measure()

    def _measure(self) -> None:
        self.setMinimumHeight(_LEAST_ROWS * row_height(self.fontMetrics().height()))

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(ITEM))


class RowsCard(Card):
    """The list on its ground."""

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        self.rows = rows
        spaced(self.column, margins=XS).addWidget(rows)


def row_height(line: int) -> int:
    """Of two lines of that height."""
    return 2 * line + 2 * S + XS


class RowDelegate(QStyledItemDelegate):
    """Rectangles are thought left to right and mirrored when drawn."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, row_height(option.fontMetrics.height()))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        said: RowWords = index.data(WORDS)
        rect, line = option.rect, option.fontMetrics.height()
        left, right, top = rect.left() + S, rect.right() - S, rect.top() + S
        wide = min(option.fontMetrics.horizontalAdvance(said.aside) + 1, rect.width() // 2)
        title = QFontMetrics(font(Type.STRONG)).horizontalAdvance(said.title)
        fits = title <= right - wide - S - left
        first, second = (right - wide - S, right) if fits else (right, right - wide - S)
        painter.save()
        self._words(painter, option, said.title, "text", QRect(left, top, first - left, line), strong=True)
        self._words(painter, option, said.line, said.ink, QRect(left, top + line + XS, second - left, line))
        at = top if fits else top + line + XS  # a long title has its line to itself
        self._words(painter, option, said.aside, "muted", QRect(right - wide, at, wide, line))
        painter.restore()

    def _words(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        words: str,
        ink: str,
        rect: QRect,
        *,
        strong: bool = False,
    ) -> None:
        if rect.width() <= 0:
            return
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.setFont(font(Type.STRONG if strong else Type.BODY))
        painter.setPen(option.palette.highlightedText().color() if selected else getattr(colours(), ink))
        shown = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        align = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(QStyle.visualRect(option.direction, option.rect, rect), align, shown)
