"""Answers as lines to read: for pages, the printed report, exports and search."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from protocol.templates import CHECK, DATE_TIME, GROUP, LOCATION, SECTION, Field
from rules.templates.conditions import holds
from rules.templates.kinds import CHOICES, FAIL, KNOWN, MEDIA, NOT_APPLICABLE, NUMBERS, PASS, SILENT, is_answered, place


class Words(msgspec.Struct, frozen=True, kw_only=True):
    """The words that are ours in an answer, in the reader's language; and what a location is called."""

    passed: str = "Pass"
    failed: str = "Fail"
    not_applicable: str = "Not applicable"
    location: Callable[[str], str] = str


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One line. `text` is empty where nothing was answered, and of a section, a group and files; `media` are the ids of
    an answer's files, `row` numbers the row of a group from 0, `result` is that of a check."""

    path: str
    kind: str
    label: str
    text: str = ""
    media: tuple[str, ...] = ()
    row: int | None = None
    result: str = ""


def lines(fields: tuple[Field, ...], answers: Mapping[str, Any], words: Words = Words()) -> list[Line]:  # noqa: B008
    """Every field that was asked, in order, with its answer in words; each row of a group begins with a line of the
    group itself. Answers of kinds not known here are shown as they are."""
    return list(_lines(fields, answers, {}, words, None))


def _lines(
    fields: tuple[Field, ...],
    answers: Mapping[str, Any],
    outer: Mapping[str, Any],
    words: Words,
    row: tuple[str, int] | None,
) -> Iterator[Line]:
    for field in fields:
        # What was hidden has no answer here: it was left out when the report was sent.
        if not holds(field.shown_when, lambda name: answers[name] if name in answers else outer.get(name)):
            continue
        path = field.field if row is None else place(*row, field.field)
        if field.kind == SECTION:
            yield Line(path=path, kind=field.kind, label=field.label)
            yield from _lines(field.fields, answers, outer, words, row)
        elif field.kind == GROUP:
            yield from _rows(field, path, answers, outer, words)
        elif field.kind not in SILENT:
            yield _line(field, path, answers.get(field.field), words, row)


def _rows(
    field: Field, path: str, answers: Mapping[str, Any], outer: Mapping[str, Any], words: Words
) -> Iterator[Line]:
    value = answers.get(field.field)
    rows = [row for row in value if isinstance(row, Mapping)] if isinstance(value, list) else []
    if not rows:
        yield Line(path=path, kind=field.kind, label=field.label)
    for index, row in enumerate(rows):
        yield Line(path=f"{path}[{index}]", kind=field.kind, label=field.label, row=index)
        yield from _lines(field.fields, row, {**outer, **answers}, words, (path, index))


def _line(field: Field, path: str, value: Any, words: Words, row: tuple[str, int] | None) -> Line:
    line = Line(path=path, kind=field.kind, label=field.label, row=None if row is None else row[1])
    if field.kind in MEDIA:
        files = tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()
        return msgspec.structs.replace(line, media=files)
    if not is_answered(value):
        return line
    result = str(value.get("result", "")) if field.kind == CHECK and isinstance(value, Mapping) else ""
    return msgspec.structs.replace(line, text=answer_text(field, value, words), result=result)


def answer_text(field: Field, value: Any, words: Words = Words()) -> str:  # noqa: B008 - frozen
    """An answer in words; JSON where its shape is not that of its kind."""
    if field.kind == CHECK and isinstance(value, Mapping):
        result = {PASS: words.passed, FAIL: words.failed, NOT_APPLICABLE: words.not_applicable}.get(
            str(value.get("result")), ""
        )
        note = str(value.get("note") or "").strip()
        return ": ".join(part for part in (result, note) if part)
    if field.kind in CHOICES:
        labels = {choice.value: choice.label for choice in field.choices}
        chosen = value if isinstance(value, list) else [value]
        return ", ".join(labels.get(str(one), str(one)) for one in chosen)
    if field.kind in NUMBERS and isinstance(value, int | float) and not isinstance(value, bool):
        return f"{value} {field.unit}".rstrip()
    if isinstance(value, str) and field.kind in KNOWN:
        if field.kind == DATE_TIME:
            value = value.replace("T", " ", 1)
        return words.location(value) if field.kind == LOCATION else value
    return msgspec.json.encode(value).decode()
