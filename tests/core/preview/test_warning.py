from __future__ import annotations

import pytest

from ballyhoo.core.preview.warning import find_warnings, list_warnings

from ..mails import HTML, read, write_mail


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"subject": "x" * 61}, "the subject is longer than 60 characters; phones cut it"),
        ({"subject": ""}, "the subject is empty"),
        ({"html": HTML + "<p>" + "x" * 102_000}, "the HTML part has more than 102 kB; "),
        ({"html": HTML + "<img src=https://a.example/b>"}, "a picture has no alternative text"),
        ({"html": HTML + "<a href='http://a.example'>a</a>"}, "not https: http://a.example"),
        ({"html": "<i hidden>a</i>b"}, "the HTML part has no link to unsubscribe"),
        ({"text": "Dry"}, "the text part has no link to unsubscribe"),
        ({"leave": ""}, "the head has no List-Unsubscribe"),
        ({"html": None}, "there is no HTML part"),
        ({"text": None}, "there is no text part"),
        ({"subject": "Hello {first_name|you}"}, "'{first_name|you}' looks like something"),
        ({"html": HTML.replace("Dry", "{{ headline }}")}, "'{{ headline }}' looks like something"),
    ],
)
def test_what_a_person_should_know_is_found_in_the_bytes(
    changes: dict[str, str], said: str
) -> None:
    warnings = find_warnings(read(write_mail(**changes)))
    assert len(warnings) == 1
    assert warnings[0].startswith(said)


def test_a_decorative_picture_needs_no_words() -> None:
    html = HTML.replace("alt='A shoe'", "alt=''")
    assert find_warnings(read(write_mail(html=html))) == []


def test_a_warning_is_told_once_with_the_messages_it_is_about() -> None:
    told = list_warnings([(1, ["a", "b"]), (2, ["b"])])
    assert [(one.warning, one.messages) for one in told] == [("a", (1,)), ("b", (1, 2))]
