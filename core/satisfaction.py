"""The question whether she is satisfied, which a message asks by two to five links."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .errors import DataError

SATISFACTION = "s"
"""The purpose of a link's token, and the first part of its path."""
KIND = "satisfaction"
"""What the event is called, of the message and of the customer."""

FEWEST, MOST = 2, 5
MOST_CHARS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One answer of a question.

    Attributes:
        message_id: The message that asked.
        number: Which of the answers, from 1: the least satisfied.
        labels: All of them, as the message words them.
    """

    message_id: int
    number: int
    labels: tuple[str, ...]

    @property
    def label(self) -> str:
        """The answer in words."""
        return self.labels[self.number - 1]


def check_labels(labels: Sequence[object]) -> tuple[str, ...]:
    """Return the answers of a question in one form.

    Raises:
        DataError: They are too few or too many, one is empty, long, or there twice.
    """
    found = tuple(" ".join(str(one).split()) for one in labels)
    if not FEWEST <= len(found) <= MOST:
        raise DataError(
            f"satisfaction() takes {FEWEST} to {MOST} answers, not {len(found)}",
            hint='from the least satisfied to the most: satisfaction("Bad", "Good")',
        )
    if len(set(found)) < len(found) or any(not one or len(one) > MOST_CHARS for one in found):
        raise DataError(
            f"the answers of satisfaction() must differ and have 1 to {MOST_CHARS} characters"
        )
    return found


def read_answer(values: object) -> Answer | None:
    """Return what a link was signed for; None when that is no answer."""
    match values:
        case [int(message_id), int(number), *labels] if 1 <= number <= len(labels):
            texts = tuple(one for one in labels if isinstance(one, str))
            if len(texts) == len(labels):
                return Answer(message_id=message_id, number=number, labels=texts)
    return None
