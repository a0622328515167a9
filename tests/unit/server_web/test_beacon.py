"""A flood of reports is let through slowly, and a second later there is room again."""

from server.web.beacon import Gate


def test_a_gate_lets_so_many_through_a_second() -> None:
    now = 100.0
    gate = Gate(5, lambda: now)
    assert [gate.passes() for _ in range(8)] == [True] * 5 + [False] * 3
    now += 0.4
    assert [gate.passes() for _ in range(4)] == [True] * 2 + [False] * 2
    now += 3600
    assert [gate.passes() for _ in range(6)] == [True] * 5 + [False]
