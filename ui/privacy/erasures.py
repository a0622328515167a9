"""Erasure of log data that was sent: asked for, followed until the signed receipt is here, and the receipt saved."""

from functools import partial
from pathlib import Path

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from agent.api import EraseSent, ErasureItem, Erasures, ListErasures
from ui import wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import BreakingLabel, TextLabel
from ui.privacy import words
from ui.privacy.confirm import Confirm
from ui.privacy.section import Section, clear
from ui.save_file import ask_where
from ui.theme.scale import S, Type, spaced


class ErasureSection(Section):
    """All that was sent at once; a single category is erased where it is switched off."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(bridge, wording.translate("PrivacyCentre", "Erasure"))
        self._shown: Erasures | None = None
        self.cards: list[ErasureCard] = []
        self.add_lead(
            self.tr(
                "Log data that was sent can be erased. Your organization's server then signs a receipt that says what "
                "is gone. For your reports and check-ins see My data."
            )
        )
        self.erase = QPushButton(self.tr("&Erase all of it"))
        self.confirm = Confirm(self.erase)
        holder = QWidget()
        Chips(holder).addWidget(self.erase)
        self.column.addWidget(holder)
        self.column.addWidget(self.confirm)
        self.empty = TextLabel(self.tr("No erasure was asked for yet."), ink="muted")
        self.empty.hide()
        self.column.addWidget(self.empty)
        self._list = spaced(QVBoxLayout(), gap=S)
        self.column.addLayout(self._list)
        self.column.addStretch(1)
        self.erase.clicked.connect(self._ask)

    def begin(self) -> None:
        self.confirm.put_away()
        self._shown = None
        clear(self.cards, self._list)

    def look(self) -> None:
        self.ask(ListErasures(account=self.account), self._show)

    def _show(self, found: Erasures) -> None:
        if found == self._shown:
            return
        self._shown = found
        self.empty.setVisible(not found.items)
        clear(self.cards, self._list)
        for item in found.items:
            self.cards.append(ErasureCard(item))
            self._list.addWidget(self.cards[-1])

    def _ask(self) -> None:
        self.confirm.ask(
            self.tr(
                "The server erases everything that this installation sent as log data, and does not take it again. "
                "What you allowed stays allowed; this computer's copy stays until you clear it."
            ),
            act=self.tr("Erase it"),
            keep=self.tr("Leave it"),
            done=lambda: self.do(EraseSent(account=self.account), self._asked),
        )

    def _asked(self, _item: ErasureItem) -> None:
        self.say(self.tr("Asked. It is tried again by itself until the receipt is here, also after a restart."))
        self.refresh()


class ErasureCard(Card):
    """One erasure: when it was asked for, what it covers, how far it is."""

    def __init__(self, item: ErasureItem) -> None:
        super().__init__()
        self.item = item
        done = item.state == "done"
        what = words.listed([wording.category(one) for one in item.categories]) or self.tr("All log data")
        self.column.addWidget(TextLabel(what, step=Type.STRONG))
        self.state = TextLabel(self._state(), ink="good" if done else "text")
        self.column.addWidget(self.state)
        self.relayed = BreakingLabel(self._relayed(), ink="warn")
        self.column.addWidget(self.relayed)
        self.relayed.setVisible(bool(item.relayed))
        self.trouble = BreakingLabel(step=Type.SMALL, ink="muted")
        self.column.addWidget(self.trouble)
        self.trouble.show_text(wording.told(item.trouble) if not done else "")
        asked = self.tr("Asked {when}").format(when=wording.when(item.asked))
        self.column.addWidget(TextLabel(asked, step=Type.SMALL, ink="muted"))
        self.said = TextLabel(step=Type.SMALL)
        self.said.hide()
        self.saves: list[QPushButton] = []
        holder = QWidget()
        chips = Chips(holder)
        for number, receipt in enumerate(item.receipts, start=1):
            button = QPushButton(
                self.tr("Save receipt…")
                if len(item.receipts) == 1
                else self.tr("Save receipt {number}…").format(number=wording.number(number))
            )
            button.clicked.connect(partial(self._choose_file, receipt))
            self.saves.append(button)
            chips.addWidget(button)
        if self.saves:
            self.column.addWidget(holder)
        self.column.addWidget(self.said)

    def _state(self) -> str:
        item = self.item
        if item.state == "done" and item.done is not None:
            return self.tr("Erased {when}: {count}. The receipt is signed and was verified.").format(
                when=wording.when(item.done), count=wording.log_records(item.erased)
            )
        return self.tr("Waiting for the server's receipt.")

    def _relayed(self) -> str:
        return "\n".join(
            self.tr("Passed on before to {whom}, and not ours to erase: {count}. Ask there.").format(
                whom=wording.apart(whom), count=wording.log_records(count)
            )
            for whom, count in self.item.relayed.items()
        )

    def _choose_file(self, receipt: str, _checked: bool = False) -> None:
        name = self.tr("Erasure receipt") + f" {self.item.asked[:10]}"
        kinds = {self.tr("JSON (*.json)"): "json"}
        ask_where(
            self, self.tr("Save the receipt"), name=name, kinds=kinds, chosen=lambda path: self.save_to(receipt, path)
        )

    def save_to(self, receipt: str, path: str) -> None:
        """Write the signed statement as it came."""
        try:
            Path(path).write_text(receipt, encoding="utf-8")
        except OSError as error:
            self.said.show_text(
                self.tr("{path} could not be written: {why}. Choose another place.").format(
                    path=wording.apart(path), why=error.strerror
                )
            )
            return
        self.said.show_text(
            self.tr("Saved in {path}. “miratag receipt verify” reads it, without a network.").format(
                path=wording.apart(path)
            )
        )
