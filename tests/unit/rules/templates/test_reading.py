"""Answers in words, and as JSON Schema that a stranger's validator reads."""

from typing import Any

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from jsonschema_rs import Draft202012Validator

from protocol.templates import Field, Template
from rules.templates.filling import judge
from rules.templates.json_schema import json_schema
from rules.templates.reading import Words, answer_text, lines
from tests.unit.rules.templates.making import COLOURS, MEDIA, ROUND, answers_to, templates

ANSWERS = {
    "state": {"result": "fail", "note": "drips"},
    "leak": ["photo-1"],
    "pressure": 3.5,
    "pumps": [{"name": "P1"}, {"name": "P2"}],
}


def test_every_field_that_was_asked_is_a_line() -> None:
    read = lines(ROUND.fields, ANSWERS, Words(failed="Nicht bestanden"))
    assert [(one.path, one.text) for one in read] == [
        ("state", "Nicht bestanden: drips"),
        ("leak", ""),
        ("readings", ""),
        ("pressure", "3.5 bar"),
        ("colour", ""),
        ("pumps[0]", ""),
        ("pumps[0].name", "P1"),
        ("pumps[1]", ""),
        ("pumps[1].name", "P2"),
    ]
    assert read[1].media == ("photo-1",)
    assert read[0].result == "fail"


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        (Field(field="x", kind="many_of", choices=COLOURS), ["red", "pink"], "Red, pink"),
        (Field(field="x", kind="check"), {"result": "na"}, "Not applicable"),
        (Field(field="x", kind="location"), "L1", "Gate 2"),
        (Field(field="x", kind="barcode"), {"code": 1}, '{"code":1}'),
        (Field(field="x", kind="short_text"), [1], "[1]"),
    ],
)
def test_an_answer_in_words(field: Field, value: Any, text: str) -> None:
    assert answer_text(field, value, Words(location={"L1": "Gate 2"}.__getitem__)) == text


@given(data=st.data())
def test_reading_ends_whatever_the_answers_are(data: st.DataObject) -> None:
    fields = data.draw(templates())
    answers = data.draw(answers_to(fields))
    assert all(isinstance(one.text, str) for one in lines(fields, answers))


@given(data=st.data())
def test_the_schema_says_what_judging_says(data: st.DataObject) -> None:
    """Where no field hangs on another: an answer fits the schema just when nothing is wrong with it. What only the
    files themselves tell (whether they come along, what they are) and empty answers, which count as none, are left out.
    """
    fields = data.draw(templates(conditional=False))
    answers = {name: value for name, value in data.draw(answers_to(fields)).items() if name != "stranger"}
    judged = judge(fields, answers, MEDIA)
    assume(judged.kept == answers)
    codes = {one.code for one in judged.troubles}
    assume(not codes & {"not_attached", "not_a_photo", "not_a_video"})
    schema = json_schema(Template(template_id="t", version=1, title="T", fields=fields))
    validator = Draft202012Validator(schema, validate_formats=True)
    stripped = any(isinstance(value, str) and value != value.strip() for value in _texts(answers))
    assume(not stripped)  # we count characters without the white space around them
    assert validator.is_valid(answers) == (not codes), (schema, answers, judged.troubles)


def _texts(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    return [text for one in value for text in _texts(one)] if isinstance(value, list) else [value]


def test_the_schema_is_one() -> None:
    schema = json_schema(ROUND)
    assert msgspec.json.decode(msgspec.json.encode(schema)) == schema
    validator = Draft202012Validator(schema)
    assert validator.is_valid({"state": {"result": "pass"}})
    assert not validator.is_valid({"state": {"result": "fail"}})
    assert not validator.is_valid({})
