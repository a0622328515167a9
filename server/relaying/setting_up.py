"""What the operator set up: whom log data is passed on to, and what people are told of that."""

from pathlib import Path
from urllib.parse import urlsplit

import msgspec

from protocol.discovery import ThirdParty
from rules.sentence import Sentence
from server.accounts.minting import Mint
from server.relaying.destinations import Collector, GoogleAnalytics, Receiver
from server.relaying.queue import Destination
from server.settings import PLACES, Settings, SettingsError

_CLIENT = "client id for a third party"


class Routes(msgspec.Struct, frozen=True, kw_only=True):
    """Who gets what, by the name that people are told; empty: nobody. Without a collector diagnostics and usage are
    kept here; without a third party nothing of that category is taken at all."""

    collector: str = ""
    third_party: str = ""

    def of(self, category: str) -> Destination | None:
        """Where records of a category are passed on to, None where they are kept."""
        if category == "third_party":
            return "third_party"
        return "collector" if self.collector else None

    def name_of(self, destination: str) -> str:
        """What people are told; what is no longer set up has its kind for a name."""
        return {"collector": self.collector, "third_party": self.third_party}.get(destination, "") or destination


def routes_of(settings: Settings) -> Routes:
    """Whom records go to. Raises SettingsError where a secret cannot be read."""
    return Routes(
        collector=urlsplit(settings.logs_to).netloc if settings.logs_to else "",
        third_party=GoogleAnalytics.name if _secret(settings) else "",
    )


def check(settings: Settings) -> None:
    """Raises SettingsError for a third party that is named and can be told nothing."""
    if settings.app_analytics.measurement_id and not _secret(settings):
        raise SettingsError(
            "The measurement_id under [app_analytics] has no API secret. Give it with MIRATAG_ANALYTICS_SECRET or in "
            f"{settings.analytics_secret_file}, or empty the id. {PLACES}"
        )


def receivers_of(settings: Settings, mint: Mint) -> tuple[Receiver, ...]:
    """Them, ready to be sent to."""
    found: list[Receiver] = []
    if settings.logs_to:
        found.append(Collector(settings.logs_to, settings.logs_to_headers))
    if secret := _secret(settings):
        analytics = settings.app_analytics
        found.append(
            GoogleAnalytics(analytics.endpoint, analytics.measurement_id, secret, lambda one: mint.derive(_CLIENT, one))
        )
    return tuple(found)


_RECEIVED = Sentence(
    "Names and numbers of the events that you allowed, under a random-looking id of its own. Not your name, "
    "your organization, your address, or the time."
)
"""A Sentence, so that the public pages have it in their languages."""


def third_parties(settings: Settings) -> tuple[ThirdParty, ...]:
    """Whom log data of the category third_party goes to, for whoever is to decide about it; nobody where none is."""
    if not _secret(settings):
        return ()
    told = ThirdParty(
        name=GoogleAnalytics.name,
        host=urlsplit(settings.app_analytics.endpoint).netloc,
        purpose="Counts of how the app is used, to compare them with other measures of the operator.",
        receives=str(_RECEIVED),
    )
    return (told,)


def _secret(settings: Settings) -> str:
    """Empty where no third party is set up."""
    if not settings.app_analytics.measurement_id:
        return ""
    return settings.analytics_secret or _read(settings.analytics_secret_file)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8").strip() if path.is_file() else ""
