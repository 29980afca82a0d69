from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from ballyhoo.core.importing.countries import read_country
from ballyhoo.core.importing.expressions import make_plain
from ballyhoo.core.importing.numbers import read_comma_number, read_number
from ballyhoo.core.importing.times import time_reader
from ballyhoo.core.importing.values import read_key, read_language, read_text, read_zone


def milliseconds(*parts: int) -> int:
    return round(datetime(*parts, tzinfo=UTC).timestamp() * 1000)  # type: ignore[arg-type,misc]


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-04-30", (2026, 4, 30)),
        ("2026-04-30 09:15:00", (2026, 4, 30, 9, 15)),
        ("2026-04-30T09:15:00Z", (2026, 4, 30, 9, 15)),
        ("2026-04-30 09:15:00 +0200", (2026, 4, 30, 7, 15)),
        ("2026-04-30 09:15:00 -04:00", (2026, 4, 30, 13, 15)),
        ("2026-04-30 09:15:00 UTC", (2026, 4, 30, 9, 15)),
    ],
)
def test_dates_as_exports_write_them(text: str, moment: tuple[int, ...]) -> None:
    assert time_reader([], UTC)(text) == milliseconds(*moment)


def test_date_without_a_zone_is_that_of_the_map() -> None:
    read = time_reader([], ZoneInfo("Europe/Berlin"))
    assert read("2026-01-15 12:00") == milliseconds(2026, 1, 15, 11)
    assert read("2026-07-15 12:00") == milliseconds(2026, 7, 15, 10)


def test_formats_are_tried_in_their_order() -> None:
    read = time_reader(["%d.%m.%Y %H:%M", "%d.%m.%Y"], UTC)
    assert read("01.02.2026 03:04") == milliseconds(2026, 2, 1, 3, 4)
    assert read("01.02.2026") == milliseconds(2026, 2, 1)
    with pytest.raises(ValueError, match="is not a date written as"):
        read("2026-02-01")


@pytest.mark.parametrize("text", ["30.04.2026", "2026-02-30", "soon", "0001-01-01", 20260430])
def test_what_is_no_date_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="is not"):
        time_reader([], UTC)(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", "1"), ("-2.50", "-2.50"), ("1,234.56", "1234.56"), ("1 234", "1234"), ("€ 5", "5"),
     ("12.00 EUR", "12.00"), (6.95, "6.95"), ("1e3", "1e3"), ("1'000.5", "1000.5")],
)  # fmt: skip
def test_numbers_as_exports_write_them(text: object, number: str) -> None:
    assert read_number(text) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1,5", "1.5"), ("1.234,56", "1234.56"), ("1.234", "1234"), ("7", "7"), ("12,90 €", "12.90")],
)
def test_numbers_with_a_decimal_comma(text: str, number: str) -> None:
    assert read_comma_number(text) == Decimal(number)


@pytest.mark.parametrize("text", ["1,5", "nan", "Infinity", "1_000", "٣", "1.2.3", "1e99", True])
def test_what_is_no_number_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="is"):
        read_number(text)


@pytest.mark.parametrize("text", ["1.5", "12.34", "1,5,5"])
def test_decimal_point_where_a_comma_was_promised_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a number"):
        read_comma_number(text)


def test_text_that_no_database_can_hold_is_refused() -> None:
    for text in ("a\x00b", "a\ud800b"):
        with pytest.raises(ValueError, match="cannot be stored"):
            read_text(text)


def test_number_in_place_of_a_key_is_its_digits() -> None:
    assert read_key(13085.0) == "13085"
    assert read_key(float("nan")) is None


def test_country_by_code_or_english_name() -> None:
    assert [read_country(text) for text in ("de", "United Kingdom", "Türkiye")] == [
        "DE",
        "GB",
        "TR",
    ]
    with pytest.raises(ValueError, match="is no country"):
        read_country("Atlantis")


def test_language_and_zone_have_their_one_form() -> None:
    assert read_language("pt_br") == "pt-BR"
    assert read_language("zh-hant-tw") == "zh-Hant-TW"
    assert read_zone("Europe/Berlin") == "Europe/Berlin"
    with pytest.raises(ValueError, match="is no time zone"):
        read_zone("Mars/Olympus")


def test_html_becomes_plain_text() -> None:
    markup = "<p>Warm &amp; soft.</p><script>x()</script><p>Two<br/>lines</p>"
    assert make_plain(markup) == "Warm & soft.\nTwo\nlines"
