"""A responder is judged by questions of which is known what the right answer is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from ballyhoo import DataError, Handoff, Reply
from ballyhoo.core.answering.asked import Asked
from ballyhoo.core.clock import SystemClock
from ballyhoo.core.evaluation.answers import evaluate_answers
from ballyhoo.core.evaluation.labelled import read_labelled_file

REPLIES = {
    "a": Reply(text="A.", confidence=0.9, articles=("x",), intent="one"),
    "b": Reply(text="B.", confidence=0.8, articles=("y",), intent="two"),
    "c": Reply(
        text=None, confidence=0.1, intent="one",
        handoff=Handoff(reason="low_confidence", summary="-", candidates=("y", "x")),
    ),
}  # fmt: skip


def answer(asked: Sequence[Asked]) -> list[Reply]:
    return [REPLIES[one.text] for one in asked]


def test_right_wrong_and_ranks_are_counted(tmp_path: Path) -> None:
    file = tmp_path / "asked.csv"
    file.write_text("question,category,article\na,one,x\nb,one,x\nc,one,x\nb,none,\nc,oos,\n")
    found = evaluate_answers(answer, read_labelled_file(file), SystemClock())
    assert (found.questions, found.answered, found.right, found.wrong) == (5, 3, 1, 2)
    assert (found.handed_off, found.reasons) == (2, {"low_confidence": 2})
    assert found.intent_accuracy == pytest.approx(2 / 3)
    assert found.top1 == pytest.approx(1 / 3)
    assert found.mrr == pytest.approx((1 + 0 + 1 / 2) / 3)
    assert found.out_of_scope_recall == 1 / 2
    assert [(one.text, one.wanted, one.given) for one in found.examples] == [
        ("b", "x", "y"),
        ("b", "nothing", "y"),
    ]


def test_intents_alone_are_enough(tmp_path: Path) -> None:
    file = tmp_path / "asked.jsonl"
    file.write_text('{"text": "a", "intent": "one"}\n{"text": "b", "intent": "one"}\n')
    found = evaluate_answers(answer, read_labelled_file(file), SystemClock())
    assert (found.right, found.wrong, found.mrr, found.out_of_scope_recall) == (1, 1, None, None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("words,intent\na,b\n", "no column 'text'"),
        ("text,other\na,b\n", "does not say what is right"),
        ("text,intent\na,b\n,c\n", "asked.csv:3: there is no question"),
        ("text,intent\n", "no question"),
    ],
)
def test_file_that_says_too_little_is_refused(tmp_path: Path, text: str, said: str) -> None:
    file = tmp_path / "asked.csv"
    file.write_text(text)
    with pytest.raises(DataError, match=said):
        read_labelled_file(file)
