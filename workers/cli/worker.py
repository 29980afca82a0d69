"""`ballyhoo worker`: works on runs that it is rung for, until it is told to stop."""

from __future__ import annotations

import logging
import os
import socket
import sys

import click

from ballyhoo.core.cli.invocation import Invocation

QUEUES = "plan,generate,deliver,inbound"


@click.command("worker")
@click.option(
    "--queues",
    metavar="NAMES",
    default=QUEUES,
    show_default=True,
    help="What it works on: some of plan, generate, deliver, inbound.",
)
@click.option(
    "--concurrency",
    metavar="N",
    type=click.IntRange(min=1),
    help="Tasks at a time: 4, or 1 when it only generates.",
)
@click.pass_obj
def command(invocation: Invocation, queues: str, concurrency: int | None) -> int:
    """Work on runs that it is rung for, until it is told to stop.

    SIGTERM, or Ctrl-C, lets it finish what it has: it takes nothing more, drains and gives back
    its leases.
    """
    from celery.utils.nodenames import nodename

    from ballyhoo.core.logs import set_up_logs

    from ..app import make_parts
    from ..bells import ask_broker
    from ..configuration import THREADS

    names = read_queues(queues)
    parts = make_parts(invocation.workspace, queues=",".join(names))
    ask_broker(parts.app)
    with parts.station.use():
        pass  # says now what is not there
    set_up_logs(json=not sys.stderr.isatty())
    logging.captureWarnings(True)
    only_generates = names == ["generate"]
    # A model is there once for each process: more of them at a time would wait for each other.
    tasks = concurrency or (1 if only_generates else THREADS)
    worker = parts.app.Worker(
        hostname=nodename(f"{'-'.join(names)}-{os.getpid()}", socket.gethostname()),
        pool_cls="solo" if tasks == 1 else "threads",
        concurrency=tasks,
        queues=names,
        loglevel=logging.INFO,
        quiet=True,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
    )
    worker.start()
    return int(worker.exitcode or 0)


def read_queues(text: str) -> list[str]:
    """Return the names in `--queues`.

    Raises:
        BadParameter: One of them is no queue.
    """
    from ballyhoo.core.spelling import suggest_name

    known = QUEUES.split(",")
    names = [name.strip() for name in text.split(",") if name.strip()]
    for name in names:
        if name not in known:
            raise click.BadParameter(
                f"there is no queue '{name}'; {suggest_name(name, known)}", param_hint="--queues"
            )
    if not names:
        raise click.BadParameter("name at least one queue", param_hint="--queues")
    return list(dict.fromkeys(names))
