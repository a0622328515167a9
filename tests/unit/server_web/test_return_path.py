"""After signing in, a browser goes nowhere but here."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.web.session import local_path

HERE = "https://work.example.invalid"


@pytest.mark.parametrize("path", ["/", "/today", "/oauth/authorize?client_id=a&state=b%20c", "/reports?text=%C3%A9"])
def test_paths_of_this_server_are_kept(path: str) -> None:
    assert local_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "today",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "https://evil.example/",
        "/\t/evil.example",
        "/\n/evil.example",
        "javascript:alert(1)",
        "/" + "a" * 3000,
        "/é",
        " /today",
    ],
)
def test_everything_else_is_dropped(path: str) -> None:
    assert local_path(path) == ""


@given(st.text(alphabet=st.sampled_from("/\\:@.?#%e vil\t\n\r\0"), max_size=20))
def test_no_mixture_leads_away(path: str) -> None:
    kept = local_path(path)
    assert not kept or urlsplit(urljoin(HERE, kept)).netloc == urlsplit(HERE).netloc
