"""Answers against their template, in one pass: what is shown, what does not fit yet, what is sent."""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from protocol.operations import Answer
from protocol.templates import GROUP, SECTION, Field
from rules.templates.carrying import with_media
from rules.templates.conditions import holds
from rules.templates.kinds import KNOWN, MEDIA, SILENT, every, is_answered, place
from rules.templates.values import ENDLESS, MAX_ROWS, Code, Wrong, check_count, check_value


class Trouble(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """An answer that does not fit: where, why (`rules.templates.sentences` puts it into words), the limit it broke, the
    field's label, and the organization's own words for it, if it has any."""

    path: str
    code: Code
    limit: float | None = None
    label: str = ""
    message: str = ""


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """`shown`: the paths of all fields that are asked for, in order, sections and instructions too. `kept`: the answers
    to them, which are what is sent. `troubles`: in the order of the fields."""

    shown: tuple[str, ...]
    kept: dict[str, Any]
    troubles: tuple[Trouble, ...]


def judge(fields: tuple[Field, ...], answers: Mapping[str, Any], media: Mapping[str, str]) -> Judgement:
    """Judge `answers`; `media` is media id to content type of the files that go along.

    An answer to a field that is hidden counts as none for the conditions after it, and is not kept. A field of a kind
    that is not known here is shown, and whatever its answer is, is kept.
    At no more than ENDLESS rows and one is looked.
    """
    judging = _Judging(media)
    kept = judging.scope(fields, answers, {}, None)
    return Judgement(shown=tuple(judging.shown), kept=kept, troubles=tuple(judging.troubles))


def answers_of(sent: Iterable[Answer]) -> dict[str, Any]:
    """The answers of a revision, decoded."""
    return {answer.field: msgspec.json.decode(answer.value) for answer in sent}


def sendable(answers: Mapping[str, Any]) -> tuple[Answer, ...]:
    """Answers as a revision carries them."""
    return tuple(Answer(field=name, value=msgspec.Raw(msgspec.json.encode(value))) for name, value in answers.items())


def first_answers(fields: tuple[Field, ...], last: Mapping[str, Any]) -> dict[str, Any]:
    """What a new report begins with: the defaults and, of fields that say so, the answers of the last one; its files
    stay with it."""
    last = with_media(fields, last, {})
    begun: dict[str, Any] = {}
    for field in _outside_groups(fields):
        if field.prefill and is_answered(last.get(field.field)):
            begun[field.field] = last[field.field]
        elif field.default is not None:
            begun[field.field] = field.default
    return begun


def first_row(group: Field) -> dict[str, Any]:
    """What a new row of a group begins with."""
    return {field.field: field.default for field in group.fields if field.default is not None}


def is_needed(field: Field) -> bool:
    """Whether a report is not complete without an answer to it: of a group, without a row."""
    return field.required or (field.kind == GROUP and bool(field.least))


def media_of(fields: tuple[Field, ...], answers: Mapping[str, Any]) -> list[str]:
    """The media ids that answers name, in order, each once; also of fields that are hidden."""
    media_fields = {field.field for field in every(fields) if field.kind in MEDIA}
    found: dict[str, None] = {}

    def collect(some: Mapping[str, Any]) -> None:
        for name, value in some.items():
            if name in media_fields and isinstance(value, list):
                found.update(dict.fromkeys(one for one in value if isinstance(one, str)))
            elif isinstance(value, list):
                for row in value:
                    if isinstance(row, Mapping):
                        collect(row)

    collect(answers)
    return list(found)


def _outside_groups(fields: tuple[Field, ...]) -> Iterable[Field]:
    for field in fields:
        if field.kind == SECTION:
            yield from _outside_groups(field.fields)
        elif field.kind not in SILENT:
            yield field


class _Judging:
    """One pass over a template."""

    def __init__(self, media: Mapping[str, str]) -> None:
        self._media = media
        self.shown: list[str] = []
        self.troubles: list[Trouble] = []

    def scope(
        self,
        fields: tuple[Field, ...],
        answers: Mapping[str, Any],
        outer: Mapping[str, Any],
        row: tuple[str, int] | None,
    ) -> dict[str, Any]:
        """The answers kept of one scope: the template, or one row of a group, which sees the answers around it too."""
        kept: dict[str, Any] = {}
        self._fields(fields, answers, kept, outer, row)
        return kept

    def _fields(
        self,
        fields: tuple[Field, ...],
        answers: Mapping[str, Any],
        kept: dict[str, Any],
        outer: Mapping[str, Any],
        row: tuple[str, int] | None,
    ) -> None:
        for field in fields:
            if not holds(field.shown_when, lambda name: kept[name] if name in kept else outer.get(name)):
                continue
            path = field.field if row is None else place(*row, field.field)
            self.shown.append(path)
            if field.kind == SECTION:
                self._fields(field.fields, answers, kept, outer, row)
            elif field.kind not in SILENT:
                self._answer(field, path, answers.get(field.field), kept, outer)

    def _answer(self, field: Field, path: str, value: Any, kept: dict[str, Any], outer: Mapping[str, Any]) -> None:
        if field.kind not in KNOWN:
            if value is not None:
                kept[field.field] = value
            return
        if field.kind == GROUP:
            value = self._rows(field, path, value, {**outer, **kept})
        if not is_answered(value):
            if is_needed(field):
                # Of rows none can be answered before there is one.
                no_row: Wrong = ("too_few", max(field.least or 1, 1))
                self._trouble(field, path, no_row if field.kind == GROUP else ("required", None))
            return
        kept[field.field] = value
        if field.kind != GROUP:
            self._trouble(field, path, check_value(field, value, self._media))

    def _rows(self, field: Field, path: str, value: Any, outer: Mapping[str, Any]) -> Any:
        if value is None:
            return None
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            self._trouble(field, path, ("wrong_kind", None))
            return None
        if value:
            self._trouble(field, path, check_count(field, len(value), MAX_ROWS))
        judged = value[: ENDLESS + 1]  # a million rows fit into a megabyte, and each would have its own troubles
        return [self.scope(field.fields, one, outer, (path, index)) for index, one in enumerate(judged)]

    def _trouble(self, field: Field, path: str, wrong: Wrong) -> None:
        if wrong is not None:
            code, limit = wrong
            trouble = Trouble(path=path, code=code, limit=limit, label=field.label, message=field.message)
            self.troubles.append(trouble)
