"""`ballyhoo doctor`: what is there, what is missing, what to do."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from ..diagnosis import diagnose
from .invocation import Invocation, echo_json


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Answer one JSON value.")
@click.pass_obj
def command(invocation: Invocation, as_json: bool) -> int:
    """Say what is there, what is missing and what to do.

    Servers that are named in the settings are really asked. Exit code 1 when something is wrong.
    """
    findings = diagnose(invocation.workspace)
    if as_json:
        echo_json([asdict(finding) for finding in findings])
    else:
        width = max(len(finding.what) for finding in findings)
        for finding in findings:
            mark = click.style("ok  ", fg="green") if finding.ok else click.style("no  ", fg="red")
            click.echo(f"{mark}{finding.what.ljust(width)}  {finding.hint}".rstrip())
    wrong = sum(not finding.ok for finding in findings)
    if wrong and not as_json:
        click.echo(f"{wrong} to look at", file=sys.stderr)
    return 1 if wrong else 0
