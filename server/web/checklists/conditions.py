"""Conditions between a template's tree and the rows of a form: one joint over comparisons with earlier fields."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from protocol.templates import (
    ALL,
    ANSWERED,
    ANY,
    CONTAINS,
    EQUAL,
    MANY_OF,
    NOT,
    NOT_EQUAL,
    Condition,
    Field,
)
from rules.templates.checking import MAX_DEPTH
from rules.templates.kinds import NUMBERS
from server.web.checklists.names import EXCLUDES, NOT_ANSWERED, operator_names, values_of
from server.web.words import Words

KEPT = "keep"
"""The joint of a condition that has no rows: it is kept as it is, or replaced."""
_OPPOSITE = {NOT_ANSWERED: ANSWERED, EXCLUDES: CONTAINS}


class Row(msgspec.Struct, frozen=True):
    """One comparison as it is typed: the id of the field, the operator, and the value in words."""

    field: str = ""
    op: str = EQUAL
    value: str = ""


def typed_rows(words: Words, condition: Condition | None, earlier: Mapping[str, Field]) -> tuple[str, list[Row]]:
    """The joint and the rows of a condition; KEPT and none for one of another form, which only a file can bring."""
    if condition is None:
        return "", []
    single = _row(words, condition, earlier)
    if single is not None:
        return ALL, [single]
    if condition.op not in {ALL, ANY, NOT}:
        return KEPT, []
    rows = [_row(words, one, earlier) for one in condition.of]
    read = [one for one in rows if one is not None]
    return (condition.op, read) if len(read) == len(rows) else (KEPT, [])


def condition_of(
    words: Words, joint: str, rows: Sequence[Row], earlier: Mapping[str, Field], kept: Condition | None
) -> Condition | None:
    """The condition that was typed; rows that name no field say nothing."""
    if joint == KEPT:
        return kept
    parts = tuple(_comparison(words, row, earlier.get(row.field)) for row in rows if row.field)
    if joint not in {ALL, ANY, NOT} or not parts:
        return None
    return parts[0] if len(parts) == 1 and joint != NOT else Condition(op=joint, of=parts)


def told(words: Words, condition: Condition, fields: Mapping[str, Field], depth: int = 0) -> str:
    """A condition as a sentence without its end."""
    row = _row(words, condition, fields)
    if row is not None:
        label = fields[row.field].label if row.field in fields else row.field
        name = operator_names(words)[row.op]
        if not row.value:
            return words("“%(field)s” %(comparison)s", field=label, comparison=name)
        return words("“%(field)s” %(comparison)s %(value)s", field=label, comparison=name, value=row.value)
    if condition.op not in {ALL, ANY, NOT} or depth > MAX_DEPTH:
        return "…"
    parts = [told(words, one, fields, depth + 1) for one in condition.of]
    if condition.op == ANY:
        return words(" or ").join(parts)
    joined = words(" and ").join(parts)
    return joined if condition.op == ALL else words("not (%(condition)s)", condition=joined)


def _row(words: Words, condition: Condition, fields: Mapping[str, Field]) -> Row | None:
    op, inner = condition.op, condition
    if op == NOT and len(condition.of) == 1:
        inner = condition.of[0]
        op = {positive: negative for negative, positive in _OPPOSITE.items()}.get(inner.op, "")
    if op not in operator_names(words) or inner.of:
        return None
    value = "" if inner.op == ANSWERED else _read(words, inner.value, fields.get(inner.field))
    return Row(inner.field, op, value)


def _comparison(words: Words, row: Row, asked: Field | None) -> Condition:
    op = row.op if row.op in operator_names(words) else EQUAL
    positive = _OPPOSITE.get(op, op)
    if asked is not None and asked.kind == MANY_OF:  # a person says “is” of a choice among several, too
        positive = {EQUAL: CONTAINS, NOT_EQUAL: CONTAINS}.get(positive, positive)
    value = None if positive == ANSWERED else _written(words, row.value, asked)
    comparison = Condition(op=positive, field=row.field, value=value)
    negated = op in _OPPOSITE or (op == NOT_EQUAL and positive == CONTAINS)
    return Condition(op=NOT, of=(comparison,)) if negated else comparison


def _read(words: Words, value: Any, asked: Field | None) -> str:
    """A value as it is typed: the words of a choice."""
    if asked is not None and isinstance(value, str):
        return dict(values_of(words, asked)).get(value, value)
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()


def _written(words: Words, text: str, asked: Field | None) -> Any:
    """What was typed as what is compared; text that is none of the choices stays, and is a fault."""
    text = text.strip()
    if asked is None:
        return text
    for kept, read in values_of(words, asked):
        if text.casefold() in {kept.casefold(), read.casefold()}:
            return kept
    if asked.kind in NUMBERS:
        try:
            number = float(text.replace(",", "."))
        except ValueError:
            return text
        return int(number) if number.is_integer() else number
    return text
