from __future__ import annotations

import re
from datetime import time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.core.recipe import values
from ballyhoo.core.recipe.values import (
    Again,
    Approval,
    Rate,
    TimesOfDay,
    parse_again,
    parse_approval,
    parse_discount,
    parse_duration,
    parse_name,
    parse_percentage,
    parse_rate,
    parse_times_of_day,
)

quick = settings(derandomize=True, deadline=None, max_examples=100)

UNITS = {
    "s": timedelta(seconds=1),
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
PARSERS = {
    "DURATION": parse_duration,
    "PERCENTAGE": parse_percentage,
    "RATE": parse_rate,
    "TIMES": parse_times_of_day,
    "AGAIN": parse_again,
    "APPROVAL": parse_approval,
    "DISCOUNT": parse_discount,
    "NAME": parse_name,
}
EXAMPLES = [
    "30d", "2h", "90min", "45s", "2w", "5%", "0.5%", "600/min", "10/s", "5000/day", "1/hour",
    "21:00-08:00", "never", "after 30d", "all", "sample 20", "20%", "5.00 EUR", "spring-trail",
]  # fmt: skip


def refusal(parse, text: str) -> str | None:
    try:
        parse(text)
    except ValueError as error:
        return str(error)
    return None


@given(number=st.integers(1, 500), unit=st.sampled_from(sorted(UNITS)))
@quick
def test_a_duration_is_its_number_times_its_unit(number: int, unit: str) -> None:
    assert parse_duration(f"{number}{unit}") == number * UNITS[unit]
    assert parse_again(f"after {number}{unit}") == Again(number * UNITS[unit])


@given(number=st.integers(1, 500), unit=st.sampled_from(sorted(UNITS)))
@quick
def test_again_is_written_as_it_is_read(number: int, unit: str) -> None:
    again = parse_again(f"after {number}{unit}")
    assert parse_again(str(again)) == again
    assert str(Again(None)) == "never"
    assert str(parse_again("after 30d")) == "after 30d"
    assert str(parse_again("after 48h")) == "after 2d"


@given(share=st.decimals(0, 100, places=3))
@quick
def test_a_percentage_is_a_hundredth(share: Decimal) -> None:
    assert parse_percentage(f"{share}%") * 100 == share


@given(count=st.integers(1, 10**9), unit=st.sampled_from(["s", "min", "h", "hour", "d", "day"]))
@quick
def test_a_rate_is_a_count_in_a_time(count: int, unit: str) -> None:
    per = {"hour": "h", "day": "d"}.get(unit, unit)
    assert parse_rate(f"{count}/{unit}") == Rate(count, UNITS[per])


@given(start=st.times(), end=st.times())
@quick
def test_times_of_day_are_read_back_to_the_minute(start: time, end: time) -> None:
    start, end = (one.replace(second=0, microsecond=0, fold=0) for one in (start, end))
    text = f"{start:%H:%M}-{end:%H:%M}"
    if start == end:
        with pytest.raises(ValueError, match="two different times of day"):
            parse_times_of_day(text)
    else:
        assert parse_times_of_day(text) == TimesOfDay(start, end)


@given(text=st.text(max_size=12) | st.sampled_from(EXAMPLES).map(lambda text: text + "\n"))
@quick
def test_any_text_is_read_or_refused_with_a_reason(text: str) -> None:
    for parse in PARSERS.values():
        said = refusal(parse, text)
        assert said is None or re.match(r"(an? |two |times |at most |'(never|all)')", said)


@pytest.mark.parametrize("name", sorted(PARSERS))
@given(data=st.data())
@quick
def test_the_pattern_of_the_schema_takes_what_the_parser_takes(name: str, data) -> None:
    pattern = getattr(values, f"{name}_PATTERN")
    text = data.draw(st.from_regex(pattern.replace("$", r"\Z"), fullmatch=True))
    said = refusal(PARSERS[name], text)
    # Beyond the pattern there are only bounds: too long, too many, nothing between two times.
    bounded = said is None or re.search("at most|two different", said) is not None
    assert bounded or not text.isascii(), text


@pytest.mark.parametrize(
    ("parse", "text"),
    [
        (parse_duration, "30d\n"),
        (parse_duration, "٣٠d"),
        (parse_duration, "0d"),
        (parse_duration, "1.5h"),
        (parse_duration, "30 d"),
        (parse_duration, "P30D"),
        (parse_duration, "30D"),
        (parse_percentage, "5"),
        (parse_percentage, "-5%"),
        (parse_percentage, "5 %"),
        (parse_percentage, ".5%"),
        (parse_percentage, "100.01%"),
        (parse_rate, "600/minute"),
        (parse_rate, "0/s"),
        (parse_rate, f"{10**9 + 1}/s"),
        (parse_times_of_day, "9:00-17:00"),
        (parse_times_of_day, "21:00-24:00"),
        (parse_times_of_day, "21:00 - 08:00"),
        (parse_again, "never\n"),
        (parse_again, "after never"),
        (parse_again, "after  30d"),
        (parse_approval, "sample"),
        (parse_approval, "sample 0"),
        (parse_approval, "none"),
        (parse_discount, "20"),
        (parse_discount, "101%"),
        (parse_discount, "5 eur"),
        (parse_discount, "€5"),
        (parse_name, "Spring"),
        (parse_name, "spring trail"),
        (parse_name, "-spring"),
        (parse_name, "spring\n"),
        (parse_name, "a" * 81),
        (parse_name, ""),
    ],
)
def test_what_is_nearly_right_is_refused(parse, text: str) -> None:
    with pytest.raises(ValueError, match=r"^(a|an|at|'all'|'never'|times) "):
        parse(text)


@pytest.mark.parametrize("parse", [parse_duration, parse_rate, parse_approval, parse_percentage])
def test_endless_digits_are_refused_in_a_short_sentence(parse) -> None:
    digits = "9" * 5_000
    for text in (f"{digits}d", f"{digits}/s", f"sample {digits}", f"{digits}%"):
        with pytest.raises(ValueError, match=r"^.{5,80}$"):
            parse(text)


def test_the_longest_duration_is_ten_years() -> None:
    assert parse_duration("3660d") == timedelta(days=3660)
    with pytest.raises(ValueError, match="at most ten years"):
        parse_duration("3661d")


def test_approval_and_again_know_all_and_never() -> None:
    assert parse_approval("all") == Approval(None)
    assert parse_approval("sample 20") == Approval(20)
    assert parse_again("never") == Again(None)
