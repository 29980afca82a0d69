"""Answers a batch: understood, searched, then the first of several ways that has an answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from ballyhoo import Context, Enquiry, Reply

from .case import Case, Found
from .handing import hand_over, hand_over_at_once
from .learning import open_learned
from .options import AnswerOptions
from .ordering import tell_order
from .records import suggest, tell_product
from .telling import tell_article
from .topics import is_greeting, is_thanks
from .writing import write_replies

MOST_CHARS = 5000
"""Of a question; who writes more has said by then what she wants."""
TOP = 10
SHORT = 6
"""A question of so few words goes on with the one before."""


def answer(context: Context, options: AnswerOptions, enquiries: Sequence[Enquiry]) -> list[Reply]:
    """Return the reply to each enquiry, aligned."""
    if not enquiries:
        return []
    cases = _prepare(context, options, enquiries)
    return write_replies(cases, [_answer(case) for case in cases])


def _prepare(context: Context, options: AnswerOptions, enquiries: Sequence[Enquiry]) -> list[Case]:
    valid = context.store.articles()
    learned = open_learned(context, valid)
    texts = [_ask(one) for one in enquiries]
    understood = learned.understanding.understand(texts, [one.language for one in enquiries])
    languages = [one.language or options.language for one in understood]
    hits = learned.understanding.search(texts, languages, top=TOP)
    articles = {(one.id, one.language): one for one in valid}
    return [
        Case(
            enquiry=enquiry,
            asked=text,
            understood=said,
            found=tuple(
                Found(article=article, hit=hit)
                for hit in found
                if (article := articles.get((hit.article_id, hit.language))) is not None
                and (article.audience is None or article.audience in enquiry.audiences)
            ),
            context=context,
            options=options,
            catalogue=learned.catalogue,
        )
        for enquiry, text, said, found in zip(enquiries, texts, understood, hits, strict=True)
    ]


def _ask(enquiry: Enquiry) -> str:
    """Return what is looked for: a short question goes on with what was asked before it."""
    text = enquiry.text[:MOST_CHARS]
    if enquiry.subject and enquiry.subject not in text:
        text = f"{enquiry.subject}\n{text}"[:MOST_CHARS]
    if enquiry.earlier and len(text.split()) < SHORT and not is_thanks(text):
        return f"{text}\n{enquiry.earlier[-1].text[:MOST_CHARS]}"
    return text


def _answer(case: Case) -> Reply:
    for way in WAYS:
        reply = way(case)
        if reply is not None:
            return reply
    return hand_over(case, "low_confidence")


def _unsubscribe(case: Case) -> Reply | None:
    if not case.understood.wants_to_unsubscribe:
        return None
    if case.enquiry.has_address:
        text = case.say("unsubscribed")
        return case.reply(text, intent="unsubscribe", confidence=0.99, unsubscribes=True)
    return case.reply(case.say("unsubscribe_how"), intent="unsubscribe", confidence=0.99)


def _be_polite(case: Case) -> Reply | None:
    if is_thanks(case.enquiry.text):
        return case.reply(case.say("thanks"), intent="thanks", confidence=0.95)
    if is_greeting(case.enquiry.text):
        return case.reply(case.say("greeting"), intent="greeting", confidence=0.95)
    return None


WAYS: tuple[Callable[[Case], Reply | None], ...] = (
    _unsubscribe,
    hand_over_at_once,
    tell_order,
    _be_polite,
    suggest,
    tell_product,
    tell_article,
)
"""In this order; what none of them answers is handed to a person."""
