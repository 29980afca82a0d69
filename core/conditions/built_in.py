"""The functions that every condition over customers may call."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any

from ..functions import ConditionFunction, ConditionSubject, FunctionArgument
from .named import IN_SEGMENT


@dataclass(frozen=True, slots=True)
class _Late:
    """A function of a module that imports SQLAlchemy, imported when it is called."""

    module: str
    name: str

    def __call__(self, *, subject: ConditionSubject, **arguments: Any) -> Any:
        built = getattr(import_module(f".{self.module}", __package__), self.name)
        return built(subject, **arguments)


def _refuse(**arguments: Any) -> Any:
    raise AssertionError("in_segment is put in place of its condition when that is read")


_DAYS = FunctionArgument(
    name="days", type="number", most=36_500, help="Only in the last so many days; else ever."
)
_AT_LEAST = FunctionArgument(
    name="at_least", type="number", least=1, help="How often at least; once when left out."
)
_CATEGORY = FunctionArgument(
    name="category", type="text", help="Only products of this category, at any level."
)
_PRODUCT = FunctionArgument(
    name="product", type="text", help="Only this product, by its own sku or a variant's."
)
_BRAND = FunctionArgument(name="brand", type="text", help="Only products of this brand.")
_CAMPAIGN = FunctionArgument(
    name="campaign", type="text", help="Only of this campaign; else of any."
)
_ACTIVITY = (_CATEGORY, _DAYS, _AT_LEAST, _PRODUCT, _BRAND)

_ALL = (
    ConditionFunction(
        name="did",
        help="Something happened with her: `did('cart', days => 7)`.",
        arguments=(
            FunctionArgument(
                name="type", type="text", required=True, help="The type of the event."
            ),
            _DAYS, _AT_LEAST, _CATEGORY, _PRODUCT, _BRAND,
        ),
        build=_Late("activity", "build_did"),
    ),
    ConditionFunction(
        name="bought",
        help="She bought a product; three products in one order are three.",
        arguments=_ACTIVITY,
        build=_Late("activity", "build_bought"),
    ),
    ConditionFunction(
        name="viewed",
        help="She looked at a product.",
        arguments=_ACTIVITY,
        build=_Late("activity", "build_viewed"),
    ),
    ConditionFunction(
        name="spent",
        help="What she paid less what she got back, in whole units of her `currency`.",
        arguments=(_DAYS, _CATEGORY, _PRODUCT, _BRAND),
        returns="number",
        build=_Late("activity", "build_spent"),
    ),
    ConditionFunction(
        name="received",
        help="A message was sent to her.",
        arguments=(_CAMPAIGN, _DAYS, _AT_LEAST),
        build=_Late("messaging", "build_received"),
    ),
    ConditionFunction(
        name="opened",
        help="She opened a message.",
        arguments=(_CAMPAIGN, _DAYS, _AT_LEAST),
        build=_Late("messaging", "build_opened"),
    ),
    ConditionFunction(
        name="clicked",
        help="She clicked on a link of a message.",
        arguments=(_CAMPAIGN, _DAYS, _AT_LEAST),
        build=_Late("messaging", "build_clicked"),
    ),
    ConditionFunction(
        name=IN_SEGMENT,
        help="The condition of `segments/NAME.yaml` holds.",
        arguments=(
            FunctionArgument(name="name", type="text", required=True, help="The segment's name."),
        ),
        build=_refuse,
    ),
    ConditionFunction(
        name="sample",
        help="She is among so many of a hundred, drawn by chance, the same ones every time.",
        arguments=(
            FunctionArgument(
                name="percent", type="number", required=True, most=100, help="How many of 100."
            ),
            FunctionArgument(
                name="salt", type="text", help="Another salt draws others, independently."
            ),
        ),
        build=_Late("sampling", "build_sample"),
    ),
)  # fmt: skip

BUILT_IN = {function.name: function for function in _ALL}
"""By name; `in_segment` is put in place of its condition when a condition is read."""
