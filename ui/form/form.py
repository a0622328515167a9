"""The form: built in slices that never hold up the window, judged after every answer, complete when it may be sent."""

from collections import deque
from collections.abc import Callable, Collection, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from functools import partial
from time import perf_counter
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, QTimer, Signal
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from agent.api import Attached
from protocol.templates import (
    CHECK,
    DATE,
    DATE_TIME,
    FILE,
    GROUP,
    INSTRUCTION,
    INTEGER,
    LOCATION,
    LONG_TEXT,
    MANY_OF,
    NUMBER,
    ONE_OF,
    PHOTO,
    SECTION,
    SHORT_TEXT,
    SIGNATURE,
    TIME,
    VIDEO,
    Field,
)
from rules.templates.filling import Judgement, judge, media_of
from ui.bridge import AgentBridge
from ui.form.answer_field import AnswerField, Tools
from ui.form.check_field import Check
from ui.form.choice_fields import ManyOf, OneOf
from ui.form.column import Column
from ui.form.group_field import Group
from ui.form.media_fields import Media
from ui.form.place_field import PlaceField
from ui.form.signature_field import Signature
from ui.form.still_fields import Instruction, Section, Unknown
from ui.form.text_fields import LongText, Number, ShortText
from ui.form.time_fields import DateField, DateTimeField, TimeField
from ui.form.words import explain, translate
from ui.image_work import ImageWork
from ui.theme.scale import L, spaced

SLICE_SECONDS = 0.008
_BLOCK = 10

_KINDS: dict[str, type[AnswerField]] = {
    SHORT_TEXT: ShortText,
    LONG_TEXT: LongText,
    NUMBER: Number,
    INTEGER: Number,
    DATE: DateField,
    TIME: TimeField,
    DATE_TIME: DateTimeField,
    ONE_OF: OneOf,
    MANY_OF: ManyOf,
    CHECK: Check,
    PHOTO: Media,
    VIDEO: Media,
    FILE: Media,
    SIGNATURE: Signature,
    LOCATION: PlaceField,
    SECTION: Section,
    INSTRUCTION: Instruction,
}


@dataclass(frozen=True)
class Filling:
    """What a form begins with. `files` are those that answers may name, `places` names locations by id, `marks` are
    places to correct, by path (or `media:ID`), with words."""

    fields: tuple[Field, ...]
    answers: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[Attached, ...] = ()
    places: Mapping[str, str] = field(default_factory=dict)
    marks: Mapping[str, str] = field(default_factory=dict)
    read_only: bool = False


class Block(QWidget):
    """A few fields that are laid out and shown together, once they are built."""

    def __init__(self) -> None:
        super().__init__()
        self.is_shown = False
        self.column = spaced(QVBoxLayout(self), gap=L)
        self._fields: list[AnswerField] = []

    def add(self, one: AnswerField) -> None:
        """Below those that are there."""
        self._fields.append(one)
        self.column.addWidget(one)

    @property
    def is_full(self) -> bool:
        """Whether the next field belongs in another."""
        return len(self._fields) >= _BLOCK

    def is_wanted(self, shown: Collection[str]) -> bool:
        """Whether any of its fields is asked for."""
        return any(one.path in shown for one in self._fields)


class Form(QWidget):
    """All answers that were given, of fields that are hidden now too, are in `answers`; `judgement` says what of it is
    sent and what does not fit yet. What does not fit is shown once a field was left, or all at once by `check`."""

    changed = Signal()
    kept = Signal()
    """A file was added or taken off: what names it should be saved now."""
    built = Signal()
    """Every field is there."""

    def __init__(self, bridge: AgentBridge, images: ImageWork, filling: Filling) -> None:
        super().__init__()
        self._fields_of, self._marks = filling.fields, dict(filling.marks)
        self._answers: dict[str, Any] = deepcopy(dict(filling.answers))
        files = {one.media_id: one for one in filling.files}
        self._tools = Tools(bridge, images, files, dict(filling.places), filling.read_only)
        self._top: list[AnswerField] = []
        self._by_path: dict[str, AnswerField] = {}
        self._jobs: deque[Callable[[], object]] = deque()
        self._asked = False
        self._go_to_first = False
        self._column = Column(self, gap=L)
        self._blocks: list[Block] = []
        self._block: Block | None = None
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._build_some)
        self.judgement = Judgement(shown=(), kept={}, troubles=())
        self._judge()
        self._queue(filling.fields)
        QApplication.instance().focusChanged.connect(self._focus_moved)  # type: ignore[union-attr]
        self._build_some()

    # -- what is in it

    @property
    def answers(self) -> dict[str, Any]:
        """All that were given, to be kept as a draft."""
        return deepcopy(self._answers)

    @property
    def media(self) -> tuple[str, ...]:
        """The files that answers name, of hidden fields too."""
        return tuple(media_of(self._fields_of, self._answers))

    @property
    def files(self) -> tuple[Attached, ...]:
        """The same, as they were attached."""
        return tuple(self._tools.files[one] for one in self.media if one in self._tools.files)

    @property
    def places(self) -> dict[str, str]:
        """The names of locations that were chosen or known, by id."""
        return dict(self._tools.places)

    @property
    def busy(self) -> bool:
        """Whether a file is still on its way into an answer."""
        return any(one.busy for one in self._top)

    @property
    def is_built(self) -> bool:
        """Whether every field is there."""
        return not self._jobs

    def at(self, path: str) -> AnswerField | None:
        """The field of that path, if it is built."""
        return self._by_path.get(path)

    # -- what can be done with it

    def check(self) -> bool:
        """Whether it may be sent; if not, all that does not fit is shown, and the first is gone to."""
        self._asked = True
        self._judge()
        self._show()
        if self.judgement.troubles:
            self._go_to_first = True
            self._visit_first()
        return not self.judgement.troubles

    def begin(self) -> None:
        """Put the focus in the first field that can be answered, of those that are built."""
        for one in self._by_path.values():
            if one.is_shown and one.can_begin:
                one.begin()
                return

    def go_to(self, path: str) -> None:
        """Scroll to a field and put the focus in it."""
        one = self._by_path.get(path)
        if one is None:
            return
        area = self._area()
        if area is not None:
            for _ in range(2):  # what was shown just now has its place only then, and the area its length after that
                QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            area.ensureWidgetVisible(one, 0, L)
        one.begin()

    # -- building

    def _queue(self, fields: tuple[Field, ...]) -> None:
        for one in fields:
            self._jobs.append(partial(self._build, one))
            if one.kind == SECTION:
                self._queue(one.fields)

    def _build_some(self) -> None:
        until = perf_counter() + SLICE_SECONDS
        while self._jobs and perf_counter() < until:
            self._jobs.popleft()()
        full = self._block is not None and (self._block.is_full or len(self._blocks) == 1 or not self._jobs)
        if self._block is not None and full:
            self._block.is_shown = self._block.is_wanted(self._shown)
            self._column.addWidget(self._block)
            self._block.setVisible(self._block.is_shown)
            self._block = None
        if self._jobs:
            self._next.start()
        else:
            self.built.emit()
            self._visit_first()

    def _build(self, of: Field) -> None:
        if of.kind != GROUP:
            self._put(make(of, self._answers, self._tools, None))
            return
        group = Group(of, self._answers, self._tools, make)
        waiting: list[Callable[[], object]] = []
        group.wished.connect(waiting.append)
        self._put(group)
        group.begin_rows()
        group.wished.disconnect(waiting.append)
        self._jobs.extendleft(reversed(waiting))  # the rows before what comes after the group
        group.wished.connect(self._later)
        group.made.connect(self._made)
        group.begun.connect(self.go_to)
        group.rows_changed.connect(self._renamed)

    def _later(self, job: Callable[[], object]) -> None:
        self._jobs.append(job)
        self._next.start()

    def _put(self, one: AnswerField) -> None:
        self._top.append(one)
        if self._block is None:
            self._block = Block()
            self._blocks.append(self._block)
        self._block.add(one)
        one.changed.connect(self._answered)
        one.kept.connect(self.kept)
        self._made(one)

    def _made(self, one: AnswerField) -> None:
        path = one.path
        self._by_path[path] = one
        one.is_shown = path in self._shown
        if not one.is_shown:
            one.hide()
        words = self._marks.get(path)
        for media_id in one.value if isinstance(one.value, list) and path not in self._marks else ():
            words = words or self._marks.get(f"media:{media_id}")
        if words is not None:
            one.show_mark(words or translate("Form", "Please look at this again."))

    def _renamed(self) -> None:
        self._by_path = {one.path: one for top in self._top for one in top.every()}

    # -- judging

    def _answered(self) -> None:
        self._judge()
        self._show()
        self.changed.emit()

    def _judge(self) -> None:
        types = {media_id: file.content_type for media_id, file in self._tools.files.items()}
        self.judgement = judge(self._fields_of, self._answers, types)
        self._shown = set(self.judgement.shown)

    def _show(self) -> None:
        """Only what differs from before is touched: with 300 fields each answer costs what it changes."""
        troubles = {one.path: one for one in reversed(self.judgement.troubles)}
        layouts = [self._column, *(block.column for block in self._blocks)]
        for layout in layouts:  # or every single change would lay all of it out
            layout.setEnabled(False)
        for path, one in self._by_path.items():
            visible = path in self._shown
            if visible != one.is_shown:
                one.is_shown = visible
                one.setVisible(visible)
            wrong = troubles.get(path) if self._asked or one.left else None
            one.show_trouble(explain(wrong) if wrong is not None else "")
        for block in self._blocks:
            wanted = block.is_wanted(self._shown)
            if wanted != block.is_shown and block is not self._block:
                block.is_shown = wanted
                block.setVisible(wanted)
        for layout in layouts:
            layout.setEnabled(True)

    def _visit_first(self) -> None:
        if self._go_to_first and self.judgement.troubles and self.judgement.troubles[0].path in self._by_path:
            self._go_to_first = False
            self.go_to(self.judgement.troubles[0].path)

    def _focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        """A field that was left is told what does not fit; a dialog of its own or another window is no leaving."""
        if before is None or now is None:
            return
        left, entered = _field_of(before), _field_of(now)
        if left is not None and left is not entered and self.isAncestorOf(left) and not left.left:
            left.left = True
            self._show()

    def _area(self) -> QScrollArea | None:
        above = self.parentWidget()
        while above is not None and not isinstance(above, QScrollArea):
            above = above.parentWidget()
        return above


def make(of: Field, slot: dict[str, Any], tools: Tools, row: Callable[[], str] | None) -> AnswerField:
    """The widget of a field that holds no others."""
    return _KINDS.get(of.kind, Unknown)(of, slot, tools, row)


def _field_of(widget: QWidget) -> AnswerField | None:
    above: QWidget | None = widget
    while above is not None and not isinstance(above, AnswerField):
        above = above.parentWidget()
    return above
