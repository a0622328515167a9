"""The cookie jar: only what is declared, only to its host, never with log data."""

from email.utils import formatdate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.transport import Cookie, CookieJar, EgressRow
from agent.transport.cookies import MAX_BYTES
from agent.transport.egress import COOKIE_ROWS

URL = "https://reports.example.org/v1/me"
ANA, BEN = "server/ana", "server/ben"
NOW = 1_780_000_000.0


class Jar(CookieJar):
    """With what it gave to be kept, and a clock."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], Cookie] = {}
        self.now = NOW
        super().__init__({"language": True, "route": False}, keep=self._keep_it, clock=lambda: self.now)
        self.load(ANA, (), blocked=False)

    def _keep_it(self, account: str, name: str, cookie: Cookie | None) -> None:
        self.kept.pop((account, name), None)
        if cookie is not None:
            self.kept[account, name] = cookie

    def hear(self, *set_cookies: str, account: str = ANA, row: EgressRow = EgressRow.SYNC, url: str = URL) -> None:
        self.take(account, row, url, set_cookies)

    def names(self, account: str = ANA) -> list[str]:
        return [one.name for one in self.list(account)]


def test_a_declared_session_cookie_lives_in_memory() -> None:
    jar = Jar()
    jar.hear("route=a1; Path=/; HttpOnly; Secure; SameSite=Lax", "language=ar")
    assert jar.header(ANA, EgressRow.SYNC, URL) == "language=ar; route=a1"
    assert jar.kept == {}
    assert jar.refused(ANA) == 0


def test_a_persistent_one_is_kept_until_its_end() -> None:
    jar = Jar()
    jar.hear("language=ar; Max-Age=3600")
    assert jar.kept[ANA, "language"].expires == NOW + 3600
    jar.hear(f"language=de; Expires={formatdate(NOW + 60, usegmt=True)}")
    assert jar.header(ANA, EgressRow.SYNC, URL) == "language=de"
    jar.now += 61
    assert jar.header(ANA, EgressRow.SYNC, URL) == ""
    assert jar.names() == []


def test_the_server_takes_its_own_away() -> None:
    jar = Jar()
    jar.hear("language=ar; Max-Age=3600", "route=a1")
    jar.hear("language=; Max-Age=0", "route=; Expires=Thu, 01 Jan 1970 00:00:00 GMT")
    assert (jar.names(), jar.kept, jar.refused(ANA)) == ([], {}, 0)


@pytest.mark.parametrize(
    "text",
    [
        "tracker=1",
        "tracker=1; Max-Age=99999",
        "Language=ar",
        "route=a1; Max-Age=60",
        "language=ar; Domain=example.org",
        "language=ar; Domain=other.example",
        "language=ar; Path=/v1/other",
        "language=a b",
        'language=a"b',
        "language=a\x00b",
        "language=é",
        f"language={'x' * MAX_BYTES}",
        "language",
        "",
        ";",
    ],
)
def test_what_is_not_declared_is_refused_and_counted(text: str) -> None:
    jar = Jar()
    jar.hear(text)
    assert (jar.names(), jar.kept, jar.refused(ANA)) == ([], {}, 1)


def test_where_the_person_blocks_persistent_ones_the_session_ones_work_on() -> None:
    jar = Jar()
    jar.hear("language=ar; Max-Age=3600", "route=a1")
    jar.block(ANA, blocked=True)
    assert (jar.names(), jar.kept) == (["route"], {})
    jar.hear("language=ar; Max-Age=3600")
    assert (jar.names(), jar.refused(ANA)) == (["route"], 1)
    jar.block(ANA, blocked=False)
    jar.hear("language=ar; Max-Age=3600")
    assert jar.names() == ["language", "route"]
    jar.hear("language=ar; Max-Age=3600", account=BEN)
    assert jar.names(BEN) == [], "blocked until the person allows it"


def test_one_or_all_are_deleted() -> None:
    jar = Jar()
    jar.hear("language=ar; Max-Age=3600", "route=a1")
    jar.delete(ANA, "language")
    assert (jar.names(), jar.kept) == (["route"], {})
    jar.delete(ANA)
    assert jar.names() == []


def test_each_account_host_and_scheme_has_its_own() -> None:
    jar = Jar()
    jar.hear("route=a1; Secure")
    assert jar.header(BEN, EgressRow.SYNC, URL) == ""
    assert jar.header(ANA, EgressRow.SYNC, "https://other.example/v1/me") == ""
    assert jar.header(ANA, EgressRow.SYNC, "http://reports.example.org/v1/me") == ""
    assert jar.header(ANA, EgressRow.MEDIA, "https://reports.example.org/media/1") == "route=a1"


def test_what_bears_an_installation_bears_no_cookie() -> None:
    jar = Jar()
    jar.hear("route=a1")
    for row in EgressRow:
        assert bool(jar.header(ANA, row, URL)) == (row in COOKIE_ROWS)
        jar.hear("language=ar", row=row)
    assert {EgressRow.LOG_DATA, EgressRow.THIRD_PARTY, EgressRow.ERASURE}.isdisjoint(COOKIE_ROWS)
    assert jar.refused(ANA) == len(EgressRow) - len(COOKIE_ROWS)


def test_a_lasting_one_lasts_no_longer_than_in_a_browser() -> None:
    jar = Jar()
    jar.hear("language=ar; Max-Age=99999999999999999999")
    assert jar.kept[ANA, "language"].expires == NOW + 400 * 86400
    jar.hear("language=ar; Expires=Fri, 31 Dec 9999 23:59:59 GMT")
    assert jar.kept[ANA, "language"].expires == NOW + 400 * 86400


@given(st.lists(st.text(max_size=60), max_size=4))
def test_anything_may_come(texts: list[str]) -> None:
    jar = Jar()
    jar.hear(*texts, *(f"language={one}; expires={one}; max-age={one}" for one in texts))
    header = jar.header(ANA, EgressRow.SYNC, URL)
    assert header.isascii()
    assert header.isprintable()
    assert set(jar.names()) <= {"language"}
