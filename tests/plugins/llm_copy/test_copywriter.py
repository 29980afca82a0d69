"""The plugin as the core calls it: the kit for generators, provenance, and what models are told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ballyhoo import Brief, DataError, EnvironmentMissing, FieldLimits, find_slots
from ballyhoo.plugins.llm_copy import copywriter
from ballyhoo.plugins.llm_copy.models.kept import forget_models
from ballyhoo.plugins.llm_copy.options import LlmOptions
from ballyhoo.plugins.llm_copy.settings import LlmSettings
from ballyhoo.testing import GenerateConformance, make_context, sample_briefs

from .small_models import find_words, make_byte_tokenizer, make_word_tokenizer, save_model


@pytest.fixture(scope="session")
def word_model(tmp_path_factory):
    return save_model(tmp_path_factory.mktemp("words"), make_word_tokenizer())


@pytest.fixture(scope="session")
def chat_model(tmp_path_factory):
    return save_model(tmp_path_factory.mktemp("chat"), make_byte_tokenizer(chat=True), "qwen2")


@pytest.fixture(scope="module", autouse=True)
def forget_afterwards():
    yield
    forget_models()


class TestOwnEngine(GenerateConformance):
    @pytest.fixture
    def plugin(self):
        return copywriter

    @pytest.fixture
    def options(self, word_model):
        return {"model": str(word_model), "temperature": 1.0, "engine": "own"}


def write(briefs, folder, **options):
    context = make_context("llm_copy", settings=LlmSettings())
    return copywriter.generate(context, LlmOptions(model=str(folder), **options), briefs)


def test_both_engines_write_the_same_copy(word_model):
    briefs = sample_briefs(5)
    own = write(briefs, word_model, engine="own")
    generate = write(briefs, word_model, engine="generate")
    assert [one.fields for one in own] == [one.fields for one in generate]
    assert own[0].provenance.engine == "own, float32 on cpu"
    assert generate[0].provenance.engine == "generate, float32 on cpu"


def test_the_provenance_says_which_model_wrote_from_which_prompt(word_model):
    first, second = write(sample_briefs(2), word_model)
    assert first.provenance.generator == "llm_copy"
    assert first.provenance.model.startswith(f"{word_model.name}@")
    assert first.provenance.seed == 1001
    assert first.provenance.prompt_hash != second.provenance.prompt_hash
    again = write(sample_briefs(1), word_model, voice="terse")[0]
    assert again.provenance.prompt_hash != first.provenance.prompt_hash


def test_other_weights_have_another_revision(word_model, tmp_path):
    other = save_model(tmp_path / word_model.name, make_word_tokenizer(), "qwen2")
    here, there = (write(sample_briefs(1), folder)[0].provenance for folder in (word_model, other))
    assert here.model.split("@")[0] == there.model.split("@")[0]
    assert here.model != there.model


@pytest.mark.parametrize("language", ["en", "de", "zh"])
def test_a_chat_model_writes_fields_within_their_limits(chat_model, language):
    brief = replace(
        sample_briefs(1)[0],
        language=language,
        fields={"subject": FieldLimits(max_chars=30), "body": FieldLimits(max_chars=80)},
    )
    (copy,) = write([brief], chat_model, temperature=0.9)
    assert list(copy.fields) == ["subject", "body"]
    assert all("\n" not in text and text.strip() for text in copy.fields.values())
    used = {slot.name for text in copy.fields.values() for slot in find_slots(text)}
    assert used <= {*brief.slots}


def test_a_field_has_the_least_that_is_asked_for(word_model):
    brief = Brief(campaign="spring", language="en", fields={"body": FieldLimits(min_words=12)})
    (copy,) = write([brief], word_model, temperature=1.0)
    assert len(find_words(copy.fields["body"])) >= 12


def test_a_brief_without_fields_gets_a_copy_without_fields(word_model):
    brief = Brief(campaign="spring", language="en", fields={})
    assert write([brief, *sample_briefs(1)], word_model)[0].fields == {}


def test_no_brief_loads_no_model():
    assert write([], "no/such-model") == []


def test_a_folder_that_is_not_there_is_named():
    with pytest.raises(EnvironmentMissing, match=r"the model .* is not there: no such folder"):
        write(sample_briefs(1), "./nowhere")


def test_a_folder_without_a_model_is_no_model(tmp_path):
    with pytest.raises(EnvironmentMissing, match="cannot be loaded"):
        write(sample_briefs(1), tmp_path)


def test_what_the_settings_call_a_model_is_looked_for_in_their_folder(word_model):
    context = make_context("llm_copy", settings=LlmSettings(models=str(word_model.parent)))
    (copy,) = copywriter.generate(context, LlmOptions(model=word_model.name), sample_briefs(1))
    assert copy.provenance.model.startswith(f"{word_model.name}@")


def test_a_prompt_longer_than_the_model_reads_is_an_error(tmp_path):
    folder = save_model(tmp_path / "short", make_byte_tokenizer(), "gpt2")
    brief = replace(sample_briefs(1)[0], traits={f"trait_{n}": "long " * 40 for n in range(12)})
    with pytest.raises(DataError, match=r"the model short@.* reads 1,024"):
        write([brief], folder)
