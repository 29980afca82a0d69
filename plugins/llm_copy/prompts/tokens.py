"""Turns a prompt into the tokens of a model, through its chat template when it has one."""

from __future__ import annotations

from typing import Any, Protocol

from .prompt import Prompt


class Reader(Protocol):
    """A model's tokenizer, and whether it is told in messages."""

    tokenizer: Any

    @property
    def is_chat(self) -> bool:
        """Whether it is told in messages."""
        ...


def read_prompt(reader: Reader, prompt: Prompt, start: str) -> list[int]:
    """Return the tokens of a prompt.

    Args:
        reader: The model.
        prompt: What it is told.
        start: How its answer begins: the label of the first field.
    """
    tokenizer = reader.tokenizer
    if not reader.is_chat:
        ids: list[int] = tokenizer.encode(prompt.join() + start)
        # Some tokenizers put an end behind every text; here it goes on.
        return ids[:-1] if len(ids) > 1 and ids[-1] == tokenizer.eos_token_id else ids
    text = _write_chat(tokenizer, prompt)
    chat: list[int] = tokenizer.encode(text + start, add_special_tokens=False)
    return chat


def _write_chat(tokenizer: Any, prompt: Prompt) -> str:
    from jinja2 import TemplateError

    system, user = (
        {"role": "system", "content": prompt.shared},
        {"role": "user", "content": prompt.own},
    )
    # Models that think first are told not to; templates of others do not look at it.
    how = {"tokenize": False, "add_generation_prompt": True, "enable_thinking": False}
    if prompt.shared:
        try:
            return str(tokenizer.apply_chat_template([system, user], **how))
        except TemplateError:
            pass  # it knows no system message
    user["content"] = f"{prompt.shared}\n\n{prompt.own}".strip()
    return str(tokenizer.apply_chat_template([user], **how))
