"""What anyone may read."""

import re
from collections.abc import Callable

import pytest

from agent.transport.egress import EgressRow
from server.web.public import connection_lines
from server.web.words import words_for
from tests.integration.web.conftest import Browser

PUBLIC = ("/", "/privacy", "/cookies", "/contact", "/display", "/sign-in", "/enrol")


@pytest.mark.parametrize("path", PUBLIC)
def test_public_pages_open_and_lock_everything_else_out(open_browser: Callable[..., Browser], path: str) -> None:
    answer = open_browser(None).get(path)
    assert answer.status_code == 200
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert re.search(r'(?:src|href)="(?:https?:)?//', answer.text) is None
    assert '<html lang="en" dir="ltr">' in answer.text


@pytest.mark.parametrize("path", ["/", "/privacy", "/contact"])
def test_the_operator_is_named(open_browser: Callable[..., Browser], path: str) -> None:
    text = open_browser(None).get(path).text
    assert "Example Services Ltd" in text
    assert "mailto:help@example.invalid" in text


def test_the_privacy_page_has_a_line_for_each_row_of_the_egress_table_that_this_version_uses() -> None:
    unused = {EgressRow.THIRD_PARTY, EgressRow.ERASURE, EgressRow.UPDATES}
    assert len(connection_lines(words_for("en"))) == len(set(EgressRow) - unused)


def test_static_files_may_be_kept_because_their_address_changes(open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(None)
    address = re.search(r'href="(/static/miratag.css\?v=[0-9a-f]{12})"', browser.get("/").text)
    assert address is not None
    answer = browser.get(address[1])
    assert answer.status_code == 200
    assert "immutable" in answer.headers["cache-control"]
    assert answer.headers["content-type"].startswith("text/css")


def test_an_unknown_address_says_so_in_words(open_browser: Callable[..., Browser]) -> None:
    answer = open_browser(None).get("/nothing/here")
    assert answer.status_code == 404
    assert "<h1>Nothing here</h1>" in answer.text
    assert "Traceback" not in answer.text
