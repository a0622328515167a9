"""One field of a draft between its Struct and the text fields of a form."""

import math
from collections.abc import Mapping
from typing import Any

import msgspec

from protocol.templates import CHECK, INTEGER, MANY_OF, Field
from rules.sentence import Sentence
from rules.templates.checking import MAX_DEPTH
from rules.templates.conditions import JOINTS
from rules.templates.kinds import BOUNDED, CHOICES, MEDIA, NUMBERS, SILENT
from server.problems import problem
from server.templates.outline import HOLDERS, choices_of
from server.web.checklists.conditions import Part, Row, condition_of, nested, typed_condition
from server.web.session import Form
from server.web.words import Words

_DEPTHS = frozenset(str(depth) for depth in range(1, MAX_DEPTH + 2))
_BLANK = (Part(), Part())
"""Rows of a condition that stand ready to be filled in, where there are none."""


class FieldForm(msgspec.Struct, frozen=True, kw_only=True):
    """What stands in the form, as it was typed. `defaults` are the chosen values of what the field begins with."""

    field_id: str
    kind: str
    label: str
    hint: str
    required: bool
    prefill: bool
    message: str
    unit: str
    least: str
    most: str
    choices: str
    defaults: tuple[str, ...]
    condition: Part

    @property
    def default(self) -> str:
        """What the field begins with, where that is one value."""
        return self.defaults[0] if self.defaults else ""


def form_of(words: Words, field: Field, earlier: Mapping[str, Field]) -> FieldForm:
    """The form of a field as it stands."""
    condition = typed_condition(words, field.shown_when, earlier)
    return FieldForm(
        field_id=field.field,
        kind=field.kind,
        label=field.label,
        hint=field.hint,
        required=field.required,
        prefill=field.prefill,
        message=field.message,
        unit=field.unit,
        least=_number_text(field.least),
        most=_number_text(field.most),
        choices="\n".join(choice.label for choice in field.choices),
        defaults=_default_texts(field),
        condition=condition if condition.parts else msgspec.structs.replace(condition, parts=_BLANK),
    )


def typed(form: Form) -> FieldForm:
    """What was typed."""
    return FieldForm(
        field_id=form.one("field_id").strip(),
        kind=form.one("kind"),
        label=form.one("label").replace("\r\n", "\n").strip(),
        hint=form.one("hint").replace("\r\n", "\n").strip(),
        required=bool(form.one("required")),
        prefill=bool(form.one("prefill")),
        message=form.one("message").replace("\r\n", "\n").strip(),
        unit=form.one("unit").strip(),
        least=form.one("least").strip(),
        most=form.one("most").strip(),
        choices=form.one("choices"),
        defaults=tuple(value for value in form.all("default") if value),
        condition=_condition(form),
    )


def _condition(form: Form) -> Part:
    """The condition as it was drawn: of each part its depth, of a group its joint, of a comparison what it compares."""
    depths, joints = form.all("when_depth"), form.all("when_joint")
    parts = []
    for at, row in enumerate(zip(form.all("when_field"), form.all("when_op"), form.all("when_value"), strict=False)):
        depth = depths[at] if at < len(depths) and depths[at] in _DEPTHS else "1"
        joint = joints[at] if at < len(joints) and joints[at] in JOINTS else ""
        parts.append((int(depth), Part(joint, Row(*row))))
    return nested(form.one("joint"), parts)


def field_of(words: Words, form: FieldForm, before: Field, earlier: Mapping[str, Field]) -> Field:
    """The field that was typed; what its kind does not have is left out. Raises ProblemError for a bound that is no
    number, and for a holder of fields that would lose them; the problem's field is the name in the form."""
    if before.fields and form.kind not in HOLDERS:
        detail = "Other fields stand in this one. Move them out first, then choose another kind."
        raise problem("holds-fields", 422, "Holds fields", detail, field="kind")
    kind = form.kind
    choices = choices_of(form.choices, before.choices) if kind in CHOICES else ()
    bounded = kind in BOUNDED
    plain = Field(
        field=form.field_id or before.field,
        kind=kind,
        label=form.label,
        hint=form.hint,
        required=form.required and kind not in SILENT,
        prefill=form.prefill and kind not in SILENT | MEDIA,
        message=form.message if kind not in SILENT else "",
        unit=form.unit if kind in NUMBERS else "",
        least=_bound(form.least, "least") if bounded else None,
        most=_bound(form.most, "most") if bounded else None,
        choices=choices,
        shown_when=condition_of(words, form.condition, earlier, before.shown_when),
        fields=before.fields,
    )
    if kind != before.kind or kind in MEDIA | SILENT | HOLDERS:
        return plain
    return msgspec.structs.replace(plain, default=_default(plain, form, before))


def _bound(text: str, name: str) -> float | None:
    if not text:
        return None
    try:
        number = float(text.replace(",", "."))
        if math.isfinite(number):
            return int(number) if number.is_integer() else number
    except ValueError:
        pass
    detail = Sentence("“%(text)s” is not a number. Write digits only, or leave it empty.", text=text[:40])
    raise problem("not-a-number", 422, "Not a number", detail, field=name)


def _default(field: Field, form: FieldForm, before: Field) -> Any:
    """What the field begins with. A choice that was renamed is still chosen; one that is gone is not."""
    if field.kind in CHOICES:
        kept = [choice.value for choice in field.choices if choice.value in form.defaults]
        if field.kind == MANY_OF:
            return kept or None
        return kept[0] if kept else None
    if not form.default:
        return None
    if field.kind == CHECK:
        note = before.default.get("note", "") if isinstance(before.default, dict) else ""
        return {"result": form.default} | ({"note": note} if note else {})
    if field.kind in NUMBERS:
        number = _bound(form.default, "default")
        return number if field.kind != INTEGER or number is None or not number.is_integer() else int(number)
    return form.default


def _default_texts(field: Field) -> tuple[str, ...]:
    value = field.default
    if isinstance(value, list):
        return tuple(str(one) for one in value)
    if isinstance(value, dict):
        return (str(value.get("result", "")),)
    return () if value is None else (str(value),)


def _number_text(number: float | None) -> str:
    if number is None:
        return ""
    return str(int(number)) if float(number).is_integer() else str(number)
