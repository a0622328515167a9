"""The editor of checklists: every step works without a script, nothing that was typed is lost, only admins come in."""

import html
import re
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from protocol.templates import Condition, Field, Template
from server.demo.checklists import DAILY_REPORT, PUMP_ROUND
from server.storage.tables import access_record, web_session
from server.templates.drafts import draft_of
from server.templates.reading import list_all, version_of
from tests.integration.web.conftest import Browser, House, send, token_of
from tests.integration.web.test_answers import _text
from tests.integration.web.test_reading import HOSTILE
from tests.stories import examples


class Editor:
    """One admin's browser at one checklist."""

    def __init__(self, house: House, browser: Browser) -> None:
        self.house, self.browser = house, browser
        self.address = ""

    def begin(self, title: str) -> None:
        """Begin a new one."""
        self.address = send(self.browser, "/checklists", "/checklists", title=title).headers["location"]

    def page(self, more: str = "") -> str:
        """The editor as it stands."""
        answer = self.browser.get(self.address + more)
        assert answer.status_code == 200, answer.text
        return answer.text

    def number(self) -> str:
        """The number of the draft that the page shows."""
        found = re.search(r'name="number" value="(\d+)"', self.page())
        assert found is not None
        return found[1]

    def post(self, path: str, **fields: Any) -> Any:
        """Post one of the page's forms."""
        fields.setdefault("number", self.number())
        return send(self.browser, self.address, self.address + path, **fields)

    def add(self, label: str, kind: str, **more: Any) -> None:
        """Add a field by the form for it."""
        answer = self.post("/fields", label=label, kind=kind, **more)
        assert answer.status_code == 303, _text(answer.text)

    def template(self) -> Template:
        """The draft."""
        with self.house.filled.database.read(self.house.filled.own) as t:
            return draft_of(t, self.house.admin.actor, self.address.rpartition("/")[2]).template

    def typed(self, place: int) -> dict[str, Any]:
        """What the form of a field holds, as a browser would send it."""
        return self.read(self.page(f"?opened={place}"))

    @staticmethod
    def read(page: str) -> dict[str, Any]:
        """The same of a page that is here."""
        form = re.search(r'<form class="editing.*?</form>', page, re.DOTALL)
        assert form is not None
        fields: dict[str, list[str]] = {}
        pattern = r"<(input|textarea|select)\b([^>]*)>(?:(.*?)</\1>)?"
        for tag, attributes, inside in re.findall(pattern, form[0], re.DOTALL):
            name = re.search(r'\bname="([^"]+)"', attributes)
            if name is None or (re.search(r'type="(checkbox|radio)"', attributes) and " checked" not in attributes):
                continue
            value = re.search(r'\bvalue="([^"]*)"', attributes)
            text = value[1] if value else inside
            if tag == "select":
                chosen = re.search(r'<option value="([^"]*)"[^>]* selected', inside)
                text = chosen[1] if chosen else ""
            fields.setdefault(name[1], []).append(html.unescape(text))
        return {name: values if len(values) > 1 else values[0] for name, values in fields.items() if name != "csrf"}

    def change(self, place: int, **fields: Any) -> Any:
        """Open a field, type, and save."""
        return self.post(f"/fields/{place}", **(self.typed(place) | fields))

    def published(self) -> Template | None:
        """What everybody sees."""
        with self.house.filled.database.read(self.house.filled.own) as t:
            return version_of(t, self.address.rpartition("/")[2])


@pytest.fixture
def editor(house: House, open_browser: Callable[..., Browser]) -> Editor:
    return Editor(house, open_browser(house.admin))


@pytest.fixture
def pump(editor: Editor) -> Editor:
    """The editor at a published checklist with every common kind of field."""
    editor.address = f"/checklists/{editor.house.filled.checklist(PUMP_ROUND).template_id}"
    return editor


def test_a_checklist_from_its_name_to_everybody(editor: Editor) -> None:
    editor.begin("Vehicle check")
    assert "Nothing is asked yet" in editor.page()
    editor.add("Tyres in order", "check", required="yes")
    editor.add("Mileage", "integer")
    editor.add("Fuel", "one_of", choices="Full\nHalf\n\nEmpty")
    editor.add("Damage", "section")
    editor.add("Photo of it", "photo", where="in:3")
    assert "In “Damage”" in editor.page()
    page = _text(editor.page())
    assert "Tyres in order , edit" not in page
    for line in ("Tyres in order Pass or fail · needed", "Fuel Choose one · 3 choices", "Photo of it Photos"):
        assert line in page
    assert editor.published() is None
    ready = editor.page("/publish")
    assert "Publish version 1" in ready
    assert ready.count(">New<") == 5
    assert 'name="current"' not in ready, "the password was given just now"
    assert editor.post("/publish", after="0").headers["location"] == "/checklists?done=published"
    published = editor.published()
    assert published is not None
    assert published.version == 1
    assert [one.field for one in published.fields] == ["tyres_in_order", "mileage", "fuel", "damage"]
    assert published.fields[3].fields[0].field == "photo_of_it"
    assert "Vehicle check" in editor.browser.get("/checklists?done=published").text
    assert "Your first change begins a draft" in editor.page()


def test_saving_what_the_form_shows_changes_nothing(pump: Editor) -> None:
    for place in range(21):
        answer = pump.change(place)
        assert answer.status_code == 303, _text(answer.text)
        assert pump.template().fields == PUMP_ROUND.fields, place


def test_every_property_is_typed_and_kept(pump: Editor) -> None:
    assert (
        pump.change(7, least="0.5", most="20", unit="kPa", default="1,5", message="No", hint="Left").status_code == 303
    )
    [pressure, hours, service] = pump.template().fields[2].fields
    assert (pressure.least, pressure.most, pressure.unit, pressure.default) == (0.5, 20, "kPa", 1.5)
    assert (pressure.message, pressure.hint, pressure.required) == ("No", "Left", True)
    assert pump.change(8, prefill="", required="yes").status_code == 303
    assert pump.change(9, kind="date_time", default="2026-01-01").status_code == 303
    [_, hours, service] = pump.template().fields[2].fields
    assert (hours.prefill, hours.required) == (False, True)
    assert (service.kind, service.default) == ("date_time", None), "what it began with was of another kind"
    pump.change(4, choices="Off\nAmber\nRed\nBlue", default="red")
    lamp = pump.template().fields[1].fields[2]
    assert [(one.value, one.label) for one in lamp.choices] == [
        ("green", "Off"),
        ("amber", "Amber"),
        ("red", "Red"),
        ("blue", "Blue"),
    ]
    assert lamp.default == "red"
    pump.change(4, field_id="cabinet_lamp")
    alarm = pump.template().fields[1].fields[3].shown_when
    assert alarm is not None
    assert [one.field for one in alarm.of] == ["cabinet_lamp", "cabinet_lamp"]


@pytest.mark.parametrize(
    ("joint", "rows", "condition"),
    [
        ("", [("seal", "equal", "Fail")], None),
        ("all", [], None),
        ("all", [("seal", "equal", "Fail")], Condition(op="equal", field="seal", value="fail")),
        ("all", [("pressure", "greater", "7,5")], Condition(op="greater", field="pressure", value=7.5)),
        ("any", [("hours", "answered", "x")], Condition(op="answered", field="hours")),
        ("all", [("hours", "not_answered", "")], Condition(op="not", of=(Condition(op="answered", field="hours"),))),
        (
            "any",
            [("work", "equal", "cleaned the STRAINER"), ("lamp", "not_equal", "red")],
            Condition(
                op="any",
                of=(
                    Condition(op="contains", field="work", value="cleaned"),
                    Condition(op="not_equal", field="lamp", value="red"),
                ),
            ),
        ),
        (
            "not",
            [("work", "excludes", "nothing")],
            Condition(
                op="not", of=(Condition(op="not", of=(Condition(op="contains", field="work", value="nothing"),)),)
            ),
        ),
    ],
)
def test_a_condition_is_typed_in_words_and_shown_again(
    pump: Editor, joint: str, rows: list[tuple[str, str, str]], condition: Condition | None
) -> None:
    remarks = 19
    columns = {f"when_{name}": [row[at] for row in rows] or [""] for at, name in enumerate(("field", "op", "value"))}
    assert pump.change(remarks, joint=joint, **columns).status_code == 303
    assert pump.template().fields[9].shown_when == condition
    assert pump.change(remarks).status_code == 303
    assert pump.template().fields[9].shown_when == condition, "saved once more as it is shown"
    assert 'class="lack' not in pump.page()


def imported(editor: Editor, condition: Condition) -> None:
    """A checklist of two fields, the second of them with this condition."""
    fields = (
        Field(field="a", kind="check", label="A"),
        Field(field="b", kind="check", label="B", shown_when=condition),
    )
    content = msgspec.json.encode({"title": "Deep", "fields": fields}).decode()
    answer = send(editor.browser, "/checklists", "/checklists/import", content=content)
    editor.address = answer.headers["location"].partition("?")[0]


def test_a_condition_of_a_later_version_is_kept_until_it_is_replaced(editor: Editor) -> None:
    later = Condition(op="all", of=(Condition(op="resembles", field="a", value="x"), FAILED))
    imported(editor, later)
    assert "As the file said: … and “A” is Fail" in html.unescape(editor.page("?opened=1"))
    assert editor.change(1, hint="More").status_code == 303
    assert editor.template().fields[1].shown_when == later
    editor.change(1, joint="")
    assert editor.template().fields[1].shown_when is None


ANSWERED, FAILED = Condition(op="answered", field="a"), Condition(op="equal", field="a", value="fail")
JOINED = st.recursive(
    st.sampled_from([ANSWERED, FAILED, Condition(op="not", of=(ANSWERED,))]),
    lambda inner: st.builds(
        lambda op, of: Condition(op=op, of=tuple(of)),
        st.sampled_from(["all", "any", "not"]),
        st.lists(inner, min_size=2, max_size=3),
    ),
    max_leaves=6,
)


@settings(max_examples=examples(10, 50), deadline=None, suppress_health_check=list(HealthCheck))
@given(condition=JOINED)
def test_a_tree_of_conditions_is_shown_and_saved_as_it_is(editor: Editor, condition: Condition) -> None:
    imported(editor, condition)
    assert editor.change(1, hint="More").status_code == 303
    assert editor.template().fields[1].shown_when == condition


def test_a_tree_of_conditions_is_built_by_buttons(editor: Editor) -> None:
    imported(editor, FAILED)
    typed: dict[str, Any] = editor.typed(1)

    def press(step: str) -> str:
        answer = editor.post("/fields/1", **typed, then=f"when:{step}")
        assert answer.status_code == 200
        focus = re.search(r'data-path="([^"]*)"[^>]*autofocus', answer.text)
        typed.clear()
        typed.update(editor.read(answer.text))
        return focus[1] if focus else ""

    typed["hint"] = "Typed before"
    assert press("group:") == "2"
    assert typed["hint"] == "Typed before"
    assert typed["when_depth"] == ["1", "1", "2", "2"]
    assert typed["when_joint"] == ["", "any", "", ""]
    assert press("group:2") == "2.3"
    assert typed["when_depth"] == ["1", "1", "2", "2", "2", "3", "3"]
    assert press("row:2.3") == "2.3.3"
    assert press("remove:2.3.1") == "2.3.1"
    assert press("remove:2.2") == "2.2"
    typed["when_field"] = ["a", "", "a", "", "a", ""]
    typed["when_op"] = ["equal", "", "answered", "", "not_equal", "equal"]
    typed["when_value"] = ["Fail", "", "", "", "N/A", ""]
    typed["joint"] = "not"
    for nonsense in ("row:9", "remove:", "remove:7.1", "group:1", "fly:1", "row:²", "row:1.", "row:" + "1." * 40):
        before = dict(typed)
        press(nonsense)
        assert typed == before, nonsense
    assert editor.post("/fields/1", **typed).status_code == 303
    not_equal = Condition(op="not_equal", field="a", value="N/A")
    assert editor.template().fields[1].shown_when == Condition(
        op="not", of=(FAILED, Condition(op="any", of=(ANSWERED, not_equal)))
    )
    assert "shown when not (“A” is Fail or (“A” is answered or “A” is not N/A))" in _text(editor.page())


def test_a_field_is_put_where_it_was_dropped(pump: Editor) -> None:
    names = [one.field for one in pump.template().fields]
    assert pump.post("/order", do="before:20:0").headers["location"].endswith("#f0")
    assert [one.field for one in pump.template().fields] == [names[-1], *names[:-1]]
    assert pump.post("/order", do="inside:0:2").headers["location"].endswith("#f6")
    assert [one.field for one in pump.template().fields] == names[:-1]
    for nowhere in ("inside:0:2", "after:1:2", "before:1:1"):  # no holder, in itself, itself
        assert pump.post("/order", do=nowhere).status_code == 303
    assert [one.field for one in pump.template().fields] == names[:-1]
    for nonsense in ("before:99:0", "after:0:99", "inside:0:x", "into:0:1"):
        assert pump.post("/order", do=nonsense).status_code == 409, nonsense


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost(pump: Editor) -> None:
    answer = pump.change(7, least="many", label="Main pressure", hint="Look left")
    assert answer.status_code == 422
    assert "“many” is not a number" in answer.text
    for typed in ('value="many"', "Main pressure</textarea>", 'value="Look left"'):
        assert typed in answer.text
    assert pump.template().fields == PUMP_ROUND.fields
    assert "Other fields stand in this one" in pump.change(1, kind="check").text
    pump.change(7, least="20", most="10")
    assert "Pressure in the main Number · needed · 20 to 10 bar The smallest is larger than the largest" in _text(
        pump.page()
    )
    assert "Not ready yet" in pump.page("/publish")
    assert "Exchange them" in pump.post("/publish", after="1").text
    assert pump.published() == msgspec.structs.replace(PUMP_ROUND, template_id=pump.address[12:], version=1)


def test_order_copy_remove_and_undo(pump: Editor) -> None:
    assert pump.post("/order", do="up:13").headers["location"].endswith("#f12")
    assert [one.field for one in pump.template().fields[3].fields] == ["number", "temperature", "vibration"]
    pump.post("/order", do="down:0:3")
    assert pump.template().fields[0].fields[2].field == "before"
    pump.post("/order", do="remove:0")
    assert len(pump.template().fields) == 9
    pump.post("/undo")
    assert len(pump.template().fields) == 10
    pump.post("/order", do="copy:0")
    assert pump.template().fields[1].label == "Around the pumps"
    for nonsense in ("up:99", "fly:1", "up", "up:-1", "up:²", "up:1:x", "remove:999999999999", ""):
        assert pump.post("/order", do=nonsense).status_code == 409, nonsense


def test_the_second_admin_is_told_and_keeps_what_was_typed(pump: Editor, open_browser: Callable[..., Browser]) -> None:
    other = Editor(pump.house, open_browser(pump.house.admin))
    other.address = pump.address
    mine = pump.typed(7) | {"label": "My words", "csrf": token_of(pump.page())}
    other.post("/order", do="down:0")
    answer = pump.browser.post(f"{pump.address}/fields/7", data=mine)
    assert answer.status_code == 409
    assert "Rosa Almeida changed this checklist meanwhile" in answer.text
    assert "My words</textarea>" in answer.text, "the form is open at the field, wherever that is now"
    assert re.search(r'action="[^"]+/fields/7"', answer.text)
    again = mine | {"number": re.search(r'name="number" value="(\d+)"', answer.text)[1]}  # type: ignore[index]
    assert pump.browser.post(f"{pump.address}/fields/7", data=again).status_code == 303
    assert pump.template().fields[1].fields[0].label == "My words"
    assert pump.template().fields[0].fields[0].field == "before", "the other's change is there too"
    stale = pump.post("/fields", number="1", label="A new one", kind="check")
    assert stale.status_code == 409
    assert 'value="A new one"' in stale.text
    stale = pump.post("", number="1", title="Another name", description="")
    assert 'value="Another name"' in stale.text
    for path, fields in (("/undo", {}), ("/discard", {}), ("/publish", {"after": "1"}), ("/order", {"do": "up:3"})):
        assert pump.post(path, number="1", **fields).status_code == 409, path


def test_publishing_and_retiring_ask_for_the_password_again(pump: Editor) -> None:
    filled = pump.house.filled
    with filled.database.write(filled.own) as t:
        t.execute(t.update(web_session).values(confirmed="2000-01-01T00:00:00.000Z"))
    pump.post("", title="Pump round 2", description="")
    assert 'name="current"' in pump.page("/publish")
    assert pump.post("/publish", after="1", current="wrong").status_code == 403
    assert pump.published().version == 1  # type: ignore[union-attr]
    retire = {"active": "no", "current": "wrong"}
    assert send(pump.browser, "/checklists", f"{pump.address}/active", **retire).status_code == 403
    answer = send(pump.browser, "/checklists", f"{pump.address}/active", active="no", current="correct horse battery")
    assert answer.headers["location"] == "/checklists?done=retired"
    with filled.database.read(filled.own) as t:
        assert [one.active for one in list_all(t)] == [False]
        noted = t.all(t.select(access_record).where(access_record.c.entity_kind == "template"))
    assert [(one.action, one.actor) for one in noted][-1] == ("retire", pump.house.admin.actor.member_id)
    assert "Retired" in pump.browser.get("/checklists").text
    assert pump.post("/publish", after="1").status_code == 303
    assert "Has a draft" not in pump.browser.get("/checklists").text


def test_a_copy_and_a_file_become_drafts(pump: Editor) -> None:
    file = pump.browser.get(f"{pump.address}/export")
    assert file.headers["content-disposition"] == 'attachment; filename="pump_round.json"'
    answer = pump.post("/copy")
    assert "Pump round (copy)" in pump.browser.get(answer.headers["location"]).text
    answer = send(pump.browser, "/checklists", "/checklists/import", content=file.text)
    pump.address = answer.headers["location"].partition("?")[0]
    assert pump.template().fields == PUMP_ROUND.fields


def test_the_preview_is_the_form_itself_to_try(pump: Editor) -> None:
    begun = _text(pump.page("/preview"))
    assert "Put on gloves" in begun
    assert "Photo of the leak" not in begun
    tried = pump.post("/preview", do="update", asked=["seal", "lamp"], **{"a.seal": "fail", "a.lamp": "red"})
    assert "Photo of the leak" in tried.text
    assert "What does the display say?" in tried.text
    assert "needs an answer" not in tried.text
    told = pump.post("/preview", do="check", asked=["seal"], **{"a.seal": "fail"})
    assert "Floor dry, no oil needs an answer." in told.text
    added = pump.post("/preview", do="add:pumps")
    assert "Number on the plate" in added.text
    daily = pump.house.filled.checklist(DAILY_REPORT)
    pump.address = f"/checklists/{daily.template_id}"
    fits = pump.post("/preview", do="check", asked=["done", "incident"], **{"a.done": "Painted", "a.incident": "pass"})
    assert "Every answer fits" in fits.text


@pytest.mark.parametrize("content", ["", "{", "[]", "7", '{"title": 3}', '{"title": "a", "fields": [{"field": "a"}]}'])
def test_a_file_that_is_no_checklist_is_refused_with_what_was_pasted(editor: Editor, content: str) -> None:
    answer = send(editor.browser, "/checklists", "/checklists/import", content=content)
    assert answer.status_code == 422
    assert "The file is not a checklist" in answer.text
    assert html.escape(content, quote=True).replace("&quot;", "&#34;") in answer.text


def test_nobody_but_admins_comes_in(pump: Editor, open_browser: Callable[..., Browser]) -> None:
    paths = ["", "/preview", "/export", "/publish"]
    for person in (pump.house.manager, pump.house.ana, pump.house.stranger):
        browser = open_browser(person)
        token = token_of(browser.get("/me").text)
        assert browser.get("/checklists").status_code == 404
        assert "/checklists" not in browser.get("/me").text
        for path in paths:
            assert browser.get(pump.address + path).status_code == 404
        for path in (
            "",
            "/fields",
            "/fields/1",
            "/order",
            "/undo",
            "/discard",
            "/copy",
            "/publish",
            "/active",
            "/preview",
        ):
            form = {"csrf": token, "number": "0", "do": "up:1", "label": "x", "kind": "check", "title": "x"}
            assert browser.post(pump.address + path, data=form).status_code == 404, path
        assert browser.post("/checklists", data={"csrf": token, "title": "x"}).status_code == 404
        assert browser.post("/checklists/import", data={"csrf": token, "content": "{}"}).status_code == 404
    assert pump.browser.get("/checklists/nonsense").status_code == 404
    assert pump.browser.post(f"{pump.address}/order", data={"do": "up:1"}).status_code == 403


def test_hostile_words_stay_words(editor: Editor) -> None:
    fields = (
        {"field": "a", "kind": "one_of", "label": HOSTILE, "choices": [{"value": HOSTILE, "label": HOSTILE}]},
        {"field": HOSTILE, "kind": HOSTILE, "label": "\u202ereversed", "unit": HOSTILE, "hint": HOSTILE},
        {"field": "c", "kind": "check", "shown_when": {"op": "equal", "field": "a", "value": HOSTILE}},
    )
    content = msgspec.json.encode({"title": HOSTILE, "description": HOSTILE, "fields": fields}).decode()
    answer = send(editor.browser, "/checklists", "/checklists/import", content=content)
    editor.address = answer.headers["location"].partition("?")[0]
    pages = [editor.page(more) for more in ("", "?opened=0", "?opened=1", "?opened=2", "/preview", "/publish")]
    for page in [*pages, editor.browser.get("/checklists").text]:
        assert "<script>alert" not in page
        assert "<img src=x" not in page
    assert 'dir="auto">\u202ereversed<' in pages[0]


def test_three_hundred_fields_are_one_small_page(editor: Editor) -> None:
    fields = [Field(field=f"f{n}", kind="check", label=f"Question {n}", required=True) for n in range(300)]
    content = msgspec.json.encode({"title": "Long", "fields": fields}).decode()
    answer = send(editor.browser, "/checklists", "/checklists/import", content=content)
    editor.address = answer.headers["location"].partition("?")[0]
    assert len(editor.page("?opened=299")) < 450_000
    assert "at most 300 fields" in editor.page()
    refused = editor.post("/fields", label="One more", kind="check")
    assert "301 fields" in refused.text
    content = msgspec.json.encode({"title": "Long", "fields": fields * 34}).decode()
    assert "10200 fields" in send(editor.browser, "/checklists", "/checklists/import", content=content).text


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)
words = st.sampled_from(["a", "b", "", "\u202e", "x" * 3000]) | st.text(max_size=9)
conditions: st.SearchStrategy[Any] = st.recursive(
    st.fixed_dictionaries(
        {"op": st.sampled_from(["equal", "answered", "contains", "less", "odd"]), "field": words}
    ).flatmap(lambda one: json_values.map(lambda value: one | {"value": value})),
    lambda inner: st.fixed_dictionaries(
        {"op": st.sampled_from(["all", "any", "not"]), "of": st.lists(inner, max_size=3)}
    ),
    max_leaves=5,
)
some_fields: st.SearchStrategy[Any] = st.recursive(
    st.just([]),
    lambda inner: st.lists(
        st.fixed_dictionaries(
            {
                "field": words,
                "kind": st.sampled_from(["check", "number", "many_of", "group", "section", "date", "odd"]),
            },
            optional={
                "label": words,
                "default": json_values,
                "least": st.floats(allow_nan=False) | st.none(),
                "most": st.integers() | st.none(),
                "choices": st.lists(st.fixed_dictionaries({"value": words, "label": words}), max_size=3),
                "shown_when": conditions,
                "fields": inner,
                "required": st.booleans(),
                "unit": words,
            },
        ),
        max_size=4,
    ),
    max_leaves=6,
)


@settings(max_examples=examples(20, 120), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    content=json_values
    | st.fixed_dictionaries(
        {"title": words, "fields": some_fields}, optional={"description": words, "version": json_values}
    )
)
def test_whatever_a_file_holds_is_a_draft_or_a_sentence(editor: Editor, content: Any) -> None:
    browser = editor.browser
    encoded = msgspec.json.encode(content, order=None).decode()
    token = token_of(browser.get("/checklists").text)
    answer = browser.post("/checklists/import", data={"csrf": token, "content": encoded})
    assert answer.status_code in {303, 400, 413, 422}, answer.text
    if answer.status_code != 303:
        return
    editor.address = answer.headers["location"].partition("?")[0]
    for more in ("", "/preview", "/publish", "/export"):
        editor.page(more)
    form = {"csrf": token, "number": "1"}
    for place in range(3):
        editor.page(f"?opened={place}")
        assert browser.post(f"{editor.address}/order", data=form | {"do": f"copy:{place}"}).status_code in {
            303,
            409,
            422,
        }
        assert browser.post(f"{editor.address}/order", data=form | {"do": f"down:{place}"}).status_code in {303, 409}
        form["number"] = editor.number()
        saved = browser.post(f"{editor.address}/fields/{place}", data=form | {"kind": "many_of", "label": "x"})
        assert saved.status_code in {303, 409, 422}
        form["number"] = editor.number()
    assert browser.post(f"{editor.address}/publish", data=form | {"after": "0"}).status_code in {303, 409, 422}


NAMES = (
    *("label", "kind", "hint", "least", "most", "default", "choices", "joint", "when_field", "when_op", "when_value"),
    *("when_depth", "when_joint"),
    *("field_id", "unit", "message", "was", "then", "required", "where", "do", "title", "after", "number"),
)


ODD_WORDS = ["all", "2", "when:group:1", "when:remove:1", "after:0:3", "check", "seal", "equal", "1e999", "nan", "-0"]
ODD_WORDS += ["in:1", "9" * 5000, "\r\n", "²"]


@settings(max_examples=examples(13, 80), deadline=None, suppress_health_check=list(HealthCheck))
@given(
    typed=st.dictionaries(
        st.sampled_from(NAMES),
        st.lists(
            st.sampled_from(ODD_WORDS) | st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20),
            max_size=3,
        ),
    )
)
def test_whatever_is_typed_is_saved_or_answered_in_a_sentence(pump: Editor, typed: dict[str, list[str]]) -> None:
    token = token_of(pump.page())
    for path in ("/fields", "/fields/4", "/fields/7", "/fields/11", "/order", "", "/publish", "/preview"):
        form = {"csrf": token, "number": pump.number()} | typed
        answer = pump.browser.post(pump.address + path, data=form)
        assert answer.status_code in {200, 303, 400, 409, 422}, answer.text
        pump.page("?opened=4")
