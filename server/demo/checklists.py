"""The demo organization's checklists: one with every common kind of field and with skip logic, and a short one."""

from protocol.templates import Choice, Condition, Field, Template

_LAMP = (
    Choice(value="green", label="Green"),
    Choice(value="amber", label="Amber"),
    Choice(value="red", label="Red"),
)
_WORK = (
    Choice(value="cleaned", label="Cleaned the strainer"),
    Choice(value="greased", label="Greased the bearings"),
    Choice(value="oil", label="Topped up the oil"),
    Choice(value="nothing", label="Nothing was needed"),
)
_LEAKS = Condition(op="equal", field="seal", value="fail")

PUMP_ROUND = Template(
    template_id="",
    version=0,
    title="Pump round",
    description="The morning round of the pump house. About ten minutes.",
    fields=(
        Field(field="before", kind="instruction", label="Put on gloves and ear protection before you go in."),
        Field(
            field="surroundings",
            kind="section",
            label="Around the pumps",
            fields=(
                Field(field="floor_dry", kind="check", label="Floor dry, no oil", required=True),
                Field(field="guards", kind="check", label="Guards in place", required=True),
                Field(
                    field="lamp",
                    kind="one_of",
                    label="Lamp on the control cabinet",
                    choices=_LAMP,
                    required=True,
                ),
                Field(
                    field="alarm",
                    kind="short_text",
                    label="What does the display say?",
                    hint="The code is enough, for example E14.",
                    required=True,
                    shown_when=Condition(
                        op="any",
                        of=(
                            Condition(op="equal", field="lamp", value="amber"),
                            Condition(op="equal", field="lamp", value="red"),
                        ),
                    ),
                ),
            ),
        ),
        Field(
            field="readings",
            kind="section",
            label="Readings",
            fields=(
                Field(
                    field="pressure",
                    kind="number",
                    label="Pressure in the main",
                    unit="bar",
                    least=0,
                    most=16,
                    required=True,
                    message="Read the gauge: it goes from 0 to 16 bar.",
                ),
                Field(field="hours", kind="integer", label="Hours run", unit="h", least=0, prefill=True),
                Field(field="last_service", kind="date", label="Last service", prefill=True),
            ),
        ),
        Field(
            field="pumps",
            kind="group",
            label="Pump",
            hint="One for each pump that runs.",
            least=1,
            most=6,
            fields=(
                Field(field="number", kind="short_text", label="Number on the plate", required=True, most=20),
                Field(field="vibration", kind="check", label="Runs without shaking", required=True),
                Field(field="temperature", kind="number", label="Bearing temperature", unit="°C", least=-20, most=150),
            ),
        ),
        Field(field="seal", kind="check", label="Seals tight", required=True),
        Field(
            field="leak_photo",
            kind="photo",
            label="Photo of the leak",
            required=True,
            least=1,
            most=4,
            shown_when=_LEAKS,
        ),
        Field(field="leak_since", kind="time", label="Leaking since about", shown_when=_LEAKS),
        Field(field="work", kind="many_of", label="What did you do?", choices=_WORK),
        Field(field="next_pump_house", kind="location", label="Where do you go next?"),
        Field(field="remarks", kind="long_text", label="Remarks for the next shift"),
        Field(field="signed", kind="signature", label="Signature"),
    ),
)

DAILY_REPORT = Template(
    template_id="",
    version=0,
    title="Daily report",
    description="Two minutes at the end of the day.",
    fields=(
        Field(field="done", kind="long_text", label="What was done today?", required=True),
        Field(field="open", kind="long_text", label="What is left for tomorrow?"),
        Field(field="incident", kind="check", label="No accident or near miss", required=True),
        Field(field="photos", kind="photo", label="Photos", most=10),
    ),
)

CHECKLISTS = (PUMP_ROUND, DAILY_REPORT)
