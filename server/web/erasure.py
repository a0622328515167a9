"""Requests of members to erase what is held of them, for the admins who answer: done, kept until a day, or refused."""

from typing import Any

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from server.media.taking import Stores
from server.member_data import requests
from server.member_data.erasing import COVERS
from server.member_data.requests import Answer
from server.problems import ProblemError
from server.web.my_privacy import state_words
from server.web.session import Form
from server.web.visit import Visit

_STATES = ("done", "kept", "refused")


@get("/erasure", sync_to_thread=True)
def requests_page(visit: NamedDependency[Visit]) -> Response[Any]:
    """Every request: those that wait first."""
    visit.require_admin()
    with visit.read() as t:
        lines, now = requests.listed(t, visit.actor), t.now
    return visit.page("erasure.html", now=now, lines=[(one, state_words(visit.words, one.request)) for one in lines])


@get("/erasure/{request_id:str}", sync_to_thread=True)
def request_page(visit: NamedDependency[Visit], request_id: FromPath[str], done: FromQuery[str] = "") -> Response[Any]:
    """One request, and the form to answer it."""
    visit.require_admin()
    good = visit.words("The answer is signed, and the person reads it with your reason.") if done else ""
    return _page(visit, request_id, Answer(state="done"), good=good, chosen="")


@post("/erasure/{request_id:str}", sync_to_thread=True)
def answer_request(
    visit: NamedDependency[Visit],
    signed_form: NamedDependency[Form],
    stores: NamedDependency[Stores],
    request_id: FromPath[str],
) -> Response[Any]:
    """Answer it, after the admin's own password: *done* erases before it says so, and cannot be undone."""
    visit.require_admin()
    state = signed_form.one("state")
    given = msgspec.convert(
        {
            "state": state if state in _STATES else "refused",
            "until": signed_form.one("until") or None if state == "kept" else None,
            "reason": signed_form.one("reason"),
        },
        Answer,
    )
    try:
        if state not in _STATES:
            raise requests.no_answer()
        visit.require_password(signed_form.one("current"))
        requests.answer(stores, visit.actor, request_id, given)
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(visit, request_id, given, refusal=refusal, chosen=state)
    return Redirect(f"/erasure/{request_id}?done=answered", status_code=303)


def _page(
    visit: Visit,
    request_id: str,
    typed: Answer,
    *,
    chosen: str,
    good: str = "",
    refusal: ProblemError | None = None,
) -> Response[Any]:
    with visit.read() as t:
        line, now = requests.find(t, visit.actor, request_id), t.now
    return visit.page(
        "erasure_request.html",
        refusal=refusal,
        now=now,
        good=good,
        line=line,
        state=state_words(visit.words, line.request),
        open=line.request.state in {"asked", "kept"},
        typed=typed,
        chosen=chosen,
        covers=visit.words(COVERS),
        today=now.date().isoformat(),
        most_words=requests.MAX_WORDS,
    )


routes = [requests_page, request_page, answer_request]
