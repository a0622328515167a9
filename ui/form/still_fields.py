"""What is read and not answered: headings, instructions, and fields of kinds that this app does not know."""

import msgspec

from ui.form.answer_field import AnswerField
from ui.labels import TextLabel
from ui.theme.scale import L, Type, font


class Section(AnswerField):
    """A heading; its fields stand below it."""

    indented = False
    room_above = L

    def build(self) -> None:
        self.label.setFont(font(Type.TITLE))
        self.column.setSpacing(0)


class Instruction(AnswerField):
    """A text to read."""

    indented = False

    def build(self) -> None:
        self.label.setFont(font(Type.BODY))


class Unknown(AnswerField):
    """Its answer, if there is one, is shown as it is and kept."""

    def build(self) -> None:
        self.words = TextLabel(self.tr("This field needs a newer version of the app."), ink="muted")
        self.column.addWidget(self.words)
        if self.value is not None:
            given = TextLabel(msgspec.json.encode(self.value).decode(), step=Type.SMALL, ink="muted")
            self.column.addWidget(given)
