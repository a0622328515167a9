"""The editor's page: a draft as a column of fields, one of them open, and a form for the next."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import Response

from protocol.changes import LocationView
from protocol.templates import MANY_OF, NUMBER, Field, Template
from rules.templates.checking import MAX_DEPTH, MAX_FIELDS, Fault, faults
from rules.templates.kinds import BOUNDED, CHOICES, FAIL, MEDIA, NUMBERS, SILENT
from server.locations import places
from server.problems import ProblemError
from server.templates.drafts import draft_of
from server.templates.outline import HOLDERS, Placed, column
from server.templates.reading import version_of
from server.web.checklists.conditions import told
from server.web.checklists.field_form import FieldForm, form_of
from server.web.checklists.names import (
    bound_names,
    inner_joint_names,
    joint_names,
    kind_groups,
    kind_names,
    operator_names,
    result_names,
    values_of,
)
from server.web.visit import Visit
from server.web.words import Words


class RowView(msgspec.Struct, frozen=True, kw_only=True):
    """One field of the column: its question, how it is answered, what else it says, and what is wrong with it."""

    place: int
    depth: int
    label: str
    kind: str
    facts: tuple[str, ...]
    faults: tuple[str, ...]
    holds: bool


class Earlier(msgspec.Struct, frozen=True, kw_only=True):
    """A field that a condition may look at, with what it can be compared with, if not anything."""

    field: str
    label: str
    values: tuple[tuple[str, str], ...]


class Adding(msgspec.Struct, frozen=True, kw_only=True):
    """The form for the next field, as it was typed. `where` is `end`, `in:PLACE` or `after:PLACE`."""

    label: str = ""
    kind: str = ""
    choices: str = ""
    required: bool = False
    where: str = ""


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """What the page is asked to show beside the column: the field that is open, with what was `typed` in it and the
    part of its condition (its path) that gets the `focus`, and the form for the next one."""

    opened: int | None = None
    typed: FieldForm | None = None
    focus: str = ""
    adding: Adding = Adding()
    title: str | None = None
    description: str | None = None


def show_editor(
    visit: Visit,
    template_id: str,
    asked: Asked,
    *,
    good: str = "",
    refusal: ProblemError | None = None,
) -> Response[Any]:
    """The page. Raises ProblemError: not an admin, not there."""
    with visit.read() as t:
        draft = draft_of(t, visit.actor, template_id)
        newest = version_of(t, template_id)
        locations = places.list_all(t)
        now = t.now
    template, words = draft.template, visit.words
    placed = column(template.fields)
    found = faults(template)
    opened = placed[asked.opened] if asked.opened is not None and 0 <= asked.opened < len(placed) else None
    holders = [one for one in placed if one.field.kind in HOLDERS]
    adding = asked.adding
    if not adding.where:
        adding = msgspec.structs.replace(adding, where=_likely_place(placed))
    return visit.page(
        "checklist.html",
        refusal=refusal,
        good=good,
        now=now,
        draft=draft,
        newest=0 if newest is None else newest.version,
        checklist=template,
        title=template.title if asked.title is None else asked.title,
        description=template.description if asked.description is None else asked.description,
        rows=row_views(words, placed, found),
        general=[words(one.sentence) for one in found if not one.field and placed],
        open=None if opened is None else _open_view(words, template, opened, asked, locations),
        adding=adding,
        holders=[(f"in:{one.place}", one.field.label or one.field.field) for one in holders],
        kind_groups=kind_groups(words),
        choice_kinds=sorted(CHOICES),
        full=len(placed) >= MAX_FIELDS,
        property_kinds=PROPERTY_KINDS,
    )


def row_views(words: Words, placed: Sequence[Placed], found: Sequence[Fault]) -> list[RowView]:
    """The column in words."""
    names = kind_names(words)
    by_id = {one.field.field: one.field for one in placed}
    said: dict[str, list[str]] = {}
    for fault in found:
        said.setdefault(fault.field, []).append(words(fault.sentence))
    rows = []
    for one in placed:
        field = one.field
        wrong = said.pop(field.field, ()) if field.field else ()  # of two with one id, the first is told
        rows.append(
            RowView(
                place=one.place,
                depth=min(one.depth, 2),
                label=field.label,
                kind=names.get(field.kind, field.kind),
                facts=tuple(_facts(words, field, by_id)),
                faults=tuple(wrong),
                holds=field.kind in HOLDERS,
            )
        )
    return rows


def _facts(words: Words, field: Field, by_id: Mapping[str, Field]) -> list[str]:
    """What else there is to know of a field, in a few words each."""
    facts = []
    if field.required:
        facts.append(words("needed"))
    if field.choices:
        facts.append(words.count("%(num)d choice", "%(num)d choices", len(field.choices)))
    if field.least is not None or field.most is not None:
        facts.append(f"{_range(words, field.least, field.most)} {field.unit}".rstrip())
    elif field.unit:
        facts.append(field.unit)
    if field.shown_when is not None:
        facts.append(words("shown when %(condition)s", condition=told(words, field.shown_when, by_id)))
    return facts


def _range(words: Words, least: float | None, most: float | None) -> str:
    if least is None:
        return words("up to %(most)g", most=most)
    if most is None:
        return words("from %(least)g", least=least)
    return words("%(least)g to %(most)g", least=least, most=most)


def _likely_place(placed: Sequence[Placed]) -> str:
    """Where the next field goes: into a section or group that stands last, for that is what a heading is made for."""
    outer = [one for one in placed if one.depth == 0]
    return f"in:{outer[-1].place}" if outer and outer[-1].field.kind in HOLDERS else "end"


def earlier_fields(fields: Sequence[Placed], place: int) -> dict[str, Field]:
    """The fields by id that the condition of the one at `place` may look at: those before it, of other groups none."""
    own: list[int | None] = [fields[place].within]
    while own[-1] is not None:
        own.append(fields[own[-1]].within)
    return {
        one.field.field: one.field
        for one in fields[:place]
        if one.field.kind not in SILENT and (one.within in own or _in_section(fields, one))
    }


def _in_section(fields: Sequence[Placed], one: Placed) -> bool:
    return one.within is not None and fields[one.within].field.kind in SILENT


def _open_view(
    words: Words, template: Template, opened: Placed, asked: Asked, locations: list[LocationView]
) -> dict[str, Any]:
    """What the form of the open field shows."""
    field = opened.field
    earlier = earlier_fields(column(template.fields), opened.place)
    form = asked.typed or form_of(words, field, earlier)
    least, most = bound_names(words, form.kind)
    return {
        "place": opened.place,
        "was": field.field,
        "form": form,
        "least_name": least,
        "most_name": most,
        "focus": asked.focus,
        "earlier": [
            Earlier(field=name, label=one.label or name, values=tuple(values_of(words, one)))
            for name, one in earlier.items()
        ],
        "joints": joint_names(words),
        "inner_joints": inner_joint_names(words),
        "deepest": MAX_DEPTH,
        "operators": operator_names(words),
        "results": {name: read for name, read in result_names(words).items() if name != FAIL or form.default == FAIL},
        "choices": field.choices,
        "locations": [one for one in locations if one.active],
        "condition": told(words, field.shown_when, earlier) if field.shown_when is not None else "",
        "shows": _properties(form.kind),
    }


def _properties(kind: str) -> frozenset[str]:
    """The properties that a kind has."""
    shown = set()
    if kind not in SILENT:
        shown |= {"required", "message"}
    if kind not in SILENT | MEDIA:
        shown.add("prefill")
    if kind in BOUNDED:
        shown.add("bounds")
    if kind in NUMBERS:
        shown.add("unit")
    if kind in CHOICES:
        shown.add("choices")
    if kind not in SILENT | MEDIA | HOLDERS:
        shown.add("default")
    return frozenset(shown)


PROPERTY_KINDS: dict[str, tuple[str, ...]] = {
    name: tuple(sorted(kind for kind in BOUNDED | NUMBERS | CHOICES | {NUMBER, MANY_OF} if name in _properties(kind)))
    for name in ("bounds", "unit", "choices")
}
"""What the page's script shows as soon as another kind is chosen."""
