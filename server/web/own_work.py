"""A person's own page: their reports, found again by words, state, place and day; their attendance; their password."""

from typing import Annotated, Any
from urllib.parse import urlencode

import msgspec
from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, QueryParameter
from litestar.response import Redirect

from server.accounts import members
from server.accounts.passwords import MIN_LENGTH
from server.attendance.reading import EventFilter, list_events
from server.problems import ProblemError, problem
from server.reports.listing import list_reports
from server.templates.reading import titles_of
from server.web.attendance import event_lines
from server.web.my_privacy import policy_news
from server.web.places import Places
from server.web.reports import Chosen, chosen_filter, given, report_lines, state_names
from server.web.session import Form
from server.web.visit import Visit

_SHOWN = 20


@get("/me", sync_to_thread=True)
def own_page(
    visit: NamedDependency[Visit],
    *,
    text: FromQuery[str] = "",
    review: Annotated[str, QueryParameter(name="state")] = "",
    location: FromQuery[str] = "",
    checklist: FromQuery[str] = "",
    since: FromQuery[str] = "",
    until: FromQuery[str] = "",
    reports_after: FromQuery[str] = "",
    events_after: FromQuery[str] = "",
) -> Response[Any]:
    """What the organization has received from the person who looks."""
    own = visit.actor.member_id
    chosen = Chosen(text=text.strip(), state=review, location=location, checklist=checklist, since=since, until=until)
    query = given(chosen)
    with visit.read() as t:
        places = Places.of(t)
        wanted = msgspec.structs.replace(chosen_filter(chosen, places), member_id=own)
        reports = list_reports(t, visit.actor, wanted, reports_after or None, _SHOWN)
        checklists = titles_of(t)
        events = list_events(t, visit.actor, EventFilter(member_id=own), events_after or None, _SHOWN)
        news, now = policy_news(t, visit.actor), t.now
    return visit.page(
        "me.html",
        now=now,
        news=news,
        chosen=chosen,
        states=list(state_names(visit.words).items()),
        locations=places.choices(),
        checklists=sorted(checklists.items(), key=lambda one: one[1].casefold()),
        filtered=bool(query),
        reports=report_lines(reports.rows, places),
        reports_older=f"/me?{urlencode({**query, 'reports_after': reports.after})}" if reports.after else "",
        events=event_lines(visit.words, events.rows, places),
        events_older=f"/me?{urlencode({'events_after': events.after})}#attendance" if events.after else "",
        own_only=True,
        paged=bool(reports_after or events_after),
    )


@get("/me/password", sync_to_thread=False)
def password_page(visit: NamedDependency[Visit]) -> Response[Any]:
    """The form for a new password."""
    return visit.page("password.html", least=MIN_LENGTH)


@post("/me/password", sync_to_thread=True)
def change_password(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """Set it; every browser of the person, this one too, signs in anew. The app on their devices stays signed in."""
    try:
        if signed_form.one("password") != signed_form.one("again"):
            raise problem(
                "passwords-differ",
                400,
                "Two different passwords",
                "The two new passwords differ, so nothing was changed. Type the same one twice.",
                field="again",
            )
        visit.require_password(signed_form.one("current"))
        with visit.write() as t:
            members.set_password(t, visit.actor, visit.actor.member_id, signed_form.one("password"))
    except ProblemError as refusal:
        return visit.page("password.html", refusal=refusal, least=MIN_LENGTH)
    return Redirect("/sign-in?because=password", status_code=303)


routes = [own_page, password_page, change_password]
