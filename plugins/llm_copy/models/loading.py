"""Loads a model with its tokenizer and adapter, on the device and in the type that are there."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, cast

from ballyhoo import DataError, EnvironmentMissing

from ..engines.own import OwnEngine
from ..engines.picking import Sampling
from ..engines.plain_generate import GenerateEngine
from ..engines.probe import Refused, probe_model
from ..engines.row import Row
from ..engines.vocabulary import Vocabulary
from ..settings import LlmSettings
from .places import Place, name_revision

if TYPE_CHECKING:
    import torch

INSTALL = "pip install 'ballyhoo[llm]'"
INSTALL_ADAPTERS = "pip install 'ballyhoo[lora]'"

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
        refusal: Why it refuses our own engine, or None.
        lock: Held while it writes: a model does one thing at a time.
    """

    name: str
    model: Any
    tokenizer: Any
    vocabulary: Vocabulary
    how: str
    engines: dict[str, OwnEngine | GenerateEngine]
    refusal: str | None = None
    lock: AbstractContextManager[bool] = field(default_factory=threading.RLock)

    @property
    def is_chat(self) -> bool:
        """Whether it is told in messages."""
        return bool(getattr(self.tokenizer, "chat_template", None))

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
        most, window = _find_limits(self.model.config.get_text_config())
        if most is not None and longest > most:
            raise DataError(
                f"a prompt and its copy have {longest:,} tokens, and the model {self.name} reads "
                f"{most:,}",
                hint="recommend fewer products, allow fewer traits, or lower the fields' limits",
            )
        if window is not None and longest > window:
            engine = self.engines["generate"]
        with self.lock:
            engine.write(rows, sampling)
        return engine.name


def _find_limits(config: Any) -> tuple[int | None, int | None]:
    """Return how many tokens a model reads, and how far its layers look back when that is less."""
    types = getattr(config, "layer_types", None) or ()
    window = getattr(config, "sliding_window", None)
    if getattr(config, "use_sliding_window", True) is False or (
        types and "sliding_attention" not in types
    ):
        window = None
    return getattr(config, "max_position_embeddings", None), window


def load_model(
    place: Place, adapter: Place | None, settings: LlmSettings, say: Callable[[str], None]
) -> LoadedModel:
    """Load a model.

    Args:
        place: Where it lies.
        adapter: Where its LoRA adapter lies, or None.
        settings: Device, type, batch size, threads.
        say: Where to tell what a person should know.

    Raises:
        EnvironmentMissing: torch, transformers, the device or the model is not there.
    """
    try:
        import torch
        import transformers
    except ImportError as error:
        raise EnvironmentMissing(
            f"a local model needs {error.name}, which is not installed", hint=INSTALL
        ) from None
    if settings.threads:
        torch.set_num_threads(settings.threads)
    device = choose_device(settings.device)
    dtype = choose_dtype(settings.dtype, device)
    options = {"revision": place.revision, "local_files_only": not settings.download}
    try:
        tokenizer = transformers.AutoTokenizer.from_pretrained(place.source, **options)
        model = transformers.AutoModelForCausalLM.from_pretrained(
            place.source, dtype=dtype, use_safetensors=True, **options
        )
    except (OSError, ValueError, KeyError) as error:
        raise EnvironmentMissing(
            f"the model '{place.name}' cannot be loaded: {_shorten(error)}",
            hint="is it a causal language model as safetensors, and is this machine online? "
            "`model` may be a folder",
        ) from None
    name = name_revision(place, getattr(model.config, "_commit_hash", None))
    if adapter is not None:
        model, label = _add_adapter(model, adapter, settings)
        name = f"{name}+{label}"
    model = cast(Any, model).to(device).eval()
    return _make_ready(name, model, tokenizer, settings, say)


def _make_ready(
    name: str, model: Any, tokenizer: Any, settings: LlmSettings, say: Callable[[str], None]
) -> LoadedModel:
    config = model.config.get_text_config()
    ends = model.generation_config.eos_token_id
    vocabulary = Vocabulary(
        tokenizer,
        config.vocab_size,
        device=model.device,
        ends=[ends] if isinstance(ends, int) else ends or (),
    )
    engines: dict[str, OwnEngine | GenerateEngine] = {}
    refusal = None
    try:
        shape = probe_model(model)
    except Refused as error:
        refusal = str(error)
        say(f"the model {name} runs by `generate`: {refusal}")
    else:
        engines["own"] = OwnEngine(model, shape, batch_size=settings.batch_size, say=say)
    engines["generate"] = GenerateEngine(model, batch_size=settings.batch_size, say=say)
    return LoadedModel(
        name=name,
        model=model,
        tokenizer=tokenizer,
        vocabulary=vocabulary,
        how=f"{str(model.dtype).rpartition('.')[2]} on {model.device.type}",
        engines=engines,
        refusal=refusal,
    )


def choose_device(wanted: str) -> torch.device:
    """Return the device that the settings want; with `auto` a GPU when there is one.

    Raises:
        EnvironmentMissing: A GPU is wanted, and there is none.
    """
    import torch

    if wanted == "auto":
        wanted = "cuda" if torch.cuda.is_available() else "cpu"
    device = torch.device(wanted)
    if device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count():
        raise EnvironmentMissing(
            f"the device '{wanted}' is not there",
            hint="look at `device` of [plugins.llm_copy], and at nvidia-smi",
        )
    return device


def choose_dtype(wanted: str, device: torch.device) -> torch.dtype:
    """Return what to compute in; `auto` is bfloat16 on a GPU that has it, else float32."""
    import torch

    if wanted == "auto":
        is_fast = device.type == "cuda" and torch.cuda.is_bf16_supported()
        return torch.bfloat16 if is_fast else torch.float32
    dtype: torch.dtype = getattr(torch, wanted)
    return dtype


def _add_adapter(model: Any, adapter: Place, settings: LlmSettings) -> tuple[Any, str]:
    """Merge a LoRA adapter into a model, so that it costs nothing while writing."""
    try:
        from peft import PeftModel
    except ImportError:
        raise EnvironmentMissing(
            "an adapter needs peft, which is not installed", hint=INSTALL_ADAPTERS
        ) from None
    try:
        merged = PeftModel.from_pretrained(
            model,
            adapter.source,
            revision=adapter.revision,
            local_files_only=not settings.download,
        ).merge_and_unload()
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise EnvironmentMissing(
            f"the adapter '{adapter.name}' cannot be loaded: {_shorten(error)}",
            hint="is it a LoRA adapter of this model?",
        ) from None
    return merged, name_revision(adapter, None)


def _shorten(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return (lines[0] if lines else type(error).__name__)[:300]
