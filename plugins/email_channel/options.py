"""The recipe's `deliver` block of an e-mail campaign."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from ballyhoo import Options, TemplateFile

from .mailbox import read_mailbox

MOST_CONNECTIONS = 64
WEB_ADDRESS = r"^https?://[^\s<>\"]+$"


class Hero(Options):
    """The great picture at the top.

    Attributes:
        image: Its address, https.
        alt: What it shows, for those who do not see it.
        url: Where it leads, or nowhere.
    """

    image: str = Field(pattern=WEB_ADDRESS, max_length=2_000)
    alt: str = Field(min_length=1, max_length=300)
    url: str | None = Field(default=None, pattern=WEB_ADDRESS, max_length=2_000)


class Button(Options):
    """The button below the text.

    Attributes:
        text: What stands on it.
        url: Where it leads, http or https.
    """

    text: str = Field(min_length=1, max_length=60)
    url: str = Field(pattern=WEB_ADDRESS, max_length=2_000)


def _check_mailbox(text: str) -> str:
    read_mailbox(text)
    return text


MailboxText = Annotated[str, Field(max_length=320), AfterValidator(_check_mailbox)]


class EmailOptions(Options):
    """The recipe's `deliver` block.

    Attributes:
        from_: Who it is from, as `Name <address>`; the key is `from`.
        reply_to: Where answers go, when that is somewhere else.
        sender: The name of a `[senders]` table; the default one when left out.
        template: Layout of the HTML part instead of the built-in one.
        text_template: Layout of the text part; made from the HTML when left out.
        hero: The picture at the top of the built-in layout.
        button: The button of the built-in layout; leads to the first product when left out.
        connections: How many connections to the server are used at the same time.
        messages_per_connection: After so many a connection is made anew.
        connections_per_domain: How many messages to one domain may be under way at the same time;
            half of the connections when left out.
    """

    from_: MailboxText = Field(alias="from")
    reply_to: MailboxText | None = None
    sender: str | None = None
    template: TemplateFile | None = None
    text_template: TemplateFile | None = None
    hero: Hero | None = None
    button: Button | None = None
    connections: int = Field(default=8, ge=1, le=MOST_CONNECTIONS)
    messages_per_connection: int = Field(default=100, ge=1, le=100_000)
    connections_per_domain: int | None = Field(default=None, ge=1, le=MOST_CONNECTIONS)
