"""LoRA adapters: they change what is written, and the provenance names them."""

from __future__ import annotations

import pytest
import torch

from ballyhoo import EnvironmentMissing
from ballyhoo.plugins.llm_copy import copywriter
from ballyhoo.plugins.llm_copy.models.kept import forget_models
from ballyhoo.plugins.llm_copy.options import LlmOptions
from ballyhoo.plugins.llm_copy.settings import LlmSettings
from ballyhoo.testing import make_context, sample_briefs

from ..small_models import make_word_tokenizer, save_model


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    yield save_model(tmp_path_factory.mktemp("base"), make_word_tokenizer())
    forget_models()


def write(model, **options):
    context = make_context("llm_copy", settings=LlmSettings())
    asked = LlmOptions(model=str(model), temperature=0, **options)
    (copy,) = copywriter.generate(context, asked, sample_briefs(1))
    return copy


@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing`:FutureWarning")  # within peft
def test_an_adapter_is_merged_and_named(base, tmp_path):
    peft = pytest.importorskip("peft", reason="no peft: pip install 'ballyhoo[lora]'")
    from transformers import AutoModelForCausalLM

    config = peft.LoraConfig(r=4, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
    torch.manual_seed(2)
    tuned = peft.get_peft_model(AutoModelForCausalLM.from_pretrained(base), config)
    with torch.no_grad():
        for name, weights in tuned.named_parameters():
            if "lora_B" in name:
                weights.mul_(40)
    tuned.save_pretrained(tmp_path / "our-voice")
    plain, ours = write(base), write(base, adapter=str(tmp_path / "our-voice"))
    assert ours.fields != plain.fields
    name, adapter = ours.provenance.model.split("+")
    assert name == plain.provenance.model
    assert adapter.startswith("our-voice@")


def test_an_adapter_that_is_not_there_is_named(base):
    with pytest.raises(EnvironmentMissing, match=r"the adapter .* is not there"):
        write(base, adapter="./nowhere")
