"""What an agent in memory says has connected."""

from datetime import UTC, datetime

from agent import api
from protocol.discovery import ThirdParty


def rfc3339(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def connections(passed_on: tuple[ThirdParty, ...] = ()) -> tuple[api.ConnectionView, ...]:
    return (
        api.ConnectionView(
            name="sign_in",
            host="reports.example.invalid",
            purpose="Proves that it is you.",
            fields="Your account and this computer's name.",
            requests=4,
            bytes_sent=3_412,
            last=rfc3339(datetime.now(UTC)),
        ),
        api.ConnectionView(
            name="sync",
            host="reports.example.invalid",
            purpose="Carries your reports and check-ins to your organization.",
            fields="What you write, photos, check-ins, times and places you chose.",
            requests=128,
            bytes_sent=18_230_000,
            last=rfc3339(datetime.now(UTC)),
        ),
        api.ConnectionView(
            name="log_data",
            host="reports.example.invalid",
            purpose="Carries the categories that you switched on above, and nothing else.",
            fields="The events listed above, without your name.",
            requests=0,
            bytes_sent=0,
        ),
        api.ConnectionView(
            name="third_party",
            host="reports.example.invalid",
            purpose="Send the events that you allowed to be passed on to a third party.",
            fields="The events that Choices lists, without your name.",
            requests=0,
            bytes_sent=0,
            passed_on=passed_on,
        ),
    )
