"""The senders of an installation: by which server, and in whose name, mail leaves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pydantic import SecretStr

from .errors import DataError
from .setting_tables import Sender
from .settings import Settings
from .spelling import suggest_name

DEFAULT = "default"
"""The sender of recipes that name none, when there is a `[senders.default]`."""


@dataclass(frozen=True)
class Senders:
    """The senders by name.

    Attributes:
        named: The `[senders.NAME]` tables.
        smtp_url: The server of those that have none of their own; None when there is none.
    """

    named: Mapping[str, Sender] = field(default_factory=dict)
    smtp_url: SecretStr | None = None

    def find(self, name: str | None = None) -> Sender:
        """Return a sender, with the installation's server when it has none of its own.

        Args:
            name: Its name; None is the default one, which needs no table.

        Raises:
            DataError: There is none of this name.
        """
        known = self.named.get(name or DEFAULT)
        if known is None:
            if name is not None:
                hint = suggest_name(name, list(self.named))
                raise DataError(f"there is no sender '{name}' in the settings", hint=hint)
            known = Sender()
        return known if known.smtp_url else known.model_copy(update={"smtp_url": self.smtp_url})


def list_senders(settings: Settings) -> Senders:
    """Return the senders of an installation."""
    given = settings.smtp_url.get_secret_value()
    return Senders(settings.senders, settings.smtp_url if given else None)
