"""The recipe's `generate` block of copy by a language model."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PlainValidator, TypeAdapter, ValidationInfo, WithJsonSchema

from ballyhoo import Options, Template, TemplateFile

DEMO_MODEL = "ballyhoo/demo"
"""The small model that comes with Ballyhoo: it shows how it works, it does not replace a writer."""

EngineName = Literal["auto", "own", "generate", "server"]

_INLINE = "prompt"
_FILE: TypeAdapter[Template] = TypeAdapter(TemplateFile)


def _read_prompt(value: Any, info: ValidationInfo) -> Template:
    """Return a prompt's template: what has a line or a brace is the template, else it is a file."""
    if isinstance(value, str) and ("\n" in value or "{" in value):
        return Template(_INLINE, value)
    return _FILE.validate_python(value, context=info.context)


PromptTemplate = Annotated[
    Template,
    PlainValidator(_read_prompt),
    WithJsonSchema(
        {"type": "string", "description": "A file below templates/, or the template itself."}
    ),
]


class LlmOptions(Options):
    """The recipe's `generate` block.

    Attributes:
        model: `ballyhoo/demo`, a folder, or the id of a causal language model.
        revision: The model's revision; the newest there is when left out.
        adapter: A LoRA adapter: a folder or an id.
        voice: How the brand speaks.
        occasion: Why it writes now (`win-back`).
        audience: Whom it writes to, in a few words (`lapsed runners`).
        prompt: Template of the prompt instead of the built-in one: a file, or the text itself.
        examples: Copy that was liked, shown to the model: text by field.
        temperature: How freely it chooses words; 0 always takes the likeliest.
        top_p: The likeliest words that have this probability together are chosen from.
        engine: What runs the model; `auto` is our own where the model allows it.
        as_json: Whether the model answers as JSON; the key is `json`.
    """

    model: str = Field(default=DEMO_MODEL, min_length=1, max_length=300)
    revision: str | None = Field(default=None, min_length=1, max_length=100)
    adapter: str | None = Field(default=None, min_length=1, max_length=300)
    voice: str | None = Field(default=None, max_length=200)
    occasion: str | None = Field(default=None, max_length=200)
    audience: str | None = Field(default=None, max_length=200)
    prompt: PromptTemplate | None = None
    examples: list[dict[str, str]] = Field(default_factory=list, max_length=20)
    temperature: float = Field(default=0.7, ge=0, le=2)
    top_p: float = Field(default=0.95, gt=0, le=1)
    engine: EngineName = "auto"
    as_json: bool = Field(default=False, alias="json")
