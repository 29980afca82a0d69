"""The hooks: what the core asks of plugins.

A plugin implements a hook by a function of the same name, marked with `hookimpl`. It may leave
out arguments that it does not need. Arguments are only ever added.

Stage hooks work on a batch and answer a list aligned with it. The recipe names the plugin of a
stage, and only that one is called. The annotation of `options` is the schema of the recipe's
block: a pydantic model of the plugin's own.
"""

# A hookspec is its signature and docstring.
# mypy: disable-error-code="empty-body"

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

import pluggy

if TYPE_CHECKING:
    from collections.abc import Callable

    from .brief import Brief, Copy, Objection
    from .context import Context
    from .customer import Customer
    from .enquiry import Enquiry, Reply
    from .event import Event
    from .functions import ConditionFunction
    from .message import Channel, Dispatch, Message
    from .product import Recommendation
    from .web.routes import WebApp

PROJECT = "ballyhoo"

Options = Any
"""An instance of the model that annotates the implementation's `options` argument."""

_F = TypeVar("_F", bound="Callable[..., Any]")
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)

STAGE_HOOKS = ("segment", "recommend", "generate", "review", "respond", "deliver")
"""The hooks whose plugin a recipe names, in the order in which they run."""


@hookspec(firstresult=True)
def segment(context: Context, options: Options) -> Any:
    """Select the audience.

    Args:
        context: What the plugin may touch.
        options: The recipe's `segment` block.

    Returns:
        A SQLAlchemy selectable of customer ids over the public tables, planned inside the
        database, or an iterable of our integer customer ids, streamed.

    Not promised: that each id is written to. Unknown ids and repeats are counted and skipped,
    and policy (consent, caps, quiet hours) is applied after.
    """


@hookspec(firstresult=True)
def recommend(
    context: Context, options: Options, customers: Sequence[Customer]
) -> list[Sequence[Recommendation]]:
    """Rank products for each customer.

    Args:
        context: What the plugin may touch.
        options: The recipe's `recommend` block.
        customers: The batch; it may be empty.

    Returns:
        A list aligned with `customers`: ranked products, best first, no product twice. An
        empty sequence means that there is nothing to recommend. What was chosen without knowing
        anything of her is marked `is_fallback`.

    Not promised: that what is recommended is shown. Stock is looked at again when the message is
    claimed, and so is what a method `product_conditions()` of the options answers: conditions over
    a product that must hold of each.
    """


@hookspec(firstresult=True)
def generate(context: Context, options: Options, briefs: Sequence[Brief]) -> list[Copy]:
    """Write the copy of each brief.

    Args:
        context: What the plugin may touch.
        options: The recipe's `generate` block, without the keys of the core.
        briefs: The batch; it may be empty. Each holds its attempt and seed.

    Returns:
        A list aligned with `briefs`: copy with slots, and what produced it. The same brief
        gives the same copy.

    Not promised: that the copy is sent. Each reviewer of the campaign reads it first; a refused
    brief comes again with the next attempt and another seed, in another batch.
    """


@hookspec(firstresult=True)
def review(context: Context, options: Options, brief: Brief, copy: Copy) -> list[Objection]:
    """Say what is wrong with a copy.

    Args:
        context: What the plugin may touch.
        options: The recipe's `review: {NAME: ...}` block of this plugin.
        brief: What the generator was told.
        copy: What it wrote, with slots.

    Returns:
        Objections; an empty list lets the copy pass. Raising refuses it.

    Reviewers are called plugin by plugin: one that raises does not lose the others' objections.
    Not promised: an order among reviewers.
    """


@hookspec(firstresult=True)
def respond(context: Context, options: Options, enquiries: Sequence[Enquiry]) -> list[Reply]:
    """Answer enquiries, or hand them to a person.

    Args:
        context: What the plugin may touch.
        options: The recipe's `respond` block.
        enquiries: The batch; it may be empty. Their text is data, never an instruction.

    Returns:
        A list aligned with `enquiries`.

    Not promised: that the reply is sent; a person may be asked to look first.
    """


@hookspec(firstresult=True)
def render(context: Context, options: Options, messages: Sequence[Message]) -> list[bytes]:
    """Make the bytes that the channel would send.

    Args:
        context: What the plugin may touch.
        options: The recipe's `deliver` block, without the keys of the core.
        messages: The batch; it may be empty. Slots are filled.

    Returns:
        A list aligned with `messages`: for each the bytes, the same every time.

    Pure: nothing is sent, written or counted. Called when a message is claimed, and by plan,
    preview and send-test.
    """


@hookspec(firstresult=True)
def deliver(context: Context, options: Options, dispatch: Dispatch) -> None:
    """Send claimed messages.

    Args:
        context: What the plugin may touch.
        options: The recipe's `deliver` block, without the keys of the core.
        dispatch: Where messages come from, and where marks and receipts go.

    Call `dispatch.mark(message)` right before the point of no return, and do not send when it
    answers False. Call `dispatch.settle(message, receipt)` after. A lost answer is
    `Receipt.unknown`, never `failed`. Raise `EnvironmentMissing` when the other side is not there
    at all: the run waits for it, and says so.

    When deliver returns or raises, what is still claimed goes back to ready, and what was
    marked and not settled becomes unknown. Not promised: that a message comes only once in its
    life; `message.key` is the same each time.
    """


@hookspec(firstresult=True)
def channel() -> Channel:
    """Declare the way to a customer: address field, normaliser, consent, fields and limits.

    Returns:
        The declaration; the same every time.

    A plugin that implements `deliver` implements this and `render` too.
    """


@hookspec(firstresult=True)
def train(context: Context, stage: str, options: Options) -> None:
    """Make what a stage needs: a fitted model, an index.

    Args:
        context: What the plugin may touch; `context.artifacts.write()` opens the folder to
            fill, `context.store` is the view that it may learn from.
        stage: The stage that will read it.
        options: The recipe's block of that stage.

    The artifact is kept by plugin, version, hash of the options and data time. When the options'
    model has a method `training_options()`, what that answers is hashed in their place. Not
    promised: that it is read on this machine, or at all.
    """


@hookspec(firstresult=True)
def feedback(context: Context, events: Sequence[Event]) -> None:
    """Be told what happened: to messages, and what customers did.

    Args:
        context: What the plugin may touch.
        events: A batch, in the order in which they were stored; it may be empty. What became of
            messages comes before what else happened, and each of the two is in order.

    Every plugin that implements it is called, each at its own pace: one that raises is told the
    same batch again, after pauses that grow to an hour, and holds up nobody else. It is called by
    workers, by `ballyhoo run` and by `ballyhoo feedback`, never while somebody waits for a page;
    what happened before it was installed is not told. Not promised: that an event comes only once.
    """


@hookspec(firstresult=True)
def register_functions() -> Iterable[ConditionFunction]:
    """Add functions to the condition language.

    Returns:
        The functions. A name that is taken is an error that names both plugins.
    """


@hookspec(firstresult=True)
def register_routes(app: WebApp) -> None:
    """Add pages and webhooks to the web app.

    Args:
        app: Where to add them; an endpoint gets the request and the inbox.

    Not promised: that the app runs in the process that sends.
    """
