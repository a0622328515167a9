"""What is read and not answered: headings, instructions, and fields of kinds that this app does not know."""

import msgspec

from ui.form.answer_field import AnswerField
from ui.labels import TextLabel
from ui.theme.scale import L, Type, font, spaced


class Section(AnswerField):
    """A heading; its fields stand below it."""

    def build(self) -> None:
        self.label.setFont(font(Type.TITLE))
        spaced(self.column, gap=0).setContentsMargins(0, L, 0, 0)


class Instruction(AnswerField):
    """A text to read."""

    def build(self) -> None:
        self.label.setFont(font(Type.BODY))
        self.column.setContentsMargins(0, 0, 0, 0)


class Unknown(AnswerField):
    """Its answer, if there is one, is shown as it is and kept."""

    def build(self) -> None:
        self.words = TextLabel(self.tr("This field needs a newer version of the app."), ink="muted")
        self.column.addWidget(self.words)
        if self.value is not None:
            given = TextLabel(msgspec.json.encode(self.value).decode(), step=Type.SMALL, ink="muted")
            self.column.addWidget(given)
