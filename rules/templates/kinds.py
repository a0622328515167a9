"""The kinds of fields, by what they hold."""

from collections.abc import Iterator, Mapping
from typing import Any

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

TEXTS = frozenset({SHORT_TEXT, LONG_TEXT})
NUMBERS = frozenset({NUMBER, INTEGER})
CHOICES = frozenset({ONE_OF, MANY_OF})
MEDIA = frozenset({PHOTO, VIDEO, FILE, SIGNATURE})
TIMES = frozenset({DATE, TIME, DATE_TIME})
SILENT = frozenset({SECTION, INSTRUCTION})
"""Kinds that are read and never answered."""
KNOWN = TEXTS | NUMBERS | CHOICES | MEDIA | TIMES | SILENT | {CHECK, LOCATION, GROUP}
BOUNDED = TEXTS | NUMBERS | MEDIA | {MANY_OF, GROUP}
"""Kinds whose answers `least` and `most` bound."""

PASS, FAIL, NOT_APPLICABLE = "pass", "fail", "na"
RESULTS = (PASS, FAIL, NOT_APPLICABLE)


def is_answered(value: Any) -> bool:
    """Whether there is an answer at all: a check without a result has none, nor has white space."""
    if isinstance(value, Mapping):
        return bool(value.get("result"))
    if isinstance(value, str):
        return bool(value.strip())
    return value is not None and value != []


def every(fields: tuple[Field, ...]) -> Iterator[Field]:
    """All fields of a template, those inside sections and groups after the one that holds them."""
    for field in fields:
        yield field
        yield from every(field.fields)


def place(group: str, row: int, field: str) -> str:
    """The path of a field in a row (from 0) of a group."""
    return f"{group}[{row}].{field}"
