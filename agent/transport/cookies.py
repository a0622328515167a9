"""Cookies of each account's server: only declared ones are taken, and each goes back to the host it came from only.

Session ones are in memory and end with the app. Of persistent ones the caller is told, who keeps them; where the person
blocks them they are not taken at all. Requests of log data, of third parties and of erasure bear none, so that no
cookie ties an installation to a member.
"""

import re
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

import msgspec

from agent.transport.egress import COOKIE_ROWS, EgressRow

MAX_BYTES = 4096
LONGEST_SECONDS = 400 * 24 * 3600
"""What browsers allow (RFC 6265bis)."""

_VALUE = re.compile(r'[!#-+\--:<-\[\]-~]*|"[!#-+\--:<-\[\]-~]*"', re.ASCII)


class Cookie(msgspec.Struct, frozen=True, kw_only=True):
    """One cookie; `expires` in seconds since 1970, None for one that ends with the app."""

    name: str
    host: str
    value: str
    secure: bool
    expires: float | None = None


Kept = Callable[[str, str, Cookie | None], object]
"""Account, name and the persistent cookie to keep from now on; None: none of that name is to be kept."""


class CookieJar:
    """`declared` names the cookies that are taken and whether each may be persistent. Safe from any thread."""

    def __init__(self, declared: Mapping[str, bool], *, keep: Kept, clock: Callable[[], float] = time.time) -> None:
        self._declared = declared
        self._keep = keep
        self._clock = clock
        self._lock = threading.Lock()
        self._cookies: dict[tuple[str, str], Cookie] = {}
        self._blocked: dict[str, bool] = {}
        self._refused: dict[str, int] = {}

    def load(self, account: str, cookies: Iterable[Cookie], *, blocked: bool) -> None:
        """What was kept for this account, and whether the person blocks persistent ones."""
        with self._lock:
            self._blocked[account] = blocked
            self._cookies |= {(account, one.name): one for one in cookies}

    def block(self, account: str, *, blocked: bool) -> None:
        """The person's choice; blocking deletes the persistent ones at once."""
        with self._lock:
            self._blocked[account] = blocked
            kept = [key for key, one in self._cookies.items() if key[0] == account and one.expires is not None]
            gone = kept if blocked else []
            for key in gone:
                del self._cookies[key]
        for _, name in gone:
            self._keep(account, name, None)

    def delete(self, account: str, name: str | None = None) -> None:
        """One, or all of the account."""
        with self._lock:
            gone = [key for key in self._cookies if key[0] == account and name in (None, key[1])]
            for key in gone:
                del self._cookies[key]
        for _, one in gone:
            self._keep(account, one, None)

    def list(self, account: str) -> tuple[Cookie, ...]:
        """What would be sent now, by name."""
        with self._lock:
            found = [one for (owner, _), one in self._cookies.items() if owner == account and not self._over(one)]
        return tuple(sorted(found, key=lambda one: one.name))

    def refused(self, account: str) -> int:
        """How many were sent and not taken since the app started."""
        with self._lock:
            return self._refused.get(account, 0)

    def header(self, account: str, row: EgressRow, url: str) -> str:
        """The Cookie header for a request, empty for none."""
        parts = urlsplit(url)
        own = [one for one in self.list(account) if one.host == parts.hostname] if row in COOKIE_ROWS else []
        return "; ".join(f"{one.name}={one.value}" for one in own if parts.scheme == "https" or not one.secure)

    def take(self, account: str, row: EgressRow, url: str, set_cookies: Iterable[str]) -> None:
        """What a reply sets: kept, deleted, or refused and counted."""
        for text in set_cookies:
            cookie = _read(text, urlsplit(url).hostname or "", self._clock()) if row in COOKIE_ROWS else None
            if cookie is None or not self._put(account, cookie):
                with self._lock:
                    self._refused[account] = self._refused.get(account, 0) + 1

    def _put(self, account: str, cookie: Cookie) -> bool:
        key, over = (account, cookie.name), self._over(cookie)
        with self._lock:
            may_last = self._declared.get(cookie.name)
            lasting = cookie.expires is not None and not over
            if may_last is None or (lasting and (not may_last or self._blocked.get(account, True))):
                return False
            before = self._cookies.pop(key, None)
            if not over:
                self._cookies[key] = cookie
        if lasting or (before is not None and before.expires is not None):
            self._keep(account, cookie.name, cookie if lasting else None)
        return True

    def _over(self, cookie: Cookie) -> bool:
        return cookie.expires is not None and cookie.expires <= self._clock()


def _read(text: str, host: str, now: float) -> Cookie | None:
    """A Set-Cookie header (RFC 6265, 5.2), None for one that cannot be kept: too large, with characters that have no
    place in it, or for another host or a part of one."""
    pair, *rest = text.split(";")
    name, equals, value = (one.strip() for one in pair.partition("="))
    attributes = {}
    for one in rest:
        key, _, said = one.partition("=")
        attributes[key.strip().lower()] = said.strip()
    if not equals or len(name) + len(value) > MAX_BYTES or not _VALUE.fullmatch(value):
        return None
    if attributes.get("domain", "").lstrip(".").lower() not in ("", host) or attributes.get("path", "/") != "/":
        return None
    return Cookie(name=name, host=host, value=value, secure="secure" in attributes, expires=_expires(attributes, now))


def _expires(attributes: Mapping[str, str], now: float) -> float | None:
    """Max-Age goes before Expires; what cannot be read counts as absent."""
    age = attributes.get("max-age", "")
    if re.fullmatch(r"-?[0-9]+", age, re.ASCII):
        return now + min(int(age[:12]), LONGEST_SECONDS)
    import email.utils  # brings much along, and most runs of the app never see a date here

    try:
        at = email.utils.parsedate_to_datetime(attributes.get("expires", "")).timestamp()
    except (ValueError, OverflowError):
        return None
    return min(at, now + LONGEST_SECONDS)
