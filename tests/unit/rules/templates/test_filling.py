"""One pass over answers: what is shown, what does not fit, what is kept."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocol.operations import ReportRevision
from protocol.templates import Condition, Field
from rules.templates.filling import answers_of, first_answers, first_row, judge, media_of, sendable
from rules.templates.sentences import sentence
from tests.unit.rules.templates.making import COLOURS, MEDIA, ROUND, answers_to, templates


def troubles(answers: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one.path, one.code) for one in judge(ROUND.fields, answers, MEDIA).troubles]


def test_a_good_report_has_no_trouble_and_keeps_all() -> None:
    answers = {"state": {"result": "pass"}, "pressure": 3.5, "colour": "green", "pumps": [{"name": "P1"}]}
    judged = judge(ROUND.fields, answers, MEDIA)
    assert judged.troubles == ()
    assert judged.kept == answers
    assert judged.shown == ("intro", "state", "readings", "pressure", "colour", "pumps", "pumps[0].name")


def test_failing_shows_the_photo_and_asks_for_a_note() -> None:
    assert troubles({"state": {"result": "fail"}}) == [("state", "note_required"), ("leak", "required")]
    assert troubles({"state": {"result": "fail", "note": "drips"}, "leak": ["photo-1"]}) == []


def test_a_hidden_answer_stays_out_and_hides_what_hangs_on_it() -> None:
    fields = (
        Field(field="a", kind="integer"),
        Field(field="b", kind="integer", shown_when=Condition(op="greater", field="a", value=5)),
        Field(field="c", kind="integer", required=True, shown_when=Condition(op="answered", field="b")),
    )
    judged = judge(fields, {"a": 1, "b": 2, "c": 3}, {})
    assert judged.kept == {"a": 1}
    assert judged.shown == ("a",)
    assert judge(fields, {"a": 6, "b": 2}, {}).troubles[0].path == "c"


def test_a_row_sees_what_stands_around_it() -> None:
    red = {"state": {"result": "pass"}, "colour": "red", "pumps": [{"name": "P1"}, {"name": "", "why_red": "hot"}]}
    assert troubles(red) == [("pumps[0].why_red", "required"), ("pumps[1].name", "required")]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        (Field(field="x", kind="short_text", most=3), "four", "too_long"),
        (Field(field="x", kind="short_text", least=3), "ab ", "too_short"),
        (Field(field="x", kind="short_text"), 4, "wrong_kind"),
        (Field(field="x", kind="integer"), 4.0, "wrong_kind"),
        (Field(field="x", kind="integer"), True, "wrong_kind"),
        (Field(field="x", kind="number", least=1), 0.5, "too_small"),
        (Field(field="x", kind="number", most=1), 1.5, "too_large"),
        (Field(field="x", kind="date"), "2026-02-30", "wrong_kind"),
        (Field(field="x", kind="date"), "20260228", "wrong_kind"),
        (Field(field="x", kind="time"), "24:00", "wrong_kind"),
        (Field(field="x", kind="date_time"), "2026-11-25T14:05", "wrong_kind"),
        (Field(field="x", kind="one_of", choices=COLOURS), "pink", "not_a_choice"),
        (Field(field="x", kind="many_of", choices=COLOURS, least=2), ["red"], "too_few"),
        (Field(field="x", kind="many_of", choices=COLOURS, most=1), ["red", "blue"], "too_many"),
        (Field(field="x", kind="many_of", choices=COLOURS), ["red", "red"], "wrong_kind"),
        (Field(field="x", kind="check"), {"result": "maybe"}, "wrong_kind"),
        (Field(field="x", kind="photo"), ["elsewhere"], "not_attached"),
        (Field(field="x", kind="photo"), ["video-1"], "not_a_photo"),
        (Field(field="x", kind="video"), ["photo-1"], "not_a_video"),
        (Field(field="x", kind="signature"), ["photo-1", "photo-2"], "too_many"),
        (Field(field="x", kind="location"), ["here"], "wrong_kind"),
        (Field(field="x", kind="group", fields=(Field(field="y", kind="date"),)), "rows", "wrong_kind"),
        (Field(field="x", kind="group", least=2, fields=(Field(field="y", kind="date"),)), [{}], "too_few"),
        (Field(field="x", kind="group", least=1, fields=(Field(field="y", kind="date"),)), None, "too_few"),
    ],
)
def test_what_does_not_fit_has_a_code_and_a_sentence(field: Field, value: Any, code: str) -> None:
    field = msgspec.structs.replace(field, label="Valve")
    found = judge((field,), {} if value is None else {"x": value}, MEDIA).troubles
    assert [one.code for one in found] == [code]
    assert sentence(found[0]).startswith("Valve ")


def test_the_organizations_own_words_come_first() -> None:
    field = Field(field="x", kind="integer", most=5, message="Five is the most a crew can carry.")
    assert sentence(judge((field,), {"x": 6}, {}).troubles[0]) == "Five is the most a crew can carry."


def test_a_kind_of_a_later_version_is_shown_kept_and_blocks_nothing() -> None:
    field = Field(field="x", kind="barcode", required=True)
    assert judge((field,), {"x": {"code": "4711"}}, {}).kept == {"x": {"code": "4711"}}
    assert judge((field,), {}, {}).troubles == ()


def test_a_new_report_begins_with_defaults_and_what_the_last_one_said() -> None:
    last = {"pressure": 4.5, "colour": "red", "state": {"result": "pass"}}
    assert first_answers(ROUND.fields, last) == {"pressure": 4.5, "colour": "green"}
    assert first_answers(ROUND.fields, {}) == {"colour": "green"}
    assert first_row(Field(field="g", kind="group", fields=(Field(field="n", kind="integer", default=1),))) == {"n": 1}


def test_media_are_found_in_rows_too() -> None:
    fields = (
        Field(field="a", kind="photo"),
        Field(field="g", kind="group", fields=(Field(field="b", kind="video"),)),
        Field(field="t", kind="many_of", choices=COLOURS),
    )
    answers = {"a": ["1", "2"], "g": [{"b": ["3"]}, {"b": ["2"]}, 7], "t": ["red"]}
    assert media_of(fields, answers) == ["1", "2", "3"]


@given(data=st.data())
def test_whatever_the_answers_are_judging_ends_and_what_is_kept_judges_alike(data: st.DataObject) -> None:
    fields = data.draw(templates())
    answers = data.draw(answers_to(fields))
    judged = judge(fields, answers, MEDIA)
    again = judge(fields, judged.kept, MEDIA)
    assert again.kept == judged.kept
    assert again.shown == judged.shown
    assert "stranger" not in judged.kept
    assert all(sentence(one) for one in judged.troubles)


@given(data=st.data())
def test_what_is_sent_is_what_was_kept(data: st.DataObject) -> None:
    fields = data.draw(templates())
    kept = judge(fields, data.draw(answers_to(fields)), MEDIA).kept
    sent = msgspec.json.decode(msgspec.json.encode(sendable(kept)), type=ReportRevision.__annotations__["answers"])
    assert answers_of(sent) == kept


def test_files_are_not_prefilled_for_they_belong_to_their_report() -> None:
    photo = Field(field="p", kind="photo", label="Photo", prefill=True)
    name = Field(field="n", kind="short_text", label="Name")
    group = Field(field="g", kind="group", label="Pump", prefill=True, fields=(photo, name))
    last = {"p": ["photo-1"], "g": [{"p": ["photo-2"], "n": "3"}, "not a row"]}
    assert first_answers((photo, group), last) == {"g": [{"n": "3"}]}


def test_a_number_that_nothing_can_hold_is_no_number() -> None:
    number = Field(field="n", kind="integer", label="Number", least=0)
    assert [one.code for one in judge((number,), {"n": 10**400}, {}).troubles] == ["wrong_kind"]


def test_a_million_rows_have_the_troubles_of_a_thousand() -> None:
    asked = tuple(Field(field=f"f{number}", kind="integer", required=True) for number in range(10))
    judged = judge((Field(field="rows", kind="group", fields=asked),), {"rows": [{}] * 1_000_000}, {})
    assert judged.troubles[0].code == "too_many"
    assert len(judged.troubles) < 10_100


def test_a_choice_is_not_looked_for_once_for_each_of_a_hundred_thousand() -> None:
    field = Field(field="x", kind="many_of", choices=COLOURS)
    many = [str(number) for number in range(100_000)]
    assert [one.code for one in judge((field,), {"x": many}, {}).troubles] == ["wrong_kind"]
