"""Which languages of an audience have no fallback."""

from __future__ import annotations

from ballyhoo.core.engine.dry_plan import plan_dry
from ballyhoo.core.engine.fallback_languages import find_lacking, say_lacking

from .shop import Shop, make_recipe

TEXTS = {"subject": "Hello", "body": "Come and look."}


def test_a_language_without_fallback_is_counted(shop: Shop) -> None:
    shop.add("ada", language="de-AT")
    shop.add("zoe", "lou", language="fr")
    shop.add("bob", language=None)
    shop.add("joe", language="it", country="IT")  # not of the audience
    campaign = shop.load(make_recipe(generate={"fallback": {"en": TEXTS, "de": TEXTS}}))
    assert find_lacking(shop.engine, campaign) == {"fr": 2}
    assert plan_dry(shop.engine, campaign).lacking == {"fr": 2}
    assert say_lacking({"fr": 2}) == "there is no fallback for the audience's languages fr (2)"


def test_a_fallback_for_everybody_lacks_nothing(shop: Shop) -> None:
    shop.add("zoe", language="fr")
    assert find_lacking(shop.engine, shop.load(make_recipe(generate={"fallback": TEXTS}))) == {}
    assert find_lacking(shop.engine, shop.load(make_recipe(generate={}))) == {}
