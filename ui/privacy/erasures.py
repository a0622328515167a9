"""Erasure of log data that was sent: asked for, followed until the signed receipt is here, and the receipt saved."""

from functools import partial

from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from agent.api import EraseSent, ErasureItem, Erasures, ListErasures, SaveErasureReceipt, Written
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
        kept = {card.item.erasure_id: card for card in self.cards}
        self.cards = []
        for at, item in enumerate(found.items):
            card = kept.pop(item.erasure_id, None)
            if card is None:
                card = ErasureCard(self, item)
                self._list.insertWidget(at, card)
            card.show_item(item)
            self.cards.append(card)
        clear(list(kept.values()), self._list)

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
    """One erasure: when it was asked for, what it covers, how far it is. It stays while that changes, with what has the
    keyboard in it and a dialog that is open."""

    def __init__(self, section: Section, item: ErasureItem) -> None:
        super().__init__()
        self._section = section
        self.item = item
        what = words.listed([wording.category(one) for one in item.categories]) or self.tr("All log data")
        self.column.addWidget(TextLabel(what, step=Type.STRONG))
        self.waiting, self.done = TextLabel(), TextLabel(ink="good")
        self.relayed = BreakingLabel(ink="warn")
        self.trouble = BreakingLabel(step=Type.SMALL, ink="muted")
        for label in (self.waiting, self.done, self.relayed, self.trouble):
            self.column.addWidget(label)
        asked = self.tr("Asked {when}").format(when=wording.when(item.asked))
        self.column.addWidget(TextLabel(asked, step=Type.SMALL, ink="muted"))
        self.said = TextLabel(step=Type.SMALL)
        self.said.hide()
        self.saves: list[QPushButton] = []
        self._holder = QWidget()
        self._chips = Chips(self._holder)
        self._holder.hide()
        self.column.addWidget(self._holder)
        self.column.addWidget(self.said)

    def show_item(self, item: ErasureItem) -> None:
        """How far it is now."""
        self.item = item
        done = item.done if item.state == "done" else None
        self.waiting.show_text("" if done else self.tr("Waiting for the server's receipt."))
        self.done.show_text(
            self.tr("Erased {when}: {count}. The receipt is signed and was verified.").format(
                when=wording.when(done), count=wording.log_records(item.erased)
            )
            if done
            else ""
        )
        self.relayed.show_text(self._relayed())
        self.trouble.show_text("" if done else wording.told(item.trouble))
        for number in range(len(self.saves), len(item.receipts)):
            button = QPushButton()
            button.clicked.connect(partial(self._choose_file, number))
            self.saves.append(button)
            self._chips.addWidget(button)
        for number, button in enumerate(self.saves, start=1):
            button.setText(
                self.tr("Save receipt…")
                if len(self.saves) == 1
                else self.tr("Save receipt {number}…").format(number=wording.number(number))
            )
        self._holder.setVisible(bool(self.saves))

    def _relayed(self) -> str:
        return "\n".join(
            self.tr("Passed on before to {whom}, and not ours to erase: {count}. Ask there.").format(
                whom=wording.apart(whom), count=wording.log_records(count)
            )
            for whom, count in self.item.relayed.items()
        )

    def _choose_file(self, number: int, _checked: bool = False) -> None:
        name = self.tr("Erasure receipt") + f" {self.item.asked[:10]}"
        kinds = {self.tr("JSON (*.json)"): "json"}
        ask_where(
            self, self.tr("Save the receipt"), name=name, kinds=kinds, chosen=lambda path: self.save_to(number, path)
        )

    def save_to(self, number: int, path: str) -> None:
        """Write the signed statement as it came."""
        command = SaveErasureReceipt(
            account=self._section.account, erasure_id=self.item.erasure_id, number=number, path=path
        )
        self._section.do(command, self._saved, lambda error: self.said.show_text(wording.told(error.sentence)))

    def _saved(self, written: Written) -> None:
        self.said.show_text(
            self.tr("Saved in {path}. “miratag receipt verify” reads it, without a network.").format(
                path=wording.apart(written.path)
            )
        )
