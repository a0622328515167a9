"""Asking where a file is to be saved, in the system's own dialog."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget


def ask_where(
    parent: QWidget, title: str, *, name: str, kinds: Mapping[str, str], chosen: Callable[[str], object]
) -> None:
    """Returns at once; `chosen` gets the path. `kinds` are endings by the words for them, the first one proposed."""
    dialog = QFileDialog(parent, title)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setNameFilters(list(kinds))
    ending = next(iter(kinds.values()))
    dialog.setDefaultSuffix(ending)
    dialog.filterSelected.connect(lambda words: dialog.setDefaultSuffix(kinds[words]))
    dialog.selectFile(f"{name}.{ending}")
    dialog.fileSelected.connect(chosen)
    dialog.open()
