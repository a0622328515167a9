"""Every cookie of the pages: what it is called, what it is for and how long it lasts. No other module makes one.

Over TLS the names have the `__Host-` prefix, which browsers accept with Secure only. On plain loopback http Secure
cannot be set, so there, and only there, they bear the name without it.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

import msgspec
from litestar.datastructures import Cookie

from server.accounts import web_sessions
from server.settings import Settings
from server.web.spans import span
from server.web.words import Words

Kind = Literal["needed", "chosen"]
"""`needed`: without it what the person asked for does not work. `chosen`: it remembers what they chose, and only
then; none of these pages' cookies is for anything else."""


class Declared(msgspec.Struct, frozen=True, kw_only=True):
    """One cookie. Without `lasts` it is gone when the browser closes."""

    stem: str
    kind: Kind
    lasts: timedelta | None = None

    def name(self, *, secure: bool) -> str:
        """What browsers know it as."""
        return f"__Host-{self.stem}" if secure else self.stem


SESSION = Declared(stem="miratag", kind="needed")
FORM = Declared(stem="miratag-form", kind="needed")
CHOICES = Declared(stem="miratag-choices", kind="chosen", lasts=timedelta(days=180))
THEME = Declared(stem="miratag-theme", kind="chosen", lasts=timedelta(days=365))
LANGUAGE = Declared(stem="miratag-language", kind="chosen", lasts=timedelta(days=365))

EVERY = (SESSION, FORM, CHOICES, THEME, LANGUAGE)
"""In the order in which they are told."""


def read(cookies: Mapping[str, str], which: Declared, settings: Settings) -> str:
    """What the browser brought, unchecked; empty if nothing."""
    return cookies.get(which.name(secure=settings.secure), "")


def bear(which: Declared, value: str, settings: Settings, *, lasting: bool = True) -> Cookie:
    """The cookie for an answer: of this host only, out of reach of scripts. One that would last is gone when the
    browser closes unless `lasting`."""
    return Cookie(
        key=which.name(secure=settings.secure),
        value=value,
        path="/",
        httponly=True,
        secure=settings.secure,
        samesite="lax",
        max_age=int(which.lasts.total_seconds()) if which.lasts is not None and lasting else None,
    )


def take_away(which: Declared, settings: Settings) -> Cookie:
    """The same, gone at once."""
    gone = bear(which, "", settings)
    gone.max_age = 0
    return gone


def purpose(words: Words, which: Declared) -> str:
    """What it is for."""
    _ = words
    return {
        SESSION: _("Keeps you signed in. It holds a random number and nothing about you."),
        FORM: _("Makes sure that a sign-in form was sent by you and not by another website. It holds a random number."),
        CHOICES: _("Remembers what you allowed and what not, so that you are not asked again."),
        THEME: _("Remembers that you chose light or dark."),
        LANGUAGE: _("Remembers the language that you chose."),
    }[which]


def when_set(words: Words, which: Declared) -> str:
    """What has to happen before it is there."""
    _ = words
    return {
        SESSION: _("Set when you sign in."),
        FORM: _("Set when you open a form to sign in."),
        CHOICES: _("Set when you allow something, refuse it, or block cookies that last."),
        THEME: _("Set when you choose light or dark."),
        LANGUAGE: _("Set when you choose a language."),
    }[which]


def lifetime(words: Words, which: Declared) -> str:
    """How long it is kept."""
    if which == SESSION:
        return words(
            "Until you sign out or close the browser; %(idle)s without use or %(absolute)s in any case.",
            idle=span(words, web_sessions.IDLE),
            absolute=span(words, web_sessions.ABSOLUTE),
        )
    if which.lasts is None:
        return words("Until you close the browser.")
    return words("%(span)s after you chose, or until you delete it.", span=span(words, which.lasts))
