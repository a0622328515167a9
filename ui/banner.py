"""The one banner: the sentence that matters most, with its next step where there is one."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from agent.api import Banner, PolicyTextItem, Snapshot
from ui import wording
from ui.attachments import Chips
from ui.card import Card
from ui.labels import BreakingLabel, TextLabel

_MOST_OF_CHANGES = 300
"""Characters of what the organization says has changed; the rest is where the button leads."""


class BannerCard(Card):
    """A trouble of the window itself goes before the agent's banner until it is put away. `policy_wished` carries the
    version of the privacy policy that the banner is about, `put_away` the agent's banner that was closed."""

    sign_in = Signal()
    retry = Signal()
    policy_wished = Signal(object)
    choices_wished = Signal()
    put_away = Signal(object)

    def __init__(self) -> None:
        super().__init__(notice=True)
        self._own = ""
        self._snapshot = Snapshot()
        self.sentence = TextLabel()
        self.changes = BreakingLabel()
        self.calming = TextLabel(self.tr("It switches nothing on, and your work goes on as before."), ink="muted")
        self.step = QPushButton(self.tr("Si&gn in"))
        self.again = QPushButton(self.tr("&Retry"))
        self.read = QPushButton(self.tr("Rea&d what changed"))
        self.choose = QPushButton(self.tr("See the &choice"))
        self.close_button = QPushButton(self.tr("Close"))
        self._steps = QWidget()
        chips = Chips(self._steps)
        for button in (self.again, self.step, self.read, self.choose, self.close_button):
            chips.addWidget(button)
        for widget in (self.sentence, self.changes, self.calming, self._steps):
            self.column.addWidget(widget)
        self.step.clicked.connect(self.sign_in)
        self.again.clicked.connect(self.retry)
        self.read.clicked.connect(lambda: self.policy_wished.emit(self._policy))
        self.choose.clicked.connect(self.choices_wished)
        self.close_button.clicked.connect(self._put_away)
        self.hide()

    def show_trouble(self, sentence: str) -> None:
        """A sentence of the window's own."""
        self._own = sentence
        self._show()

    def refresh(self, snapshot: Snapshot) -> None:
        """The agent's banner."""
        self._snapshot = snapshot
        self._show()

    @property
    def _banner(self) -> Banner | None:
        """The agent's, while it is seen."""
        return None if self._own else self._snapshot.banner

    @property
    def _policy(self) -> PolicyTextItem | None:
        """The version that the banner is about, while it is seen."""
        return self._banner.policy if self._banner is not None else None

    def _put_away(self) -> None:
        if self._own:
            self.show_trouble("")
        elif self._banner is not None:
            self.put_away.emit(self._banner)

    def _show(self) -> None:
        banner, policy = self._banner, self._policy
        kind = banner.kind if banner is not None else ""
        self.sentence.show_text(self._own or (self._words(banner) if banner else ""))
        self.changes.show_text(_shortened(policy.changes) if policy else "")
        self.calming.setVisible(policy is not None)
        self.step.setVisible(kind in ("sign_in", "keyring"))
        self.again.setVisible(kind == "keyring")
        self.read.setVisible(policy is not None)
        self.choose.setVisible(kind == "passed_on_to_more")
        self.step.setEnabled(not self._snapshot.signing_in)
        self.close_button.setVisible(bool(self._own) or kind in ("policy_changed", "passed_on_to_more"))
        shown = (self.again, self.step, self.read, self.choose, self.close_button)
        self._steps.setVisible(any(one.isVisibleTo(self._steps) for one in shown))
        self.setVisible(bool(self._own) or banner is not None)

    def _words(self, banner: Banner) -> str:
        if banner.policy is None:
            return wording.told(banner.sentence)
        words = (
            self.tr("Your organization's privacy policy has changed. The new version holds since {day}.")
            if banner.policy.current
            else self.tr("Your organization's privacy policy changes. The new version holds from {day} on.")
        )
        return words.format(day=wording.date_of(banner.policy.effective))


def _shortened(words: str) -> str:
    return words if len(words) <= _MOST_OF_CHANGES else f"{words[:_MOST_OF_CHANGES].rstrip()}…"
