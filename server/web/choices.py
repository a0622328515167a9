"""What a browser's person allowed on the pages, and how they want them shown: read from cookies that only they set."""

import re
from collections.abc import Mapping
from typing import Literal

import msgspec
from litestar.datastructures import Cookie

from server.settings import Settings
from server.web import cookies
from server.web.words import languages

Theme = Literal["", "light", "dark"]
"""Empty: as the system is."""
_PAIR = re.compile(r"([a-z]+):(yes|no)")


class Choices(msgspec.Struct, frozen=True, kw_only=True):
    """One browser's answers. `visits` and `analytics`: whether visits may be counted, and the operator's analytics
    service told of them; None where that was not answered. `lasting`: whether cookies may outlive the window."""

    visits: bool | None = None
    analytics: bool | None = None
    lasting: bool = True

    @classmethod
    def read(cls, text: str) -> "Choices":
        """From the cookie; what it does not say, or not in our words, was not chosen."""
        said = {name: value == "yes" for name, value in _PAIR.findall(text)}
        return cls(**{name: said[name] for name in cls.__struct_fields__ if name in said})

    def encoded(self) -> str:
        """For the cookie; empty when nothing was chosen."""
        untold = Choices()
        said = {name: getattr(self, name) for name in self.__struct_fields__}
        return "|".join(
            f"{name}:{'yes' if value else 'no'}" for name, value in said.items() if value != getattr(untold, name)
        )


class Shown(msgspec.Struct, frozen=True):
    """How somebody wants the pages: `language` is a BCP 47 tag, empty for what the browser asks for."""

    theme: Theme = ""
    language: str = ""


def choices_of(brought: Mapping[str, str], settings: Settings) -> Choices:
    """What the person chose, from the cookies of a request."""
    return Choices.read(cookies.read(brought, cookies.CHOICES, settings))


def shown_of(brought: Mapping[str, str], settings: Settings) -> Shown:
    """How the person wants the pages, from the cookies of a request; what is not offered here is not chosen."""
    theme = cookies.read(brought, cookies.THEME, settings)
    language = cookies.read(brought, cookies.LANGUAGE, settings)
    return Shown(
        theme="light" if theme == "light" else "dark" if theme == "dark" else "",
        language=language if language in languages() else "",
    )


def keep(brought: Mapping[str, str], settings: Settings, choices: Choices, shown: Shown) -> list[Cookie]:
    """The cookies that say this, and those of `brought` taken away that would say otherwise."""
    wanted = ((cookies.CHOICES, choices.encoded()), (cookies.THEME, shown.theme), (cookies.LANGUAGE, shown.language))
    said = [cookies.bear(which, value, settings, lasting=choices.lasting) for which, value in wanted if value]
    unsaid = [which for which, value in wanted if not value and cookies.read(brought, which, settings)]
    return [*said, *(cookies.take_away(which, settings) for which in unsaid)]
