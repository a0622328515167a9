"""Above the box of the Write card: that it holds a change of a report that was sent, and the way back to a new one."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from agent.api import Draft
from ui import wording
from ui.labels import LineLabel
from ui.theme.scale import S, Type, spaced


class ChangeLine(QWidget):
    """Takes no room above a new report."""

    left = Signal()
    """A new report is wished; the change waits among the drafts."""

    def __init__(self) -> None:
        super().__init__()
        self.words = LineLabel(step=Type.STRONG)
        self.back = QPushButton(self.tr("&Back to a new report"))
        self.back.setToolTip(self.tr("This change waits among your drafts"))
        column = spaced(QVBoxLayout(self), gap=S)
        column.addWidget(self.words)
        column.addWidget(self.back, 0, Qt.AlignmentFlag.AlignLeading)
        self.back.clicked.connect(self.left)
        self.hide()

    def show_draft(self, draft: Draft | None) -> None:
        """What stands in the card now."""
        if draft is not None and draft.edits is not None:
            title = draft.edits_title or wording.translate("Item", "Report without a title")
            self.words.setText(wording.translate("Drafts", "Change of: {title}").format(title=title))
        self.setVisible(draft is not None and draft.edits is not None)
