"""Lost or withheld: how many records did not arrive and why, and the sum that shows that none is missing."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from agent.api import AgentError, ListLosses, Losses, LossItem
from ui import wording
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import TextLabel
from ui.privacy import words
from ui.privacy.section import clear
from ui.theme.scale import XS, M, S, Type, spaced

_WITHHELD = ("off", "undeclared", "expired", "wrong_fields")


class LossList(QWidget):
    """Nothing in here leads on; `opened` is there because the other lists of the ledger have it."""

    opened = Signal(object)

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__()
        self._bridge = bridge
        self._account = ""
        self._shown: Losses | None = None
        self._blocks: list[QWidget] = []
        self.said = TextLabel()
        self.said.hide()
        self.sum = Account()
        self.sum.hide()
        self.column = spaced(QVBoxLayout(self), gap=S)
        self.column.addWidget(self.said)
        self.column.addWidget(self.sum)
        self._reasons = spaced(QVBoxLayout(), gap=S)
        self.column.addLayout(self._reasons)
        self.column.addStretch(1)

    def refresh(self, account: str) -> None:
        """Read again."""
        if account != self._account:
            self._account = account
            self._shown = None
            self.said.show_text("")
            self.sum.hide()
            clear(self._blocks, self._reasons)
        self._bridge.query(
            ListLosses(account=account),
            self,
            lambda found: self._show(account, found),
            lambda error: self._failed(account, error),
        )

    def _failed(self, account: str, error: AgentError) -> None:
        if account == self._account:
            self.said.show_text(wording.told(error.sentence))

    def _show(self, account: str, found: Losses) -> None:
        if account != self._account:
            return
        self.said.show_text("")
        if found == self._shown:
            return
        self._shown = found
        self.sum.show_losses(found)
        self.sum.show()
        clear(self._blocks, self._reasons)
        lost = [one for one in found.items if one.reason not in _WITHHELD]
        withheld = [one for one in found.items if one.reason in _WITHHELD]
        self._add(self.tr("Recorded, and not sent or not kept"), lost, self.tr("Nothing was lost."))
        self._add(self.tr("Never recorded"), withheld, self.tr("Nothing was withheld."))

    def _add(self, heading: str, items: list[LossItem], nothing: str) -> None:
        blocks: list[QWidget] = [TextLabel(heading, step=Type.STRONG)]
        if not items:
            blocks.append(TextLabel(nothing, ink="muted"))
        else:
            card = Card()
            spaced(card.column, margins=M, gap=M)
            for item in sorted(items, key=lambda one: -one.count):
                card.column.addWidget(LossBlock(item))
            blocks.append(card)
        for block in blocks:
            self._reasons.addWidget(block)
        self._blocks += blocks


class Account(Card):
    """Recorded = arrived + waiting + lost + withdrawn, line by line as on a bill."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: dict[str, TextLabel] = {}
        for key, name, step in (
            ("recorded", self.tr("Recorded"), Type.STRONG),
            ("accepted", self.tr("arrived and kept"), Type.BODY),
            ("queued", self.tr("waiting here"), Type.BODY),
            ("purged", self.tr("withdrawn or removed by you"), Type.BODY),
            ("lost", self.tr("lost, as listed below"), Type.BODY),
        ):
            row = spaced(QHBoxLayout(), gap=S)
            row.addWidget(TextLabel(name, step=step), 1)
            number = TextLabel(step=step)
            number.setWordWrap(False)
            row.addWidget(number, 0, Qt.AlignmentFlag.AlignTop)
            self.lines[key] = number
            self.column.addLayout(row)
        self.sentence = TextLabel(step=Type.SMALL, ink="muted")
        self.column.addWidget(self.sentence)

    def show_losses(self, found: Losses) -> None:
        """The numbers, and whether they come to the same."""
        purged = sum(one.count for one in found.items if one.reason == "purged")
        lost = sum(one.count for one in found.items if one.reason not in ("purged", *_WITHHELD))
        numbers = {
            "recorded": found.recorded,
            "accepted": found.accepted,
            "queued": found.queued,
            "purged": purged,
            "lost": lost,
        }
        for key, value in numbers.items():
            self.lines[key].setText(wording.number(value))
        whole = found.recorded == found.accepted + found.queued + purged + lost
        self.sentence.setText(
            self.tr("The lines below the first add up to it: every record is accounted for.")
            if whole
            else self.tr("The lines below the first do not add up to it yet, because some are being written now.")
        )


class LossBlock(QWidget):
    """A reason, how many and how much, and what it means."""

    def __init__(self, item: LossItem) -> None:
        super().__init__()
        column = spaced(QVBoxLayout(self), gap=XS)
        row = spaced(QHBoxLayout(), gap=S)
        row.addWidget(TextLabel(words.loss(item.reason)), 1)
        count = TextLabel(wording.number(item.count), step=Type.STRONG)
        count.setWordWrap(False)
        row.addWidget(count, 0, Qt.AlignmentFlag.AlignTop)
        column.addLayout(row)
        more = wording.joined(
            wording.category(item.category) if item.category is not None else "",
            wording.size(item.bytes) if item.bytes else "",
        )
        lines = [line for line in (wording.told(item.explanation), more) if line]
        column.addWidget(TextLabel("\n".join(lines), step=Type.SMALL, ink="muted"))
