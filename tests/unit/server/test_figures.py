"""What a figure over many organizations may tell: never anything of one of them."""

import math

from hypothesis import given
from hypothesis import strategies as st

from server.statistics.figures import FEWEST, LARGEST_SHARE, figure, rounded

counts = st.lists(st.integers(0, 10_000), max_size=60)
alike = st.integers(1, 5000).flatmap(lambda low: st.lists(st.integers(low, low + low // 4), min_size=10, max_size=60))


@given(counts | alike, st.sampled_from([1, 7]))
def test_it_is_the_same_whichever_organization_is_left_out_or_did_nothing(found: list[int], days: int) -> None:
    value = figure(found, days)
    if value is None:
        return
    some = [count for count in found if count]
    assert len(some) >= FEWEST
    assert max(some) <= LARGEST_SHARE * sum(some)
    for number, count in enumerate(some):
        rest = some[:number] + some[number + 1 :]
        assert rounded(sum(rest) / len(rest) / days) == value, f"without the one of {count} it is another"


@given(alike, st.randoms())
def test_neither_order_nor_those_who_did_nothing_matter(found: list[int], shuffler: object) -> None:
    others = [*found, 0, 0, 0]
    shuffler.shuffle(others)  # type: ignore[attr-defined]
    assert figure(others) == figure(found)


@given(st.lists(st.integers(1, 10_000), max_size=FEWEST - 1))
def test_of_too_few_nothing_is_told(found: list[int]) -> None:
    assert figure([*found, 0, 0]) is None


@given(alike)
def test_where_one_is_most_of_it_nothing_is_told(found: list[int]) -> None:
    assert figure([*found, sum(found)]) is None


@given(st.floats(1e-3, 1e6))
def test_rounding_leaves_little(mean: float) -> None:
    value = rounded(mean)
    digit = value / 10.0 ** math.floor(math.log10(value) + 1e-9)
    assert round(digit, 6) in {1, 2, 5}
    assert mean / 2.01 <= value <= mean * 2.01


def test_the_mean_of_organizations_alike_is_told() -> None:
    assert figure([14] * 12, days=7) == 2
    assert figure([97, 103] * 10) == 100
    assert figure([14] * 9) is None
