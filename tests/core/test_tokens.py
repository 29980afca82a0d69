from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ballyhoo.core.errors import EnvironmentMissing
from ballyhoo.core.tokens import BadToken, Tokens

NEW = Tokens(("new key", "old key"))
OLD = Tokens(("old key",))
OTHER = Tokens(("somebody else's",))
ids = st.integers(min_value=0, max_value=2**63 - 1)


@given(ids)
def test_what_was_signed_is_read(number: int) -> None:
    assert NEW.read_link("unsubscribe", NEW.sign_link("unsubscribe", number)) == number
    assert NEW.read_return_path(NEW.sign_return_path(number)) == number


@given(ids)
def test_a_return_path_is_read_in_whatever_case_it_comes_and_fits_a_local_part(
    number: int,
) -> None:
    token = NEW.sign_return_path(number)
    assert len(token) <= 40
    assert token.isalnum()
    assert token == token.lower()
    assert NEW.read_return_path(token.upper()) == number


@given(ids)
def test_links_of_an_old_key_work_and_those_of_the_new_key_do_not_with_the_old_alone(
    number: int,
) -> None:
    assert NEW.read_link("unsubscribe", OLD.sign_link("unsubscribe", number)) == number
    assert NEW.read_return_path(OLD.sign_return_path(number)) == number
    with pytest.raises(BadToken):
        OLD.read_link("unsubscribe", NEW.sign_link("unsubscribe", number))
    with pytest.raises(BadToken):
        OLD.read_return_path(NEW.sign_return_path(number))


def test_a_token_of_one_purpose_is_none_of_another() -> None:
    with pytest.raises(BadToken):
        NEW.read_link("click", NEW.sign_link("unsubscribe", 5))


@given(st.text(max_size=60))
def test_what_nobody_signed_is_refused(token: str) -> None:
    with pytest.raises(BadToken):
        NEW.read_link("unsubscribe", token)
    with pytest.raises(BadToken):
        NEW.read_return_path(token)


@given(ids, st.integers(min_value=0), st.characters(codec="ascii"))
def test_a_token_that_was_changed_is_refused(number: int, at: int, to: str) -> None:
    for sign, read in (
        (lambda: OTHER.sign_link("x", number), lambda token: OTHER.read_link("x", token)),
        (lambda: OTHER.sign_return_path(number), OTHER.read_return_path),
    ):
        token = sign()
        place = at % len(token)
        changed = token[:place] + to + token[place + 1 :]
        with suppress(BadToken):
            assert read(changed) == number  # the unused bits of its last letter


@pytest.mark.parametrize("keys", [(), ("",), ("", "old key")])
def test_without_a_key_nothing_is_signed(keys: tuple[str, ...]) -> None:
    with pytest.raises(EnvironmentMissing, match="secret_key"):
        Tokens(keys).sign_link("unsubscribe", 1)
    with pytest.raises(EnvironmentMissing, match="secret_key"):
        Tokens(keys).sign_return_path(1)
