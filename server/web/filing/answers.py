"""The answers of a checklist in a posted form: each control gives back its own, what is not shown stays as it was."""

import math
import re
from collections.abc import Mapping
from typing import Any

import msgspec

from protocol.templates import CHECK, DATE_TIME, GROUP, INTEGER, MANY_OF, SECTION, Field
from rules.decoding import UNREADABLE
from rules.templates.filling import first_row
from rules.templates.kinds import KNOWN, MEDIA, NUMBERS, SILENT, place
from rules.templates.values import MAX_ROWS
from server.bounds import is_id
from server.web.session import Form

STATE, ASKED, PREFIX = "state", "asked", "a."
"""Names in the form: all answers as JSON, the paths of the controls that it has, what stands before such a path."""
_LONGEST_NUMBER = 30
_WHOLE = re.compile(r"[+-]?[0-9]+")
_DECIMAL = re.compile(r"[+-]?([0-9]+([.,][0-9]*)?|[.,][0-9]+)")


def posted_answers(fields: tuple[Field, ...], form: Form, offset: str) -> dict[str, Any]:
    """The answers after a post; `offset` (+01:00) is that of the times of day that a browser gives. A button of the
    form that adds or removes a row has done so. What cannot be an answer stays as text, for the person to correct."""
    reading = _Reading(form, offset)
    answers = reading.scope(fields, posted_state(form), None)
    return _rows_changed(fields, answers, form.one("do"))


def with_files(answers: Mapping[str, Any], path: str, media_ids: list[str]) -> dict[str, Any]:
    """The answers with more files at a path; unchanged when it is not the path of an answer."""
    matched = re.fullmatch(r"([^.\[\]]+)(?:\[([0-9]{1,3})\]\.([^.\[\]]+))?", path)
    changed = dict(answers)
    if matched is None:
        return changed
    name, row, inner = matched.groups()
    if row is None:
        changed[name] = _added(changed.get(name), media_ids)
        return changed
    rows = changed.get(name)
    if isinstance(rows, list) and int(row) < len(rows) and isinstance(rows[int(row)], dict):
        one = rows[int(row)]
        rows = [*rows]
        rows[int(row)] = {**one, inner: _added(one.get(inner), media_ids)}
        changed[name] = rows
    return changed


def _added(value: Any, media_ids: list[str]) -> list[str]:
    before = [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
    return list(dict.fromkeys([*before, *media_ids]))


def posted_state(form: Form) -> dict[str, Any]:
    """The answers that the page was drawn from."""
    try:
        state = msgspec.json.decode(form.one(STATE) or "{}")
    except UNREADABLE:
        return {}
    return state if isinstance(state, dict) else {}


def _rows_changed(fields: tuple[Field, ...], answers: dict[str, Any], do: str) -> dict[str, Any]:
    verb, _, rest = do.partition(":")
    name, _, number = rest.partition(":")
    group = next((one for one in _top(fields) if one.field == name and one.kind == GROUP), None)
    if group is None or verb not in {"add", "remove"}:
        return answers
    rows = list(answers.get(name) or [])
    if verb == "add" and len(rows) < MAX_ROWS:
        rows.append(first_row(group))
    elif verb == "remove" and _is_row(number, rows):
        del rows[int(number)]
    return {**answers, name: rows}


def row_removed(answers: Mapping[str, Any], do: str) -> str:
    """The row (group:index) of these answers that the button `do` takes out; empty when it takes none."""
    verb, _, rest = do.partition(":")
    name, _, number = rest.partition(":")
    rows = answers.get(name)
    return rest if verb == "remove" and isinstance(rows, list) and _is_row(number, rows) else ""


def _is_row(number: str, rows: list[Any]) -> bool:
    return number.isascii() and number.isdigit() and len(number) < 4 and int(number) < len(rows)


def _top(fields: tuple[Field, ...]) -> list[Field]:
    """The fields outside groups, those of sections among them."""
    return [one for field in fields for one in (_top(field.fields) if field.kind == SECTION else [field])]


class _Reading:
    """Goes through the fields of one posted form."""

    def __init__(self, form: Form, offset: str) -> None:
        self._form = form
        self._offset = offset
        self._asked = set(form.all(ASKED))

    def scope(
        self, fields: tuple[Field, ...], before: Mapping[str, Any], row: tuple[str, int] | None
    ) -> dict[str, Any]:
        """The answers of the template, or of one row; of fields that this version does not have too."""
        answers = dict(before)
        for field in _top(fields):
            path = field.field if row is None else place(*row, field.field)
            value = before.get(field.field)
            if field.kind == GROUP:
                rows = [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
                value = [self.scope(field.fields, one, (path, index)) for index, one in enumerate(rows[: MAX_ROWS + 1])]
            elif path in self._asked and field.kind in KNOWN - SILENT:
                value = self._value(field, path, value)
            if value is None:
                answers.pop(field.field, None)
            else:
                answers[field.field] = value
        return answers

    def _value(self, field: Field, path: str, before: Any) -> Any:
        name = PREFIX + path
        text = self._form.one(name).replace("\r\n", "\n")
        if field.kind == CHECK:
            note = self._form.one(f"{name}.note").replace("\r\n", "\n")
            return ({"result": text, "note": note} if note else {"result": text}) if text or note else None
        if field.kind == MANY_OF:
            return list(dict.fromkeys(one for one in self._form.all(name) if one)) or None
        if field.kind in MEDIA:
            return list(dict.fromkeys(one for one in self._form.all(name) if is_id(one))) or None
        return self._typed(field, text, before) if text else None

    def _typed(self, field: Field, text: str, before: Any) -> Any:
        if field.kind in NUMBERS:
            return number(text, whole=field.kind == INTEGER)
        if field.kind == DATE_TIME:
            return before if isinstance(before, str) and before[:16] == text[:16] else text[:16] + self._offset
        return text


def number(text: str, *, whole: bool) -> int | float | str:
    """What was typed as a number, with a point or a comma; the text itself when it is none."""
    plain = text.strip().replace("\u2212", "-")
    if len(plain) > _LONGEST_NUMBER or not plain.isascii():
        return text
    if _WHOLE.fullmatch(plain) and abs(int(plain)) < 2**53:
        return int(plain)
    if whole or not _DECIMAL.fullmatch(plain):
        return text
    value = float(plain.replace(",", "."))
    return value if math.isfinite(value) else text
