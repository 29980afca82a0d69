"""How fast our engine decodes on a GPU, beside what its memory and arithmetic allow."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from token_rows import TokenRow, make_prompts

ROWS, SHARED, OWN, NEW = 256, 250, (30, 60), 100


@dataclass(frozen=True, slots=True)
class Card:
    """What a GPU can do, as its maker says: bytes and bfloat16 operations per second."""

    bandwidth: float
    operations: float


CARDS = {"H200": Card(4.8e12, 989e12), "H100": Card(3.35e12, 989e12), "A100": Card(2.0e12, 312e12)}

SHAPES: dict[str, dict[str, int]] = {
    "qwen2.5-0.5b": {
        "hidden_size": 896, "intermediate_size": 4864, "num_hidden_layers": 24,
        "num_attention_heads": 14, "num_key_value_heads": 2, "vocab_size": 151_936,
    },
    "qwen2.5-7b": {
        "hidden_size": 3584, "intermediate_size": 18944, "num_hidden_layers": 28,
        "num_attention_heads": 28, "num_key_value_heads": 4, "vocab_size": 152_064,
    },
}  # fmt: skip


def measure_gpu(report: Callable[[str], None]) -> dict[str, Any]:
    """Return the figures of the GPU; nulls where there is none that is known here."""
    import torch

    names = ("roofline_share", "gpu_generate_batch_ratio")
    card = find_card(torch.cuda.get_device_name()) if torch.cuda.is_available() else None
    if card is None:
        report("GPU: not measured, there is none that is known here")
        return dict.fromkeys(names)
    shares, ratios = [], []
    for name in SHAPES:
        model = make_qwen(name)
        ours, batch = measure_ours(model), measure_generate_batch(model)
        best = count_roofline(model, card)
        shares.append(ours / best)
        ratios.append(ours / batch if batch else None)
        others = f"roofline {best:,.0f}, generate_batch {batch or 0:,.0f}"
        report(f"{name}: {ours:,.0f} tokens per second, {others}")
        del model
        torch.cuda.empty_cache()
    known = [ratio for ratio in ratios if ratio is not None]
    return {
        "roofline_share": round(min(shares), 3),
        "gpu_generate_batch_ratio": round(min(known), 2) if known else None,
    }


def find_card(name: str) -> Card | None:
    """Return what a GPU of this name can do."""
    return next((card for key, card in CARDS.items() if key in name), None)


def make_qwen(name: str) -> Any:
    """Return a model of random weights in bfloat16, in the shape of a known one."""
    import torch
    from transformers import Qwen2Config, Qwen2ForCausalLM

    torch.manual_seed(1)
    torch.set_default_dtype(torch.bfloat16)
    try:
        with torch.device("cuda"):
            model = Qwen2ForCausalLM(
                Qwen2Config(**SHAPES[name], tie_word_embeddings=name.endswith("0.5b"))
            )
    finally:
        torch.set_default_dtype(torch.float32)
    return model.eval()


def count_roofline(model: Any, card: Card) -> float:
    """Return how many tokens per second the GPU allows at most, every row reading its whole past.

    Step time = max(bytes of weights and keys / bandwidth, operations / operations per second).
    """
    config = model.config
    weights = sum(one.numel() for one in model.parameters())
    width = config.hidden_size // config.num_attention_heads
    past = SHARED + sum(OWN) / 2 + NEW / 2
    keys = 2 * config.num_hidden_layers * config.num_key_value_heads * width * 2
    step = max(
        (2 * weights + ROWS * past * keys) / card.bandwidth, 2 * weights * ROWS / card.operations
    )
    return ROWS / step


def measure_ours(model: Any) -> float:
    """Return the tokens per second of our engine while it decodes: of two lengths the difference.

    Reading the prompts is in both and cancels out.
    """
    import torch

    from ballyhoo.plugins.llm_copy.engines.own import OwnEngine
    from ballyhoo.plugins.llm_copy.engines.picking import Sampling
    from ballyhoo.plugins.llm_copy.engines.probe import probe_model

    engine = OwnEngine(model, probe_model(model), batch_size=ROWS)
    prompts = _make_prompts(model)

    def run(new: int) -> float:
        rows = [TokenRow(prompt=prompt, most_tokens=new) for prompt in prompts]
        torch.cuda.synchronize()
        started = time.perf_counter()
        engine.write(rows, Sampling())
        torch.cuda.synchronize()
        return time.perf_counter() - started

    few, many = NEW // 10, NEW
    run(few), run(many)  # the graphs are recorded
    return ROWS * (many - few) / (run(many) - run(few))


def measure_generate_batch(model: Any) -> float | None:
    """Return the tokens per second of the continuous batching of transformers, or None."""
    import torch
    from transformers import GenerationConfig

    prompts = _make_prompts(model)

    def run(new: int) -> float:
        started = time.perf_counter()
        model.generate_batch(
            prompts,
            generation_config=GenerationConfig(
                max_new_tokens=new, do_sample=False, eos_token_id=-1, pad_token_id=0
            ),
            progress_bar=False,
        )
        torch.cuda.synchronize()
        return time.perf_counter() - started

    try:
        run(NEW // 10)
        return ROWS * (NEW - NEW // 10) / (run(NEW) - run(NEW // 10))
    except (AttributeError, ImportError, TypeError, ValueError, RuntimeError):
        return None


def _make_prompts(model: Any) -> list[list[int]]:
    size = model.config.vocab_size
    return make_prompts(ROWS, shared=SHARED, own=OWN, vocabulary=size, seed=1)
