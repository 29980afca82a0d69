"""`describe`: what is written about products, when it is written again, and what Shopify gets."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Run = Callable[..., Any]

PRODUCTS = """\
sku,title,category,brand,description,price
T-1,Trail shoe,shoes,Fernpfad,A shoe for wet trails.,119.00 EUR
T-2,Rain jacket,jackets,,,189.00 EUR
"""
RECIPE = """\
campaign: descriptions
generate:
  plugin: written_copy
  fields: {description: {max_chars: 80}}
  texts: {description: "{product.name} of {product.brand|ours}, cut & sewn for you."}
"""
DESCRIBE = ("describe", "--recipe", "words.yaml", "--out", "words.csv")


def read(name: str = "words.csv") -> list[dict[str, str]]:
    with Path(name).open(newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture
def shop(run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    run("init", "shop")
    monkeypatch.chdir("shop")
    Path("products.csv").write_text(PRODUCTS)
    Path("words.yaml").write_text(RECIPE)
    Path("segments").mkdir(exist_ok=True)
    Path("segments/regulars.yaml").write_text("where: orders >= 2\n")
    assert run("import", "products", "products.csv").code == 0
    return run


def test_each_product_is_described_once_and_not_again(shop: Run) -> None:
    answer = shop(*DESCRIBE, "--for", "regulars", "--language", "en", "--language", "de")
    assert (answer.code, answer.out) == (0, "words.csv: 4 descriptions written, 0 kept\n")
    assert [(row["sku"], row["language"], row["for"], row["description"]) for row in read()] == [
        ("T-1", "de", "regulars", "Trail shoe of Fernpfad, cut & sewn for you."),
        ("T-1", "en", "regulars", "Trail shoe of Fernpfad, cut & sewn for you."),
        ("T-2", "de", "regulars", "Rain jacket of ours, cut & sewn for you."),
        ("T-2", "en", "regulars", "Rain jacket of ours, cut & sewn for you."),
    ]
    answer = shop(*DESCRIBE, "--for", "regulars", "--json")
    assert json.loads(answer.out) == {"kept": 2, "written": 0, "refused": []}


def test_what_changed_is_written_again(shop: Run) -> None:
    shop(*DESCRIBE)
    Path("products.csv").write_text(PRODUCTS.replace("Rain jacket", "Storm jacket"))
    shop("import", "products", "products.csv")
    assert shop(*DESCRIBE).out == "words.csv: 1 description written, 1 kept\n"
    assert [row["description"].split(" of")[0] for row in read()] == ["Trail shoe", "Storm jacket"]
    Path("products.csv").write_text(PRODUCTS.replace("189", "99").replace("Rain", "Storm"))
    shop("import", "products", "products.csv")
    assert shop(*DESCRIBE).out == "words.csv: 0 descriptions written, 2 kept\n"


def test_a_description_that_the_shop_took_over_is_no_change(shop: Run) -> None:
    shop(*DESCRIBE)
    ours = PRODUCTS.replace(
        "A shoe for wet trails.", '"Trail shoe of Fernpfad, cut & sewn for you."'
    )
    Path("products.csv").write_text(ours)
    shop("import", "products", "products.csv")
    assert shop(*DESCRIBE).out == "words.csv: 0 descriptions written, 2 kept\n"
    Path("products.csv").write_text(PRODUCTS.replace("wet", "dry"))
    shop("import", "products", "products.csv")
    assert shop(*DESCRIBE).out == "words.csv: 1 description written, 1 kept\n"


def test_only_the_products_of_a_condition_are_described(shop: Run) -> None:
    answer = shop(*DESCRIBE, "--where", "'shoes' IN category")
    assert answer.out == "words.csv: 1 description written, 0 kept\n"
    assert [row["sku"] for row in read()] == ["T-1"]


def test_shopify_gets_handle_and_html(shop: Run) -> None:
    assert shop(*DESCRIBE, "--shopify", "shopify.csv").code == 0
    assert read("shopify.csv") == [
        {
            "Handle": "T-1",
            "Body (HTML)": "<p>Trail shoe of Fernpfad, cut &amp; sewn for you.</p>",
        },
        {"Handle": "T-2", "Body (HTML)": "<p>Rain jacket of ours, cut &amp; sewn for you.</p>"},
    ]


def test_refused_copy_is_named_and_not_written(shop: Run) -> None:
    Path("words.yaml").write_text(RECIPE.replace("cut & sewn for you", "half price today"))
    answer = shop(*DESCRIBE)
    assert answer.code == 1
    assert "T-1 in en: none may be shown: " in answer.out
    assert "half price" in answer.out
    assert not read()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--where", "categry = 'shoes'"), "unknown field 'categry'; did you mean 'category'?"),
        (("--for", "regular"), "did you mean 'regulars'?"),
        (("--out", "products.csv"), "products.csv is no file of descriptions"),
        (("--shopify", "x.csv", "--language", "en", "--language", "de"), "a product has one text"),
    ],
)
def test_what_is_wrong_is_said(shop: Run, arguments: tuple[str, ...], said: str) -> None:
    answer = shop(*DESCRIBE, *arguments)
    assert answer.code == 2
    assert said in answer.err
    assert Path("products.csv").read_text() == PRODUCTS
    assert not Path("words.csv").exists()
