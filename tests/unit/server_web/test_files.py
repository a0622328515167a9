"""Which files a browser may show."""

import pytest

from server.web.files import _headers, kind_of


@pytest.mark.parametrize("content_type", ["image/jpeg", "IMAGE/PNG", "image/webp; charset=binary", "image/gif"])
def test_pictures_are_shown(content_type: str) -> None:
    assert kind_of(content_type) == "picture"
    assert _headers(content_type, "a")["Content-Disposition"].startswith("inline;")


@pytest.mark.parametrize("content_type", ["video/mp4", "video/webm", "VIDEO/QuickTime"])
def test_films_play_on_our_pages_and_are_saved_by_themselves(content_type: str) -> None:
    headers = _headers(content_type, "a")
    assert kind_of(content_type) == "film"
    assert headers["Content-Type"] == content_type.lower()
    assert headers["Content-Disposition"].startswith("attachment;")
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; sandbox;")


def test_what_browsers_cannot_show_is_shown_as_a_jpeg_and_saved_as_it_is() -> None:
    assert kind_of("image/heic") == "picture"
    assert _headers("image/heic", "a")["Content-Disposition"].startswith("attachment;")


@pytest.mark.parametrize(
    "content_type",
    ["image/svg+xml", "text/html", "application/pdf", "application/xhtml+xml", "", "video/x-msvideo", "x/y"],
)
def test_everything_else_is_saved(content_type: str) -> None:
    headers = _headers(content_type, "a")
    assert kind_of(content_type) == "file"
    assert headers["Content-Type"] == "application/octet-stream"
    assert headers["Content-Disposition"].startswith("attachment;")


def test_a_name_cannot_add_a_header() -> None:
    disposition = _headers("image/png", 'a"\r\nSet-Cookie: b=c; é')["Content-Disposition"]
    assert "\r" not in disposition
    assert "\n" not in disposition
    assert '"' not in disposition
    assert disposition.isascii()


def test_nothing_runs_in_it() -> None:
    headers = _headers("image/png", "a")
    assert "sandbox" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
