"""Deciding and commenting in the browser: one report or several, by those in charge, about what they have read."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from uuid6 import uuid7

from server.storage.tables import access_record, report, report_comment, review
from tests.integration.web.conftest import Browser, House, send, token_of

HOSTILE = "<script>alert(1)</script>"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return found[1]


def decide(
    browser: Browser,
    instance_id: str,
    decision: str,
    words: str = "",
    page: str = "",
    *,
    more: dict[str, object] | None = None,
) -> Any:
    """Press a button of the page as it is now, or as it was."""
    shown = page or browser.get(f"/reports/{instance_id}").text
    fields = {"revision": hidden(shown, "revision"), "seen": hidden(shown, "seen")}
    address = f"/reports/{instance_id}/review"
    return browser.post(
        address, data={"csrf": token_of(shown), "decision": decision, "words": words, **fields, **(more or {})}
    )


def states(house: House) -> dict[str, str]:
    with house.filled.database.read(house.filled.own) as t:
        return {row.title: row.state for row in t.all(t.select(report))}


def choices(page: str) -> list[str]:
    return re.findall(r'name="chosen" value="([^"]+)"', page)


def test_a_manager_returns_and_the_author_reads_why(house: House, open_browser: Callable[..., Browser]) -> None:
    instance_id, revision_id = house.filled.report(house.ana, "Dented door")
    browser = open_browser(house.manager)
    answer = decide(browser, instance_id, "returned", f"Which door? {HOSTILE}")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/reports/{instance_id}?done=returned")
    page = browser.get(answer.headers["location"]).text
    assert "Its author reads your words in the app and here" in page
    own = open_browser(house.ana).get(f"/reports/{instance_id}").text
    for seen in (page, own):
        assert "Which door? &lt;script&gt;" in seen
        assert HOSTILE not in seen
        assert "by Tomas Berg" in seen
    assert "Correct it" in own
    assert "Decide" not in own
    house.filled.report(house.ana, "Dented door 4", revises=(instance_id, (revision_id,)))
    assert states(house) == {"Dented door 4": "edited"}
    assert decide(browser, instance_id, "approved").status_code == 303
    assert states(house) == {"Dented door 4": "approved"}
    with house.filled.database.read(house.filled.own) as t:
        noted = t.all(t.select(access_record).where(access_record.c.action == "review"))
        assert [(row.actor, row.subject_id, row.detail) for row in noted] == [
            (house.manager.actor.member_id, house.ana.actor.member_id, "returned"),
            (house.manager.actor.member_id, house.ana.actor.member_id, "approved"),
        ]


def test_places_are_marked_and_the_author_sees_which(house: House, open_browser: Callable[..., Browser]) -> None:
    photo = house.filled.file(house.ana, b"\x89PNG\r\n\x1a\n", "door.png", "image/png")
    instance_id, revision_id = house.filled.report(house.ana, "Dented door", "By the quay.", files=(photo,))
    browser = open_browser(house.manager)
    page = browser.get(f"/reports/{instance_id}").text
    media = f"media:{photo.media_id}"
    assert re.findall(r'type="checkbox" form="decide" name="mark" value="([^"]+)"', page) == ["text", media]
    ticked = {"mark": ["text", media], "mark:text": f"Which door? {HOSTILE}", f"mark:{media}": ""}
    answer = decide(browser, instance_id, "approved", more=ticked)
    assert answer.status_code == 400
    assert "take the marks away" in answer.text
    assert answer.text.count(" checked>") == 2
    assert f'value="Which door? {html.escape(HOSTILE)}"' in answer.text
    assert decide(browser, instance_id, "returned", more=ticked).status_code == 303
    own = open_browser(house.ana).get(f"/reports/{instance_id}").text
    assert own.count("To be corrected") == 2
    assert "Which door? &lt;script&gt;" in own
    assert "<bdi>door.png</bdi>" in own
    assert HOSTILE not in own
    assert "Mark for correction" not in own
    house.filled.report(house.ana, "Dented door 4", revises=(instance_id, (revision_id,)))
    assert "To be corrected" not in browser.get(f"/reports/{instance_id}").text


def test_words_are_asked_for_and_what_was_typed_stays(house: House, open_browser: Callable[..., Browser]) -> None:
    instance_id, _ = house.filled.report(house.ana, "Dented door")
    browser = open_browser(house.manager)
    answer = decide(browser, instance_id, "returned", " ")
    assert answer.status_code == 400
    assert "Say what is to be corrected" in answer.text
    assert 'aria-invalid="true"' in answer.text
    answer = decide(browser, instance_id, "praised", "Well done")
    assert "Well done" in answer.text
    assert states(house) == {"Dented door": "received"}


def test_a_page_that_was_overtaken_decides_nothing_and_shows_what_came(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    instance_id, revision_id = house.filled.report(house.ana, "Dented door")
    browser = open_browser(house.manager)
    page = browser.get(f"/reports/{instance_id}").text
    house.filled.report(house.ana, "Dented gate", "It was the gate.", revises=(instance_id, (revision_id,)))
    answer = decide(browser, instance_id, "approved", "Fine", page)
    assert answer.status_code == 409
    assert "now called “Dented gate”" in answer.text
    assert "It was the gate." in answer.text
    assert "Fine</textarea>" in answer.text
    assert states(house) == {"Dented gate": "edited"}
    page = browser.get(f"/reports/{instance_id}").text
    assert decide(open_browser(house.admin), instance_id, "rejected", "Not ours").status_code == 303
    assert "Rosa Almeida has rejected this report meanwhile" in decide(browser, instance_id, "approved", "", page).text
    assert states(house) == {"Dented gate": "rejected"}


def test_several_at_once_and_each_for_itself(house: House, open_browser: Callable[..., Browser]) -> None:
    reports = [house.filled.report(house.ana, f"Round {number}") for number in range(3)]
    browser = open_browser(house.manager)
    page = browser.get("/reports?state=received").text
    boxes = choices(page)
    assert len(boxes) == 3
    query = {"csrf": token_of(page), "query": html.unescape(hidden(page, "query"))}
    house.filled.report(house.ana, "Round one", revises=(reports[1][0], (reports[1][1],)))
    answer = browser.post("/reports/decisions", data={**query, "decision": "approved", "words": "", "chosen": boxes})
    assert answer.status_code == 409
    assert "2 reports are approved." in answer.text
    assert "Round one: A newer version" in answer.text
    assert "selected>Received" in answer.text
    assert states(house) == {"Round 0": "approved", "Round one": "edited", "Round 2": "approved"}
    page = browser.get("/reports").text
    boxes = choices(page)
    answer = browser.post("/reports/decisions", data={**query, "decision": "returned", "words": "", "chosen": boxes})
    assert "Say what is to be corrected" in answer.text
    answer = browser.post(
        "/reports/decisions", data={**query, "decision": "returned", "words": "Where?", "chosen": boxes[:2]}
    )
    assert answer.headers["location"] == "/reports?state=received&done=returned&changed=2"
    assert "2 reports are returned." in browser.get(answer.headers["location"]).text
    assert sorted(states(house).values()) == ["approved", "returned", "returned"]
    answer = browser.post("/reports/decisions", data={**query, "decision": "approved"})
    assert (answer.status_code, "No report is chosen" in answer.text) == (400, True)


@pytest.mark.parametrize("choice", ["", "x", "x y z q", "0195d2f0-0000-7000-8000-000000000000 a b"])
def test_a_made_up_choice_decides_nothing(house: House, open_browser: Callable[..., Browser], choice: str) -> None:
    house.filled.report(house.ana, "Mine")
    browser = open_browser(house.manager)
    answer = send(browser, "/reports", "/reports/decisions", decision="approved", chosen=choice, query="after=%00&x=1")
    assert answer.status_code == 409
    assert "There is no such report" in answer.text
    assert states(house) == {"Mine": "received"}


def test_what_is_beyond_ones_care_is_as_if_it_did_not_exist(house: House, open_browser: Callable[..., Browser]) -> None:
    manager = open_browser(house.manager)
    for person in (house.jonas, house.stranger):
        instance_id, revision_id = house.filled.report(person, f"Secret of {person.name}")
        fields = {"revision": revision_id, "seen": "", "decision": "approved", "words": ""}
        assert send(manager, "/me", f"/reports/{instance_id}/review", **fields).status_code == 404
        answer = send(manager, "/me", f"/reports/{instance_id}/comments", text="Hi", comment_id=str(uuid7()))
        assert answer.status_code == 404
        answer = send(
            manager, "/reports", "/reports/decisions", decision="approved", chosen=f"{instance_id} {revision_id}"
        )
        assert answer.status_code == 409
        assert "Secret of" not in answer.text
    assert set(states(house).values()) == {"received"}
    mine, revision_id = house.filled.report(house.ana, "Of Ana")
    worker = open_browser(house.ana)
    fields = {"revision": revision_id, "seen": "", "decision": "approved", "words": ""}
    assert send(worker, "/me", f"/reports/{mine}/review", **fields).status_code == 404
    assert send(worker, "/me", "/reports/decisions", decision="approved", chosen=mine).status_code == 404
    own, revision_id = house.filled.report(house.manager, "My own round")
    assert choices(manager.get("/reports?text=own").text) == []
    fields = {"revision": revision_id, "seen": "", "decision": "approved", "words": ""}
    assert send(manager, "/me", f"/reports/{own}/review", **fields).status_code == 403
    with house.filled.database.read(house.filled.own) as t:
        assert t.all(t.select(review)) == t.all(t.select(report_comment)) == []


def test_both_talk_beneath_the_report_and_pressing_twice_says_it_once(
    house: House, open_browser: Callable[..., Browser]
) -> None:
    instance_id, _ = house.filled.report(house.ana, "Dented door")
    address = f"/reports/{instance_id}"
    for person, text in ((house.manager, f"Which one?\r\n{HOSTILE}"), (house.ana, "The left one")):
        browser = open_browser(person)
        page = browser.get(address).text
        fields = {"csrf": token_of(page), "comment_id": hidden(page, "comment_id"), "text": text}
        for _ in range(2):
            answer = browser.post(f"{address}/comments", data=fields)
            assert answer.headers["location"] == f"{address}?done=commented#comments"
    page = browser.get(f"{address}?done=commented").text
    assert page.index("Which one?\n&lt;script&gt;") < page.index("The left one")
    assert HOSTILE not in page
    assert page.count("The left one") == 1
    answer = browser.post(f"{address}/comments", data={**fields, "comment_id": str(uuid7()), "text": "  "})
    assert (answer.status_code, "The comment is empty" in answer.text) == (422, True)
    answer = browser.post(f"{address}/comments", data={**fields, "text": "Other words"})
    assert "Another item was already sent" in answer.text
    assert "Other words</textarea>" in answer.text


def test_a_conflict_is_its_authors_to_decide(house: House, open_browser: Callable[..., Browser]) -> None:
    instance_id, revision_id = house.filled.report(house.ana, "First")
    for title in ("Here", "There"):
        house.filled.report(house.ana, title, revises=(instance_id, (revision_id,)))
    browser = open_browser(house.manager)
    assert 'name="decision"' not in browser.get(f"/reports/{instance_id}").text
    assert choices(browser.get("/reports").text) == []
