"""A language model tells which products are alike when they share no word."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ballyhoo import EnvironmentMissing, embed_texts

from .shop import is_cold, make_shop, recommend, taste_of
from .test_shop import measure_cold

OPTION = "recommend.embed"
SIZE = 16


def name_product(product: int) -> str:
    """Return a word that no other product has."""
    return f"word{product}"


def make_model(folder: Path) -> None:
    """Write a language model that knows of each product's word which taste it is of."""
    torch = pytest.importorskip("torch")
    tokenizers = pytest.importorskip("tokenizers")
    from transformers import BertConfig, BertModel, PreTrainedTokenizerFast

    words = [name_product(one) for one in range(1, 121)]
    vocabulary = {"[PAD]": 0, "[UNK]": 1, **{word: 2 + at for at, word in enumerate(words)}}
    plain = tokenizers.Tokenizer(tokenizers.models.WordLevel(vocabulary, unk_token="[UNK]"))
    plain.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    read = PreTrainedTokenizerFast(
        tokenizer_object=plain, pad_token="[PAD]", unk_token="[UNK]", model_max_length=32
    )
    torch.manual_seed(0)
    network = BertModel(
        BertConfig(
            vocab_size=len(vocabulary), hidden_size=SIZE, num_hidden_layers=1,
            num_attention_heads=2, intermediate_size=SIZE, max_position_embeddings=32,
        )
    )  # fmt: skip
    meanings = torch.randn(5, SIZE)
    with torch.no_grad():
        for product in range(1, 121):
            known = meanings[taste_of(product)] + 0.3 * torch.randn(SIZE)
            network.embeddings.word_embeddings.weight[1 + product] = known
    network.save_pretrained(folder)
    read.save_pretrained(folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    workspace = tmp_path_factory.mktemp("workspace")
    make_model(workspace / "tastes")
    return workspace


def test_products_that_nobody_bought_yet_are_found_by_what_their_words_mean(folder: Path) -> None:
    shop = make_shop(wording=lambda product, draw: name_product(product))
    cold = " OR ".join(f"sku = 'P-{one.id}'" for one in shop.products if is_cold(one.id))
    asked = {"top": 3, "filters": {"where": cold}}
    by_words, _ = recommend(shop.store, folder, shop.customers, **asked)
    by_meaning, _ = recommend(shop.store, folder, shop.customers, embed="tastes", **asked)
    assert measure_cold(by_meaning, shop) > 0.6
    assert measure_cold(by_words, shop) < 0.4


def test_texts_in_any_order_and_of_any_length_get_their_own_vectors(folder: Path) -> None:
    texts = ["word1", "word2 word3 word4", "", "word5 " * 100]
    made = embed_texts(texts, "tastes", folder=folder, option=OPTION)
    turned = embed_texts(texts[::-1], "tastes", folder=folder, option=OPTION)[::-1]
    assert made.shape == (4, SIZE)
    assert np.isfinite(made).all()
    np.testing.assert_allclose(made, turned, atol=1e-5)
    alone = embed_texts(texts[:1], "tastes", folder=folder, option=OPTION)
    np.testing.assert_allclose(made[:1], alone, atol=1e-5)


def test_a_model_that_is_not_there_is_said(folder: Path) -> None:
    (folder / "empty").mkdir()
    with pytest.raises(EnvironmentMissing, match=r"'empty' of recommend\.embed cannot be loaded"):
        embed_texts(["word1"], "empty", folder=folder, option=OPTION)
