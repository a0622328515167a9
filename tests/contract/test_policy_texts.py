"""The privacy policy in its versions: published ahead, read by anybody, answered once, and in nobody's way."""

import threading
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from protocol.discovery import Operator
from protocol.privacy import PolicyText, PolicyTexts
from rules.paragraphs import paragraphs
from server.policy_texts import publishing, reading
from server.policy_texts.first_text import first_text
from server.problems import ProblemError
from server.settings import AppAnalytics, Settings
from server.storage.database import Database
from tests.contract.conftest import Clock, House
from tests.contract.in_process_server import InProcessServer

FIRST = "# Who\n\nWe keep it for a year."
OPERATOR = Operator(name="Quay Services", address="1 Quay", contact="privacy@quay.example")


@pytest.fixture
def texts(database: Database) -> Database:
    """A database with the first version."""
    publishing.begin(database, FIRST)
    return database


def _publish(database: Database, clock: Clock, days: int, text: str = "# Who\n\nWe keep it for two years.") -> int:
    effective = clock.now + timedelta(days=days)
    return publishing.publish(
        database, title="Privacy policy", text=text, effective=effective, changes="Kept longer."
    ).version


def test_versions_are_published_ahead_and_read_before_anybody_signs_in(texts: Database, clock: Clock) -> None:
    publishing.begin(texts, "another first version")
    assert _publish(texts, clock, 30) == 2
    with texts.pre_tenant() as connection:
        assert [one.version for one in reading.summaries(connection)] == [2, 1]
        assert reading.read(connection, 1).text == FIRST
        current = reading.in_force(connection, clock.now)
        later = reading.in_force(connection, clock.now + timedelta(days=30))
        assert (current and current.version, later and later.version) == (1, 2)
        assert [(one.change, one.text) for one in reading.changes_of(connection, 2)] == [
            ("same", "Who"),
            ("changed", "We keep it for two years."),
        ]
        for version in (0, 3, -1, 2**40):
            with pytest.raises(ProblemError):
                reading.read(connection, version)


def test_what_is_different_is_found_out_once_however_often_it_is_asked(texts: Database, clock: Clock) -> None:
    _publish(texts, clock, 30, "# Who\n\nWe keep it for three years.")
    with texts.pre_tenant() as connection:
        assert reading.changes_of(connection, 2) is reading.changes_of(connection, 2)


def test_what_cannot_be_published_is_refused(texts: Database, clock: Clock) -> None:
    _publish(texts, clock, 30)
    with pytest.raises(ProblemError, match="before today"):
        _publish(texts, clock, 29)
    clock.forward(days=60)
    with pytest.raises(ProblemError, match="before today"):
        _publish(texts, clock, -1)
    effective = clock.now
    for title, text, changes in (
        ("", "text", "more"),
        ("Privacy", "  ", "more"),
        ("Privacy", "text", " "),
        ("Privacy", "x" * (publishing.MAX_TEXT + 1), "more"),
        ("Privacy", "nul\x00", "more"),
        ("Privacy", "text", "x" * (publishing.MAX_CHANGES + 1)),
    ):
        with pytest.raises(ProblemError):
            publishing.publish(texts, title=title, text=text, effective=effective, changes=changes)
    with texts.pre_tenant() as connection:
        assert len(reading.summaries(connection)) == 2


def test_of_two_that_publish_at_once_each_has_a_number_of_its_own_or_hears_of_the_other(
    texts: Database, clock: Clock
) -> None:
    start, published, refused = threading.Barrier(4), [], []

    def publish() -> None:
        start.wait(20)
        try:
            published.append(_publish(texts, clock, 10))
        except ProblemError as error:
            refused.append(error.problem.status)

    threads = [threading.Thread(target=publish) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    assert sorted(published) == list(range(2, 2 + len(published)))
    assert len(published) + len(refused) == 4
    assert set(refused) <= {409}


def test_the_first_answer_of_each_kind_stays(texts: Database, house: House, clock: Clock) -> None:
    _publish(texts, clock, 30)
    with texts.write(house.organization_id) as t:
        waiting = reading.unanswered(t, house.ana)
        assert waiting is not None
        assert waiting.version == 2
        with pytest.raises(ProblemError, match="does not hold yet"):
            reading.answer(t, house.ana, 2, "continued_use")
        with pytest.raises(ProblemError):
            reading.answer(t, house.ana, 9, "accepted")
        first = reading.answer(t, house.ana, 2, "accepted")
        reading.note_use(t, house.ben)
    clock.forward(days=31)
    with texts.write(house.organization_id) as t:
        assert reading.answer(t, house.ana, 2, "accepted") == first
        reading.note_use(t, house.ana)
        for _ in range(2):
            reading.note_use(t, house.ben)
        assert [(one.version, one.how) for one in reading.answers(t, house.ana)] == [(2, "accepted")]
        assert [(one.version, one.how) for one in reading.answers(t, house.ben)] == [
            (2, "continued_use"),
            (1, "continued_use"),
        ]
        assert reading.unanswered(t, house.ben) is None
        assert reading.answered_by(t, 2) == 2


def test_over_the_wire(live: InProcessServer, house: House) -> None:
    publishing.begin(live.database, FIRST)
    with live.session(house.ana) as session:
        address = f"{live.url}/v1/policy-texts"
        said = session.post(f"{address}/1/answer", b'{"how":"continued_use"}', timeout=20)
        assert said.status_code == 200
        listed = msgspec.json.decode(session.get(address, timeout=20).content, type=PolicyTexts)
        assert ([one.version for one in listed.texts], [one.how for one in listed.answers]) == ([1], ["continued_use"])
        one = msgspec.json.decode(session.get(f"{address}/1", timeout=20).content, type=PolicyText)
        assert one.text == FIRST
        assert session.get(f"{address}/2", timeout=20).status_code == 404
        assert session.post(f"{address}/2/answer", b'{"how":"accepted"}', timeout=20).status_code == 404
        assert session.post(f"{address}/1/answer", b'{"how":"loved"}', timeout=20).status_code == 400
    with live.session(house.ben) as session:
        others = msgspec.json.decode(session.get(f"{live.url}/v1/policy-texts", timeout=20).content, type=PolicyTexts)
        assert others.answers == ()


def test_the_first_text_tells_the_numbers_that_the_software_works_with(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path, database_url="", media_url="", public_url="https://work.example", operator=OPERATOR
    )
    text = first_text(settings)
    for words in ("Quay Services, 1 Quay, runs", "privacy@quay.example", "60 days after its last use", "report.sent"):
        assert words in text
    assert all(one == " ".join(one.split()) for one in paragraphs(text))
    assert "Nothing goes to third parties." in text
    nobody = msgspec.structs.replace(settings, operator=Operator(name="", address="", contact=""))
    assert "Contact" not in first_text(nobody)
    passed_on = msgspec.structs.replace(
        settings,
        logs_to="https://collector.example/v1/logs",
        app_analytics=AppAnalytics(measurement_id="G-1"),
        analytics_secret="s",
    )
    assert "passed on to collector.example" in first_text(passed_on)
    assert "goes to Google Analytics (www.google-analytics.com)" in first_text(passed_on)
