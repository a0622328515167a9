"""Checklists filled in a browser without JavaScript: every kind, skip logic, rows, and what does not fit."""

import json
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from httpx import Response
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from uuid6 import uuid7

from protocol.changes import Mark
from protocol.operations import ReportRevision
from protocol.templates import Choice, Condition, Field, Template
from rules.templates.filling import answers_of
from server.reports.reviewing import Verdict, decide
from server.storage.tables import template_version
from tests.integration.web.conftest import Browser, House
from tests.integration.web.organization import Person
from tests.integration.web.posting import form_fields
from tests.integration.web.test_filing import action, new, sent
from tests.integration.web.test_reading import HOSTILE
from tests.picture_files import jpeg
from tests.stories import examples

Open = Callable[[Person | None], Browser]
LAMP = (Choice(value="green", label="Green"), Choice(value="red", label="Red"))
EVERY = Template(
    template_id="",
    version=0,
    title="Every kind",
    fields=(
        Field(field="read", kind="instruction", label="Read me first"),
        Field(field="short", kind="short_text", label="Short", required=True, hint="A word"),
        Field(field="long", kind="long_text", label="Long"),
        Field(field="pressure", kind="number", label="Pressure", unit="bar", least=0, most=16),
        Field(field="count", kind="integer", label="Count", prefill=True),
        Field(field="day", kind="date", label="Day"),
        Field(field="hour", kind="time", label="Hour"),
        Field(field="moment", kind="date_time", label="Moment"),
        Field(field="lamp", kind="one_of", label="Lamp", choices=LAMP, default="green"),
        Field(
            field="why",
            kind="short_text",
            label="Why red?",
            shown_when=Condition(op="equal", field="lamp", value="red"),
        ),
        Field(field="work", kind="many_of", label="Work", choices=LAMP),
        Field(
            field="around",
            kind="section",
            label="Around",
            fields=(Field(field="seal", kind="check", label="Seal", required=True),),
        ),
        Field(field="photos", kind="photo", label="Photos", most=2),
        Field(field="signed", kind="signature", label="Signature"),
        Field(field="where", kind="location", label="Where"),
        Field(
            field="pumps",
            kind="group",
            label="Pump",
            least=1,
            fields=(
                Field(field="name", kind="short_text", label="Name", required=True),
                Field(field="ok", kind="check", label="Runs"),
                Field(
                    field="noise",
                    kind="short_text",
                    label="Which noise?",
                    shown_when=Condition(op="equal", field="ok", value="fail"),
                ),
                Field(field="shot", kind="photo", label="Shot"),
            ),
        ),
    ),
)


@pytest.fixture
def checklist(house: House) -> Template:
    return house.filled.checklist(EVERY)


def press(
    browser: Browser, page: str, do: str, files: list[tuple[str, tuple[str, bytes]]] | None = None, **typed: Any
) -> Response:
    given_ = {name.replace("__", "."): value for name, value in typed.items()}
    return browser.post(action(page), data={**form_fields(page), **given_, "do": do}, files=files)


def begun(browser: Browser, checklist: Template) -> str:
    return new(browser, f"?template={checklist.template_id}")


def answers(body: ReportRevision) -> dict[str, Any]:
    return answers_of(body.answers)


def everything(house: House) -> dict[str, Any]:
    """An answer to every field, as a browser sends them."""
    return {
        "a.short": "word",
        "a.long": "two\r\nlines",
        "a.pressure": "3,5",
        "a.count": "12",
        "a.day": "2026-11-25",
        "a.hour": "14:05",
        "a.moment": "2026-11-25T14:05",
        "a.why": "bulb",
        "a.work": ["green", "red"],
        "a.seal": "fail",
        "a.seal.note": "drips",
        "a.where": house.gate,
        "zone": "Europe/Vienna",
        "a.pumps[0].name": "One",
        "a.pumps[1].name": "Two",
        "a.pumps[1].ok": "fail",
        "a.pumps[1].ok.note": "rattles",
    }


def expected(house: House, shots: list[str]) -> dict[str, Any]:
    """The same answers as they are kept, with these files."""
    return {
        "short": "word",
        "long": "two\nlines",
        "pressure": 3.5,
        "count": 12,
        "day": "2026-11-25",
        "hour": "14:05",
        "moment": "2026-11-25T14:05+01:00",
        "lamp": "red",
        "why": "bulb",
        "work": ["green", "red"],
        "seal": {"result": "fail", "note": "drips"},
        "photos": [shots[0]],
        "signed": [shots[1]],
        "where": house.gate,
        "pumps": [
            {"name": "One"},
            {"name": "Two", "ok": {"result": "fail", "note": "rattles"}, "noise": "clack", "shot": [shots[2]]},
        ],
    }


def test_every_kind_is_asked_and_answered(house: House, open_browser: Open, checklist: Template) -> None:
    browser = open_browser(house.ana)
    page = begun(browser, checklist)
    for words in ("Read me first", "A word", "From 0 to 16.", 'type="date"', 'type="datetime-local"', "Around"):
        assert words in page
    assert "Why red?" not in page
    page = press(browser, page, "add:pumps").text
    page = press(browser, page, "add:pumps", a__lamp="red").text
    assert "Why red?" in page
    page = browser.post(action(page), data={**form_fields(page), "place": house.gate, "do": "update"}).text
    page = browser.post(action(page), data={**form_fields(page), **everything(house), "do": "update"}).text
    assert "Which noise?" in page
    files = [
        ("files.photos", ("a.jpg", jpeg(30, 20), "image/jpeg")),
        ("files.signed", ("b.jpg", jpeg(31, 20), "image/jpeg")),
        ("files.pumps[1].shot", ("c.jpg", jpeg(32, 20), "image/jpeg")),
    ]
    filled = {**form_fields(page), "a.pumps[1].noise": "clack", "do": "send"}
    answer = browser.post(action(page), data=filled, files=files)
    assert answer.status_code == 303, re.findall(r'<div class="notice bad".*?</div>', answer.text, re.DOTALL)
    [body] = sent(house)
    assert body.title == "Every kind"
    assert (body.template_id, body.template_version) == (checklist.template_id, 1)
    found = answers(body)
    shots = [one.media_id for one in body.media]
    assert len(shots) == 3
    assert found == expected(house, shots)
    shown = browser.get(answer.headers["location"]).text
    assert "drips" in shown
    # A correction begins with all of it, and sends what it leaves alone.
    page = browser.get(f"/reports/{body.instance_id}/edit").text
    assert press(browser, page, "send", a__short="other").status_code == 303
    assert answers(sent(house)[-1]) == {**found, "short": "other"}
    assert [one.media_id for one in sent(house)[-1].media] == shots
    house.filled.report(house.ana, "Without one")
    only = browser.get(f"/me?checklist={checklist.template_id}").text
    assert "Every kind" in only
    assert "Without one" not in only
    assert form_fields(begun(browser, checklist))["a.count"] == ["12"]  # a new one begins with the last count


def test_a_copy_takes_answers_and_files_along_but_no_signature(
    house: House, open_browser: Open, checklist: Template
) -> None:
    photo, signature, shot, loose = (
        house.filled.file(house.ana, jpeg(30 + size, 20), f"{size}.jpg", "image/jpeg") for size in range(4)
    )
    given_ = {
        "short": "word",
        "seal": {"result": "pass"},
        "photos": [photo.media_id],
        "signed": [signature.media_id],
        "pumps": [{"name": "One", "shot": [shot.media_id]}],
    }
    original, _ = house.filled.report(
        house.ana, "Round", files=(photo, signature, shot, loose), filled=(checklist, given_)
    )
    browser = open_browser(house.ana)
    page = new(browser, f"?copy={original}")
    fields = form_fields(page)
    assert (fields["a.photos"], fields["a.pumps[0].shot"]) == ([photo.media_id], [shot.media_id])
    assert fields["file"] == [loose.media_id]
    assert "a.signed" not in fields
    assert press(browser, page, "send", a__short="again").status_code == 303
    first, body = sent(house)
    assert [one.name for one in body.media] == ["3.jpg", "0.jpg", "2.jpg"]
    assert [one.sha256 for one in body.media] == [loose.sha256, photo.sha256, shot.sha256]
    ids = [one.media_id for one in body.media]
    assert not set(ids) & {one.media_id for one in first.media}
    found = answers(body)
    assert (found["short"], found["photos"], found["pumps"][0]["shot"]) == ("again", [ids[1]], [ids[2]])
    assert "signed" not in found
    shown = browser.get(f"/reports/{body.instance_id}").text
    assert "Issued: words and files are here in full." in shown
    assert all(f"/media/{one}/small" in shown for one in ids)
    assert browser.get(f"/media/{ids[0]}").content == browser.get(f"/media/{loose.media_id}").content
    # The same form once more is the same report, and its correction keeps the files it has.
    assert press(browser, page, "send", a__short="again").headers["location"].endswith("?done=here")
    page = browser.get(f"/reports/{body.instance_id}/edit").text
    assert press(browser, page, "send", a__short="better").status_code == 303
    assert [one.media_id for one in sent(house)[-1].media] == ids


def returned(house: House, instance_id: str, revision_id: str, **marks: str) -> None:
    """A manager returns it with these places marked."""
    with house.filled.database.write(house.filled.own) as t:
        verdict = Verdict(
            instance_id=instance_id,
            revision_id=revision_id,
            seen="",
            decision="returned",
            words="Look again, please",
            marks=tuple(Mark(path=path, words=words) for path, words in marks.items()),
        )
        decide(t, house.manager.actor, verdict)


def marked_at(page: str) -> dict[str, str]:
    """The words beside each marked place, by the id of what they describe."""
    found = {}
    for mark, words in re.findall(r'<p class="mark" id="([^"]+)">(.*?)</p>', page, re.DOTALL):
        assert re.search(rf'aria-describedby="[^"]*{re.escape(mark)}', page), mark
        found[mark.removeprefix("m-")] = re.sub(r"<[^>]+>", "", words)
    return found


def test_the_managers_words_stand_at_the_fields_they_are_about(
    house: House, open_browser: Open, checklist: Template
) -> None:
    photo = house.filled.file(house.ana, jpeg(30, 20), "gate.jpg", "image/jpeg")
    given_ = {
        "short": "word",
        "lamp": "red",
        "why": "bulb",
        "pumps": [{"name": one} for one in ("One", "Two", "Three")],
    }
    given_ |= {"seal": {"result": "pass"}, "photos": [photo.media_id]}
    instance_id, revision_id = house.filled.report(house.ana, "Round", files=(photo,), filled=(checklist, given_))
    places = {
        "text": "Which site?",
        "seal": HOSTILE,
        "why": "",
        "pumps[0].name": "Not this one",
        "pumps[2].name": "Which number?",
        f"media:{photo.media_id}": "Too dark",
    }
    returned(house, instance_id, revision_id, **places)
    browser = open_browser(house.ana)
    page = browser.get(f"/reports/{instance_id}/edit").text
    assert HOSTILE not in page
    beside = marked_at(page)
    assert beside.pop("seal").startswith("To be corrected: &lt;")
    assert beside == {
        "written": "To be corrected: Which site?",
        "why": "To be corrected",
        "pumps[0].name": "To be corrected: Not this one",
        "pumps[2].name": "To be corrected: Which number?",
        f"f-{photo.media_id}": "To be corrected: Too dark",
    }
    above = page.partition('id="filing"')[0]
    assert "Look again, please" in above
    anchors = re.findall(r'<a href="#([^"]+)" dir="auto">', above)
    assert anchors == ["written", "a-seal", "a-why", "a-pumps[0].name", "a-pumps[2].name", f"f-{photo.media_id}"]
    for anchor in anchors:
        assert f'id="{anchor}"' in page
    # A row before it goes: the mark goes along. The row itself goes, a field is hidden, a file is taken off: its words
    # stand above.
    page = press(browser, page, "remove:pumps:0", a__lamp="green", a__photos=[]).text
    assert set(marked_at(page)) == {"written", "seal", "pumps[1].name"}
    above = re.sub(r"<[^>]+>", "", page.partition('id="filing"')[0])
    for words in ("Not this one", "Too dark"):
        assert words in above
    assert "Which number?" not in above
    page = press(browser, page, "add:pumps").text
    assert set(marked_at(page)) == {"written", "seal", "pumps[1].name"}
    sent_now = press(browser, page, "send", **{"a__pumps[2]__name": "New"})
    assert sent_now.status_code == 303
    assert not marked_at(browser.get(f"/reports/{instance_id}/edit").text)


def test_what_does_not_fit_is_told_at_its_place_and_stays(
    house: House, open_browser: Open, checklist: Template
) -> None:
    browser = open_browser(house.ana)
    page = press(browser, begun(browser, checklist), "add:pumps").text
    assert "trouble" not in page  # nobody is scolded before they are done
    answer = press(browser, page, "send", a__pressure="about 3", a__seal="fail", a__day="yesterday")
    assert answer.status_code == 422
    listed = re.findall(r'<li><a href="#(a-[^"]+)">([^<]+)</a>', answer.text)
    assert [anchor for anchor, _ in listed] == ["a-short", "a-pressure", "a-day", "a-seal", "a-pumps[0].name"]
    for anchor, _ in listed:
        assert f'id="{anchor}"' in answer.text
    assert form_fields(answer.text)["a.pressure"] == ["about 3"]
    assert form_fields(answer.text)["a.seal"] == ["fail"]
    assert sent(house) == []
    done = press(
        browser,
        answer.text,
        "send",
        **{"a__short": "x", "a__pressure": "3", "a__day": "", "a__seal": "pass", "a__pumps[0]__name": "One"},
    )
    assert done.status_code == 303
    assert answers(sent(house)[0])["pressure"] == 3


def test_answers_to_hidden_fields_wait_and_are_not_sent(house: House, open_browser: Open, checklist: Template) -> None:
    browser = open_browser(house.ana)
    page = press(browser, begun(browser, checklist), "update", a__lamp="red").text
    page = press(browser, page, "update", a__why="kept for later").text
    page = press(browser, page, "update", a__lamp="green").text
    assert "kept for later" in json.dumps(form_fields(page)["state"])
    assert "a.why" not in form_fields(page)
    again = press(browser, page, "update", a__lamp="red").text
    assert form_fields(again)["a.why"] == ["kept for later"]
    page = press(browser, page, "add:pumps").text
    press(browser, page, "send", **{"a__short": "x", "a__seal": "pass", "a__pumps[0]__name": "One"})
    assert "why" not in answers(sent(house)[0])


def test_rows_are_added_and_the_right_one_removed(house: House, open_browser: Open, checklist: Template) -> None:
    browser = open_browser(house.ana)
    page = begun(browser, checklist)
    for number in range(3):
        page = press(browser, page, "add:pumps").text
        page = press(browser, page, "update", **{f"a__pumps[{number}]__name": f"Pump {number}"}).text
    page = press(browser, page, "remove:pumps:1").text
    found = form_fields(page)
    assert [found["a.pumps[0].name"], found["a.pumps[1].name"]] == [["Pump 0"], ["Pump 2"]]
    for odd in ("remove:pumps:7", "remove:pumps:-1", "remove:pumps:x", "add:short", "add:", "remove:around:0"):
        assert form_fields(press(browser, page, odd).text)["a.pumps[1].name"] == ["Pump 2"]
    assert sent(house) == []


def test_two_hundred_rows_are_sent_and_a_thousand_are_said_to_be_too_many(house: House, open_browser: Open) -> None:
    inside = tuple(Field(field=f"f{number}", kind="short_text", label=f"F {number}") for number in range(10))
    checklist = house.filled.checklist(
        Template(
            template_id="", version=0, title="Long", fields=(Field(field="g", kind="group", label="G", fields=inside),)
        )
    )
    browser = open_browser(house.ana)
    page = begun(browser, checklist)
    many = press(browser, page, "send", state=json.dumps({"g": [{"f0": "x"}] * 1000}))
    assert many.status_code == 422
    assert "allows at most 200" in many.text
    full = press(browser, page, "update", state=json.dumps({"g": [{"f0": str(number)} for number in range(200)]})).text
    fields = {**form_fields(full), "a.g[199].f9": "last", "do": "send"}
    assert sum(map(len, form_fields(full).values())) > 4000
    answer = browser.post(action(full), data=fields, files=[("files", ("a.txt", b"beside", "text/plain"))])
    assert answer.status_code == 303
    assert answers(sent(house)[0])["g"][199] == {"f0": "199", "f9": "last"}


def test_a_checklist_is_chosen_and_changed_on_the_form(house: House, open_browser: Open, checklist: Template) -> None:
    browser = open_browser(house.ana)
    page = press(browser, new(browser), "checklist", checklist=checklist.template_id, written="Words").text
    assert "Read me first" in page
    page = press(browser, page, "update", a__short="typed").text
    assert form_fields(page)["written"] == ["Words"]
    page = press(browser, page, "checklist", checklist="").text
    assert "Read me first" not in page
    assert press(browser, page, "send").status_code == 303
    assert (sent(house)[0].template_id, sent(house)[0].answers) == (None, ())


def test_an_unknown_kind_is_read_only_and_kept(house: House, open_browser: Open) -> None:
    later = msgspec.structs.replace(
        EVERY,
        fields=(
            Field(field="short", kind="short_text", label="Short"),
            Field(field="ink", kind="short_text", label="Ink"),
        ),
    )
    published = house.filled.checklist(later)
    fields = (later.fields[0], msgspec.structs.replace(later.fields[1], kind="hologram"))
    body = msgspec.json.encode(msgspec.structs.replace(published, fields=fields))
    with house.filled.database.write(house.filled.own) as t:
        t.execute(t.update(template_version).values(body=body))
    browser = open_browser(house.ana)
    page = begun(browser, published)
    assert "cannot ask this yet" in page
    state = json.dumps({"ink": {"deep": [1]}})
    answer = press(browser, page, "send", a__short="x", state=state)
    assert answer.status_code == 303
    assert answers(sent(house)[0]) == {"short": "x", "ink": {"deep": [1]}}


def test_others_files_and_places_are_no_answers(house: House, open_browser: Open, checklist: Template) -> None:
    photo = house.filled.file(house.jonas, jpeg(20, 20), "a.jpg", "image/jpeg")
    browser = open_browser(house.ana)
    page = press(browser, begun(browser, checklist), "add:pumps").text
    full = {"a__short": "x", "a__seal": "pass", "a__pumps[0]__name": "One"}
    forged = press(browser, page, "send", **full, a__photos=photo.media_id)
    assert forged.status_code in {409, 422}
    elsewhere = press(browser, page, "send", **full, a__where=str(uuid7()))
    assert elsewhere.status_code == 422
    assert "does not have" in elsewhere.text
    assert sent(house) == []


def test_hostile_words_are_only_words(house: House, open_browser: Open) -> None:
    hostile = Template(
        template_id="",
        version=0,
        title=HOSTILE,
        description=HOSTILE,
        fields=(
            Field(
                field="a", kind="short_text", label=HOSTILE, hint=HOSTILE, unit=HOSTILE, message=HOSTILE, required=True
            ),
            Field(field="b", kind="one_of", label=HOSTILE, choices=(Choice(value=HOSTILE, label=HOSTILE),)),
            Field(field="c", kind="group", label=HOSTILE, fields=(Field(field="d", kind="long_text", label=HOSTILE),)),
        ),
    )
    browser = open_browser(house.ana)
    page = begun(browser, house.filled.checklist(hostile))
    page = press(browser, page, "add:c").text
    for typed in ({"a__a": HOSTILE, "a__b": HOSTILE, "a__c[0]__d": HOSTILE, "written": HOSTILE}, {"a__a": ""}):
        page = press(browser, page, "update", **typed).text
        assert HOSTILE not in page
    assert HOSTILE not in press(browser, page, "send").text


def test_a_sign_in_that_ended_keeps_the_answers(house: House, open_browser: Open, checklist: Template) -> None:
    browser = open_browser(house.ana)
    page = begun(browser, checklist)
    browser.cookies.clear()
    ended = press(browser, page, "send", a__short="long typed")
    assert ended.status_code == 401
    back = open_browser(house.ana).post(action(page), data={**_only_form(ended.text), "do": "update"})
    assert form_fields(back.text)["a.short"] == ["long typed"]


def _only_form(page: str) -> dict[str, list[str]]:
    return form_fields(page.replace('<form class="card form"', '<form id="filing" class="card form"'))


@pytest.fixture
def one_browser(house: House, open_browser: Open) -> Browser:
    return open_browser(house.ana)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "ok", "result", "x"]), inner),
    max_leaves=8,
)
NAMES = [field.field for field in EVERY.fields] + [
    "seal",
    "pumps[0].name",
    "pumps[0].ok",
    "pumps[999].x",
    "pumps[0]",
    "x",
]
TYPED = st.text(max_size=12) | st.sampled_from(["9" * 40, "nan", "1e999", "2026-13-40", "25:61", "\0", "\ud800"[:0]])


@settings(max_examples=examples(20, 120), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(NAMES), TYPED, max_size=6),
    st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4) | JSON,
    st.sampled_from(["send", "update", "add:pumps", "remove:pumps:0", "checklist"]),
)
def test_any_answers_get_a_page(
    one_browser: Browser, checklist: Template, typed: dict[str, str], state: Any, do: str
) -> None:
    page = begun(one_browser, checklist)
    fields: dict[str, Any] = {**form_fields(page), "state": json.dumps(state), "do": do, "asked": NAMES}
    fields |= {f"a.{name}": value for name, value in typed.items()}
    answer = one_browser.post(action(page), data=fields)
    assert answer.status_code < 500, answer.text
    assert answer.status_code == 303 or "<h1" in answer.text


def test_nobody_fills_a_checklist_of_another_organization(
    house: House, open_browser: Open, checklist: Template
) -> None:
    stranger = open_browser(house.stranger)
    page = begun(stranger, checklist)
    assert "Read me first" not in page
    forged = press(stranger, page, "send", template=checklist.template_id, version="1", written="x", state="{}")
    assert "Read me first" not in forged.text
