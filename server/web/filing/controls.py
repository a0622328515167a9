"""The fields of a checklist as controls: what a page shows of each, with its answer and what does not fit. The macro
`controls` of `controls.html` draws them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec

from protocol.templates import CHECK, DATE_TIME, GROUP, MANY_OF, SECTION, Field
from rules.templates.filling import Judgement, is_needed
from rules.templates.kinds import KNOWN, MEDIA, SILENT, place
from rules.templates.sentences import told
from server.web.filing.answers import PREFIX
from server.web.words import Words


class Option(msgspec.Struct, frozen=True):
    """One choice."""

    value: str
    label: str
    chosen: bool


class Control(msgspec.Struct, frozen=True, kw_only=True):
    """One field to fill. `name` is that of its inputs, `id` that of the first one, `value` its answer as text; `files`
    are media ids; `rows` those of a group, `inside` the controls of a section. `known`: this version can ask it. `mark`
    are the words of a manager who wants it corrected, None where nobody does."""

    path: str
    name: str
    kind: str
    label: str
    hint: str
    known: bool
    required: bool
    unit: str = ""
    least: str = ""
    most: str = ""
    value: str = ""
    note: str = ""
    options: tuple[Option, ...] = ()
    files: tuple[str, ...] = ()
    rows: tuple[tuple["Control", ...], ...] = ()
    inside: tuple["Control", ...] = ()
    trouble: str = ""
    mark: str | None = None


class Fault(msgspec.Struct, frozen=True):
    """One line of the summary above the form: where, and what does not fit."""

    path: str
    sentence: str


def faults(words: Words, judgement: Judgement) -> list[Fault]:
    """What keeps the form from being sent, in order."""
    return [Fault(one.path, words(told(one))) for one in judgement.troubles]


class _Said(NamedTuple):
    """What there is to say of fields, by their paths: what does not fit, and what is marked for correction."""

    shown: frozenset[str]
    troubles: Mapping[str, str]
    marks: Mapping[str, str]


def controls(
    words: Words,
    fields: tuple[Field, ...],
    answers: Mapping[str, Any],
    judgement: Judgement,
    *,
    tell: bool,
    marks: Mapping[str, str] = MappingProxyType({}),
) -> tuple[Control, ...]:
    """The controls of what is shown; `tell`: with what does not fit, which nobody wants to read sooner. `marks` are the
    words at what is to be corrected, by path."""
    troubles = {one.path: words(told(one)) for one in judgement.troubles} if tell else {}
    return _controls(fields, answers, _Said(frozenset(judgement.shown), troubles, marks), None)


def _controls(
    fields: tuple[Field, ...], answers: Mapping[str, Any], said: _Said, row: tuple[str, int] | None
) -> tuple[Control, ...]:
    found = []
    for field in fields:
        path = field.field if row is None else place(*row, field.field)
        if path not in said.shown:
            continue
        value = answers.get(field.field)
        control = _control(field, path, value, said)
        if field.kind == SECTION:
            inside = _controls(field.fields, answers, said, row)
            control = msgspec.structs.replace(control, inside=inside)
        elif field.kind == GROUP:
            rows = [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
            made = tuple(_controls(field.fields, one, said, (path, index)) for index, one in enumerate(rows))
            control = msgspec.structs.replace(control, rows=made)
        found.append(control)
    return tuple(found)


def _control(field: Field, path: str, value: Any, said: _Said) -> Control:
    chosen = value if isinstance(value, list) else [value]
    check = value if field.kind == CHECK and isinstance(value, Mapping) else {}
    return Control(
        path=path,
        name=PREFIX + path,
        kind=field.kind,
        label=field.label or field.field,
        hint=field.hint,
        known=field.kind in KNOWN,
        required=is_needed(field) and field.kind not in SILENT,
        unit=field.unit,
        least=_bound(field.least),
        most=_bound(field.most),
        value=str(check.get("result", "")) if check else _text(field, value),
        note=str(check.get("note", "")),
        options=tuple(Option(one.value, one.label, one.value in chosen) for one in field.choices),
        files=tuple(one for one in chosen if isinstance(one, str)) if field.kind in MEDIA else (),
        trouble=said.troubles.get(path, ""),
        mark=said.marks.get(path),
    )


def _text(field: Field, value: Any) -> str:
    if value is None or field.kind in MEDIA | {GROUP, MANY_OF}:
        return ""
    if isinstance(value, str):
        return value[:16] if field.kind == DATE_TIME else value
    return msgspec.json.encode(value).decode()


def _bound(bound: float | None) -> str:
    return "" if bound is None else f"{bound:.15g}"
