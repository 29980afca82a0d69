from __future__ import annotations

import pytest

from ballyhoo.core.recipe.findings import Findings
from ballyhoo.core.recipe.yaml_reader import read_yaml

INDENTATION = "the indentation does not fit the lines above"
QUOTES = "put the whole value in quotes"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b\n]\n", "2:1: a ']' without its other half; a text with it needs quotes"),
        ("'a' b\n", "1:5: nothing more may stand here; the document ended before this"),
        ("{a: b}\nc: d\n", "2:1: nothing more may stand here; the document ended before this"),
        ("- a\nb: c\n", f"2:1: {INDENTATION}"),
        ("a: b\n- c\n", f"2:1: {INDENTATION}"),
        ("a:\n  - x\n  y: z\n", f"3:3: {INDENTATION}"),
        ("a: 'x' 'y'\n", f"1:8: the value ended before this; {QUOTES}"),
        ("a: b: c\n", f"1:5: a second ':' in one value; {QUOTES}"),
        ("a: b\n   c: d\n", "2:4: the indentation does not fit the line above"),
        ("a b\nc: d\n", "2:1: the line above has no ':' after its key"),
        ("a: b\nc\nd: e\n", "2:1: a key without ':' after it"),
        ("a: [b, c\nd: e\n", "1:4: this '[' is not closed by ']'; a text with it needs quotes"),
        ("a: {b: c\nd: e\n", "1:4: this '{' is not closed by '}'; a text with it needs quotes"),
        (
            "a: {b: c d: e}",
            "1:11: a ',' or '}' is missing before this; a text with '{' needs quotes",
        ),
        ('a: "b\nc: d\n', "1:4: this quote is not closed"),
        ("a: 'b\n---\n", "1:4: this quote is not closed"),
        ("a: |x\n  y\n", "1:5: after '|' or '>' the text begins on the next line, indented"),
        ("a: |10\n y\n", "1:6: after '|' or '>' the text begins on the next line, indented"),
        ("a: &\n", f"1:4: a value cannot begin with '&'; {QUOTES}"),
        ("a: *\n", f"1:4: a value cannot begin with '*'; {QUOTES}"),
        ("a: !<\n", f"1:4: a value cannot begin with '!'; {QUOTES}"),
        ("a: !x!y z\n", f"1:4: a value cannot begin with '!'; {QUOTES}"),
        ("a: `x`\n", f"1:4: a value cannot begin with '`'; {QUOTES}"),
        ("a: ? b\n", f"1:4: a value cannot begin with '? '; {QUOTES}"),
        ("a: - b\n", "1:4: a list entry ('- ') begins on a line of its own, below its key"),
        ("a: , b\n", "1:4: a value is missing before this"),
        ("a: [,]\n", "1:5: a value is missing before this"),
        ("\ta: b\n", "1:1: a tab cannot stand here; use spaces"),
        ("a: b\n\tc: d\n", "2:1: a tab cannot stand here; use spaces"),
        (
            'a: "\\q"',
            "1:6: '\\' has a meaning in double quotes; write '\\\\', or use single quotes",
        ),
        (
            'a: "\\xZZ"',
            "1:7: '\\' has a meaning in double quotes; write '\\\\', or use single quotes",
        ),
        ('a: "\\U00110000"', "1:5: there is no character '\\U00110000'"),
        ("%X\na: b\n", "2:1: a line that begins with '%' is not allowed here"),
        ("a: b\n---\nc: d\n", "2:1: a second document begins here; put it into a file of its own"),
        ("a: b\n...\nc: d\n", "3:1: a second document begins here; put it into a file of its own"),
    ],
)
def test_what_is_not_yaml_is_explained_where_it_begins(text: str, said: str) -> None:
    findings = Findings("x.yaml")
    assert read_yaml(text.encode(), findings) is None
    (mistake,) = findings.sorted()
    assert str(mistake) == f"x.yaml:{said}"
