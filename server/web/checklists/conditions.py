"""Conditions between a template's tree and a form: comparisons with earlier fields, in groups of which all, any or none
must be so, one in the other."""

from collections.abc import Callable, Iterator, Mapping, Sequence
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
from rules.templates.conditions import JOINTS
from rules.templates.kinds import NUMBERS
from server.web.checklists.names import EXCLUDES, NOT_ANSWERED, operator_names, values_of
from server.web.words import Words

KEPT = "keep"
"""The joint of a condition that this form cannot show: it is kept as it is, or replaced."""
_OPPOSITE = {NOT_ANSWERED: ANSWERED, EXCLUDES: CONTAINS}
_MOST_PARTS = 200


class Row(msgspec.Struct, frozen=True):
    """One comparison as it is typed: the id of the field, the operator, and the value in words."""

    field: str = ""
    op: str = EQUAL
    value: str = ""


class Part(msgspec.Struct, frozen=True):
    """A comparison, or a group of parts under a `joint` (all, any, not)."""

    joint: str = ""
    row: Row = Row()
    parts: tuple["Part", ...] = ()


def typed_condition(words: Words, condition: Condition | None, earlier: Mapping[str, Field]) -> Part:
    """A condition as it is typed: a group, whose joint is empty for none at all, and KEPT for one with an operator that
    this version does not know."""
    if condition is None:
        return Part()
    part = _part(words, condition, earlier)
    if part is None:
        return Part(KEPT)
    return part if part.joint else Part(ALL, parts=(part,))


def condition_of(words: Words, typed: Part, earlier: Mapping[str, Field], kept: Condition | None) -> Condition | None:
    """The condition that was typed; rows that name no field, and groups of nothing, say nothing."""
    if typed.joint == KEPT:
        return kept
    return _condition(words, typed, earlier) if typed.joint in JOINTS else None


def nested(joint: str, rows: Sequence[tuple[int, Part]]) -> Part:
    """The group of these parts in the order of reading, each with its depth, 1 for the outermost: a part stands in the
    group before it that is less deep."""
    left = list(reversed(rows[:_MOST_PARTS]))

    def taken(depth: int) -> Iterator[Part]:
        while left and left[-1][0] >= depth:
            _, part = left.pop()
            yield msgspec.structs.replace(part, parts=tuple(taken(depth + 1))) if part.joint else part

    return Part(joint, parts=tuple(taken(1)))


def rearranged(typed: Part, step: str) -> tuple[Part, str]:
    """What was typed after a button in it: `row`, `group` or `remove`, a colon, and the path of a part: its place,
    counted from 1, in the group, after that of the group and a point. Empty is the outermost. And the path of what is
    to have the focus then. A step that leads nowhere changes nothing."""
    verb, _, path = step.partition(":")
    places = [int(one) - 1 for one in path.split(".") if one.isascii() and one.isdecimal() and len(one) < 4]
    if path.count(".") + bool(path) != len(places) or len(places) > MAX_DEPTH:
        return typed, ""
    if verb == "remove" and places:
        left = _changed(typed, places[:-1], lambda parts: (*parts[: places[-1]], *parts[places[-1] + 1 :]))
        return left, path if _at(left, places) is not None else ".".join(path.split(".")[:-1])
    holder = _at(typed, places)
    if holder is None or verb not in {"row", "group"} or (places and not holder.joint):
        return typed, ""
    new = Part() if verb == "row" else Part(ANY if holder.joint != ANY else ALL, parts=(Part(), Part()))
    added = _changed(typed, places, lambda parts: (*parts, new))
    return added, f"{path}{'.' if path else ''}{len(holder.parts) + 1}"


def told(words: Words, condition: Condition, fields: Mapping[str, Field], depth: int = 0) -> str:
    """A condition as a sentence without its end."""
    row = _row(words, condition, fields)
    if row is not None:
        label = fields[row.field].label if row.field in fields else row.field
        name = operator_names(words)[row.op]
        if not row.value:
            return words("“%(field)s” %(comparison)s", field=label, comparison=name)
        return words("“%(field)s” %(comparison)s %(value)s", field=label, comparison=name, value=row.value)
    if condition.op not in JOINTS or depth > MAX_DEPTH:
        return "…"
    parts = [_in_brackets(condition, one, told(words, one, fields, depth + 1)) for one in condition.of]
    if condition.op == ALL:
        return words(" and ").join(parts)
    joined = words(" or ").join(parts)
    return joined if condition.op == ANY else words("not (%(condition)s)", condition=joined)


def _in_brackets(outer: Condition, one: Condition, sentence: str) -> str:
    """Brackets where it would not be plain what belongs together."""
    mixed = one.op in {ALL, ANY} and one.op != outer.op and min(len(one.of), len(outer.of)) > 1
    return f"({sentence})" if mixed else sentence


def _part(words: Words, condition: Condition, earlier: Mapping[str, Field], depth: int = 0) -> Part | None:
    row = _row(words, condition, earlier)
    if row is not None:
        return Part(row=row)
    if condition.op not in JOINTS or depth > MAX_DEPTH:
        return None
    parts = [_part(words, one, earlier, depth + 1) for one in condition.of]
    known = [one for one in parts if one is not None]
    return Part(condition.op, parts=tuple(known)) if len(known) == len(parts) else None


def _condition(words: Words, part: Part, earlier: Mapping[str, Field]) -> Condition | None:
    if not part.joint:
        return _comparison(words, part.row, earlier.get(part.row.field)) if part.row.field else None
    found = [_condition(words, one, earlier) for one in part.parts]
    said = tuple(one for one in found if one is not None)
    if not said:
        return None
    return said[0] if len(said) == 1 and part.joint != NOT else Condition(op=part.joint, of=said)


def _at(part: Part, places: Sequence[int]) -> Part | None:
    for place in places:
        if not 0 <= place < len(part.parts):
            return None
        part = part.parts[place]
    return part


def _changed(part: Part, places: Sequence[int], change: Callable[[tuple[Part, ...]], tuple[Part, ...]]) -> Part:
    """The part with the parts of the one at these places changed."""
    if not places:
        return msgspec.structs.replace(part, parts=change(part.parts))
    first, *rest = places
    if not 0 <= first < len(part.parts):
        return part
    inner = _changed(part.parts[first], rest, change)
    return msgspec.structs.replace(part, parts=(*part.parts[:first], inner, *part.parts[first + 1 :]))


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
