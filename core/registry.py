"""The registry: which plugins there are, and calling exactly the one that a recipe names."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pluggy

from . import hooks
from .errors import BallyhooError, EnvironmentMissing, PluginError
from .options import Options, find_options_model, list_keys
from .recipe.models import STAGE_BLOCKS
from .spelling import suggest_name

_TOGETHER = ("deliver", "render", "channel")


@dataclass(frozen=True, slots=True, kw_only=True)
class PluginRecord:
    """What is known about one plugin, loaded or not.

    Attributes:
        name: The name that recipes use.
        version: Of its distribution; "" when it has none.
        origin: Where it came from (`ballyhoo`, `acme-sms`, `plugins.py`).
        hooks: The hooks that it implements, wrappers left out.
        wraps: The hooks that it wraps.
        options: The options model by hook.
        settings: Its settings model, or None.
        error: Why it did not load, or None.
        is_allowed: False when [plugins] allow keeps it out, which is no failure.
        plugin: The module or object itself; None when it did not load.
    """

    name: str
    version: str = ""
    origin: str = ""
    hooks: tuple[str, ...] = ()
    wraps: tuple[str, ...] = ()
    options: dict[str, type[Options]] = field(default_factory=dict)
    settings: type[Options] | None = None
    error: str | None = None
    is_allowed: bool = True
    plugin: Any = None


class Registry:
    """Knows the plugins, loaded or not, and calls them; made once and passed down."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(hooks.PROJECT)
        self._manager.add_hookspecs(hooks)
        self._records: dict[str, PluginRecord] = {}

    def add(self, name: str, plugin: Any, *, version: str = "", origin: str = "") -> PluginRecord:
        """Register a plugin.

        Args:
            name: The name that recipes use.
            plugin: A module, an object, or a class that is made without arguments.
            version: Of its distribution.
            origin: Where it came from.

        Raises:
            PluginError: The name is taken, a hook is misspelt or has a wrong argument, options
                are not annotated rightly or named like a key of the core, or hooks are missing
                that belong together.
        """
        taken = self._records.get(name)
        if taken is not None:
            raise PluginError(
                f"plugin '{name}' of {origin or 'this registry'}: the name is taken by "
                f"{taken.origin or 'another plugin'}",
                hint="rename one of the two, or leave one out of [plugins] allow",
            )
        if inspect.isclass(plugin):
            plugin = plugin()
        if type(plugin).__hash__ is None:
            raise PluginError(
                f"plugin '{name}' is an object that cannot be hashed",
                hint="give its class eq=False, or use a module",
            )
        record = _describe(name, plugin, version=version, origin=origin)
        self._manager.register(plugin, name)
        self._records[name] = record
        return record

    def add_failed(
        self, name: str, error: str, *, version: str = "", origin: str = "", is_allowed: bool = True
    ) -> None:
        """Keep the name of a plugin that did not load, with the reason."""
        key = f"{name} of {origin}" if name in self._records else name
        self._records[key] = PluginRecord(
            name=name, version=version, origin=origin, error=error, is_allowed=is_allowed
        )

    def __iter__(self) -> Iterator[PluginRecord]:
        return iter(sorted(self._records.values(), key=lambda record: record.name))

    def find(self, name: str) -> PluginRecord | None:
        """Return the record of a plugin, also of one that did not load; None when unknown."""
        return self._records.get(name)

    def names(self, hook: str | None = None) -> list[str]:
        """Return the names of loaded plugins, or of those that implement a hook, sorted."""
        return [
            record.name
            for record in self
            if record.error is None and (hook is None or hook in record.hooks)
        ]

    def require(self, name: str, hook: str) -> PluginRecord:
        """Return the record of a loaded plugin that implements a hook.

        Raises:
            EnvironmentMissing: There is no such plugin, or it did not load.
            PluginError: It does not implement the hook.
        """
        record = self._records.get(name)
        if record is None:
            raise EnvironmentMissing(
                f"the plugin '{name}' is not installed",
                hint=suggest_name(name, self.names(hook)) or "see 'ballyhoo plugins'",
            )
        if record.error is not None:
            raise EnvironmentMissing(
                f"the plugin '{name}' did not load: {record.error}",
                hint="mend it, or see 'ballyhoo plugins'",
            )
        if hook not in record.hooks:
            raise PluginError(
                f"the plugin '{name}' has no hook '{hook}'",
                hint=f"it has: {', '.join(record.hooks) or 'none'}",
            )
        return record

    def call(self, name: str, hook: str, **arguments: Any) -> Any:
        """Call one plugin's hook, inside the wrappers of all plugins.

        Args:
            name: The plugin.
            hook: The hook; the plugin must implement it.
            arguments: All arguments of the hook, by name.

        Returns:
            What the plugin answered, and the wrappers made of it.

        Raises:
            EnvironmentMissing: The plugin is not there.
            PluginError: It does not implement the hook, or it raised; the cause is kept.
        """
        record = self.require(name, hook)
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        # A wrapper stays whoever brought it; the others' implementations do not.
        others = [
            implementation.plugin
            for implementation in caller.get_hookimpls()
            if implementation.plugin is not record.plugin and not _wraps(implementation)
        ]
        try:
            return self._manager.subset_hook_caller(hook, others)(**arguments)
        except BallyhooError:
            raise
        except Exception as error:
            # The text of a foreign exception may hold an address; its type does not.
            raise PluginError(
                f"the plugin '{name}' raised {type(error).__name__} in its hook '{hook}'",
                hint="--debug shows where",
            ) from error


def _wraps(implementation: pluggy.HookImpl) -> bool:
    return bool(implementation.wrapper or implementation.hookwrapper)


def _describe(name: str, plugin: Any, *, version: str, origin: str) -> PluginRecord:
    implemented: list[str] = []
    wrapped: list[str] = []
    options: dict[str, type[Options]] = {}
    for attribute in dir(plugin):
        function = getattr(plugin, attribute, None)
        marks = getattr(function, f"{hooks.PROJECT}_impl", None)
        if not isinstance(marks, dict) or not callable(function):
            continue
        hook = marks.get("specname") or attribute
        _check_signature(name, hook, function)
        if marks.get("wrapper") or marks.get("hookwrapper"):
            wrapped.append(hook)
            continue
        implemented.append(hook)
        model = find_options_model(name, hook, function)
        if model is not None:
            _refuse_keys_of_the_core(name, hook, model)
            options[hook] = model
    if not implemented and not wrapped:
        raise PluginError(
            f"plugin '{name}' implements no hook",
            hint="mark a function of a hook's name with @ballyhoo.hookimpl",
        )
    _check_together(name, implemented, options)
    return PluginRecord(
        name=name,
        version=version,
        origin=origin,
        hooks=_in_order(implemented),
        wraps=_in_order(wrapped),
        options=options,
        settings=_find_settings(name, plugin),
        plugin=plugin,
    )


def hook_names() -> tuple[str, ...]:
    """Return the names of all hooks, in the order in which hooks.py has them."""
    return tuple(name for name in vars(hooks) if hasattr(getattr(hooks, name), "ballyhoo_spec"))


def hook_arguments(hook: str) -> tuple[str, ...]:
    """Return the argument names of a hook, in order."""
    return tuple(inspect.signature(getattr(hooks, hook)).parameters)


def _in_order(names: list[str]) -> tuple[str, ...]:
    return tuple(name for name in hook_names() if name in names)


def _check_signature(plugin: str, hook: str, function: Callable[..., Any]) -> None:
    if hook not in hook_names():
        raise PluginError(
            f"plugin '{plugin}': there is no hook '{hook}'", hint=suggest_name(hook, hook_names())
        )
    known = hook_arguments(hook)
    for argument in inspect.signature(function).parameters:
        if argument not in known:
            raise PluginError(
                f"plugin '{plugin}': hook '{hook}' has no argument '{argument}'",
                hint=suggest_name(argument, known) or "it has no arguments",
            )


def _check_together(plugin: str, implemented: list[str], options: dict[str, type[Options]]) -> None:
    if "deliver" not in implemented:
        return
    lacking = [hook for hook in _TOGETHER if hook not in implemented]
    if lacking:
        raise PluginError(
            f"plugin '{plugin}' implements 'deliver' without {' and '.join(map(repr, lacking))}",
            hint="a channel implements deliver, render and channel",
        )
    if options.get("deliver") is not options.get("render"):
        raise PluginError(
            f"plugin '{plugin}': 'deliver' and 'render' take different options",
            hint="both read the recipe's deliver block: annotate them with one model",
        )


def _refuse_keys_of_the_core(plugin: str, hook: str, model: type[Options]) -> None:
    """Refuse an option that the core would take for itself, so that the plugin never saw it."""
    if hook not in STAGE_BLOCKS:
        return
    taken = STAGE_BLOCKS[hook].model_fields
    for written in list_keys(model):
        if written in taken:
            raise PluginError(
                f"plugin '{plugin}': its option '{written}' of '{hook}' is a key of the core, so "
                "that the plugin never gets it",
                hint=f"rename it; the core's keys there are {', '.join(taken)}",
            )


def _find_settings(plugin: str, module: Any) -> type[Options] | None:
    settings = getattr(module, "Settings", None)
    if settings is None:
        return None
    if not (isinstance(settings, type) and issubclass(settings, Options)):
        raise PluginError(
            f"plugin '{plugin}': Settings is not a settings model",
            hint="make it a subclass of ballyhoo.Options",
        )
    return settings
