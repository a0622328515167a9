"""Whether a template can be published. What is wrong is listed with the field it is at, in sentences for its author."""

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import msgspec

from protocol.templates import (
    ANSWERED,
    CHECK,
    CONTAINS,
    GROUP,
    INTEGER,
    LOCATION,
    MANY_OF,
    NUMBER,
    SECTION,
    Condition,
    Field,
    Template,
)
from rules.sentence import Sentence
from rules.templates.conditions import JOINTS, OPERATORS
from rules.templates.kinds import BOUNDED, CHOICES, KNOWN, MEDIA, NUMBERS, RESULTS, SILENT, TEXTS, every
from rules.templates.values import MAX_FILES, MAX_LONG_TEXT, MAX_ROWS, MAX_SHORT_TEXT, check_value

MAX_FIELDS = 300
MAX_CHOICES = 200
MAX_WORDS = 2_000
MAX_DEPTH = 8
"""Of a condition, and of fields in fields."""
MAX_BYTES = 256 * 1024
"""Of a whole template as JSON: every device has all of them."""
T = TypeVar("T")
ID = re.compile(r"[a-z][a-z0-9_]{0,63}")


class Fault(msgspec.Struct, frozen=True):
    """What keeps a template from being published: the id of the field (empty: the template itself), and why."""

    field: str
    sentence: str
    """A `Sentence`, or plain words that a page translates."""


def faults(template: Template) -> list[Fault]:
    """Everything that is wrong, in the order of the fields; empty when it can be published."""
    return list(_template(template))


def _template(template: Template) -> Iterator[Fault]:
    if not template.title.strip():
        yield Fault("", "The checklist has no name. Give it one.")
    if len(template.title) > 200 or len(template.description) > MAX_WORDS:
        yield Fault(
            "",
            Sentence("The name is over 200 characters, or the description over %(most)d. Shorten it.", most=MAX_WORDS),
        )
    if not _plain(template.title) or not _plain(template.description):
        yield Fault("", _NOT_PLAIN)
    too_large = size_faults(template)
    if too_large:
        yield from too_large
        return
    if not any(field.kind not in SILENT for field in every(template.fields)):
        yield Fault("", "The checklist asks nothing yet. Add a field.")
    seen: dict[str, Field] = {}
    for field in template.fields:
        yield from _field(field, seen, within="")


def size_faults(template: Template) -> list[Fault]:
    """Whether it is too large or too deep to be worked with at all, also as a draft; cheap, whatever it holds."""
    if _deeper(template.fields, lambda field: field.fields):
        return [
            Fault("", "Fields stand in fields that stand in fields. Only sections and repeating groups hold others.")
        ]
    fields = list(every(template.fields))
    if len(fields) > MAX_FIELDS:
        told = Sentence(
            "The checklist has %(number)d fields; %(most)d are allowed. Make two of it.",
            number=len(fields),
            most=MAX_FIELDS,
        )
        return [Fault("", told)]
    for field in fields:
        if field.shown_when is not None and _deeper((field.shown_when,), lambda condition: condition.of, extra=2):
            return [Fault(field.field, _NESTED)]
    try:
        size = len(msgspec.json.encode(template))
    except (RecursionError, OverflowError):
        return [Fault("", "A default is nested without end. Take it off.")]
    if size > MAX_BYTES:
        told = Sentence(
            "The checklist is over %(most)d KiB with all its texts. Shorten them, or make two.", most=MAX_BYTES // 1024
        )
        return [Fault("", told)]
    return []


def _deeper(level: tuple[T, ...], inner: Callable[[T], tuple[T, ...]], extra: int = 0) -> bool:
    """Whether there is anything below MAX_DEPTH, without going there."""
    for _ in range(MAX_DEPTH + extra):
        level = tuple(child for one in level for child in inner(one))
    return bool(level)


def _plain(text: str) -> bool:
    """Whether every character can be shown."""
    return all(character in "\n\t" or unicodedata.category(character) not in {"Cc", "Cs"} for character in text)


_NOT_PLAIN = Sentence("A text has characters that cannot be shown. Type it anew.")
_NESTED = Sentence("The condition is nested more than %(most)d deep. Make it simpler.", most=MAX_DEPTH)


def _field(field: Field, seen: dict[str, Field], *, within: str) -> Iterator[Fault]:
    """The faults of a field and those in it; `seen` are the fields that conditions from here on may look at."""
    name = field.field
    if ID.fullmatch(name) is None:
        yield Fault(name, "A field's id is made of small letters, digits and underscores, at most 64, a letter first.")
    elif name in seen:
        yield Fault(name, Sentence("Two fields have the id %(id)s. Give one of them another.", id=name))
    if field.kind not in KNOWN:
        yield Fault(
            name,
            Sentence(
                "This version does not know fields of the kind “%(kind)s”. Choose another kind.", kind=field.kind[:40]
            ),
        )
        return
    yield from _words(field)
    yield from _bounds(field)
    yield from _choices(field)
    yield from _nesting(field, within)
    yield from _condition(field, field.shown_when, seen, 0)
    yield from _default(field)
    seen[name] = field
    inside = seen if field.kind == SECTION else dict(seen)  # nobody outside sees into the rows of a group
    for child in field.fields:
        yield from _field(child, inside, within=field.kind)
    for other in set(inside) - set(seen):
        seen.setdefault(other, Field(field=other, kind=_IN_ROWS, label=inside[other].label))


_IN_ROWS = "in_rows"


def _words(field: Field) -> Iterator[Fault]:
    if not field.label.strip():
        yield Fault(field.field, "The field has no label. Write what it asks.")
    texts = (field.label, field.hint, field.message, field.unit, *(one.label for one in field.choices))
    if any(len(words) > MAX_WORDS for words in texts):
        yield Fault(
            field.field, Sentence("A text of this field is over %(most)d characters. Shorten it.", most=MAX_WORDS)
        )
    if not all(_plain(words) for words in (*texts, *(one.value for one in field.choices))):
        yield Fault(field.field, _NOT_PLAIN)


def _bounds(field: Field) -> Iterator[Fault]:
    least, most = field.least, field.most
    if least is None and most is None:
        return
    if field.kind not in BOUNDED:
        yield Fault(field.field, "This kind of field has no smallest and largest. Leave both empty.")
        return
    if least is not None and most is not None and least > most:
        yield Fault(field.field, "The smallest is larger than the largest. Exchange them.")
    if field.kind in NUMBERS and (field.kind != INTEGER or _whole(least, most)):
        return
    if not _whole(least, most) or any(bound is not None and bound < 0 for bound in (least, most)):
        yield Fault(field.field, "The smallest and the largest are whole numbers here, and none is below 0.")
    elif most is not None and most > (allowed := _LARGEST.get(field.kind, MAX_FILES)):
        yield Fault(field.field, Sentence("The largest is over %(most)d. Choose a smaller one.", most=allowed))
    elif field.kind == MANY_OF and least is not None and least > len(field.choices):
        yield Fault(field.field, "More choices are asked for than there are. Add choices, or ask for fewer.")


_LARGEST = {
    "short_text": MAX_SHORT_TEXT,
    "long_text": MAX_LONG_TEXT,
    GROUP: MAX_ROWS,
    MANY_OF: MAX_CHOICES,
    INTEGER: 2**53,
}


def _whole(*bounds: float | None) -> bool:
    return all(bound is None or float(bound).is_integer() for bound in bounds)


def _choices(field: Field) -> Iterator[Fault]:
    if field.kind not in CHOICES:
        if field.choices:
            yield Fault(field.field, "This kind of field has no choices. Take them off, or make it one of or many of.")
        return
    values = [choice.value for choice in field.choices]
    if not values:
        yield Fault(field.field, "There is nothing to choose from. Add a choice.")
    if len(values) > MAX_CHOICES:
        yield Fault(
            field.field,
            Sentence(
                "There are %(number)d choices; %(most)d are allowed. Take some off.",
                number=len(values),
                most=MAX_CHOICES,
            ),
        )
    if len(set(values)) != len(values) or not all(value.strip() for value in values):
        yield Fault(field.field, "Two choices are kept as the same, or one as nothing. Give each its own value.")
    if not all(choice.label.strip() for choice in field.choices):
        yield Fault(field.field, "A choice has no text. Write what it says.")


def _nesting(field: Field, within: str) -> Iterator[Fault]:
    holds_fields = field.kind in {SECTION, GROUP}
    if field.fields and not holds_fields:
        yield Fault(field.field, "Only a section and a repeating group hold other fields. Move them out.")
    if field.kind == GROUP and not any(child.kind not in SILENT for child in field.fields):
        yield Fault(field.field, "The repeating group asks nothing. Add a field to it.")
    if within == GROUP and holds_fields:
        yield Fault(field.field, "A repeating group holds fields only, no sections or groups. Move this out.")
    if within == SECTION and field.kind == SECTION:
        yield Fault(field.field, "A section stands in no other section. Move it out.")


def _condition(field: Field, condition: Condition | None, seen: dict[str, Field], depth: int) -> Iterator[Fault]:
    if condition is None:
        return
    name = field.field
    if depth > MAX_DEPTH:
        yield Fault(name, _NESTED)
    elif condition.op not in OPERATORS:
        yield Fault(
            name,
            Sentence("This version does not know the comparison “%(op)s”. Choose another.", op=condition.op[:40]),
        )
    elif condition.op in JOINTS:
        if not condition.of:
            yield Fault(name, "The condition is empty. Say what it looks at, or take it off.")
        for part in condition.of:
            yield from _condition(field, part, seen, depth + 1)
    else:
        yield from _comparison(name, condition, seen)


def _comparison(name: str, condition: Condition, seen: dict[str, Field]) -> Iterator[Fault]:
    asked, told = seen.get(condition.field), None
    if asked is None:
        told = Sentence(
            "The condition looks at “%(field)s”, which does not stand before this field.", field=condition.field
        )
    elif asked.kind == _IN_ROWS:
        told = Sentence(
            "The condition looks into the rows of a group (“%(field)s”). Look at another field.",
            field=asked.label or condition.field,
        )
    elif condition.op != ANSWERED:
        told = _comparing(condition, asked)
    if told is not None:
        yield Fault(name, told)


def _comparing(condition: Condition, asked: Field) -> Sentence | None:
    """What is wrong with a comparison with the answer to this field."""
    label = asked.label or condition.field
    if asked.kind in SILENT | {GROUP}:
        return Sentence("The condition compares “%(field)s”, which has no answer to compare.", field=label)
    if (condition.op == CONTAINS) != (asked.kind == MANY_OF):
        return Sentence(
            "Ask whether “%(field)s” includes a choice if several can be chosen, and compare it if not.", field=label
        )
    if asked.choices and condition.value not in [one.value for one in asked.choices]:
        return Sentence("The condition names a choice that “%(field)s” does not have.", field=label)
    if not _can_be(asked, condition.value):
        return Sentence("The condition compares “%(field)s” with what cannot be its answer. Change it.", field=label)
    return None


def _can_be(asked: Field, value: Any) -> bool:
    """Whether a comparison of this field with `value` can hold at all, whatever its bounds."""
    if asked.kind == CHECK:
        return value in RESULTS
    if asked.kind in TEXTS | {LOCATION}:
        return isinstance(value, str)
    if asked.kind in MEDIA:
        return False
    loose = msgspec.structs.replace(asked, least=None, most=None, kind=NUMBER if asked.kind in NUMBERS else asked.kind)
    return asked.kind == MANY_OF or check_value(loose, value, {}) is None


def _default(field: Field) -> Iterator[Fault]:
    value: Any = field.default
    if value is None:
        return
    if field.kind in MEDIA | SILENT | {GROUP}:
        yield Fault(field.field, "This kind of field begins with nothing. Take its default off.")
    elif check_value(field, value, {}) is not None:
        yield Fault(field.field, "The default does not fit the field. Change it, or the field's bounds.")
