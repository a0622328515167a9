"""The operator's analytics tag, in a frame of its own that can reach nothing of ours.

A script of a third party on a page could read all that the page's origin shows, also what a later sign-in in another
tab shows. So it stands in a sandboxed frame without an origin: no cookies, no storage, no look at the page around it.
The page's own policy stays what it is; only the frame's names the hosts of the tag (docs/decisions/011).
"""

from typing import Any
from urllib.parse import quote

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromQuery

from server.accounts.rights import not_found
from server.settings import Settings
from server.web.optional import TAGGED, may_tag
from server.web.rendering import page as rendered
from server.web.session import WebRequest

PATH = "/analytics"
TAG = "https://www.googletagmanager.com/gtag/js"
_COLLECTORS = "https://*.google-analytics.com https://*.analytics.google.com https://www.googletagmanager.com"
POLICY = (
    f"default-src 'none'; script-src 'self' https://www.googletagmanager.com; connect-src {_COLLECTORS}; "
    f"img-src {_COLLECTORS}; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox allow-scripts"
)
"""What https://developers.google.com/tag-platform/security/guides/csp asks for, and the sandbox."""

_ADDRESSES = {"home": "", "policy": "privacy/policy"}
"""Of pages whose kind is not their address; of a version of the policy it is not told which."""


@get(PATH, sync_to_thread=False)
def tag(request: WebRequest, settings: NamedDependency[Settings], page: FromQuery[str]) -> Response[Any]:
    """The frame, for visitors that allowed it; for all others there is nothing here."""
    if page not in TAGGED or not may_tag(request.cookies, request.headers, settings):
        raise not_found("page")
    measurement = settings.pages.analytics_id
    return rendered(
        request,
        "analytics.html",
        policy=POLICY,
        script=f"{TAG}?id={quote(measurement)}",
        measurement=measurement,
        address=f"{settings.public_url}/{_ADDRESSES.get(page, page)}",
        page=page,
    )


routes = [tag]
