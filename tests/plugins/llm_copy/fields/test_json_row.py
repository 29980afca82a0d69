"""A copy as one JSON object: held to its fields and slots, whatever the model would rather do."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ballyhoo import FieldLimits, find_slots
from ballyhoo.plugins.llm_copy import copywriter
from ballyhoo.plugins.llm_copy.models.kept import forget_models
from ballyhoo.plugins.llm_copy.options import LlmOptions
from ballyhoo.plugins.llm_copy.settings import LlmSettings
from ballyhoo.testing import make_context, sample_briefs

from ..small_models import make_byte_tokenizer, save_model

pytest.importorskip("llguidance", reason="no llguidance: pip install 'ballyhoo[json]'")


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    yield save_model(tmp_path_factory.mktemp("json"), make_byte_tokenizer(chat=True))
    forget_models()


@pytest.mark.parametrize("engine", ["own", "generate"])
def test_every_field_is_read_from_the_object(model, engine):
    limits = {"subject": FieldLimits(max_chars=20), "body": FieldLimits(min_chars=5, max_chars=60)}
    briefs = [replace(one, fields=limits) for one in sample_briefs(4)]
    options = LlmOptions.model_validate(
        {"model": str(model), "json": True, "temperature": 1.0, "engine": engine}
    )
    context = make_context("llm_copy", settings=LlmSettings())
    copies = copywriter.generate(context, options, briefs)
    assert [list(one.fields) for one in copies] == [["subject", "body"]] * 4
    assert copywriter.generate(context, options, briefs[:1])[0].fields == copies[0].fields
    for brief, copy in zip(briefs, copies, strict=True):
        used = {slot.name for text in copy.fields.values() for slot in find_slots(text)}
        assert used <= set(brief.slots)
    assert sum(bool(text) for one in copies for text in one.fields.values()) >= 4
