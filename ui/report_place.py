"""The place that a report is about: the session's until the person chooses one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu

from agent.api import Draft
from ui.bridge import AgentBridge
from ui.buttons import MenuButton
from ui.place_choice import PlaceChoice
from ui.tool_tip import plain_tip


class ReportPlace(MenuButton):
    """`chosen` tells that the person chose another."""

    chosen = Signal()

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__("place")
        self._bridge = bridge
        self.location_id: str | None = None
        self.by_person = False
        self._name = ""
        self._menu = QMenu(self)
        self.setMenu(self._menu)
        self._menu.aboutToShow.connect(self._fill)

    @property
    def name(self) -> str:
        """What it is called, or nothing."""
        return self._name

    def follow(self) -> None:
        """The session's place, unless the person chose one."""
        if not self.by_person:
            session = self._bridge.snapshot().session
            self._show(*(session.location_id, session.location) if session is not None else (None, ""))

    def show_draft(self, draft: Draft | None) -> None:
        """As a draft has it, or (None) as for a new report."""
        self.by_person = draft is not None and draft.place_chosen
        if draft is not None and draft.place_chosen:
            self._show(draft.location_id, draft.location)
        else:
            self.follow()

    def choose(self, location_id: str | None, name: str) -> None:
        """The person's choice."""
        self.by_person = True
        self._show(location_id, name)
        self.chosen.emit()

    def _show(self, location_id: str | None, name: str) -> None:
        self.location_id, self._name = location_id, name
        words = name or self.tr("No place")
        self.setText((words if len(words) <= 22 else f"{words[:21]}…").replace("&", "&&"))
        self.setToolTip(plain_tip(self.tr("The place this report is about: {place}").format(place=words)))

    def _fill(self) -> None:
        menu, session = self._menu, self._bridge.snapshot().session
        menu.clear()
        if session is not None and session.location_id is not None:
            here = (session.location_id, session.location)
            menu.addAction(session.location.replace("&", "&&"), lambda: self.choose(*here))
        menu.addAction(self.tr("No place"), lambda: self.choose(None, ""))
        menu.addAction(self.tr("Other place…"), self._ask)

    def _ask(self) -> None:
        PlaceChoice(
            self._bridge,
            self,
            title=self.tr("Place of the report"),
            press=self.tr("Use this place"),
            elsewhere=False,
            chosen=lambda location_id, name, _note: self.choose(location_id, name),
        ).open()
