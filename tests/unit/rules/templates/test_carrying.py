"""Answers carried into copies, new reports and other versions."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from protocol.templates import Choice, Field
from rules.templates.carrying import fitting, locations_of, with_media
from rules.templates.filling import first_answers, judge, media_of
from tests.unit.rules.templates.making import MEDIA, answers_to, templates

FIELDS = (
    Field(field="photo", kind="photo", prefill=True),
    Field(field="where", kind="location"),
    Field(field="size", kind="integer", most=3),
    Field(field="tags", kind="many_of", choices=(Choice(value="a", label="A"), Choice(value="b", label="B"))),
    Field(
        field="rows",
        kind="group",
        prefill=True,
        fields=(Field(field="inner", kind="photo"), Field(field="place", kind="location")),
    ),
)
ANSWERS: dict[str, Any] = {
    "photo": ["p", "q"],
    "where": "l",
    "rows": [{"inner": ["q"], "place": "k"}, {"place": "l"}],
    "unknown": [1],
}


def test_files_are_renamed_in_rows_too_and_those_that_are_gone_are_left_out() -> None:
    renamed = with_media(FIELDS, ANSWERS, {"q": "new"})
    assert renamed == {
        "photo": ["new"],
        "where": "l",
        "rows": [{"inner": ["new"], "place": "k"}, {"place": "l"}],
        "unknown": [1],
    }


def test_a_new_report_begins_without_the_files_of_the_last() -> None:
    assert first_answers(FIELDS, ANSWERS) == {"rows": [{"place": "k"}, {"place": "l"}]}


def test_locations_are_named_once() -> None:
    assert locations_of(FIELDS, ANSWERS) == ["l", "k"]


def test_another_version_keeps_what_still_is_an_answer_also_out_of_bounds() -> None:
    answers = {"size": 9, "tags": ["a", "gone"], "photo": "no list", "rows": [{"inner": ["stray"]}], "unknown": 1}
    assert fitting(FIELDS, answers, {}) == {"size": 9, "tags": ["a"], "rows": [{}], "unknown": 1}


@given(st.data())
def test_what_is_carried_names_only_the_files_it_was_given(data: st.DataObject) -> None:
    fields = data.draw(templates())
    answers = data.draw(answers_to(fields))
    carried = with_media(fields, answers, {"photo-1": "new"})
    assert set(media_of(fields, carried)) <= {"new"}


@given(st.data())
def test_what_fits_another_version_is_never_of_another_kind_there(data: st.DataObject) -> None:
    fields = data.draw(templates(conditional=False))
    answers = data.draw(answers_to(fields))
    troubles = judge(fields, fitting(fields, answers, MEDIA), MEDIA).troubles
    assert not {one.code for one in troubles} & {"wrong_kind", "not_a_choice", "not_attached"}
