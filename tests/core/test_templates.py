from __future__ import annotations

import pytest

from ballyhoo import DataError, render_template


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
