"""Of which version of the privacy policy the banner tells: of none that was there at first, and of each once."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest

from agent.runtime import own_data as desk
from agent.runtime import snapshots
from agent.store import own_data
from agent.store.work import WORK
from agent.store.writer import Store, Writer
from agent.sync.errands import current
from protocol.privacy import PolicyTextSummary
from rules.clock import format_utc

NOW = datetime(2026, 11, 26, 8, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    writer = Writer()
    yield writer.open(tmp_path / "work.db", WORK).result(10)
    writer.close()


def learn(store: Store, *texts: tuple[int, str]) -> None:
    """As a look at the server does."""
    known = [
        PolicyTextSummary(version=number, title="Policy", published=day, effective=day, changes="More.")
        for number, day in ((number, f"{day}T00:00:00Z") for number, day in texts)
    ]

    def keep(connection):
        own_data.learn_texts(connection, known)
        own_data.begin_notices(connection, current(connection, format_utc(NOW)))

    store.write(keep).result(5)


def due(store: Store) -> int | None:
    workplace = SimpleNamespace(store=store, clock=SimpleNamespace(now=lambda: NOW))
    found = desk.notice(workplace)  # type: ignore[arg-type] # what it takes of it
    return None if found is None else found.version


def tell(store: Store, version: int) -> None:
    store.write(lambda c: own_data.tell(c, version)).result(5)


def test_what_holds_at_first_is_no_change_but_what_is_announced_then_is(store: Store) -> None:
    assert due(store) is None
    learn(store, (1, "2025-01-01"), (2, "2026-01-01"), (3, "2026-12-01"))
    assert due(store) == 3
    tell(store, 3)
    assert due(store) is None
    learn(store, (1, "2025-01-01"), (2, "2026-01-01"), (3, "2026-12-01"))
    assert due(store) is None, "the same list again tells nothing anew"


def test_a_first_version_that_holds_later_is_no_change(store: Store) -> None:
    learn(store, (1, "2027-01-01"))
    assert due(store) is None
    learn(store, (1, "2027-01-01"), (2, "2027-02-01"))
    assert due(store) == 2


def test_what_holds_is_told_before_what_will_and_what_was_replaced_not_at_all(store: Store) -> None:
    learn(store, (1, "2025-01-01"))
    learn(store, (2, "2025-06-01"), (3, "2026-01-01"), (4, "2026-12-01"), (5, "2027-01-01"))
    told = []
    while (version := due(store)) is not None:
        told.append(version)
        tell(store, version)
    assert told == [3, 4, 5]


def test_what_was_accepted_anywhere_is_not_told(store: Store) -> None:
    learn(store, (1, "2025-01-01"), (2, "2026-12-01"))
    store.write(lambda c: own_data.answer(c, 2, "continued_use", "2026-11-26T08:00:00.000Z", sent=True)).result(5)
    assert due(store) == 2, "going on with work says nothing about having read it"
    store.write(lambda c: own_data.answer(c, 2, "accepted", "2026-11-26T08:00:00.000Z", sent=True)).result(5)
    assert due(store) is None


def test_the_banner_leads_whoever_has_no_window_to_the_text(store: Store) -> None:
    learn(store, (1, "2025-01-01"))
    learn(store, (2, "2026-02-01"))
    workplace = SimpleNamespace(store=store, clock=SimpleNamespace(now=lambda: NOW))
    banner = snapshots._policy_banner(workplace)  # type: ignore[arg-type] # what it takes of it
    assert banner is not None
    assert banner.policy is not None
    assert banner.policy.current
    assert banner.sentence == (
        "The privacy policy changed on 2026-02-01. Read what changed: miratag privacy policies 2"
    )
