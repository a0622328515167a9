"""The settings: flags win over the environment, that over `settings.toml` in the data folder, that over defaults.

The data folder also holds the secrets (`secrets/`, 0700) which `init` makes; replicas of one server share its content.
"""

import os
import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import SplitResult, unquote, urlsplit

import msgspec

from protocol.discovery import Operator
from rules.addresses import is_loopback

SETTINGS_FILE = "settings.toml"
_VISIBLE = re.compile(r"[!-~]+")
_HEADER_NAME = re.compile(r"[A-Za-z0-9-]+")
_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?/?")
_MEASUREMENT = re.compile(r"G-[A-Z0-9]{4,16}")
_ENVIRONMENT = {
    "MIRATAG_DATABASE": "database",
    "MIRATAG_MEDIA": "media",
    "MIRATAG_PUBLIC_URL": "public_url",
    "MIRATAG_LOGS_TO": "logs_to",
}
_HEADERS = "MIRATAG_LOGS_TO_HEADERS"
_ANALYTICS_SECRET = "MIRATAG_ANALYTICS_SECRET"  # noqa: S105 - the name of the variable


PLACES = (
    "A property of Google Analytics for log data of the app is measurement_id under [app_analytics]; one for the "
    "public pages is analytics_id under [pages]."
)
"""Told where one of the two stands in the wrong place."""


class SettingsError(Exception):
    """The settings do not do; the message says which and what to write instead."""


class Pages(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the operator wants of the public pages beyond showing them; each visitor is asked first, and nothing of it
    happens before they allow it. `count_visits`: count which pages are read, here. `analytics_id`: the measurement id
    of a Google Analytics property, empty for none."""

    count_visits: bool = False
    analytics_id: str = ""


class AppAnalytics(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A property of Google Analytics 4 that log data of the category third_party goes to; none while the id is empty.
    Its secret is no setting: it comes from the environment or from a file beside the other secrets."""

    measurement_id: str = ""
    endpoint: str = "https://www.google-analytics.com/mp/collect"


class Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `settings.toml` may say. URLs empty: SQLite and a folder, both in the data folder; log data kept here."""

    database: str = ""
    media: str = ""
    public_url: str = ""
    logs_to: str = ""
    app_analytics: AppAnalytics = AppAnalytics()
    operator: Operator = Operator(name="", address="", contact="")
    pages: Pages = Pages()


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What a running server needs to know. `public_url` is the origin clients use, without a slash at the end; it is
    also the issuer of tokens. `logs_to` is the whole address of an OTLP/HTTP collector, `logs_to_headers` what it asks
    for besides."""

    data: Path
    database_url: str
    media_url: str
    public_url: str
    operator: Operator
    pages: Pages = Pages()
    logs_to: str = ""
    logs_to_headers: Mapping[str, str] = {}
    app_analytics: AppAnalytics = AppAnalytics()
    analytics_secret: str = ""

    @property
    def secure(self) -> bool:
        """Whether clients come over TLS: then cookies are Secure and browsers are told to stay with TLS."""
        return self.public_url.startswith("https://")

    @property
    def token_key(self) -> Path:
        """The key that refresh tokens are derived under."""
        return token_key_path(self.data)

    @property
    def analytics_secret_file(self) -> Path:
        """Where the secret of the analytics service may be, instead of in the environment."""
        return self.data / "secrets" / "analytics.secret"

    @property
    def signing_keys(self) -> Path:
        """The folder of the private keys that receipts and policies are signed with."""
        return self.data / "secrets" / "signing"


def token_key_path(data: Path) -> Path:
    """Where `init` puts the token key."""
    return data / "secrets" / "token.key"


def load(data: Path, *, address: str, given: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """The settings of the server in `data`. `address` is the origin it listens on, `given` the flags by name. Raises
    SettingsError."""
    if not token_key_path(data).is_file():
        raise SettingsError(f"{data} holds no Miratag server. Make one with: miratag-server init --data {data}")
    return complete(data, address=address, given=given, environment=environment)


def complete(data: Path, *, address: str, given: Mapping[str, str | None], environment: Mapping[str, str]) -> Settings:
    """The same for a folder whose server is still being made."""
    written = read_file(data)
    chosen = {field: environment[name] for name, field in _ENVIRONMENT.items() if environment.get(name)}
    chosen |= {field: value for field, value in given.items() if value}
    return Settings(
        data=data,
        database_url=chosen.get("database") or written.database or f"sqlite:///{data / 'miratag.db'}",
        media_url=chosen.get("media") or written.media or str(data / "media"),
        public_url=_checked_origin(chosen.get("public_url") or written.public_url or address),
        operator=written.operator,
        pages=_checked_pages(written.pages),
        logs_to=_checked_collector(chosen.get("logs_to") or written.logs_to),
        logs_to_headers=_checked_headers(environment.get(_HEADERS, "")),
        app_analytics=_checked_analytics(written.app_analytics),
        analytics_secret=environment.get(_ANALYTICS_SECRET, ""),
    )


def read_file(data: Path) -> Written:
    """What `settings.toml` says. Raises SettingsError if it cannot be read."""
    path = data / SETTINGS_FILE
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        _check_places(read, path)
        return msgspec.convert(read, Written)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise SettingsError(f"{path} cannot be read: {error}. Correct it, or restore it from a copy.") from None


def _check_places(read: Mapping[str, Any], path: Path) -> None:
    """The two ids of Google Analytics look alike, so one that is not where it belongs is told both places."""

    def has(section: str, name: str) -> bool:
        found = read.get(section)
        return isinstance(found, dict) and name in found

    wrong = {
        "a section [analytics]": "analytics" in read,
        "measurement_id under [pages]": has("pages", "measurement_id"),
        "analytics_id under [app_analytics]": has("app_analytics", "analytics_id"),
    }
    for what, is_there in wrong.items():
        if is_there:
            raise SettingsError(f"{path} has {what}, which nothing goes by. {PLACES} Put it where it belongs.")


def write_new_file(data: Path, written: Written) -> None:
    """The file that `init` leaves for the operator to fill in."""
    kept = msgspec.to_builtins(written)
    lines = [
        "# Settings of this Miratag server. Flags and the environment (MIRATAG_DATABASE, MIRATAG_MEDIA,",
        "# MIRATAG_PUBLIC_URL, MIRATAG_LOGS_TO) win over these. Empty means: SQLite and a folder beside this file, the",
        "# address the server listens on, and log data kept here instead of passed on to an OTLP/HTTP collector.",
        *(f"{name} = {_toml_string(kept[name])}" for name in ("database", "media", "public_url", "logs_to")),
        "",
        "# Google Analytics 4, for log data of the app that people allowed for third parties, and for nothing on the",
        "# pages; off while the measurement id (G-…) is empty. Its API secret comes from MIRATAG_ANALYTICS_SECRET or",
        "# from the file secrets/analytics.secret.",
        "[app_analytics]",
        *(f"{name} = {_toml_string(value)}" for name, value in kept["app_analytics"].items()),
        "",
        "# Who runs this server; shown on its public pages and to every program that signs in.",
        "[operator]",
        *(f"{name} = {_toml_string(value)}" for name, value in kept["operator"].items()),
        "",
        "# What nobody needs to read the public pages: whether visits are counted, and the measurement id (G-…) of a",
        "# Google Analytics property for the pages. Visitors are asked first, with a notice that appears only if one",
        "# of them is set.",
        "[pages]",
        f"count_visits = {str(written.pages.count_visits).lower()}",
        f"analytics_id = {_toml_string(written.pages.analytics_id)}",
        "",
    ]
    descriptor = os.open(data / SETTINGS_FILE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))


def _toml_string(text: str) -> str:
    """A JSON string is also a TOML basic string, but for DEL, which TOML wants escaped."""
    return msgspec.json.encode(text).decode().replace("\x7f", "\\u007f")


def _checked_pages(pages: Pages) -> Pages:
    if pages.analytics_id and not _MEASUREMENT.fullmatch(pages.analytics_id):
        raise SettingsError(
            f"The analytics_id {pages.analytics_id!r} must be a measurement id like G-ABC1234567, or empty for none."
        )
    return pages


def _checked_collector(url: str) -> str:
    """The address of a collector, or empty; one without a path means OTLP's own."""
    if not url:
        return ""
    address = _checked_address(url, "The address that log data is passed on to")
    return url if address.path.strip("/") else f"{url.rstrip('/')}/v1/logs"


def _checked_analytics(analytics: AppAnalytics) -> AppAnalytics:
    if analytics.measurement_id:
        _checked_address(analytics.endpoint, "The address of the analytics service")
        if not _MEASUREMENT.fullmatch(analytics.measurement_id):
            raise SettingsError(
                f"The measurement_id {analytics.measurement_id!r} must be like G-ABC1234567, or empty for none."
            )
    return analytics


def _checked_address(url: str, what: str) -> SplitResult:
    try:
        address = urlsplit(url)
        _ = address.port
    except ValueError:
        address = urlsplit("")
    if address.scheme not in {"http", "https"} or not address.hostname or not _VISIBLE.fullmatch(url):
        raise SettingsError(f"{what} must be like https://collector.example/v1/logs.")
    if address.username or address.password or address.query or address.fragment:
        raise SettingsError(f"{what} must hold no password and no query. Give secrets with {_HEADERS}.")
    if address.scheme == "http" and not is_loopback(address.hostname):
        raise SettingsError(f"{what} would send log data unprotected to {address.hostname}. Give one with https://…")
    return address


def _checked_headers(text: str) -> dict[str, str]:
    """`name=value,name=value`, as OTEL_EXPORTER_OTLP_HEADERS has them."""
    found = {}
    for pair in text.split(",") if text else []:
        name, equals, value = pair.partition("=")
        plain = unquote(value.strip(" "))
        if not equals or not _HEADER_NAME.fullmatch(name.strip(" ")) or not (plain.isascii() and plain.isprintable()):
            raise SettingsError(f"{_HEADERS} must be like Authorization=Bearer …,X-Scope=one.")
        found[name.strip(" ")] = plain
    return found


def _checked_origin(url: str) -> str:
    match = _ORIGIN.fullmatch(url)
    if match is None:
        raise SettingsError(f"The public address {url!r} must be like https://work.example, with nothing after it.")
    if match["scheme"] == "http" and not is_loopback(match["host"].strip("[]")):
        raise SettingsError(
            f"Passwords would travel unprotected to {match['host']}. Put a TLS proxy in front and give its "
            "address with --public-url https://…"
        )
    return url.rstrip("/")
