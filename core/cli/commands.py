"""Which commands there are, without importing any of them."""

from __future__ import annotations

from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING

import click

from ..installed import find_entry_points
from ..spelling import suggest_name

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

BUILT_IN = {
    "init": "Make a workspace: settings, campaigns/ and templates/.",
    "import": "Import customers, products, orders and more from a file.",
    "check": "Find every mistake in recipes.",
    "segment": "Show a recipe's audience: size, a sample, how each condition narrows it.",
    "plan": "Show who gets what, who is skipped and why, and how long it takes.",
    "preview": "Make a page to look at: real messages as people would get them; sends nothing.",
    "send-test": "Send one recipient's message to an address of yours, marked as a test.",
    "train": "Let the stages of a recipe that learn do so now, and say what was made.",
    "describe": "Write descriptions of products that a reviewer has read.",
    "evaluate": "Say how good the recommender of a recipe is, or by --labelled its responder.",
    "run": "Run a recipe: plan it, ask, and send; or go on with its run that is open.",
    "status": "Show where a run stands and what it waits for; without RUN the newest runs.",
    "pause": "Pause a run: nothing leaves any more, until it is resumed.",
    "resume": "Go on with a run that was paused, stopped, or left alone.",
    "cancel": "Cancel a run: what did not leave yet never does.",
    "retry": "Try the failed messages of a run again, and no others.",
    "resolve": "Say what the unknown messages of a run are, and of no others.",
    "approve": "Let the held messages of a run leave, or show them.",
    "report": "Show what a run brought, with intervals and in words; or all campaigns.",
    "explain": "Say why a customer got a message of a run, or did not: every decision, in order.",
    "feedback": "Tell plugins and endpoints what happened, and show who is behind by how much.",
    "test": "Test recipes: given customers and events, who gets what, when, and who is skipped.",
    "simulate": "Play a campaign against simulated people: what is true, and what the report says.",
    "diff": "Compare two recipes: who enters, who leaves, who changes variant or content.",
    "ask": "Answer a question from the knowledge base, or say why a person has to.",
    "faq": "Show what the knowledge base lacks, and close what a person has answered.",
    "serve": "Answer what customers' links lead to, until it is told to stop.",
    "schema": "Write the JSON Schema of recipes, for editors.",
    "plugins": "List plugins, their hooks and options, and what failed to load.",
    "new-plugin": "Write the skeleton of a plugin, with its tests.",
    "customer": "Show, export or erase one customer, named by the shop's own id.",
    "db": "Make, upgrade and look at the tables of the database.",
    "prune": "Remove what [retention] says was kept long enough.",
    "doctor": "Say what is there, what is missing and what to do.",
}
"""The first line of each command's help, by name, in the order of --help."""

GROUP = "ballyhoo.commands"


class CommandGroup(click.Group):
    """Ballyhoo's own commands, and those of the entry-point group `ballyhoo.commands`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names of all commands: ours first, then the plugins' in order."""
        return [*BUILT_IN, *sorted(set(find_registered()) - set(BUILT_IN))]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None when there is none of this name."""
        if cmd_name in BUILT_IN:
            module = import_module(f".{_module_name(cmd_name)}", __package__)
            command = module.command
        else:
            point = find_registered().get(cmd_name)
            command = point.load() if point is not None else None
        return command if isinstance(command, click.Command) else None

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a misspelt one is an error that names the nearest."""
        name = args[0]
        if not name.startswith("-") and name not in BUILT_IN and name not in find_registered():
            hint = suggest_name(name, self.list_commands(ctx))
            ctx.fail(f"no such command '{name}'; {hint}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing those of plugins."""
        rows = list(BUILT_IN.items())
        rows += [
            (name, _describe(point))
            for name, point in sorted(find_registered().items())
            if name not in BUILT_IN
        ]
        with formatter.section("Commands"):
            formatter.write_dl(rows)


def _module_name(command: str) -> str:
    """Return the module of a command: its name, with `_` after a word that Python keeps."""
    name = command.replace("-", "_")
    return f"{name}_" if iskeyword(name) else name


def _describe(point: EntryPoint) -> str:
    """Return what --help says of a command that is registered: our own ones are light."""
    package = point.value.partition(":")[0].partition(".")[0]
    if package != __package__.partition(".")[0]:
        return f"(from {package})"
    command = point.load()
    return command.get_short_help_str(limit=80) if isinstance(command, click.Command) else ""


def find_registered() -> dict[str, EntryPoint]:
    """Return the entry points of plugins' commands by name."""
    return {point.name: point for point in find_entry_points(GROUP)}
