"""Forms for tests: one field of every kind, and a window that shows a form."""

from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from protocol.templates import Choice, Condition, Field, Template
from ui.bridge import AgentBridge
from ui.form.form import Filling, Form
from ui.image_work import ImageWork
from ui.page import scrolled


def choices(*labels: str) -> tuple[Choice, ...]:
    return tuple(Choice(value=label.lower(), label=label) for label in labels)


EVERY_KIND = (
    Field(field="intro", kind="instruction", label="Wear gloves."),
    Field(
        field="before",
        kind="section",
        label="Before you begin",
        fields=(
            Field(field="name", kind="short_text", label="Machine", required=True, hint="As on the plate"),
            Field(field="seen", kind="long_text", label="What did you see?"),
            Field(field="pressure", kind="number", label="Pressure", unit="bar", least=0, most=16),
            Field(field="screws", kind="integer", label="Screws"),
            Field(field="day", kind="date", label="Next inspection"),
            Field(field="began", kind="time", label="Began"),
            Field(field="when", kind="date_time", label="Seen at"),
        ),
    ),
    Field(field="lamp", kind="one_of", label="Lamp", choices=choices("Red", "Green")),
    Field(field="zone", kind="one_of", label="Zone", choices=choices(*"ABCDEFG")),
    Field(field="spills", kind="many_of", label="Spills", choices=choices("Water", "Oil")),
    Field(field="gear", kind="many_of", label="Gear", choices=choices(*(f"Part {n}" for n in range(14)))),
    Field(field="seal", kind="check", label="Seal tight", required=True),
    Field(
        field="leak",
        kind="photo",
        label="Photo of the leak",
        required=True,
        most=2,
        shown_when=Condition(op="equal", field="seal", value="fail"),
    ),
    Field(field="film", kind="video", label="Film"),
    Field(field="paper", kind="file", label="Paper"),
    Field(field="signed", kind="signature", label="Signature"),
    Field(field="where", kind="location", label="Where"),
    Field(
        field="pumps",
        kind="group",
        label="Pump",
        most=3,
        fields=(
            Field(field="pump", kind="short_text", label="Name", required=True),
            Field(field="quiet", kind="check", label="Runs quietly"),
        ),
    ),
    Field(field="mood", kind="mood_ring", label="Mood"),
)
ROUND = Template(template_id="round", version=1, title="Pump round", fields=EVERY_KIND)


class Sheet(QWidget):
    """A form in a scrolled window."""

    def __init__(self, bridge: AgentBridge, filling: Filling) -> None:
        super().__init__()
        self.images = ImageWork(self)
        self.form = Form(bridge, self.images, filling)
        body = QWidget()
        column = QVBoxLayout(body)
        column.addWidget(self.form)
        column.addStretch(1)
        self.area = scrolled(body)
        QVBoxLayout(self).addWidget(self.area)
        self.resize(480, 700)

    def at(self, path: str) -> Any:
        found = self.form.at(path)
        assert found is not None, path
        return found
