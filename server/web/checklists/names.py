"""What kinds of fields, comparisons and properties are called on pages."""

import msgspec

from protocol import templates as kinds
from protocol.templates import Field
from rules.templates.kinds import FAIL, MEDIA, NOT_APPLICABLE, NUMBERS, PASS, TEXTS
from server.web.words import Words


class KindName(msgspec.Struct, frozen=True):
    """A kind as it is offered: its name, and what it is for."""

    kind: str
    name: str
    hint: str


def kind_groups(words: Words) -> list[tuple[str, list[KindName]]]:
    """Every kind, under headings, what is needed most first."""
    _ = words
    often = [
        KindName(kinds.CHECK, _("Pass or fail"), _("Or not applicable; a fail asks for a note.")),
        KindName(kinds.SHORT_TEXT, _("Short text"), _("One line.")),
        KindName(kinds.LONG_TEXT, _("Long text"), _("Several lines.")),
        KindName(kinds.NUMBER, _("Number"), _("With a unit and bounds, if you like.")),
        KindName(kinds.ONE_OF, _("Choose one"), _("From choices that you write.")),
        KindName(kinds.MANY_OF, _("Choose several"), _("From choices that you write.")),
        KindName(kinds.PHOTO, _("Photos"), _("One or more pictures.")),
    ]
    more = [
        KindName(kinds.INTEGER, _("Whole number"), _("A count or a reading without decimals.")),
        KindName(kinds.DATE, _("Date"), ""),
        KindName(kinds.TIME, _("Time of day"), ""),
        KindName(kinds.DATE_TIME, _("Date and time"), ""),
        KindName(kinds.LOCATION, _("Location"), _("One of your locations.")),
        KindName(kinds.SIGNATURE, _("Signature"), _("Drawn by hand.")),
        KindName(kinds.VIDEO, _("Videos"), ""),
        KindName(kinds.FILE, _("Files"), ""),
    ]
    order = [
        KindName(kinds.SECTION, _("Section"), _("A heading with fields below it.")),
        KindName(
            kinds.GROUP, _("Repeating group"), _("Fields that are filled in once for each: every pump, every car.")
        ),
        KindName(kinds.INSTRUCTION, _("Instruction"), _("Words to read; nothing to answer.")),
    ]
    return [(_("Often needed"), often), (_("More questions"), more), (_("To put in order"), order)]


def kind_names(words: Words) -> dict[str, str]:
    """The names by kind."""
    return {one.kind: one.name for _group, some in kind_groups(words) for one in some}


def bound_names(words: Words, kind: str) -> tuple[str, str]:
    """What the smallest and the largest mean for a kind."""
    _ = words
    if kind in TEXTS:
        return _("At least this many characters"), _("At most this many characters")
    if kind in NUMBERS:
        return _("Smallest number"), _("Largest number")
    if kind in MEDIA:
        return _("At least this many files"), _("At most this many files")
    if kind == kinds.GROUP:
        return _("At least this many rows"), _("At most this many rows")
    return _("At least this many choices"), _("At most this many choices")


NOT_ANSWERED = "not_answered"
EXCLUDES = "excludes"
"""Comparisons of the form that are the opposite of one of a template."""


def operator_names(words: Words) -> dict[str, str]:
    """Comparisons as they are chosen."""
    _ = words
    return {
        kinds.EQUAL: _("is"),
        kinds.NOT_EQUAL: _("is not"),
        kinds.ANSWERED: _("is answered"),
        NOT_ANSWERED: _("is not answered"),
        kinds.CONTAINS: _("includes"),
        EXCLUDES: _("does not include"),
        kinds.LESS: _("is less than"),
        kinds.LESS_EQUAL: _("is at most"),
        kinds.GREATER: _("is more than"),
        kinds.GREATER_EQUAL: _("is at least"),
    }


def joint_names(words: Words) -> dict[str, str]:
    """When a field is shown."""
    _ = words
    return {
        "": _("Always"),
        kinds.ALL: _("Only when all of this is so"),
        kinds.ANY: _("Only when any of this is so"),
        kinds.NOT: _("Only when none of this is so"),
    }


def inner_joint_names(words: Words) -> dict[str, str]:
    """What must be so of a group within a condition."""
    _ = words
    return {
        kinds.ALL: _("All of this is so"),
        kinds.ANY: _("Any of this is so"),
        kinds.NOT: _("None of this is so"),
    }


def result_names(words: Words) -> dict[str, str]:
    """The results of a check."""
    _ = words
    return {PASS: _("Pass"), FAIL: _("Fail"), NOT_APPLICABLE: _("Not applicable")}


def values_of(words: Words, field: Field) -> list[tuple[str, str]]:
    """What a field can be compared with, as (kept, read); empty where anything can be typed."""
    if field.kind == kinds.CHECK:
        return list(result_names(words).items())
    return [(choice.value, choice.label) for choice in field.choices]


def property_names(words: Words) -> dict[str, str]:
    """The properties of a field, for the list of what changed."""
    _ = words
    return {
        "kind": _("how it is answered"),
        "label": _("the question"),
        "hint": _("the hint"),
        "required": _("whether it is needed"),
        "default": _("what it begins with"),
        "prefill": _("whether it begins with the last answer"),
        "shown_when": _("when it is shown"),
        "message": _("your own words"),
        "unit": _("the unit"),
        "least": _("the smallest"),
        "most": _("the largest"),
        "choices": _("the choices"),
    }
