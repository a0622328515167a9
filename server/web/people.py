"""People, for admins: the list, adding somebody, and one person with their groups, role and what they may read."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from server.accounts import enrolment, groups, members, pins, roles
from server.accounts.rights import not_found
from server.problems import ProblemError
from server.shifts.planning import telling_everybody
from server.storage.database import Transaction
from server.web.places import Places
from server.web.session import Form
from server.web.visit import Visit
from server.web.words import Words


@get("/people", sync_to_thread=True)
def people_page(visit: NamedDependency[Visit], search: FromQuery[str] = "", done: FromQuery[str] = "") -> Response[Any]:
    """Everybody in the reader's care, and the forms for a new person and a new group."""
    visit.require_admin()
    return _list(visit, search=search, done=done)


@post("/people", sync_to_thread=True)
def add_person(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """Add somebody; the next step is their enrolment code."""
    visit.require_admin()
    name, email = signed_form.one("name"), signed_form.one("email")
    new = members.NewMember(name=name, email=email, group_ids=tuple(signed_form.all("group")))
    try:
        with visit.write() as t:
            member_id = members.add(t, visit.actor, new)
    except ProblemError as refusal:
        return _list(visit, refusal=refusal, typed=signed_form)
    return Redirect(f"/people/{member_id}?done=added", status_code=303)


@post("/people/groups", sync_to_thread=True)
def add_group(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """Add a group."""
    visit.require_admin()
    try:
        with visit.write() as t:
            groups.add(t, visit.actor, signed_form.one("group_name"))
    except ProblemError as refusal:
        return _list(visit, refusal=refusal)
    return Redirect("/people?done=group", status_code=303)


@get("/people/{member_id:str}", sync_to_thread=True)
def person_page(visit: NamedDependency[Visit], member_id: FromPath[str], done: FromQuery[str] = "") -> Response[Any]:
    """One person."""
    visit.require_admin()
    return _person(visit, member_id, done=done)


@post("/people/{member_id:str}/active", sync_to_thread=True)
def activate_person(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], member_id: FromPath[str]
) -> Response[Any]:
    """Deactivate or reactivate."""
    active = signed_form.one("active") == "yes"
    change = members.reactivate if active else members.deactivate
    done = "reactivated" if active else "deactivated"
    return _changed(visit, member_id, lambda t: change(t, visit.actor, member_id), done)


@post("/people/{member_id:str}/groups", sync_to_thread=True)
def change_groups(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], member_id: FromPath[str]
) -> Response[Any]:
    """Make the person one of exactly the ticked groups."""
    ticked = set(signed_form.all("group"))

    def change(t: Transaction) -> None:
        kept = {group.group_id for group in groups.list_all(t)}
        with telling_everybody(t, [member_id]):
            for group_id in sorted(ticked):
                members.put_in_group(t, visit.actor, member_id, group_id)
            for group_id in sorted(kept - ticked):
                members.take_from_group(t, visit.actor, member_id, group_id)

    return _changed(visit, member_id, change, "groups")


@post("/people/{member_id:str}/role", sync_to_thread=True)
def change_role(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], member_id: FromPath[str]
) -> Response[Any]:
    """Make the person a worker, manager or admin, after the admin's own password."""
    role = signed_form.one("role")
    return _changed(visit, member_id, lambda t: roles.change(t, visit.actor, member_id, role), "role", signed_form)


@post("/people/{member_id:str}/grants", sync_to_thread=True)
def give_grant(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], member_id: FromPath[str]
) -> Response[Any]:
    """Put a group, a location or everything in the person's care, after the admin's own password."""
    kind, _, value = signed_form.one("what").partition(":")
    chosen = {"group": {"group_id": value}, "location": {"location_id": value}, "everything": {}}.get(kind)
    if chosen is None:
        raise not_found("choice")
    return _changed(
        visit, member_id, lambda t: groups.give(t, visit.actor, member_id, **chosen), "granted", signed_form
    )


@post("/people/{member_id:str}/grants/{grant_id:str}/end", sync_to_thread=True)
def take_grant(
    visit: NamedDependency[Visit],
    signed_form: NamedDependency[Form],  # noqa: ARG001 (asking for it is the check of its token)
    member_id: FromPath[str],
    grant_id: FromPath[str],
) -> Response[Any]:
    """Take it out of their care again."""
    return _changed(visit, member_id, lambda t: groups.take(t, visit.actor, grant_id), "ungranted")


@post("/people/{member_id:str}/kiosk", sync_to_thread=True)
def change_pin(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], member_id: FromPath[str]
) -> Response[Any]:
    """Give the person a number and a PIN for kiosks, or take both away."""
    if signed_form.one("what") == "take":
        return _changed(visit, member_id, lambda t: pins.take(t, visit.actor, member_id), "no-pin")
    number, pin = signed_form.one("number"), signed_form.one("pin")
    return _changed(visit, member_id, lambda t: pins.give(t, visit.actor, member_id, number, pin), "pin")


@post("/people/{member_id:str}/enrolment", sync_to_thread=True)
def make_code(
    visit: NamedDependency[Visit],
    signed_form: NamedDependency[Form],  # noqa: ARG001 (asking for it is the check of its token)
    member_id: FromPath[str],
) -> Response[Any]:
    """Make an enrolment code. It is shown in this answer and kept nowhere, so there is no page to redirect to."""
    visit.require_admin()
    try:
        with visit.write() as t:
            members.find(t, visit.actor, member_id)
            code = enrolment.issue(t, visit.actor, member_id)
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _person(visit, member_id, refusal=refusal)
    return _person(visit, member_id, code=code)


def _changed(
    visit: Visit,
    member_id: str,
    change: Callable[[Transaction], object],
    done: str,
    confirmation: Form | None = None,
) -> Response[Any]:
    """Carry a change out and go back to the person's page. With `confirmation` only after the password in it, unless
    that was given within the last minutes."""
    visit.require_admin()
    try:
        if confirmation is not None and not visit.session.confirmed:
            visit.require_password(confirmation.one("current"))
        with visit.write() as t:
            change(t)
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _person(visit, member_id, refusal=refusal)
    return Redirect(f"/people/{member_id}?done={done}", status_code=303)


def _list(
    visit: Visit,
    *,
    search: str = "",
    done: str = "",
    refusal: ProblemError | None = None,
    typed: Form | None = None,
) -> Response[Any]:
    with visit.read() as t:
        found = members.list_visible(t, visit.actor, search=search)
        all_groups = groups.list_all(t)
    return visit.page(
        "people.html",
        refusal=refusal,
        people=found,
        groups=all_groups,
        roles=role_names(visit.words),
        search=search,
        typed=typed or Form({}),
        good=_sentences(visit.words).get(done, ""),
    )


def _person(
    visit: Visit, member_id: str, *, done: str = "", code: str = "", refusal: ProblemError | None = None
) -> Response[Any]:
    words = visit.words
    with visit.read() as t:
        line = members.find(t, visit.actor, member_id)
        grants = groups.grants_of(t, visit.actor, member_id)
        all_groups = groups.list_all(t)
        places = Places.of(t)
        number = pins.number_of(t, member_id)
    return visit.page(
        "person.html",
        refusal=refusal,
        person=line,
        groups=all_groups,
        locations=places.choices(),
        grants=[(grant, _care(words, grant, all_groups, places)) for grant in grants],
        given={grant.group_id or grant.location_id or "everything" for grant in grants},
        roles=role_names(words),
        code=code,
        number=number,
        good=_sentences(words).get(done, ""),
    )


def role_names(words: Words) -> dict[str, str]:
    """The roles in words."""
    _ = words
    return {"worker": _("Worker"), "manager": _("Manager"), "admin": _("Admin")}


def _care(words: Words, grant: groups.Grant, all_groups: list[groups.Group], places: Places) -> str:
    """What a grant puts in somebody's care."""
    _ = words
    if grant.group_id is not None:
        names = {group.group_id: group.name for group in all_groups}
        return _("Group: %(name)s", name=names[grant.group_id])
    if grant.location_id is not None:
        return _("Location: %(name)s", name=places.by_id[grant.location_id].name)
    return _("The whole organization")


def _sentences(words: Words) -> dict[str, str]:
    _ = words
    return {
        "added": _("The person was added. Make them an enrolment code below, so that they can sign in."),
        "group": _("The group was added."),
        "deactivated": _("The person was deactivated and signed out everywhere. Their work stays."),
        "reactivated": _("The person can sign in again."),
        "groups": _("The groups were changed."),
        "role": _("The role was changed. What they had open was signed out of the web pages."),
        "granted": _("It is now in their care."),
        "ungranted": _("It is no longer in their care."),
        "pin": _("Number and PIN are set. Tell the person both; the PIN is shown nowhere."),
        "no-pin": _("Number and PIN were taken away. The person is known at no kiosk."),
    }


routes = [
    people_page,
    add_person,
    add_group,
    person_page,
    activate_person,
    change_groups,
    change_role,
    give_grant,
    take_grant,
    change_pin,
    make_code,
]
