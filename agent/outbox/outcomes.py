"""The one table of outcomes: what each reply means for what was sent. Unknown means retry, never drop."""

from enum import Enum
from typing import assert_never

import msgspec

from agent.api import LinkState
from protocol.problems import TYPE_PREFIX, Problem
from protocol.sync import Outcome
from rules.decoding import UNREADABLE
from rules.sentence import unpack

LONGEST_SENTENCE = 600
"""Characters that are kept of a server's problem: it may be hostile, and the sentence is stored and shown."""


_LONGEST_MADE_OF = 4 * LONGEST_SENTENCE


class ItemFate(Enum):
    """What becomes of one operation."""

    KEPT = "kept"  # the organization has it
    ASIDE = "aside"  # the server refused it; the person decides
    UPDATE = "unsupported"  # it waits for a newer app
    RETRY = "retry"  # nobody knows; the same bytes go again


class RequestFate(Enum):
    """What becomes of one request of several operations."""

    READ = "read"  # the results say
    SPLIT = "split"  # halves; a lone operation goes aside
    BISECT = "bisect"  # halves, to find the bad one; that goes aside with the reason
    RENEW = "renew"  # a new access token, once
    WAIT = "wait"  # as long as the server says
    TROUBLE = "trouble"  # later, with growing pauses


class Verdict(msgspec.Struct, frozen=True):
    """What a reply's status means, what the connection is called then, and the server's problem if it sent one."""

    fate: RequestFate
    link: LinkState
    problem: Problem | None = None


def item_fate(outcome: Outcome | None) -> ItemFate:
    """The fate of an operation by its result; None: the reply had none for it."""
    match outcome:
        case "accepted" | "duplicate" | "conflict":
            return ItemFate.KEPT
        case "rejected":
            return ItemFate.ASIDE
        case "unsupported":
            return ItemFate.UPDATE
        case None:
            return ItemFate.RETRY
        case _:
            assert_never(outcome)


def request_fate(status: int, content_type: str, body: bytes) -> Verdict:
    """The fate of a request by its reply.

    A 400 counts as the server's own word only as a problem of its kind: proxies and captive portals answer 400 too.
    """
    problem = read_problem(content_type, body)
    if status == 200:
        return Verdict(RequestFate.READ, "online")
    if status == 401:
        return Verdict(RequestFate.RENEW, "sign_in_needed", problem)
    if status == 413:
        return Verdict(RequestFate.SPLIT, "online", problem)
    if status == 400 and problem is not None:
        return Verdict(RequestFate.BISECT, "online", problem)
    if status in {429, 503}:
        return Verdict(RequestFate.WAIT, "server_trouble", problem)
    return Verdict(RequestFate.TROUBLE, "server_trouble", problem)


def read_problem(content_type: str, body: bytes) -> Problem | None:
    """The server's problem document, if that is what `body` is."""
    if "json" not in content_type:
        return None
    try:
        problem = msgspec.json.decode(body, type=Problem)
    except UNREADABLE:
        return None
    return problem if problem.type.startswith(TYPE_PREFIX) else None


def sentence(problem: Problem | None, otherwise: str) -> str:
    """What to show the person: the server's own words, if it had any, as far as somebody would read them."""
    words = (problem.detail or problem.title) if problem is not None else otherwise
    if len(words) > LONGEST_SENTENCE:
        return f"{words[:LONGEST_SENTENCE]}…"
    return unpack(words, problem.made_of) if problem is not None and len(problem.made_of) <= _LONGEST_MADE_OF else words
