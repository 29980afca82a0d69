"""Judges a responder by questions of which is known what the right answer is."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ..answering.asked import Asked
from ..clock import Clock
from ..enquiry import Reply
from .labelled import LabelledQuestion

AT_ONCE = 64
MOST_EXAMPLES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """A question that was answered wrongly, for a person to look at."""

    text: str
    wanted: str
    given: str
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerEvaluation:
    """How good a responder is.

    Attributes:
        questions: How many were asked.
        answered: How many got a reply.
        right: Of those, how many the right one.
        wrong: And how many another one, or one where nothing was right.
        handed_off: How many a person has to answer.
        reasons: Why, by reason.
        intent_accuracy: Share of the questions with an intent whose intent was told; None without.
        top1: Share of the questions with an article whose best article is that.
        mrr: Mean reciprocal rank of the right article among those named; 0 where it is not.
        out_of_scope_recall: Share of the questions that nothing answers which were handed off.
        ms_each: Milliseconds for each question.
        examples: Some that were answered wrongly, the surest first.
    """

    questions: int
    answered: int
    right: int
    wrong: int
    handed_off: int
    reasons: dict[str, int]
    intent_accuracy: float | None
    top1: float | None
    mrr: float | None
    out_of_scope_recall: float | None
    ms_each: float
    examples: tuple[Example, ...]


def evaluate_answers(
    ask: Callable[[Sequence[Asked]], Sequence[Reply]],
    questions: Sequence[LabelledQuestion],
    clock: Clock,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> AnswerEvaluation:
    """Ask every question, as somebody whom nobody knows, and judge the replies.

    Args:
        ask: Answers a batch; keeps nothing.
        questions: The questions.
        clock: Says when they are asked.
        progress: Told how many were asked of how many.
    """
    ask([])
    began = time.perf_counter()
    replies: list[Reply] = []
    for at in range(0, len(questions), AT_ONCE):
        batch = [
            Asked(
                text=one.text, key=f"evaluation-{at + number}", source="evaluate",
                at=clock.now(), language=one.language,
            )
            for number, one in enumerate(questions[at : at + AT_ONCE])
        ]  # fmt: skip
        replies += ask(batch)
        progress(len(replies), len(questions))
    seconds = time.perf_counter() - began
    return _judge(questions, replies, 1000 * seconds / len(questions))


def _judge(
    questions: Sequence[LabelledQuestion], replies: Sequence[Reply], ms_each: float
) -> AnswerEvaluation:
    pairs = list(zip(questions, replies, strict=True))
    answered = [(one, reply) for one, reply in pairs if reply.text is not None]
    right = [_is_right(one, reply) for one, reply in answered]
    reasons = Counter(reply.handoff.reason for _, reply in pairs if reply.handoff is not None)
    ranks = [_find_rank(one.article, reply) for one, reply in pairs if one.article is not None]
    wrong = sorted(
        (pair for pair, is_right in zip(answered, right, strict=True) if not is_right),
        key=lambda pair: -pair[1].confidence,
    )
    return AnswerEvaluation(
        questions=len(pairs),
        answered=len(answered),
        right=sum(right),
        wrong=len(wrong),
        handed_off=len(pairs) - len(answered),
        reasons=dict(reasons.most_common()),
        intent_accuracy=_share(
            [one.intent == reply.intent for one, reply in pairs if one.intent is not None]
        ),
        top1=_share([rank == 1 for rank in ranks]),
        mrr=None if not ranks else sum(1 / rank for rank in ranks if rank) / len(ranks),
        out_of_scope_recall=_share(
            [reply.text is None for one, reply in pairs if not one.is_answerable]
        ),
        ms_each=ms_each,
        examples=tuple(
            Example(
                text=one.text,
                wanted=one.article or one.intent or "nothing",
                given=", ".join(reply.articles) or reply.intent or "a reply",
                confidence=reply.confidence,
            )
            for one, reply in wrong[:MOST_EXAMPLES]
        ),
    )


def _is_right(one: LabelledQuestion, reply: Reply) -> bool:
    if not one.is_answerable:
        return False
    if one.article is not None:
        return one.article in reply.articles
    return one.intent == reply.intent


def _find_rank(article: str | None, reply: Reply) -> int:
    """Return at which place an article is named, from 1; 0 when it is not."""
    named = list(reply.articles)
    if reply.handoff is not None:
        named += [one for one in reply.handoff.candidates if one not in named]
    return named.index(article) + 1 if article in named else 0


def _share(hits: Sequence[bool]) -> float | None:
    return sum(hits) / len(hits) if hits else None
