"""Reads the fields out of what a model answered: a JSON object, or lines with labels."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from ..prompts.plain import write_label

_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)


def make_schema(fields: Sequence[str]) -> dict[str, Any]:
    """Return the JSON Schema of a copy: a text for each field, and nothing else."""
    return {
        "type": "object",
        "properties": {name: {"type": "string"} for name in fields},
        "required": list(fields),
        "additionalProperties": False,
    }


def read_fields(text: str, fields: Sequence[str]) -> dict[str, str]:
    """Return the text of each field; "" where nothing was written for it.

    Args:
        text: What the model answered.
        fields: The fields that were asked for.
    """
    text = _THOUGHT.sub("", text)
    found = _find_object(text)
    if found is None:
        return _read_lines(text, fields)
    return {name: one if isinstance(one := found.get(name), str) else "" for name in fields}


def _find_object(text: str) -> dict[str, Any] | None:
    """Return the JSON object of an answer, also when there are words or a fence around it."""
    decoder = json.JSONDecoder(strict=False)
    for brace in re.finditer(r"\{\s*\"", text):
        try:
            found, _ = decoder.raw_decode(text, brace.start())
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    return None


def _read_lines(text: str, fields: Sequence[str]) -> dict[str, str]:
    labels = {write_label(name).casefold(): name for name in fields}
    marks = "|".join(re.escape(label) for label in labels)
    parts = re.split(rf"(?im)^[\s*#_-]*({marks})[*_]*", text)
    found = dict.fromkeys(fields, "")
    for label, said in zip(parts[1::2], parts[2::2], strict=True):
        name = labels[label.casefold()]
        found[name] = found[name] or said.strip()
    if len(fields) == 1 and len(parts) == 1:
        found[fields[0]] = text.strip()
    return found
