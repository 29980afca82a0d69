from __future__ import annotations

import re
from typing import get_args

from ballyhoo.core.engine import delivering, health, outcomes
from ballyhoo.core.engine.telling import STATES
from ballyhoo.core.policy.objections import REASONS
from ballyhoo.core.store.ledger import recovery
from ballyhoo.core.store.ledger.states import FAILURES, MESSAGE_STATES, RunState

from .pages import Page, Section
from .test_reference import read_table


def read_words(reference: dict[str, Page], title: str) -> dict[str, str]:
    """Return the first two cells of each row below a heading, links and marks left out."""
    section: Section = reference["states"].below(title)[0]
    rows = [row for row in read_table(section) if row[0].startswith("`")]
    return {row[0].strip("`"): re.sub(r"\[(.+?)\]\(.+?\)", r"\1", row[1]) for row in rows}


def test_every_state_of_a_message_is_told(reference: dict[str, Page]) -> None:
    assert set(read_words(reference, "Messages")) == set(MESSAGE_STATES) == set(STATES)


def test_every_state_of_a_run_is_told(reference: dict[str, Page]) -> None:
    assert set(read_words(reference, "Runs")) == set(get_args(RunState))


def test_every_reason_is_told_in_the_words_of_the_commands(reference: dict[str, Page]) -> None:
    for title, known in (
        ("Why somebody is skipped", REASONS),
        ("Why a message failed", FAILURES),
    ):
        told = read_words(reference, title)
        assert set(told) == set(known)
        for reason, said in told.items():
            assert said.replace("`", "").startswith(known[reason]), reason


def test_the_pictures_have_every_state_and_no_other(reference: dict[str, Page]) -> None:
    for title, known in (("Messages", set(MESSAGE_STATES)), ("Runs", set(get_args(RunState)))):
        [(kind, picture)] = reference["states"].below(title)[0].blocks
        assert kind == "mermaid"
        drawn = [*re.findall(r"(\w+) -->", picture), *re.findall(r"--> (\w+)", picture)]
        assert set(drawn) == known


def test_the_limits_are_those_that_hold(reference: dict[str, Page]) -> None:
    text = reference["states"].text
    assert f"{health.MOST_BOUNCES:.0%} of its messages bounced" in text
    assert f"{health.MOST_COMPLAINTS:.1%} brought a complaint" in text
    assert delivering.FAILURES_BEFORE_PAUSE == 3
    assert "three times in a row" in text
    assert outcomes.MOST_ATTEMPTS == 10
    assert "ten times" in text
    assert recovery.MOST_CRASHES == 4
    assert "died, four times" in text
