"""Rows read page by page: whatever changes between two pages, no row is doubled, lost or out of place."""

from types import SimpleNamespace

from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, QObject
from PySide6.QtTest import QAbstractItemModelTester

from agent.api import AgentError
from ui.privacy.paged_model import PagedModel, RowWords

PAGE = 3
LISTS = st.lists(st.lists(st.integers(0, 12), unique=True, max_size=9).map(sorted), min_size=1, max_size=6)


class Later:
    """A bridge whose agent answers from `items` once `answer` is called, each page after the last row of the other."""

    def __init__(self) -> None:
        self.items: list[int] = []
        self._asked: list = []

    def query(self, after, _owner, done, failed) -> None:
        self._asked.append((after, done, failed))

    def fail_first(self) -> None:
        self._asked.pop(0)[2](AgentError("unavailable", "It cannot be read now."))

    def answer(self) -> None:
        while self._asked:
            after, done, _failed = self._asked.pop(0)
            rest = [one for one in self.items if after is None or one > int(after)]
            page = tuple(rest[:PAGE])
            done(SimpleNamespace(items=page, total=len(self.items), next=str(page[-1]) if len(rest) > PAGE else None))


def made() -> tuple[Later, PagedModel, QObject]:
    bridge, owner = Later(), QObject()
    model = PagedModel(
        bridge, owner, asks=lambda _account, after: after, words=lambda item: RowWords(str(item), "", "")
    )
    return bridge, model, owner


def read_all(bridge: Later, model: PagedModel) -> None:
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
        bridge.answer()


@given(lists=LISTS, reading=st.booleans())
def test_at_the_top_the_rows_are_always_those_that_there_are(qapp, lists, reading):
    bridge, model, owner = made()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    for items in lists:
        bridge.items = items
        model.refresh("ana", lambda: True)
        bridge.answer()
        if reading:
            read_all(bridge, model)
            assert model._rows == items
        assert model._rows[:PAGE] == items[:PAGE]
        assert not model.stale
    assert tester.model() is model
    assert owner.children()


@given(lists=LISTS)
def test_further_down_what_is_read_stays_until_it_is_asked_for(qapp, lists):
    bridge, model, _owner = made()
    bridge.items = lists[0]
    model.refresh("ana", lambda: True)
    bridge.answer()
    read_all(bridge, model)
    for items in lists[1:]:
        before = list(model._rows)
        bridge.items = items
        model.refresh("ana", lambda: False)
        bridge.answer()
        assert model._rows in (before, items[:PAGE])
        assert model.stale or model._rows[:PAGE] == items[:PAGE]
        if model.stale:
            model.reload()
            bridge.answer()
        read_all(bridge, model)
        assert model._rows == items or len(model._rows) == len(before)


def test_another_account_has_nothing_of_the_one_before(qapp):
    bridge, model, _owner = made()
    bridge.items = [1, 2, 3, 4]
    model.refresh("ana", lambda: True)
    bridge.answer()
    read_all(bridge, model)
    bridge.items = [7]
    model.refresh("ben", lambda: False)
    bridge.answer()
    assert model._rows == [7]
    assert not model.stale


def test_a_change_while_the_next_page_is_on_its_way_takes_no_row_away(qapp):
    bridge, model, _owner = made()
    bridge.items = list(range(9))
    model.refresh("ana", lambda: True)
    bridge.answer()
    model.refresh("ana", lambda: True)
    model.fetchMore(QModelIndex())
    bridge.answer()
    assert model._rows == [0, 1, 2, 3, 4, 5]
    assert not model.stale


def test_a_look_that_failed_lets_no_page_be_asked_for_twice(qapp):
    bridge, model, _owner = made()
    bridge.items = list(range(9))
    model.refresh("ana", lambda: True)
    bridge.answer()
    model.refresh("ana", lambda: True)
    model.fetchMore(QModelIndex())
    bridge.fail_first()
    model.fetchMore(QModelIndex())
    bridge.answer()
    assert model._rows == [0, 1, 2, 3, 4, 5]
    model.fetchMore(QModelIndex())
    bridge.fail_first()
    assert model.sentence == "It cannot be read now."
    read_all(bridge, model)
    assert model._rows == bridge.items
