"""A page beside the column or in its place: a way back, a title, and a scrolled column of content."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.buttons import IconButton
from ui.labels import TextLabel
from ui.theme.scale import L, M, S, Type, spaced


class Page(QWidget):
    """`column` takes the content. `back` is shown where the page hides what it came from."""

    left = Signal()

    def __init__(self, title: str = "") -> None:
        super().__init__()
        self.back = IconButton("back", self.tr("Back"))
        self.title = TextLabel(title, step=Type.TITLE)
        top = spaced(QHBoxLayout(), gap=S)
        top.addWidget(self.back, 0, Qt.AlignmentFlag.AlignTop)
        top.addWidget(self.title, 1)
        body = QWidget()
        self.column = spaced(QVBoxLayout(body), gap=M)
        self.column.setContentsMargins(0, 0, S, 0)
        self.area = Scrolled(body)
        outer = spaced(QVBoxLayout(self), margins=L, gap=M)
        outer.addLayout(top)
        outer.addWidget(self.area, 1)
        self.back.clicked.connect(self.left)


class Scrolled(QScrollArea):
    """`body` on the window's own ground, scrolled only where its text, wrapped at this width, has no room.

    Qt's scroll area asks wrapped text how tall it is at its narrowest, which is far too tall.
    """

    def __init__(self, body: QWidget) -> None:
        super().__init__()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._body = body
        self.setWidget(body)
        self.viewport().setAutoFillBackground(False)
        body.setAutoFillBackground(False)
        body.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        layout = self._body.layout()
        if layout is not None:
            wanted = layout.minimumHeightForWidth(self.viewport().width())
            self._body.setMinimumHeight(max(wanted, 1))
