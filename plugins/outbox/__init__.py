"""A channel that writes each message to a file: the outbox, for a first look and for tests.

A message is written under a temporary name, marked, and renamed. A file that is there already is
evidence that the message was sent.
"""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import Field

from ballyhoo import (
    Channel,
    Context,
    Dispatch,
    FieldLimits,
    Message,
    Options,
    TemplateFile,
    hookimpl,
    render_template,
    write_messages,
)

LAYOUT = """\
to: {{ address }}
{% for name, text in fields.items() if name != "body" %}{{ name }}: {{ text }}
{% endfor %}
{{ fields.body }}
{% for title in products %}
* {{ title }}{% endfor %}
"""
MAX_ADDRESS_CHARS = 320

FOLDER_PATTERN = r"^[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*$"
"""A folder below the workspace: a recipe writes nowhere else."""


class OutboxOptions(Options):
    """The recipe's `deliver` block.

    Attributes:
        folder: Folder of the workspace that gets a folder for each run.
        template: Layout of the file instead of the built-in one.
    """

    folder: str = Field(default="outbox", pattern=FOLDER_PATTERN)
    template: TemplateFile | None = None


def normalise_address(address: str) -> str:
    """Bring an address into its one form: no space around it, the domain in lower case.

    Raises:
        ValueError: It is empty, too long, or holds a control character.
    """
    bare = address.strip()
    if not bare:
        raise ValueError("an address must not be empty")
    if len(bare) > MAX_ADDRESS_CHARS:
        raise ValueError(f"an address has at most {MAX_ADDRESS_CHARS} characters")
    if any(ord(character) < 32 or ord(character) == 127 for character in bare):
        raise ValueError("an address holds no control characters")
    local, at, domain = bare.rpartition("@")
    return f"{local}@{domain.lower()}" if at else bare


@hookimpl
def channel() -> Channel:
    """Declare the outbox: it stands in for e-mail, and needs the same consent."""
    return Channel(
        name="email",
        address_field="email",
        consent="email",
        normalise=normalise_address,
        fields={
            "subject": FieldLimits(max_chars=250),
            "preheader": FieldLimits(max_chars=250),
            "body": FieldLimits(max_chars=100_000),
        },
        required_fields=("subject", "body"),
        reaches_people=False,
    )


@hookimpl
def render(context: Context, options: OutboxOptions, messages: Sequence[Message]) -> list[bytes]:
    """Lay each message out as UTF-8 text."""
    layout = options.template.text if options.template else LAYOUT
    name = options.template.name if options.template else "the outbox's layout"
    return [
        render_template(layout, _facts(message), escape=False, name=name).encode()
        for message in messages
    ]


def _facts(message: Message) -> dict[str, object]:
    fields = {
        field: text if field == "body" else " ".join(text.split())
        for field, text in message.fields.items()
    }
    titles = [one.product.title(message.language) for one in message.products]
    return {
        "address": message.address,
        "campaign": message.campaign,
        "language": message.language,
        "fields": fields,
        "products": titles,
    }


@hookimpl
def deliver(context: Context, options: OutboxOptions, dispatch: Dispatch) -> None:
    """Write each message as `FOLDER/RUN/KEY.txt`, whole or not at all."""
    write_messages(dispatch, context.folder / options.folder, ".txt")
