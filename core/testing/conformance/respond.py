"""The kit for plugins that answer enquiries."""

from __future__ import annotations

import logging
import pickle
from collections.abc import Callable, Sequence

import pytest

from ...context import Context
from ...enquiry import Enquiry, Handoff, Reply
from ...recipe.binding import Binding
from ...registry import Registry
from ...stages import answer_enquiries
from ...store.view import StoreView
from ..invented import CANARY
from ..samples import sample_enquiries
from .plugin import StageConformance
from .verdict import require

Respond = Callable[[Sequence[Enquiry]], list[Reply]]
ADDRESS = "iris.invented@example.org"
"""An address in one of the sample questions."""


class RespondConformance(StageConformance):
    """Holds a plugin to the contract of `respond`.

    Fixtures to supply: `plugin`. To override where needed: `options`, `enquiries`, `store` (with
    articles), `settings`, `folder`, `artifacts` (the plugin is trained for each test when it can
    be).
    """

    hook = "respond"

    @pytest.fixture
    def enquiries(self) -> list[Enquiry]:
        """The batch: ordinary questions, angry ones, empty ones and hostile ones."""
        return sample_enquiries()

    @pytest.fixture
    def respond(
        self, registry: Registry, binding: Binding, context_for: Callable[[str], Context]
    ) -> Respond:
        """Call the hook with a batch, as the core does; an answer that is not aligned raises."""
        return lambda enquiries: answer_enquiries(registry, binding, context_for, enquiries)

    def test_each_enquiry_of_a_batch_gets_a_reply(
        self, respond: Respond, enquiries: list[Enquiry]
    ) -> None:
        """Batches of none, one and many are answered one for one."""
        respond([])
        respond(enquiries[:1])
        respond(enquiries)

    def test_reply_is_a_text_or_a_hand_off(
        self, respond: Respond, enquiries: list[Enquiry]
    ) -> None:
        """A reply has a text to send, or says why a person has to answer; never both."""
        for reply in respond(enquiries):
            if reply.handoff is None:
                require(isinstance(reply.text, str) and reply.text.strip(), "a reply says nothing")
                continue
            require(isinstance(reply.handoff, Handoff), "handoff is not a Handoff")
            require(reply.handoff.reason, "a hand-off does not say its reason")
            require(reply.handoff.summary, "a hand-off does not say what it is about")

    def test_confidence_is_between_zero_and_one(
        self, respond: Respond, enquiries: list[Enquiry]
    ) -> None:
        """How sure it is, as a number in [0, 1]."""
        for reply in respond(enquiries):
            is_number = isinstance(reply.confidence, float | int) and not isinstance(
                reply.confidence, bool
            )
            require(
                is_number and 0 <= reply.confidence <= 1,
                f"the confidence is {reply.confidence!r}; it must be a number in [0, 1]",
            )

    def test_named_articles_exist(
        self, respond: Respond, enquiries: list[Enquiry], store: StoreView
    ) -> None:
        """Every article that a reply rests on is in the knowledge base, and named once."""
        known = {article.id for article in store.articles()}
        for reply in respond(enquiries):
            unknown = [id for id in reply.articles if id not in known]
            require(not unknown, f"the knowledge base has no article {unknown}")
            require(len(set(reply.articles)) == len(reply.articles), "an article is named twice")

    def test_article_for_others_is_not_told(
        self, respond: Respond, enquiries: list[Enquiry], store: StoreView
    ) -> None:
        """A reply rests on articles whose audience whoever asks belongs to."""
        audience_of = {one.id: one.audience for one in store.articles()}
        for enquiry, reply in zip(enquiries, respond(enquiries), strict=True):
            told = reply.articles if reply.text is not None else ()
            hidden = [
                id
                for id in told
                if audience_of.get(id) is not None and audience_of[id] not in enquiry.audiences
            ]
            require(not hidden, f"the article {hidden} is for others than whoever asks")

    def test_record_is_hers(
        self, respond: Respond, enquiries: list[Enquiry], store: StoreView
    ) -> None:
        """A reply speaks of an order of whoever asks, and of products that there are."""
        for enquiry, reply in zip(enquiries, respond(enquiries), strict=True):
            hers = {order.number for order in enquiry.orders}
            require(
                reply.order is None or reply.order in hers,
                "a reply speaks of an order that is none of the enquiry's",
            )
            found = store.products(list(reply.products))
            require(all(found), "a reply speaks of a product that there is not")

    def test_question_is_neither_obeyed_nor_markup(
        self, respond: Respond, enquiries: list[Enquiry]
    ) -> None:
        """What a customer writes is data: never an instruction, never markup in the reply."""
        for reply in respond(enquiries):
            for text in (reply.text, reply.handoff.draft if reply.handoff else None):
                if text is not None:
                    require(CANARY.lower() not in text.lower(), "does what a question says")
                    require("<script" not in text.lower(), "repeats the markup of a question")

    def test_odd_question_is_no_reason_to_raise(self, respond: Respond) -> None:
        """Nothing, very much, and no words at all are answered like any other question."""
        respond([Enquiry(text=text) for text in ("", "\x00", "why " * 50_000, "\N{SNOWMAN}" * 500)])

    def test_same_replies_twice(self, respond: Respond, enquiries: list[Enquiry]) -> None:
        """The same questions and seed give the same replies, in whichever order they come."""
        first = respond(enquiries)
        respond(enquiries[:1])
        require(first == respond(enquiries), "the same questions get other replies the second time")
        require(
            [reply.text for reply in first]
            == [reply.text for reply in respond(enquiries[::-1])[::-1]],
            "the same questions get other replies when the batch is turned around",
        )

    def test_no_address_is_logged(
        self, respond: Respond, enquiries: list[Enquiry], caplog: pytest.LogCaptureFixture
    ) -> None:
        """What somebody writes about herself reaches no log line."""
        caplog.set_level(logging.DEBUG)
        respond([*enquiries, Enquiry(text=f"Please write to {ADDRESS}", customer_id=3)])
        require(ADDRESS not in caplog.text, "the address of a customer stands in the log")

    def test_answers_survive_pickling(self, respond: Respond, enquiries: list[Enquiry]) -> None:
        """Replies can be handed to another process."""
        replies = respond(enquiries)
        require(pickle.loads(pickle.dumps(replies)) == replies, "not the same after pickling")
