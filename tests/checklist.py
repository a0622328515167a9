"""A checklist as the server would have told of it, put into a profile's work.db while no agent runs."""

from pathlib import Path

import msgspec

from agent.store import feed
from agent.store.profile import Profile
from agent.store.work import WORK
from agent.store.writer import Writer
from protocol.changes import TEMPLATE, TemplateView
from protocol.sync import Change
from protocol.templates import Choice, Condition, Field, Template

ROUND = Template(
    template_id="0195d2f0-0000-7000-8000-00000000000a",
    version=1,
    title="Pump round",
    fields=(
        Field(field="seal", kind="check", label="Seal tight", required=True),
        Field(
            field="leak",
            kind="file",
            label="Record of the leak",
            required=True,
            shown_when=Condition(op="equal", field="seal", value="fail"),
        ),
        Field(field="pressure", kind="number", label="Pressure", unit="bar", least=0, most=16, prefill=True),
        Field(
            field="lamp",
            kind="one_of",
            label="Lamp",
            choices=(Choice(value="red", label="Red"), Choice(value="green", label="Green")),
        ),
        Field(field="remarks", kind="long_text", label="Remarks"),
    ),
)


def change(template: Template, *, active: bool = True) -> Change:
    body = msgspec.json.encode(TemplateView(template=template, active=active))
    return Change(kind=TEMPLATE, entity=template.template_id, body=msgspec.Raw(body))


def plant(profile: Path, account: str, *templates: Template) -> None:
    """As if the feed had brought them."""
    writer = Writer()
    try:
        store = writer.open(Profile(profile).work(account), WORK).result(10)
        store.write(lambda c: feed.apply(c, [change(one) for one in templates])).result(10)
    finally:
        writer.close()
