from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ballyhoo.plugins.faq_responder.understanding.language import Languages

from .shelf import ARTICLES

LANGUAGES = Languages.fit((one.language, f"{one.title} {one.body}") for one in ARTICLES)


@pytest.mark.parametrize(
    ("text", "told", "found"),
    [
        ("Stiefel?", None, "de"), ("boots?", None, "en"), ("退货", None, "zh"),
        ("Was kostet der Versand?", None, "de"), ("What does shipping cost?", None, "en"),
        ("Où est ma commande, s'il vous plaît ?", None, "fr"), ("注文はどこですか", None, "ja"),
        ("???", None, None), ("12345", "de", "de"), ("ok", "de", "de"),
        ("Where can I see how long the warranty is?", "de", "en"),
    ],
)  # fmt: skip
def test_short_questions_have_a_language_of_the_knowledge_base(
    text: str, told: str | None, found: str | None
) -> None:
    assert LANGUAGES.find(text, told) == found


def test_a_language_is_spelt_as_the_knowledge_base_spells_it() -> None:
    chinese = Languages.fit([("zh-Hant", "退貨"), ("de-CH", "Die Rückgabe ist gratis")])
    assert chinese.find("可以退貨嗎") == "zh-Hant"
    assert chinese.find("Ist die Rückgabe gratis?") == "de-CH"


@settings(deadline=None, max_examples=100)
@given(text=st.text(max_size=80), told=st.sampled_from([None, "en", "de-AT", "", "tlh"]))
def test_any_text_is_looked_at_without_an_error(text: str, told: str | None) -> None:
    LANGUAGES.find(text, told)
    Languages({}).find(text, told)
