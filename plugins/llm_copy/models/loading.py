"""Loads a model with its tokenizer and adapter, on the device and in the type that are there."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any, cast

from ballyhoo import EnvironmentMissing

from ..engines.own import OwnEngine
from ..engines.plain_generate import GenerateEngine
from ..engines.probe import Refused, probe_model
from ..engines.vocabulary import Vocabulary
from ..settings import LlmSettings
from .loaded import LoadedModel
from .machine import choose_device, choose_dtype, choose_threads, use_threads
from .places import Place, name_revision

INSTALL = "pip install 'ballyhoo[llm]'"
INSTALL_ADAPTERS = "pip install 'ballyhoo[lora]'"


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
        import torch  # noqa: F401  # transformers says less well that it is missing
        import transformers
    except ImportError as error:
        raise EnvironmentMissing(
            f"a local model needs {error.name}, which is not installed", hint=INSTALL
        ) from None
    device = choose_device(settings.device)
    dtype = choose_dtype(settings.dtype, device)
    if not sys.stderr.isatty():
        transformers.utils.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
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
    threads = choose_threads(settings.threads, model)
    try:
        with use_threads(threads):
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
        threads=threads,
        refusal=refusal,
    )


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
