"""What changed between two states of a checklist, field by field."""

from typing import Literal

import msgspec

from protocol.templates import Field, Template
from rules.templates.kinds import every

What = Literal["title", "description", "added", "removed", "moved", "changed"]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One change. `label` is that of the field; `properties` are the names of what changed in it."""

    what: What
    label: str = ""
    properties: tuple[str, ...] = ()


def changes(before: Template | None, after: Template) -> list[Change]:
    """From nothing, or from an earlier state, in the order of the later one; what was removed comes last."""
    if before is None:
        return [Change(what="added", label=_label(field)) for field in every(after.fields)]
    found: list[Change] = []
    if before.title != after.title:
        found.append(Change(what="title", label=after.title))
    if before.description != after.description:
        found.append(Change(what="description"))
    old, new = _by_id(before), _by_id(after)
    stayed = {name for name in old if name in new and old[name][1] == new[name][1]}  # in what holds them
    moved = _moved([name for name in old if name in stayed], [name for name in new if name in stayed])
    for name, (field, holder) in new.items():
        if name not in old:
            found.append(Change(what="added", label=_label(field)))
            continue
        was, held_by = old[name]
        properties = tuple(one for one in _PROPERTIES if getattr(was, one) != getattr(field, one))
        if properties:
            found.append(Change(what="changed", label=_label(field), properties=properties))
        if name in moved or held_by != holder:
            found.append(Change(what="moved", label=_label(field)))
    found += [Change(what="removed", label=_label(field)) for name, (field, _) in old.items() if name not in new]
    return found


_PROPERTIES = tuple(name for name in Field.__struct_fields__ if name not in {"field", "fields"})


def _by_id(template: Template) -> dict[str, tuple[Field, str]]:
    """Each field with the id of what holds it."""
    found: dict[str, tuple[Field, str]] = {}

    def collect(fields: tuple[Field, ...], holder: str) -> None:
        for field in fields:
            found[field.field] = (field, holder)
            collect(field.fields, field.field)

    collect(template.fields, "")
    return found


def _label(field: Field) -> str:
    return field.label.strip() or field.field


def _moved(before: list[str], after: list[str]) -> set[str]:
    """The fewest fields whose moving makes the one order of the other."""
    place = {name: index for index, name in enumerate(before)}
    order = [place[name] for name in after]
    best: list[int] = []  # per length, the index in `order` of the smallest end of a rising row
    previous: list[int] = []
    for index, value in enumerate(order):
        low = next((at for at, end in enumerate(best) if order[end] >= value), len(best))
        previous.append(best[low - 1] if low else -1)
        best[low : low + 1] = [index]
    stays: set[str] = set()
    at = best[-1] if best else -1
    while at >= 0:
        stays.add(after[at])
        at = previous[at]
    return set(after) - stays
