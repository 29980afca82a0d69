"""Makes the tokenizer of the demo model: a byte-level BPE in which each slot is one token."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

NEWLINE = "\n"
END = "</s>"
PADDING = "<pad>"
PIECES = r" ?\{[a-z_.]+\}|\n| ?\p{L}+|\d| ?[^\s\p{L}\p{N}]|\s"
"""Tokens never cross these pieces, so a text has the same tokens whatever stands before it."""
SLOTS = (
    "first_name", "last_name", "full_name", "product.name", "product.brand", "product.category",
    "price", "list_price", "offer.code", "offer.discount", "offer.ends",
)  # fmt: skip


def train_tokenizer(texts: Iterable[str], *, size: int) -> Any:
    """Return a `PreTrainedTokenizerFast`.

    Args:
        texts: What it learns from.
        size: Tokens that it has at the end.
    """
    from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers
    from transformers import PreTrainedTokenizerFast

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=size,
        special_tokens=[PADDING, END],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    slots = [f" {{{name}}}\n{{{name}}}" for name in SLOTS] * 10_000
    tokenizer.train_from_iterator([*texts, *slots], trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END,
        pad_token=PADDING,
        padding_side="left",
        clean_up_tokenization_spaces=False,
    )


def split_into_tokens(tokenizer: Any, texts: list[str]) -> list[list[int]]:
    """Return the tokens of each text, nothing added."""
    tokens: list[list[int]] = tokenizer(texts, add_special_tokens=False)["input_ids"]
    return tokens
