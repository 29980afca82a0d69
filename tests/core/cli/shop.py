"""A small shop in a workspace of its own, made by the commands that everybody uses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

Run = Callable[..., Any]

PLUGINS = """\
import time

from ballyhoo import Channel, Copy, FieldLimits, Options, Provenance, Receipt, hookimpl


class PostOptions(Options):
    seconds: float = 0


@hookimpl
def channel():
    fields = {"subject": FieldLimits(), "body": FieldLimits()}
    return Channel(
        name="email", address_field="email", consent="email", normalise=str.strip, fields=fields,
        required_fields=("subject", "body"), reaches_people=False,
    )


@hookimpl
def render(context, options: PostOptions, messages):
    return [message.fields["subject"].encode() for message in messages]


@hookimpl
def deliver(context, options: PostOptions, dispatch):
    moods = context.folder / "moods"
    for message in dispatch:
        time.sleep(options.seconds)
        if not dispatch.mark(message):
            continue
        mood = moods / message.address.partition("@")[0]
        answer = mood.read_text() if mood.exists() else "sent"
        if answer == "sent":
            with (context.folder / "post.txt").open("a") as file:
                file.write(message.address + " " + message.fields["subject"] + "\\n")
            dispatch.settle(message, Receipt.sent(code=250))
        else:
            dispatch.settle(message, getattr(Receipt, answer)("the mood was " + answer))


class ScribeOptions(Options):
    pass


@hookimpl
def generate(context, options: ScribeOptions, briefs):
    by = Provenance(generator=context.plugin, model="toy")
    return [
        Copy(fields={"subject": "For {first_name|you}", "body": "Come and look."}, provenance=by)
        for _ in briefs
    ]
"""
RECIPE = """\
campaign: letter
segment: {where: country = 'DE'}
deliver: {plugin: post, fields: {subject: "Hello {first_name|you}", body: Come and look.}}
"""
WRITTEN = """\
campaign: written
segment: {where: country = 'DE'}
generate: {plugin: post, fields: {subject: {}, body: {}}, approval: all}
deliver: {plugin: post}
"""


def open_shop(run: Run, names: Sequence[str], **changes: dict[str, str]) -> None:
    """Make a workspace in the current folder, with customers who said yes.

    Args:
        run: Runs a command.
        names: First names in lower case; the shop's id of a customer is hers.
        changes: By name, the columns that are others for her.
    """
    assert run("init", ".").code == 0
    Path("ballyhoo.toml").write_text('[plugins]\nfiles = ["plugins"]\n')
    Path("plugins").mkdir()
    Path("plugins/post.py").write_text(PLUGINS)
    Path("r.yaml").write_text(RECIPE)
    rows = ["id,email,first_name,country,time_zone,consent_email,consent_at"]
    for name in names:
        row = {
            "id": name, "email": f"{name}@customers.example", "first_name": name.capitalize(),
            "country": "DE", "time_zone": "", "consent_email": "yes", "consent_at": "2026-01-15",
            **changes.get(name, {}),
        }  # fmt: skip
        rows.append(",".join(row.values()))
    Path("customers.csv").write_text("\n".join(rows) + "\n")
    assert run("import", "customers", "customers.csv").code == 0


def set_mood(name: str, mood: str | None) -> None:
    """Let the channel answer `failed`, `later` or `unknown` to somebody; None: that it is sent."""
    path = Path("moods") / name
    path.parent.mkdir(exist_ok=True)
    if mood is None:
        path.unlink()
    else:
        path.write_text(mood)


def read_post() -> list[str]:
    """Return what the channel sent, in order."""
    post = Path("post.txt")
    return post.read_text().splitlines() if post.exists() else []
