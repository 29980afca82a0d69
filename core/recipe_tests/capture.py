"""Stands in for what leaves the house: messages are kept instead of sent, whatever the channel."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from ..brief import Brief, Copy
from ..campaign import Campaign
from ..copywriting import fall_back
from ..engine.outcomes import FIRST_WAIT_SECONDS, LONGEST_WAIT_SECONDS
from ..errors import PluginError
from ..message import Dispatch, Message, Receipt
from ..registry import Registry
from .models import Answer
from .suite import Answers


class Capture:
    """Takes messages as a channel does, and answers for it as the test says.

    Attributes:
        messages: What left, or may have left, by the id of the ledger.
        answers: By our id of the customer, what is answered, attempt by attempt; the last answer
            is that of all attempts after it, and without any everything is sent.
    """

    def __init__(self) -> None:
        self.messages: dict[int, Message] = {}
        self.answers: dict[int, Sequence[Answer]] = {}
        self._attempts: Counter[int] = Counter()

    def deliver(self, dispatch: Dispatch) -> None:
        """Take everything that is due."""
        for message in dispatch:
            if dispatch.mark(message):
                dispatch.settle(message, self._answer(message))

    def _answer(self, message: Message) -> Receipt:
        attempt = self._attempts[message.id]
        self._attempts[message.id] += 1
        said = self.answers.get(message.customer_id or 0, ("sent",))
        answer = said[min(attempt, len(said) - 1)]
        if answer == "later":
            # As long as the engine would wait at most, so that its jitter changes nothing.
            wait = min(LONGEST_WAIT_SECONDS, FIRST_WAIT_SECONDS * 2.0**attempt)
            return Receipt.later("the test says so", retry_after_seconds=wait)
        if answer == "failed":
            return Receipt.failed("the test says so")
        self.messages[message.id] = message
        return Receipt.sent() if answer == "sent" else Receipt.unknown("the test says so")


class CapturingRegistry(Registry):
    """The plugins of a workspace, but for `deliver`, in whose place messages are kept.

    Args:
        registry: The plugins.
        capture: What takes the messages.
        campaign: The recipe, for its fallback.
        fallback_writes: Whether that stands for what the generator would write.
    """

    def __init__(
        self, registry: Registry, capture: Capture, campaign: Campaign, *, fallback_writes: bool
    ) -> None:
        vars(self).update(vars(registry))
        self._capture = capture
        self._campaign = campaign
        self._fallback_writes = fallback_writes

    def call(self, name: str, hook: str, **arguments: Any) -> Any:
        """Call one plugin's hook, unless it would let something leave the house."""
        if hook == "deliver":
            self.require(name, hook)
            return self._capture.deliver(arguments["dispatch"])
        if hook == "generate" and self._fallback_writes:
            self.require(name, hook)
            return [self._write(brief) for brief in arguments["briefs"]]
        return super().call(name, hook, **arguments)

    def _write(self, brief: Brief) -> Copy:
        copy = fall_back(self._campaign.variants[brief.variant], brief.language)
        if copy is None:
            raise PluginError(f"the recipe has no fallback in the language '{brief.language}'")
        return copy


def name_answers(answers: Answers, ids: dict[str, int]) -> dict[int, Sequence[Answer]]:
    """Return answers by our ids of the customers who are there by now."""
    return {ids[customer]: said for customer, said in answers.items() if customer in ids}
