"""Lets a model write the slots of its brief and no others, token by token."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .vocabulary import Vocabulary

SlotPlace = str | None
"""What was written since the brace that is open, or None when none is."""


class WrongSlot(Exception):
    """A text opens or closes a slot where it must not, or names one that there is not."""


def follow_text(text: str, names: Collection[str], place: SlotPlace) -> SlotPlace:
    """Return where in a slot one is after some more text.

    Args:
        text: What is written next.
        names: The slots that may be used.
        place: Where one was.

    Raises:
        WrongSlot: It makes a slot that may not be used, or a brace that belongs to none.
    """
    for one in text:
        if place is None:
            if one == "}":
                raise WrongSlot(text)
            place = "" if one == "{" else None
        elif one == "}":
            if place not in names:
                raise WrongSlot(text)
            place = None
        else:
            place += one
            if not any(name.startswith(place) for name in names):
                raise WrongSlot(text)
    if place is not None and not any(name.startswith(place) for name in names):
        raise WrongSlot(text)
    return place


def list_next_tokens(vocabulary: Vocabulary, names: Collection[str], place: SlotPlace) -> list[int]:
    """Return the tokens that may come next: those with a brace, and within a slot all others too.

    Args:
        vocabulary: The model's.
        names: The slots that may be used.
        place: Where in a slot the text is; None outside of one.
    """
    texts = vocabulary.texts
    found = [
        id
        for id in vocabulary.braces
        if id not in vocabulary.line_ends and _may_follow(texts[id], names, place)
    ]
    if place is not None:
        rests = {name[len(place) :] for name in names if name.startswith(place)}
        starts = {rest[:length] for rest in rests for length in range(1, len(rest) + 1)}
        found += [id for start in starts for id in vocabulary.by_text.get(start, ())]
    return found


def _may_follow(text: str, names: Collection[str], place: SlotPlace) -> bool:
    try:
        follow_text(text, names, place)
    except WrongSlot:
        return False
    return True
