"""Pass, fail or not applicable: three large buttons, told apart by shape and word; a fail asks for a note."""

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy

from rules.templates.kinds import FAIL, NOT_APPLICABLE, PASS
from ui.form.answer_field import AnswerField
from ui.growing_box import GrowingBox
from ui.labels import TextLabel
from ui.theme.colours import colours, mixed
from ui.theme.icons import pixmap
from ui.theme.scale import ICON, XS, S, Type, font, spaced

_HEIGHT = 60
_SHAPES = {PASS: ("approved", "good"), FAIL: ("rejected", "bad"), NOT_APPLICABLE: ("not_applicable", "muted")}


class Segment(QPushButton):
    """One of the three, painted here: a native button shows no shape above its word, and not clearly that it is on."""

    def __init__(self, result: str, words: str) -> None:
        super().__init__(words)
        self._shape, self._ink = _SHAPES[result]
        self.setCheckable(True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(96, max(_HEIGHT, ICON + 2 * self.fontMetrics().lineSpacing() + 2 * XS))

    def minimumSizeHint(self) -> QSize:
        return QSize(64, self.sizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        tokens, area = colours(), QRectF(self.rect()).adjusted(1, 1, -1, -1)
        ink = getattr(tokens, self._ink)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ground = mixed(ink, tokens.card, 0.16) if self.isChecked() else tokens.card
        if self.isEnabled() and self.underMouse() and not self.isChecked():
            ground = mixed(tokens.text, tokens.card, 0.06)
        painter.setBrush(ground)
        painter.setPen(QPen(ink, 2) if self.isChecked() else QPen(mixed(tokens.text, tokens.card, 0.5), 1))
        painter.drawRoundedRect(area, 6, 6)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(tokens.accent, 2))
            painter.drawRoundedRect(area.adjusted(3, 3, -3, -3), 4, 4)
        picture = pixmap(self._shape, ink if self.isEnabled() else tokens.muted, ICON, self.devicePixelRatioF())
        painter.drawPixmap((self.width() - ICON) // 2, S, picture)
        painter.setPen(tokens.text if self.isEnabled() else tokens.muted)
        painter.setFont(font(Type.STRONG if self.isChecked() else Type.BODY))
        room = QRect(XS, S + ICON, self.width() - 2 * XS, self.height() - S - ICON - 2)
        painter.drawText(room, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self.text())


class Check(AnswerField):
    """The note of a fail stays in the field while another result is tried, and is not part of that."""

    def build(self) -> None:
        given = self.value if isinstance(self.value, dict) else {}
        self.segments: dict[str, Segment] = {}
        row = spaced(QHBoxLayout(), gap=XS)
        words = {PASS: self.tr("Pass"), FAIL: self.tr("Fail"), NOT_APPLICABLE: self.tr("Not applicable")}
        for result, word in words.items():
            self.segments[result] = segment = Segment(result, word)
            segment.setChecked(given.get("result") == result)
            self.part(segment, f"{self.field.label}: {word}")
            row.addWidget(segment, 1)
            segment.clicked.connect(lambda _on, one=result: self._pressed(one))
        self.column.addLayout(row)
        self.note_words = TextLabel(self.tr("What is wrong?"), step=Type.SMALL)
        self.note = GrowingBox(least_lines=2, most_lines=8)
        self.note.setPlainText(str(given.get("note") or ""))
        self.part(self.note, self.tr("What is wrong with {label}?").format(label=self.field.label))
        for widget in (self.note_words, self.note):
            self.column.addWidget(widget)
        self._show(given.get("result"))
        self.note.textChanged.connect(lambda: self._give(FAIL))

    @property
    def result(self) -> str | None:
        """What is pressed."""
        return self.value.get("result") if isinstance(self.value, dict) else None

    def begin(self) -> None:
        """In the note where that is what is missing."""
        if self.result == FAIL:
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.segments[self.result or PASS].setFocus(Qt.FocusReason.OtherFocusReason)

    def set_read_only(self) -> None:
        super().set_read_only()
        self.note.setEnabled(True)
        self.note.setReadOnly(True)

    def _pressed(self, result: str) -> None:
        """Pressed again it is taken back."""
        self._give(None if self.result == result else result)
        self._show(self.result)
        if self.result == FAIL and not self.note.toPlainText():
            self.note.setFocus(Qt.FocusReason.OtherFocusReason)

    def _give(self, result: str | None) -> None:
        if result is None:
            self.answer(None)
            return
        note = self.note.toPlainText() if result == FAIL else str((self.value or {}).get("note") or "")
        given = {"result": result}
        if result == FAIL and note:
            given["note"] = note
        self.answer(given)

    def _show(self, result: str | None) -> None:
        for one, segment in self.segments.items():
            segment.setChecked(one == result)
        for widget in (self.note_words, self.note):
            widget.setVisible(result == FAIL)
