"""Shows what Ballyhoo does, in a workspace of its own: demo/.

A sample shop is made and imported. Six campaigns of campaigns/ are looked at and run: people are
chosen, products recommended, copy written by the demo model, messages put into demo/outbox. Two
weeks pass, in which people click and buy; then the report says what the campaigns brought.

All of it is done by the commands that are printed. They are given a clock that starts two weeks
ago and does not wait, so that the demo comes to the same at any hour of the day. The variable
DEMO_PEOPLE makes the shop smaller, for tests.
"""

from __future__ import annotations

import os
import shutil
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
from demo_weeks import Weeks

from ballyhoo.core.cli import main as ballyhoo
from ballyhoo.core.cli.commands import BUILT_IN
from ballyhoo.core.starter.sample_shop.collecting import list_imports
from ballyhoo.core.starter.sample_shop.people import NUMBER
from ballyhoo.core.starter.sample_shop.shop import make_shop
from ballyhoo.testing import SimulatedClock

ROOT = Path(__file__).parent.parent
DEMO = ROOT / "demo"
MARKER = ".made-by-make-demo"
DAYS = 14
CAMPAIGNS = {
    0: "win-back",
    1: "new-arrivals",
    2: "replenishment",
    3: "price-drop",
    4: "cross-sell",
    6: "holiday",
}
"""On which day each is started."""

REPORTED = "holiday"
QUESTION = "How do I send something back?"
BROKEN = """\
campaign: spring
segment:
  where: contry = 'DE' AND orders >= 2
deliver:
  from: Fernpfad <news@fernpfad.example.com>
  rate: 600/minute
  fields: {subject: "Hello {frst_name|there}", body: "Come and look."}
policy:
  cap: {messages: two, per: 7d}
  quiet_hour: "21:00-08:00"
"""


class Demo:
    """The demo as it goes on.

    Args:
        people: How many customers the sample shop has.
        now: When it ends.
    """

    def __init__(self, people: int, now: datetime) -> None:
        self.people = people
        self.began_at = time.monotonic()
        morning = now.replace(hour=9, minute=0, second=0, microsecond=0)
        self.start = min(morning, now) - timedelta(days=DAYS)
        self.clock = SimulatedClock(self.start)
        self.runs: dict[str, int] = {}

    def say(self, title: str, *more: str) -> None:
        """Print what comes next, and after how many seconds."""
        seconds = time.monotonic() - self.began_at
        click.echo()
        click.echo(click.style(title, bold=True) + click.style(f"  [{seconds:.0f} s]", dim=True))
        for line in more:
            click.echo(line)

    def do(self, *arguments: str, expected: Sequence[int] = (0,)) -> None:
        """Print a command and run it; stop when it answers another code than expected."""
        quoted = (f'"{one}"' if " " in one else one for one in arguments)
        click.echo(click.style(f"$ ballyhoo {' '.join(quoted)}", fg="cyan"))
        sys.stdout.flush()
        try:
            ballyhoo(arguments, clock=self.clock)
        except SystemExit as stop:
            code = stop.code if isinstance(stop.code, int) else 1
            if code not in expected:
                sys.exit(f"the demo failed: ballyhoo {arguments[0]} answered {code}")
        sys.stdout.flush()

    def make_shop(self) -> None:
        """Make the workspace and import the shop."""
        self.say(
            "A workspace with a sample shop",
            f"It is {self.start:%d %B} here: the demo begins two weeks ago, so that there is "
            "something to report at its end.",
        )
        size = [] if self.people == NUMBER else ["--people", str(self.people)]
        with _within(ROOT):
            self.do("init", "demo", "--demo", *size)
        (DEMO / MARKER).touch()
        self.say("The shop's own files are imported: customers, products, a year of orders")
        found = [path.relative_to(DEMO).as_posix() for path in sorted(DEMO.glob("shop/*"))]
        click.echo(click.style("$ cd demo", fg="cyan"))
        with _within(DEMO):
            for kind, name in list_imports(found):
                self.do("import", kind, name)

    def look(self) -> None:
        """Check, train, and look before anything is sent."""
        self.say("Recipes are checked: these are right ...")
        self.do("check", *(f"campaigns/{name}.yaml" for name in CAMPAIGNS.values()))
        self.say("... and this one is not: every mistake at once")
        Path("broken.yaml").write_text(BROKEN, encoding="utf-8")
        self.do("check", "broken.yaml", expected=[2])
        Path("broken.yaml").unlink()
        self.say("Whom would a win-back reach, and why not this one?")
        self.do("segment", "campaigns/win-back.yaml", "--explain", "C-1002")
        self.say("The recommender learns from the shop's year")
        self.do("train", "campaigns/win-back.yaml")
        self.say("Is it any good? It is asked about the past, beside what needs no recommender")
        self.do("evaluate", f"campaigns/{REPORTED}.yaml", "--windows", "1", "--keep")
        self.say("How would it look? The demo model writes, the guard reads")
        self.do("preview", "campaigns/win-back.yaml")
        self.say("Who would get what, and who not? Nothing is sent")
        self.do("plan", "campaigns/win-back.yaml")

    def run(self) -> None:
        """Start a campaign on each of some days, and let two weeks pass."""
        shop = make_shop(self.start, people=self.people, goes_on=timedelta(days=DAYS))
        weeks = Weeks(DEMO, self.clock, shop)
        for day in range(DAYS):
            name = CAMPAIGNS.get(day)
            if name is not None:
                self.runs[name] = len(self.runs) + 1
                self.say(f"Day {day + 1}: '{name}' is run")
                self.do(
                    "run", f"campaigns/{name}.yaml", "--yes", "--allow-demo-model", "--seed", "1"
                )
            told = weeks.pass_day()
            click.echo(
                f"day {day + 1}: {told.sent:,} messages left, {told.clicks:,} clicks, "
                f"{told.orders:,} orders, {told.led_to:,} of them led to by messages"
            )

    def report(self) -> None:
        """Show what came of it."""
        run = self.runs[REPORTED]
        self.say("Everybody is accounted for")
        self.do("status", str(run))
        self.say("Why did she get it, or why not?")
        self.do("explain", str(run), "C-1002", expected=[0, 2])
        self.say("What did it bring? Told by those who were held out")
        self.do("report", str(run), "--html", "report.html")
        self.do("report", "--all", "--html", "overview.html")
        if "ask" in BUILT_IN:
            self.say("A customer asks, and the knowledge base answers")
            self.do("ask", QUESTION)

    def end(self) -> None:
        """Say what was made; exit when something is missing."""
        files = len(list(DEMO.glob("outbox/*/*.eml")))
        pages = {
            "preview/preview.html": "messages as their recipients would get them",
            "report.html": f"what '{REPORTED}' brought, with intervals",
            "overview.html": "all six campaigns beside each other",
            f"outbox/{self.runs[REPORTED]}/index.html": "the messages that left, to read",
        }
        missing = [name for name in pages if not (DEMO / name).is_file()]
        if missing or not files:
            sys.exit(f"the demo failed: there is no {', '.join(missing) or 'message'}")
        self.say("Made, in demo/:")
        for name, words in pages.items():
            click.echo(f"  demo/{name:<27} {words}")
        click.echo(f"  demo/{'outbox/':<27} {files:,} messages, a file for each")
        click.echo(f"  demo/{'campaigns/':<27} the recipes; change one, and look at the plan:")
        click.echo("    .venv/bin/ballyhoo --workspace demo plan demo/campaigns/win-back.yaml")
        click.echo()
        click.echo(click.style("Open demo/report.html in a browser first.", bold=True))


@contextmanager
def _within(folder: Path) -> Iterator[None]:
    """Work in a folder for a while."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def _clear() -> None:
    if not DEMO.exists():
        return
    if not (DEMO / MARKER).exists():
        sys.exit("demo/ is there and was not made by 'make demo'; move it away")
    shutil.rmtree(DEMO)


def main() -> None:
    """Run the demo; exit 1 when something is not as it should be."""
    people = int(os.environ.get("DEMO_PEOPLE", NUMBER))
    _clear()
    demo = Demo(people, datetime.now(UTC))
    demo.make_shop()
    with _within(DEMO):
        demo.look()
        demo.run()
        demo.report()
    demo.end()


if __name__ == "__main__":
    main()
