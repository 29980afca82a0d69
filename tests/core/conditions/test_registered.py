from __future__ import annotations

from typing import Any

import pytest

from ballyhoo import ConditionFunction, FunctionArgument, hookimpl
from ballyhoo.core.conditions.built_in import BUILT_IN
from ballyhoo.core.conditions.registered import collect_functions
from ballyhoo.core.errors import PluginError
from ballyhoo.core.registry import Registry


def make_plugin(*names: str) -> Any:
    class Plugin:
        @hookimpl
        def register_functions(self) -> list[ConditionFunction]:
            return [ConditionFunction(name=one, help="One.", build=lambda: None) for one in names]

    return Plugin()


def test_functions_of_plugins_stand_beside_our_own() -> None:
    registry = Registry()
    registry.add("scores", make_plugin("rfm", "clv"))
    assert set(collect_functions(registry)) == {*BUILT_IN, "rfm", "clv"}


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("rfm",), "the function 'rfm' is registered by the plugin 'one' and by the plugin 'two'"),
        (("bought",), "'bought' is registered by Ballyhoo itself and by the plugin 'two'"),
        (("Upper",), "the plugin 'two' registers a function 'Upper', which no condition can write"),
        (("not",), "the plugin 'two' registers a function 'not', which no condition can write"),
    ],
)
def test_a_name_that_is_taken_or_cannot_be_written_is_an_error(
    names: tuple[str, ...], said: str
) -> None:
    registry = Registry()
    registry.add("one", make_plugin("rfm"))
    registry.add("two", make_plugin(*names))
    with pytest.raises(PluginError) as error:
        collect_functions(registry)
    assert said in error.value.message


def test_an_argument_that_a_call_cannot_give_is_an_error() -> None:
    class Plugin:
        @hookimpl
        def register_functions(self) -> list[ConditionFunction]:
            asked = FunctionArgument(name="subject", type="text", help="Whom.")
            return [ConditionFunction(name="rfm", help="R.", arguments=(asked,), build=print)]

    registry = Registry()
    registry.add("scores", Plugin())
    with pytest.raises(PluginError, match="'scores' registers 'rfm' with an argument 'subject'"):
        collect_functions(registry)
