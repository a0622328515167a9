"""One spacing scale in device-independent pixels and one type scale that follows the system's font size."""

from enum import Enum
from typing import TypeVar

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QLabel, QLayout

XS, S, M, L, XL = 4, 8, 12, 16, 24
ICON = 20
PRIMARY_HEIGHT = 48
WIDE_FROM = 900

LayoutT = TypeVar("LayoutT", bound=QLayout)


class Type(Enum):
    """The steps of the type scale: (size relative to the system font, whether it is bold)."""

    SMALL = (0.92, False)
    BODY = (1.0, False)
    STRONG = (1.0, True)
    TITLE = (1.25, True)


def font(step: Type) -> QFont:
    """The system's font at one step of the scale."""
    size, bold = step.value
    made = QFont(QApplication.font())
    if made.pointSizeF() > 0:
        made.setPointSizeF(made.pointSizeF() * size)
    else:
        made.setPixelSize(round(made.pixelSize() * size))
    if bold:
        made.setWeight(QFont.Weight.DemiBold)
    return made


def typed(label: QLabel, step: Type) -> QLabel:
    """`label` set in one step of the scale, for building a layout in one expression."""
    label.setFont(font(step))
    return label


def spaced(layout: LayoutT, *, margins: int = 0, gap: int = S) -> LayoutT:
    """`layout` with equal margins and one gap, both from the scale."""
    layout.setContentsMargins(margins, margins, margins, margins)
    layout.setSpacing(gap)
    return layout
