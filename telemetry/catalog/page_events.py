"""The events that the server's public pages count, in visitors that allowed it. Nothing else of a visit is kept."""

import datetime
from typing import Annotated, Literal

from telemetry.catalog.declaration import Event, Plain, Whole, declare, index

PageKind = Literal[
    "home", "privacy", "policy", "cookies", "contact", "display", "sign_in", "enrol", "cookies_off", "error"
]
_SERVER_TEAM = "server team"
_NEXT_REVIEW = datetime.date(2028, 1, 1)


@declare(
    name="page.viewed",
    version=1,
    category="usage",
    purpose="See which public pages are read, and whether they have to work without scripts.",
    owner=_SERVER_TEAM,
    retention_days=90,
    expires=_NEXT_REVIEW,
)
class PageViewed(Event, frozen=True, kw_only=True):
    """A public page was shown to somebody who is not signed in; `scripts` is whether their browser runs any."""

    page: Annotated[PageKind, Plain(sensitivity="interaction")]
    scripts: bool


@declare(
    name="page.timing",
    version=1,
    category="usage",
    purpose="See whether the public pages come fast enough on slow lines.",
    owner=_SERVER_TEAM,
    retention_days=90,
    expires=_NEXT_REVIEW,
)
class PageTiming(Event, frozen=True, kw_only=True):
    """How long such a page took to load; `load_ms` is rounded to a power of two."""

    page: Annotated[PageKind, Plain(sensitivity="interaction")]
    load_ms: Annotated[int, Whole(max=60_000, bucket=True)]


PAGE_EVENTS = index(PageViewed, PageTiming)
"""Every one of them by name. The app records none of these, and the pages none of `EVENTS`."""
