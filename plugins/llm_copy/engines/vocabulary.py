"""What the tokens of a model look like as text: which end a line, which belong to slots."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import Tensor

    from .slots import SlotPlace

_SPACE_MARK = "\N{LOWER ONE EIGHTH BLOCK}"
"""Stands for a space in front of a word where tokens come from SentencePiece."""

_SIGNS = ("<", "[")
"""What signs of turns, roles and thoughts begin with, also where the tokenizer calls them text."""

_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""All but the end of a line, which has its own meaning here."""

_MOST_MASKS = 4096


class Vocabulary:
    """The tokens of a tokenizer, as long as the model's logits are.

    Args:
        tokenizer: Of transformers.
        size: How many logits the model has; what lies above the tokenizer is never chosen.
        device: Where masks are wanted.
        ends: Ids that end a text, those of the model's generation config.

    Attributes:
        guide: What another library made of the vocabulary, kept beside it; None until then.
    """

    def __init__(self, tokenizer: Any, size: int, *, device: Any, ends: Iterable[int] = ()) -> None:
        self.tokenizer = tokenizer
        self.size = size
        self.device = device
        known = {tokenizer.eos_token_id, *ends} - {None}
        self.ends = frozenset(one for one in known if one < size)
        self.guide: Any = None
        self._masks: dict[tuple[frozenset[str], SlotPlace, bool], Tensor] = {}

    def encode(self, text: str) -> list[int]:
        """Return the tokens of a text, without any sign for its beginning or end."""
        ids: list[int] = self.tokenizer.encode(text, add_special_tokens=False)
        return ids

    def encode_after(self, before: str, text: str) -> list[int]:
        """Return the tokens of a text that stands behind another one, as far as they keep apart."""
        start, whole = self.encode(before), self.encode(before + text)
        if whole[: len(start)] == start:
            return whole[len(start) :]
        return self.encode(text)

    def decode(self, ids: Sequence[int]) -> str:
        """Return the text of tokens, special ones left out."""
        text: str = self.tokenizer.decode(
            list(ids), skip_special_tokens=True, clean_up_tokenization_spaces=False
        )
        return text

    @cached_property
    def texts(self) -> list[str]:
        """The text of each token, "" for special ones and those that are none."""
        count = min(len(self.tokenizer), self.size)
        raw = self.tokenizer.convert_ids_to_tokens(list(range(count)))
        special = set(self.tokenizer.all_special_ids)
        special |= {
            id
            for id, added in self.tokenizer.added_tokens_decoder.items()
            if added.content.startswith(_SIGNS)
        }
        decoded = self.tokenizer.batch_decode(
            [[id] for id in range(count)], clean_up_tokenization_spaces=False
        )
        texts = [
            ""
            if id in special or token is None
            else f" {text}"
            if token.startswith(_SPACE_MARK) and not text[:1].isspace()
            else text
            for id, (token, text) in enumerate(zip(raw, decoded, strict=True))
        ]
        return texts + [""] * (self.size - count)

    @cached_property
    def line_ends(self) -> dict[int, str]:
        """The tokens that end a field, each with the text that it puts before the end."""
        found = {id: text.partition("\n")[0] for id, text in enumerate(self.texts) if "\n" in text}
        return found | dict.fromkeys(self.ends, "")

    @cached_property
    def braces(self) -> list[int]:
        """The tokens that open or close a slot, whatever else they hold."""
        return [id for id, text in enumerate(self.texts) if "{" in text or "}" in text]

    @cached_property
    def by_text(self) -> dict[str, list[int]]:
        """The tokens by their text; several may have the same."""
        found: dict[str, list[int]] = {}
        for id, text in enumerate(self.texts):
            if text:
                found.setdefault(text, []).append(id)
        return found

    @cached_property
    def unwritable(self) -> Tensor:
        """Marks tokens that never stand in a text: special ones, control characters, no text."""
        import torch

        mask = torch.tensor([not text or _CONTROL.search(text) is not None for text in self.texts])
        mask[[*self.ends]] = False
        return mask

    def mask(self, names: frozenset[str], place: SlotPlace, *, may_end: bool) -> Tensor:
        """Return which tokens may not come next.

        Args:
            names: The slots that may be used.
            place: Where in a slot the text is, None outside of one.
            may_end: Whether the field may end here.
        """
        key = (names, place, may_end)
        found = self._masks.get(key)
        if found is None:
            if len(self._masks) >= _MOST_MASKS:
                self._masks.clear()
            found = self._masks[key] = self._make_mask(*key).to(self.device)
        return found

    def _make_mask(self, names: frozenset[str], place: SlotPlace, may_end: bool) -> Tensor:
        import torch

        from .slots import list_next_tokens

        if place is not None:
            mask = torch.ones(self.size, dtype=torch.bool)
            mask[list_next_tokens(self, names, place)] = False
            # Where the vocabulary cannot spell the slot, the core refuses what is written instead.
            return self.unwritable.clone() if bool(mask.all()) else mask
        mask = self.unwritable.clone()
        allowed = set(list_next_tokens(self, names, None))
        mask[[id for id in self.braces if id not in allowed]] = True
        if not may_end:
            mask[list(self.line_ends)] = True
        return mask
