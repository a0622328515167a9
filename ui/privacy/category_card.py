"""One category of log data as a choice: the switch, what it would record, and what taking it back does."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QSizePolicy, QVBoxLayout, QWidget

from agent.api import (
    AgentError,
    CatalogEvent,
    ChoiceView,
    EraseSent,
    ErasureItem,
    LedgerPage,
    ListLedger,
    SetConsent,
)
from ui import wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.card import Card
from ui.labels import TextLabel
from ui.privacy import words
from ui.privacy.opener import Opener
from ui.privacy.receivers import Receivers
from ui.privacy.section import clear
from ui.switch import Switch
from ui.theme.scale import XS, S, Type, spaced


class CategoryCard(Card):
    """The switch is the person's choice, not what is in effect; where that is locked the reason says by whom."""

    erasure_wished = Signal()
    """To see how far an erasure is."""

    def __init__(self, bridge: AgentBridge, account: str) -> None:
        super().__init__()
        self._bridge, self._account = bridge, account
        self._view: ChoiceView | None = None
        self.switch = Switch()
        self.purpose = TextLabel()
        self.reason = TextLabel(ink="warn")
        self.passed_on = Receivers()
        self.facts = TextLabel(step=Type.SMALL, ink="muted")
        self.state = TextLabel(step=Type.SMALL)
        self.offer = ErasureOffer()
        self.follow = QPushButton(self.tr("How &far it is"))
        self.fields = FieldList()
        self.opener = Opener(self.tr("What it records"), self.fields)
        for widget in (
            self.switch,
            self.purpose,
            self.reason,
            self.passed_on,
            self.facts,
            self.state,
            self.offer,
            self.follow,
            self.opener,
        ):
            self.column.addWidget(widget)
        self.column.addWidget(self.fields)
        self.state.hide()
        self.follow.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.follow.hide()
        self.follow.clicked.connect(self.erasure_wished)
        self.switch.turned.connect(self._switched)
        self.offer.wished.connect(self._erase)

    def show_view(self, view: ChoiceView) -> None:
        """What the agent knows."""
        self._view = view
        name = wording.category(view.category)
        self.switch.setText(self.tr("Send {category}").format(category=name.lower()))
        if not self.switch.held:
            self.switch.setChecked(view.state == "granted")
            self.switch.setEnabled(not view.locked)
        self.purpose.setText(wording.told(view.purpose))
        self.reason.show_text(wording.told(view.locked or view.trouble))
        self.passed_on.show_parties(view.third_parties, view.third_parties_new)
        self.facts.setText(self._facts(view))
        self.opener.setAccessibleName(self.tr("What {category} would record").format(category=name.lower()))
        self.opener.setVisible(bool(view.events))
        self.fields.show_events(view.events)

    def _facts(self, view: ChoiceView) -> str:
        kept = self._kept(view)
        counts = self.tr("Nothing of it was sent.")
        if view.sent or view.queued:
            last = self.tr("last {when}").format(when=wording.when(view.last_sent)) if view.last_sent else ""
            counts = wording.joined(
                wording.translate("CategoryCard", "%n sent", "", view.sent),
                wording.translate("CategoryCard", "%n waiting here", "", view.queued),
                last,
            )
        stop = self.tr("Switching it off stops it at once and deletes what waits here.") if view.effective else ""
        return "\n".join(line for line in (kept, counts, stop) if line)

    def _kept(self, view: ChoiceView) -> str:
        """How long; where that differs, the list of what it records says it of each."""
        least = min((event.retention_days for event in view.events), default=view.kept_days)
        if not view.kept_days:
            return ""
        if least == view.kept_days:
            return self.tr("Kept for {days} by the server.").format(days=words.days(view.kept_days))
        return self.tr("Kept by the server for {least} to {days}, as listed below for each event.").format(
            least=wording.number(least), days=words.days(view.kept_days)
        )

    def _switched(self, granted: bool) -> None:
        if self._view is None:
            return
        waited = self._view.queued
        self.switch.hold()
        self.offer.hide()
        self.follow.hide()
        self.state.show_text(
            self.tr("Switching on…") if granted else self.tr("Stopping, and deleting what was not sent…")
        )

        def done(_: object) -> None:
            self._end()
            self.state.show_text(self._came_of_it(granted=granted, waited=waited))
            if not granted:
                self._look_for_sent()

        command = SetConsent(
            account=self._account,
            category=self._view.category,
            state="granted" if granted else "denied",
            third_parties=self._view.third_parties if granted and self._view.category == "third_party" else None,
        )
        self._bridge.submit(command, self, done, self._failed)

    def _came_of_it(self, *, granted: bool, waited: int) -> str:
        if granted:
            return self.tr("Switched on. You can take it back at any time.")
        if waited:
            return self.tr("Off. What waited here is deleted and never leaves: {count}.").format(
                count=wording.log_records(waited)
            )
        return self.tr("Off. Nothing of it waited here, and nothing of it leaves any more.")

    def _end(self) -> None:
        self.switch.let_go()
        if self._view is not None:
            self.switch.setEnabled(not self._view.locked)

    def _failed(self, error: AgentError) -> None:
        self._end()
        if self._view is not None:
            self.show_view(self._view)
        self.state.hide()
        self.reason.show_text(wording.told(error.sentence))

    def _look_for_sent(self) -> None:
        """What was received, or is not known not to be, can be erased."""
        view = self._view
        if view is None:
            return

        def found(page: LedgerPage) -> None:
            uncertain = any(one.state == "may_have_arrived" and one.category == view.category for one in page.items)
            self.offer.offer(view.sent, uncertain=uncertain)

        self._bridge.query(
            ListLedger(account=self._account), self, found, lambda _: self.offer.offer(view.sent, uncertain=False)
        )

    def _erase(self) -> None:
        if self._view is None:
            return
        self.offer.hide()  # asked once

        def failed(error: AgentError) -> None:
            self._failed(error)
            self.offer.show()

        command = EraseSent(account=self._account, categories=(self._view.category,))
        self._bridge.submit(command, self, self._asked, failed)

    def _asked(self, _item: ErasureItem) -> None:
        self.state.show_text(self.tr("Erasure is asked for, and is tried until the signed receipt is here."))
        self.follow.show()
        self.follow.setFocus()  # the button that had the keyboard is gone


class ErasureOffer(QWidget):
    """After something was taken back: what was sent before can be erased too, or left."""

    wished = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.words = TextLabel(step=Type.SMALL)
        self.erase = QPushButton(self.tr("&Have it erased"))
        self.leave = QPushButton(self.tr("&Leave it"))
        column = spaced(QVBoxLayout(self), gap=XS)
        column.addWidget(self.words)
        holder = QWidget()
        chips = Chips(holder)
        chips.addWidget(self.erase)
        chips.addWidget(self.leave)
        column.addWidget(holder)
        self.erase.clicked.connect(self.wished)
        self.leave.clicked.connect(self.hide)
        self.hide()

    def offer(self, sent: int, *, uncertain: bool) -> None:
        """Nothing to offer where nothing left."""
        lines = (
            self.tr("Sent so far: {count}. What the server still has of it can be erased.").format(
                count=wording.log_records(sent)
            )
            if sent
            else "",
            self.tr("Some of it may have arrived, though no answer came.") if uncertain else "",
        )
        self.words.setText(" ".join(line for line in lines if line))
        self.setVisible(bool(sent) or uncertain)


class FieldList(QWidget):
    """Each event as the catalog declares it, with every field and all that it can hold."""

    def __init__(self) -> None:
        super().__init__()
        self._column = spaced(QVBoxLayout(self), gap=XS)
        self._column.setContentsMargins(S, 0, 0, 0)
        self._events: tuple[CatalogEvent, ...] | None = None
        self._labels: list[QWidget] = []

    def show_events(self, events: tuple[CatalogEvent, ...]) -> None:
        """Made anew only where the catalog is another one."""
        if events == self._events:
            return
        self._events = events
        clear(self._labels, self._column)
        for event in events:
            self._add(TextLabel(wording.event(event.name)))
            self._add(TextLabel(words.declaration(event), step=Type.SMALL, ink="muted"))
            self._add(TextLabel(words.declared_fields(event), step=Type.SMALL))
            self._column.addSpacing(XS)

    def _add(self, label: TextLabel) -> None:
        self._labels.append(label)
        self._column.addWidget(label)
