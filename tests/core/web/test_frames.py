"""Values come out as they went in, however the bytes are cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.core.web.frames import Frames, pack

VALUES = st.lists(
    st.recursive(
        st.none() | st.integers() | st.text() | st.binary(),
        lambda inner: st.lists(inner, max_size=3) | st.tuples(inner, inner),
        max_leaves=8,
    ),
    max_size=5,
)


@given(VALUES, st.lists(st.integers(1, 40), min_size=1))
def test_values_come_out_of_bytes_in_any_pieces(values: list[object], sizes: list[int]) -> None:
    data = b"".join(pack(one) for one in values)
    frames, found, place = Frames(), [], 0
    for turn in range(len(data)):
        size = sizes[turn % len(sizes)]
        found += frames.feed(data[place : place + size])
        place += size
    assert found == values


@given(VALUES.filter(bool), st.data())
def test_half_a_value_is_none(values: list[object], data: st.DataObject) -> None:
    packed = [pack(one) for one in values]
    cut = data.draw(st.integers(0, len(packed[-1]) - 1))
    broken = b"".join(packed[:-1]) + packed[-1][:cut]
    assert list(Frames().feed(broken)) == values[:-1]
