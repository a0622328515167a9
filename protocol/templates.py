"""A template: the organization's versioned checklist, as it travels and as it is kept. What it means is in
`rules.templates`.

One Struct holds every kind of field, and kinds and operators are text, so that a field of a kind this end does not know
is still read, kept and passed on; the rest of its template opens.
"""

from typing import Any

import msgspec

SHORT_TEXT = "short_text"
LONG_TEXT = "long_text"
NUMBER = "number"
INTEGER = "integer"
DATE = "date"
TIME = "time"
DATE_TIME = "date_time"
ONE_OF = "one_of"
MANY_OF = "many_of"
CHECK = "check"
PHOTO = "photo"
VIDEO = "video"
FILE = "file"
SIGNATURE = "signature"
LOCATION = "location"
GROUP = "group"
SECTION = "section"
INSTRUCTION = "instruction"

ALL = "all"
ANY = "any"
NOT = "not"
ANSWERED = "answered"
EQUAL = "equal"
NOT_EQUAL = "not_equal"
LESS = "less"
LESS_EQUAL = "less_equal"
GREATER = "greater"
GREATER_EQUAL = "greater_equal"
CONTAINS = "contains"


class Condition(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """When a field is shown. `all`, `any` and `not` look at `of`; every other operator compares the answer of `field`,
    which stands before in the template, with `value`: `contains` for one choice of many, `answered` without a value."""

    op: str
    of: tuple["Condition", ...] = ()
    field: str = ""
    value: Any = None


class Choice(msgspec.Struct, frozen=True, kw_only=True):
    """One of a field's choices: what is kept, and what is read."""

    value: str
    label: str


class Field(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One field. `field` is its id, unique in the template and the same in every version that asks the same.

    `least` and `most` bound a number's value, a text's characters, and how many choices, files or rows there are.
    `prefill`: a new report begins with the answer of the person's last one. `message` replaces our words when an answer
    does not fit. `fields` are those of a `section` (a heading) or of one row of a `group` (repeated).

    What the answers of each kind are, as JSON: `short_text`, `long_text` text; `number`, `integer` a number; `date`
    "2026-11-25"; `time` "14:05"; `date_time` "2026-11-25T14:05+01:00"; `one_of` the choice's value; `many_of` a list of
    them; `check` {"result": "pass" | "fail" | "na", "note": text}; `photo`, `video`, `file`, `signature` a list of
    media ids; `location` a location id; `group` a list of rows, each an object of field id to answer. A `section` and
    an `instruction` have none.
    """

    field: str
    kind: str
    label: str = ""
    hint: str = ""
    required: bool = False
    default: Any = None
    prefill: bool = False
    shown_when: Condition | None = None
    message: str = ""
    unit: str = ""
    least: float | None = None
    most: float | None = None
    choices: tuple[Choice, ...] = ()
    fields: tuple["Field", ...] = ()


class Template(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One published version of a checklist. It never changes; a change is the next version."""

    template_id: str
    version: int
    title: str
    description: str = ""
    fields: tuple[Field, ...] = ()
