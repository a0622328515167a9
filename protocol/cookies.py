"""The cookies that a server may set to the app. The app keeps none of any other name, and none is ever a credential."""

from collections.abc import Mapping

import msgspec


class DeclaredCookie(msgspec.Struct, frozen=True):
    """What it is for, and whether it may outlast the app's run; a person can block those that do."""

    purpose: str
    lasting: bool


APP_COOKIES: Mapping[str, DeclaredCookie] = {
    "miratag-language": DeclaredCookie("Remembers the language in which the server words what it says.", True),
    "miratag-route": DeclaredCookie("Leads to the same one of the server's machines while the app runs.", False),
}
