"""The registry of cookies: nothing else makes one, and what it makes is bound as it says."""

import re
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

import server
from server.settings import Settings, complete
from server.web import cookies
from server.web.choices import Choices, choices_of, keep, shown_of
from server.web.words import words_for

WORDS = words_for("en")


@pytest.fixture(params=[True, False])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Of a server behind TLS, and of one on loopback."""
    (tmp_path / "settings.toml").write_text("")
    origin = "https://work.example.invalid" if request.param else "http://127.0.0.1:8710"
    return complete(tmp_path, address=origin, given={}, environment={})


def test_no_other_module_makes_a_cookie() -> None:
    folder = Path(server.__file__).parent
    making = re.compile(r"\bCookie\(|set_cookie\(|delete_cookie\(|[Ss]et-[Cc]ookie|document\.cookie")
    sources = [path for path in folder.rglob("*") if path.suffix in {".py", ".js", ".html"}]
    assert len(sources) > 200
    found = {path.relative_to(folder).as_posix() for path in sources if making.search(path.read_text("utf-8"))}
    assert found == {"web/cookies.py"}


@pytest.mark.parametrize("which", cookies.EVERY, ids=lambda one: one.stem)
def test_each_cookie_is_bound_to_the_host_and_out_of_reach_of_scripts(
    which: cookies.Declared, settings: Settings
) -> None:
    made = cookies.bear(which, "value", settings)
    assert made.key.startswith("__Host-") == settings.secure == bool(made.secure)
    assert (made.path, made.httponly, made.samesite, made.domain) == ("/", True, "lax", None)
    assert cookies.take_away(which, settings).max_age == 0
    assert which.lasts is None or timedelta(days=1) < which.lasts <= timedelta(days=365)


@pytest.mark.parametrize("which", cookies.EVERY, ids=lambda one: one.stem)
def test_each_cookie_has_its_words(which: cookies.Declared) -> None:
    assert all(told(WORDS, which) for told in (cookies.purpose, cookies.when_set, cookies.lifetime))


@given(
    st.builds(
        Choices,
        visits=st.none() | st.booleans(),
        analytics=st.none() | st.booleans(),
        lasting=st.booleans(),
    )
)
def test_choices_come_back_from_the_cookie(chosen: Choices) -> None:
    assert Choices.read(chosen.encoded()) == chosen


@given(st.text())
def test_whatever_else_stands_in_the_cookie_chooses_nothing(text: str) -> None:
    if re.search(r":(yes|no)", text) is None:
        assert Choices.read(text) == Choices()


def test_blocked_cookies_go_with_the_window_and_nothing_is_set_that_was_not_chosen(settings: Settings) -> None:
    assert keep({}, settings, Choices(), shown_of({}, settings)) == []
    theme = cookies.THEME.name(secure=settings.secure)
    shown = shown_of({theme: "dark"}, settings)
    lasting = keep({}, settings, Choices(), shown)
    assert [(one.key, one.value, one.max_age) for one in lasting] == [(theme, "dark", 365 * 86400)]
    blocked = keep({theme: "dark"}, settings, Choices(lasting=False), shown)
    assert {one.value: one.max_age for one in blocked} == {"lasting:no": None, "dark": None}
    brought = {one.key: str(one.value) for one in blocked}
    assert choices_of(brought, settings) == Choices(lasting=False)
    back = keep(brought, settings, Choices(), msgspec.structs.replace(shown, theme=""))
    assert {one.key: one.max_age for one in back} == dict.fromkeys(brought, 0)


def test_a_theme_or_language_that_is_not_offered_is_not_chosen(settings: Settings) -> None:
    brought = {
        cookies.THEME.name(secure=settings.secure): "sepia",
        cookies.LANGUAGE.name(secure=settings.secure): "../../etc",
    }
    assert shown_of(brought, settings) == shown_of({}, settings)
