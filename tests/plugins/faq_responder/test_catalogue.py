"""Products are found by what a question says of their titles."""

from __future__ import annotations

import pytest

from ballyhoo.plugins.faq_responder.catalogue import Catalogue

TITLES = [
    (1, "Tarn trail shoe"), (1, "Tarn Trailschuh"), (1, "TRN-1"),
    (2, "Ember gas stove"), (3, "Merino trail socks"), (4, "Tarn winter boot"),
    (5, "高山登山鞋"), *((number, f"Plain thing {number}") for number in range(10, 60)),
]  # fmt: skip


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    folder = tmp_path_factory.mktemp("catalogue")
    Catalogue(TITLES).save(folder)
    return Catalogue.load(folder)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("How much is the Tarn trail shoe?", [1]),
        ("are the tarn trail shoes in stock", [1]),
        ("Ist der TARN Trailschuh lieferbar?", [1]),
        ("price of TRN-1", [1]),
        ("Is the ember stove any good?", [2]),
        ("高山登山鞋多少钱?", [5]),
        ("Do you sell trail running courses?", []),
        ("Where is my order?", []),
        ("", []),
    ],
)
def test_named_product_is_found(catalogue: Catalogue, text: str, found: list[int]) -> None:
    assert [one.product_id for one in catalogue.find(text)] == found
