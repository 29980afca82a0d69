"""An SMS channel over an HTTP gateway: sends texts, takes STOPs and delivery receipts."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from functools import partial
from typing import Annotated, Literal
from urllib.parse import urlsplit

from ballyhoo import (
    Channel,
    Context,
    Dispatch,
    FieldLimits,
    Message,
    Options,
    Receipt,
    Secret,
    WebApp,
    hookimpl,
)
from pydantic import AfterValidator, Field

from .gateway import Gateway
from .numbers import normalise_number
from .segments import measure_text
from .webhooks import ADDRESS_FIELD, CHANNEL, add_webhooks

MOST_SEGMENTS = 10
"""Networks join no more into one text."""

MOST_CHARS = 153 * MOST_SEGMENTS

COUNTRY_CODE_VARIABLE = "SMS_COUNTRY_CODE"
"""The environment variable with the country code of numbers that have none."""


def _check_url(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError("must be an address such as https://sms.example.com/messages")
    if parts.scheme == "http" and parts.hostname not in ("localhost", "127.0.0.1", "::1"):
        raise ValueError("must be https: the key and the numbers travel with every message")
    return url


class Settings(Options):
    """The `[plugins.sms]` table of ballyhoo.toml.

    Attributes:
        gateway_url: Where messages are posted to; https, unless it is on this machine.
        key: What the gateway knows us by.
        webhook_secret: What the gateway signs its notices with.
        timeout_seconds: The longest wait for a connection, and for an answer.
    """

    gateway_url: Annotated[str, AfterValidator(_check_url)] = Field(
        description="Where messages are posted to, https."
    )
    key: Secret = Field(description="What the gateway knows us by.")
    webhook_secret: Secret = Field(description="What the gateway signs its notices with.")
    timeout_seconds: float = Field(default=20.0, gt=0, description="The longest wait for it.")


class SmsOptions(Options):
    """The recipe's `deliver` block, without the keys of the core.

    Attributes:
        sender: Who it is from: a number in E.164, or up to 11 letters and digits.
        max_segments: A longer text is not sent: each segment costs.
        alphabet: `gsm7` refuses a text with characters outside of GSM-7, of which only 70 fit into
            a segment; `any` sends it.
    """

    sender: str = Field(
        pattern=r"^(\+[1-9][0-9]{6,14}|[A-Za-z0-9 ]{1,11})$",
        description="A number in E.164, or up to 11 letters and digits.",
    )
    max_segments: int = Field(
        default=2, ge=1, le=MOST_SEGMENTS, description="Most segments of a text; each costs."
    )
    alphabet: Literal["any", "gsm7"] = Field(
        default="any", description="Whether characters outside of GSM-7 may be sent."
    )


@hookimpl
def channel() -> Channel:
    """Declare SMS: the customer's phone, the consent `sms`, one field.

    The normaliser puts the country code of the environment variable `SMS_COUNTRY_CODE` before
    numbers that have none; where it is not set such numbers are refused.
    """
    return Channel(
        name=CHANNEL,
        address_field=ADDRESS_FIELD,
        consent="sms",
        normalise=partial(normalise_number, country_code=_read_country_code()),
        fields={"text": FieldLimits(max_chars=MOST_CHARS)},
        required_fields=("text",),
    )


def _read_country_code() -> str:
    return os.environ.get(COUNTRY_CODE_VARIABLE, "").strip().lstrip("+")


@hookimpl
def render(context: Context, options: SmsOptions, messages: Sequence[Message]) -> list[bytes]:
    """Make the body of each request, as JSON."""
    return [_write_request(options, message) for message in messages]


def _write_request(options: SmsOptions, message: Message) -> bytes:
    request = {
        "to": message.address,
        "from": options.sender,
        "text": message.fields["text"],
        "reference": message.key,
    }
    return json.dumps(request, ensure_ascii=False, sort_keys=True).encode()


@hookimpl
def deliver(context: Context, options: SmsOptions, dispatch: Dispatch) -> None:
    """Post each message to the gateway, with its key as the `Idempotency-Key`.

    A gateway that cannot be reached is `later`, without a mark: nothing has left. After the mark
    only the gateway's answer counts; when that is lost the message is `unknown`.
    """
    settings: Settings = context.settings
    key = settings.key.read()
    with Gateway(
        settings.gateway_url, key=key, timeout_seconds=settings.timeout_seconds
    ) as gateway:
        for message in dispatch:
            fault = find_fault(options, message.fields["text"])
            if fault is not None:
                dispatch.settle(message, Receipt.failed(fault))
                continue
            try:
                gateway.connect()
            except OSError as error:
                said = f"the gateway cannot be reached ({error.strerror or type(error).__name__})"
                dispatch.settle(message, Receipt.later(said))
                continue
            if dispatch.mark(message):
                dispatch.settle(message, gateway.send(message.content, key=message.key))


def find_fault(options: SmsOptions, text: str) -> str | None:
    """Return why a text cannot be sent with these options, or None."""
    length = measure_text(text)
    if options.alphabet == "gsm7" and length.alphabet != "gsm7":
        return "the text has characters outside of GSM-7"
    if length.segments > options.max_segments:
        return f"the text takes {length.segments} segments; at most {options.max_segments}"
    return None if text.strip() else "the text is empty"


@hookimpl
def register_routes(app: WebApp) -> None:
    """Answer `POST /plugins/sms/inbound` and `POST /plugins/sms/receipts`."""
    settings: Settings = app.settings
    add_webhooks(
        app,
        read_secret=settings.webhook_secret.read,
        normalise=partial(normalise_number, country_code=_read_country_code()),
    )
