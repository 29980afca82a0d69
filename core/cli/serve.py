"""`ballyhoo serve`: answers what customers' links lead to, until it is told to stop."""

from __future__ import annotations

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
    help="Believe the X-Forwarded headers of the proxy that asks.",
)  # fmt: skip
@click.pass_obj
def command(invocation: Invocation, host: str, port: int, behind_proxy: bool) -> int:
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
        make_app(workspace),
        host=host,
        port=port,
        proxy_headers=behind_proxy,
        forwarded_allow_ips="*" if behind_proxy else None,
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=20,
        h11_max_incomplete_event_size=65_536,
    )
    return 0
