"""A few at once for each person, and for all."""

import pytest

from server.problems import ProblemError
from server.turns import Turns


def test_a_person_has_so_many_and_others_theirs() -> None:
    turns = Turns(2, "Wait.", in_all=3)
    with turns.take("ana"), turns.take("ana"):
        with pytest.raises(ProblemError) as refused:
            turns.check("ana")
        assert (refused.value.problem.status, refused.value.problem.detail) == (429, "Wait.")
        turns.check("ben")
        with turns.take("ben"), pytest.raises(ProblemError), turns.take("tomas"):
            raise AssertionError
        turns.check("tomas")
    turns.check("ana")


def test_a_turn_ends_with_what_fails_in_it() -> None:
    turns = Turns(1, "Wait.")
    for _ in range(2):
        with pytest.raises(KeyError), turns.take("ana"):
            raise KeyError
