"""Drafts of checklists: one for each, of all admins; of two who change it the second is told, and nothing is lost."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import pytest

from protocol.templates import Field, Template
from server.problems import ProblemError
from server.storage.database import Actor, Database
from server.storage.tables import template_draft
from server.templates.drafts import Draft, begin, discard, draft_of, list_drafts, publish_draft, save, undo
from server.templates.publishing import FaultyTemplateError, publish_version
from server.templates.reading import list_all, version_of
from tests.contract.conftest import House, new_id
from tests.contract.test_templates import SHORT, publish


@pytest.fixture
def of(database: Database, house: House) -> Template:
    """SHORT, published."""
    return publish(database, house.admin)


def look(database: Database, actor: Actor, template_id: str) -> Draft:
    with database.read(actor.organization_id) as t:
        return draft_of(t, actor, template_id)


def described(database: Database, actor: Actor, seen: Draft, description: str) -> Draft:
    """Save another description over the draft as it was seen; the draft after it."""
    with database.write(actor.organization_id) as t:
        save(t, actor, seen, msgspec.structs.replace(seen.template, description=description))
        return draft_of(t, actor, seen.template.template_id)


def refusal(change: Callable[[], object]) -> Any:
    with pytest.raises(ProblemError) as refused:
        change()
    return refused.value.problem


def test_a_draft_is_saved_published_and_gone(database: Database, house: House, of: Template) -> None:
    fresh = look(database, house.admin, of.template_id)
    assert (fresh.number, fresh.base, fresh.template) == (0, 1, of)
    draft = described(database, house.admin, fresh, "Quick")
    assert (draft.number, draft.by, draft.undoable) == (1, "Admin", True)
    with database.read(house.organization_id) as t:
        assert version_of(t, of.template_id) == of
        assert [(one.title, one.by) for one in list_drafts(t)] == [("Gate round", "Admin")]
    with database.write(house.organization_id) as t:
        published = publish_draft(t, house.admin, draft, after=1)
    assert (published.version, published.description) == (2, "Quick")
    assert look(database, house.admin, of.template_id).number == 0


def test_the_second_of_two_is_told_and_the_first_one_stands(database: Database, house: House, of: Template) -> None:
    fresh = look(database, house.admin, of.template_id)
    first = described(database, house.admin, fresh, "First")
    told = refusal(lambda: described(database, house.admin, fresh, "Second"))
    assert (told.status, told.type) == (409, "urn:miratag:problem:overtaken")
    assert "Admin changed this checklist meanwhile" in told.detail
    third = described(database, house.admin, first, "Third")
    assert refusal(lambda: described(database, house.admin, first, "Fourth")).status == 409
    assert look(database, house.admin, of.template_id).template.description == "Third"
    for change in (discard, undo):
        with database.write(house.organization_id) as t:
            assert refusal(lambda change=change, t=t: change(t, house.admin, first)).status == 409  # type: ignore[misc]
    with database.write(house.organization_id) as t:
        assert refusal(lambda: publish_draft(t, house.admin, first, 1)).status == 409
    assert look(database, house.admin, of.template_id) == third


@pytest.mark.parametrize("round_", range(3))
@pytest.mark.parametrize("begun", [False, True])
def test_of_two_at_the_same_moment_one_is_saved(
    database: Database, house: House, of: Template, begun: bool, round_: int
) -> None:
    seen = look(database, house.admin, of.template_id)
    if begun:
        seen = described(database, house.admin, seen, "Begun")
    together = threading.Barrier(2)

    def press(description: str) -> str:
        together.wait(10)
        try:
            return described(database, house.admin, seen, description).template.description
        except ProblemError as error:
            return error.problem.type

    with ThreadPoolExecutor(2) as both:
        answers = list(both.map(press, ("one", "other")))
    assert answers.count("urn:miratag:problem:overtaken") == 1
    kept = look(database, house.admin, of.template_id)
    assert kept.template.description in answers
    assert kept.number == seen.number + 1


def test_the_last_change_is_taken_back_and_brought_again(database: Database, house: House, of: Template) -> None:
    draft = described(database, house.admin, look(database, house.admin, of.template_id), "Changed")
    for expected in ("", "Changed"):
        with database.write(house.organization_id) as t:
            undo(t, house.admin, draft)
        draft = look(database, house.admin, of.template_id)
        assert draft.template.description == expected


def test_what_was_published_meanwhile_is_shown_before_it_is_replaced(
    database: Database, house: House, of: Template
) -> None:
    draft = described(database, house.admin, look(database, house.admin, of.template_id), "Mine")
    with database.write(house.organization_id) as t:
        publish_version(t, house.admin, msgspec.structs.replace(of, description="Theirs"))
    with database.write(house.organization_id) as t:
        assert refusal(lambda: publish_draft(t, house.admin, draft, after=1)).type.endswith("overtaken")
    with database.write(house.organization_id) as t:
        assert publish_draft(t, house.admin, draft, after=2).version == 3


def test_a_faulty_draft_is_kept_and_not_published(database: Database, house: House) -> None:
    faulty = msgspec.structs.replace(SHORT, fields=(Field(field="a", kind="check"), Field(field="a", kind="mood")))
    with database.write(house.organization_id) as t:
        template_id = begin(t, house.admin, faulty)
    draft = look(database, house.admin, template_id)
    assert draft.template.fields == faulty.fields
    with database.write(house.organization_id) as t, pytest.raises(FaultyTemplateError):
        publish_draft(t, house.admin, draft, after=0)
    with database.write(house.organization_id) as t:
        assert refusal(lambda: publish_draft(t, house.admin, msgspec.structs.replace(draft, number=0), 0)).status == 409
        huge = msgspec.structs.replace(SHORT, fields=tuple(Field(field=f"f{n}", kind="check") for n in range(301)))
        assert "301 fields" in refusal(lambda: begin(t, house.admin, huge)).detail
        assert "301 fields" in refusal(lambda: save(t, house.admin, draft, huge)).detail
        discard(t, house.admin, draft)
        assert list_all(t) == []
        assert refusal(lambda: draft_of(t, house.admin, template_id)).status == 404


def test_only_admins_of_the_organization_see_a_draft(
    database: Database, house: House, build_house: Callable[[str], House], of: Template
) -> None:
    described(database, house.admin, look(database, house.admin, of.template_id), "Secret")
    for actor in (house.ana, house.manager):
        assert refusal(lambda actor=actor: look(database, actor, of.template_id)).status == 403  # type: ignore[misc]
    other = build_house("Other Works")
    assert refusal(lambda: look(database, other.admin, of.template_id)).status == 404
    for name in ("", "x", new_id()):
        assert refusal(lambda name=name: look(database, house.admin, name)).status == 404  # type: ignore[misc]
    with database.read(other.organization_id) as t:
        assert t.all(t.select(template_draft)) == []
