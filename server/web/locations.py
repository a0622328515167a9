"""The locations, for admins: all of them, and the form for a new one."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.response import Redirect

from server.locations import places
from server.problems import ProblemError
from server.web.session import Form
from server.web.visit import Visit
from server.web.zones import zone_names


@get("/locations", sync_to_thread=True)
def locations_page(visit: NamedDependency[Visit]) -> Response[Any]:
    """Every location, and the form for a new one."""
    visit.require_admin()
    return _page(visit)


@post("/locations", sync_to_thread=True)
def add_location(visit: NamedDependency[Visit], signed_form: NamedDependency[Form]) -> Response[Any]:
    """Add one; what it is known by is said on its own page."""
    visit.require_admin()
    name, zone, address = (signed_form.one(field) for field in ("name", "zone", "address"))
    try:
        with visit.write() as t:
            location_id = places.add(t, visit.actor, name=name, zone=zone.strip(), address=address)
    except ProblemError as refusal:
        return _page(visit, refusal=refusal, typed=signed_form)
    return Redirect(f"/locations/{location_id}?done=added", status_code=303)


def _page(visit: Visit, *, refusal: ProblemError | None = None, typed: Form | None = None) -> Response[Any]:
    with visit.read() as t:
        found = places.list_all(t)
    return visit.page("locations.html", refusal=refusal, locations=found, zones=zone_names(), new=typed or Form({}))


routes = [locations_page, add_location]
