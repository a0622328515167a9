"""Choosing where to check in, with the code, the note and the photos that belong to it."""

from PySide6.QtWidgets import QWidget

from ui import wording
from ui.attendance_desk import AttendanceDesk
from ui.bridge import AgentBridge
from ui.check_in_fields import CheckInFields
from ui.image_work import ImageWork
from ui.place_choice import PlaceChoice


class CheckInChoice(PlaceChoice):
    """Says before pressing what a check-in at the marked place records."""

    fields: CheckInFields | None = None

    def __init__(self, bridge: AgentBridge, desk: AttendanceDesk, images: ImageWork, parent: QWidget | None) -> None:
        press = wording.translate("MainWindow", "Check in {name}").format(name=wording.first_name(bridge.snapshot()))
        super().__init__(
            bridge,
            parent,
            title=press,
            press=press,
            elsewhere=True,
            chosen=lambda location_id, _name, note: self._check_in(location_id, note),
        )
        self._desk = desk
        self.fields = CheckInFields(bridge, images, offer_more=True)
        self.fields.changed.connect(self.judge)
        self.column.insertWidget(self.column.indexOf(self.buttons), self.fields)
        line = self.fontMetrics().height()
        tallest = self.screen().availableGeometry().height()
        self.resize(max(360, 22 * line), min(max(600, 36 * line), tallest))  # large type needs the room
        self.judge()

    def judge(self) -> None:
        super().judge()
        if self.fields is not None:  # the list judges itself while it is built
            self.fields.show_place(self._bridge.snapshot(), self.marked)
            self.press.setEnabled(self.press.isEnabled() and self.fields.ready)

    def accept(self) -> None:
        """Not before what was added is safe here."""
        if self.fields is None or self.fields.ready:
            super().accept()

    def reject(self) -> None:
        """What was added goes with nothing."""
        if self.fields is not None:
            self.fields.photos.attachments.drop()
        super().reject()

    def _check_in(self, location_id: str | None, elsewhere: str) -> None:
        note, code, photos = self.fields.written() if self.fields is not None else ("", "", ())
        self._desk.check_in(location_id, elsewhere or note, code, photos)
