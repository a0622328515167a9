"""Whom the organization's server passes log data on to, by name. What it says of them is its own text."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from protocol.discovery import ThirdParty
from ui import wording
from ui.labels import BreakingLabel
from ui.privacy.section import clear
from ui.theme.scale import XS, Type, spaced


class Receivers(QWidget):
    """Each with its host, what for and what it gets; takes no room where there is none."""

    def __init__(self) -> None:
        super().__init__()
        self._column = spaced(QVBoxLayout(self), gap=XS)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._shown: tuple[tuple[ThirdParty, ...], tuple[str, ...]] = ((), ())
        self.labels: list[BreakingLabel] = []
        self.hide()

    def show_parties(self, parties: tuple[ThirdParty, ...], new: tuple[str, ...] = ()) -> None:
        """`new` are the names of those that came since the person chose."""
        if (parties, new) == self._shown:
            return
        self._shown = (parties, new)
        clear(self.labels, self._column)
        for party in parties:
            name = f"{party.name} ({wording.apart(party.host)})"
            words = (
                self.tr("Passed on to {name}, new since you allowed it")
                if party.name in new
                else self.tr("Passed on to {name}")
            )
            self._add(BreakingLabel(words.format(name=wording.apart(name))))
            self._add(BreakingLabel(wording.told(party.purpose), step=Type.SMALL, ink="muted"))
            gets = self.tr("It gets: {what}").format(what=wording.told(party.receives))
            self._add(BreakingLabel(gets, step=Type.SMALL, ink="muted"))
        self.setVisible(bool(parties))

    def _add(self, label: BreakingLabel) -> None:
        self.labels.append(label)
        self._column.addWidget(label)
