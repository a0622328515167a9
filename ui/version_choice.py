"""The versions of a report that stand side by side, and the three ways a person settles it."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QPushButton, QVBoxLayout, QWidget

from agent.api import AgentError, KeepVersion, ReportDetail, VersionItem
from ui import wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import TextLabel, readable_label
from ui.theme.scale import WIDE_FROM, S, Type, spaced


class VersionChoice(QWidget):
    """Two columns in a window that is wide, one above the other in a narrow one. Absent without a conflict."""

    settled = Signal()
    """A version that settles it is on disk."""
    merge = Signal()
    """The person wishes to write one from both."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._instance_id = ""
        self._shown: tuple[VersionItem, ...] = ()
        self.keeps: list[QPushButton] = []
        self.sides = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        spaced(self.sides, gap=S)
        self.both = QPushButton(self.tr("Write one from both"))
        self.sentence = TextLabel(step=Type.SMALL, ink="bad")
        self.sentence.hide()
        column = spaced(QVBoxLayout(self), gap=S)
        column.addLayout(self.sides)
        column.addWidget(self.both, 0, Qt.AlignmentFlag.AlignLeading)
        column.addWidget(self.sentence)
        self.both.clicked.connect(self.merge)
        self.hide()

    def show_detail(self, detail: ReportDetail | None) -> None:
        """The versions of another report, or none."""
        versions = detail.versions if detail is not None else ()
        self._instance_id = detail.item.item_id if detail is not None else ""
        if versions != self._shown:
            self._fill(versions)
        self.setVisible(bool(versions))  # filled before: what a layout adds to a visible widget is shown a turn later

    def _fill(self, versions: tuple[VersionItem, ...]) -> None:
        self._shown = versions
        self.sentence.show_text("")
        self.keeps.clear()
        while (entry := self.sides.takeAt(0)) is not None:
            widget = entry.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        for version in versions:
            self.sides.addWidget(self._side(version), 1)
        self.both.setEnabled(all(one.known for one in versions))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.window().width() >= WIDE_FROM
        self.sides.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def _side(self, version: VersionItem) -> QWidget:
        side = Card()
        words = self.tr("Written on this computer") if version.here else self.tr("Written on another device")
        side.column.addWidget(TextLabel(words, step=Type.STRONG))
        if not version.known:
            words = self.tr("Its text is not here yet. It is fetched when the server answers.")
            side.column.addWidget(TextLabel(words, ink="muted"))
            side.column.addStretch(1)
            return side
        about = wording.joined(version.location, wording.when(version.at))
        side.column.addWidget(TextLabel(about, step=Type.SMALL, ink="muted"))
        parts = [version.title, version.text, *(f"{question}: {answer}" for question, answer in version.answers)]
        for part in parts:
            if part:
                side.column.addWidget(readable_label(part, step=Type.STRONG if part is version.title else Type.BODY))
        if version.files:
            words = self.tr("Files: {names}").format(names=", ".join(version.files))
            side.column.addWidget(TextLabel(words, step=Type.SMALL, ink="muted"))
        side.column.addStretch(1)
        keep = QPushButton(self.tr("Keep this") if version.here else self.tr("Keep the other"))
        keep.setAccessibleDescription(version.title)
        keep.clicked.connect(partial(self._keep, version.revision_id))
        self.keeps.append(keep)
        side.column.addWidget(keep, 0, Qt.AlignmentFlag.AlignLeading)
        return side

    def _keep(self, revision_id: str, _checked: bool = False) -> None:
        for button in (*self.keeps, self.both):
            button.setEnabled(False)
        account = self._bridge.snapshot().current or ""
        command = KeepVersion(account=account, instance_id=self._instance_id, revision_id=revision_id)
        self._bridge.submit(command, self, lambda _filed: self.settled.emit(), self._failed)

    def _failed(self, error: AgentError) -> None:
        for button in (*self.keeps, self.both):
            button.setEnabled(True)
        self.sentence.show_text(error.sentence)
