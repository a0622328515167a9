"""Whether one answer fits its field. Each check gives the code of what is wrong and the limit it broke, or None."""

import re
import sys
from collections.abc import Callable, Mapping
from datetime import date, datetime
from datetime import time as time_of_day
from typing import Any, Literal

from protocol.templates import (
    CHECK,
    DATE,
    DATE_TIME,
    FILE,
    INTEGER,
    LOCATION,
    LONG_TEXT,
    MANY_OF,
    NUMBER,
    ONE_OF,
    PHOTO,
    SHORT_TEXT,
    SIGNATURE,
    TIME,
    VIDEO,
    Field,
)
from rules.templates.kinds import FAIL, RESULTS

Code = Literal[
    "required",
    "note_required",
    "wrong_kind",
    "too_long",
    "too_short",
    "too_small",
    "too_large",
    "too_few",
    "too_many",
    "not_a_choice",
    "not_a_photo",
    "not_a_video",
    "not_attached",
]
Wrong = tuple[Code, float | None] | None

MALFORMED: frozenset[Code] = frozenset({"wrong_kind", "not_attached"})
"""What no version of any app lets a person make: a server refuses it. Everything else is kept, and said."""

MAX_SHORT_TEXT = 500
MAX_LONG_TEXT = 20_000
MAX_NOTE = 2_000
MAX_ROWS = 200
MAX_FILES = 50
ENDLESS = 1_000
"""More rows, or choices at once, than an app of any age lets a person make: whoever opens them waits for each."""

_LARGEST = sys.float_info.max
"""JSON has no infinity, but whole numbers beyond what a float holds, which could not be compared or shown."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIME = re.compile(r"\d{2}:\d{2}")
_DATE_TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})")
_IMAGE, _VIDEO = "image/", "video/"


def check_value(field: Field, value: Any, media: Mapping[str, str]) -> Wrong:
    """What is wrong with an answer that is there; `media` is media id to content type of the files that go along."""
    check = _CHECKS.get(field.kind)
    return check(field, value, media) if check is not None else None


def _text(field: Field, value: Any, _media: Mapping[str, str]) -> Wrong:
    if not isinstance(value, str):
        return "wrong_kind", None
    most = field.most if field.most is not None else MAX_SHORT_TEXT if field.kind == SHORT_TEXT else MAX_LONG_TEXT
    if len(value) > most:
        return "too_long", most
    if field.least is not None and len(value.strip()) < field.least:
        return "too_short", field.least
    return None


def _number(field: Field, value: Any, _media: Mapping[str, str]) -> Wrong:
    allowed = int if field.kind == INTEGER else int | float
    if not isinstance(value, allowed) or isinstance(value, bool) or not -_LARGEST <= value <= _LARGEST:
        return "wrong_kind", None
    if field.least is not None and value < field.least:
        return "too_small", field.least
    if field.most is not None and value > field.most:
        return "too_large", field.most
    return None


def _moment(read: Callable[[str], Any], shape: re.Pattern[str]) -> Callable[[Field, Any, Mapping[str, str]], Wrong]:
    def check(_field: Field, value: Any, _media: Mapping[str, str]) -> Wrong:
        if not isinstance(value, str) or shape.fullmatch(value) is None or not value.isascii():
            return "wrong_kind", None
        try:
            read(value)
        except ValueError:
            return "wrong_kind", None
        return None

    return check


def _one_of(field: Field, value: Any, _media: Mapping[str, str]) -> Wrong:
    if not isinstance(value, str):
        return "wrong_kind", None
    return None if any(value == choice.value for choice in field.choices) else ("not_a_choice", None)


def _many_of(field: Field, value: Any, _media: Mapping[str, str]) -> Wrong:
    if not _texts(value) or len(set(value)) != len(value) or len(value) > ENDLESS:
        return "wrong_kind", None
    wrong = set(value) - {choice.value for choice in field.choices}
    return ("not_a_choice", None) if wrong else check_count(field, len(value), len(field.choices))


def _check(_field: Field, value: Any, _media: Mapping[str, str]) -> Wrong:
    if not isinstance(value, dict) or set(value) - {"result", "note"}:
        return "wrong_kind", None
    result, note = value.get("result"), value.get("note", "")
    if result not in RESULTS or not isinstance(note, str):
        return "wrong_kind", None
    if len(note) > MAX_NOTE:
        return "too_long", MAX_NOTE
    return ("note_required", None) if result == FAIL and not note.strip() else None


def _files(field: Field, value: Any, media: Mapping[str, str]) -> Wrong:
    if not _texts(value) or len(set(value)) != len(value):
        return "wrong_kind", None
    if any(one not in media for one in value):
        return "not_attached", None
    kinds = [media[one] for one in value]
    if field.kind in {PHOTO, SIGNATURE} and not all(kind.startswith(_IMAGE) for kind in kinds):
        return "not_a_photo", None
    if field.kind == VIDEO and not all(kind.startswith(_VIDEO) for kind in kinds):
        return "not_a_video", None
    return check_count(field, len(value), 1 if field.kind == SIGNATURE else MAX_FILES)


def _location(_field: Field, value: Any, _media: Mapping[str, str]) -> Wrong:
    return None if isinstance(value, str) and len(value) <= 64 else ("wrong_kind", None)


def check_count(field: Field, count: int, most: int) -> Wrong:
    """Whether there are as many choices, files or rows as the field asks for; `most` where it names no bound."""
    if field.least is not None and count < field.least:
        return "too_few", field.least
    limit = most if field.most is None else field.most
    return ("too_many", limit) if count > limit else None


def _texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


_CHECKS: dict[str, Callable[[Field, Any, Mapping[str, str]], Wrong]] = {
    SHORT_TEXT: _text,
    LONG_TEXT: _text,
    NUMBER: _number,
    INTEGER: _number,
    DATE: _moment(date.fromisoformat, _DATE),
    TIME: _moment(time_of_day.fromisoformat, _TIME),
    DATE_TIME: _moment(datetime.fromisoformat, _DATE_TIME),
    ONE_OF: _one_of,
    MANY_OF: _many_of,
    CHECK: _check,
    PHOTO: _files,
    VIDEO: _files,
    FILE: _files,
    SIGNATURE: _files,
    LOCATION: _location,
}
