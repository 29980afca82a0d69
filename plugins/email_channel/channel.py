"""E-mail: the default channel. It renders, signs, and hands messages to a mail server.

Without a server in the settings, messages become files in `outbox/`, to look at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from ballyhoo import (
    Channel,
    Context,
    Dispatch,
    FieldLimits,
    Message,
    WebApp,
    hookimpl,
    normalise_email,
)

from .options import EmailOptions
from .settings import EmailSettings as Settings

if TYPE_CHECKING:
    from .layout import Laid
    from .smtp import Envelope

__all__ = ["Settings"]

SIGNERS = 2
"""How many messages are written and signed at the same time."""


@hookimpl
def channel() -> Channel:
    """Declare e-mail; without a mail server it reaches nobody."""
    return Channel(
        name="email",
        address_field="email",
        consent="email",
        normalise=normalise_email,
        fields={
            "subject": FieldLimits(max_chars=250),
            "preheader": FieldLimits(max_chars=250),
            "headline": FieldLimits(max_chars=250),
            "body": FieldLimits(max_chars=100_000),
        },
        required_fields=("subject", "body"),
        reaches_people=_has_server,
    )


def _has_server(context: Context, options: EmailOptions) -> bool:
    return context.senders.find(options.sender).smtp_url is not None


@hookimpl
def render(context: Context, options: EmailOptions, messages: Sequence[Message]) -> list[bytes]:
    """Make the whole message: head, text and HTML, signature."""
    # Here and below, not above: what these load is too heavy for `ballyhoo --help`.
    from .layout import lay_out
    from .letter import make_stationery, write_letter

    stationery = make_stationery(context, options)

    def write(message: Message, laid: Laid) -> bytes:
        return write_letter(context, stationery, message, html=laid.html, text=laid.text)

    # A signature of RSA takes as long as all the rest, and no other thread waits for it.
    with ThreadPoolExecutor(SIGNERS, thread_name_prefix="letters") as pool:
        letters = [
            pool.submit(write, message, lay_out(context, options, message)) for message in messages
        ]
    return [letter.result() for letter in letters]


@hookimpl
def deliver(context: Context, options: EmailOptions, dispatch: Dispatch) -> None:
    """Hand each message to the mail server, or write it to `outbox/RUN/KEY.eml` without one."""
    url = context.senders.find(options.sender).smtp_url
    if url is None:
        from .eml import write_outbox

        write_outbox(context.folder / "outbox", dispatch)
        return
    from .smtp import deliver_by_smtp, read_server

    deliver_by_smtp(
        dispatch,
        read_server(url.get_secret_value()),
        _address_envelopes(context, options),
        connections=options.connections,
        messages_per_connection=options.messages_per_connection,
        per_domain=options.connections_per_domain,
    )


def _address_envelopes(context: Context, options: EmailOptions) -> Callable[[Message], Envelope]:
    from .letter import find_return_path, make_stationery
    from .smtp import Envelope

    stationery = make_stationery(context, options)

    def address(message: Message) -> Envelope:
        return Envelope(
            sender=find_return_path(context, stationery, message),
            recipient=message.address,
            content=message.content,
            needs_smtputf8=not message.address.isascii(),
        )

    return address


@hookimpl
def register_routes(app: WebApp) -> None:
    """Take mail that came back, and what mail services tell, from whoever the settings know."""
    from .receivers.endpoints import add_receivers
    from .returns.webhook import add_routes

    add_routes(app)
    add_receivers(app)
