"""Looks whether the names in a test stand for something: customers, skus, variants, reasons."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from pydantic import BaseModel

from ..campaign import Campaign
from ..experiments.allocation import find_allocation
from ..policy.objections import REASONS
from ..quoting import shorten
from ..recipe.document import Node
from ..recipe.findings import Findings
from ..recipe.keys import repair_keys
from ..spelling import suggest_name
from ..store.ledger.states import FAILURES
from .models import CustomerExpectation, RunExpectation
from .rows import list_references, read_key

HOLDOUT = "holdout"
WAVE = "wave "
"""What the name of a wave begins with, before its number."""
_REASONS = {"skipped": REASONS, "failed": FAILURES}
OF_MESSAGES = ("to", "content")
"""What a message has besides its fields: where it went, and all that was rendered."""


def mend(node: Node, model: type[BaseModel]) -> Node:
    """Return a mapping with each misspelt key, reported before, under the name that was meant."""
    return repair_keys(node, list(model.model_fields), Findings(""))


class Known:
    """The names that a test can use, as far as it was read.

    Args:
        campaign: The recipe.

    Attributes:
        everybody: The keys of customers.
        skus: Of products and their variants.
        variants: Of the experiment.
        waves: The same, as `wave 1`.
        fields: Of the copy.
    """

    def __init__(self, campaign: Campaign) -> None:
        self.everybody: set[str] = set()
        self.skus: set[str] = set()
        self.variants = [name for name in campaign.variants if name is not None]
        self.has_holdout = bool(
            campaign.recipe.experiment is not None and campaign.recipe.experiment.holdout
        )
        allocation = find_allocation(campaign.recipe)
        waves = 0 if allocation is None else allocation.waves
        self.waves = [f"{WAVE}{number}" for number in range(1, waves + 1)]
        self.fields = _list_fields(campaign)

    def add(self, kind: str, nodes: Sequence[Node]) -> None:
        """Note the names that rows bring."""
        for node in nodes:
            key = read_key(kind, node)
            if key is not None and kind == "customers":
                self.everybody.add(key)
            if kind == "products":
                self.skus.update({key} if key is not None else ())
                variant = node.mapping.get("variant_sku")
                self.skus.update({str(variant.value)} if variant is not None else ())

    def check_references(self, kind: str, nodes: Sequence[Node], findings: Findings) -> None:
        """Report the customers and skus of rows that nobody knows."""
        for field, name, node in list_references(kind, nodes):
            if field == "customer" and kind in ("orders", "events"):
                self.check_customer(name, node, findings)
            elif field == "sku" and kind in ("orders", "events") and name not in self.skus:
                _report("product", name, node, self.skus, findings)

    def check_customer(self, name: str, node: Node, findings: Findings) -> None:
        """Report a customer that is not there."""
        if name not in self.everybody:
            _report("customer", name, node, self.everybody, findings)


def check_names(node: Node | None, everybody: Iterable[str], findings: Findings) -> None:
    """Report the keys of a mapping that are no customers."""
    names = set(everybody)
    for key, below in node.mapping.items() if node is not None else ():
        if key not in names:
            assert node is not None
            hint = suggest_name(key, sorted(names))
            said = f"there is no customer '{shorten(key)}' in this test; {hint}"
            findings.add(node.key_places[key], said.removesuffix("; "), below.path[:-1])


def check_draw(node: Node | None, draw: dict[str, str], known: Known, findings: Findings) -> None:
    """Report customers, variants and a holdout that are not there."""
    if node is None:
        return
    check_names(node, known.everybody, findings)
    choices = [*known.variants, *known.waves, *([HOLDOUT] if known.has_holdout else [])]
    for key, chosen in draw.items():
        below = node.mapping.get(key)
        if below is not None and chosen not in choices:
            hint = suggest_name(chosen, choices) or "the recipe has no experiment"
            said = f"'{shorten(chosen)}' is no variant of the recipe; {hint}"
            findings.add(below.place, said, below.path)


def check_expectation(
    what: CustomerExpectation | RunExpectation, node: Node, known: Known, findings: Findings
) -> None:
    """Report names in an expectation that stand for nothing, so that it could never be met."""
    if isinstance(what, RunExpectation):
        for name, reasons in _REASONS.items():
            if isinstance(getattr(what, name), dict):
                _check_keys("reason", node.mapping[name], reasons, findings)
        if what.variants is not None:
            _check_keys("variant", node.mapping["variants"], known.variants, findings)
        return
    named = node.mapping["customer"]
    for one in named.value if isinstance(named.value, list) else [named]:
        known.check_customer(str(one.value), one, findings)
    for name, reasons in _REASONS.items():
        said = getattr(what, name)
        if said is not None and said not in reasons:
            _report("reason", said, node.mapping[name], reasons, findings)
    if what.variant is not None and what.variant not in known.variants:
        _report("variant", what.variant, node.mapping["variant"], known.variants, findings)
    if what.message is not None:
        _check_keys("field", node.mapping["message"], [*known.fields, *OF_MESSAGES], findings)
    for sku, one in zip(what.products or (), _entries(node.mapping.get("products")), strict=True):
        if sku not in known.skus:
            _report("product", sku, one, known.skus, findings)


def _entries(node: Node | None) -> list[Node]:
    return node.value if node is not None and isinstance(node.value, list) else []


def _check_keys(what: str, node: Node, known: Iterable[str], findings: Findings) -> None:
    names = list(known)
    for key in node.mapping:
        if key not in names:
            hint = suggest_name(key, names)
            said = f"there is no {what} '{shorten(key)}'"
            findings.add(node.key_places[key], f"{said}; {hint}" if hint else said, node.path)


def _report(what: str, name: str, node: Node, known: Iterable[Any], findings: Findings) -> None:
    hint = suggest_name(name, sorted(known) if isinstance(known, set) else list(known))
    said = f"there is no {what} '{shorten(name)}'"
    if what in ("customer", "product"):
        said += " in this test"
    findings.add(node.place, f"{said}; {hint}" if hint else said, node.path)


def _list_fields(campaign: Campaign) -> list[str]:
    """Return the fields of the copy, those of each variant."""
    fields: dict[str, None] = {}
    for bound in campaign.variants.values():
        generate, deliver = bound.recipe.generate, bound.recipe.deliver
        if generate is not None:
            fields.update(dict.fromkeys(generate.fields))
        elif deliver is not None:
            fields.update(dict.fromkeys(deliver.fields or ()))
    return list(fields)
