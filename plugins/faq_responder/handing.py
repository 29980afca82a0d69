"""Hands an enquiry to a person: why, what it is about, what was found, what one could answer."""

from __future__ import annotations

from ballyhoo import Handoff, Reply

from .case import Case
from .telling import choose_article, shares_ground, was_told_before, write_extract

WORTH_A_LOOK = 0.15
"""From this fit on an article is shown to the person who answers."""
WORTH_A_DRAFT = 0.35
"""From this fit on it is suggested as the reply; below it would cost more than it gives."""
MOST_CANDIDATES = 3
ANGER = {"any": 1, "strong": 2, "never": 99}


def hand_over_at_once(case: Case) -> Reply | None:
    """Return a hand-off where a person has to answer, whatever articles there are."""
    understood = case.understood
    if understood.wants_person:
        return hand_over(case, "asked_for_a_person")
    if understood.is_legal:
        return hand_over(case, "legal")
    if understood.anger >= ANGER[case.options.anger]:
        return hand_over(case, "angry")
    if was_told_before(case):
        return hand_over(case, "asked_again")
    return None


def hand_over(case: Case, reason: str) -> Reply:
    """Return a hand-off with a summary, the candidates and a draft when there is one."""
    near_ones = [
        one for one in case.found if one.hit.fit >= WORTH_A_LOOK and shares_ground(case, one)
    ]
    candidates = near_ones[:MOST_CANDIDATES]
    near = candidates[0] if candidates and candidates[0].hit.fit >= WORTH_A_DRAFT else None
    best = choose_article(case) or near
    draft = None if best is None else case.greet(write_extract(case, best))
    return Reply(
        text=None,
        confidence=candidates[0].hit.fit if candidates else 0.0,
        articles=() if best is None else (best.article.id,),
        intent=case.understood.intent,
        handoff=Handoff(
            reason=reason,
            summary=summarise(case),
            draft=draft,
            candidates=tuple(dict.fromkeys(one.article.id for one in candidates)),
        ),
        language=case.language if best is None else best.article.language,
        details=case.details,
    )


def summarise(case: Case) -> str:
    """Return for a person what an enquiry is about: no address, no name."""
    understood, enquiry = case.understood, case.enquiry
    parts = [f"Written in {understood.language or 'a language that was not recognised'}."]
    if understood.intent is not None:
        parts.append(f"Probably about: {understood.intent} ({understood.confidence:.0%}).")
    elif not understood.in_scope:
        parts.append("About nothing that the knowledge base speaks of.")
    if understood.anger:
        parts.append("Very angry." if understood.anger > 1 else "Not content.")
    if understood.urgency:
        parts.append("Urgent.")
    if understood.is_legal:
        parts.append("Speaks of legal steps.")
    kinds = sorted({one.kind for one in understood.entities})
    if kinds:
        parts.append(f"Names: {', '.join(kinds)}.")
    asked = len(enquiry.earlier)
    if asked:
        parts.append(f"Asked {'once' if asked == 1 else f'{asked} times'} before in this talk.")
    parts.append("A known customer." if enquiry.customer_id else "It is not proved who asks.")
    return " ".join(parts)
