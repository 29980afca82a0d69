"""Answers enquiries: kept, given to the plugin of `respond`, looked at, kept again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from ..address import normalise_email
from ..campaign import Campaign, require_plugins
from ..context import Context
from ..engine.engine import Engine
from ..engine.runs import prepare_contexts
from ..engine.training import train_missing, with_artifacts
from ..enquiry import Enquiry, Handoff, Reply
from ..errors import PluginError
from ..event import Event
from ..stages import ContextFor, answer_enquiries, generate_copies, recommend_products
from ..store.ledger.recipients import read_people
from ..store.reading import StoredView
from ..stored_inbox import StoreInbox
from .asked import Answered, Asked
from .filling import fill_reply
from .keeping import keep_enquiries, keep_reply, read_replies
from .knowing import describe_enquiry, find_audiences
from .knowledge import Knowledge, is_for

CHANNEL = "email"


class Answerer:
    """Answers enquiries by one recipe.

    Args:
        engine: The engine.
        campaign: A recipe with a `respond` block.
        seed: Of everything random.

    Raises:
        EnvironmentMissing: A plugin that the recipe needs is not there.
    """

    def __init__(self, engine: Engine, campaign: Campaign, *, seed: int = 0) -> None:
        require_plugins(campaign, engine.registry)
        self.engine = engine
        self.bound = next(iter(campaign.variants.values()))
        self.plugin = self.bound.stages["respond"].plugin
        self._seed = seed
        self._is_trained = False

    def answer(self, asked: Sequence[Asked]) -> list[Answered]:
        """Answer questions and keep both; what was answered before is answered the same.

        Who wants no more messages gets none from now on, before anything is sent to her.

        Args:
            asked: Questions, each key once.

        Raises:
            PluginError: The responder raised, or broke the contract of its hook. The questions are
                kept, and answered when they come again.
            EnvironmentMissing: Something that it needs is not there.
        """
        with self.engine.store.begin() as connection:
            ids = keep_enquiries(connection, asked)
            known = read_replies(connection, list(ids.values()))
        new = [one for one in asked if ids[one.key] not in known]
        articles = self._list_articles()
        for one, reply in zip(new, self._reply(new, articles), strict=True):
            if reply.unsubscribes:
                self._unsubscribe(one)
            with self.engine.store.begin() as connection:
                keep_reply(
                    connection, ids[one.key], reply, articles,
                    plugin=self.plugin, now=self.engine.now,
                )  # fmt: skip
        with self.engine.store.read() as connection:
            kept = read_replies(connection, list(ids.values()))
        return [
            Answered(
                reply=kept[ids[one.key]], enquiry_id=ids[one.key], is_new=ids[one.key] not in known
            )
            for one in asked
        ]

    def try_out(self, asked: Sequence[Asked]) -> list[Reply]:
        """Return the reply to each question; nothing is kept, and nobody is unsubscribed."""
        return self._reply(asked, self._list_articles())

    def _reply(self, asked: Sequence[Asked], articles: Knowledge) -> list[Reply]:
        if not asked:
            return []
        engine = self.engine
        customers = sorted({one.customer_id for one in asked if one.customer_id is not None})
        audiences = find_audiences(engine, customers)
        with engine.store.read() as connection:
            described = [describe_enquiry(engine, connection, one, audiences) for one in asked]
            people = read_people(connection, customers)
        context_for = self._prepare()
        replies = with_artifacts(
            engine, self.bound, context_for,
            lambda: answer_enquiries(
                engine.registry, self.bound.stages["respond"], context_for, described
            ),
        )  # fmt: skip
        wanted = sorted({product for reply in replies for product in reply.products})
        view = StoredView(engine.store, engine.clock)
        products = {one.id: one for one in view.products(wanted) if one is not None}
        return [
            fill_reply(
                self._check(reply, enquiry, articles),
                enquiry,
                people[enquiry.customer_id].names if enquiry.customer_id in people else {},
                products,
                self.plugin,
            )
            for reply, enquiry in zip(replies, described, strict=True)
        ]

    def _check(self, reply: Reply, enquiry: Enquiry, articles: Knowledge) -> Reply:
        """Return a reply that rests on articles that this person may read."""
        unknown = [one for one in reply.articles if articles.find(one, reply.language) is None]
        if unknown:
            raise PluginError(
                f"the plugin '{self.plugin}' broke the contract of its hook 'respond': "
                f"the knowledge base has no article {unknown[:3]}"
            )
        rested = [(one, articles.find(one, reply.language)) for one in reply.articles]
        hidden = [one for one, article in rested if article and not is_for(article, enquiry)]
        if hidden and reply.text is not None:
            handoff = Handoff(
                reason="not_for_her",
                summary=f"The answer stands in an article for others: {', '.join(hidden)}.",
                candidates=reply.articles,
            )
            return replace(reply, text=None, handoff=handoff)
        return reply

    def _list_articles(self) -> Knowledge:
        return Knowledge(StoredView(self.engine.store, self.engine.clock).articles())

    def _prepare(self) -> ContextFor:
        engine, bound = self.engine, self.bound
        plain = prepare_contexts(
            engine, bound, run_id=None, seed=self._seed, data_time=engine.now
        )  # fmt: skip
        if not self._is_trained:
            train_missing(engine, bound, plain)
            self._is_trained = True

        def make_context(plugin: str) -> Context:
            context = plain(plugin)
            if plugin != self.plugin:
                return context
            recommend, generate = bound.stages.get("recommend"), bound.stages.get("generate")
            limits = bound.recipe.generate
            return replace(
                context,
                recommend=None if recommend is None else (
                    lambda customers: recommend_products(
                        engine.registry, recommend, plain, customers
                    )
                ),
                generate=None if generate is None else (
                    lambda briefs: generate_copies(engine.registry, generate, plain, briefs)
                ),
                reply_limits={} if limits is None else limits.fields,
            )  # fmt: skip

        return make_context

    def _unsubscribe(self, asked: Asked) -> None:
        """Write to somebody no more: the customer who was proved, or the address that asks."""
        inbox = StoreInbox(self.engine.store, source=asked.source, clock=self.engine.clock)
        customer = asked.customer_id
        address = _normalise(asked.address)
        if customer is None and address is not None:
            customer = inbox.find_customer(CHANNEL, address)
        if customer is not None:
            inbox.record_event(
                Event(
                    id=f"unsubscribe:{asked.key}", type="unsubscribe", at=asked.at,
                    customer_id=customer, source=asked.source,
                )
            )  # fmt: skip
        if address is not None:
            inbox.suppress_address(CHANNEL, address, reason="unsubscribe")
        inbox.close()


def _normalise(address: str | None) -> str | None:
    """Return an address as the store knows it; None of one that nobody can have."""
    try:
        return None if address is None else normalise_email(address)
    except ValueError:
        return None
