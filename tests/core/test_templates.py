from __future__ import annotations

import pytest

from ballyhoo import DataError, prepare_template, render_template


def render(text: str, *, escape: bool = False, **facts: object) -> str:
    return render_template(text, facts, escape=escape, name="letter.txt.j2")


def test_values_are_filled_and_escaped_in_html() -> None:
    assert render("Hello {{ name }}", name="<Ada>") == "Hello <Ada>"
    assert render("Hello {{ name }}", escape=True, name="<Ada>") == "Hello &lt;Ada&gt;"


def test_text_from_data_is_never_a_template() -> None:
    assert render("{{ name }}", name="{{ 7 * 7 }}") == "{{ 7 * 7 }}"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ nam }}", "letter.txt.j2: 'nam' is undefined"),
        ("{% if %}", "letter.txt.j2:1: Expected an expression"),
        ("x\n{{ name", "letter.txt.j2:2: unexpected end of template"),
        ("{{ ''.__class__.__mro__ }}", "letter.txt.j2: "),
        ("{{ name.__init__.__globals__ }}", "letter.txt.j2: "),
        ("{{ 'a' * 300000000 }}", "letter.txt.j2: '*' is for small numbers only"),
        ("{{ 9 ** 99999999 }}", "letter.txt.j2: '**' is for small numbers only"),
        ("{{ range(9) }}", "letter.txt.j2: 'range' is undefined"),
        ("{{ lipsum(n=3000) }}", "letter.txt.j2: 'lipsum' is undefined"),
        ("{{ items.append(1) }}", "letter.txt.j2: "),
        ("{{ name + 1 }}", "letter.txt.j2: "),
        ("{% include 'other' %}", "letter.txt.j2: "),
    ],
)
def test_what_a_template_may_not_do_is_refused_with_its_name(text: str, said: str) -> None:
    with pytest.raises(DataError) as failure:
        render(text, name="Ada", items=[])
    assert failure.value.message.startswith(said)


def test_what_a_template_produces_is_bounded() -> None:
    with pytest.raises(DataError, match="produces more than 1,000,000 characters"):
        render("{% for a in x %}{% for b in x %}{{ long }}{% endfor %}{% endfor %}",
               x=list(range(200)), long="x" * 100)  # fmt: skip


def test_small_sums_are_allowed() -> None:
    assert render("{{ 3 * 4 }} {{ 2 ** 3 }}") == "12 8"


@pytest.mark.parametrize(
    "text",
    [
        "{% for a in x %}{% for b in x %}{% for c in x %}{% endfor %}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{% if n < 40 %}{{ f(n+1) ~ f(n+1) }}{% endif %}{% endmacro %}{{ f(0) }}",
        "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
        "{% set y = long %}" + "{% set y = y ~ y %}" * 40,
        "{% set y = long %}" + "{% set y = y + y %}" * 40,
        "{% set y %}{{ long }}{% endset %}" + "{% set y %}{{ y }}{{ y }}{% endset %}" * 40,
        "{% set n = 999 %}" + "{% set n = n * n %}" * 40,
        "{{ '{:99999999}'.format(1) }}",
        "{{ '%99999999d'|format(1) }}",
        "{{ '%99999999d' % 1 }}",
        "{{ 'x'.center(99999999) }}",
        "{{ long|replace('a', long) }}",
        "{{ long|list|join(long) }}",
        "{% for a in x recursive %}{{ loop(x) }}{% endfor %}",
        "{% autoescape false %}{{ long }}{% endautoescape %}",
        "{{ long|safe }}",
    ],
)
def test_a_template_takes_neither_all_memory_nor_all_time(text: str) -> None:
    with pytest.raises(DataError, match=r"^letter\.txt\.j2"):
        render(text, x=list(range(200)), long="ab " * 20_000)


def test_a_template_extends_the_parts_that_it_is_given_and_no_other() -> None:
    parts = {"layout": "[{% block body %}{{ name }}{% endblock %}]"}
    text = '{% extends "layout" %}{% block body %}<{{ super() }}>{% endblock %}'
    template = prepare_template(text, escape=True, name="own.html.j2", parts=parts)
    assert template.render({"name": "<Ada>"}) == "[<&lt;Ada&gt;>]"
    with pytest.raises(DataError, match=r"own\.html\.j2"):
        prepare_template(text, escape=True, name="own.html.j2").render({"name": "Ada"})


def test_a_loop_knows_where_it_is_and_texts_are_joined_and_escaped() -> None:
    text = "{% for a in x %}{{ loop.index }}/{{ loop.length }} {% endfor %}"
    assert render(text, x=["a", "b"]) == "1/2 2/2 "
    assert render("{{ '<' ~ name }}", escape=True, name="<b>") == "&lt;&lt;b&gt;"


def test_parts_that_are_empty_end_nothing() -> None:
    text = "{% for one in many %}{{ one }}{% endfor %}the end"
    assert render(text, many=[""] * 90) == "the end"


def test_an_entry_of_facts_is_named_like_an_attribute_and_hides_no_method() -> None:
    facts = {"name": "Ada", "items": "hers", "__class__": "mine"}
    assert render("{{ fact.name }} {{ fact.items()|length }}", fact=facts) == "Ada 3"
    with pytest.raises(DataError, match="unsafe"):
        render("{{ fact.__class__ }}", fact=facts)
    with pytest.raises(DataError, match="no attribute 'nothing'"):
        render("{{ fact.nothing }}", fact=facts)
