"""Choosing where to check in, with the code and the note that belong to it."""

from PySide6.QtWidgets import QWidget

from ui import wording
from ui.attendance_desk import AttendanceDesk
from ui.bridge import AgentBridge
from ui.check_in_fields import CheckInFields
from ui.place_choice import PlaceChoice


class CheckInChoice(PlaceChoice):
    """Says before pressing what a check-in at the marked place records."""

    fields: CheckInFields | None = None

    def __init__(self, bridge: AgentBridge, desk: AttendanceDesk, parent: QWidget | None) -> None:
        name = wording.first_name(bridge.snapshot())
        super().__init__(
            bridge,
            parent,
            title=wording.translate("MainWindow", "Check in at another place"),
            press=wording.translate("MainWindow", "Check in {name}").format(name=name),
            elsewhere=True,
            chosen=lambda location_id, _name, note: self._check_in(location_id, note),
        )
        self._desk = desk
        self.fields = CheckInFields(offer_note=True)
        self.column.insertWidget(self.column.indexOf(self.buttons), self.fields)
        line = self.fontMetrics().height()
        self.resize(max(360, 22 * line), max(520, 31 * line))  # large type needs the room
        self.judge()

    def judge(self) -> None:
        super().judge()
        if self.fields is not None:  # the list judges itself while it is built
            self.fields.show_place(self._bridge.snapshot(), self.marked)

    def _check_in(self, location_id: str | None, elsewhere: str) -> None:
        note, code = self.fields.written() if self.fields is not None else ("", "")
        self._desk.check_in(location_id, elsewhere or note, code)
