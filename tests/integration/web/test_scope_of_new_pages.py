"""What is somebody else's stays theirs on the pages of files, versions, paper, writing and checklists too."""

from collections.abc import Callable

import pytest
from litestar.routes import HTTPRoute
from uuid6 import uuid7

from server.application import create_application
from server.demo.checklists import PUMP_ROUND
from server.founding import operator_of
from server.storage.tables import access_record, media, revision, revision_media, template
from server.templates.publishing import publish_version
from tests.integration.web.conftest import Browser, House, send, token_of
from tests.integration.web.organization import Person
from tests.picture_files import jpeg

Open = Callable[[Person | None], Browser]


def _reads(house: House, known: str) -> list[str]:
    """Every page about one report or one file."""
    paths = {
        route.path
        for route in create_application(house.filled.settings).routes
        if isinstance(route, HTTPRoute) and "GET" in route.methods and not route.path.startswith("/v1")
    }
    return sorted(path for path in paths if f"{{{known}:str}}" in path and not path.startswith("/me/reports/new"))


def test_every_page_about_a_report_or_file_is_only_for_whom_it_concerns(house: House, open_browser: Open) -> None:
    browsers = [open_browser(house.manager), open_browser(house.ana)]
    reports, files = _reads(house, "instance_id"), _reads(house, "media_id")
    assert {"/reports/{instance_id:str}/pdf", "/reports/{instance_id:str}/versions"} <= set(reports)
    assert {"/media/{media_id:str}/small", "/me/files/{media_id:str}"} <= set(files)
    for person in (house.jonas, house.stranger):
        photo = house.filled.file(person, jpeg(), "a.jpg", "image/jpeg")
        instance_id, _ = house.filled.report(person, f"Secret of {person.name}", files=(photo,))
        for browser in browsers:
            for path in reports:
                answer = browser.get(path.replace("{instance_id:str}", instance_id))
                assert answer.status_code == 404, path
                assert "Secret of" not in answer.text
            for path in files:
                assert browser.get(path.replace("{media_id:str}", photo.media_id)).status_code == 404, path
            assert browser.get(f"/me/reports/new/{uuid7()}?copy={instance_id}").status_code == 404
            page = browser.get(f"/me/reports/new/{instance_id}")  # the id is taken, of which nobody learns here
            assert "Secret of" not in page.text
    with house.filled.database.read(house.filled.own) as t:
        looked = [row.action for row in t.all(t.select(access_record)) if row.action in {"view", "export"}]
        assert looked == []


@pytest.mark.parametrize("whose", ["jonas", "stranger"])
def test_a_form_that_names_what_is_somebody_elses_takes_nothing_of_it(
    house: House, open_browser: Open, whose: str
) -> None:
    person: Person = getattr(house, whose)
    photo = house.filled.file(person, jpeg(), "secret.jpg", "image/jpeg")
    instance_id, revision_id = house.filled.report(person, "Secret", files=(photo,))
    with house.filled.database.write(house.filled.other) as t:
        theirs = publish_version(t, operator_of(house.filled.other), PUMP_ROUND)
    browser, own = open_browser(house.ana), str(uuid7())
    token = token_of(browser.get(f"/me/reports/new/{own}").text)
    begun = {"csrf": token, "revision": str(uuid7()), "operation": str(uuid7()), "written": "Mine", "do": "send"}
    for more in ({"file": photo.media_id}, {"template": theirs.template_id, "version": "1"}, {"place": str(uuid7())}):
        answer = browser.post(f"/me/reports/{own}", data={**begun, **more})
        assert "secret.jpg" not in answer.text
        assert theirs.title not in answer.text
    taken = browser.post(f"/me/reports/{instance_id}", data=begun)
    assert taken.status_code in {303, 403, 404, 409, 422}
    follow = browser.post(
        f"/me/reports/{instance_id}",
        data={**begun, "revision": str(uuid7()), "operation": str(uuid7()), "parents": revision_id},
    )
    assert "Secret" not in taken.text + follow.text
    with house.filled.database.read(person.actor.organization_id) as t:
        rows = t.all(t.select(revision).where(revision.c.instance_id == instance_id))
        if whose == "jonas":
            assert [row.title for row in rows] == ["Secret"]
        assert [row.member_id for row in t.all(t.select(media))] == [person.actor.member_id]
    with house.filled.database.read(house.filled.own) as t:
        mine = t.all(t.select(revision).where(revision.c.title == "Mine"))
        ids = [row.revision_id for row in mine]
        assert all(row.template_id is None for row in mine)
        assert t.all(t.select(revision_media).where(revision_media.c.revision_id.in_(ids))) == []


def test_a_checklist_of_another_organization_is_not_there_for_an_admin(house: House, open_browser: Open) -> None:
    with house.filled.database.write(house.filled.other) as t:
        theirs = publish_version(t, operator_of(house.filled.other), PUMP_ROUND)
    browser = open_browser(house.admin)
    for rest in ("", "/preview", "/export", "/publish"):
        answer = browser.get(f"/checklists/{theirs.template_id}{rest}")
        assert (answer.status_code, theirs.title in answer.text) == (404, False)
    for rest in ("", "/fields", "/order", "/undo", "/discard", "/copy", "/publish", "/active"):
        fields = {"title": "Mine", "do": "up:0", "number": "0", "after": "1", "active": "no", "current": "x"}
        answer = send(browser, "/checklists", f"/checklists/{theirs.template_id}{rest}", **fields)
        assert answer.status_code == 404, (rest, answer.text)
    with house.filled.database.read(house.filled.other) as t:
        assert [(row.title, row.active) for row in t.all(t.select(template))] == [(theirs.title, True)]


def test_numbers_that_no_page_has_lead_nowhere(house: House, open_browser: Open) -> None:
    own = house.filled.checklist(PUMP_ROUND)
    browser = open_browser(house.admin)
    for number in ("-1", "999999", "9" * 40):
        answer = browser.get(f"/checklists/{own.template_id}?opened={number}")
        assert answer.status_code < 500, number
        for do in (f"up:{number}", f"remove:{number}", f"copy:{number}", f"up:0:{number}"):
            answer = send(
                browser, f"/checklists/{own.template_id}", f"/checklists/{own.template_id}/order", do=do, number="0"
            )
            assert answer.status_code < 500, do
        answer = send(browser, "/checklists", f"/checklists/{own.template_id}/fields/{number}", label="x", kind="check")
        assert answer.status_code < 500, number
    for query in (
        "after=x",
        "after=%FF",
        "before=a%20b",
        "sort=--x",
        "since=9999-99-99",
        "until=%00",
        "checklist='",
        "state=[",
    ):
        assert browser.get(f"/reports?{query}").status_code < 500, query
        assert browser.get(f"/reports/export?{query}").status_code < 500, query
        assert send(browser, "/reports/export", "/reports/export", query=query, kind="csv").status_code < 500, query
