"""Drafts of the Write card: what is written is handed to the agent soon after; and the list of all of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import uuid6
from PySide6.QtCore import QObject, QTimer, Signal

from agent.api import (
    AgentError,
    DiscardDraft,
    Draft,
    DraftItem,
    DraftList,
    DraftSaved,
    ListDrafts,
    OpenDraft,
    SaveDraft,
)
from ui.bridge import AgentBridge

SAVE_WITHIN_MS = 500
"""From the first change that is not saved; later ones do not put it off, so no more than this much typing is lost."""


@dataclass(frozen=True)
class Written:
    """What stands in the card, or on the page of a checklist, now."""

    text: str = ""
    location_id: str | None = None
    place_chosen: bool = False
    media: tuple[str, ...] = ()
    template_id: str | None = None
    template_version: int | None = None
    answers: dict[str, Any] = field(default_factory=dict)

    @property
    def is_something(self) -> bool:
        """Whether there is anything to keep: a checklist that was touched is, also when its answers are taken back."""
        return bool(self.text.strip() or self.media or self.template_id)


class DraftDesk(QObject):
    """Saves one draft at a time, whose id is the id that its report will have. `written` reads the card; with `lists`
    the list of all drafts is kept too."""

    changed = Signal()
    """The list, when the draft was saved, or why it could not be: read again."""

    def __init__(
        self, bridge: AgentBridge, written: Callable[[], Written], parent: QObject, *, lists: bool = True
    ) -> None:
        super().__init__(parent)
        self._bridge, self._written, self._lists = bridge, written, lists
        self._dirty = False
        self._unsaved: dict[str, SaveDraft | DiscardDraft] = {}
        self.account = ""
        self.draft_id = _new_id()
        self.edits: str | None = None
        self.saved_at = ""
        self.sentence = ""
        self.items: tuple[DraftItem, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=SAVE_WITHIN_MS)
        self._soon.timeout.connect(self.save)

    def touch(self) -> None:
        """Something was written: it is saved within SAVE_WITHIN_MS."""
        self._dirty = True
        if self.account and not self._soon.isActive():
            self._soon.start()

    def save(self, done: Callable[[], None] | None = None, failed: Callable[[], None] | None = None) -> None:
        """Hand over what is not saved now; `done` once all is on disk, else `failed`."""
        self._soon.stop()
        commands, self._unsaved = list(self._unsaved.values()), {}
        if self._dirty and self.account:
            self._dirty = False
            commands.append(self._command())

        def settled() -> None:
            ended = failed if self._unsaved or self.sentence else done
            if ended is not None:
                ended()

        for command in commands:
            # The agent takes them in order: when the last is settled, all are.
            last = settled if command is commands[-1] else _nothing
            self._submit(command, last)
        if not commands:
            settled()

    def _submit(self, command: SaveDraft | DiscardDraft, then: Callable[[], None]) -> None:
        def saved(result: DraftSaved | None) -> None:
            if command.draft_id == self.draft_id:
                self.saved_at = result.saved_at if result is not None else ""
                self.sentence = ""
                self.changed.emit()
            self.refresh()
            then()

        def refused(error: AgentError) -> None:
            if command.draft_id == self.draft_id:
                self._dirty = True  # the next change tries again
                self.sentence = error.sentence
                self.changed.emit()
            else:  # it stands nowhere else any more
                self._unsaved[command.draft_id] = command
                self._bridge.trouble.emit(error.sentence)
            then()

        self._bridge.submit(command, self, saved, refused)

    def _command(self) -> SaveDraft | DiscardDraft:
        written = self._written()
        if not written.is_something and self.edits is None:  # an emptied change is still one, not a new report
            return DiscardDraft(account=self.account, draft_id=self.draft_id)
        return SaveDraft(
            account=self.account,
            draft_id=self.draft_id,
            text=written.text,
            location_id=written.location_id,
            place_chosen=written.place_chosen,
            media=written.media,
            template_id=written.template_id,
            template_version=written.template_version,
            answers=written.answers,
        )

    def begin(self, account: str, draft: Draft | None = None) -> None:
        """Another draft stands in the card now, or (None) an empty one."""
        self._soon.stop()
        self._dirty = False
        self.draft_id = draft.draft_id if draft is not None else _new_id()
        self.edits = draft.edits if draft is not None else None
        self.saved_at = draft.saved_at if draft is not None else ""
        self.sentence = ""
        if account != self.account:
            self.account, self.items = account, ()
        self.refresh()
        self.changed.emit()

    def refresh(self) -> None:
        """Read the list again."""
        account = self.account

        def listed(found: DraftList) -> None:
            if account == self.account:
                self.items = found.items
                self.changed.emit()

        if account and self._lists:
            self._bridge.query(ListDrafts(account=account), self, listed)

    def open(self, draft_id: str, then: Callable[[Draft], None]) -> None:
        """Read one of the list."""
        account = self.account

        def opened(draft: Draft) -> None:
            if account == self.account:
                then(draft)

        self._bridge.query(OpenDraft(account=account, draft_id=draft_id), self, opened)

    def discard(self) -> None:
        """The draft in the card is not wanted any more; `begin` another."""
        self._dirty = False
        self._bridge.submit(DiscardDraft(account=self.account, draft_id=self.draft_id), self)


def _nothing() -> None:
    """For a command after which others are still to come."""


def _new_id() -> str:
    return str(uuid6.uuid7())
