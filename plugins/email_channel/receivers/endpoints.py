"""`POST /plugins/email_channel/ses` and `/sendgrid`: nobody is let in whom the settings lack."""

from __future__ import annotations

import logging

from ballyhoo import Inbox, Request, Response, SoftLimit, WebApp

from ..settings import EmailSettings
from .sendgrid import is_signed_by, read_sendgrid
from .ses import read_ses
from .sns import Fetch, NotFromSns, SnsReader, fetch
from .told import Told

LOG = logging.getLogger("ballyhoo.plugins.email_channel")


def add_receivers(app: WebApp, *, fetch_from_amazon: Fetch = fetch) -> None:
    """Add the routes of the services.

    Args:
        app: The web app.
        fetch_from_amazon: Gets a certificate, and confirms a subscription.
    """
    settings: EmailSettings = app.settings or EmailSettings()
    limit = SoftLimit(messages=settings.soft_bounces, days=settings.soft_days)
    sns = SnsReader(settings.ses_topics, fetch_from_amazon)

    def take_ses(request: Request, inbox: Inbox) -> Response:
        try:
            message = sns.read(request.body)
            if message["Type"] == "SubscriptionConfirmation":
                sns.confirm(message)
                LOG.info("a subscription to a topic of the settings was confirmed")
        except NotFromSns as error:
            return Response(status=403, body=f"{error}\n".encode())
        told = read_ses(message["Message"]) if message["Type"] == "Notification" else None
        return _keep([] if told is None else [told], inbox, limit)

    def take_sendgrid(request: Request, inbox: Inbox) -> Response:
        if not is_signed_by(request.headers, request.body, settings.sendgrid_keys):
            return Response(status=403, body=b"its signature is wrong\n")
        return _keep(read_sendgrid(request.body), inbox, limit)

    app.add_route("/ses", take_ses, methods=("POST",))
    app.add_route("/sendgrid", take_sendgrid, methods=("POST",))


def _keep(found: list[Told], inbox: Inbox, limit: SoftLimit) -> Response:
    """Keep each; what fails is told again by the service, and changes nothing the second time."""
    noted = [inbox.note_return(one.trace, one.returned, limit=limit) for one in found]
    new = sum(one.is_new for one in noted)
    return Response(body=f"{new} new, {len(noted) - new} known or of no message of ours\n".encode())
