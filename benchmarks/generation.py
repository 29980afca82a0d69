"""How fast copy is generated, beside what transformers offers, and whether it is the same copy.

Tokens per second of CPU time with one thread, a Llama of 9.5 million random parameters in float32,
32 new tokens for each of some prompts that share their first 150 (and 600) tokens:

(a) `generate` for one prompt after the other, as tutorials do it;
(b) `generate` in batches of 32, padded on the left;
(c) `generate_batch`, the continuous batching of transformers, with pages of 32 tokens;
(d) the engine of llm_copy.

`naive_ratio` is (d) to (a), `batch_ratio` (d) to (b), both with 150 shared tokens,
`long_prefix_ratio` (d) to (a) with 600, `identical_rows` the share of rows for which (d) and (b)
and (a), as far as it was run, chose the very same tokens. On a GPU also with random weights in the
shape of Qwen2.5 0.5B and 7B: `roofline_share` is the smaller share of what the memory allows at 256
rows.

`guard_leaks` counts numbers, prices, dates and addresses that got past the guard, of lies that were
planted (`guard.py`) and of copies that the demo model wrote hot (`hot_copies.py`);
`guard_false_refusals` is the share of true copy that it refused.

    python benchmarks/generation.py [--quick] [--save] [--seed N]
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")

import guard
from gpu_generation import measure_gpu
from hot_copies import measure_hot
from record import save_result
from token_rows import TokenRow, make_llama, make_prompts

NEW = 32
BATCH = 32
"""Of `generate`, which has its best rate there; ours chooses for itself."""

WAYS = ("one_by_one", "batches", "generate_batch", "ours")

Write = Callable[[Any, Sequence[list[int]]], list[list[int]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one way wrote, and how fast.

    Attributes:
        rate: New tokens per second of CPU time.
        tokens: What was written, aligned with the prompts that it got.
    """

    rate: float
    tokens: list[list[int]]


def write_one_by_one(model: Any, prompts: Sequence[list[int]]) -> list[list[int]]:
    """Write as tutorials do."""
    return [_generate(model, [prompt])[0] for prompt in prompts]


def write_in_batches(model: Any, prompts: Sequence[list[int]]) -> list[list[int]]:
    """Write by `generate`, in batches of 32 in the order of arrival."""
    written: list[list[int]] = []
    for first in range(0, len(prompts), BATCH):
        written += _generate(model, prompts[first : first + BATCH])
    return written


def _generate(model: Any, prompts: Sequence[list[int]]) -> list[list[int]]:
    import torch

    longest = max(map(len, prompts))
    ids = torch.tensor([[0] * (longest - len(one)) + one for one in prompts])
    lengths = torch.tensor([len(one) for one in prompts])
    mask = (torch.arange(longest) >= longest - lengths[:, None]).long()
    answer = model.generate(
        ids, attention_mask=mask, max_new_tokens=NEW, do_sample=False,
        eos_token_id=None, pad_token_id=0,
    )  # fmt: skip
    written: list[list[int]] = answer[:, longest:].tolist()
    return written


def write_by_generate_batch(model: Any, prompts: Sequence[list[int]]) -> list[list[int]]:
    """Write by the continuous batching of transformers."""
    from transformers import ContinuousBatchingConfig, GenerationConfig

    longest = max(map(len, prompts)) + NEW
    answers = model.generate_batch(
        list(prompts),
        generation_config=GenerationConfig(
            max_new_tokens=NEW, do_sample=False, eos_token_id=-1, pad_token_id=0
        ),
        continuous_batching_config=ContinuousBatchingConfig(
            page_size=32, num_blocks=BATCH * (longest // 32 + 2), max_batch_tokens=4096
        ),
        progress_bar=False,
    )
    ordered = sorted(answers.items(), key=lambda item: int(str(item[0]).rpartition("_")[2]))
    return [list(answer.generated_tokens) for _, answer in ordered]


def prepare_ours(model: Any) -> Write:
    """Return the engine of llm_copy as a way to write; it computes the prefix each time anew."""
    from ballyhoo.plugins.llm_copy.engines.own import OwnEngine
    from ballyhoo.plugins.llm_copy.engines.picking import Sampling
    from ballyhoo.plugins.llm_copy.engines.probe import probe_model

    engine = OwnEngine(model, probe_model(model))

    def write_ours(model: Any, prompts: Sequence[list[int]]) -> list[list[int]]:
        engine.forget()
        rows = [TokenRow(prompt=prompt, most_tokens=NEW) for prompt in prompts]
        engine.write(rows, Sampling())
        return [row.written for row in rows]

    return write_ours


def measure(write: Write, model: Any, prompts: Sequence[list[int]]) -> Measured:
    """Time one way over some prompts, the first two of them before it counts."""
    write(model, prompts[:2])
    started = time.process_time()
    tokens = write(model, prompts)
    seconds = time.process_time() - started
    return Measured(rate=sum(map(len, tokens)) / seconds, tokens=tokens)


def measure_ways(
    shared: int, *, few: int, fewer: int, many: int, seed: int
) -> dict[str, Measured | None]:
    """Return each way's figures.

    Args:
        shared: How many tokens all prompts begin with.
        few: How many prompts are written one by one, which takes longest.
        fewer: How many by `generate_batch`.
        many: How many by the others.
        seed: Of the weights and prompts.
    """
    model = make_llama(seed)
    prompts = make_prompts(many, shared=shared, own=(16, 46), vocabulary=6443, seed=seed)
    found: dict[str, Measured | None] = {
        "one_by_one": measure(write_one_by_one, model, prompts[:few]),
        "batches": measure(write_in_batches, model, prompts),
        "ours": measure(prepare_ours(model), model, prompts),
    }
    try:
        found["generate_batch"] = measure(write_by_generate_batch, model, prompts[:fewer])
    except (ImportError, AttributeError, TypeError, ValueError) as error:
        report(f"generate_batch: not measured: {error}")
        found["generate_batch"] = None
    for way in WAYS:
        one = found[way]
        if one is not None:
            report(f"{shared} shared: {way} {one.rate:,.0f} tokens per second of CPU time")
    return found


def share_identical(found: dict[str, Measured | None]) -> float:
    """Return the share of rows that ours and both kinds of `generate` wrote alike."""
    ours = found["ours"]
    assert ours is not None
    pairs = [
        (mine, theirs)
        for way in ("one_by_one", "batches")
        if (other := found[way]) is not None
        for mine, theirs in zip(ours.tokens, other.tokens, strict=False)
    ]
    return sum(mine == theirs for mine, theirs in pairs) / len(pairs)


def measure_guard(quick: bool) -> dict[str, Any]:
    """Return what gets past the guard: of lies that were planted, and of what was sampled hot."""
    planted, _ = guard.measure(200 if quick else 2_000, 100 if quick else 1_000, 1)
    hot = measure_hot(64 if quick else 2_000)
    report(
        f"{hot.copies} copies of the demo model, sampled hot: {hot.made_up} say what is made up, "
        f"{hot.leaks} of these pass, {hot.refused:.1%} of all are refused"
    )
    return {
        "guard_leaks": planted["guard_leaks"] + hot.leaks,
        "guard_false_refusals": planted["guard_false_refusals"],
        "hot_copies": asdict(hot),
    }


def report(line: str) -> None:
    """Say how far it is."""
    print(line, file=sys.stderr, flush=True)


def main() -> None:
    """Measure, print a line for each way, and the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer prompts, one by one above all")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    parser.add_argument("--seed", type=int, default=1, help="of the weights and prompts")
    arguments = parser.parse_args()

    import torch
    from transformers import logging

    torch.set_num_threads(1)
    logging.set_verbosity_error()
    sizes = {"few": 64, "fewer": 128, "many": 128}
    if arguments.quick:
        sizes = {"few": 4, "fewer": 16, "many": 32}
    short = measure_ways(150, seed=arguments.seed, **sizes)
    long = measure_ways(600, seed=arguments.seed, **sizes)
    figures = {
        "naive_ratio": _divide(short, "one_by_one"),
        "batch_ratio": _divide(short, "batches"),
        "long_prefix_ratio": _divide(long, "one_by_one"),
        "identical_rows": min(share_identical(short), share_identical(long)),
        **measure_guard(arguments.quick),
        **measure_gpu(report),
        "tokens_per_cpu_second": {
            f"{name}_shared": {way: one and round(one.rate) for way, one in found.items()}
            for name, found in (("150", short), ("600", long))
        },
        "scale": f"{sizes['many']} prompts ({sizes['few']} one by one, {sizes['fewer']} by "
        f"generate_batch), {NEW} new tokens, generate in batches of {BATCH}, one thread, float32, "
        f"seed {arguments.seed}",
    }
    if arguments.save:
        save_result("generation", figures, packages=("ballyhoo", "torch", "transformers"))
    print(json.dumps(figures))


def _divide(found: dict[str, Measured | None], way: str) -> float | None:
    ours, other = found["ours"], found[way]
    return round(ours.rate / other.rate, 2) if ours is not None and other is not None else None


if __name__ == "__main__":
    main()
