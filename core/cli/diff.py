"""`ballyhoo diff`: who enters, leaves and changes when a recipe is changed."""

from __future__ import annotations

import click

from .failures import report_failure
from .invocation import Invocation, echo_json

SAMPLES = 10
"""How many messages are made by each recipe, unless --sample says otherwise."""


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option(
    "--sample",
    metavar="N",
    type=click.IntRange(min=0),
    default=SAMPLES,
    help=f"Make so many messages by each recipe, and compare them; {SAMPLES} when left out.",
)
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(invocation: Invocation, old: str, new: str, sample: int, as_json: bool) -> int:
    """Compare two recipes: who enters, who leaves, who changes variant or content.

    Both are planned over the store as it is now; nothing is written and nothing is sent. OLD and
    NEW are recipes, or the numbers of runs, which keep the recipe that they were started with.
    """
    from ..engine.diffing import compare_campaigns, load_comparable
    from ..engine.engine import open_engine
    from .diffs import describe_diff, print_diff

    with open_engine(invocation.workspace, works=False) as engine:
        sides = [load_comparable(engine, name) for name in (old, new)]
        found = compare_campaigns(engine, *sides, samples=sample)
    if as_json:
        echo_json(describe_diff(found))
    else:
        print_diff(found)
    return 0 if found.problem is None else report_failure(found.problem)
