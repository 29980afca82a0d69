"""Shows how good a responder is: in words, and the same for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from .amounts import show_count

if TYPE_CHECKING:
    from ..evaluation.answers import AnswerEvaluation

DIGITS = 4


def describe_answers(found: AnswerEvaluation) -> dict[str, Any]:
    """Return an evaluation as the JSON of `evaluate --labelled`."""
    return {
        name: round(value, DIGITS) if isinstance(value, float) else value
        for name, value in asdict(found).items()
    }


def print_answers(plugin: str, found: AnswerEvaluation) -> None:
    """Print an evaluation for a person."""
    asked = show_count(found.questions, "question")
    click.echo(click.style(f"{plugin}: {asked}, {found.ms_each:.1f} ms each", bold=True))
    share = found.answered / found.questions
    click.echo(f"{found.answered:,} answered ({share:.0%}): {found.right:,} right, "
               f"{found.wrong:,} wrong")  # fmt: skip
    reasons = ", ".join(
        f"{count:,} {why.replace('_', ' ')}" for why, count in found.reasons.items()
    )
    click.echo(f"{found.handed_off:,} handed to a person" + (f": {reasons}" if reasons else ""))
    for value, said in (
        (found.intent_accuracy, "of the intents were told"),
        (found.top1, "have the right article first"),
        (found.out_of_scope_recall, "of what nothing answers was handed to a person"),
    ):
        if value is not None:
            click.echo(f"{value:.1%} {said}")
    if found.mrr is not None:
        click.echo(f"mean reciprocal rank of the right article: {found.mrr:.3f}")
    if found.examples:
        click.echo("\nThe surest of the wrong ones:")
        for one in found.examples:
            click.echo(f"  {one.text[:80]!r}: {one.given}, where {one.wanted} is right "
                       f"({one.confidence:.0%})")  # fmt: skip
