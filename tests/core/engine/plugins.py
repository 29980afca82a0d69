"""Plugins that do as a test says: a channel that keeps what it sends, a writer, a recommender."""

from __future__ import annotations

import json
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from typing import Any

from ballyhoo import (
    ArtifactRefused,
    Brief,
    Channel,
    CheckedCondition,
    Context,
    Copy,
    Customer,
    DataError,
    Dispatch,
    FieldLimits,
    Message,
    Objection,
    Options,
    ProductCondition,
    Provenance,
    Reason,
    Receipt,
    Recommendation,
    TemplateFile,
    hookimpl,
    render_template,
)


def normalise(address: str) -> str:
    """Refuse what a test calls bad."""
    if "bad" in address:
        raise ValueError("cannot be written to")
    return address.strip()


class CaptureOptions(Options):
    """The recipe's `deliver` block."""

    template: TemplateFile | None = None


class Capture:
    """A channel that keeps what it sends, and answers what a test says.

    Attributes:
        sent: What was told to the world, in order.
        refused: The ids of messages whose mark was refused.
        answers: What is answered next to an address: a receipt, or something to raise.
        before_mark: Called with each message right before its mark.
        after_mark: Called with each message right after its mark.
        delivers: Takes the place of `deliver` when a test gives one.
    """

    def __init__(self, name: str = "email", field: str = "email", **declared: Any) -> None:
        self.declared = {
            "name": name, "address_field": field, "consent": name, "normalise": normalise,
            "fields": {"subject": FieldLimits(max_chars=200), "body": FieldLimits()},
            "required_fields": ("subject", "body"), "reaches_people": False, **declared,
        }  # fmt: skip
        self.sent: list[Message] = []
        self.refused: list[int] = []
        self.rendered: Counter[int] = Counter()
        self.answers: dict[str, deque[Receipt | Exception]] = defaultdict(deque)
        self.before_mark: Callable[[Message], object] = lambda message: None
        self.after_mark: Callable[[Message], object] = lambda message: None
        self.delivers: Callable[[Dispatch], object] | None = None

    def answer(self, address: str, *receipts: Receipt | Exception) -> None:
        """Answer these to an address, one after the other, and then that all is sent."""
        self.answers[address].extend(receipts)

    @property
    def addresses(self) -> list[str]:
        """Where messages went, in order."""
        return [message.address for message in self.sent]

    @hookimpl
    def channel(self) -> Channel:
        return Channel(**self.declared)

    @hookimpl
    def render(
        self, context: Context, options: CaptureOptions, messages: Sequence[Message]
    ) -> list[bytes]:
        return [self._render(options, message) for message in messages]

    def _render(self, options: CaptureOptions, message: Message) -> bytes:
        self.rendered[message.id] += 1
        if any("unprintable" in text for text in message.fields.values()):
            raise DataError("the layout cannot show this")
        if any("explode" in text for text in message.fields.values()):
            raise ZeroDivisionError
        shown = {
            "to": message.address,
            "fields": dict(message.fields),
            "date": message.dated_at.isoformat(),
            "products": [_show(one.product) for one in message.products],
            "offer": None if message.offer is None else message.offer.code,
        }
        if options.template is None:
            return json.dumps(shown).encode()
        text = render_template(options.template.text, shown, escape=False, name="letter")
        return text.encode()

    @hookimpl
    def deliver(self, context: Context, options: CaptureOptions, dispatch: Dispatch) -> None:
        if self.delivers is not None:
            self.delivers(dispatch)
            return
        for message in dispatch:
            self.send(dispatch, message)

    def send(self, dispatch: Dispatch, message: Message) -> None:
        """Send one message as a channel should."""
        self.before_mark(message)
        if not dispatch.mark(message):
            self.refused.append(message.id)
            return
        self.after_mark(message)
        left = self.answers.get(message.address)
        answer = left.popleft() if left else Receipt.sent(code=250)
        if isinstance(answer, Exception):
            raise answer
        if answer.outcome == "sent":
            self.sent.append(message)
        dispatch.settle(message, answer)


def _show(product: Any) -> dict[str, Any]:
    prices = {currency: str(amount) for currency, amount in product.prices.items()}
    return {"id": product.id, "title": product.title("en"), "prices": prices}


class ScribeOptions(Options):
    """The recipe's `generate` block, without the core's keys."""

    voice: str = ""


class Scribe:
    """A generator that writes what a test says.

    Attributes:
        write: Makes the fields of a brief; it may raise.
        batches: The briefs of each call.
    """

    def __init__(self) -> None:
        self.write: Callable[[Brief], dict[str, str]] = write_plainly
        self.batches: list[list[Brief]] = []
        self._lock = threading.Lock()

    @property
    def briefs(self) -> list[Brief]:
        """Every brief that was given, in order."""
        return [brief for batch in self.batches for brief in batch]

    @hookimpl
    def generate(
        self, context: Context, options: ScribeOptions, briefs: Sequence[Brief]
    ) -> list[Copy]:
        with self._lock:
            self.batches.append(list(briefs))
        by = Provenance(generator="scribe", model="none", seed=1)
        return [Copy(fields=self.write(brief), provenance=by) for brief in briefs]


def write_plainly(brief: Brief) -> dict[str, str]:
    """Write the same to everybody, her first name where there is one."""
    hello = "Hello {first_name|you}"
    return {name: hello if name == "subject" else "Come and look." for name in brief.fields}


class Critic:
    """A reviewer that objects to copy that holds one of its words."""

    def __init__(self, *words: str) -> None:
        self.words = words

    @hookimpl
    def review(self, brief: Brief, copy: Copy) -> list[Objection]:
        return [
            Objection(rule="word", field=name, message=f"says '{word}'")
            for word in self.words
            for name, text in copy.fields.items()
            if word in text
        ]


class RecommendOptions(Options):
    """The recipe's `recommend` block, without the core's keys."""

    top: int = 3
    where: ProductCondition | None = None

    def product_conditions(self) -> list[CheckedCondition]:
        """What must hold of a product also when its message leaves."""
        return [] if self.where is None else [self.where]


class Recommender:
    """A recommender that recommends what a test says; else the products it was made with.

    Attributes:
        choose: Product ids for a customer, best first; it may raise.
        knows: Whether something is known of a customer, so that hers are no fallback.
        reason: Why, for all of them.
    """

    def __init__(self, products: Iterable[int] = ()) -> None:
        self.products = list(products)
        self.choose: Callable[[Customer], Sequence[int]] = lambda customer: self.products
        self.knows: Callable[[Customer], bool] = lambda customer: True
        self.reason = Reason(kind="popular", category="shoes")

    @hookimpl
    def recommend(
        self, context: Context, options: RecommendOptions, customers: Sequence[Customer]
    ) -> list[list[Recommendation]]:
        return [
            [
                Recommendation(
                    product_id=product,
                    score=1.0,
                    reason=self.reason,
                    is_fallback=not self.knows(customer),
                )
                for product in list(self.choose(customer))[: options.top]
            ]
            for customer in customers
        ]


class LearnerOptions(RecommendOptions):
    """The recipe's `recommend` block; `top` makes no difference to what is learned."""

    lesson: str = ""

    def training_options(self) -> LearnerOptions:
        """What training depends on."""
        return self.model_copy(update={"top": 3})


class Learner:
    """A recommender that learns the most bought product, and reads it back.

    Attributes:
        trained: The options of each training.
        read: The folders that were read, in order.
        refuses: Text that it refuses to read, as of an older form.
        writes: What it writes besides the product's id.
    """

    def __init__(self) -> None:
        self.trained: list[LearnerOptions] = []
        self.read: list[str] = []
        self.refuses = ""
        self.writes = "new"

    @hookimpl
    def train(self, context: Context, stage: str, options: LearnerOptions) -> None:
        self.trained.append(options)
        bought = Counter(context.store.interactions(types=["purchase"]).product_ids.tolist())
        with context.artifacts.write() as folder:
            best = bought.most_common(1)[0][0] if bought else 1
            (folder / "best.txt").write_text(f"{best} {self.writes}")

    @hookimpl
    def recommend(
        self, context: Context, options: LearnerOptions, customers: Sequence[Customer]
    ) -> list[list[Recommendation]]:
        folder = context.artifacts.read()
        self.read.append(folder.name)
        best, form = (folder / "best.txt").read_text().split()
        if form == self.refuses:
            raise ArtifactRefused("what was learned is of an older form")
        reason = Reason(kind="popular", category="shoes")
        return [
            [Recommendation(product_id=int(best), score=1.0, reason=reason, is_fallback=True)]
            for _ in customers
        ]


class StreamOptions(Options):
    """The recipe's `segment` block."""


class Stream:
    """A segment that yields the ids that a test says, or answers a selectable."""

    def __init__(self, answer: Callable[[Context], Any]) -> None:
        self.answer = answer

    @hookimpl
    def segment(self, context: Context, options: StreamOptions) -> Any:
        return self.answer(context)
