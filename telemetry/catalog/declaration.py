"""What a declaration is: an event class with typed fields, and the facts a person reads before allowing it.

Each event is a frozen Struct, so constructing it *is* the typed emitter: `record(ReportSent(size_bytes=…, media=…))`.
`declare` checks the class when the module loads, so one without purpose or with a forbidden field never ships.
"""

import datetime
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Literal, TypeVar

import msgspec

Category = Literal["diagnostics", "usage", "third_party"]
Sensitivity = Literal["technical", "interaction"]
"""Of Glean's four kinds only these two exist here: stored content and highly sensitive data are never log data."""
Scalar = str | int | bool

MAX_WHOLE = 2**53


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """A whole number from 0 to `max`, cut there; with `bucket` only its largest power of two is recorded."""

    max: int
    bucket: bool = False
    sensitivity: Sensitivity = "technical"


class Text(msgspec.Struct, frozen=True, kw_only=True):
    """Text made by the program, never by a person; diagnostics only, redacted, cut at `max_chars`."""

    max_chars: int
    sensitivity: Sensitivity = "technical"


class Plain(msgspec.Struct, frozen=True, kw_only=True):
    """Marks the sensitivity of a choice or a flag; without it they are technical."""

    sensitivity: Sensitivity = "technical"


class FieldDeclaration(msgspec.Struct, frozen=True, kw_only=True):
    """One field: `kind` is choice, whole, flag or text; `choices` for a choice, `limit` for whole and text."""

    name: str
    kind: Literal["choice", "whole", "flag", "text"]
    sensitivity: Sensitivity
    choices: tuple[str, ...] = ()
    limit: int = 0
    bucket: bool = False


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every event of the catalog is."""

    declaration: ClassVar["Declaration"]


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """All that is promised about one event. `owner` is a role; `retention_days` is how long the server keeps it;
    from `expires` on it is no longer recorded. `urgent` ones are sent within a minute instead of five."""

    name: str
    version: int
    category: Category
    purpose: str
    owner: str
    fields: tuple[FieldDeclaration, ...]
    retention_days: int
    expires: datetime.date
    urgent: bool
    event: type[Event]


class UndeclaredEventError(LookupError):
    """No event of that name is in the catalog."""


class WrongFieldsError(ValueError):
    """The fields do not fit the declaration; the text names the field by its path, never its value."""


E = TypeVar("E", bound=type[Event])


def declare(
    *,
    name: str,
    version: int,
    category: Category,
    purpose: str,
    owner: str,
    retention_days: int,
    expires: datetime.date,
    urgent: bool = False,
) -> Callable[[E], E]:
    """Declare the decorated Struct as an event; raises TypeError for a field that its category may not hold."""

    def attach(event: E) -> E:
        hints = typing.get_type_hints(event, include_extras=True)
        fields = tuple(_field(field, hints[field], category) for field in event.__struct_fields__)
        if not purpose or not owner or retention_days < 1:
            raise TypeError(f"{name}: purpose, owner and retention are part of a declaration")
        event.declaration = Declaration(
            name=name,
            version=version,
            category=category,
            purpose=purpose,
            owner=owner,
            fields=fields,
            retention_days=retention_days,
            expires=expires,
            urgent=urgent,
            event=event,
        )
        return event

    return attach


def _field(name: str, hint: Any, category: Category) -> FieldDeclaration:
    marks: tuple[Any, ...] = ()
    if typing.get_origin(hint) is typing.Annotated:
        hint, *rest = typing.get_args(hint)
        marks = tuple(rest)
    mark = marks[0] if marks else Plain()
    if typing.get_origin(hint) is Literal:
        choices = typing.get_args(hint)
        return FieldDeclaration(name=name, kind="choice", sensitivity=mark.sensitivity, choices=choices)
    if hint is bool:
        return FieldDeclaration(name=name, kind="flag", sensitivity=mark.sensitivity)
    if hint is int and isinstance(mark, Whole) and 0 < mark.max <= MAX_WHOLE:
        return FieldDeclaration(
            name=name, kind="whole", sensitivity=mark.sensitivity, limit=mark.max, bucket=mark.bucket
        )
    if hint is str and isinstance(mark, Text) and mark.max_chars > 0:
        if category != "diagnostics":
            raise TypeError(f"{name}: only diagnostics may hold text")
        return FieldDeclaration(name=name, kind="text", sensitivity=mark.sensitivity, limit=mark.max_chars)
    raise TypeError(f"{name}: {hint} is not a kind of field that log data may hold")


def index(*events: type[Event]) -> Mapping[str, Declaration]:
    """The catalog of these events by name; two of one name are a TypeError."""
    named = {event.declaration.name: event.declaration for event in events}
    if len(named) != len(events):
        raise TypeError("two events share a name")
    return types.MappingProxyType(named)


def declaration_of(catalog: Mapping[str, Declaration], name: str) -> Declaration:
    """The declaration of `name`, or UndeclaredEventError."""
    try:
        return catalog[name]
    except KeyError:
        raise UndeclaredEventError(name) from None


def parse(catalog: Mapping[str, Declaration], name: str, fields: Mapping[str, object]) -> Event:
    """An event from its name and fields, as they cross a process boundary."""
    declaration = declaration_of(catalog, name)
    try:
        return msgspec.convert(dict(fields), declaration.event, strict=True)
    except msgspec.ValidationError as error:
        raise WrongFieldsError(_path_only(error)) from None


def attributes(event: Event) -> dict[str, Scalar]:
    """The event's fields as they are recorded: checked, numbers cut and bucketed, text cut (and not yet redacted)."""
    return {field.name: _recorded(field, getattr(event, field.name)) for field in event.declaration.fields}


def _recorded(field: FieldDeclaration, value: object) -> Scalar:
    if field.kind == "choice" and isinstance(value, str) and value in field.choices:
        return value
    if field.kind == "flag" and isinstance(value, bool):
        return value
    if field.kind == "text" and isinstance(value, str):
        return value[: field.limit]
    if field.kind == "whole" and isinstance(value, int) and not isinstance(value, bool):
        whole = min(max(value, 0), field.limit)
        return 1 << (whole.bit_length() - 1) if field.bucket and whole else whole
    raise WrongFieldsError(f"`{field.name}` is not the {field.kind} that was declared")


def _path_only(error: msgspec.ValidationError) -> str:
    """msgspec's text may quote a wrong enum value, which could be anything; only the path is safe to repeat."""
    _, _, path = str(error).rpartition(" - at ")
    return f"the fields do not fit the declaration, at {path or '`$`'}"
