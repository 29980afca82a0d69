"""The demo model that ships: small, loadable, and as good as its card says."""

from __future__ import annotations

import json

import pytest
from demo_card import make_card
from demo_tokenizer import NEWLINE, SLOTS, split_into_tokens
from demo_writer import load_model, write_copies
from measure_demo_model import MODEL, QUESTIONS, RESULTS, count, draw_held_out, judge

MOST_BYTES = 12_000_000
COPIES = 24


@pytest.fixture(scope="module")
def demo():
    return load_model(MODEL)


def test_the_weights_are_small() -> None:
    assert (MODEL / "model.safetensors").stat().st_size <= MOST_BYTES


def test_it_loads_in_full_precision_although_the_file_is_in_half(demo) -> None:
    model, tokenizer = demo
    assert {str(one.dtype) for one in model.parameters()} == {"torch.float32"}
    assert json.loads((MODEL / "config.json").read_text())["dtype"] == "float32"
    assert len(tokenizer) == model.config.vocab_size


def test_each_slot_is_one_token(demo) -> None:
    _, tokenizer = demo
    for name in SLOTS:
        for text in (f"{{{name}}}", f" {{{name}}}"):
            assert len(split_into_tokens(tokenizer, [text])[0]) == 1, text


def test_any_text_comes_back_from_its_tokens(demo) -> None:
    _, tokenizer = demo
    for text in ("Für {first_name}:\nÄpfel, 20 % – 你好 🙂\n", "  two  spaces\n"):
        tokens = split_into_tokens(tokenizer, [text])[0]
        assert tokenizer.decode(tokens) == text


def test_tokens_of_a_prompt_are_those_of_its_parts(demo) -> None:
    _, tokenizer = demo
    for record in draw_held_out(20, seed=11):
        parts = [record.prompt, "Subject:", f" {record.copy['subject']}", NEWLINE, "Body:"]
        whole = split_into_tokens(tokenizer, ["".join(parts)])[0]
        assert [one for part in split_into_tokens(tokenizer, parts) for one in part] == whole


@pytest.mark.parametrize("temperature", [0.0, 0.7])
def test_it_writes_copy_that_may_be_sent(demo, temperature: float) -> None:
    records = draw_held_out(COPIES, seed=12)
    copies = write_copies(*demo, records, temperature=temperature)
    shares = count([judge(one, copy) for one, copy in zip(records, copies, strict=True)])
    for question in ("whole", "slots", "language"):
        assert shares[question] >= 0.95, (question, shares)
    assert shares["guard"] >= 0.85
    assert len({tuple(copy.values()) for copy in copies}) > COPIES * 0.9


def test_the_card_says_what_was_measured() -> None:
    figures = json.loads(RESULTS.read_text(encoding="utf-8"))
    assert (MODEL / "README.md").read_text(encoding="utf-8") == make_card(MODEL, figures)
    for name in ("grammar", "greedy", "temperature 0.7", "temperature 1.0", "temperature 1.3"):
        assert set(figures[name]) == set(QUESTIONS)
