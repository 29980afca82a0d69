"""The errors of Ballyhoo, split by what the caller can do about them.

    BallyhooError                   anything Ballyhoo says no to; exit code 2
    |-- RecipeError                 a recipe is wrong: mend the file
    |-- DataError                   imported or stored data is wrong: mend the data
    |-- PluginError                 a plugin broke the contract: mend or replace the plugin
    |-- PolicyError                 this must not be sent: nothing to retry
    |-- TransientDeliveryError      a channel could not send now: later
    |-- PermanentDeliveryError      a channel will never send this: do not retry
    `-- EnvironmentMissing          something needed is not there; exit code 3
        `-- ArtifactRefused         what was learned cannot be used: it is trained again

A message says what failed, on which object and why; the hint says what to do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from .mistakes import Mistake


class BallyhooError(Exception):
    """Say what failed, on which object, why, and what to do.

    Args:
        message: One sentence for a person, without identity of a customer in it.
        hint: What to do about it, or None.
        context: Named facts for logs and tests; never identity.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, hint: str | None = None, **context: object) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.context = context

    def __str__(self) -> str:
        return f"{self.message} ({self.hint})" if self.hint else self.message


class RecipeError(BallyhooError):
    """A recipe is wrong; `mistakes` holds every one of them, in the order of the file."""

    def __init__(
        self,
        message: str,
        *,
        hint: str | None = None,
        mistakes: Iterable[Mistake] = (),
        **context: object,
    ) -> None:
        super().__init__(message, hint=hint, **context)
        self.mistakes = tuple(mistakes)


class DataError(BallyhooError):
    """Imported or stored data is not what it must be."""


class PluginError(BallyhooError):
    """A plugin did not load, or broke the contract of a hook."""


class PolicyError(BallyhooError):
    """Something must not be sent: no consent, suppressed, over a cap."""


class TransientDeliveryError(BallyhooError):
    """A channel could not send now; the same message may go through later."""


class PermanentDeliveryError(BallyhooError):
    """A channel will never send this message."""


class EnvironmentMissing(BallyhooError):
    """Something that is needed is not there: a plugin, a database, a broker, a server, a model."""

    exit_code: ClassVar[int] = 3


class ArtifactRefused(EnvironmentMissing):
    """What was learned cannot be used, because it is damaged or of an older form.

    A plugin raises it when it finds so in what `context.artifacts.read()` gave; the core has the
    stage trained again and calls it once more.
    """

    def __init__(self, message: str, *, hint: str | None = None, **context: object) -> None:
        super().__init__(message, hint=hint or "'ballyhoo train RECIPE' makes it anew", **context)
