"""Activity on the screen: search, rows painted by shape and word, and a sentence where there is nothing."""

from datetime import datetime

from PySide6.QtCore import (
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from agent.api import ActivityItem, ItemState
from ui import wording
from ui.activity_filter import ActivityFilter, Narrowed
from ui.activity_model import ROW, ActivityModel, Row
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import TextLabel
from ui.theme.colours import Colours, colours
from ui.theme.icons import icon, pixmap
from ui.theme.scale import ICON, XS, S, Type, font, spaced, typed

_SEARCH_PAUSE_MS = 250
_STATE_INK: dict[ItemState, str] = {
    "received": "good",
    "approved": "good",
    "returned": "warn",
    "needs_you": "bad",
    "rejected": "bad",
}


class ActivityView(QWidget):
    """The list with its search. `opened` carries the item that the person chose."""

    opened = Signal(object)

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self.model = ActivityModel(bridge, self)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search reports and places"))
        self.search.setAccessibleName(self.tr("Search reports and places"))
        self.search.setClearButtonEnabled(True)
        self._glass = self.search.addAction(icon("search", colours().muted), QLineEdit.ActionPosition.LeadingPosition)
        self.filter = ActivityFilter(bridge)
        self.empty = TextLabel(ink="muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        self.rows = ActivityTable(self.model)
        self._build()
        self._pause = QTimer(self, singleShot=True, interval=_SEARCH_PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self.filter.changed.connect(self._look)
        self.search.textChanged.connect(self._pause.start)
        self.model.loaded.connect(self._say_when_empty)
        self.rows.opened.connect(self.opened)

    def _build(self) -> None:
        heading = typed(TextLabel(self.tr("Activity"), step=Type.STRONG), Type.STRONG)
        heading.setWordWrap(False)
        top = spaced(QHBoxLayout(), gap=S)
        top.addWidget(heading)
        top.addStretch(1)
        top.addWidget(self.filter)
        top.addWidget(self.search, 2)
        column = spaced(QVBoxLayout(self), gap=S)
        column.addLayout(top)
        column.addWidget(self.empty)
        self.paper = Card()
        spaced(self.paper.column, margins=XS).addWidget(self.rows)
        column.addWidget(self.paper, 1)
        column.addStretch(0)
        self.empty.hide()
        self.setMinimumHeight(150)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ApplicationPaletteChange:
            self._glass.setIcon(icon("search", colours().muted))

    def refresh(self) -> None:
        """Something in Activity changed, or another account is shown."""
        account = self._bridge.snapshot().current
        if account is None:
            return
        if account == self.model_account and self.model.rowCount():
            self.model.refresh(*self.rows.seen())
        else:
            if account != self.model_account:
                self.filter.clear()  # places are of one organization
            self.model_account = account
            self.model.show(account, self.search.text().strip(), self.filter.narrowed)

    model_account = ""

    def _look(self) -> None:
        self.model.show(self.model_account, self.search.text().strip(), self.filter.narrowed)

    def _say_when_empty(self) -> None:
        nothing = self.model.rowCount() == 0
        self.paper.setVisible(not nothing)
        words = ""
        if self.model.sentence:
            words = self.model.sentence
        elif nothing and self.model.search:
            words = self.tr("Nothing here has “{words}” in it.").format(words=self.model.search)
        elif nothing and self.model.narrowed != Narrowed():
            words = self.tr("Nothing here is as the filter asks.")
        elif nothing:
            words = self.tr(
                "Nothing yet. Your check-ins and reports appear here, each with its way to your organization: "
                "saved on this computer, sent, received."
            )
        self.empty.show_text(words)


class ActivityTable(QTableView):
    """One column. Heights are kept by the header as runs, so ten thousand rows cost nothing to lay out."""

    opened = Signal(object)

    def __init__(self, model: ActivityModel) -> None:
        super().__init__()
        self.setModel(model)
        self.setItemDelegate(ActivityDelegate(self))
        self.setAccessibleName(self.tr("Activity"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.horizontalHeader().hide()
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        self.horizontalHeader().setMinimumSectionSize(40)
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(16)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._measure()
        self._stood = ""
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(lambda: self._fit_headings(0, model.rowCount() - 1))
        model.modelReset.connect(lambda: self._return(model))
        model.rowsInserted.connect(lambda _parent, first, last: self._fit_headings(first, last))
        self.clicked.connect(self._open)
        self._rest = QTimer(self, singleShot=True, interval=120)
        self._rest.timeout.connect(lambda: model.refresh_seen(*self.seen()))
        self.verticalScrollBar().valueChanged.connect(self._rest.start)

    def sizeHint(self) -> QSize:
        """It takes the room that is left; what it would like must not make the column scroll."""
        return self.minimumSizeHint()

    def seen(self) -> tuple[int, int]:
        """First and last row on the screen."""
        first, last = self.rowAt(0), self.rowAt(self.viewport().height() - 1)
        return max(first, 0), last if last >= 0 else self.model().rowCount() - 1

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open(self.currentIndex())
            return
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Whoever comes by keyboard stands on the first item, not on nothing."""
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.model().rowCount() > 1:
            self.selectionModel().setCurrentIndex(self.model().index(1, 0), QItemSelectionModel.SelectionFlag.NoUpdate)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.ApplicationFontChange):
            self._measure()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.horizontalHeader().resizeSections(QHeaderView.ResizeMode.Stretch)

    def _measure(self) -> None:
        line = self.fontMetrics().height()
        self._heading = line + 2 * S
        self.verticalHeader().setDefaultSectionSize(2 * line + 2 * S + XS)

    def _remember(self) -> None:
        """The item that has the keyboard, if it is in here."""
        row = self.currentIndex().data(ROW) if self.hasFocus() and self.currentIndex().isValid() else None
        self._stood = row.item.item_id if isinstance(row, Row) and row.item is not None else ""

    def _return(self, model: ActivityModel) -> None:
        """The keyboard stays on it, where it is still there."""
        at = model.row_of(self._stood) if self._stood else -1
        if at >= 0:
            self.setCurrentIndex(model.index(at, 0))

    def _fit_headings(self, first: int, last: int) -> None:
        for row in range(first, last + 1):
            if self.model().index(row, 0).data(ROW).item is None:
                self.verticalHeader().resizeSection(row, self._heading)

    def _open(self, index: QModelIndex) -> None:
        row = index.data(ROW) if index.isValid() else None
        if isinstance(row, Row) and row.item is not None:
            self.opened.emit(row.item)


class ActivityDelegate(QStyledItemDelegate):
    """Icon, title, time; beneath them the state by shape and word, and the place; a bar only while sending."""

    def sizeHint(self, option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(120, 2 * option.fontMetrics.height() + 2 * S + XS)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row: Row = index.data(ROW)
        if row.item is None:
            self._paint_heading(painter, option, row)
            return
        self.initStyleOption(option, index)
        option.text = ""
        style = option.widget.style() if option.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, option, painter, option.widget)
        _ItemPainter(painter, option, row.item).paint()

    def _paint_heading(self, painter: QPainter, option: QStyleOptionViewItem, row: Row) -> None:
        painter.save()
        painter.setFont(font(Type.STRONG))
        painter.setPen(colours().muted)
        rect = option.rect.adjusted(XS, 0, -XS, -XS)
        words = wording.day(row.day, datetime.now().astimezone().date())
        align = QStyle.visualAlignment(option.direction, Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft)
        painter.drawText(rect, align, words)
        painter.restore()


class _ItemPainter:
    """Paints one item; rectangles are thought left to right and mirrored when drawn."""

    def __init__(self, painter: QPainter, option: QStyleOptionViewItem, item: ActivityItem) -> None:
        self.painter, self.option, self.item = painter, option, item
        self.selected = bool(option.state & QStyle.StateFlag.State_Selected)
        self.tokens: Colours = colours()
        self.plain = option.palette.highlightedText().color()
        self._gone = item.cancelled or item.corrected

    def paint(self) -> None:
        rect, line = self.option.rect, self.option.fontMetrics.height()
        self.painter.save()
        left = rect.left() + S
        top = rect.top() + S
        self._icon(self.item.kind, self._ink("muted"), QRect(left, top, ICON, max(ICON, line)), ICON)
        text = left + ICON + S
        at = wording.clock_at(self.item.at)
        wide = self.option.fontMetrics.horizontalAdvance(at)
        right = rect.right() - S
        self._words(at, "muted", QRect(right - wide, top, wide + 1, line))
        self._words(wording.title(self.item), "text", QRect(text, top, right - wide - S - text, line), bold=True)
        self._state(QRect(text, top + line + XS, right - text, line))
        self.painter.restore()

    def _state(self, rect: QRect) -> None:
        ink = "muted" if self._gone else _STATE_INK.get(self.item.state, "muted")
        shape = "cancelled" if self._gone else self.item.state
        self._icon(shape, self._ink(ink), QRect(rect.left(), rect.top(), 16, rect.height()), 16)
        words, start = wording.state(self.item), rect.left() + 16 + XS
        wide = min(self.option.fontMetrics.horizontalAdvance(words), rect.right() - start)
        self._words(words, ink, QRect(start, rect.top(), wide + 1, rect.height()))
        start += wide
        if self.item.state == "sending" and self.item.progress is not None and not self._gone:
            self._bar(QRect(start + S, rect.center().y() - 2, min(80, max(rect.right() - start - S, 0)), 4))
            start += S + 80
        more = [self.item.location]
        if self.item.media_count:
            more.append(wording.translate("Activity", "%n file(s)", "", self.item.media_count))
        rest = wording.joined(*more)
        if rest and rect.right() - start > 24:
            self._words(f" · {rest}", "muted", QRect(start, rect.top(), rect.right() - start, rect.height()))

    def _bar(self, rect: QRect) -> None:
        self.painter.setPen(Qt.PenStyle.NoPen)
        self.painter.setBrush(self.tokens.outline)
        self.painter.drawRoundedRect(self._mirrored(rect), 2, 2)
        done = QRect(rect.left(), rect.top(), round(rect.width() * (self.item.progress or 0.0)), rect.height())
        self.painter.setBrush(self._ink("accent"))
        self.painter.drawRoundedRect(self._mirrored(done), 2, 2)

    def _words(self, words: str, ink: str, rect: QRect, *, bold: bool = False) -> None:
        if rect.width() <= 0:
            return
        shown = font(Type.STRONG if bold else Type.BODY)
        shown.setStrikeOut(bold and self._gone)
        self.painter.setFont(shown)
        self.painter.setPen(self._ink(ink))
        elided = self.painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, rect.width())
        align = QStyle.visualAlignment(
            self.option.direction, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        )
        self.painter.drawText(self._mirrored(rect), align, elided)

    def _icon(self, shape: str, ink: QColor, rect: QRect, size: int) -> None:
        picture = pixmap(shape, ink, size, self.painter.device().devicePixelRatioF())
        box = QRect(rect.left(), rect.top() + (rect.height() - size) // 2, size, size)
        self.painter.drawPixmap(self._mirrored(box).topLeft(), picture)

    def _ink(self, name: str) -> QColor:
        return self.plain if self.selected else getattr(self.tokens, name)

    def _mirrored(self, rect: QRect) -> QRect:
        return QStyle.visualRect(self.option.direction, self.option.rect, rect)
