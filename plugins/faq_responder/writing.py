"""Lets the recipe's language model write replies, and keeps what rests on the articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ballyhoo import Brief, Copy, FieldLimits, Reply

from .case import Case, Found
from .grounding import find_unfounded
from .markdown import strip_markdown
from .telling import cite

FIELD = "body"
MOST_PASSAGES = 3
MOST_CHARS = 1500
"""Of an article, in a prompt."""
WORTH_READING = 0.3
LIMITS = FieldLimits(max_words=120)


def write_replies(cases: Sequence[Case], replies: Sequence[Reply]) -> list[Reply]:
    """Return replies in a model's words where those rest on the articles, the rest as they are.

    Args:
        cases: The enquiries.
        replies: What each is answered in the article's own words, or a hand-off.
    """
    written = list(replies)
    wanted = [
        (place, case, _choose_passages(case, reply))
        for place, (case, reply) in enumerate(zip(cases, replies, strict=True))
        if reply.text is not None and reply.articles and case.context.generate is not None
    ]
    if not wanted:
        return written
    generate = wanted[0][1].context.generate
    assert generate is not None
    copies = generate([_make_brief(case, found) for _, case, found in wanted])
    for (place, case, found), copy in zip(wanted, copies, strict=True):
        written[place] = _judge(case, replies[place], found, copy)
    return written


def _choose_passages(case: Case, reply: Reply) -> list[Found]:
    first = [one for one in case.found if one.article.id in reply.articles]
    others = [
        one for one in case.found
        if one.article.id not in reply.articles and one.hit.fit >= WORTH_READING
    ]  # fmt: skip
    return [*first, *others][:MOST_PASSAGES]


def _make_brief(case: Case, found: Sequence[Found]) -> Brief:
    return Brief(
        campaign="",
        language=case.language,
        fields={FIELD: case.context.reply_limits.get(FIELD, LIMITS)},
        slots=_list_slots(case),
        voice=case.options.tone,
        question=case.enquiry.text[:MOST_CHARS],
        passages=tuple(_write_passage(one) for one in found),
        seed=case.context.derive_seed("reply", case.enquiry.text),
    )


def _list_slots(case: Case) -> tuple[str, ...]:
    return ("first_name",) if case.enquiry.customer_id is not None else ()


def _write_passage(found: Found) -> str:
    body = strip_markdown(found.article.body)
    if len(body) > MOST_CHARS:
        body = strip_markdown(found.hit.passage)[:MOST_CHARS]
    return f"{found.article.title}\n{body}"


def _judge(case: Case, reply: Reply, found: Sequence[Found], copy: Copy) -> Reply:
    text = copy.fields.get(FIELD, "").strip()
    unfounded = find_unfounded(
        text,
        [_write_passage(one) for one in found],
        slots=_list_slots(case),
        language=case.language,
    )
    made = copy.provenance
    told = {
        **reply.details,
        "model": made.model,
        "prompt_hash": made.prompt_hash,
        "seed": made.seed,
        "tokens": made.tokens,
        "unfounded": unfounded[:5],
    }
    if unfounded:
        return replace(reply, details=told)
    rested = [one for one in found if _rests_on(text, one)] or list(found[:1])
    return replace(
        reply,
        text=case.greet(text) + cite(case, [one.article for one in rested]),
        articles=tuple(dict.fromkeys(one.article.id for one in rested)),
        language=case.language,
        details={**told, "written_by": made.generator},
    )


def _rests_on(text: str, found: Found) -> bool:
    """Say whether a reply says anything that one article alone bears out."""
    return not find_unfounded(
        text, [_write_passage(found)], slots=("first_name",), language=found.article.language
    )
