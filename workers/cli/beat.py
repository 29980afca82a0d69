"""`ballyhoo beat`: sweeps the ledger every few seconds and rings for whatever is due."""

from __future__ import annotations

import logging
import signal
import sys
import threading

import click

from ballyhoo.core.cli.invocation import Invocation

LOG = logging.getLogger("ballyhoo.workers")


@click.command("beat")
@click.pass_obj
def command(invocation: Invocation) -> int:
    """Sweep the ledger every few seconds, and ring for whatever is due.

    It takes back what dead workers held, closes runs that are through, and rings again for what
    was rung for in vain. Workers do so too; without any of them running, due messages wait. Any
    number may run: one of all sweeps. Ends with SIGTERM or Ctrl-C.
    """
    from ballyhoo.core.logs import set_up_logs

    from ..app import make_parts
    from ..bells import ask_broker

    parts = make_parts(invocation.workspace, works=False)
    ask_broker(parts.app)
    with parts.station.use():
        pass  # says now what is not there
    set_up_logs(json=not sys.stderr.isatty())
    # The sweep is another thread's, so that a signal never comes in the middle of it.
    asked = {signal.SIGTERM, signal.SIGINT}
    signal.pthread_sigmask(signal.SIG_BLOCK, asked)
    sweeping = threading.Thread(target=parts.sweeper.run, name="sweeper")
    sweeping.start()
    LOG.info("sweeping")
    signal.sigwait(asked)
    parts.sweeper.stop()
    sweeping.join()
    parts.station.close()
    return 0
