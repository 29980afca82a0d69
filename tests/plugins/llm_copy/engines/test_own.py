"""Our engine writes what `generate` writes, whatever stands beside a row and however long it is."""

from __future__ import annotations

import pytest
import torch

from ballyhoo.plugins.llm_copy.engines.own import OwnEngine
from ballyhoo.plugins.llm_copy.engines.picking import Sampling
from ballyhoo.plugins.llm_copy.engines.plain_generate import GenerateEngine
from ballyhoo.plugins.llm_copy.engines.probe import Refused, probe_model

from ..small_models import TokenRow, generate_one_by_one, make_model, make_prompts

NEW = 10
HOT = Sampling(temperature=1.0, top_p=0.9)


def write(engine, prompts, sampling=None, new=NEW, seeds=None, end=None):
    rows = [
        TokenRow(prompt=prompt, most_tokens=new, seed=seed, end=end)
        for prompt, seed in zip(prompts, seeds or range(len(prompts)), strict=True)
    ]
    engine.write(rows, sampling or Sampling())
    return [row.written for row in rows]


def play_eagerly(run, advance):
    """What a CUDA graph does, without one: the same steps over the same fixed memory."""

    def play():
        picked = run()
        advance()
        return picked

    return play


@pytest.fixture(scope="module", params=["llama", "gpt2", "qwen2"])
def model(request):
    return make_model(request.param)


@pytest.fixture(scope="module")
def shape(model):
    return probe_model(model)


def test_greedy_rows_are_those_of_generate_one_by_one(model, shape):
    prompts = make_prompts(13)
    expected = generate_one_by_one(model, prompts, NEW)
    for batch_size in (1, 4, 64):
        assert write(OwnEngine(model, shape, batch_size=batch_size), prompts) == expected


def test_prompts_without_a_common_beginning_are_written_too(model, shape):
    prompts = [[number + 3, *prompt] for number, prompt in enumerate(make_prompts(5, shared=2))]
    expected = generate_one_by_one(model, prompts, NEW)
    assert write(OwnEngine(model, shape), prompts) == expected


def test_who_else_is_in_the_batch_changes_no_sampled_row(model, shape):
    prompts = make_prompts(9)
    together = write(OwnEngine(model, shape), prompts, HOT)
    engine = OwnEngine(model, shape)
    alone = [write(engine, [prompts[one]], HOT, seeds=[one])[0] for one in range(9)]
    turned = write(engine, prompts[::-1], HOT, seeds=range(8, -1, -1))[::-1]
    assert alone == together
    assert turned == together


def test_another_seed_writes_something_else(model, shape):
    prompts = make_prompts(2)[:1] * 6
    assert len({tuple(one) for one in write(OwnEngine(model, shape), prompts, HOT)}) > 3


def test_generate_draws_the_same_samples(model, shape):
    prompts = make_prompts(7)
    ours = write(OwnEngine(model, shape), prompts, HOT)
    assert write(GenerateEngine(model, batch_size=3), prompts, HOT) == ours


def test_a_prefix_that_is_kept_changes_nothing(model, shape):
    prompts = make_prompts(8, shared=60)
    engine = OwnEngine(model, shape)
    first = write(engine, prompts)
    assert write(engine, prompts) == first
    assert write(engine, prompts[2:3]) == first[2:3]
    longer = [prompts[0][:50] + [7, 8, 9] * 9 + [number] for number in range(3, 6)]
    assert write(engine, longer) == generate_one_by_one(model, longer, NEW)
    assert write(engine, prompts) == first


def test_rows_stop_each_for_itself_and_the_others_go_on(model, shape):
    prompts = make_prompts(12)
    whole = generate_one_by_one(model, prompts, 30)
    end = whole[0][2]
    expected = [one[: one.index(end) + 1] if end in one else one for one in whole]
    assert len({len(one) for one in expected}) > 1
    assert write(OwnEngine(model, shape), prompts, new=30, end=end) == expected


def test_blocked_tokens_are_never_chosen(model, shape):
    blocked = torch.zeros(300, dtype=torch.bool)
    blocked[:290] = True
    for engine in (OwnEngine(model, shape), GenerateEngine(model)):
        rows = [TokenRow(prompt=one, most_tokens=NEW, blocked=blocked) for one in make_prompts(3)]
        engine.write(rows, HOT)
        assert all(token >= 290 for row in rows for token in row.written)


def test_a_recorded_step_writes_the_same(model, shape):
    prompts = make_prompts(11)
    engine = OwnEngine(model, shape, batch_size=6, record=play_eagerly)
    expected = generate_one_by_one(model, prompts, NEW)
    assert write(engine, prompts) == expected
    assert write(engine, prompts) == expected  # over memory that was used before
    assert write(engine, prompts, HOT) == write(OwnEngine(model, shape), prompts, HOT)
    apart = [[number + 3, *prompt] for number, prompt in enumerate(prompts)]
    assert write(engine, apart) == generate_one_by_one(model, apart, NEW)


def test_short_memory_halves_the_batch_and_goes_on(model, shape):
    said: list[str] = []
    prompts = make_prompts(16)

    def refuse(module, arguments, named):
        rows = (named.get("input_ids") if "input_ids" in named else arguments[0]).shape[0]
        if rows > 5:
            raise torch.OutOfMemoryError("no room")

    hook = model.register_forward_pre_hook(refuse, with_kwargs=True)
    try:
        ours = write(OwnEngine(model, shape, say=said.append), prompts, HOT)
        theirs = write(GenerateEngine(model, say=said.append), prompts, HOT)
    finally:
        hook.remove()
    assert ours == theirs == write(OwnEngine(model, shape), prompts, HOT)
    assert said[:2] == [
        "memory is short: 8 copies at the same time from now on",
        "memory is short: 4 copies at the same time from now on",
    ]


def test_memory_for_not_even_one_row_is_an_error(model, shape):
    def refuse(module, arguments):
        raise torch.OutOfMemoryError("no room")

    hook = model.register_forward_pre_hook(refuse)
    try:
        with pytest.raises(torch.OutOfMemoryError):
            write(OwnEngine(model, shape), make_prompts(3))
    finally:
        hook.remove()


@pytest.mark.parametrize("kind", ["bloom", "mamba"])
def test_models_that_keep_something_else_are_left_to_generate(kind):
    model = make_model(kind)
    with pytest.raises(Refused):
        probe_model(model)
    prompts = make_prompts(6)
    assert write(GenerateEngine(model, batch_size=6), prompts) == generate_one_by_one(
        model, prompts, NEW
    )


def test_a_model_that_computes_something_else_in_our_engine_is_refused():
    model = make_model("llama")

    def disturb(module, arguments, answer):
        cache = module.config._attn_implementation
        return answer if cache == "sdpa" else (answer[0] * 1.1, *answer[1:])

    model.model.layers[1].self_attn.register_forward_hook(disturb)
    with pytest.raises(Refused, match="its logits differ"):
        probe_model(model)


def test_the_model_has_its_own_attention_back(model, shape):
    before = model.config._attn_implementation
    write(OwnEngine(model, shape), make_prompts(2))
    assert model.config._attn_implementation == before
