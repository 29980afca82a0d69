"""The length of texts, by the rules of GSM 03.38 and 03.40."""

from __future__ import annotations

import pytest

from ballyhoo_sms.segments import Alphabet, Length, measure_text


@pytest.mark.parametrize(
    ("text", "alphabet", "places", "segments"),
    [
        ("", "gsm7", 0, 1),
        ("x" * 160, "gsm7", 160, 1),
        ("x" * 161, "gsm7", 161, 2),
        ("x" * 306, "gsm7", 306, 2),
        ("x" * 307, "gsm7", 307, 3),
        ("€" * 80, "gsm7", 160, 1),
        ("€" * 81, "gsm7", 162, 2),
        # 76 of them fill 152 places of a segment of 153: the 77th is not cut in two.
        ("€" * 153, "gsm7", 306, 3),
        ("Grüße, Ça va? ¿Qué? ΔΩ", "gsm7", 22, 1),
        ("ça va", "ucs2", 5, 1),
        ("ë", "ucs2", 1, 1),
        ("я" * 70, "ucs2", 70, 1),
        ("я" * 71, "ucs2", 71, 2),
        ("\N{HIKING BOOT}" * 35, "ucs2", 70, 1),
        ("\N{HIKING BOOT}" * 36, "ucs2", 72, 2),
        # 33 of them fill 66 places of a segment of 67.
        ("\N{HIKING BOOT}" * 67, "ucs2", 134, 3),
    ],
)
def test_text_is_measured_as_networks_bill_it(
    text: str, alphabet: Alphabet, places: int, segments: int
) -> None:
    assert measure_text(text) == Length(alphabet=alphabet, places=places, segments=segments)
