"""`ballyhoo simulate`: a campaign against people of whom everything is known; nothing leaves."""

from __future__ import annotations

import time
from pathlib import Path

import click

from .invocation import Invocation, echo_json

MOST_RUNS = 10_000
SAY_SECONDS = 5.0
"""How often it is said how far it is."""


@click.command("simulate")
@click.argument("recipe", metavar="RECIPE", type=click.Path(path_type=Path))
@click.option(
    "--days", metavar="N", type=click.IntRange(1, 366), default=30, help="How long: 30 days."
)
@click.option(
    "--people", metavar="N", type=click.IntRange(1, 1_000_000), default=1_000,
    help="How many people: 1,000.",
)  # fmt: skip
@click.option(
    "--runs", metavar="N", type=click.IntRange(1, MOST_RUNS), default=1, help="How many times: 1."
)
@click.option(
    "--seed", metavar="S", type=click.IntRange(0, 2**31 - 1), default=1,
    help="Of chance, and of the truth when no file says it: 1.",
)  # fmt: skip
@click.option(
    "--truth", metavar="FILE", type=click.Path(path_type=Path),
    help="A YAML file that says what is true; drawn by the seed when left out.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON object.")
@click.pass_obj
def command(
    invocation: Invocation,
    recipe: Path,
    days: int,
    people: int,
    runs: int,
    seed: int,
    truth: Path | None,
    as_json: bool,
) -> int:
    """Play a campaign against simulated people: what is true, and what the report says.

    Who clicks, who buys and what each variant does to them is known, so that one sees whether the
    report finds it with so many people. The experiment is the recipe's own, and so are the engine,
    the ledger and the report. The segment, products and copy have no part in it: no model is
    asked, nothing leaves the house, and the workspace's database is not touched.
    """
    from ..campaign import load_campaign
    from ..simulation.simulating import simulate
    from ..simulation.truth import draw_truth, read_truth
    from .simulations import describe_simulation, print_simulation

    workspace = invocation.workspace
    campaign = load_campaign(
        recipe,
        registry=workspace.registry,
        workspace=workspace.folder,
        topics=workspace.settings.preferences.topics,
    )
    told = (
        draw_truth(campaign.variants, seed)
        if truth is None
        else read_truth(truth, campaign.variants)
    )
    said_at = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal said_at
        if time.monotonic() - said_at >= SAY_SECONDS and done < total:
            said_at = time.monotonic()
            click.echo(f"{done:,} of {total:,} runs", err=True)

    found = simulate(
        workspace, campaign, told, people=people, days=days, seed=seed, runs=runs, tell=tell
    )
    if as_json:
        echo_json(describe_simulation(found))
    else:
        print_simulation(found)
    return 0
