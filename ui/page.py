"""A page beside the column or in its place: a way back, a title, and a scrolled column of content."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from ui.buttons import IconButton
from ui.labels import TextLabel
from ui.theme.scale import L, M, S, Type, spaced


class Page(QWidget):
    """`column` takes the content, `foot` what stays in sight below it. `back` is shown where the page hides what it
    came from."""

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
        self.column.setContentsMargins(S, 0, S, 0)
        self.area = scrolled(body)
        top.setContentsMargins(S, 0, S, 0)
        outer = spaced(QVBoxLayout(self), gap=M)
        outer.setContentsMargins(S, L, S, L)
        outer.addLayout(top)
        outer.addWidget(self.area, 1)
        self.foot = spaced(QVBoxLayout(), gap=S)
        outer.addLayout(self.foot)
        self.back.clicked.connect(self.left)


def scrolled(body: QWidget) -> QScrollArea:
    """`body` on the window's own ground, scrolled only where it has no room."""
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(body)
    area.viewport().setAutoFillBackground(False)
    body.setAutoFillBackground(False)
    return area
