"""Phone numbers in their one form, E.164: a plus, the country code and the rest."""

from __future__ import annotations

import re
import unicodedata

_E164 = re.compile(r"[1-9][0-9]{6,14}")
_TRUNK = re.compile(r"\(0\)")
_SEPARATORS = re.compile(r"[\s().\-/\N{EN DASH}\N{EM DASH}\N{NON-BREAKING HYPHEN}]")


def normalise_number(number: str, *, country_code: str = "") -> str:
    """Bring a phone number into E.164 (`+4915112345678`).

    Args:
        number: As somebody wrote it: `+49 (0)151 123-456 78`, `0049 151 ...`, `0151 ...`.
        country_code: For numbers without one, digits only (`49`); when empty, such a number is
            refused. A leading 0 of theirs is left out, as nearly everywhere but in Italy.

    Raises:
        ValueError: It is no phone number; the message does not repeat it.
    """
    plain = unicodedata.normalize("NFKC", number)
    plain = "".join(one for one in plain if unicodedata.category(one) != "Cf")
    digits = _SEPARATORS.sub("", _TRUNK.sub("", plain))
    if digits.startswith("+"):
        digits = digits[1:]
    elif digits.startswith("00"):
        digits = digits[2:]
    elif not country_code:
        raise ValueError("a phone number needs its country code, such as +44, in front")
    else:
        digits = country_code + digits.removeprefix("0")
    if not digits.isascii() or not digits.isdigit():
        raise ValueError("a phone number holds digits, spaces and signs such as + ( ) - only")
    if not _E164.fullmatch(digits):
        raise ValueError("a phone number has 7 to 15 digits, and no country code begins with 0")
    return f"+{digits}"
