"""Asking before something is gone for good: a question, the way back, and the press that does it."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QMessageBox, QWidget


def ask_before(parent: QWidget, words: str, *, act: str, done: Callable[[], object], keep: str = "") -> None:
    """`act` is what the press says that does it; `keep` what the way back says, else *Keep it*. Returns at once."""
    translate = QCoreApplication.translate
    box = QMessageBox(QMessageBox.Icon.Question, translate("Question", "Miratag"), "", parent=parent)
    box.setText(words)
    box.setTextFormat(Qt.TextFormat.PlainText)  # names of files stand in it
    box.addButton(keep or translate("Question", "Keep it"), QMessageBox.ButtonRole.RejectRole)
    pressed = box.addButton(act, QMessageBox.ButtonRole.DestructiveRole)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    pressed.clicked.connect(lambda _checked: done())
    box.open()
