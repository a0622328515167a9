"""What a check-in may carry beside its place: the code shown there, a note, photos; and the sentence that says so."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from agent.api import LocationItem, Snapshot
from ui import attendance_words
from ui.bridge import AgentBridge
from ui.code_field import CodeField
from ui.event_photos import EventPhotos
from ui.image_work import ImageWork
from ui.labels import TextLabel
from ui.theme.scale import S, Type, spaced

NOTE_LENGTH = 200


class CheckInFields(QWidget):
    """Each field is there only where it is asked for; with `offer_more` note and photos wherever there is a place.
    `pressed`: Enter in one of them, which commits. `changed`: photos came or went, see `ready`."""

    pressed = Signal()
    changed = Signal()

    def __init__(self, bridge: AgentBridge, images: ImageWork, *, offer_more: bool = False) -> None:
        super().__init__()
        self._offer_more = offer_more
        self._snapshot = Snapshot()
        self._place: LocationItem | None = None
        self._looked = True
        self.code, self.note = CodeField(), QLineEdit()
        self.code_label = QLabel(self.tr("&Code shown there"))
        self.note_label = QLabel(self.tr("&Note"))
        self.evidence = TextLabel(step=Type.SMALL, ink="muted")
        self.note.setMaxLength(NOTE_LENGTH)
        self.note.setAccessibleName(self.tr("Note for the check-in"))
        self.note.setPlaceholderText(self.tr("What you came for, in a few words"))
        column = spaced(QVBoxLayout(self), gap=S)
        self._form = spaced(QFormLayout(), gap=S)
        self._form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)  # large type in a narrow window
        self._form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        column.addLayout(self._form)
        for label, field in ((self.code_label, self.code), (self.note_label, self.note)):
            label.setBuddy(field)
            self._form.addRow(label, field)
            field.textChanged.connect(self._say)
            field.returnPressed.connect(self.pressed)
        self.photos = EventPhotos(bridge, images)
        self.photos.changed.connect(self._say)
        self.photos.changed.connect(self.changed)
        column.addWidget(self.photos)
        column.addWidget(self.evidence)

    @property
    def ready(self) -> bool:
        """Whether all that was added is safe here, so that a press takes it along."""
        return self.photos.ready

    def show_place(self, snapshot: Snapshot, place: LocationItem | None, *, looked: bool = True) -> None:
        """For a check-in at `place`, or (None) elsewhere, where the place itself is a note. `looked`: that it is known
        whether this computer is in a network of the place."""
        if place is None or self._place is None or place.location_id != self._place.location_id:
            self.forget()
        self._snapshot, self._place, self._looked = snapshot, place, looked
        digits = place.code_digits if place is not None else 0
        self.code.expect(digits)
        self._ask(
            code=bool(digits),
            note=place is not None and (snapshot.note_required or self._offer_more),
            photos=snapshot.photo_required or self._offer_more,
        )
        self._say()

    def show_other(self, sentence: str) -> None:
        """For anything but a check-in: only what it records."""
        self._place = None
        self.forget()
        self.photos.recorded()
        self._ask(code=False, note=False, photos=False)
        self.evidence.show_text(sentence)

    def _ask(self, *, code: bool, note: bool, photos: bool) -> None:
        self.photos.setVisible(photos)
        self._form.setRowVisible(self.code, code)
        self._form.setRowVisible(self.note, note)

    def fill_code(self, code: str) -> None:
        """The code that a link carries, where the place has one."""
        if code and not self.code.isHidden():
            self.code.fill(code)

    def first_missing(self) -> QLineEdit | None:
        """The first field that is asked for and not filled."""
        if not self.code.isHidden() and not self.code.complete:
            return self.code
        return self.note if not self.note.isHidden() and not self.note.text().strip() else None

    def forget(self) -> None:
        """What was typed was recorded, or was for another place."""
        self.code.clear()
        self.note.clear()

    def written(self) -> tuple[str, str, tuple[str, ...]]:
        """The note, the code and the photos, each of which may be empty."""
        return self.note.text().strip(), self.code.text().strip(), self.photos.media

    def _say(self) -> None:
        note = self.note.text() if self._place is not None else "-"
        self.evidence.show_text(
            attendance_words.before_check_in(
                self._snapshot,
                self._place,
                self.code.code,
                note,
                fits=self.code.complete,
                looked=self._looked,
                photos=len(self.photos.media),
            )
        )
