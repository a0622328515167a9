"""The table of outcomes, row by row, and how the outbox is cut into requests."""

import random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.outbox.batches import ALONE_AFTER, batches, halves, weight
from agent.outbox.outcomes import (
    LONGEST_SENTENCE,
    ItemFate,
    RequestFate,
    item_fate,
    read_problem,
    request_fate,
    sentence,
)
from agent.schedule.due import LONGEST_SECONDS, back_off, sync_interval
from agent.store.operations import StoredOperation
from protocol.problems import TYPE_PREFIX, Problem
from protocol.sync import MAX_OPERATIONS, MAX_REQUEST_BYTES, Operation, SyncRequest
from rules.sentence import Sentence, pack
from server.problems import problem

PROBLEM = msgspec.json.encode(
    Problem(type=TYPE_PREFIX + "x", title="No.", status=400, detail="The text is too long. Shorten it.")
)
JSON = "application/problem+json"


@pytest.mark.parametrize(
    ("outcome", "fate"),
    [
        ("accepted", ItemFate.KEPT),
        ("duplicate", ItemFate.KEPT),
        ("conflict", ItemFate.KEPT),
        ("rejected", ItemFate.ASIDE),
        ("unsupported", ItemFate.UPDATE),
        (None, ItemFate.RETRY),
    ],
)
def test_what_a_result_means_for_its_item(outcome: str | None, fate: ItemFate) -> None:
    assert item_fate(outcome) is fate  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("status", "content_type", "body", "fate", "link"),
    [
        (200, "application/json", b"{}", RequestFate.READ, "online"),
        (204, "", b"", RequestFate.TROUBLE, "server_trouble"),
        (301, "text/html", b"", RequestFate.TROUBLE, "server_trouble"),
        (302, "text/html", b"<html>", RequestFate.TROUBLE, "server_trouble"),
        (307, "application/json", PROBLEM, RequestFate.TROUBLE, "server_trouble"),
        (400, JSON, PROBLEM, RequestFate.BISECT, "online"),
        (400, "text/html", b"<html>proxy</html>", RequestFate.TROUBLE, "server_trouble"),
        (400, JSON, b"not json", RequestFate.TROUBLE, "server_trouble"),
        (400, JSON, PROBLEM.replace(b"urn:miratag", b"urn:other"), RequestFate.TROUBLE, "server_trouble"),
        (401, JSON, PROBLEM, RequestFate.RENEW, "sign_in_needed"),
        (403, JSON, PROBLEM, RequestFate.TROUBLE, "server_trouble"),
        (404, "text/html", b"", RequestFate.TROUBLE, "server_trouble"),
        (413, "text/html", b"nginx", RequestFate.SPLIT, "online"),
        (429, "", b"", RequestFate.WAIT, "server_trouble"),
        (500, "text/plain", b"oops", RequestFate.TROUBLE, "server_trouble"),
        (502, "text/html", b"", RequestFate.TROUBLE, "server_trouble"),
        (503, "", b"", RequestFate.WAIT, "server_trouble"),
        (299, "application/json", b"{}", RequestFate.TROUBLE, "server_trouble"),
    ],
)
def test_what_a_reply_means_for_a_request(
    status: int, content_type: str, body: bytes, fate: RequestFate, link: str
) -> None:
    verdict = request_fate(status, content_type, body)
    assert (verdict.fate, verdict.link) == (fate, link)


@given(st.integers(100, 599), st.text(max_size=20), st.binary(max_size=50))
def test_only_a_200_is_ever_read_as_success(status: int, content_type: str, body: bytes) -> None:
    assert (request_fate(status, content_type, body).fate is RequestFate.READ) == (status == 200)


def test_the_servers_own_sentence_is_shown() -> None:
    assert sentence(request_fate(400, JSON, PROBLEM).problem, "other") == "The text is too long. Shorten it."
    assert sentence(None, "other") == "other"


def operation(number: int, size: int, attempts: int) -> StoredOperation:
    body = msgspec.json.encode("x" * max(size - 2, 0))
    return StoredOperation(f"{number:036}", "report.revise", f"{number:036}", f"{number:036}", body, attempts)


operations = st.lists(st.tuples(st.integers(2, 400_000), st.integers(0, 5)), max_size=250).map(
    lambda drawn: [operation(number, *one) for number, one in enumerate(drawn)]
)


@given(operations)
def test_requests_stay_within_their_bounds_in_order_and_lose_nothing(waiting: list[StoredOperation]) -> None:
    cut = list(batches(waiting))
    assert [one for batch in cut for one in batch] == waiting
    for batch in cut:
        assert 1 <= len(batch) <= MAX_OPERATIONS
        assert len(batch) == 1 or all(one.attempts < ALONE_AFTER for one in batch)
        request = SyncRequest(
            operations=tuple(
                Operation(id=one.operation_id, kind=one.kind, entity=one.entity, body=msgspec.Raw(one.body))
                for one in batch
            ),
            cursor="c" * 1000,
        )
        assert len(msgspec.json.encode(request)) <= MAX_REQUEST_BYTES
        assert sum(map(weight, batch)) <= MAX_REQUEST_BYTES


@given(operations.filter(lambda drawn: len(drawn) > 1))
def test_halves_are_smaller_and_lose_nothing(waiting: list[StoredOperation]) -> None:
    first, second = halves(waiting)
    assert first
    assert second
    assert first + second == waiting


@given(st.integers(0, 10_000), st.integers())
def test_pauses_grow_and_end(attempts: int, seed: int) -> None:
    pause = back_off(attempts, random.Random(seed))
    assert 0.5 <= pause <= LONGEST_SECONDS
    assert pause <= max(0.5, 2.0 * 2 ** max(attempts - 1, 0)) if attempts < 20 else True


def test_pauses_are_spread_over_the_whole_time() -> None:
    chance = random.Random(7)
    drawn = sorted(back_off(6, chance) for _ in range(2000))
    assert drawn[100] < 10
    assert drawn[-100] > 55
    assert all(240 <= sync_interval(chance) <= 360 for _ in range(200))


DEEP = b'{"type":' + b"[" * 100_000 + b"]" * 100_000 + b"}"


@pytest.mark.parametrize("body", [DEEP, PROBLEM.replace(b"too long", b"\xff\xfe"), b'"\\ud800"', b"null", b""])
def test_a_problem_made_to_break_the_reader_is_none(body: bytes) -> None:
    assert read_problem(JSON, body) is None


def test_what_the_servers_sentence_was_made_of_comes_along() -> None:
    refusal = problem(
        "many", 422, "Many", Sentence("There are %(count)s files; %(most)s is the most.", count=9, most=4)
    )
    reply = msgspec.json.encode(refusal.problem)
    shown = sentence(read_problem(JSON, reply), "other")
    assert shown == refusal.problem.detail == "There are 9 files; 4 is the most."
    assert isinstance(shown, Sentence)
    assert shown.values == {"count": 9, "most": 4}
    lying = msgspec.structs.replace(refusal.problem, made_of=pack(Sentence("%(name)s is fine.", name="It")))
    assert type(sentence(lying, "other")) is str, "what it was made of does not make it"
    assert b"made_of" not in PROBLEM


def test_no_server_fills_the_window_with_its_sentence() -> None:
    endless = Problem(type=TYPE_PREFIX + "x", title="No.", status=422, detail="no " * 400_000)
    assert len(sentence(endless, "")) == LONGEST_SENTENCE + 1
