"""What an agent in memory says has connected."""

from datetime import UTC, datetime

from agent import api


def rfc3339(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def connections() -> tuple[api.ConnectionView, ...]:
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
    )
