"""What every field of a form has: a label, a hint, room for its control, a manager's words, and what does not fit."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from agent.api import Attached
from protocol.templates import Field
from rules.templates.filling import is_needed
from ui.bridge import AgentBridge
from ui.form.words import bounds
from ui.image_work import ImageWork
from ui.labels import TextLabel
from ui.theme.colours import colours
from ui.theme.scale import XS, S, Type, spaced

_BAR = 3


@dataclass
class Tools:
    """What fields work with: `files` are those that answers may name, `places` the names of locations, both by id."""

    bridge: AgentBridge
    images: ImageWork
    files: dict[str, Attached] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    read_only: bool = False


class AnswerField(QWidget):
    """One field. Its answer stands in `slot`, the answers of the template or of one row; absent there is no answer.

    `row` gives the path of the row the field stands in, and nothing where it stands in none.
    """

    indented = True
    room_above = 0
    changed = Signal()
    kept = Signal()
    """A file was added or taken off: what names it should be saved now."""

    def __init__(self, of: Field, slot: dict[str, Any], tools: Tools, row: Callable[[], str] | None = None) -> None:
        super().__init__()
        self.field, self.slot, self.tools = of, slot, tools
        self._row = row
        self._parts: list[QWidget] = []
        self.left = False
        self.is_shown = True
        self.mark = TextLabel(ink="warn")
        self.label = TextLabel(f"{of.label} *" if is_needed(of) else of.label, step=Type.STRONG)
        self.hint = TextLabel(step=Type.SMALL, ink="muted")
        self.trouble = TextLabel(step=Type.SMALL, ink="bad")
        self.column = spaced(QVBoxLayout(self), gap=XS)
        self._indent()
        for widget in (self.mark, self.label, self.hint):
            self.column.addWidget(widget)
        self.build()
        self.column.addWidget(self.trouble)
        self.mark.hide()
        self.trouble.hide()
        self.hint.show_text(" ".join(words for words in (of.hint, bounds(of)) if words))
        if tools.read_only:
            self.set_read_only()

    # -- for each kind

    def build(self) -> None:
        """Add the controls to `column`, showing `value`."""

    def set_read_only(self) -> None:
        """Nothing can be changed any more; what can be read and copied stays so."""
        for part in self._parts:
            part.setEnabled(False)

    @property
    def busy(self) -> bool:
        """Whether an answer is still on its way into the field."""
        return False

    # -- what the form asks

    @property
    def path(self) -> str:
        """Where its answer is, as `rules.templates` names places."""
        return self.field.field if self._row is None else f"{self._row()}.{self.field.field}"

    @property
    def value(self) -> Any:
        """The answer, or None."""
        return self.slot.get(self.field.field)

    def every(self) -> "list[AnswerField]":
        """This field and those in it."""
        return [self]

    def show_trouble(self, sentence: str) -> None:
        """What does not fit, or nothing; spoken with the control too."""
        if sentence == self.trouble.text():
            return
        self.trouble.show_text(sentence)
        for part in self._parts:
            part.setAccessibleDescription(" ".join(words for words in (self.hint.text(), sentence) if words))
        self.update()

    def show_mark(self, words: str) -> None:
        """What a manager wants corrected here."""
        self.mark.show_text(words)
        self.update()

    @property
    def can_begin(self) -> bool:
        """Whether there is anything to answer with."""
        return bool(self._parts) and not self.tools.read_only

    def begin(self) -> None:
        """Put the focus where answering begins."""
        for part in self._parts:
            if part.isVisibleTo(self) and part.isEnabled() and part.focusPolicy() != Qt.FocusPolicy.NoFocus:
                part.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    # -- for those that are built on this

    def answer(self, value: Any) -> None:
        """The person gave another answer, or (None) took it back."""
        if value is None:
            self.slot.pop(self.field.field, None)
        else:
            self.slot[self.field.field] = value
        self.changed.emit()

    def part(self, widget: QWidget, name: str = "") -> None:
        """A control of this field: named for a screen reader, switched off when it is read only."""
        words = name or self.field.label
        if is_needed(self.field) and not name:
            words = self.tr("{question}, required").format(question=words)
        widget.setAccessibleName(words)
        widget.setAccessibleDescription(self.field.hint)
        self._parts.append(widget)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._indent()

    def _indent(self) -> None:
        """Room for the bar; margins do not mirror by themselves."""
        room = S + _BAR if self.indented else 0
        mirrored = self.isRightToLeft()
        self.column.setContentsMargins(0 if mirrored else room, self.room_above, room if mirrored else 0, 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        """A bar at the side of what is to be corrected: it is found while scrolling."""
        super().paintEvent(event)
        ink = "bad" if self.trouble.text() else "warn" if self.mark.text() else ""
        if ink:
            left = self.width() - _BAR if self.isRightToLeft() else 0
            painter = QPainter(self)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(getattr(colours(), ink))
            painter.drawRoundedRect(QRectF(left, 0, _BAR, self.height()), 1.5, 1.5)


class _Calm(QObject):
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Wheel:
            event.ignore()
            return True
        return super().eventFilter(watched, event)


def calm(widget: QWidget) -> None:
    """Scrolling the form with the wheel must not change an answer that the pointer happens to be over."""
    widget.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    widget.installEventFilter(_Calm(widget))
