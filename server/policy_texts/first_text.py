"""The first version of the privacy policy, made of what this software does: what it keeps and for how long are the very
numbers that it works with. The operator publishes the next ones, and may take this one as a draft.
"""

from collections.abc import Iterator
from datetime import timedelta

from protocol.discovery import Operator
from server import feed, request_log
from server.accounts import enrolment, rationing, throttle, web_sessions
from server.accounts.tokens import REFRESH_IDLE
from server.logs import keeping, visits
from server.media import uploads
from server.relaying.setting_up import routes_of, third_parties
from server.settings import Settings
from telemetry.catalog import EVENTS


def first_text(settings: Settings) -> str:
    """Paragraphs parted by empty lines; headings begin with `# `."""
    operator = settings.operator
    parts = (_who(operator), _work(), _access(), _log_data(settings), _cookies(), _rights(operator), _changes())
    return "\n\n".join(" ".join(paragraph.split()) for part in parts for paragraph in part) + "\n"


def _who(operator: Operator) -> Iterator[str]:
    yield "# Who decides, and who runs this server"
    yield """Your organization decides which reports and which attendance it asks for, who in it reads them, and how
        long they are kept. It owns that data. Ask it first."""
    name, address = operator.name or "The operator of this server", operator.address
    runs = f"{name}{f', {address},' if address else ''} runs this server on behalf of your organization."
    yield f"{runs} Contact: {operator.contact}" if operator.contact else runs
    yield """What the operator changes with the commands of the server is written into the access log of your
        organization, where its admins read it. The log is chained, so that a line taken out or altered shows."""


def _work() -> Iterator[str]:
    yield "# Your work"
    yield """Reports with their versions, comments and decisions, photos and files, check-ins and check-outs with what
        you allowed to be recorded with them, and what you asked to have corrected. They are kept until your
        organization has them removed."""
    yield """A position is recorded only where you turned that on, for that one check-in. Where, when and with what a
        photo was taken is removed from it before it is sent, unless you turned that off."""
    yield f"""A file that did not arrive whole is removed {_span(uploads.LIFETIME)} after its last piece came. What
        changed waits for your devices for {_span(feed.KEPT)}."""


def _access() -> Iterator[str]:
    yield "# Your account and your sign-ins"
    yield f"""Your name, e-mail, role and groups, until your organization has them removed. Passwords, PINs and keys
        only as hashes. A device stays signed in until {_span(REFRESH_IDLE)} after its last use; a browser for
        {_span(web_sessions.ABSOLUTE)} at most, or {_span(web_sessions.IDLE)} without use. An enrolment code holds for
        {_span(enrolment.VALID_FOR)}."""
    yield f"""Of each request the time, the page and the part of your address that many share, for
        {_span(timedelta(days=request_log.KEPT_DAYS))}. That somebody tried to sign in, in a form that cannot be read
        back, for {_span(throttle.KEPT_FOR)}."""


def _log_data(settings: Settings) -> Iterator[str]:
    yield "# Log data of the app"
    yield f"""Nothing, unless you turn it on in the app, kind by kind. Then it bears a random number that is not linked
        to you, and no manager sees it. You can turn it off at any moment, read every record that was sent, and have
        what was sent erased; the server then signs that it did. Until when it counts how often you turned it on anew is
        kept in a form that cannot be read back, for {_span(rationing.KEPT_FOR)} at most."""
    for event in EVENTS.values():
        fields = ", ".join(field.name for field in event.fields)
        yield f"""{event.name} ({event.category}), kept for {_span(timedelta(days=event.retention_days))}:
            {event.purpose} It holds {fields}."""
    collector = routes_of(settings).collector
    if collector:
        yield f"""Diagnostics and usage are not kept here but passed on to {collector}; the operator answers for how
            long they are kept there."""
    parties = third_parties(settings)
    for party in parties:
        yield f"""What you allowed for third parties goes to {party.name} ({party.host}). {party.purpose}
            {party.receives}"""
    if not parties:
        yield "Nothing goes to third parties."
    yield f"How many records never came, with nothing of what was in them, for {_span(keeping.LONGEST)}."


def _cookies() -> Iterator[str]:
    yield "# Cookies"
    yield """The pages need one cookie to keep you signed in, and one that keeps others from sending forms in your name.
        The page about cookies lists these and any other, each with its purpose and its end."""
    yield f"""Visits of the public pages are counted only if the operator wants that and you allow it: numbers that go
        up by one and bear nothing of you, kept for {_span(visits.LONGEST)}. An analytics service of somebody else is
        told of them only if the page about cookies names one and you allow it. Neither happens while you are signed
        in, nor with a browser that asks not to be tracked."""


def _rights(operator: Operator) -> Iterator[str]:
    yield "# What you can ask for"
    yield """Everything that is held about you, as one file; and that your organization erases it. You get an answer
        that is signed: done, kept until a day and why, or refused and why."""
    if operator.contact:
        yield f"About the server itself ask {operator.contact}."


def _changes() -> Iterator[str]:
    yield "# When this text changes"
    yield """A new version says from which day it holds and what is different. Earlier versions stay readable. It stops
        no work and turns nothing on."""


def _span(span: timedelta) -> str:
    days, hours = span.days, span.seconds // 3600
    if days:
        return f"{days} {'day' if days == 1 else 'days'}"
    if hours:
        return f"{hours} {'hour' if hours == 1 else 'hours'}"
    minutes = span.seconds // 60
    return f"{minutes} {'minute' if minutes == 1 else 'minutes'}"
