"""Shifts and holidays, for admins."""

from collections.abc import Callable
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import Redirect

from server.accounts import groups, members
from server.problems import ProblemError
from server.shifts import planning
from server.shifts.planning import MOST_GRACE, Plan
from server.shifts.schedules import ShiftLine, holidays, shifts
from server.storage.database import Transaction
from server.web.hours.sheet import today_of
from server.web.places import Places
from server.web.session import Form
from server.web.visit import Visit
from server.web.words import Words
from server.web.zones import zone_names


@get("/shifts", sync_to_thread=True)
def shifts_page(visit: NamedDependency[Visit], done: FromQuery[str] = "") -> Response[Any]:
    """Every shift and holiday, and the forms for new ones."""
    visit.require_admin()
    return _page(visit, done=done)


@post("/shifts", sync_to_thread=True)
def add_shift(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """Add one."""
    return _changed(visit, lambda t: planning.add(t, visit.actor, _plan(signed_form)), "added", signed_form)


@post("/shifts/{shift_id:str}", sync_to_thread=True)
def change_shift(
    visit: NamedDependency[Visit], signed_form: NamedDependency[Form], shift_id: FromPath[str]
) -> Response[Any]:
    """Change or remove one."""
    if signed_form.one("remove"):
        return _changed(visit, lambda t: planning.remove(t, visit.actor, shift_id), "removed")
    plan = _plan(signed_form)
    return _changed(visit, lambda t: planning.change(t, visit.actor, shift_id, plan), "changed", signed_form, shift_id)


@post("/shifts/holidays", sync_to_thread=True)
def add_holiday(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """Name a holiday."""
    day, name, place = (signed_form.one(field) for field in ("day", "name", "place"))
    return _changed(
        visit,
        lambda t: planning.add_holiday(t, visit.actor, day, name, place or None),
        "holiday",
        signed_form,
        "holiday",
    )


@post("/shifts/holidays/{holiday_id:str}/remove", sync_to_thread=True)
def remove_holiday(
    visit: NamedDependency[Visit],
    signed_form: NamedDependency[Form],  # noqa: ARG001 (asking for it is the check of its token)
    holiday_id: FromPath[str],
) -> Response[Any]:
    """Take a holiday away."""
    return _changed(visit, lambda t: planning.remove_holiday(t, visit.actor, holiday_id), "no_holiday")


def _plan(form: Form) -> Plan:
    grace = form.one("grace_minutes")
    return Plan(
        name=form.one("name"),
        zone=form.one("zone").strip(),
        start=form.one("start")[:5],
        end=form.one("end")[:5],
        weekdays=tuple(int(day) for day in form.all("weekday") if day in {"1", "2", "3", "4", "5", "6", "7"}),
        valid_from=form.one("valid_from"),
        valid_to=form.one("valid_to") or None,
        grace_minutes=int(grace) if grace.isascii() and grace.isdecimal() and len(grace) < 6 else -1,
        location_id=form.one("place") or None,
        on_holidays=form.one("on_holidays") == "yes",
        everybody=form.one("everybody") == "yes",
        group_ids=tuple(form.all("group")),
        member_ids=tuple(form.all("member")),
    )


def _changed(
    visit: Visit, change: Callable[[Transaction], object], done: str, typed: Form | None = None, about: str = ""
) -> Response[Any]:
    visit.require_admin()
    try:
        with visit.write() as t:
            change(t)
    except ProblemError as refusal:
        if refusal.problem.status == 404:
            raise
        return _page(visit, refusal=refusal, typed=typed, about=about)
    return Redirect(f"/shifts?done={done}", status_code=303)


def _page(
    visit: Visit,
    *,
    done: str = "",
    refusal: ProblemError | None = None,
    typed: Form | None = None,
    about: str = "",
) -> Response[Any]:
    words = visit.words
    with visit.read() as t:
        lines, free = shifts(t), holidays(t)
        places = Places.of(t)
        named = groups.list_all(t)
        people = members.list_visible(t, visit.actor, active_only=True)
        today = today_of(t)
    new = typed if typed is not None and not about else Form({})
    group_names = {one.group_id: one.name for one in named}
    people_names = {one.member_id: one.name for one in people}
    return visit.page(
        "shifts.html",
        refusal=refusal,
        good=_sentences(words).get(done, ""),
        lines=[(line, _who(words, line, group_names, people_names), _form_of(line)) for line in lines],
        holidays=free,
        places=places,
        groups=named,
        people=people,
        zones=zone_names(),
        weekdays=list(enumerate(weekday_names(words), 1)),
        today=today.isoformat(),
        most_grace=MOST_GRACE,
        about=about,
        typed=typed or Form({}),
        new=new,
    )


def weekday_names(words: Words) -> tuple[str, ...]:
    """Monday to Sunday, short."""
    _ = words
    return (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))


def _who(words: Words, line: ShiftLine, group_names: dict[str, str], people_names: dict[str, str]) -> str:
    if line.everybody:
        return words("Everybody")
    names = [group_names[one] for one in line.group_ids if one in group_names]
    names += [people_names[one] for one in line.member_ids if one in people_names]
    return ", ".join(names)


def _form_of(line: ShiftLine) -> Form:
    """The fields of a form that shows the shift as it is."""
    shift = line.shift
    fields = {name: [str(getattr(shift, name) or "")] for name in ("name", "zone", "start", "end", "valid_from")}
    fields |= {
        "valid_to": [shift.valid_to or ""],
        "weekday": [str(day) for day in shift.weekdays],
        "grace_minutes": [str(shift.grace_minutes)],
        "place": [shift.location_id or ""],
        "on_holidays": ["yes" if shift.on_holidays else ""],
        "everybody": ["yes" if line.everybody else ""],
        "group": list(line.group_ids),
        "member": list(line.member_ids),
    }
    return Form(fields)


def _sentences(words: Words) -> dict[str, str]:
    _ = words
    return {
        "added": _("The shift was added. Those it is for have it in the app from the next time it connects."),
        "changed": _("The shift was changed. Those it is for hear of it the next time their app connects."),
        "removed": _("The shift was removed. What people did stays."),
        "holiday": _("The holiday was added. Only shifts that take place on holidays begin then."),
        "no_holiday": _("It is a day like others again."),
    }


routes = [shifts_page, add_shift, change_shift, add_holiday, remove_holiday]
