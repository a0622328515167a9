"""Templates and answers, made by hand and by hypothesis."""

from typing import Any

from hypothesis import strategies as st

from protocol.templates import Choice, Condition, Field, Template

COLOURS = (Choice(value="red", label="Red"), Choice(value="green", label="Green"), Choice(value="blue", label="Blue"))
MEDIA = {"photo-1": "image/jpeg", "photo-2": "image/png", "video-1": "video/mp4", "paper": "application/pdf"}

ROUND = Template(
    template_id="0195d2f0-0000-7000-8000-00000000000a",
    version=3,
    title="Pump round",
    fields=(
        Field(field="intro", kind="instruction", label="Wear gloves."),
        Field(field="state", kind="check", label="Seal tight", required=True),
        Field(
            field="leak",
            kind="photo",
            label="Photo of the leak",
            required=True,
            most=2,
            shown_when=Condition(op="equal", field="state", value="fail"),
        ),
        Field(
            field="readings",
            kind="section",
            label="Readings",
            fields=(
                Field(field="pressure", kind="number", label="Pressure", unit="bar", least=0, most=16, prefill=True),
                Field(field="colour", kind="one_of", label="Lamp", choices=COLOURS, default="green"),
            ),
        ),
        Field(
            field="pumps",
            kind="group",
            label="Pump",
            most=3,
            fields=(
                Field(field="name", kind="short_text", label="Name", required=True),
                Field(
                    field="why_red",
                    kind="long_text",
                    label="Why red",
                    required=True,
                    shown_when=Condition(op="equal", field="colour", value="red"),
                ),
            ),
        ),
    ),
)

json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
likely_values = st.sampled_from(
    [
        "red",
        ["red", "blue"],
        ["photo-1"],
        ["video-1"],
        3,
        -1,
        2.5,
        "",
        " ",
        "2026-11-25",
        "14:05",
        "2026-11-25T14:05+01:00",
        {"result": "pass"},
        {"result": "fail"},
        {"result": "fail", "note": "leaks"},
        [{}],
    ]
)
values = likely_values | json_values
KINDS = (
    "short_text",
    "long_text",
    "number",
    "integer",
    "date",
    "time",
    "date_time",
    "one_of",
    "many_of",
    "check",
    "photo",
    "video",
    "file",
    "signature",
    "location",
    "of_a_later_version",
)
bounds = st.none() | st.integers(0, 3)


@st.composite
def leaves(draw: st.DrawFn, name: str, before: list[str], *, conditional: bool) -> Field:
    kind = draw(st.sampled_from(KINDS))
    condition = draw(st.none() | conditions(before)) if conditional and before else None
    least, most = (
        (draw(bounds), draw(bounds)) if kind not in {"date", "time", "date_time", "one_of", "check"} else (None, None)
    )
    if least is not None and most is not None and least > most:
        least, most = most, least
    return Field(
        field=name,
        kind=kind,
        label=name.upper(),
        required=draw(st.booleans()),
        shown_when=condition,
        least=least,
        most=most,
        choices=COLOURS if kind in {"one_of", "many_of"} else (),
    )


def conditions(before: list[str]) -> st.SearchStrategy[Condition]:
    comparison = st.builds(
        Condition,
        op=st.sampled_from(["answered", "equal", "not_equal", "less", "greater_equal", "contains", "of_later"]),
        field=st.sampled_from(before),
        value=values,
    )
    return st.recursive(
        comparison,
        lambda inner: st.builds(
            Condition, op=st.sampled_from(["all", "any", "not"]), of=st.lists(inner, max_size=3).map(tuple)
        ),
        max_leaves=4,
    )


@st.composite
def templates(draw: st.DrawFn, *, conditional: bool = True) -> tuple[Field, ...]:
    names = [f"f{index}" for index in range(draw(st.integers(1, 6)))]
    fields: list[Field] = []
    for index, name in enumerate(names):
        before = names[:index]
        if draw(st.integers(0, 4)) == 0:
            children = tuple(
                draw(leaves(f"{name}_{child}", before, conditional=conditional))
                for child in range(draw(st.integers(1, 3)))
            )
            kind = draw(st.sampled_from(["group", "section"]))
            fields.append(Field(field=name, kind=kind, label=name.upper(), fields=children))
        else:
            fields.append(draw(leaves(name, before, conditional=conditional)))
    return tuple(fields)


def answers_to(fields: tuple[Field, ...]) -> st.SearchStrategy[dict[str, Any]]:
    """Answers to some of the fields, likely and not, and to a field that is not there."""
    known: dict[str, st.SearchStrategy[Any]] = {"stranger": values}
    for field in fields:
        if field.kind == "section":
            known |= {child.field: values for child in field.fields}
        elif field.kind == "group":
            rows = st.dictionaries(st.sampled_from([child.field for child in field.fields]), values, max_size=3)
            known[field.field] = st.lists(rows, max_size=4) | values
        else:
            known[field.field] = values
    return st.fixed_dictionaries({}, optional=known)
