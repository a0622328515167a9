"""Which files a browser may show."""

import pytest

from server.web.files import _headers, shown_inline


@pytest.mark.parametrize("content_type", ["image/jpeg", "IMAGE/PNG", "image/webp; charset=binary", "image/gif"])
def test_pictures_are_shown(content_type: str) -> None:
    assert shown_inline(content_type)
    assert _headers(content_type, 1, "a")["Content-Disposition"].startswith("inline;")


@pytest.mark.parametrize(
    "content_type", ["image/svg+xml", "text/html", "application/pdf", "application/xhtml+xml", "", "video/mp4", "x/y"]
)
def test_everything_else_is_saved(content_type: str) -> None:
    headers = _headers(content_type, 1, "a")
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment;")


def test_a_name_cannot_add_a_header() -> None:
    disposition = _headers("image/png", 1, 'a"\r\nSet-Cookie: b=c; é')["Content-Disposition"]
    assert "\r" not in disposition
    assert "\n" not in disposition
    assert '"' not in disposition
    assert disposition.isascii()


def test_nothing_runs_in_it() -> None:
    headers = _headers("image/png", 1, "a")
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
