"""What others did is news once: not what was there at the start, not again after a restart, a repeat or a full pull."""

from agent.store import feed, news
from agent.store.writer import Store
from tests.unit.agent_core.test_reviewed import NOW, change, learn, said, store, told

__all__ = ["store"]


def untold(opened: Store) -> list[tuple[str, str]]:
    return [(one.kind, one.instance_id) for one in opened.read(news.untold)]


def test_the_first_pull_is_no_news_and_the_rest_comes_once(store: Store) -> None:  # the fixture
    learn(store, told("returned", "r1", decision="returned"), said("c1"))
    assert untold(store) == []
    store.write(news.begin).result(5)
    learn(store, told("returned", "r1", decision="returned"), said("c1"))
    assert untold(store) == []
    learn(store, told("approved", "r1", decision="approved"), said("c2"), said("own", own=True))
    assert untold(store) == [("approved", "i"), ("comment", "i")]
    store.write(news.tell).result(5)
    store.write(feed.forget_taught).result(5)
    learn(store, told("approved", "r1", decision="approved"), said("c1"), said("c2"))
    assert untold(store) == []
    learn(store, told("edited", "r2", "r1"), told("edited", "r1", "r2"))
    assert untold(store) == [("conflict", "i")]


def test_what_the_person_does_not_wish_to_be_told_is_not_told_later_either(store: Store) -> None:  # the fixture
    store.write(news.begin).result(5)
    learn(store, told("approved", "r1", decision="approved"), said("c1"))
    store.write(lambda c: news.choose(c, "comment", told=False)).result(5)
    assert untold(store) == [("approved", "i")]
    learn(store, said("c2"), told("returned", "r1", decision="returned"))
    assert untold(store) == [("approved", "i"), ("returned", "i")]
    store.write(lambda c: news.choose(c, "comment", told=True)).result(5)
    assert store.read(news.muted) == set()
    learn(store, said("c1"), said("c2"), said("c3"))
    assert untold(store) == [("approved", "i"), ("returned", "i"), ("comment", "i")]


def test_a_decision_that_was_answered_is_no_news(store: Store) -> None:  # the fixture
    store.write(news.begin).result(5)
    learn(store, told("edited", "r2", decision="returned"))
    view = change("report", "far", instance_id="far", state="received", title="F", heads=["f"], received=NOW)
    learn(store, view)
    assert untold(store) == []
