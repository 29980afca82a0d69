"""Trains `ballyhoo/demo` from nothing, on texts that our own grammar writes.

It writes a folder that transformers loads: weights (float16, to be loaded as float32), tokenizer,
configuration, and `training.json`, which says how it came about. The same seed, steps and threads
on the same machine give the same model; `--minutes` stops earlier where time is short.

    python tools/train_demo_model.py --seed 7 --steps 6000 --out plugins/llm_copy/demo_model
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from demo_grammar.record import Record, make_records
from demo_tokenizer import split_into_tokens, train_tokenizer
from demo_writer import load_model

DEFAULT_OUT = Path(__file__).parent.parent / "plugins" / "llm_copy" / "demo_model"
TRAINING = "training.json"
TOKENS = 3072
RECORDS_FOR_TOKENS = 6_000
LONGEST = 512
SHAPE = {
    "hidden_size": 128,
    "intermediate_size": 384,
    "num_hidden_layers": 5,
    "num_attention_heads": 4,
    "num_key_value_heads": 4,
}
BATCH = 16
BATCHES_SORTED_TOGETHER = 32
PEAK_RATE = 5e-3
PEAK_RATE_OF_TABLES = 4e-3
"""For the embeddings and the scales of the norms, which Muon is not for."""
WARM_UP_STEPS = 30
WEIGHT_DECAY = 0.05
HELD_OUT_SEED = 1_000_003
HELD_OUT = 256
NOT_LEARNT = -100
"""What torch leaves out of the loss: the prompt, and what fills up a batch."""


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description="Trains ballyhoo/demo from nothing.")
    parser.add_argument("--out", type=Path, default=DEFAULT_OUT, help="the folder to write")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--steps", type=int, default=6000, help=f"batches of {BATCH} texts")
    parser.add_argument("--minutes", type=float, help="end after so many, whatever the steps")
    parser.add_argument("--device", help="`cuda` or `cpu`; what is there by default")
    parser.add_argument("--threads", type=int, help="of the processor; all by default")
    parser.add_argument("--compile", action="store_true", help="needs a C++ compiler; faster")
    parser.add_argument("--start", type=Path, help="a folder with a model to go on from")
    arguments = parser.parse_args()
    train(
        command=" ".join(["python", "tools/train_demo_model.py", *sys.argv[1:]]),
        out=arguments.out,
        seed=arguments.seed,
        steps=arguments.steps,
        minutes=arguments.minutes,
        device=arguments.device,
        threads=arguments.threads,
        compiles=arguments.compile,
        start=arguments.start,
    )


def train(
    *,
    command: str,
    out: Path,
    seed: int,
    steps: int,
    minutes: float | None = None,
    device: str | None = None,
    threads: int | None = None,
    compiles: bool = False,
    start: Path | None = None,
) -> dict[str, Any]:
    """Train a model, write it to a folder, and return what `training.json` says.

    Args:
        command: How it was called, for the card.
        out: The folder.
        seed: Decides the texts and the first weights.
        steps: Batches to learn from; the learning rate falls to nothing towards the last.
        minutes: When that time is over before the steps are, it ends, the rate having fallen too.
        device: `cuda` or `cpu`; None takes what is there.
        threads: Of the processor; on a busy machine fewer are faster.
        compiles: Whether the layers are compiled, which needs a C++ compiler and saves a third.
        start: A folder with a model that it goes on from; None begins from nothing.
    """
    import torch

    torch.manual_seed(seed)
    if threads:
        torch.set_num_threads(threads)
    device = device or ("cuda" if torch.cuda.is_available() else "cpu")
    if start is None:
        sample = islice(make_records(seed), RECORDS_FOR_TOKENS)
        tokenizer = train_tokenizer((one.prompt + one.answer for one in sample), size=TOKENS)
        model = _make_model(tokenizer).to(device)
    else:
        model, tokenizer = load_model(start)
        model = model.to(device)
    parameters = sum(one.numel() for one in model.parameters())
    print(f"{parameters:,} parameters, {len(tokenizer):,} tokens, on {device}", flush=True)
    optimizers = _make_optimizers(model)
    peaks = [[group["lr"] for group in one.param_groups] for one in optimizers]
    learn = torch.compile(model.model, dynamic=True) if compiles else model.model
    model.train()
    begun, begun_cpu = time.monotonic(), time.process_time()
    step, loss = 0, math.nan
    for step, batch in enumerate(_make_batches(tokenizer, seed), start=1):
        spent = (time.monotonic() - begun) / 60
        share = max(step / steps, spent / minutes if minutes else 0.0)
        value = _find_loss(model, learn, batch, device)
        value.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        for optimizer, rates in zip(optimizers, peaks, strict=True):
            for group, rate in zip(optimizer.param_groups, rates, strict=True):
                group["lr"] = rate * min(1.0, step / WARM_UP_STEPS) * _fall(share)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        loss = value.item() if math.isnan(loss) else 0.98 * loss + 0.02 * value.item()
        if step % 25 == 0 or share >= 1:
            print(f"step {step}: loss {loss:.3f}, {spent:.1f} min", file=sys.stderr, flush=True)
        if share >= 1:
            break
    held_out = list(islice(make_records(HELD_OUT_SEED), HELD_OUT))
    learnt = {
        "command": command,
        "seed": seed,
        "steps": step,
        "texts": step * BATCH,
        "minutes": round((time.monotonic() - begun) / 60, 1),
        "processor_minutes": round((time.process_time() - begun_cpu) / 60, 1),
        "device": device,
        "threads": torch.get_num_threads(),
        "loss": round(loss, 4),
        "held_out_loss": round(_measure_loss(model, tokenizer, held_out, device), 4),
    }
    rounds = [] if start is None else json.loads((start / TRAINING).read_text())["rounds"]
    told = {"parameters": parameters, "rounds": [*rounds, learnt]}
    _save(out, model, tokenizer, told)
    return told


def _make_model(tokenizer: Any) -> Any:
    from transformers import LlamaConfig, LlamaForCausalLM

    config = LlamaConfig(
        **SHAPE,
        vocab_size=len(tokenizer),
        max_position_embeddings=LONGEST,
        tie_word_embeddings=True,
        bos_token_id=None,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=tokenizer.pad_token_id,
    )
    return LlamaForCausalLM(config)


def _make_optimizers(model: Any) -> list[Any]:
    """Return Muon for the matrices, which learns from fewer texts, and AdamW for the rest."""
    import torch

    named = list(model.named_parameters())
    matrices = [one for name, one in named if one.ndim == 2 and "embed" not in name]
    rest = [one for name, one in named if one.ndim != 2 or "embed" in name]
    return [
        torch.optim.Muon(
            matrices, lr=PEAK_RATE, weight_decay=WEIGHT_DECAY, adjust_lr_fn="match_rms_adamw"
        ),
        torch.optim.AdamW(rest, lr=PEAK_RATE_OF_TABLES, betas=(0.9, 0.98), weight_decay=0.0),
    ]


def _fall(share: float) -> float:
    """Return which part of the peak rate is left after a share of the steps: a cosine."""
    return 0.5 * (1 + math.cos(math.pi * min(1.0, share)))


def _make_batches(tokenizer: Any, seed: int) -> Iterator[Any]:
    """Yield batches of texts of like length, without end."""
    records = make_records(seed)
    mixer = random.Random(seed)
    while True:
        drawn = list(islice(records, BATCH * BATCHES_SORTED_TOGETHER))
        rows = sorted(_make_rows(tokenizer, drawn), key=lambda row: len(row[0]))
        batches = [rows[at : at + BATCH] for at in range(0, len(rows), BATCH)]
        mixer.shuffle(batches)
        for batch in batches:
            yield _fill_up(batch, tokenizer.pad_token_id)


def _make_rows(tokenizer: Any, records: Sequence[Record]) -> list[tuple[list[int], list[int]]]:
    """Return tokens and labels of each record; of the prompt nothing is learnt."""
    prompts = split_into_tokens(tokenizer, [one.prompt for one in records])
    answers = split_into_tokens(tokenizer, [one.answer for one in records])
    end = [tokenizer.eos_token_id]
    return [
        (prompt + answer + end, [NOT_LEARNT] * len(prompt) + answer + end)
        for prompt, answer in zip(prompts, answers, strict=True)
    ]


def _fill_up(rows: Sequence[tuple[list[int], list[int]]], padding: int) -> Any:
    import torch

    longest = max(len(tokens) for tokens, _ in rows)
    tokens = [row + [padding] * (longest - len(row)) for row, _ in rows]
    labels = [row + [NOT_LEARNT] * (longest - len(row)) for _, row in rows]
    return torch.tensor(tokens), torch.tensor(labels)


def _find_loss(model: Any, layers: Any, batch: Any, device: str) -> Any:
    """Return the mean loss of the tokens that are learnt; the others get no logits at all."""
    import torch

    tokens, labels = (one.to(device) for one in batch)
    with torch.autocast(device, dtype=torch.bfloat16):
        hidden = layers(input_ids=tokens[:, :-1], use_cache=False).last_hidden_state
        wanted = labels[:, 1:]
        is_learnt = wanted != NOT_LEARNT
        logits = model.lm_head(hidden[is_learnt])
    return torch.nn.functional.cross_entropy(logits.float(), wanted[is_learnt])


def _measure_loss(model: Any, tokenizer: Any, records: Sequence[Record], device: str) -> float:
    import torch

    model.eval()
    rows = _make_rows(tokenizer, records)
    with torch.no_grad():
        batches = [rows[at : at + BATCH] for at in range(0, len(rows), BATCH)]
        losses = [
            _find_loss(model, model.model, _fill_up(batch, tokenizer.pad_token_id), device)
            for batch in batches
        ]
    return float(sum(losses) / len(losses))


def _save(out: Path, model: Any, tokenizer: Any, told: dict[str, Any]) -> None:
    import torch

    out.mkdir(parents=True, exist_ok=True)
    model.to("cpu", torch.float16).save_pretrained(out)
    tokenizer.save_pretrained(out)
    config = json.loads((out / "config.json").read_text(encoding="utf-8"))
    config["dtype"] = "float32"  # half precision is for the disk only
    (out / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    (out / TRAINING).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(told), flush=True)


if __name__ == "__main__":
    main()
