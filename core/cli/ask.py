"""`ballyhoo ask`: answers one question, as a customer would be answered."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .invocation import Invocation, echo_json
from .stage_progress import show_stage_progress

if TYPE_CHECKING:
    from ..enquiry import Reply

SOURCE = "ask"


@click.command("ask")
@click.argument("question", metavar="QUESTION")
@click.option("--customer", metavar="ID", help="Ask as this customer: the shop's own id.")
@click.option("--language", metavar="TAG", help="In which language it is asked (de, pt-BR).")
@click.option(
    "--recipe", metavar="FILE", type=click.Path(path_type=Path),
    help="How to answer; campaigns/answers.yaml when left out.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation,
    question: str,
    customer: str | None,
    language: str | None,
    recipe: Path | None,
    as_json: bool,
) -> int:
    """Answer a question from the knowledge base, or say why a person has to.

    Nothing is kept, and nobody is unsubscribed: it is for trying out. Whoever calls it may read
    the database, so that --customer needs no proof; a customer herself is known by a signed token
    ('ballyhoo serve') or by mail that passed DMARC ('ballyhoo inbox').
    """
    from ..answering.answerer import Answerer
    from ..answering.asked import Asked
    from ..answering.recipe import load_answers
    from ..engine.engine import open_engine
    from ..store.segments import find_customer

    workspace = invocation.workspace
    campaign = load_answers(workspace, recipe)
    with (
        open_engine(workspace, works=False) as engine,
        show_stage_progress("learning the knowledge base") as tell,
    ):
        engine.progress = tell
        asked = Asked(
            text=question,
            key="ask",
            source=SOURCE,
            at=engine.clock.now(),
            customer_id=None if customer is None else find_customer(engine.store, customer),
            language=language,
        )
        (reply,) = Answerer(engine, campaign).try_out([asked])
    if as_json:
        echo_json(describe_reply(reply))
    else:
        _print(reply)
    return 0


def describe_reply(reply: Reply) -> dict[str, Any]:
    """Return a reply as JSON says it."""
    handoff = reply.handoff
    return {
        "reply": reply.text,
        "articles": list(reply.articles),
        "intent": reply.intent,
        "confidence": round(reply.confidence, 3),
        "handoff": None
        if handoff is None
        else {
            "reason": handoff.reason,
            "summary": handoff.summary,
            "candidates": list(handoff.candidates),
            "draft": handoff.draft,
        },
        "language": reply.language,
        "unsubscribes": reply.unsubscribes,
        "details": dict(reply.details),
    }


def _print(reply: Reply) -> None:
    if reply.text is not None:
        click.echo(reply.text)
        click.echo()
    elif reply.handoff is not None:
        click.echo(f"A person has to answer: {reply.handoff.reason.replace('_', ' ')}.")
        click.echo(reply.handoff.summary)
        if reply.handoff.draft:
            click.echo(f"\nSuggested:\n\n{reply.handoff.draft}")
        click.echo()
    if reply.unsubscribes:
        click.echo("She would be unsubscribed now.")
    told = [f"intent {reply.intent or 'not known'}", f"confidence {reply.confidence:.0%}"]
    if reply.articles:
        told.append(f"articles {', '.join(reply.articles)}")
    click.echo("; ".join(told), err=True)
