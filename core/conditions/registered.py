"""Collects the functions of the condition language: our own, and those of plugins."""

from __future__ import annotations

import re

from ..errors import PluginError
from ..functions import SUBJECT, ConditionFunction
from ..quoting import shorten
from ..registry import Registry
from .built_in import BUILT_IN
from .tokens import KEYWORDS

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_OURS = "Ballyhoo itself"


def collect_functions(registry: Registry) -> dict[str, ConditionFunction]:
    """Return every function by name, those of plugins too.

    Raises:
        PluginError: A plugin registers something else, or under a name that conditions cannot
            write, or that is taken (both who have it are named), or with an argument `subject`.
    """
    functions = dict(BUILT_IN)
    owners = dict.fromkeys(BUILT_IN, _OURS)
    for plugin in registry.names("register_functions"):
        for function in registry.call(plugin, "register_functions"):
            if not isinstance(function, ConditionFunction):
                raise PluginError(
                    f"the plugin '{plugin}' registers {type(function).__name__}, no function",
                    hint="answer a list of ballyhoo.ConditionFunction",
                )
            name = function.name
            if _NAME.fullmatch(name) is None or name in KEYWORDS:
                raise PluginError(
                    f"the plugin '{plugin}' registers a function '{shorten(name)}', "
                    "which no condition can write",
                    hint="lower-case letters, digits and '_', and no word of the language",
                )
            if name in owners:
                taken = owners[name]
                who = taken if taken == _OURS else f"the plugin '{taken}'"
                raise PluginError(
                    f"the function '{name}' is registered by {who} and by the plugin '{plugin}'",
                    hint="rename one of the two, or leave one out of [plugins] allow",
                )
            if any(argument.name == SUBJECT for argument in function.arguments):
                raise PluginError(
                    f"the plugin '{plugin}' registers '{name}' with an argument '{SUBJECT}'",
                    hint=f"that is whom the condition is about; 'build' may take '{SUBJECT}' as "
                    "it is, but a call cannot give it",
                )
            functions[name], owners[name] = function, plugin
    return functions
