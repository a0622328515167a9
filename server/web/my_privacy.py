"""A member's own page of privacy: what is held of them, what they asked to have erased, their word on the policy."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect, Stream
from uuid6 import uuid7

from protocol.privacy import ErasureAsked, ErasureRequestView, PolicyTextSummary
from rules.clock import parse_utc
from server.accounts.rights import not_found
from server.member_data import requests
from server.member_data.handing_over import hand_over
from server.member_data.holding import Held, held_of
from server.outgoing import Download
from server.policy_texts import reading
from server.problems import ProblemError
from server.storage.database import Actor, Transaction
from server.storage.objects import Objects
from server.web.session import Form
from server.web.times import day_words
from server.web.visit import Visit
from server.web.words import Words

_NEWS = timedelta(days=60)
"""How long after its day a version of the policy is pointed out to those that did not accept it."""


class PolicyLine(msgspec.Struct, frozen=True, kw_only=True):
    """One version, and when the member said what to it; empty where they did not."""

    text: PolicyTextSummary
    coming: bool
    accepted: str
    continued: str


@get("/me/privacy", sync_to_thread=True)
def my_privacy(visit: NamedDependency[Visit], done: FromQuery[str] = "") -> Response[Any]:
    """The page."""
    return _page(visit, good=done_sentences(visit.words).get(done, ""))


@post("/me/privacy/erasure", sync_to_thread=True)
def ask_to_erase(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """Ask the organization; the same form again is the same request."""
    asked = ErasureAsked(request_id=signed_form.one("request"), wish=signed_form.one("wish"))
    try:
        with visit.write() as t:
            requests.ask(t, visit.actor, asked)
    except ProblemError as refusal:
        return _page(visit, refusal=refusal, typed=asked.wish)
    return Redirect("/me/privacy?done=asked#erasure", status_code=303)


@get("/me/privacy/erasure/{request_id:str}", sync_to_thread=True)
def answer_file(visit: NamedDependency[Visit], request_id: FromPath[str]) -> Response[bytes]:
    """The signed answer to a request of one's own, as `miratag receipt verify` takes it."""
    with visit.read() as t:
        own = requests.own(t, visit.actor).requests
    found = next((one for one in own if one.request_id == request_id), None)
    if found is None or found.statement is None:
        raise not_found("answer")
    return Response(
        msgspec.json.format(msgspec.json.encode(found.statement)),
        media_type="application/json",
        headers={"Content-Disposition": f'attachment; filename="{file_name(found)}"'},
    )


@post("/me/privacy/data", sync_to_thread=True, status_code=200)
def take_data(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], objects: NamedDependency[Objects]
) -> Response[Any]:
    """Everything that is held of the member as one ZIP; that they took it is in the access log before a byte goes."""
    try:
        if not visit.session.confirmed:
            visit.require_password(signed_form.one("current"))
        content = hand_over(visit.database, objects, visit.actor)
    except ProblemError as refusal:
        return _page(visit, refusal=refusal)
    headers = {
        "Content-Disposition": 'attachment; filename="miratag-my-data.zip"',
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return Stream(Download(visit.request, content), media_type="application/zip", headers=headers)


@post("/me/privacy/policy/{version:int}", sync_to_thread=True)
def accept_policy(
    visit: NamedDependency[Visit],
    signed_form: NamedDependency[Form],  # noqa: ARG001 (asking for it is the check of its token)
    version: FromPath[int],
) -> Response[Any]:
    """Note that the member accepts a version. Nothing depends on it."""
    with visit.write() as t:
        reading.answer(t, visit.actor, version, "accepted")
    return Redirect("/me/privacy?done=accepted#policy", status_code=303)


def policy_news(t: Transaction, actor: Actor) -> PolicyLine | None:
    """The newest version, while it is worth pointing out to this member: it changed something, it comes or came lately,
    and they did not accept it. Using the service goes on either way."""
    newest = next(iter(_policies(t, actor)), None)
    if newest is None or newest.text.version == 1 or parse_utc(newest.text.effective) < t.now - _NEWS:
        return None
    return None if newest.accepted else newest


def state_words(words: Words, one: ErasureRequestView) -> str:
    """Where a request stands."""
    _ = words
    return {
        "asked": _("Waits for an answer"),
        "done": _("Done"),
        "kept": _("Kept until %(day)s", day=day_words(words, date.fromisoformat(one.until)) if one.until else ""),
        "refused": _("Refused"),
    }[one.state]


def file_name(one: ErasureRequestView) -> str:
    """What the signed answer is called as a file."""
    return f"erasure-answer-{one.request_id}.json"


def done_sentences(words: Words) -> Mapping[str, str]:
    """What to say after something was done."""
    _ = words
    return {
        "asked": _("Your request waits for an admin of your organization. The answer appears below."),
        "accepted": _("Noted. The version and the time stand below."),
    }


def _page(visit: Visit, *, good: str = "", refusal: ProblemError | None = None, typed: str = "") -> Response[Any]:
    with visit.read() as t:
        held, asked = held_of(t, visit.actor), requests.own(t, visit.actor).requests
        policies, now = _policies(t, visit.actor), t.now
        waiting = _waiting(t, visit.actor)
    return visit.page(
        "my_privacy.html",
        refusal=refusal,
        now=now,
        good=good,
        held=_held_lines(visit.words, held),
        asked=[(one, state_words(visit.words, one), file_name(one)) for one in asked],
        most_words=requests.MAX_WORDS,
        new_id=str(uuid7()),
        typed=typed,
        policies=policies,
        waiting=waiting,
        ask_password=not visit.session.confirmed,
    )


def _waiting(t: Transaction, actor: Actor) -> int:
    """How many requests wait for an admin who looks."""
    return requests.waiting(t) if actor.role == "admin" else 0


def _policies(t: Transaction, actor: Actor) -> list[PolicyLine]:
    found = reading.texts_for(t, actor)
    said = {(one.version, one.how): one.at for one in found.answers}
    return [
        PolicyLine(
            text=one,
            coming=one.effective > t.now_text,
            accepted=said.get((one.version, "accepted"), ""),
            continued=said.get((one.version, "continued_use"), ""),
        )
        for one in found.texts
    ]


def _held_lines(words: Words, held: Held) -> list[tuple[str, int]]:
    """What is held, in numbers; what is not there is left out."""
    _ = words
    lines = (
        (_("Reports"), held.reports),
        (_("Versions of them"), held.versions),
        (_("Photos and files"), held.files),
        (_("Comments"), held.comments),
        (_("Entries of attendance"), held.attendance),
        (_("Corrections asked for"), held.asks),
        (_("Apps signed in"), held.devices),
        (_("Browsers signed in"), held.browsers),
    )
    return [(name, number) for name, number in lines if number]


routes = [my_privacy, take_data, ask_to_erase, answer_file, accept_policy]
