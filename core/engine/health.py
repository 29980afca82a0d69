"""Watches what becomes of the messages, and says in words when it is time to stop.

The limits of bounces and complaints are those that providers ask of whoever sends in bulk
(Google's guidelines for senders: complaints below 0.1%; Amazon SES: bounces well below 5%). A limit
counts as passed when a sender who just keeps it would see so many in fewer than one of a hundred
cases: the lower end of the exact interval of Clopper and Pearson (Biometrika 26, 1934) lies above
it. So one bounce of 20 is no problem, nor is one complaint of 100.
"""

from __future__ import annotations

from collections import Counter, deque
from math import exp, lgamma, log

MOST_BOUNCES = 0.02
MOST_COMPLAINTS = 0.001
"""Shares of what was sent."""

LEAST_SENT = 100
"""Of fewer messages nothing is said."""

CHANCE = 0.01
"""How often a sender who just keeps a limit may be taken for one who does not."""

_ERRORS = {
    "failed": "failed",
    "later": "were refused for now",
    "unknown": "may be out or not",
}


class Health:
    """The outcomes of the last messages of a run, in this process.

    Args:
        window: How many of the last ones count.
        least: Of fewer nothing is said; at most the window.
        most_errors: Which share of them may go wrong.
    """

    def __init__(self, window: int = 200, least: int = 20, most_errors: float = 0.5) -> None:
        self._least = min(least, window)
        self._most_errors = most_errors
        self._last: deque[str] = deque(maxlen=window)

    def record(self, outcome: str) -> None:
        """Count the outcome of one more message: `sent`, `later`, `failed` or `unknown`."""
        if outcome != "sent" and outcome not in _ERRORS:
            raise ValueError(f"'{outcome}' is no outcome of a message")
        self._last.append(outcome)

    def forget(self) -> None:
        """Begin anew: the run was paused, and a person let it go on."""
        self._last.clear()

    def problem(self) -> str | None:
        """Return what is wrong, for a person, when more went wrong than may; else None."""
        last = Counter(tuple(self._last))
        total = last.total()
        wrong = total - last["sent"]
        if total < self._least or wrong <= self._most_errors * total:
            return None
        said = [words for outcome, words in _ERRORS.items() if last[outcome]]
        listed = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"
        return f"{wrong:,} of the last {total:,} messages {listed}"


def find_reputation_problem(sent: int, bounced: int, complained: int) -> str | None:
    """Return what endangers the name of a sender, for a person; None when nothing does.

    Args:
        sent: Messages that were sent.
        bounced: How many of them came back for good.
        complained: How many of their recipients called them spam.
    """
    problems = []
    if _is_over(bounced, sent, MOST_BOUNCES):
        problems.append(f"{bounced:,} bounced ({bounced / sent:.1%}; at most {MOST_BOUNCES:.0%})")
    if _is_over(complained, sent, MOST_COMPLAINTS):
        share = f"{complained / sent:.2%}; at most {MOST_COMPLAINTS:.1%}"
        problems.append(f"{complained:,} brought a complaint ({share})")
    return f"of {sent:,} messages sent, {' and '.join(problems)}" if problems else None


def _is_over(found: int, sent: int, limit: float) -> bool:
    """Whether so many are too many for chance, when the true share is the limit."""
    if sent < LEAST_SENT or found <= limit * sent:
        return False
    return _tail(found, sent, limit) < CHANCE


def _tail(least: int, trials: int, share: float) -> float:
    """Return the chance of at least so many of the trials, for a share that they exceed."""
    least = min(least, trials)
    term = exp(
        lgamma(trials + 1) - lgamma(least + 1) - lgamma(trials - least + 1)
        + least * log(share) + (trials - least) * log(1 - share)
    )  # fmt: skip
    total = 0.0
    for number in range(least, trials + 1):
        total += term
        if term <= total * 1e-12:
            break
        term *= (trials - number) / (number + 1) * share / (1 - share)
    return total
