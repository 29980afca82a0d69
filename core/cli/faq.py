"""`ballyhoo faq`: what the knowledge base lacks, and the enquiries that a person has answered."""

from __future__ import annotations

from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from .amounts import show_count
from .invocation import Invocation, echo_json

if TYPE_CHECKING:
    from ..answering.handoffs import OpenHandoff
    from ..answering.reviewing import Review

WIDTH = 100


@click.group("faq")
def command() -> None:
    """Show what the knowledge base lacks, and close what a person has answered."""


@command.command("review")
@click.option(
    "--days", metavar="N", type=click.IntRange(1, 3660), default=30, show_default=True,
    help="How far back.",
)  # fmt: skip
@click.option(
    "--top", metavar="N", type=click.IntRange(1, 1000), default=10, show_default=True,
    help="How many of each are shown.",
)  # fmt: skip
@click.option(
    "--out", metavar="FILE", type=click.Path(dir_okay=False, path_type=Path),
    help="Write the articles with suggested questions there, to be read and imported.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def review(invocation: Invocation, days: int, top: int, out: Path | None, as_json: bool) -> int:
    """Show what was asked and not answered, what does not help, and what would.

    Questions that ask for the same stand together. An article does not help when people say so, or
    ask on within an hour. A question is suggested for an article when somebody asked it so and
    was helped, or when a person named its intent ('ballyhoo faq close').
    """
    from ..answering.article_file import write_suggestions
    from ..answering.handoffs import list_open
    from ..answering.reviewing import review_enquiries
    from ..clock import SystemClock
    from ..store.opening import open_workspace_store

    now = SystemClock().now()
    with open_workspace_store(invocation.workspace) as store:
        found = review_enquiries(store, since=now - timedelta(days=days), now=now)
        waiting = list_open(store, most=top)
        written = None if out is None else write_suggestions(store, found.suggested, out)
    if as_json:
        echo_json({**_describe(found), "open_handoffs": [_show_open(one) for one in waiting]})
    else:
        _print(found, waiting, top)
    if out is not None:
        named = show_count(written or 0, "article")
        click.echo(f"{named} written to {out}; read it, then: ballyhoo import articles {out}",
                   err=True)  # fmt: skip
    return 0


@command.command("close")
@click.argument("enquiry_ids", metavar="ID...", nargs=-1, required=True, type=int)
@click.option("--intent", metavar="INTENT", help="What was wanted: the responder learns it.")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def close(
    invocation: Invocation, enquiry_ids: tuple[int, ...], intent: str | None, as_json: bool
) -> int:
    """Say that a person has answered these enquiries, and what was wanted.

    IDs are those of 'ballyhoo faq review'. With --intent the questions are learned from, and
    suggested for the article of that intent.
    """
    from ..answering.handoffs import close_handoffs
    from ..clock import SystemClock
    from ..store.opening import open_workspace_store

    with open_workspace_store(invocation.workspace) as store:
        closed = close_handoffs(store, enquiry_ids, intent=intent, now=SystemClock().now())
    if as_json:
        echo_json({"closed": closed})
    else:
        click.echo(f"{show_count(closed, 'enquiry', 'enquiries')} closed")
    return 0


def _describe(found: Review) -> dict[str, Any]:
    described = asdict(found)
    described["since"] = found.since.isoformat(timespec="seconds")
    for shown, one in zip(described["unanswered"], found.unanswered, strict=True):
        shown["last"] = one.last.isoformat(timespec="seconds")
    return described


def _show_open(one: OpenHandoff) -> dict[str, Any]:
    return {**asdict(one), "at": one.at.isoformat(timespec="seconds")}


def _print(found: Review, waiting: list[OpenHandoff], top: int) -> None:
    asked = show_count(found.asked, "enquiry", "enquiries")
    handed = f"{found.handed_off:,} handed to a person, {found.open:,} of them not closed"
    click.echo(click.style(f"{asked} since {found.since:%Y-%m-%d}; {handed}", bold=True))
    if waiting:
        click.echo("\nWaiting for a person, the oldest first:")
        for one in waiting:
            reason = one.reason.replace("_", " ")
            click.echo(f"  {one.enquiry}  {one.at:%Y-%m-%d %H:%M}  {reason}: {_cut(one.text)}")
    if found.unanswered:
        click.echo("\nAsked, and no article answers it:")
        for group in found.unanswered[:top]:
            near = f" (nearest: {', '.join(group.candidates)})" if group.candidates else ""
            click.echo(f"  {group.count:,} times{near}" if group.count > 1 else f"  once{near}")
            for question in group.questions:
                click.echo(f"    {_cut(question)}")
    if found.unhelpful:
        click.echo("\nArticles that do not help:")
        for article in found.unhelpful[:top]:
            click.echo(
                f"  {article.article}: told {article.told:,} times, helped {article.helped:,}, "
                f"did not {article.failed:,}, asked on {article.asked_again:,}"
            )
    if found.suggested:
        click.echo("\nQuestions that articles should have (--out FILE writes them to be accepted):")
        for suggested in found.suggested[:top]:
            click.echo(f"  {suggested.article} ({suggested.language}): {_cut(suggested.question)}")
    if not (waiting or found.unanswered or found.unhelpful or found.suggested):
        click.echo("Nothing to improve.")


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= WIDTH else line[: WIDTH - 1].rstrip() + "…"
