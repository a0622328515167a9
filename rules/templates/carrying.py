"""Answers carried from one place to another: into a copy, a new report, another version of their template."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from protocol.templates import GROUP, LOCATION, MANY_OF, Field
from rules.templates.kinds import KNOWN, MEDIA, SILENT, every
from rules.templates.values import check_value


def with_media(fields: tuple[Field, ...], answers: Mapping[str, Any], ids: Mapping[str, str]) -> dict[str, Any]:
    """The same answers naming other files: `ids` is the old media id to the new; a file without one is left out."""

    def renamed(field: Field, value: Any) -> Any:
        if field.kind not in MEDIA or not isinstance(value, list):
            return value
        return [ids[one] for one in value if isinstance(one, str) and one in ids] or None

    return _each(fields, answers, renamed)


def fitting(fields: tuple[Field, ...], answers: Mapping[str, Any], media: Mapping[str, str]) -> dict[str, Any]:
    """Answers given to another version of the template, for this one: what no longer is an answer to its field goes,
    what only breaks a bound stays to be corrected. `media` as `judge` has it."""

    def fits(field: Field, value: Any) -> Any:
        if field.kind == MANY_OF and isinstance(value, list):
            offered = {choice.value for choice in field.choices}
            value = [one for one in value if isinstance(one, str) and one in offered]
        wrong = check_value(field, value, media)
        gone = wrong is not None and wrong[0] in {"wrong_kind", "not_a_choice", "not_attached"}
        return None if gone or value == [] else value

    return _each(fields, answers, fits)


def locations_of(fields: tuple[Field, ...], answers: Mapping[str, Any]) -> list[str]:
    """The location ids that answers name, each once."""
    names = {field.field for field in every(fields) if field.kind == LOCATION}
    return list(dict.fromkeys(value for name, value in _flat(answers) if name in names and isinstance(value, str)))


def _each(fields: tuple[Field, ...], answers: Mapping[str, Any], change: Callable[[Field, Any], Any]) -> dict[str, Any]:
    """`change` of every answer to a field of a known kind, in rows too; None leaves it out. The rest stays as it is."""
    known = {field.field: field for field in every(fields) if field.kind in KNOWN - SILENT}
    carried: dict[str, Any] = {}
    for name, value in answers.items():
        field = known.get(name)
        if field is None:
            carried[name] = value
        elif field.kind != GROUP:
            changed = change(field, value)
            if changed is not None:
                carried[name] = changed
        elif isinstance(value, list):
            carried[name] = [_each(field.fields, row, change) for row in value if isinstance(row, Mapping)]
    return carried


def _flat(answers: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name, value in answers.items():
        yield name, value
        if isinstance(value, list):
            for row in value:
                if isinstance(row, Mapping):
                    yield from _flat(row)
