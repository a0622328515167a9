"""What anyone may read."""

import re
from collections.abc import Callable
from datetime import timedelta

import msgspec
import pytest

from agent.transport.egress import EgressRow
from server.policy_texts import publishing
from server.settings import Pages
from server.web.public import connection_lines, party_lines
from server.web.words import words_for
from tests.integration.web.conftest import Browser, House
from ui import wording

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
    unused = {EgressRow.UPDATES}
    names = [one.name for one in connection_lines(words_for("en"))]
    assert names == [wording.connection(row) for row in EgressRow if row not in unused], "as the app has them"


def _publish(house: House, *texts: tuple[str, str]) -> None:
    """Versions of the policy, one after the other, each in force at once."""
    for text, changes in texts:
        now = house.filled.database.now()
        publishing.publish(house.filled.database, title="Privacy policy", text=text, effective=now, changes=changes)


def test_the_policy_stands_on_the_privacy_page_with_its_version_and_those_before(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    browser = open_browser(None)
    assert "# Who decides" not in browser.get("/privacy").text
    assert "Version 1, from" in browser.get("/privacy").text
    _publish(house, ("# Photos\n\nWe keep photos for ten days.", "Photos are kept shorter."))
    text = browser.get("/privacy").text
    assert "Version 2, from" in text
    assert '<h3 dir="auto">Photos</h3>' in text
    assert "We keep photos for ten days." in text
    assert 'href="/privacy/policy/1"' in text
    assert 'href="/privacy/policy/2?changes=1"' in text


def test_a_version_that_comes_is_announced_and_does_not_hold(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    later = house.filled.database.now() + timedelta(days=30)
    publishing.publish(
        house.filled.database, title="Privacy policy", text="Soon.", effective=later, changes="Everything <b>new</b>."
    )
    browser = open_browser(None)
    text = browser.get("/privacy").text
    assert "A new privacy policy holds from" in text
    assert "Everything &lt;b&gt;new&lt;/b&gt;." in text
    assert "Version 1, from" in text
    assert "Does not hold yet" in browser.get("/privacy/policy/2").text


def test_each_version_is_read_by_itself_and_with_what_is_different(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    _publish(house, ("Kept for ten days.\n\nNobody else.", "First."), ("Kept for five days.", "Shorter."))
    browser = open_browser(None)
    plain = browser.get("/privacy/policy/3").text
    assert "Holds now" in plain
    assert "<ins>" not in plain
    compared = browser.get("/privacy/policy/3?changes=1").text
    assert re.search(r"<del>.*?ten.*?</del>", compared, re.DOTALL)
    assert re.search(r"<ins>.*?five.*?</ins>", compared, re.DOTALL)
    assert re.search(r"<del>.*?Nobody else\..*?</del>", compared, re.DOTALL)
    assert "Does not hold any more" in browser.get("/privacy/policy/2").text
    for unknown in ("0", "9", "-1", "99999999999999999999", "x"):
        assert browser.get(f"/privacy/policy/{unknown}").status_code == 404, unknown


def test_who_else_is_involved_is_what_the_settings_say(house: House) -> None:
    settings, words = house.filled.settings, words_for("en")
    assert party_lines(words, settings) == []
    away = msgspec.structs.replace(settings, media_url="s3://bucket/x", pages=Pages(analytics_id="G-ABC1234567"))
    assert [one.name for one in party_lines(words, away)] == ["A store that speaks S3", "Google Analytics"]
    relayed = msgspec.structs.replace(settings, logs_to="https://logs.example.invalid/v1/logs")
    assert [one.name for one in party_lines(words, relayed)] == ["logs.example.invalid"]


def test_contact_names_the_admins_to_members_only(house: House, open_browser: Callable[..., Browser]) -> None:
    asked = open_browser(None).get("/contact").text
    assert house.admin.email not in asked
    assert "Example Services Ltd" in asked
    told = open_browser(house.ana).get("/contact").text
    assert f'href="mailto:{house.admin.email}"' in told
    assert house.manager.email not in told
    assert house.admin.email not in open_browser(house.stranger).get("/contact").text


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
