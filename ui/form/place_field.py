"""One of the organization's places."""

from PySide6.QtWidgets import QHBoxLayout

from ui.buttons import IconButton, MenuButton
from ui.form.answer_field import AnswerField
from ui.place_choice import PlaceChoice
from ui.theme.scale import S, spaced


class PlaceField(AnswerField):
    """Named by the tools, or by whoever chose it."""

    def build(self) -> None:
        self.button = MenuButton("place")
        self.button.setFlat(False)
        self.clear = IconButton("remove", self.tr("Clear {label}").format(label=self.field.label))
        self.part(self.button)
        self.part(self.clear, self.clear.accessibleName())
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(self.button)
        row.addWidget(self.clear)
        row.addStretch(1)
        self.column.addLayout(row)
        self._show()
        self.button.clicked.connect(self._ask)
        self.clear.clicked.connect(self._clear)

    def _show(self) -> None:
        unknown = self.tr("A place that is not known here")
        name = self.tools.places.get(self.value, unknown) if isinstance(self.value, str) else self.tr("Choose a place…")
        self.button.setText(name.replace("&", "&&"))
        self.button.setAccessibleName(f"{self.field.label}: {name}")
        self.clear.setVisible(self.value is not None and not self.tools.read_only)

    def _ask(self) -> None:
        PlaceChoice(
            self.tools.bridge,
            self,
            title=self.field.label,
            press=self.tr("Use this place"),
            elsewhere=False,
            chosen=self._chosen,
        ).open()

    def _chosen(self, location_id: str | None, name: str, _note: str) -> None:
        if location_id is not None:
            self.tools.places[location_id] = name
        self.answer(location_id)
        self._show()
        self.button.setFocus()

    def _clear(self) -> None:
        self.answer(None)
        self._show()
        self.button.setFocus()
