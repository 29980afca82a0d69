"""`ballyhoo serve`: answers what customers' links lead to, until it is told to stop."""

from __future__ import annotations

import os
import sys

import click

from .invocation import Invocation


@click.command("serve")
@click.option(
    "--host",
    metavar="HOST",
    default="127.0.0.1",
    show_default=True,
    help="The address to listen on.",
)
@click.option(
    "--port",
    metavar="PORT",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="The port.",
)
@click.option(
    "--behind-proxy", is_flag=True,
    help="The same as --proxies 1.",
)  # fmt: skip
@click.option(
    "--proxies", metavar="N", type=click.IntRange(0, 10), default=0, show_default=True,
    help="How many proxies in a row stand before it: what they say about who asks is believed.",
)  # fmt: skip
@click.pass_obj
def command(invocation: Invocation, host: str, port: int, behind_proxy: bool, proxies: int) -> int:
    """Answer what customers' links lead to, until it is told to stop.

    A process is one of any number behind a proxy that speaks https.
    """
    import uvicorn

    from ..logs import set_up_logs
    from ..web.app import make_app
    from ..web.service import open_service

    workspace = invocation.workspace
    with open_service(workspace):
        pass  # says now what is not there
    set_up_logs(json=not sys.stderr.isatty())
    if not workspace.settings.base_url:
        click.echo("base_url is not set, so messages have no links to here", err=True)
    click.echo(f"listening on http://{host}:{port}", err=True)
    uvicorn.run(
        make_app(
            workspace,
            proxies=max(proxies, int(behind_proxy)),
            writes_apart=os.name == "posix",  # elsewhere a process cannot be handed a connection
        ),
        host=host,
        port=port,
        # It would believe whoever asks: the first address of X-Forwarded-For is anybody's word.
        proxy_headers=False,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=20,
        h11_max_incomplete_event_size=65_536,
    )
    return 0
