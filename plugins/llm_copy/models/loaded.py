"""A model that is ready to write, with the engines that can run it."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Literal

from ballyhoo import DataError, EnvironmentMissing

from ..engines.own import OwnEngine
from ..engines.picking import Sampling
from ..engines.plain_generate import GenerateEngine
from ..engines.row import Row
from ..engines.vocabulary import Vocabulary
from .machine import use_threads

LocalEngine = Literal["auto", "own", "generate"]


@dataclass(slots=True, kw_only=True)
class LoadedModel:
    """A model that is ready to write.

    Attributes:
        name: The model with its revision, and its adapter's.
        model: Of transformers.
        tokenizer: Of transformers.
        vocabulary: Its tokens.
        how: Type and device, for the provenance (`float32 on cpu`).
        engines: By name; `own` is missing when the model refuses it.
        threads: How many threads it has on a CPU; 0 leaves that to torch.
    refusal: Why it refuses our own engine, or None.
        lock: Held while it writes: a model does one thing at a time.
    """

    name: str
    model: Any
    tokenizer: Any
    vocabulary: Vocabulary
    how: str
    engines: dict[str, OwnEngine | GenerateEngine]
    threads: int = 0
    refusal: str | None = None
    lock: AbstractContextManager[bool] = field(default_factory=threading.RLock)

    @property
    def is_chat(self) -> bool:
        """Whether it is told in messages."""
        return bool(getattr(self.tokenizer, "chat_template", None))

    @property
    def longest(self) -> int | None:
        """How many tokens it reads, prompt and copy together; None when it does not say."""
        most = getattr(self.model.config.get_text_config(), "max_position_embeddings", None)
        return None if most is None else int(most)

    def choose_engine(self, wanted: LocalEngine) -> OwnEngine | GenerateEngine:
        """Return the engine that the recipe wants.

        Raises:
            EnvironmentMissing: It wants our own, and the model refuses it.
        """
        if wanted == "own" and "own" not in self.engines:
            raise EnvironmentMissing(
                f"the model {self.name} cannot be run by the engine 'own': {self.refusal}",
                hint="leave `engine` out, or write engine: generate",
            )
        name = wanted if wanted != "auto" else next(iter(self.engines))
        return self.engines[name]

    def write(self, rows: Sequence[Row], sampling: Sampling, wanted: LocalEngine) -> str:
        """Write rows, and return the name of the engine that did it.

        Raises:
            DataError: A prompt is longer than the model can read.
            EnvironmentMissing: The engine that is wanted cannot run the model.
        """
        engine = self.choose_engine(wanted)
        longest = max((len(row.prompt) + row.most_tokens for row in rows), default=0)
        most, window = self.longest, find_window(self.model.config.get_text_config())
        if most is not None and longest > most:
            raise DataError(
                f"a prompt and its copy have {longest:,} tokens, and the model {self.name} reads "
                f"{most:,}",
                hint="recommend fewer products, allow fewer traits, or lower the fields' limits",
            )
        if window is not None and longest > window:
            engine = self.engines["generate"]
        with self.lock, use_threads(self.threads):
            engine.write(rows, sampling)
        return engine.name


def find_window(config: Any) -> int | None:
    """Return how many tokens a model's layers look back; None when they see everything."""
    types = getattr(config, "layer_types", None) or ()
    is_whole = bool(types) and "sliding_attention" not in types
    if is_whole or getattr(config, "use_sliding_window", True) is False:
        return None
    window = getattr(config, "sliding_window", None)
    return None if window is None else int(window)
