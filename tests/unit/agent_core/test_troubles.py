"""What the person must see at an item is kept with what it was made of, for windows in other languages."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.store import reports
from agent.store.work import WORK, put_trouble
from agent.store.writer import Store, Writer
from rules.sentence import Sentence


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    writer = Writer()
    yield writer.open(tmp_path / "work.db", WORK).result(10)
    writer.close()


@pytest.mark.parametrize(
    "sentence",
    [
        Sentence("The server does not take “%(name)s”.", name="crane.jpg"),
        Sentence("It does not hold. %(why)s", why=Sentence("The key %(kid)s is %(days)s days old.", kid="k1", days=3)),
        'A server wrote {"template": "%(this)s"}, 100 %.',
    ],
)
def test_a_trouble_is_read_as_it_was_written(store: Store, sentence: str) -> None:
    def write(connection):
        connection.execute(
            "INSERT INTO report (instance_id, origin, title, text, at) VALUES ('r1', 'here', 'Crane', '', '2026-01-01')"
        )
        put_trouble(connection, item_id="r1", source="m1", sentence=sentence)

    store.write(write).result(5)
    found = store.read(lambda c: reports.report(c, "r1")).trouble
    assert found == str(sentence)
    assert isinstance(found, Sentence) == isinstance(sentence, Sentence)
    if isinstance(sentence, Sentence):
        assert isinstance(found, Sentence)
        assert (found.template, found.values) == (sentence.template, sentence.values)
