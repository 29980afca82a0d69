"""What the ledger keeps of a message comes back as it was, from either database."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import insert, select

from ballyhoo.core.brief import BriefedProduct, Copy, Objection, Offer, Provenance
from ballyhoo.core.copywriting import Attempt, Written
from ballyhoo.core.engine.content import (
    Content,
    KeptProduct,
    dump_content,
    dump_product,
    keep_written,
    load_content,
    load_product,
)
from ballyhoo.core.product import Product, Reason
from ballyhoo.core.store.engine import Store
from ballyhoo.core.store.ledger.parameters import dump_rows, list_rows
from ballyhoo.core.store.tables import messages, runs

quick = settings(
    derandomize=True,
    deadline=None,
    max_examples=50,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
words = st.text("abcdefgh_.", min_size=1, max_size=8)
maybe = st.one_of(st.none(), texts)
numbers = st.integers(1, 2**40)
reasons = st.builds(
    Reason,
    kind=st.sampled_from(["bought", "popular", "own_history"]),
    product_id=st.one_of(st.none(), numbers),
    category=maybe,
)
copies = st.builds(
    Copy,
    fields=st.dictionaries(words, texts, max_size=3),
    provenance=st.builds(
        Provenance,
        generator=words,
        model=maybe,
        engine=maybe,
        seed=st.one_of(st.none(), st.integers(0, 2**63 - 1)),
        prompt_hash=maybe,
    ),
)
offers = st.builds(
    Offer,
    code=maybe,
    discount=maybe,
    ends=st.one_of(st.none(), st.dates(date(1900, 1, 1), date(2999, 12, 31))),
)
kept = st.builds(
    KeptProduct, id=numbers, reason=st.one_of(st.none(), reasons), was_in_stock=st.booleans()
)
refusals = st.fixed_dictionaries(
    {
        "attempt": st.integers(1, 9),
        "fields": st.dictionaries(words, texts, max_size=2),
        "objections": st.lists(
            st.fixed_dictionaries({"rule": words, "field": maybe, "message": texts}), max_size=2
        ),
    }
)
contents = st.builds(
    Content,
    copy=st.one_of(st.none(), copies),
    products=st.lists(kept, max_size=3).map(tuple),
    offer=st.one_of(st.none(), offers),
    reviewers=st.lists(words, max_size=3).map(tuple),
    refused=st.lists(refusals, max_size=2).map(tuple),
)
amounts = st.decimals("0.01", "99999.99", places=2)
languages = st.sampled_from(["en", "de", "pt-BR"])
products = st.builds(
    Product,
    id=numbers,
    sku=texts,
    titles=st.dictionaries(languages, texts, max_size=3),
    descriptions=st.dictionaries(languages, texts, max_size=2),
    category=st.lists(texts, max_size=3).map(tuple),
    brand=maybe,
    tags=st.lists(texts, max_size=3).map(tuple),
    prices=st.dictionaries(st.sampled_from(["EUR", "JPY"]), amounts, max_size=2),
    list_prices=st.dictionaries(st.sampled_from(["EUR", "JPY"]), amounts, max_size=2),
    stock=st.one_of(st.none(), st.integers(0, 10**9)),
    url=maybe,
    image_url=maybe,
    attributes=st.dictionaries(words, texts, max_size=3),
)


def keep(store: Store, data: Any) -> Any:
    """Return a value as it comes back from the database, by the way that results take."""
    with store.begin() as connection:
        values = {"campaign": "x", "state": "running", "seed": 1, "recipe": "", "recipe_hash": ""}
        run = connection.execute(insert(runs).values(created_at=1, **values).returning(runs.c.id))
        run_id = run.scalar_one()
        row = {"run_id": run_id, "recipient": 1, "channel": "email", "state": "planned"}
        connection.execute(insert(messages).values(created_at=1, **row))
        given = list_rows(store.dialect, (("id", "integer"), ("content", "json")))
        own = messages.c.run_id == given.c.id
        connection.execute(
            messages.update().where(own).values(content=given.c.content),
            {"rows": dump_rows([(run_id, data)])},
        )
        return connection.execute(
            select(messages.c.content).where(messages.c.run_id == run_id)
        ).scalar_one()


@quick
@given(content=contents)
def test_content_comes_back_as_it_was(store: Store, content: Content) -> None:
    assert load_content(keep(store, dump_content(content))) == content


@quick
@given(product=products)
def test_a_product_comes_back_as_it_was_shown(store: Store, product: Product) -> None:
    back = load_product(keep(store, dump_product(product)))
    assert back == product
    for name in ("titles", "prices", "attributes"):
        assert list(getattr(back, name)) == sorted(getattr(product, name))
    assert {currency: str(amount) for currency, amount in back.prices.items()} == {
        currency: str(amount) for currency, amount in product.prices.items()
    }


def test_content_of_nothing_is_nothing() -> None:
    assert dump_content(Content()) == {}
    assert load_content(None) == load_content({}) == Content()


def test_what_is_empty_is_not_kept() -> None:
    product = Product(id=7, sku="", titles={}, stock=0, prices={"EUR": Decimal("0.10")})
    assert dump_product(product) == {"id": 7, "sku": "", "stock": 0, "prices": {"EUR": "0.10"}}
    content = Content(products=(KeptProduct(id=7, reason=None, was_in_stock=False),))
    assert dump_content(content) == {"products": [{"id": 7, "in_stock": False}]}


def test_refused_attempts_are_kept_with_their_objections() -> None:
    good = Copy(fields={"body": "good"}, provenance=Provenance(generator="g"))
    bad = Copy(fields={"body": "bad"}, provenance=Provenance(generator="g"))
    objection = Objection(rule="r", field="body", message="m", excerpt="bad")
    attempts = (Attempt(copy=bad, objections=(objection,)), Attempt(copy=good, objections=()))
    stock = [
        BriefedProduct(product=Product(id=one, sku="s", titles={}, stock=stock))
        for one, stock in ((1, 0), (2, None), (3, 4))
    ]
    content = keep_written(
        Written(copy=good, attempts=attempts, reviewers=("copy_guard",)), stock, Offer(code="X")
    )
    assert content.refused == (
        {
            "attempt": 1,
            "fields": {"body": "bad"},
            "objections": [{"rule": "r", "field": "body", "message": "m"}],
        },
    )
    assert content.reviewers == ("copy_guard",)
    assert [one.was_in_stock for one in content.products] == [False, True, True]
    assert json.loads(json.dumps(dump_content(content))) == dump_content(content)
