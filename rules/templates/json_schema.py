"""A template as JSON Schema 2020-12, for strangers who want to make or check its answers. It is generated; the template
decides. Skip logic is not in it: `required` are the fields that are always asked and always need an answer."""

from typing import Any

from protocol.templates import (
    CHECK,
    DATE,
    DATE_TIME,
    GROUP,
    INTEGER,
    LOCATION,
    LONG_TEXT,
    MANY_OF,
    NUMBER,
    ONE_OF,
    SECTION,
    SHORT_TEXT,
    SIGNATURE,
    TIME,
    Field,
    Template,
)
from rules.templates.kinds import FAIL, KNOWN, MEDIA, RESULTS, SILENT, TEXTS
from rules.templates.values import MAX_FILES, MAX_LONG_TEXT, MAX_NOTE, MAX_ROWS, MAX_SHORT_TEXT

_FORMATS: dict[str, dict[str, Any]] = {
    DATE: {"type": "string", "format": "date"},
    TIME: {"type": "string", "pattern": "^[0-9]{2}:[0-9]{2}$"},
    DATE_TIME: {
        "type": "string",
        "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$",
    },
    LOCATION: {"type": "string", "maxLength": 64},
}


def json_schema(template: Template) -> dict[str, Any]:
    """The schema of the object of field id to answer."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:miratag:template:{template.template_id}:{template.version}",
        "title": template.title,
        **_answers(template.fields),
    }


def _answers(fields: tuple[Field, ...]) -> dict[str, Any]:
    properties: dict[str, Any] = {}
    required: list[str] = []
    _collect(fields, properties, required, always=True)
    return {"type": "object", "properties": properties, "required": required}


def _collect(fields: tuple[Field, ...], properties: dict[str, Any], required: list[str], *, always: bool) -> None:
    for field in fields:
        asked = always and field.shown_when is None
        if field.kind == SECTION:
            _collect(field.fields, properties, required, always=asked)
        elif field.kind not in SILENT:
            words = {key: text for key, text in (("title", field.label), ("description", field.hint)) if text}
            properties[field.field] = words | _value(field)
            if asked and field.required and field.kind in KNOWN:
                required.append(field.field)


def _value(field: Field) -> dict[str, Any]:
    bounds = _LIMITS.get(field.kind)
    return _shape(field) if bounds is None else _shape(field) | _bounds(field, *bounds)


_LIMITS: dict[str, tuple[str, str, int | None]] = {
    SHORT_TEXT: ("minLength", "maxLength", MAX_SHORT_TEXT),
    LONG_TEXT: ("minLength", "maxLength", MAX_LONG_TEXT),
    NUMBER: ("minimum", "maximum", None),
    INTEGER: ("minimum", "maximum", None),
    MANY_OF: ("minItems", "maxItems", None),
    GROUP: ("minItems", "maxItems", MAX_ROWS),
    SIGNATURE: ("minItems", "maxItems", 1),
    **dict.fromkeys(MEDIA - {SIGNATURE}, ("minItems", "maxItems", MAX_FILES)),
}


def _shape(field: Field) -> dict[str, Any]:
    chosen = [choice.value for choice in field.choices]
    text: dict[str, Any] = {"type": "string"}
    files: dict[str, Any] = {"type": "array", "items": text, "uniqueItems": True}
    shapes: dict[str, dict[str, Any]] = {
        **dict.fromkeys(TEXTS, text),
        **dict.fromkeys(MEDIA, files),
        NUMBER: {"type": "number"},
        INTEGER: {"type": "integer"},
        ONE_OF: {"enum": chosen},
        MANY_OF: {"type": "array", "items": {"enum": chosen}, "uniqueItems": True},
        CHECK: _check(),
        GROUP: {"type": "array", "items": _answers(field.fields)},
        **_FORMATS,
    }
    return shapes.get(field.kind, {})


def _check() -> dict[str, Any]:
    note = {"type": "string", "maxLength": MAX_NOTE}
    failed = {"properties": {"result": {"const": FAIL}}, "required": ["result"]}
    return {
        "type": "object",
        "properties": {"result": {"enum": list(RESULTS)}, "note": note},
        "required": ["result"],
        "additionalProperties": False,
        "if": failed,
        "then": {"properties": {"note": {"pattern": "\\S"}}, "required": ["note"]},
    }


def _bounds(field: Field, least: str, most: str, otherwise: int | None) -> dict[str, Any]:
    bounds: dict[str, Any] = {}
    if field.least is not None:
        bounds[least] = field.least
    upper = field.most if field.most is not None else otherwise
    if upper is not None:
        bounds[most] = upper
    return {key: int(bound) if float(bound).is_integer() else bound for key, bound in bounds.items()}
