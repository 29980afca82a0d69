"""The database draws what Python draws: the same people in every variant and holdout."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import BigInteger, literal, select, union_all

from ballyhoo.core.assignment import BITS, choose_variant, draw_fraction
from ballyhoo.core.store.drawing import draw_number, find_threshold
from ballyhoo.core.store.engine import Store

quick = settings(
    derandomize=True,
    deadline=None,
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
words = st.text(st.characters(exclude_characters="\x00\x1f", exclude_categories=["Cs"]), max_size=8)
ids = st.lists(st.integers(-(2**62), 2**62), min_size=1, max_size=8)


def draw(store: Store, key: bytes, names: tuple[str, ...], numbers: list[int]) -> list[int]:
    rows = union_all(
        *(
            select(literal(place).label("place"), literal(one, BigInteger).label("id"))
            for place, one in enumerate(numbers)
        )
    ).subquery()
    number = draw_number(store.dialect, key, names, rows.c.id)
    with store.read() as connection:
        return list(connection.execute(select(number).order_by(rows.c.place)).scalars())


@quick
@given(key=st.binary(max_size=150), name=words, campaign=words, numbers=ids)
def test_the_database_draws_what_python_draws(
    store: Store, key: bytes, name: str, campaign: str, numbers: list[int]
) -> None:
    drawn = draw(store, key, (name, campaign), numbers)
    expected = [draw_fraction(key, name, campaign, one) * 2.0**BITS for one in numbers]
    assert drawn == expected


@pytest.mark.parametrize("size", [0, 1, 63, 64, 65, 128])
def test_keys_around_the_block_of_the_hash_are_used_alike(store: Store, size: int) -> None:
    [drawn] = draw(store, b"k" * size, ("variant", "spring"), [7])
    assert drawn == draw_fraction(b"k" * size, "variant", "spring", 7) * 2.0**BITS


@given(st.floats(0, 1), st.integers(0, 2**BITS - 1))
@settings(derandomize=True)
def test_a_number_is_below_a_threshold_when_its_fraction_is(fraction: float, number: int) -> None:
    assert (number < find_threshold(fraction)) == (number / 2.0**BITS < fraction)


def test_shares_are_kept_and_everybody_is_in_one_variant(store: Store) -> None:
    shares = {"a": 0.1, "b": 0.2, "c": 0.7}
    everybody = list(range(1, 1_501))
    drawn = [
        number
        for start in range(0, len(everybody), 250)
        for number in draw(store, b"key", ("variant", "x"), everybody[start : start + 250])
    ]
    low, placed = 0, Counter[str]()
    for name, upto in zip(shares, (0.1, 0.1 + 0.2, 1.0), strict=True):
        high = find_threshold(upto)
        here = [one for one, number in zip(everybody, drawn, strict=True) if low <= number < high]
        assert here == [
            one for one in everybody if choose_variant(shares, b"key", "x", one) == name
        ]
        placed[name] = len(here)
        low = high
    assert placed.total() == len(everybody)
    assert all(abs(placed[name] / 1_500 - share) < 0.04 for name, share in shares.items())
