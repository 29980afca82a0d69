"""A row that writes the fields of a copy one by one, each as a line behind its label.

What the model may write and where a field ends is decided here, token by token: slots are those of
the brief, a field ends with its line, its limits or its tokens, and then the next label is fed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ..engines.slots import WrongSlot, follow_text
from .cutting import cut_text, tidy_text
from .lengths import has_least, is_over
from .plans import FieldPlan

if TYPE_CHECKING:
    from torch import Tensor

    from ..engines.vocabulary import Vocabulary

LOOK_EVERY = 8
"""After so many tokens a field is looked at, whether it is over its limits already."""

MOST_IN_SLOT = 24
"""So many tokens more than planned a field may take to close the slot that is open."""


class Script:
    """The fields of one copy, as a row of a batch.

    Args:
        vocabulary: Of the model.
        prompt: The tokens of the prompt, up to and with the first field's label.
        plans: What is planned for each field, at least one.
        labels: The tokens of each field's label, without the line break before it.
        line_break: The tokens of a line break.
        seed: Of the row's random numbers.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        *,
        prompt: Sequence[int],
        plans: Sequence[FieldPlan],
        labels: Sequence[Sequence[int]],
        line_break: Sequence[int],
        seed: int,
    ) -> None:
        self._vocabulary, self.prompt, self.seed = vocabulary, prompt, seed
        self.plans, self._labels, self._line_break = plans, labels, line_break
        self.rewind()

    def rewind(self) -> None:
        """Begin anew: nothing was chosen yet."""
        self.fields: dict[str, str] = {}
        self._ids: list[int] = []
        self._place: str | None = None
        self._has_least = False

    @cached_property
    def most_tokens(self) -> int:
        """How many tokens may follow the prompt."""
        written = sum(plan.most_tokens + MOST_IN_SLOT for plan in self.plans)
        return written + sum(len(one) + len(self._line_break) for one in self._labels)

    @property
    def blocked(self) -> Tensor:
        """Which tokens may not be chosen next."""
        return self._vocabulary.mask(self._plan.slots, self._place, may_end=self._has_least)

    @property
    def _plan(self) -> FieldPlan:
        return self.plans[min(len(self.fields), len(self.plans) - 1)]

    def take(self, token: int) -> list[int] | None:
        """Accept a chosen token; return what to feed before the next, or None at the end."""
        before = self._vocabulary.line_ends.get(token)
        if before is not None:
            # `.` and the line's end may be one token; a line's end alone is fed as in the prompt.
            if before:
                self._ids.append(token)
            return self._end_field([token] if before else self._line_break, is_finished=True)
        self._ids.append(token)
        self._follow(token)
        if self._is_full():
            return self._end_field([token, *self._line_break], is_finished=False)
        return [token]

    def _follow(self, token: int) -> None:
        try:
            self._place = follow_text(self._vocabulary.texts[token], self._plan.slots, self._place)
        except WrongSlot:
            self._place = None  # the vocabulary could not spell it; the core refuses the copy
        if not self._has_least:
            self._has_least = has_least(self._read(), self._plan.limits) and bool(self._read())

    def _is_full(self) -> bool:
        written, most = len(self._ids), self._plan.most_tokens
        if self._place is not None:
            return written >= most + MOST_IN_SLOT
        if written >= most:
            return True
        return written % LOOK_EVERY == 0 and is_over(
            self._read(), self._plan.limits, self._plan.values
        )

    def _read(self) -> str:
        return tidy_text(self._vocabulary.decode(self._ids).partition("\n")[0])

    def _end_field(self, fed: Sequence[int], *, is_finished: bool) -> list[int] | None:
        plan = self._plan
        self.fields[plan.name] = cut_text(
            self._read(), plan.limits, plan.values, is_finished=is_finished
        )
        self._ids, self._place, self._has_least = [], None, False
        if len(self.fields) == len(self.plans):
            return None
        return [*fed, *self._labels[len(self.fields)]]
