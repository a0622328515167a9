"""The one way an area refuses: an RFC 9457 problem, raised; both faces know how to show it."""

import re

from protocol.problems import TYPE_PREFIX, Problem
from rules.sentence import pack

_PATH = re.compile(r" - at `([^`]+)`$")


class ProblemError(Exception):
    """A request that is not carried out, with the sentence for the person who made it. Nothing was changed.

    `sentence` is the problem's detail, as a `rules.sentence.Sentence` where it was given as one: pages translate it.
    """

    def __init__(self, problem: Problem, headers: dict[str, str] | None = None, sentence: str = "") -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.sentence = sentence or problem.detail
        self.headers = headers or {}


def problem(
    name: str,
    status: int,
    title: str,
    detail: str,
    *,
    field: str | None = None,
    limit: int | None = None,
    headers: dict[str, str] | None = None,
) -> ProblemError:
    """A problem to raise: `name` is the stable end of its type, `headers` go with the reply (e.g. Retry-After).

    A detail that names something is a `Sentence("… %(name)s …", name=…)`: pages show it in the reader's language.
    """
    told = Problem(
        type=TYPE_PREFIX + name,
        title=title,
        status=status,
        detail=str(detail),
        field=field,
        limit=limit,
        made_of=pack(detail),
    )
    return ProblemError(told, headers, detail)


def decoding_trouble(error: Exception) -> tuple[str, str]:
    """What could not be decoded, in the words of one of rules.decoding.UNREADABLE, and its path: `$` for the whole."""
    text = str(error)
    path = _PATH.search(text)
    return _PATH.sub("", text), path[1] if path else "$"
