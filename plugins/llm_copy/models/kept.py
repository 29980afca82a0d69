"""Keeps loaded models in this process: a worker loads each of them once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

from ..engines.memory import is_out_of_memory, release_memory
from ..settings import LlmSettings
from .loaded import LoadedModel
from .loading import load_model
from .places import Place

MOST_KEPT = 2
"""The last ones used: those of two variants that run side by side."""

Key = tuple[Place, Place | None, LlmSettings]

_kept: OrderedDict[Key, LoadedModel] = OrderedDict()
_lock = threading.Lock()


def keep_model(
    place: Place, adapter: Place | None, settings: LlmSettings, say: Callable[[str], None]
) -> LoadedModel:
    """Return a loaded model, as it was loaded before where that is so.

    Args:
        place: Where it lies.
        adapter: Where its adapter lies, or None.
        settings: Device, type, batch size, threads.
        say: Where to tell what a person should know.

    Raises:
        EnvironmentMissing: It cannot be loaded.
    """
    key = (place, adapter, settings)
    with _lock:
        found = _kept.pop(key, None)
        if found is None:
            while len(_kept) >= MOST_KEPT:
                _kept.popitem(last=False)
            found = _load(key, say)
        _kept[key] = found
        return found


def forget_models() -> None:
    """Forget all models that are kept."""
    with _lock:
        _kept.clear()
    release_memory()


def _load(key: Key, say: Callable[[str], None]) -> LoadedModel:
    """Load a model; when the memory is short, without those that were kept."""
    release_memory()
    try:
        return load_model(*key, say)
    except Exception as error:
        if not _kept or not is_out_of_memory(error):
            raise
        _kept.clear()
    release_memory()
    return load_model(*key, say)
