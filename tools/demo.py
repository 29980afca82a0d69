"""Shows what Ballyhoo does today, in a workspace of its own: demo/.

It makes a workspace, checks a good recipe and a broken one, imports invented people, finds a
segment of them, and runs a campaign for it: plan, receipt and explanation, the messages as files
in demo/outbox.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import click

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "demo"
MARKER = ".made-by-make-demo"
BROKEN = """\
campaign: spring
segment:
  plugin: list_segmnt
deliver:
  from: Fernpfad <news@shop.example>
  rate: 600/minute
  fields: {subject: "Hello {frst_name|there}", body: "Come and look."}
policy:
  cap: {messages: two, per: 7d}
  quiet_hour: "21:00-08:00"
"""
PEOPLE = """\
id,email,first_name,country,consent_email,consent_at,tier
C-1001,c-1001@customers.example,Ada,AT,yes,2026-01-15,gold
C-1002,c-1002@customers.example,Grace,DE,yes,2026-01-16,silver
C-1003,c-1003@customers.example,,AT,yes,2026-01-17,
C-1004,,Rosalind,FR,yes,2026-01-18,gold
C-1005,c-1005@customers.example,Barbara,DE,no,2026-01-19,gold
C-1006,c-1006@customers.example,Mary,,yes,2026-01-20,silver
"""
RECIPE = """\
campaign: golden-spring
segment:
  where: (country = 'AT' OR traits.tier = 'gold') AND NOT bought(days => 30)
deliver:
  from: Fernpfad <news@shop.example>
  rate: 600/min
  button: {text: See what is new, url: "https://shop.example/new"}
  fields:
    subject: "{first_name|Hello}, the trails are dry again"
    preheader: What we would take along on a first tour
    headline: Spring is calling
    body: "Dear {first_name|customer},\\n\\nthe snow is gone. Come and see what is new."
"""
BRAND = 'name = "Fernpfad"\nlegal_address = "Fernpfad, 1 High Street, Springfield"'


def main() -> None:
    """Run the demo; exit 1 when something is not as it should be."""
    _clear()
    say("A workspace", "ballyhoo init demo")
    run("init", "demo", folder=ROOT)
    (DEMO / MARKER).touch()
    settings = DEMO / "ballyhoo.toml"
    settings.write_text(settings.read_text().replace('name = "My shop"', BRAND))
    for name in ("two-subjects.yaml", "two-subjects.test.yaml"):
        shutil.copy(ROOT / "campaigns" / name, DEMO / "campaigns")
    say("What is installed, and is all well?", "ballyhoo doctor")
    run("doctor")
    say("A recipe that is right", "ballyhoo check campaigns/two-subjects.yaml")
    run("check", "campaigns/two-subjects.yaml")
    say("Its tests, on a simulated clock", "ballyhoo test campaigns/two-subjects.yaml")
    run("test", "campaigns/two-subjects.yaml")
    say("A recipe that is not: every mistake at once", "ballyhoo check broken.yaml")
    (DEMO / "broken.yaml").write_text(BROKEN)
    run("check", "broken.yaml", expected=2)
    (DEMO / "broken.yaml").unlink()
    say("Who is in a segment, and why somebody is not?", "ballyhoo import customers people.csv")
    (DEMO / "people.csv").write_text(PEOPLE)
    run("import", "customers", "people.csv")
    (DEMO / "campaigns/golden-spring.yaml").write_text(RECIPE)
    show("segment", "campaigns/golden-spring.yaml", "--explain", "C-1002")
    say("Who would get what, and who not?", "ballyhoo plan campaigns/golden-spring.yaml")
    run("plan", "campaigns/golden-spring.yaml")
    say("How does it look?", "ballyhoo preview campaigns/golden-spring.yaml")
    run("preview", "campaigns/golden-spring.yaml")
    say("A run, with a receipt that adds up", "ballyhoo run campaigns/golden-spring.yaml --yes")
    run("run", "campaigns/golden-spring.yaml", "--yes")
    say("Why did she not get it?", "ballyhoo explain 1 C-1005")
    run("explain", "1", "C-1005")
    files = sorted((DEMO / "outbox/1").glob("*.eml"))
    if len(files) != 2:
        sys.exit("the demo failed: not every message lies in the outbox")
    click.echo()
    click.echo(click.style("Made:", bold=True))
    click.echo("  demo/preview/preview.html, a page to look at: open it in a browser")
    click.echo(f"  {len(files)} messages in demo/outbox/1; open demo/outbox/1/index.html")
    click.echo("  the recipe demo/campaigns/golden-spring.yaml; change it, and look at the plan:")
    click.echo("  .venv/bin/ballyhoo --workspace demo plan demo/campaigns/golden-spring.yaml")


def show(*arguments: str) -> None:
    """Run a command, and print it before."""
    click.echo(click.style(f"$ ballyhoo {' '.join(arguments)}", fg="cyan"))
    run(*arguments)


def say(title: str, command: str) -> None:
    """Print what comes next, and the command that does it."""
    click.echo()
    click.echo(click.style(title, bold=True))
    if command:
        click.echo(click.style(f"$ {command}", fg="cyan"))


def run(*arguments: str, folder: Path = DEMO, expected: int = 0) -> None:
    """Run a command as a user would; stop when it answers another code than expected."""
    sys.stdout.flush()
    command = [str(Path(sys.executable).parent / "ballyhoo"), *arguments]
    code = subprocess.run(command, cwd=folder, check=False).returncode
    if code != expected:
        sys.exit(f"the demo failed: ballyhoo {arguments[0]} answered {code}, not {expected}")


def _clear() -> None:
    if not DEMO.exists():
        return
    if not (DEMO / MARKER).exists():
        sys.exit("demo/ is there and was not made by 'make demo'; move it away")
    shutil.rmtree(DEMO)


if __name__ == "__main__":
    main()
