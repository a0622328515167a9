"""Nobody reads beyond their care, and nobody learns from the answer whether there was something to read."""

from collections.abc import Callable

import pytest
from litestar.routes import HTTPRoute
from uuid6 import uuid7

from server.application import create_application
from tests.integration.web.conftest import Browser, House

MANAGER_PAGES = ("/today", "/reports", "/attendance")
ADMIN_PAGES = ("/people", "/locations")


def _same_but_for(one: str, other: str, first: str, second: str) -> bool:
    return one.replace(first, "") == other.replace(second, "")


def test_another_groups_and_another_organizations_work_is_as_if_it_did_not_exist(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    browser, nothing = open_browser(house.manager), str(uuid7())
    reference = browser.get(f"/reports/{nothing}")
    assert reference.status_code == 404
    missing_file = browser.get(f"/media/{nothing}")
    for person in (house.jonas, house.stranger):
        photo = house.filled.file(person, b"secret picture", "a.jpg", "image/jpeg")
        instance_id, _ = house.filled.report(person, f"Secret of {person.name}", files=(photo,))
        answer = browser.get(f"/reports/{instance_id}")
        assert answer.status_code == 404
        assert _same_but_for(answer.text, reference.text, instance_id, nothing)
        media = browser.get(f"/media/{photo.media_id}")
        assert media.status_code == 404
        assert _same_but_for(media.text, missing_file.text, photo.media_id, nothing)
        for path in (*MANAGER_PAGES, f"/reports?member={person.actor.member_id}", "/reports?text=Secret"):
            page = browser.get(path).text
            assert "Secret of" not in page
            assert person.name not in page


def test_attendance_of_others_is_not_there(house: House, open_browser: Callable[..., Browser]) -> None:
    house.filled.attend(house.jonas, "check_in", note="behind the yard")
    house.filled.attend(house.stranger, "check_in", note="other company")
    browser = open_browser(house.manager)
    for path in ("/today", "/attendance"):
        page = browser.get(path).text
        assert "behind the yard" not in page
        assert "other company" not in page


def test_a_worker_has_their_own_pages_only(house: House, open_browser: Callable[..., Browser]) -> None:
    instance_id, _ = house.filled.report(house.jonas, "Of Jonas")
    browser = open_browser(house.ana)
    for path in (*MANAGER_PAGES, *ADMIN_PAGES, f"/people/{house.jonas.actor.member_id}", f"/reports/{instance_id}"):
        assert browser.get(path).status_code == 404, path
    page = browser.get("/me").text
    assert "/people" not in page
    assert "Of Jonas" not in page


def test_a_manager_manages_no_people(house: House, open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(house.manager)
    for path in (*ADMIN_PAGES, f"/people/{house.ana.actor.member_id}"):
        assert browser.get(path).status_code == 404, path


def test_an_admin_finds_nobody_of_another_organization(house: House, open_browser: Callable[..., Browser]) -> None:
    browser = open_browser(house.admin)
    stranger = house.stranger.actor.member_id
    assert browser.get(f"/people/{stranger}").status_code == 404
    token = browser.get("/people").text.split('name="csrf" value="')[1].split('"')[0]
    for action in ("active", "groups", "role", "grants", "enrolment"):
        answer = browser.post(
            f"/people/{stranger}/{action}",
            data={"csrf": token, "active": "no", "role": "admin", "what": "everything:"},
        )
        assert answer.status_code == 404, action
    assert house.stranger.name not in browser.get("/people").text


def _posts(house: House) -> list[str]:
    application = create_application(house.filled.settings)
    paths = {
        route.path
        for route in application.routes
        if isinstance(route, HTTPRoute) and "POST" in route.methods and not route.path.startswith(("/v1", "/oauth/t"))
    }
    # Answered in JSON: test_filing_files. Not a session's but a token's own, in the address: test_screens. No form, and
    # for nobody who is signed in: test_choices.
    other = {"/oauth/revoke", "/me/files", "/beacon.gif"}
    return sorted(path for path in paths - other if not path.startswith("/kiosk/"))


def test_every_form_wants_its_token_and_changes_nothing_without(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    browser = open_browser(house.admin)
    paths = _posts(house)
    assert len(paths) >= 14
    for path in paths:
        address = path.replace("{member_id:str}", house.ana.actor.member_id).replace("{location_id:str}", house.gate)
        address = address.replace("{grant_id:str}", str(uuid7())).replace("{instance_id:str}", str(uuid7()))
        address = address.replace("{template_id:str}", str(uuid7())).replace("{place:int}", "0")
        address = address.replace("{request_id:str}", str(uuid7())).replace("{version:int}", "1")
        for token in ({}, {"csrf": ""}, {"csrf": "x" * 43}):
            answer = browser.post(address, data={"active": "no", "name": "Planted", **token})
            assert answer.status_code == 403, address
            assert "too old" in answer.text
    assert "Planted" not in browser.get("/people").text + browser.get("/locations").text
    assert "Deactivated" not in browser.get("/people").text


@pytest.mark.parametrize("path", ["/today", "/reports", "/attendance", "/people", "/locations", "/me", "/me/password"])
def test_signed_out_browsers_see_no_page(open_browser: Callable[..., Browser], house: House, path: str) -> None:
    answer = open_browser(None).get(path)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/sign-in?")


def test_a_form_that_is_too_large_is_refused_in_words(house: House, open_browser: Callable[..., Browser]) -> None:
    answer = open_browser(house.admin).post("/people", data={"name": "a" * 100_000})
    assert answer.status_code == 413
    assert "larger than this form takes" in answer.text
