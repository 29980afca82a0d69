"""Finds what the knowledge base lacks: questions without an answer, articles that do not help."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from ..store.engine import Store
from ..store.knowledge import read_articles
from ..store.reading import from_moment, to_moment
from ..store.tables import enquiries, replies
from .likeness import find_groups, vectorise

MOST_COMPARED = 3_000
"""The newest of the unanswered questions; each is compared with each."""
KEEPS_ASKING_MS = 3_600_000
"""Who asks again within so long was not helped by what she was told."""
LEAST_SHOWN = 3
"""Of an article that was told less often nobody knows yet whether it helps."""
KNOWN_ALREADY = 0.8
"""A question that is so much like one that an article has tells nothing new."""
NOT_OUR_FAULT = frozenset({"asked_for_a_person", "legal", "angry"})
"""Reasons of hand-offs that no article would have prevented."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unanswered:
    """Questions that ask for the same, and were handed to a person.

    Attributes:
        count: How many.
        questions: Some of them, the most typical first.
        enquiries: The ids of all.
        candidates: Articles that came nearest, the most frequent first.
        last: When the newest was asked.
        languages: In which languages, the most frequent first.
    """

    count: int
    questions: tuple[str, ...]
    enquiries: tuple[int, ...]
    candidates: tuple[str, ...]
    last: datetime
    languages: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Unhelpful:
    """An article that is told and does not help.

    Attributes:
        article: Its id.
        told: How often replies rested on it.
        helped: How often somebody said that it helped.
        failed: How often somebody said that it did not.
        asked_again: How often somebody asked on within an hour.
    """

    article: str
    told: int
    helped: int
    failed: int
    asked_again: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggested:
    """A question that an article should have among its own.

    Attributes:
        article: The article's id.
        language: Its language.
        question: The question as it was asked.
        because: `helped` (somebody said so) or `labelled` (a person named the article's intent).
    """

    article: str
    language: str
    question: str
    because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What a person may improve.

    Attributes:
        since: From when on enquiries were looked at.
        asked: How many there were.
        handed_off: How many of them a person had to answer.
        open: How many of those nobody has closed.
        unanswered: What had no answer, the most frequent first.
        unhelpful: Articles that do not help.
        suggested: Questions that would make articles be found.
    """

    since: datetime
    asked: int
    handed_off: int
    open: int
    unanswered: tuple[Unanswered, ...]
    unhelpful: tuple[Unhelpful, ...]
    suggested: tuple[Suggested, ...]


@dataclass(slots=True)
class _Told:
    told: int = 0
    helped: int = 0
    failed: int = 0
    asked_again: int = 0
    questions: list[tuple[str, str]] = field(default_factory=list)


def review_enquiries(store: Store, *, since: datetime, now: datetime) -> Review:
    """Look at what was asked since some time, and at what became of it.

    Args:
        store: An open store.
        since: From when on.
        now: The moment at which articles are valid.
    """
    with store.read() as connection:
        rows = _read(connection, to_moment(since))
        articles = read_articles(connection, to_moment(now))
    told = _count(rows)
    handed = [row for row in rows if row.handoff is not None]
    return Review(
        since=since,
        asked=len(rows),
        handed_off=len(handed),
        open=sum(row.closed_at is None for row in handed),
        unanswered=_group([row for row in handed if row.handoff not in NOT_OUR_FAULT]),
        unhelpful=_find_unhelpful(told),
        suggested=_suggest(rows, articles),
    )


def _read(connection: Connection, since: int) -> Sequence[Any]:
    return connection.execute(
        select(
            enquiries.c.id, enquiries.c.text, enquiries.c.at, enquiries.c.conversation,
            enquiries.c.language, enquiries.c.intent.label("labelled"), replies.c.articles,
            replies.c.handoff, replies.c.candidates, replies.c.is_helpful, replies.c.closed_at,
            replies.c.intent,
        )
        .join(replies, replies.c.enquiry_id == enquiries.c.id)
        .where(enquiries.c.at >= since, enquiries.c.text.is_not(None))
        .order_by(enquiries.c.at, enquiries.c.id)
    ).all()  # fmt: skip


def _count(rows: Sequence[Any]) -> dict[str, _Told]:
    told: dict[str, _Told] = defaultdict(_Told)
    last: dict[str, Any] = {}
    for row in rows:
        if row.conversation is not None:
            before = last.get(row.conversation)
            if before is not None and row.at - before.at <= KEEPS_ASKING_MS:
                for key, *_ in before.articles if before.handoff is None else ():
                    told[key].asked_again += 1
            last[row.conversation] = row
        for key, *_ in row.articles if row.handoff is None else ():
            told[key].told += 1
            told[key].helped += row.is_helpful is True
            told[key].failed += row.is_helpful is False
    return told


def _find_unhelpful(told: dict[str, _Told]) -> tuple[Unhelpful, ...]:
    found = [
        Unhelpful(
            article=key, told=one.told, helped=one.helped, failed=one.failed,
            asked_again=one.asked_again,
        )
        for key, one in told.items()
        if one.told >= LEAST_SHOWN and one.failed + one.asked_again / 2 > one.helped
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-(one.failed + one.asked_again), one.article)))


def _group(rows: Sequence[Any]) -> tuple[Unanswered, ...]:
    newest = list(rows)[-MOST_COMPARED:]
    groups = find_groups([row.text for row in newest])
    found = []
    for places in groups:
        members = [newest[place] for place in places]
        named = Counter(key for row in members for key in row.candidates)
        spoken = Counter(row.language for row in members if row.language)
        found.append(
            Unanswered(
                count=len(members),
                questions=tuple(dict.fromkeys(row.text for row in members))[:3],
                enquiries=tuple(row.id for row in members),
                candidates=tuple(key for key, _ in named.most_common(3)),
                last=from_moment(max(row.at for row in members)),
                languages=tuple(language for language, _ in spoken.most_common(3)),
            )
        )
    return tuple(sorted(found, key=lambda one: (-one.count, -one.last.timestamp())))


def _suggest(rows: Sequence[Any], articles: Sequence[Any]) -> tuple[Suggested, ...]:
    """Return questions that a person confirmed, and that no article has yet in such words."""
    by_key = {(one.id, one.language): one for one in articles}
    by_intent: dict[str, list[Any]] = defaultdict(list)
    for one in articles:
        if one.intent is not None:
            by_intent[one.intent].append(one)
    wanted: dict[tuple[str, str, str], str] = {}
    for row in rows:
        if row.labelled is not None and row.handoff is not None:
            for article in by_intent.get(row.labelled, [])[:1]:
                wanted.setdefault((article.id, article.language, row.text), "labelled")
        elif row.is_helpful and len(row.articles) == 1:
            key, language, _ = row.articles[0]
            if (key, language) in by_key:
                wanted.setdefault((key, language, row.text), "helped")
    return tuple(
        Suggested(article=key, language=language, question=question, because=because)
        for (key, language, question), because in wanted.items()
        if not _is_known(question, by_key[key, language])
    )


def _is_known(question: str, article: Any) -> bool:
    vectors = vectorise([question, article.title, *article.questions])
    near = (vectors[1:] @ vectors[[0]].T).toarray()
    return bool(near.max() >= KNOWN_ALREADY)
