"""Writes reviewed descriptions of products, for a kind of customer; what did not change stays."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from ..brief import Brief, BriefedProduct
from ..brief_key import hash_brief
from ..briefing import make_brief
from ..campaign import Campaign, require_plugins
from ..copywriting import write_copies
from ..customer import Customer
from ..errors import DataError
from ..facts import collect_facts
from ..product import Product
from ..slots import fill_slots
from ..store.reading import StoredView
from .engine import Engine
from .runs import prepare_contexts

AT_ONCE = 64
"""Descriptions that are written before what was written is kept."""

FOR = "customer"
"""The trait by which a generator is told for what kind of customer it writes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What was written about a product.

    Attributes:
        sku: The product.
        language: BCP 47 tag.
        kind: The kind of customer that it is for; "" is everybody.
        fields: Its texts by field, slots filled.
        by: What wrote it.
        key: Tells whether the product, the recipe or the question changed since.
    """

    sku: str
    language: str
    kind: str
    fields: Mapping[str, str]
    by: str
    key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What became of the products that were to be described.

    Attributes:
        kept: How many descriptions stay as they were.
        written: How many were written.
        refused: Of which products, languages and kinds every copy was refused, and why.
    """

    kept: int
    written: int
    refused: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    product: Product
    language: str
    kind: str
    brief: Brief
    facts: Mapping[str, str]
    key: str


def describe_products(
    engine: Engine,
    campaign: Campaign,
    product_ids: Sequence[int],
    *,
    languages: Sequence[str],
    kinds: Sequence[str],
    known: Sequence[Description],
    keep: Callable[[Sequence[Description]], None],
) -> Described:
    """Write the descriptions of some products.

    Args:
        engine: The engine.
        campaign: Whose `generate` block says what is written, and how it is reviewed.
        product_ids: The products.
        languages: Each product is described in each.
        kinds: And for each kind of customer; "" is everybody.
        known: What was written before; what is still right stays.
        keep: Called with all that there is, each time that more was written.

    Raises:
        DataError: The recipe has no `generate` block.
        PluginError: The generator raised, or broke the contract of its hook.
        EnvironmentMissing: Something that it needs is not there.
    """
    require_plugins(campaign, engine.registry)
    bound = next(iter(campaign.variants.values()))
    if "generate" not in bound.stages:
        raise DataError(f"{campaign.file} has no generate block", hint="it says what is written")
    before = {(one.sku, one.language, one.kind): one for one in known}
    context_for = prepare_contexts(engine, bound, run_id=None, seed=0, data_time=engine.now)
    products = StoredView(engine.store, engine.clock).products(list(product_ids))
    made = dict(before)
    wanted = []
    for product in (one for one in products if one is not None):
        for language in languages:
            for kind in kinds:
                one = _want(campaign, product, language, kind)
                old = before.get((product.sku, language, kind))
                if old is None or not _is_same(old, one):
                    wanted.append(one)
    kept = sum(one is not None for one in products) * len(languages) * len(kinds) - len(wanted)
    refused: list[tuple[str, str, str, str]] = []
    for at in range(0, len(wanted), AT_ONCE):
        some = wanted[at : at + AT_ONCE]
        answers = write_copies(engine.registry, bound, context_for, [one.brief for one in some])
        for one, answer in zip(some, answers, strict=True):
            place = (one.product.sku, one.language, one.kind)
            if answer.copy is None:
                said = "; ".join(objection.message for objection in answer.attempts[-1].objections)
                refused.append((*place, said))
                continue
            by = answer.copy.provenance
            made[place] = Description(
                sku=one.product.sku,
                language=one.language,
                kind=one.kind,
                fields={
                    name: fill_slots(text, one.facts) for name, text in answer.copy.fields.items()
                },
                by=by.model or by.generator,
                key=one.key,
            )
        keep(list(made.values()))
        engine.progress("describe", min(at + AT_ONCE, len(wanted)), len(wanted))
    return Described(kept=kept, written=len(wanted) - len(refused), refused=tuple(refused))


def _want(campaign: Campaign, product: Product, language: str, kind: str) -> _Wanted:
    bound = next(iter(campaign.variants.values()))
    briefed = [BriefedProduct(product=product)]
    # What a description says of prices is wrong tomorrow.
    facts = {
        name: value
        for name, value in collect_facts({}, briefed, None, language).items()
        if not name.endswith("price")
    }
    brief = make_brief(
        bound,
        Customer(id=0, language=language),
        products=briefed,
        offer=None,
        slots=facts,
        variant=None,
    )
    brief = replace(brief, traits={FOR: kind} if kind else {})
    bare = replace(brief, products=(BriefedProduct(product=replace(product, descriptions={})),))
    seed = int(hashlib.sha256(f"{hash_brief(bare)}".encode()).hexdigest()[:8], 16)
    text = product.descriptions.get(language, "")
    key = f"{campaign.hash[:12]}-{hash_brief(bare)[:20]}-{_hash(text)}"
    return _Wanted(
        product=product,
        language=language,
        kind=kind,
        brief=replace(brief, seed=seed),
        facts=facts,
        key=key,
    )


def _is_same(old: Description, new: _Wanted) -> bool:
    """Whether a description is still right: also where the shop shows it as the product's own."""
    if old.key == new.key:
        return True
    own = new.product.descriptions.get(new.language, "")
    is_ours = any(own.split() == text.split() for text in old.fields.values())
    return is_ours and old.key.rpartition("-")[0] == new.key.rpartition("-")[0]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:12]
