"""Brings an e-mail address or a phone number into its one form."""

from __future__ import annotations

import re
import unicodedata

_PLAIN = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_LOCAL = re.compile(r"[^\s@()<>\[\],;:\\\"\x00-\x1f\x7f]+")
_SEPARATORS = re.compile(r"[\s().\-/\u00a0\u2010-\u2015]+")

CALLING_CODES = {
    **dict.fromkeys(("US", "CA", "PR", "DO", "JM"), ("1", "1")),
    **{"RU": ("7", "8"), "KZ": ("7", "8"), "HU": ("36", "06"), "LT": ("370", "0")},
    **{"IT": ("39", ""), "ES": ("34", ""), "PT": ("351", ""), "GR": ("30", "")},
    **{"DK": ("45", ""), "NO": ("47", ""), "PL": ("48", ""), "CZ": ("420", "")},
    **{"LU": ("352", ""), "IS": ("354", ""), "MT": ("356", ""), "CY": ("357", "")},
    **{"EE": ("372", ""), "LV": ("371", ""), "SG": ("65", ""), "HK": ("852", "")},
    **{"MX": ("52", ""), "CL": ("56", ""), "CO": ("57", ""), "GB": ("44", "0")},
    **{"DE": ("49", "0"), "AT": ("43", "0"), "CH": ("41", "0"), "LI": ("423", "")},
    **{"FR": ("33", "0"), "NL": ("31", "0"), "BE": ("32", "0"), "IE": ("353", "0")},
    **{"SE": ("46", "0"), "FI": ("358", "0"), "SK": ("421", "0"), "SI": ("386", "0")},
    **{"HR": ("385", "0"), "RO": ("40", "0"), "BG": ("359", "0"), "RS": ("381", "0")},
    **{"UA": ("380", "0"), "TR": ("90", "0"), "IL": ("972", "0"), "AE": ("971", "0")},
    **{"SA": ("966", "0"), "IN": ("91", "0"), "CN": ("86", "0"), "JP": ("81", "0")},
    **{"KR": ("82", "0"), "TW": ("886", "0"), "TH": ("66", "0"), "VN": ("84", "0")},
    **{"MY": ("60", "0"), "ID": ("62", "0"), "PH": ("63", "0"), "AU": ("61", "0")},
    **{"NZ": ("64", "0"), "ZA": ("27", "0"), "EG": ("20", "0"), "NG": ("234", "0")},
    **{"KE": ("254", "0"), "MA": ("212", "0"), "BR": ("55", "0"), "AR": ("54", "0")},
}
"""Calling code and trunk prefix (dialled within the country only) by ISO 3166-1 code."""


def normalise_email(text: str) -> str:
    """Return an address in lower case, its domain in the form that the DNS knows.

    Raises:
        ValueError: It cannot be written to; the reason does not hold the address.
    """
    address = text.strip().lower()
    if len(address) <= 254 and _PLAIN.fullmatch(address) and address.index("@") <= 64:
        return address
    address = unicodedata.normalize("NFC", address)
    local, at, domain = address.rpartition("@")
    if not at or not local or not domain:
        raise ValueError("an e-mail address has one @ between a name and a domain")
    if not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith("."):
        raise ValueError("the part before the @ has a character that cannot stand there")
    if ".." in local:
        raise ValueError("the part before the @ has two dots in a row")
    try:
        domain = domain.encode("idna").decode("ascii") if not domain.isascii() else domain
    except UnicodeError:
        raise ValueError("the part after the @ is no domain") from None
    if len(local.encode()) > 64 or len(local.encode()) + len(domain) > 253:
        raise ValueError("the address is too long")
    if not _PLAIN.fullmatch(f"x@{domain}"):
        raise ValueError("the part after the @ is no domain")
    return f"{local}@{domain}"


def normalise_phone(text: str, country: str | None = None) -> str:
    """Return a phone number as E.164 (`+4930123456`).

    Args:
        text: With `+` or `00` and the calling code, or as it is dialled within `country`.
        country: ISO 3166-1 alpha-2 code for a number without a calling code.

    Raises:
        ValueError: It is no phone number, or its country is not known; without the number.
    """
    number = _SEPARATORS.sub("", text.strip().replace("(0)", ""))
    if number.startswith("00"):
        number = f"+{number[2:]}"
    if not number.startswith("+"):
        if country not in CALLING_CODES:
            raise ValueError("a phone number needs its calling code, as in +49 ...")
        code, trunk = CALLING_CODES[country]
        number = f"+{code}{number.removeprefix(trunk) if trunk else number}"
    digits = number[1:]
    if not (digits.isascii() and digits.isdigit()) or digits.startswith("0"):
        raise ValueError("a phone number has digits only, after its +")
    if not 7 <= len(digits) <= 15:
        raise ValueError("a phone number has 7 to 15 digits")
    return number
