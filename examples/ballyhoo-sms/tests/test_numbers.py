"""Phone numbers as people write them, and their one form."""

from __future__ import annotations

import pytest

from ballyhoo_sms.numbers import normalise_number


@pytest.mark.parametrize(
    "written",
    [
        "+447700900001",
        "+44 7700 900001",
        "0044 7700-900.001",
        "+44 (0)7700 900001",
        "+44/7700/900001",
        "\N{LEFT-TO-RIGHT MARK}+44\N{NO-BREAK SPACE}7700\N{EN DASH}900001",
        "\N{FULLWIDTH PLUS SIGN}44\N{FULLWIDTH DIGIT SEVEN}700900001",
    ],
)
def test_number_with_its_country_code_is_found_however_it_is_written(written: str) -> None:
    assert normalise_number(written) == "+447700900001"
    assert normalise_number(written, country_code="49") == "+447700900001"


@pytest.mark.parametrize("written", ["07700 900001", "7700900001", "(07700) 900-001"])
def test_number_without_one_gets_the_given_country_code(written: str) -> None:
    assert normalise_number(written, country_code="44") == "+447700900001"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "07700 900001",
        "+44 7700",
        "+0447700900001",
        "+4477009000011234",
        "+44 call me",
        "+\N{ARABIC-INDIC DIGIT FOUR}4 7700 900001",
    ],
)
def test_what_is_no_number_is_refused_without_being_repeated(written: str) -> None:
    with pytest.raises(ValueError, match="a phone number") as raised:
        normalise_number(written)
    assert not written or written not in str(raised.value)
