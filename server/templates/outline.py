"""The fields of a checklist as one column: finding, adding, moving and removing them by their place in it, counted from
0 in the order of reading, fields inside sections and groups included."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Literal

import msgspec

from protocol.templates import GROUP, SECTION, Choice, Condition, Field
from rules.templates.kinds import every

Fields = tuple[Field, ...]
Path = tuple[int, ...]
Where = Literal["before", "after", "inside"]
"""Where one field is put, seen from another."""

HOLDERS = frozenset({SECTION, GROUP})
"""Kinds that hold other fields."""
_LONGEST_ID = 40


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the column; `depth` is 0 outside, `within` the place of what holds it."""

    place: int
    field: Field
    depth: int
    within: int | None


def column(fields: Fields) -> list[Placed]:
    """All fields in order."""
    walked = list(_walk(fields, ()))
    places = {path: place for place, (path, _field) in enumerate(walked)}
    return [
        Placed(place=place, field=field, depth=len(path) - 1, within=places.get(path[:-1]))
        for place, (path, field) in enumerate(walked)
    ]


def replaced(fields: Fields, place: int, by: Field) -> Fields:
    """The field there is another. Raises IndexError, as all of these, when there is none."""
    return _at(fields, _path(fields, place), lambda row, i: (*row[:i], by, *row[i + 1 :]))


def removed(fields: Fields, place: int) -> Fields:
    """The field there, with those in it, is gone."""
    return _without(fields, _path(fields, place))


def appended(fields: Fields, new: Field, inside: int | None = None) -> Fields:
    """One more at the end: of what stands there, or of all."""
    if inside is None:
        return (*fields, new)
    holder = _path(fields, inside)
    return _at(fields, holder, lambda row, i: (*row[:i], _with(row[i], (*row[i].fields, new)), *row[i + 1 :]))


def inserted_after(fields: Fields, place: int, new: Field) -> Fields:
    """One more right below, beside the field there."""
    return _at(fields, _path(fields, place), lambda row, i: (*row[: i + 1], new, *row[i + 1 :]))


def moved(fields: Fields, place: int, *, down: bool) -> tuple[Fields, int]:
    """The field one step on, into a section or group that it meets and out of one that it leaves; and its new place.
    At the end of the column nothing changes."""
    path = _path(fields, place)
    field = _get(fields, path)
    there = _step(fields, path, field, down=down)
    if there is None:
        return fields, place
    marked = msgspec.structs.replace(field)  # an object of its own, to be found again
    result = _insert(_without(fields, path), there, marked)
    return result, next(place for place, (_, one) in enumerate(_walk(result, ())) if one is marked)


def put(fields: Fields, place: int, where: Where, other: int) -> tuple[Fields, int]:
    """The field before or after the one at `other`, beside it, or inside that at its end; and its new place. Where it
    may not stand, nothing changes."""
    path, beside = _path(fields, place), _path(fields, other)
    field = _get(fields, path)
    holder = beside if where == "inside" else beside[:-1]
    if beside[: len(path)] == path or (holder and not may_hold(_get(fields, holder), field)):
        return fields, place
    there = (*beside, len(_get(fields, beside).fields)) if where == "inside" else beside
    if where == "after":
        there = (*there[:-1], there[-1] + 1)
    level = len(path) - 1
    if there[:level] == path[:level] and len(there) > level and there[level] > path[level]:
        there = (*there[:level], there[level] - 1, *there[level + 1 :])  # counted without the field itself
    marked = msgspec.structs.replace(field)
    result = _insert(_without(fields, path), there, marked)
    return result, next(place for place, (_, one) in enumerate(_walk(result, ())) if one is marked)


def new_id(label: str, fields: Fields) -> str:
    """An id for a field of this label that no other has: its letters, where they are of the Latin alphabet."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    base = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:_LONGEST_ID].rstrip("_")
    if not base or not base[0].isalpha():
        base = f"field_{base}".rstrip("_")
    taken = {field.field for field in every(fields)}
    number, found = 2, base
    while found in taken:
        number, found = number + 1, f"{base}_{number}"
    return found


def copied(field: Field, fields: Fields) -> Field:
    """The same once more, with ids that are free."""
    held: Fields = (*fields, msgspec.structs.replace(field, fields=(), field=new_id(field.field, fields)))
    own = held[-1]
    children: list[Field] = []
    for child in field.fields:
        children.append(copied(child, (*held, *children)))
    return msgspec.structs.replace(own, fields=tuple(children))


def renamed(fields: Fields, old: str, new: str) -> Fields:
    """Conditions that looked at the field `old` look at `new`."""
    return tuple(
        msgspec.structs.replace(
            field,
            shown_when=None if field.shown_when is None else _looking(field.shown_when, old, new),
            fields=renamed(field.fields, old, new),
        )
        for field in fields
    )


def choices_of(lines: str, before: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """The choices that these lines name, one a line. One that is there keeps what is kept for it, also when only its
    words were changed."""
    labels = [line.strip() for line in lines.splitlines() if line.strip()]
    known = {choice.label: choice.value for choice in reversed(before)}
    values = [known.get(label) for label in labels]
    for index, value in enumerate(values):
        if value is None and index < len(before) and before[index].label not in labels:
            values[index] = before[index].value
    made: list[Choice] = []
    for label, value in zip(labels, values, strict=True):
        taken = {one for one in values if one} | {one.value for one in made}
        fields = tuple(Field(field=one, kind="") for one in taken)
        made.append(Choice(value=value or new_id(label, fields), label=label))
    return tuple(made)


def may_hold(holder: Field, field: Field) -> bool:
    """Whether the one may stand in the other: a section holds no section, and a group fields only."""
    return (holder.kind == SECTION and field.kind != SECTION) or (holder.kind == GROUP and field.kind not in HOLDERS)


def _step(fields: Fields, path: Path, field: Field, *, down: bool) -> Path | None:
    """Where a field is to be put, as a path among the fields without it; None when it can go no further."""
    *above, index = path
    siblings = _get(fields, tuple(above)).fields if above else fields
    if down and index + 1 < len(siblings):
        enters = may_hold(siblings[index + 1], field)
        return (*above, index, 0) if enters else (*above, index + 1)
    if not down and index:
        before = siblings[index - 1]
        return (*above, index - 1, len(before.fields)) if may_hold(before, field) else (*above, index - 1)
    if not above:
        return None
    return (*above[:-1], above[-1] + 1) if down else tuple(above)


def _looking(condition: Condition, old: str, new: str) -> Condition:
    inner = tuple(_looking(one, old, new) for one in condition.of)
    return msgspec.structs.replace(condition, of=inner, field=new if condition.field == old else condition.field)


def _walk(fields: Fields, above: Path) -> Iterator[tuple[Path, Field]]:
    for index, field in enumerate(fields):
        yield (*above, index), field
        yield from _walk(field.fields, (*above, index))


def _path(fields: Fields, place: int) -> Path:
    if place < 0:
        raise IndexError(place)
    return list(_walk(fields, ()))[place][0]


def _get(fields: Fields, path: Path) -> Field:
    field = fields[path[0]]
    return _get(field.fields, path[1:]) if path[1:] else field


def _without(fields: Fields, path: Path) -> Fields:
    return _at(fields, path, lambda row, i: (*row[:i], *row[i + 1 :]))


def _insert(fields: Fields, path: Path, new: Field) -> Fields:
    return _at(fields, path, lambda row, i: (*row[:i], new, *row[i:]))


def _at(fields: Fields, path: Path, change: Callable[[Fields, int], Fields]) -> Fields:
    """Change the row of siblings that the last step of the path counts in."""
    first, *rest = path
    if not rest:
        return change(fields, first)
    inner = _with(fields[first], _at(fields[first].fields, tuple(rest), change))
    return (*fields[:first], inner, *fields[first + 1 :])


def _with(field: Field, fields: Fields) -> Field:
    return msgspec.structs.replace(field, fields=fields)
