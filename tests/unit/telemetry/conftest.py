"""A store on a real file, with a clock that tests move."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from telemetry.consent import Conditions
from telemetry.queue import Bounds, Offer
from telemetry.store import Store
from tests.unit.telemetry.making import Clock

Open = Callable[..., Store]

__all__ = ["Clock", "Offer"]


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def open_store(tmp_path: Path, clock: Clock) -> Iterator[Open]:
    """Opens (again) the one store of this test; earlier ones are closed."""
    opened: list[Store] = []

    def open_it(bounds: Bounds | None = None, conditions: Conditions | None = None) -> Store:
        for store in opened:
            store.close()
        store = Store(tmp_path / "account" / "telemetry.db", conditions or Conditions(), bounds or Bounds(), clock)
        store.load()
        opened.append(store)
        return store

    yield open_it
    for store in opened:
        store.close()
