"""The words that the catalogue uses for features: attribute values and tags of all products."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import islice
from weakref import WeakKeyDictionary

from ballyhoo import Context, Product, StoreView

from .lexicon.everyday import EVERYDAY
from .reading import HAN, read
from .words import list_whole_words

CHUNK = 1_000
MOST_PRODUCTS = 50_000
MOST_WORDS = 20_000
EMPTY_CHUNKS = 5
"""After so many thousands of ids without a product, the catalogue is taken to end."""

LONGEST = 40
MOST_PARTS = 4
_HAN = re.compile(f"[{HAN}]")
_PHRASE = re.compile(r"[^\W\d_]+(?:[ '-][^\W\d_]+)*")
_TOKEN = re.compile(rf"[^\W\d_{HAN}]+|[{HAN}]")

UNSPECIFIC = frozenset((
    "colour", "color", "farbe", "size", "grosse", "groesse", "season", "saison", "gender",
    "geschlecht", "collection", "kollektion", "style", "stil", "occasion", "anlass", "brand",
    "marke", "vendor", "hersteller", "sku", "ean", "gtin", "颜色", "尺码", "尺寸", "季节",
    "性别", "品牌",
))  # fmt: skip
"""Attributes whose values are words of every day."""

Finder = Callable[[str], Iterator[tuple[int, int]]]

_by_store: WeakKeyDictionary[StoreView, Finder] = WeakKeyDictionary()
_by_run: dict[tuple[int, str], Finder] = {}


def open_vocabulary(context: Context) -> Finder:
    """Return what finds words of the catalogue in a text without diacritics.

    The catalogue is read once in a run, and once for a view of the store outside of one.
    """
    if context.run_id is not None:
        key = (context.run_id, str(context.folder))
        if key not in _by_run:
            _by_run.clear()  # a worker is on one run for long; the last one is enough
            _by_run[key] = make_finder(read_vocabulary(context.store))
        return _by_run[key]
    try:
        known = _by_store.get(context.store)
    except TypeError:  # a view that cannot be referred to weakly
        return make_finder(read_vocabulary(context.store))
    if known is None:
        known = _by_store[context.store] = make_finder(read_vocabulary(context.store))
    return known


def read_vocabulary(store: StoreView) -> frozenset[str]:
    """Return the words of the first products of a store, without diacritics."""
    words: set[str] = set()
    empty = 0
    for start in range(1, MOST_PRODUCTS, CHUNK):
        found = [one for one in store.products(range(start, start + CHUNK)) if one is not None]
        empty = 0 if found else empty + 1
        for product in found:
            words.update(list_words(product))
        if empty == EMPTY_CHUNKS or len(words) >= MOST_WORDS:
            break
    return frozenset(islice(sorted(words - list_everyday()), MOST_WORDS))


@lru_cache(maxsize=1)
def list_everyday() -> frozenset[str]:
    """Return words that say nothing of one product."""
    return frozenset(list_whole_words(EVERYDAY))


def list_words(product: Product) -> Iterator[str]:
    """Yield the values of a product's attributes and its tags that a text could claim."""
    values = [
        value
        for name, value in product.attributes.items()
        if read(name).bare.strip() not in UNSPECIFIC
    ]
    for value in [*values, *product.tags]:
        for part in re.split(r"[,;/|]", value):
            word = read(part[: 2 * LONGEST]).bare.strip()
            least = 2 if _HAN.search(word) else 4
            is_short = least <= len(word) <= LONGEST and len(word.split()) <= MOST_PARTS
            if is_short and _PHRASE.fullmatch(word):
                yield word


def make_finder(words: frozenset[str]) -> Finder:
    """Return what yields the spans of these words; its time does not grow with their number."""
    phrases = {tuple(_TOKEN.findall(word)) for word in words}
    lengths: dict[str, set[int]] = {}
    for phrase in phrases:
        lengths.setdefault(phrase[0], set()).add(len(phrase))

    def find(text: str) -> Iterator[tuple[int, int]]:
        tokens = list(_TOKEN.finditer(text))
        for at, token in enumerate(tokens):
            for length in lengths.get(token[0], ()):
                run = tokens[at : at + length]
                if len(run) == length and tuple(one[0] for one in run) in phrases:
                    yield token.start(), run[-1].end()

    return find
