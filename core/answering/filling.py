"""Fills the slots of replies with facts: only those of whoever asks, only what was checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from ..brief import BriefedProduct
from ..enquiry import Enquiry, Handoff, Reply
from ..errors import DataError, PluginError
from ..facts import collect_facts
from ..product import Product
from ..slots import known_slots
from .order_facts import ORDER_SLOTS, collect_order_facts

KNOWN = frozenset((*known_slots(products=True, offer=False), *ORDER_SLOTS))
_SLOT = re.compile(r"\{([a-z_]+(?:\.[a-z0-9_]+)*)(\|[^{}]*)?\}")
DEFAULT_LANGUAGE = "en"


def fill_reply(
    reply: Reply,
    enquiry: Enquiry,
    person: Mapping[str, str],
    products: Mapping[int, Product],
    plugin: str,
) -> Reply:
    """Return the reply with its slots filled; without text where one has no value.

    Args:
        reply: What the plugin answered.
        enquiry: What it answers; its orders are the only ones that a reply may name.
        person: Identity of whoever asks, by field; nothing unless it was proved.
        products: The products that it names, by id.
        plugin: Who answered, for messages.

    Returns:
        The reply; a hand-off instead of a text that lacks a fact.

    Raises:
        PluginError: It names an order that is none of hers, or a product that is none.
    """
    orders = {order.number: order for order in enquiry.orders}
    if reply.order is not None and reply.order not in orders:
        raise _broken(plugin, "speaks of an order that is none of the asking customer's")
    unknown = [one for one in reply.products if one not in products]
    if unknown:
        raise _broken(plugin, f"speaks of products that there are not: {unknown[:3]}")
    language = reply.language or enquiry.language or DEFAULT_LANGUAGE
    briefed = [BriefedProduct(product=products[one]) for one in reply.products]
    facts = collect_facts(person, briefed, None, language)
    if reply.order is not None:
        facts |= collect_order_facts(orders[reply.order], language)
    draft = reply.handoff.draft if reply.handoff else None
    try:
        if reply.text is not None:
            return replace(reply, text=fill_known(reply.text, facts))
        if reply.handoff is not None and draft is not None:
            filled = replace(reply.handoff, draft=fill_known(draft, facts))
            return replace(reply, handoff=filled)
    except DataError as error:
        summary = f"The reply could not be written: {error.message}."
        if reply.handoff is not None:
            return replace(reply, handoff=replace(reply.handoff, draft=None))
        given = Handoff(reason="no_fact", summary=summary, candidates=reply.articles)
        return replace(reply, text=None, handoff=given)
    return reply


def fill_known(text: str, facts: Mapping[str, str]) -> str:
    """Return a text with the slots of replies filled; every other brace stays.

    Raises:
        DataError: A slot has neither a value nor a default.
    """

    def fill(found: re.Match[str]) -> str:
        name, default = found[1], found[2]
        if name not in KNOWN:
            return found[0]
        value = facts.get(name) or (default[1:] if default is not None else None)
        if value is None:
            raise DataError(f"the slot {{{name}}} has no value and no default")
        return value

    return _SLOT.sub(fill, text)


def _broken(plugin: str, said: str) -> PluginError:
    return PluginError(f"the plugin '{plugin}' broke the contract of its hook 'respond': it {said}")
