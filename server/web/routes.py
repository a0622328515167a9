"""The pages as one Litestar router. Of the application it wants `database`, `keys`, `mint`, `settings`, `objects`."""

from litestar import Router
from litestar.datastructures import CacheControlHeader
from litestar.di import Provide
from litestar.static_files import create_static_files_router

from server.web import (
    analytics,
    attendance,
    authorize,
    beacon,
    checking_in,
    cookie_pages,
    display,
    erasure,
    exporting,
    files,
    kiosk,
    live,
    location,
    locations,
    log_data,
    my_privacy,
    own_work,
    paper,
    people,
    policy_pages,
    public,
    receipts,
    report_list,
    reports,
    reviewing,
    rules_page,
    screens,
    session,
    sign_in,
    today,
    versions,
)
from server.web.checklists import pages as checklists
from server.web.checklists import preview
from server.web.errors import on_impossible_name, on_no_form_cookie, on_sign_in_needed
from server.web.filing import files as filing_files
from server.web.filing import pages as filing
from server.web.hours import asks, deciding, everybody, planning, taking
from server.web.hours import own as own_time
from server.web.rendering import STATIC
from server.web.visit import provide_stores, provide_visit

_MOST_FORM_BYTES = 64 * 1024

pages = Router(
    path="/",
    route_handlers=[
        *public.routes,
        *policy_pages.routes,
        *cookie_pages.routes,
        *beacon.routes,
        *analytics.routes,
        *display.routes,
        *sign_in.routes,
        *authorize.routes,
        *today.routes,
        *live.routes,
        *exporting.routes,
        *paper.routes,
        *report_list.routes,
        *reports.routes,
        *reviewing.routes,
        *versions.routes,
        *files.routes,
        *attendance.routes,
        *people.routes,
        *locations.routes,
        *location.routes,
        *screens.routes,
        *kiosk.routes,
        *checking_in.routes,
        *checklists.routes,
        *preview.routes,
        *rules_page.routes,
        *own_work.routes,
        *my_privacy.routes,
        *erasure.routes,
        *log_data.routes,
        *own_time.routes,
        *asks.routes,
        *deciding.routes,
        *everybody.routes,
        *taking.routes,
        *planning.routes,
        *filing.routes,
        *filing_files.routes,
        *receipts.routes,
    ],
    dependencies={
        "visit": Provide(provide_visit, sync_to_thread=False),
        "visitor": Provide(session.provide_visitor, sync_to_thread=True),
        "session": Provide(session.provide_session, sync_to_thread=False),
        "form": Provide(session.provide_form),
        "at_kiosk": Provide(kiosk.provide_kiosk, sync_to_thread=True),
        "stores": Provide(provide_stores, sync_to_thread=False),
        "signed_form": Provide(session.provide_signed_form, sync_to_thread=False),
        "own_form": Provide(session.provide_own_form, sync_to_thread=False),
        "open_form": Provide(session.provide_open_form, sync_to_thread=False),
    },
    before_request=session.refuse_nul,
    exception_handlers={
        session.SignInNeededError: on_sign_in_needed,
        session.NoFormCookieError: on_no_form_cookie,
    },
    include_in_schema=False,
    request_max_body_size=_MOST_FORM_BYTES,
)


# The address of each file changes with its content (rendering.static_url), so it may be kept for a year.
static = create_static_files_router(
    path="/static",
    directories=[STATIC],
    cache_control=CacheControlHeader(public=True, max_age=31_536_000, immutable=True),
    exception_handlers={ValueError: on_impossible_name},
)

routes = [pages, static]
