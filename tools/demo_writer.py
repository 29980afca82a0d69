"""Writes copy with the demo model by plain `generate`, field by field, to see what it learnt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from demo_grammar.record import Record
from demo_tokenizer import NEWLINE, split_into_tokens

from ballyhoo.plugins.llm_copy.prompts.plain import write_label

MOST_TOKENS = 160
BATCH = 50
SEED = 5


def load_model(folder: Path) -> tuple[Any, Any]:
    """Return the model of a folder, in float32, and its tokenizer."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    return model, AutoTokenizer.from_pretrained(folder)


def write_copies(
    model: Any, tokenizer: Any, records: Sequence[Record], *, temperature: float = 0.0
) -> list[dict[str, str]]:
    """Return a copy for each record; a field that was not written to its end is empty.

    Args:
        model: From `load_model`.
        tokenizer: Its tokenizer.
        records: Whose prompts are answered; all want the same fields.
        temperature: 0 takes the likeliest token each time.
    """
    import torch

    torch.manual_seed(SEED)
    copies: list[dict[str, str]] = []
    for at in range(0, len(records), BATCH):
        batch = records[at : at + BATCH]
        texts = [one.prompt for one in batch]
        written: list[dict[str, str]] = [{} for _ in batch]
        for name in batch[0].situation.brief.fields:
            texts = [text + write_label(name) for text in texts]
            answers = list(_write_lines(model, tokenizer, texts, temperature))
            for copy, answer in zip(written, answers, strict=True):
                copy[name] = answer.strip() if answer.endswith(NEWLINE) else ""
            texts = [
                text + answer.rstrip(NEWLINE) + NEWLINE
                for text, answer in zip(texts, answers, strict=True)
            ]
        copies += written
    return copies


def _write_lines(model: Any, tokenizer: Any, texts: list[str], temperature: float) -> Iterator[str]:
    """Yield what follows each text, up to and with the end of the line."""
    import torch

    given = tokenizer(texts, return_tensors="pt", padding=True, add_special_tokens=False)
    how: dict[str, Any] = {"do_sample": False}
    if temperature:
        how = {"do_sample": True, "temperature": temperature, "top_k": 0, "top_p": 1.0}
    with torch.no_grad():
        rows = model.generate(
            input_ids=given["input_ids"],
            attention_mask=given["attention_mask"],
            max_new_tokens=MOST_TOKENS,
            eos_token_id=[*split_into_tokens(tokenizer, [NEWLINE])[0], tokenizer.eos_token_id],
            pad_token_id=tokenizer.pad_token_id,
            **how,
        )
    for row in rows[:, given["input_ids"].shape[1] :]:
        yield tokenizer.decode(row, skip_special_tokens=True)
