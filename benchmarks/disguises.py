"""Ways to hide words from whoever looks for them, while a reader still understands them."""

from __future__ import annotations

import random
from collections.abc import Callable

Disguise = Callable[[str, random.Random], str]

_GREEK_AND_CYRILLIC = str.maketrans("aeopcxyiHOPEC", "аеорсхуіНОРЕС")
_CIRCLED = str.maketrans("123456789", "①②③④⑤⑥⑦⑧⑨")
_ARABIC = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")


def _is_word(text: str) -> bool:
    return text.isascii() and text.isalpha() and len(text) > 2


def insert_zero_width(words: str, random_: random.Random) -> str:
    """Put a character that is not seen into the middle of each word."""
    mark = random_.choice("\u200b\u200c\u2060\u00ad\ufeff")
    return " ".join(
        one[: len(one) // 2] + mark + one[len(one) // 2 :] if len(one) > 1 else one
        for one in words.split(" ")
    )


def widen(words: str, random_: random.Random) -> str:
    """Write letters, digits and signs in full width."""
    return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" else one for one in words)


def embolden(words: str, random_: random.Random) -> str:
    """Write letters and digits as mathematical bold ones."""
    out = []
    for one in words:
        if "A" <= one <= "Z":
            out.append(chr(0x1D400 + ord(one) - ord("A")))
        elif "a" <= one <= "z":
            out.append(chr(0x1D41A + ord(one) - ord("a")))
        elif "0" <= one <= "9":
            out.append(chr(0x1D7CE + ord(one) - ord("0")))
        else:
            out.append(one)
    return "".join(out)


def swap_letters(words: str, random_: random.Random) -> str:
    """Take Cyrillic letters that look like Latin ones."""
    return words.translate(_GREEK_AND_CYRILLIC)


def circle_digits(words: str, random_: random.Random) -> str:
    """Write digits in circles."""
    return words.translate(_CIRCLED)


def write_arabic(words: str, random_: random.Random) -> str:
    """Write digits as they are written in Cairo."""
    return words.translate(_ARABIC)


def space_out(words: str, random_: random.Random) -> str:
    """Put a space between the letters of each word."""
    return "  ".join(" ".join(one) if _is_word(one) else one for one in words.split(" "))


def dot_out(words: str, random_: random.Random) -> str:
    """Put a sign between the letters of each word."""
    sign = random_.choice(".-_*·")
    return " ".join(sign.join(one) if _is_word(one) else one for one in words.split(" "))


def split_words(words: str, random_: random.Random) -> str:
    """Put a space into the longest word."""
    longest = max(words.split(" "), key=len)
    if not _is_word(longest) or len(longest) < 5:
        return words
    middle = len(longest) // 2
    return words.replace(longest, f"{longest[:middle]} {longest[middle:]}", 1)


def shout(words: str, random_: random.Random) -> str:
    """Write in capitals."""
    return words.upper()


def add_accents(words: str, random_: random.Random) -> str:
    """Put an accent on each vowel."""
    return "".join(one + "\u0301" if one in "aeou" else one for one in words)


def turn_around(words: str, random_: random.Random) -> str:
    """Put direction marks around the words."""
    return f"\u202a{words}\u202c"


DISGUISES: dict[str, Disguise] = {
    one.__name__: one
    for one in (
        insert_zero_width, widen, embolden, swap_letters, circle_digits, write_arabic, space_out,
        dot_out, split_words, shout, add_accents, turn_around,
    )
}  # fmt: skip
