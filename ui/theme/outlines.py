"""What can be pressed or written in has an edge that can be seen, in light and dark.

Qt's own style, Fusion, takes the edge of a control from the colour of the window, darkened: on dark surfaces it is
darker than they are, and an empty check box is not to be seen. It asks the palette of the class of the control, in
which that colour paints nothing else; so it is given one of which the darkened one stands out.
"""

from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ui.theme.colours import colours, contrast, mixed

EDGE_CONTRAST = 3.0
_DARKENED = 140  # per cent, by Fusion
_CLASSES = ("QCheckBox", "QRadioButton", "QLineEdit", "QPlainTextEdit", "QComboBox", "QAbstractItemView")


def outline_controls() -> None:
    """For the palette that the application has now; of another style nothing is known, and nothing changed."""
    style = QApplication.style()
    if style is None or style.name() != "fusion":
        return
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Window, edge().lighter(_DARKENED))
    for name in _CLASSES:  # PySide takes text here, and its type stubs say bytes
        now = QApplication.palette(name)  # type: ignore[call-overload]
        if now.color(QPalette.ColorRole.Window) != palette.color(QPalette.ColorRole.Window):
            QApplication.setPalette(palette, name)  # type: ignore[arg-type]


def edge() -> QColor:
    """The faintest colour, on the way from the window's to the text's, that stands out on every surface."""
    tokens = colours()
    grounds = (*tokens.surfaces, QApplication.palette().color(QPalette.ColorRole.Base))
    for step in range(1, 21):
        found = mixed(tokens.text, tokens.window, step / 20)
        if min(contrast(found, ground) for ground in grounds) >= EDGE_CONTRAST:
            return found
    return tokens.text
