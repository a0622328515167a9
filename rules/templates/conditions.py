"""Whether a condition holds, given the answers it looks at."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from protocol.templates import (
    ALL,
    ANSWERED,
    ANY,
    CONTAINS,
    EQUAL,
    GREATER,
    GREATER_EQUAL,
    LESS,
    LESS_EQUAL,
    NOT,
    NOT_EQUAL,
    Condition,
)
from rules.templates.kinds import is_answered

ORDERS: dict[str, Callable[[Any, Any], bool]] = {
    LESS: lambda a, b: a < b,
    LESS_EQUAL: lambda a, b: a <= b,
    GREATER: lambda a, b: a > b,
    GREATER_EQUAL: lambda a, b: a >= b,
}
OPERATORS = frozenset({ALL, ANY, NOT, ANSWERED, EQUAL, NOT_EQUAL, CONTAINS, *ORDERS})
JOINTS = frozenset({ALL, ANY, NOT})


def holds(condition: Condition | None, answer_of: Callable[[str], Any]) -> bool:
    """Whether a field with this condition is shown. An operator of a later version hides nothing; a comparison with
    what is not answered, or with another type, does not hold (and `not_equal` does)."""
    if condition is None or condition.op not in OPERATORS:
        return True
    if condition.op in JOINTS:
        parts = [holds(part, answer_of) for part in condition.of]
        return {ALL: all(parts), ANY: any(parts), NOT: not any(parts)}[condition.op]
    return _compare(condition.op, _plain(answer_of(condition.field)), condition.value)


def _compare(op: str, answer: Any, value: Any) -> bool:
    if op == ANSWERED:
        return is_answered(answer)
    if op == NOT_EQUAL:
        return not _same(answer, value)
    if not is_answered(answer):
        return False
    if op == EQUAL:
        return _same(answer, value)
    if op == CONTAINS:
        return isinstance(answer, list) and value in answer
    pair = _comparable(answer, value)
    return pair is not None and ORDERS[op](*pair)


def _plain(answer: Any) -> Any:
    """What is compared of an answer: of a check, its result."""
    return answer.get("result") if isinstance(answer, Mapping) else answer


def _same(answer: Any, value: Any) -> bool:
    pair = _comparable(answer, value)
    if pair is not None:
        return bool(pair[0] == pair[1])
    return bool(answer == value) and isinstance(answer, bool) == isinstance(value, bool)


def _comparable(answer: Any, value: Any) -> tuple[Any, Any] | None:
    """Both as what can be ordered: numbers, moments, or text (dates and times of day are ordered as text)."""
    if _is_number(answer) and _is_number(value):
        return answer, value
    if isinstance(answer, str) and isinstance(value, str):
        moments = _moment(answer), _moment(value)
        return moments if all(moments) else (answer, value)
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _moment(text: str) -> datetime | None:
    try:
        read = datetime.fromisoformat(text) if "T" in text else None
    except ValueError:
        return None
    return read if read is not None and read.tzinfo is not None else None
