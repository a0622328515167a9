"""What nobody needs to read these pages, and what decides about it: the operator, the browser, and its person.

All of it is about public pages and people who are not signed in: no page of work is counted or shown to a third party,
and nobody is asked about it at work.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

from server.settings import Settings
from server.web import cookies
from server.web.choices import Choices, choices_of
from telemetry.catalog.page_events import PageKind

Which = Literal["visits", "analytics"]
Refusal = Literal["", "gpc", "dnt"]

_KINDS: Mapping[str, PageKind] = {
    "home.html": "home",
    "privacy.html": "privacy",
    "policy.html": "policy",
    "cookies.html": "cookies",
    "contact.html": "contact",
    "display.html": "display",
    "sign_in.html": "sign_in",
    "enrol.html": "enrol",
    "cookies_off.html": "cookies_off",
    "error.html": "error",
}
TAGGED: tuple[PageKind, ...] = ("home", "privacy", "policy", "cookies", "contact")
"""Those that may load the tag of a third party: none with a field for a password, and none whose address tells."""


class Standing(msgspec.Struct, frozen=True, kw_only=True):
    """Where one browser stands: `offered` by the operator, `choices` of the person, and `refusal` if the browser
    itself asks not to be tracked (Global Privacy Control, Do Not Track), which nothing here overrides."""

    offered: tuple[Which, ...]
    choices: Choices
    refusal: Refusal

    def allows(self, which: Which) -> bool:
        """Whether it happens: all three say yes."""
        return which in self.offered and getattr(self.choices, which) is True and not self.refusal

    @property
    def asks(self) -> bool:
        """Whether there is anything to ask that was not answered."""
        return not self.refusal and any(getattr(self.choices, which) is None for which in self.offered)


class Beside(msgspec.Struct, frozen=True, kw_only=True):
    """What stands on a page beside what it is for: the question (`ask`: about these), that it is counted (`visits`: as
    which page), the frame of the tag (`analytics`: of which page)."""

    ask: tuple[Which, ...] = ()
    visits: str = ""
    analytics: str = ""


def standing_of(brought: Mapping[str, str], headers: Mapping[str, str], settings: Settings) -> Standing:
    """By the cookies and headers of a request."""
    offered: list[Which] = ["visits"] if settings.pages.count_visits else []
    if settings.pages.analytics_id:
        offered.append("analytics")
    refusal: Refusal = "gpc" if headers.get("sec-gpc") == "1" else "dnt" if headers.get("dnt") == "1" else ""
    return Standing(offered=tuple(offered), choices=choices_of(brought, settings), refusal=refusal)


def may_count(brought: Mapping[str, str], headers: Mapping[str, str], settings: Settings) -> bool:
    """Whether a visit may be counted."""
    return _is_public(brought, settings) and standing_of(brought, headers, settings).allows("visits")


def may_tag(brought: Mapping[str, str], headers: Mapping[str, str], settings: Settings) -> bool:
    """Whether the third party's tag may be loaded."""
    return _is_public(brought, settings) and standing_of(brought, headers, settings).allows("analytics")


def beside(template: str, brought: Mapping[str, str], headers: Mapping[str, str], settings: Settings) -> Beside:
    """What stands beside a page made from `template`; nothing unless it is a public one, and nobody is signed in."""
    kind = _KINDS.get(template)
    if kind is None or not _is_public(brought, settings):
        return Beside()
    standing = standing_of(brought, headers, settings)
    return Beside(
        ask=standing.offered if standing.asks and kind != "cookies" else (),
        visits=kind if standing.allows("visits") else "",
        analytics=kind if standing.allows("analytics") and kind in TAGGED else "",
    )


def _is_public(brought: Mapping[str, str], settings: Settings) -> bool:
    """The cookie decides, not whether its sign-in still stands: it would travel with what is reported."""
    return not cookies.read(brought, cookies.SESSION, settings)
