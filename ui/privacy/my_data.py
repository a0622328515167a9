"""My data: all of it as one file, asking the organization to erase it, and this computer's copy and id."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from agent.api import (
    AgentError,
    AskErasure,
    Collected,
    Collecting,
    CollectMyData,
    DataRequest,
    DataRequests,
    EraseLocalCopy,
    ListDataRequests,
    OnlyHere,
    ResetInstallation,
    ShowOnlyHere,
)
from ui import wording
from ui.attachments import Chips
from ui.bridge import AgentBridge
from ui.card import Card
from ui.growing_box import GrowingBox
from ui.labels import BreakingLabel, TextLabel
from ui.privacy.confirm import Confirm
from ui.privacy.section import Section, clear
from ui.save_file import ask_where
from ui.switch import Switch
from ui.theme.scale import M, Type, spaced


class MyData(Section):
    """Four cards, the harmless one first."""

    def __init__(self, bridge: AgentBridge) -> None:
        super().__init__(bridge, wording.translate("PrivacyCentre", "My data"))
        self.column.addWidget(self.said)
        self.collect = CollectCard(self)
        self.asking = AskErasureCard(self)
        self.number = ResetCard(self)
        self.local = LocalCopyCard(self)
        for card in (self.collect, self.asking, self.number, self.local):
            self.column.addWidget(card)
        self.column.addStretch(1)

    @property
    def unsent(self) -> int:
        """How many items of the person's work are on this computer alone."""
        snapshot = self._bridge.snapshot()
        return snapshot.waiting + snapshot.sending + snapshot.needs_you

    @property
    def collecting(self) -> Collecting | None:
        """How far the ZIP is."""
        return self._bridge.snapshot().collecting

    def begin(self) -> None:
        for card in (self.collect, self.asking, self.number, self.local):
            card.begin()

    def arrive(self) -> None:
        self.local.take_back()
        super().arrive()

    def look(self) -> None:
        self.local.follow()
        self.collect.follow()
        self.ask(ShowOnlyHere(account=self.account), self.local.show_only_here)
        if not self.fresh or self.asking.unsent:
            self.fresh = True
            self.ask(ListDataRequests(account=self.account), self.asking.show_requests)


class DataCard(Card):
    """A heading, what it does, one button, and what came of it."""

    def __init__(self, section: Section, heading: str, explanation: str, act: str) -> None:
        super().__init__()
        self._section = section
        self.column.addWidget(TextLabel(heading, step=Type.STRONG))
        self.column.addWidget(TextLabel(explanation))
        self.act = QPushButton(act)
        self.said = BreakingLabel()
        self.said.hide()
        self.holder = QWidget()
        Chips(self.holder).addWidget(self.act)

    def begin(self) -> None:
        """Another account."""
        self.said.show_text("")
        self.act.setEnabled(True)

    def end(self, words: str) -> None:
        """What came of the press."""
        self.act.setEnabled(True)
        self.said.show_text(words)

    def failed(self, error: AgentError) -> None:
        """Why nothing came of it."""
        self.end(wording.told(error.sentence))


class CollectCard(DataCard):
    """Everything about the person as one ZIP."""

    def __init__(self, section: MyData) -> None:
        translate = wording.translate
        super().__init__(
            section,
            translate("MyData", "Everything about me"),
            translate(
                "MyData",
                "Your reports with their files, check-ins, comments, choices and log data, from this computer and from "
                "your organization's server, as one ZIP.",
            ),
            translate("MyData", "&Save as ZIP…"),
        )
        self._data = section
        self.column.addWidget(self.holder)
        self.column.addWidget(self.said)
        self.act.clicked.connect(self._choose_file)

    def _choose_file(self) -> None:
        day = datetime.now(UTC).astimezone().date().isoformat()
        ask_where(
            self,
            self.tr("Save everything about me"),
            name=self.tr("My data") + f" {day}",
            kinds={self.tr("ZIP (*.zip)"): "zip"},
            chosen=self.save_to,
        )

    def save_to(self, path: str) -> None:
        """Collect it in that file."""
        self.act.setEnabled(False)
        self.said.show_text(self.tr("Collecting… With many photos this takes a while; you can go on working."))
        self._section.do(CollectMyData(account=self._section.account, path=path), self._done, self.failed)

    def follow(self) -> None:
        """How far it is."""
        now = self._data.collecting
        if now is None or self.act.isEnabled():
            return
        if now.server_bytes is not None:
            words = self.tr("Collecting… What is on this computer is in it. From the server: {size} so far.").format(
                size=wording.size(now.server_bytes)
            )
        else:
            words = self.tr("Collecting… {files} of {all_files} files, {size} of {all_size}.").format(
                files=wording.number(now.files),
                all_files=wording.number(now.of_files),
                size=wording.size(now.bytes),
                all_size=wording.size(now.of_bytes),
            )
        self.said.show_text(words + "\n" + self.tr("You can go on working."))

    def _done(self, collected: Collected) -> None:
        lines = [
            self.tr("Saved in {path}, {size}.").format(
                path=wording.apart(collected.path), size=wording.size(collected.size)
            )
        ]
        if collected.server:
            lines.append(
                self.tr("The server's part is missing: {why} Save again later to have it too.").format(
                    why=wording.told(collected.server)
                )
            )
        self.end("\n".join(lines))


class AskErasureCard(DataCard):
    """A request to the organization, in the person's own words, and what became of the earlier ones."""

    def __init__(self, section: Section) -> None:
        translate = wording.translate
        super().__init__(
            section,
            translate("MyData", "Ask my organization to erase"),
            translate(
                "MyData",
                "Your organization answers for what it keeps about you. It may erase it, or say until when and why it "
                "has to keep it. The answer is signed and appears here.",
            ),
            translate("MyData", "&Ask for erasure"),
        )
        self.wish = GrowingBox(least_lines=2, most_lines=8)
        label = QLabel(translate("MyData", "&What should be erased?"))
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        label.setBuddy(self.wish)
        self.wish.setAccessibleName(label.text().replace("&", ""))
        self.wish.setPlaceholderText(translate("MyData", "All of it, for example"))
        self.column.addWidget(label)
        self.column.addWidget(self.wish)
        self.column.addWidget(self.holder)
        self.column.addWidget(self.said)
        self._list = spaced(QVBoxLayout(), gap=M)
        self.column.addLayout(self._list)
        self._whose = ""
        self._begun: dict[str, str] = {}
        """What somebody wrote here and did not send, while another account is shown."""
        self.requests: list[QWidget] = []
        self._shown: DataRequests | None = None
        self.act.clicked.connect(self._ask)

    def begin(self) -> None:
        super().begin()
        self._begun[self._whose] = self.wish.toPlainText()
        self._whose = self._section.account
        self.wish.setPlainText(self._begun.pop(self._whose, ""))
        self._shown = None
        clear(self.requests, self._list)

    @property
    def unsent(self) -> bool:
        """Whether a request is still on its way."""
        return self._shown is not None and any(not one.sent for one in self._shown.items)

    def _ask(self) -> None:
        self.act.setEnabled(False)
        command = AskErasure(account=self._section.account, wish=self.wish.toPlainText().strip())
        self._section.do(command, self._done, self.failed)

    def _done(self, asked: DataRequest) -> None:
        self.wish.clear()
        self.end(
            self.tr("Your organization has your request.")
            if asked.sent
            else self.tr("Saved here. It goes to your organization as soon as the server can be reached.")
        )
        self._section.arrive()

    def show_requests(self, found: DataRequests) -> None:
        """Newest first."""
        if found == self._shown:
            return
        self._shown = found
        clear(self.requests, self._list)
        if found.trouble:
            self._add(TextLabel(wording.told(found.trouble), step=Type.SMALL, ink="warn"))
        for request in found.items:
            self._add(RequestBlock(request))

    def _add(self, widget: QWidget) -> None:
        self.requests.append(widget)
        self._list.addWidget(widget)


class RequestBlock(QWidget):
    """One request and its answer. Both are the words of people, unless the server refused to take the request."""

    def __init__(self, request: DataRequest) -> None:
        super().__init__()
        column = spaced(QVBoxLayout(self), gap=2)
        ink = {"asked": "muted", "done": "good", "kept": "warn", "refused": "bad"}[request.state]
        column.addWidget(TextLabel(self._state(request), step=Type.STRONG, ink=ink))  # type: ignore[arg-type]
        if request.reason:
            column.addWidget(BreakingLabel(wording.told(request.reason)))
        if request.wish:
            column.addWidget(BreakingLabel(self.tr("You asked: {words}").format(words=request.wish), ink="muted"))
        asked = self.tr("Asked {when}").format(when=wording.when(request.asked))
        column.addWidget(TextLabel(asked, step=Type.SMALL, ink="muted"))

    def _state(self, request: DataRequest) -> str:
        if request.state == "asked":
            return self.tr("Not answered yet") if request.sent else self.tr("Waiting to be sent")
        until = wording.date_of(request.until) if request.until else ""
        return {
            "done": self.tr("Erased"),
            "kept": self.tr("Kept until {when}").format(when=until) if until else self.tr("Kept"),
            "refused": self.tr("Refused"),
        }[request.state]


class ResetCard(DataCard):
    """Another random id for what is sent from now on."""

    def __init__(self, section: Section) -> None:
        translate = wording.translate
        super().__init__(
            section,
            translate("MyData", "Installation id"),
            translate(
                "MyData",
                "Log data leaves under a random number that is not your name. With a new one, what comes cannot be "
                "tied to what was sent before. What was sent before can still be erased.",
            ),
            translate("MyData", "&New number"),
        )
        self.confirm = Confirm(self.act)
        for widget in (self.holder, self.confirm, self.said):
            self.column.addWidget(widget)
        self.act.clicked.connect(self._ask)

    def begin(self) -> None:
        self.confirm.put_away()
        super().begin()

    def _ask(self) -> None:
        self.confirm.ask(
            self.tr("Log data that still waits here is deleted, so that nothing ties the two numbers together."),
            act=self.tr("Take a new number"),
            keep=self.tr("Keep the old one"),
            done=self._reset,
        )

    def _reset(self) -> None:
        self.act.setEnabled(False)
        done = self.tr("From now on log data leaves under another number.")
        command = ResetInstallation(account=self._section.account)
        self._section.do(command, lambda _: self.end(done), self.failed)


class LocalCopyCard(DataCard):
    """Signs out and deletes what this computer keeps. Work that nobody else has is lost only by a tick of its own."""

    def __init__(self, section: MyData) -> None:
        translate = wording.translate
        super().__init__(
            section,
            translate("MyData", "This computer's copy"),
            translate(
                "MyData",
                "Signs you out and deletes everything that this computer keeps of this account. What your organization "
                "has received stays with your organization.",
            ),
            translate("MyData", "&Erase it here"),
        )
        self._data = section
        self._refused = False
        self._only_here = OnlyHere()
        self.warning = TextLabel(ink="bad")
        self.warning.hide()
        self.unsent_too = Switch(translate("MyData", "Delete the &unsent work, too"))
        self.unsent_too.hide()
        self.confirm = Confirm(self.act)
        for widget in (self.warning, self.unsent_too, self.holder, self.confirm, self.said):
            self.column.addWidget(widget)
        self.act.clicked.connect(self._ask)
        self.unsent_too.toggled.connect(self.follow)

    def take_back(self) -> None:
        """A tick or a question of an earlier visit is no answer to what would be lost now."""
        self.confirm.put_away()
        self.unsent_too.setChecked(False)

    def begin(self) -> None:
        self.take_back()
        self._refused = False
        self._only_here = OnlyHere()
        super().begin()

    def failed(self, error: AgentError) -> None:
        """Refused, because of something on this computer alone that is not shown here yet: the tick is offered."""
        super().failed(error)
        self._refused = self._refused or error.kind == "refused"
        self.follow()

    @property
    def _loses(self) -> bool:
        """Whether something would be lost, as far as it is known here."""
        return self._refused or bool(self._data.unsent or self._only_here)

    def show_only_here(self, found: OnlyHere) -> None:
        """What the snapshot does not count."""
        self._only_here = found
        self.follow()

    def follow(self) -> None:
        """What waits decides what has to be said."""
        self.warning.show_text("\n".join(self._lost()))
        self.unsent_too.setVisible(self._loses)
        if not self.confirm.isVisibleTo(self):
            self.act.setEnabled(not self._loses or self.unsent_too.isChecked())

    def _lost(self) -> list[str]:
        """A sentence for each kind of what would be lost."""
        here, lines = self._only_here, []
        if unsent := self._data.unsent:
            text = self.tr("The server has not received everything yet. On this computer alone: {count}.")
            lines.append(text.format(count=wording.number(unsent)))
        if here.drafts:
            lines.append(self.tr("Drafts on this computer alone: {count}.").format(count=wording.number(here.drafts)))
        if here.comments:
            text = self.tr("Comments that you began and did not send: {count}.")
            lines.append(text.format(count=wording.number(here.comments)))
        if here.besides and not lines:
            lines.append(
                self.tr(
                    "Something is on this computer alone: a request about your data, something that the server did not "
                    "take, or a damaged file."
                )
            )
        return lines

    def _ask(self) -> None:
        lost = self.tr("Work that the server has not received is lost for good.") + " " if self._loses else ""
        self.confirm.ask(
            lost + self.tr("To use this account here again you have to sign in again."),
            act=self.tr("Sign out and erase"),
            done=self._erase,
        )

    def _erase(self) -> None:
        self.act.setEnabled(False)
        unsent_too = self._loses and self.unsent_too.isChecked()
        command = EraseLocalCopy(account=self._section.account, unsent_too=unsent_too)
        self._section.do(command, lambda _: None, self.failed)
