"""A channel that writes each message to a file: the outbox, for a first look and for tests.

A message is written under a temporary name, marked, and renamed. A file that is there already is
evidence that the message was sent.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from ballyhoo import (
    Channel,
    Context,
    Dispatch,
    FieldLimits,
    Message,
    Options,
    Receipt,
    TemplateFile,
    hookimpl,
    render_template,
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


class OutboxOptions(Options):
    """The recipe's `deliver` block.

    Attributes:
        folder: Folder of the workspace that gets a folder for each run.
        template: Layout of the file instead of the built-in one.
    """

    folder: str = "outbox"
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
    for message in dispatch:
        folder = context.folder / options.folder / str(message.run_id)
        try:
            temporary = _prepare(folder, message)
        except OSError as error:
            dispatch.settle(message, Receipt.later(f"cannot write: {error.strerror}"))
            continue
        if not dispatch.mark(message):
            temporary.unlink()
            continue
        dispatch.settle(message, _publish(temporary, folder / f"{message.key}.txt"))


def _prepare(folder: Path, message: Message) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{message.key}.{os.getpid()}"
    with temporary.open("wb") as file:
        file.write(message.content)
        file.flush()
        os.fsync(file.fileno())
    return temporary


def _publish(temporary: Path, final: Path) -> Receipt:
    """Give the file its name; a link, unlike a rename, never replaces what is there."""
    try:
        os.link(temporary, final)
    except FileExistsError:
        temporary.unlink()
        return Receipt.sent(detail="the file was there already", provider_id=final.name)
    except OSError as error:
        return _judge(temporary, final, error)
    temporary.unlink()
    _sync(final.parent)
    return Receipt.sent(provider_id=final.name)


def _judge(temporary: Path, final: Path, error: OSError) -> Receipt:
    """Look what became of the file: if it is there it is out, whatever the answer was."""
    try:
        if final.exists():
            return Receipt.sent(detail="found after an error", provider_id=final.name)
        temporary.unlink(missing_ok=True)
    except OSError:
        return Receipt.unknown(f"the folder does not answer: {error.strerror}")
    return Receipt.later(f"cannot write: {error.strerror}")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
