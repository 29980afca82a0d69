"""The kit for plugins that add functions to the condition language."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable
from datetime import timedelta
from typing import Any, get_args

import pytest

from ...conditions.registered import collect_functions
from ...errors import PluginError
from ...functions import ArgumentType, ConditionFunction, ConditionSubject
from ...registry import Registry
from ..invented import SAMPLE_NOW
from .light_import import find_heavy_imports
from .plugin import PluginConformance
from .verdict import require

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_VALUES: dict[str, Any] = {
    "text": "shoes",
    "number": 3,
    "duration": timedelta(days=30),
    "boolean": True,
}


class FunctionsConformance(PluginConformance):
    """Holds a plugin to the contract of `register_functions`.

    Fixtures to supply: `plugin`. To override where needed: `arguments`, `subject`.
    """

    hook = "register_functions"

    @pytest.fixture
    def arguments(self) -> dict[str, dict[str, Any]]:
        """By function, the arguments to build it with; a value of the right type when left out."""
        return {}

    @pytest.fixture
    def subject(self) -> ConditionSubject:
        """What a function that takes `subject` is told: whom, and at which moment."""
        from ...store.public import tables

        return ConditionSubject(id=tables.customers.c.id, now=SAMPLE_NOW)

    @pytest.fixture
    def functions(self, registry: Registry, plugin_name: str) -> list[ConditionFunction]:
        """What the plugin registers."""
        answer = registry.call(plugin_name, "register_functions")
        require(
            isinstance(answer, Iterable), f"it answers a {type(answer).__name__}, not functions"
        )
        functions = list(answer)
        require(functions, "it registers no function")
        wrong = [one for one in functions if not isinstance(one, ConditionFunction)]
        require(not wrong, f"not a ConditionFunction: {wrong!r:.100}")
        return functions

    def test_names_are_words_in_lower_case(self, functions: list[ConditionFunction]) -> None:
        """Functions and arguments have names that conditions can write, each only once."""
        _require_names("function", [one.name for one in functions])
        for function in functions:
            names = [argument.name for argument in function.arguments]
            _require_names(f"{function.name}: argument", names)

    def test_names_are_not_taken(self, registry: Registry) -> None:
        """No function is called like one of Ballyhoo's own, or a word of the language."""
        try:
            collect_functions(registry)
        except PluginError as error:
            pytest.fail(str(error))

    def test_everything_is_explained(self, functions: list[ConditionFunction]) -> None:
        """Each function and each argument says in a sentence what it is."""
        for function in functions:
            require(function.help.strip(), f"{function.name} has no help")
            for argument in function.arguments:
                where = f"{function.name}({argument.name})"
                require(argument.help.strip(), f"{where} has no help")
                require(
                    argument.type in get_args(ArgumentType),
                    f"{where} is of the type '{argument.type}'; known: {get_args(ArgumentType)}",
                )

    def test_required_arguments_come_first(self, functions: list[ConditionFunction]) -> None:
        """A call that gives arguments by place never has to give one that it may leave out."""
        for function in functions:
            required = [argument.required for argument in function.arguments]
            require(
                required == sorted(required, reverse=True),
                f"{function.name}: an argument that is required comes after one that is not",
            )

    def test_build_takes_the_declared_arguments(self, functions: list[ConditionFunction]) -> None:
        """It can be called by name with all arguments, and with the required ones alone.

        One that takes an argument `subject` gets that too.
        """
        for function in functions:
            signature = inspect.signature(function.build)
            subject = {"subject": None} if function.takes_subject else {}
            everything = {argument.name: None for argument in function.arguments} | subject
            needed = {one.name: None for one in function.arguments if one.required} | subject
            for given in (everything, needed):
                try:
                    signature.bind(**given)
                except TypeError as error:
                    pytest.fail(f"build of {function.name} cannot be called with {given}: {error}")

    def test_build_answers_an_expression(
        self,
        functions: list[ConditionFunction],
        arguments: dict[str, dict[str, Any]],
        subject: ConditionSubject,
    ) -> None:
        """What is built is something that a database can judge."""
        from sqlalchemy.sql.expression import ColumnElement

        for function in functions:
            usual = {argument.name: _VALUES[argument.type] for argument in function.arguments}
            given = arguments.get(function.name, usual)
            if function.takes_subject:
                given = {**given, "subject": subject}
            built = function.build(**given)
            require(
                isinstance(built, ColumnElement),
                f"build of {function.name} answers a {type(built).__name__}, not an expression",
            )

    def test_registering_needs_no_database(self, plugin: Any) -> None:
        """Neither the import nor the registration loads SQLAlchemy: `check` has to be quick."""
        heavy = find_heavy_imports(plugin, call="register_functions")
        require(
            not heavy, f"register_functions imports {', '.join(heavy)}; import that inside of build"
        )

    def test_same_functions_twice(
        self, registry: Registry, plugin_name: str, functions: list[ConditionFunction]
    ) -> None:
        """Registering again gives the same functions."""
        again = list(registry.call(plugin_name, "register_functions"))
        require(
            [(one.name, one.arguments, one.returns, one.help) for one in again]
            == [(one.name, one.arguments, one.returns, one.help) for one in functions],
            "other functions the second time",
        )


def _require_names(what: str, names: list[str]) -> None:
    __tracebackhide__ = True
    for name in names:
        require(
            _NAME.fullmatch(name), f"{what} '{name}': only lower case letters, digits and _ serve"
        )
    require(len(set(names)) == len(names), f"{what}: a name comes twice: {names}")
