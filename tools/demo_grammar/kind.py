"""The kinds of products that the grammar knows, with what can be said of them in each language.

Each kind of `kinds/*.yaml` has `words` (how a shop may name the category), `facts` (the values of
its attributes, in English; `any` colour) and for each language: `noun` (in a list, after "new"),
`one` (what one buys, as an object), `for` (after "for"), `scene` and `wish` (whole sentences), in
German also `bei` (the noun in the dative).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of product.

    Attributes:
        name: Ours (`shoes`).
        words: How a shop may name it, by language.
        facts: Possible values of each attribute, in English.
        says: Phrases by language and name (`en`, `for`).
    """

    name: str
    words: Mapping[str, Sequence[str]]
    facts: Mapping[str, Sequence[str]]
    says: Mapping[str, Mapping[str, Sequence[str]]]


@cache
def load_words() -> Mapping[str, Any]:
    """Return the words that prompts are made of (`words.yaml`)."""
    words: Mapping[str, Any] = YAML(typ="safe").load(FOLDER / "words.yaml")
    return words


@cache
def load_kinds() -> tuple[Kind, ...]:
    """Return all kinds, in the order of their files."""
    return tuple(
        _read_kind(name, block)
        for path in sorted((FOLDER / "kinds").glob("*.yaml"))
        for name, block in YAML(typ="safe").load(path).items()
    )


def _read_kind(name: str, block: Mapping[str, Any]) -> Kind:
    colours = load_words()["colours"]
    return Kind(
        name=name,
        words=block["words"],
        facts={
            attribute: colours if values == "any" else values
            for attribute, values in block["facts"].items()
            if values
        },
        says={
            language: {
                key: [said] if isinstance(said, str) else said
                for key, said in block[language].items()
            }
            for language in ("en", "de")
        },
    )


def translate(value: str, language: str) -> str:
    """Return an attribute's value, given in English, in a language."""
    return str(load_words()["german"].get(value, value)) if language == "de" else value


def say_fact(attribute: str, value: str, language: str) -> str:
    """Return a fact as it is said in a text (`made of leather`, `aus Leder`)."""
    words = load_words()
    pattern: str = words["in_the_text"][attribute][language]
    if language == "en" and value in words["plural"]:
        pattern = pattern.replace(" a ", " ")
    return pattern.replace("%", translate(value, language))
