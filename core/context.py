"""What a plugin may touch while one of its hooks is called."""

from __future__ import annotations

import hashlib
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from .brief import Brief, Copy, FieldLimits
from .clock import Clock
from .customer import Customer
from .links import InertLinks, Links
from .product import Recommendation
from .senders import Senders
from .setting_tables import Brand
from .store.view import StoreView


class Artifacts(Protocol):
    """What `train` made and the other hooks of the same plugin read, on any machine."""

    def read(self) -> Path:
        """Return the folder of the newest artifact that fits the plugin, version and options.

        Raises:
            EnvironmentMissing: Nothing that fits was trained yet.
        """
        ...

    def write(self) -> AbstractContextManager[Path]:
        """Open an empty folder; leaving the block without an error publishes it as one."""
        ...


class Progress(Protocol):
    """Where long work says how far it is."""

    def __call__(self, done: int, total: int | None = None) -> None:
        """Report that `done` of `total` (None when not known) are through."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """What a plugin may touch.

    Attributes:
        plugin: The name of the plugin that is called.
        run_id: The run, or None outside of one (`check`, `train`, `ask`).
        seed: The run's seed.
        clock: What tells the time.
        store: The read-only view of the store.
        artifacts: What `train` made for this plugin and these options.
        settings: The plugin's own settings, an instance of its settings model; None without one.
        folder: The workspace's folder.
        log: A logger; never give it identity.
        progress: Where long work says how far it is.
        brand: How the shop presents itself; that of the run's start within a run.
        senders: By which server, and in whose name, messages leave.
        links: What leads back to a message; inert in previews and samples.
        recommend: For `respond` alone: asks the recipe's recommender, as its hook is called; None
            where the recipe has none.
        generate: For `respond` alone: asks the recipe's generator, whose copy nobody has looked at
            yet; None where the recipe has none.
        reply_limits: The fields that the recipe's generator is to write, with their limits.
    """

    plugin: str
    seed: int
    clock: Clock
    store: StoreView
    artifacts: Artifacts
    settings: Any
    folder: Path
    log: logging.Logger
    progress: Progress
    run_id: int | None = None
    brand: Brand = field(default_factory=Brand)
    senders: Senders = field(default_factory=Senders)
    links: Links = field(default_factory=InertLinks)
    recommend: Callable[[Sequence[Customer]], list[tuple[Recommendation, ...]]] | None = None
    generate: Callable[[Sequence[Brief]], list[Copy]] | None = None
    reply_limits: Mapping[str, FieldLimits] = field(default_factory=dict)

    def derive_seed(self, *names: object) -> int:
        """Return a seed in [0, 2**63) that depends on the run's seed, the plugin and `names`.

        The same names give the same seed on every machine and in every order of calls.
        """
        text = "\x1f".join(str(part) for part in (self.seed, self.plugin, *names))
        return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") >> 1

    def derive_random(self, *names: object) -> random.Random:
        """Return a generator seeded by `derive_seed(*names)`."""
        return random.Random(self.derive_seed(*names))
