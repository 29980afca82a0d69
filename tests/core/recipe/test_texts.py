from __future__ import annotations

import pytest

RECIPE = """\
campaign: may
segment: {where: consent_email}
generate:
  fields: {subject: FIELD, body: {}}
  fallback: {subject: TEXT, body: b}
deliver: {plugin: email_channel, from: news@example.com}
"""


def said(check, text: str, field: str = "{}") -> list[str]:
    recipe = RECIPE.replace("FIELD", field).replace("TEXT", text)
    return [
        f"{mistake.path}: {mistake.message}".removeprefix("generate.")
        for mistake in check(recipe).mistakes
    ]


@pytest.mark.parametrize(
    ("field", "text", "expected"),
    [
        ("{max_chars: 5}", "'12345'", []),
        ("{max_chars: 5}", "'123456'", ["fallback.subject: has 6 characters; at most 5"]),
        ("{max_chars: 5}", "'{first_name|12345}'", []),
        ("{max_chars: 5}", "'{first_name|123456}'",
         ["fallback.subject: has 6 characters; at most 5"]),
        ("{max_chars: 3}", "'两两两'", []),
        ("{max_words: 2}", "one two three", ["fallback.subject: has 3 words; at most 2"]),
        ("{min_words: 2}", "one", ["fallback.subject: has 1 word; at least 2"]),
        ("{min_chars: 4}", "one", ["fallback.subject: has 3 characters; at least 4"]),
        ("{}", "'" + "x" * 121 + "'", ["fallback.subject: has 121 characters; at most 120"]),
        ("{max_chars: 130}", "'" + "x" * 125 + "'",
         ["fallback.subject: has 125 characters; at most 120"]),
        ("{}", "''", ["fallback.subject: must not be empty"]),
        ("{}", "' '", ["fallback.subject: must not be empty"]),
        ("{}", "[a]", ["fallback.subject: must be text, not a list"]),
        ("{}", "~", ["fallback.subject: must be text, not nothing"]),
        ("{}", "true", ['fallback.subject: must be text, not true; write "true" in quotes']),
        ("{}", "'{first_name}{first_nam}{first_nam}'",
         ["fallback.subject: unknown slot {first_nam}; did you mean 'first_name'?"]),
        ("{}", "'{product.2.name}'",
         ["fallback.subject: unknown slot {product.2.name}; it needs a recommend block"]),
        ("{}", "'{offer.cod}'", ["fallback.subject: unknown slot {offer.cod}; "
                                 "did you mean 'offer.code'? it needs generate.offer"]),
        ("{max_chars: 0}", "x", ["fields.subject.max_chars: must be at least 1, not 0"]),
        ("{max_chars: -5, min_chars: -6}", "x",
         ["fields.subject.max_chars: must be at least 1, not -5",
          "fields.subject.min_chars: must be at least 1, not -6"]),
        ("{max_chars: 5, min_chars: 6}", "x",
         ["fields.subject.min_chars: min_chars is more than max_chars, so no text would do"]),
        ("", "x",
         ["fields.subject: has no value; write {} when it needs no keys, or leave it out"]),
        ("{max_chars: }", "x",
         ["fields.subject.max_chars: has no value; write one, or leave the key out"]),
    ],
)  # fmt: skip
def test_a_text_that_a_person_wrote_is_held_to_its_field(
    check, field: str, text: str, expected: list[str]
) -> None:
    assert said(check, text, field) == expected


def test_slots_of_products_and_offers_are_known_where_there_are_any(check) -> None:
    recipe = RECIPE.replace("FIELD", "{}").replace(
        "TEXT", "'{price} {product.9.name} {offer.ends}'"
    )
    recipe = recipe.replace(
        "generate:\n", "recommend: {}\ngenerate:\n  offer: {ends: 2026-04-30}\n"
    )
    assert check(recipe).mistakes == ()


def test_the_tenth_product_has_no_slot(check) -> None:
    recipe = RECIPE.replace("FIELD", "{}").replace("TEXT", "'{product.10.name}'")
    (mistake,) = check(recipe.replace("generate:", "recommend: {}\ngenerate:")).mistakes
    assert mistake.message.startswith("unknown slot {product.10.name}; did you mean 'product.")


def test_a_misspelt_stage_or_offer_is_not_told_again_by_the_slots_that_need_it(check) -> None:
    recipe = RECIPE.replace("FIELD", "{}").replace("TEXT", "'{product.name} {offer.code}'")
    recipe = recipe.replace("generate:", "recomend: {}\ngenerate:\n  ofer: {code: X}")
    assert [mistake.message for mistake in check(recipe).mistakes] == [
        "unknown key 'recomend'; did you mean 'recommend'?",
        "unknown key 'ofer'; did you mean 'offer'?",
    ]


@pytest.mark.parametrize("language", ["en", "de-AT", "zh-Hans-CN", "ast"])
def test_languages_are_tags(check, language: str) -> None:
    recipe = RECIPE.replace("FIELD", "{}").replace(
        "{subject: TEXT, body: b}", f"{{{language}: {{subject: s, body: b}}}}"
    )
    assert check(recipe).mistakes == ()


def test_a_text_beside_languages_is_told(check) -> None:
    recipe = RECIPE.replace("FIELD", "{}").replace(
        "{subject: TEXT, body: b}", "{subject: s, body: b, de: {subject: s, body: b}}"
    )
    assert [mistake.message for mistake in check(recipe).mistakes] == [
        "unknown field 'de'; known: subject, body",
        "must be text, not a mapping",
    ]
