from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo import DataError, Slot, fill_slots, find_slots, without_slots
from ballyhoo.core.slots import MOST_PRODUCTS, known_slots, scan_slots

quick = settings(derandomize=True, deadline=None, max_examples=100)
PLAIN = st.text(st.characters(exclude_characters="{}"), max_size=20)
NAMES = st.from_regex(r"[a-z_][a-z0-9_]{0,6}(\.[a-z0-9_]{1,6}){0,2}", fullmatch=True)
DEFAULTS = st.none() | st.text(st.characters(exclude_characters="{}"), max_size=8)
PARTS = st.lists(st.tuples(PLAIN, NAMES, DEFAULTS), max_size=4)


def write(parts: list[tuple[str, str, str | None]], end: str) -> str:
    return "".join(
        f"{plain}{{{name}}}" if default is None else f"{plain}{{{name}|{default}}}"
        for plain, name, default in parts
    ) + end  # fmt: skip


@given(text=PLAIN)
@quick
def test_text_without_braces_stays_as_it_is(text: str) -> None:
    assert list(find_slots(text)) == []
    assert fill_slots(text, {}) == without_slots(text) == text


@given(parts=PARTS, end=PLAIN)
@quick
def test_every_slot_is_found_where_it_stands(
    parts: list[tuple[str, str, str | None]], end: str
) -> None:
    text = write(parts, end)
    found = list(find_slots(text))
    assert [(slot.name, slot.default) for slot in found] == [part[1:] for part in parts]
    for slot, (plain, name, _) in zip(found, parts, strict=True):
        assert text[slot.start : slot.end].strip("{}").partition("|")[0] == name
        assert text[: slot.start].endswith(plain)


@given(parts=PARTS, end=PLAIN)
@quick
def test_filling_puts_each_fact_in_its_place(
    parts: list[tuple[str, str, str | None]], end: str
) -> None:
    facts = {name: f"<{name}>" for _, name, _ in parts}
    expected = "".join(f"{plain}<{name}>" for plain, name, _ in parts) + end
    assert fill_slots(write(parts, end), facts) == expected


@given(parts=PARTS, end=PLAIN)
@quick
def test_without_facts_the_defaults_stand_there(
    parts: list[tuple[str, str, str | None]], end: str
) -> None:
    text = write(parts, end)
    if all(default is not None for _, _, default in parts):
        assert fill_slots(text, {}) == without_slots(text)
    else:
        with pytest.raises(DataError, match="has no value and no default"):
            fill_slots(text, {})
    assert without_slots(text) == "".join(f"{a}{c or ''}" for a, _, c in parts) + end


@given(text=st.text("{}|ab._ 1\n", max_size=16))
@quick
def test_any_text_with_braces_is_read_whole_or_refused_at_a_brace(text: str) -> None:
    slots, position = read(text)
    if position is None:
        outside = without_slots(text)
        assert sum(text.count(brace) for brace in "{}") == 2 * len(slots)
        assert "{" not in outside
        assert "}" not in outside
    else:
        assert text[position] in "{}"


def read(text: str) -> tuple[list[Slot], int | None]:
    try:
        return list(find_slots(text)), None
    except DataError as error:
        position = error.context["position"]
        assert isinstance(position, int)
        return [], position


def test_a_fact_is_not_read_for_slots_again() -> None:
    assert fill_slots("Hello {first_name}", {"first_name": "{offer.code}"}) == "Hello {offer.code}"


def test_an_empty_fact_gives_way_to_the_default() -> None:
    assert fill_slots("{first_name|friend}", {"first_name": ""}) == "friend"


def test_an_empty_default_is_a_default() -> None:
    assert fill_slots("Hello{first_name|}!", {}) == "Hello!"


def test_space_around_a_name_does_not_matter() -> None:
    assert fill_slots("{ first_name |my friend}", {"first_name": "Ada"}) == "Ada"


@pytest.mark.parametrize(
    ("text", "said", "position"),
    [
        ("Hello {first_name", "a '{' without its other half", 6),
        ("Hello first_name}", "a '}' without its other half", 16),
        ("{a} } {b}", "a '}' without its other half", 4),
        ("{a{b}", "a '{' without its other half", 0),
        ("{}", "'{}' is not a slot", 0),
        ("{Vorname}", "'{Vorname}' is not a slot", 0),
        ("{first name}", "'{first name}' is not a slot", 0),
        ("{first_name\n.}", "'{first_name\\n.}' is not a slot", 0),
        ("{first_name\u200b}", "'{first_name<U+200B>}' is not a slot", 0),
        (
            "Hi {{first_name}}",
            "'{{first_name}}' has two braces on each side where a slot has one",
            3,
        ),
        ("{" + "x " * 50 + "}", "'{" + "x " * 28 + "...' is not a slot", 0),
    ],
)
def test_a_brace_that_is_no_slot_is_refused_with_its_position(
    text: str, said: str, position: int
) -> None:
    with pytest.raises(DataError) as caught:
        list(find_slots(text))
    assert caught.value.message == said
    assert caught.value.context == {"position": position}


def test_every_mistake_and_every_slot_of_a_text_is_found() -> None:
    found = list(scan_slots("{a} {Bad} }{{b}} {c|d} {"))
    assert [one.name if isinstance(one, Slot) else one.message for one in found] == [
        "a",
        "'{Bad}' is not a slot",
        "a '}' without its other half",
        "'{{b}}' has two braces on each side where a slot has one",
        "c",
        "a '{' without its other half",
    ]


@given(text=st.text("{}|ab._ 1\n", max_size=16))
@quick
def test_a_text_is_read_whole_when_nothing_in_it_is_wrong(text: str) -> None:
    found = list(scan_slots(text))
    slots, position = read(text)
    wrong = [one for one in found if not isinstance(one, Slot)]
    assert (position is None) == (wrong == [])
    assert found == slots if position is None else wrong[0].context == {"position": position}


def test_products_and_offers_bring_their_slots() -> None:
    bare = known_slots(products=False, offer=False)
    assert bare == ["first_name", "last_name", "full_name"]
    both = known_slots(products=True, offer=True)
    assert set(bare) < set(both)
    assert {"price", "product.name", f"product.{MOST_PRODUCTS}.name", "offer.ends"} < set(both)
    assert len(both) == len(set(both))
    for name in both:
        assert [slot.name for slot in find_slots(f"{{{name}}}")] == [name]
