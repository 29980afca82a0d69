from __future__ import annotations

from types import ModuleType, SimpleNamespace
from typing import Any

import pluggy
import pytest
from pydantic import BaseModel, Field, create_model

from ballyhoo import EnvironmentMissing, Options, PluginError, hookimpl
from ballyhoo.core import hooks
from ballyhoo.core.registry import Registry, hook_arguments, hook_names


class TopOptions(Options):
    top: int = 3


class LooseOptions(BaseModel):
    top: int = 3


class AliasedOptions(Options):
    extension: int = Field(default=1, alias="plugin")


class NamedOptions(Options):
    plugin: str = ""
    fields: tuple[str, ...] = ()


class Answers:
    """A recommender whose answer says who it is."""

    def __init__(self, answer: str) -> None:
        self.answer = answer
        self.called = 0

    @hookimpl
    def recommend(self, options: TopOptions, customers: Any) -> list[str]:
        self.called += 1
        return [self.answer for _ in customers]


class Wraps:
    """A plugin that wraps recommend and implements segment."""

    @hookimpl(wrapper=True)
    def recommend(self) -> Any:
        answer = yield
        return [f"<{one}>" for one in answer]

    @hookimpl
    def segment(self) -> list[int]:
        return [1]


def call(registry: Registry, name: str, customers: list[int]) -> Any:
    return registry.call(name, "recommend", context=None, options=TopOptions(), customers=customers)


def test_only_the_named_plugin_is_called() -> None:
    registry = Registry()
    one, two = Answers("one"), Answers("two")
    registry.add("one", one)
    registry.add("two", two)
    assert call(registry, "one", [1, 2]) == ["one", "one"]
    assert call(registry, "two", [1]) == ["two"]
    assert (one.called, two.called) == (1, 1)


def test_wrappers_of_other_plugins_stay_around_the_named_one() -> None:
    registry = Registry()
    registry.add("one", Answers("one"))
    registry.add("two", Answers("two"))
    registry.add("wraps", Wraps())
    assert call(registry, "one", [1]) == ["<one>"]
    assert call(registry, "two", [1]) == ["<two>"]


def test_old_style_hook_wrappers_stay_too() -> None:
    class Old:
        @hookimpl(hookwrapper=True)
        def recommend(self) -> Any:
            result = yield
            result.force_result(["forced"])

    registry = Registry()
    registry.add("one", Answers("one"))
    registry.add("old", Old())
    assert call(registry, "one", [1]) == ["forced"]


def test_a_plugin_registered_later_takes_part_in_the_next_call() -> None:
    registry = Registry()
    registry.add("one", Answers("one"))
    assert call(registry, "one", [1]) == ["one"]
    registry.add("wraps", Wraps())
    assert call(registry, "one", [1]) == ["<one>"]


def test_a_plugin_that_only_wraps_a_hook_cannot_be_called_for_it() -> None:
    registry = Registry()
    registry.add("wraps", Wraps())
    with pytest.raises(PluginError, match="the plugin 'wraps' has no hook 'recommend'"):
        call(registry, "wraps", [1])


@pytest.mark.parametrize(
    ("hook", "option", "keys"),
    [
        ("segment", "plugin", "plugin"),
        ("generate", "traits", "plugin, fields, offer, traits, fallback, attempts"),
        ("respond", "plugin", "plugin"),
    ],
)
def test_an_option_that_the_core_would_take_for_itself_is_refused(
    hook: str, option: str, keys: str
) -> None:
    taken = create_model("Taken", __base__=Options, **{option: (str, "")})  # type: ignore[call-overload]

    def implement(options: Any) -> list[int]:
        return []

    implement.__annotations__["options"] = taken
    plugin = ModuleType("acme")
    setattr(plugin, hook, hookimpl(implement))
    with pytest.raises(PluginError) as failure:
        Registry().add("acme", plugin)
    assert f"plugin 'acme': its option '{option}' of '{hook}' is a key of the core" in str(
        failure.value
    )
    assert f"rename it; the core's keys there are {keys}" in str(failure.value)


def test_an_option_by_an_alias_is_refused_by_what_recipes_write() -> None:
    class Slow:
        @hookimpl
        def segment(self, options: AliasedOptions) -> list[int]:
            return []

    with pytest.raises(PluginError, match="its option 'plugin' of 'segment'"):
        Registry().add("slow", Slow())


def test_a_reviewer_may_name_its_options_as_it_likes() -> None:
    class Reviewer:
        @hookimpl
        def review(self, options: NamedOptions) -> list[str]:
            return []

    assert Registry().add("reviewer", Reviewer()).options == {"review": NamedOptions}


def test_an_unknown_plugin_is_missing_and_the_nearest_is_named() -> None:
    registry = Registry()
    registry.add("bestsellers", Answers("one"))
    with pytest.raises(EnvironmentMissing) as failure:
        call(registry, "bestseller", [1])
    assert str(failure.value) == (
        "the plugin 'bestseller' is not installed (did you mean 'bestsellers'?)"
    )
    assert failure.value.exit_code == 3


def test_a_plugin_that_failed_to_load_is_missing_with_its_reason() -> None:
    registry = Registry()
    registry.add_failed("broken", "ImportError: No module named 'torch'")
    with pytest.raises(EnvironmentMissing, match="'broken' did not load: ImportError: No module"):
        call(registry, "broken", [1])


def test_what_a_plugin_raises_is_wrapped_without_its_words() -> None:
    class Raises:
        @hookimpl
        def recommend(self, customers: Any) -> list[str]:
            raise ValueError("ada@example.com")

    registry = Registry()
    registry.add("raises", Raises())
    with pytest.raises(PluginError) as failure:
        call(registry, "raises", [1])
    assert failure.value.message == "the plugin 'raises' raised ValueError in its hook 'recommend'"
    assert "ada" not in str(failure.value)
    assert isinstance(failure.value.__cause__, ValueError)


def test_a_misspelt_hook_names_plugin_hook_and_the_nearest_real_one() -> None:
    class Misspelt:
        @hookimpl
        def recomend(self, customers: Any) -> list[str]:
            return []

    with pytest.raises(PluginError) as failure:
        Registry().add("typo", Misspelt())
    assert str(failure.value) == (
        "plugin 'typo': there is no hook 'recomend' (did you mean 'recommend'?)"
    )


def test_a_wrong_argument_names_the_nearest_real_one() -> None:
    class Wrong:
        @hookimpl
        def recommend(self, custmers: Any) -> list[str]:
            return []

    with pytest.raises(PluginError) as failure:
        Registry().add("typo", Wrong())
    assert str(failure.value) == (
        "plugin 'typo': hook 'recommend' has no argument 'custmers' (did you mean 'customers'?)"
    )


def test_a_plugin_without_hooks_is_refused() -> None:
    with pytest.raises(PluginError, match="plugin 'empty' implements no hook"):
        Registry().add("empty", type("Empty", (), {}))


def test_a_name_that_is_taken_names_both_sides() -> None:
    registry = Registry()
    registry.add("one", Answers("one"), origin="acme-shop")
    with pytest.raises(PluginError, match="plugin 'one' of other-shop: the name is taken by acme"):
        registry.add("one", Answers("two"), origin="other-shop")
    assert call(registry, "one", [1]) == ["one"]


def test_a_refused_plugin_leaves_nothing_behind() -> None:
    class Half:
        @hookimpl
        def recommend(self, options: TopOptions, customers: Any) -> list[str]:
            return ["half" for _ in customers]

        @hookimpl
        def segmnt(self) -> list[int]:
            return []

    registry = Registry()
    with pytest.raises(PluginError):
        registry.add("half", Half())
    assert registry.find("half") is None
    registry.add("half", Answers("whole"))
    assert call(registry, "half", [1]) == ["whole"]


def test_options_come_from_the_annotation() -> None:
    record = Registry().add("one", Answers("one"))
    assert record.options == {"recommend": TopOptions}
    assert record.hooks == ("recommend",)


def test_only_the_annotation_of_options_is_resolved() -> None:
    class Typed:
        @hookimpl
        def recommend(
            self,
            context: OnlyForTypeCheckers,  # type: ignore[name-defined]  # noqa: F821
            options: TopOptions,
            customers: AlsoMissing,  # type: ignore[name-defined]  # noqa: F821
        ) -> list[str]:
            return []

    assert Registry().add("typed", Typed()).options == {"recommend": TopOptions}


@pytest.mark.parametrize(
    ("annotation", "said"),
    [
        ("Nowhere", "the annotation 'Nowhere' of options cannot be resolved"),
        ("dict", "which is not a pydantic model"),
        ("LooseOptions", "LooseOptions lets unknown keys pass"),
    ],
)
def test_options_that_cannot_serve_are_refused(annotation: str, said: str) -> None:
    def recommend(options: Any, customers: Any) -> list[str]:
        return []

    recommend.__annotations__["options"] = annotation
    plugin = ModuleType("typed")
    plugin.recommend = hookimpl(recommend)  # type: ignore[attr-defined]
    with pytest.raises(PluginError, match=said):
        Registry().add("typed", plugin)


def test_an_object_that_cannot_be_hashed_is_refused() -> None:
    plugin = SimpleNamespace(recommend=Answers("one").recommend)
    with pytest.raises(PluginError, match="plugin 'one' is an object that cannot be hashed"):
        Registry().add("one", plugin)


def test_options_without_annotation_are_refused() -> None:
    class Untyped:
        @hookimpl
        def recommend(self, options, customers):  # type: ignore[no-untyped-def]
            return []

    with pytest.raises(PluginError, match="hook 'recommend' takes options without saying which"):
        Registry().add("untyped", Untyped())


def test_a_channel_implements_its_three_hooks_together() -> None:
    class Half:
        @hookimpl
        def deliver(self, dispatch: Any) -> None:
            return None

    with pytest.raises(PluginError, match="'deliver' without 'render' and 'channel'"):
        Registry().add("half", Half())


def test_deliver_and_render_take_the_same_options() -> None:
    class Two:
        @hookimpl
        def deliver(self, options: TopOptions, dispatch: Any) -> None:
            return None

        @hookimpl
        def render(self, messages: Any) -> list[bytes]:
            return []

        @hookimpl
        def channel(self) -> None:
            return None

    with pytest.raises(PluginError, match="'deliver' and 'render' take different options"):
        Registry().add("two", Two())


def test_settings_must_be_a_settings_model() -> None:
    plugin = Answers("one")
    plugin.Settings = dict  # type: ignore[attr-defined]
    with pytest.raises(PluginError, match="Settings is not a settings model"):
        Registry().add("one", plugin)


def test_a_class_is_made_into_an_object() -> None:
    registry = Registry()
    registry.add("wraps", Wraps)
    assert registry.call("wraps", "segment", context=None, options=None) == [1]


def test_every_hook_of_the_design_is_there() -> None:
    assert hook_names() == (
        "segment",
        "recommend",
        "generate",
        "review",
        "respond",
        "render",
        "deliver",
        "channel",
        "train",
        "feedback",
        "register_functions",
        "register_routes",
    )
    assert hook_arguments("review") == ("context", "options", "brief", "copy")


def test_pluggy_itself_would_drop_the_wrappers() -> None:
    """The reason why the registry removes only plugins that do not wrap."""
    manager = pluggy.PluginManager("ballyhoo")
    manager.add_hookspecs(hooks)
    one, wraps = Answers("one"), Wraps()
    manager.register(one)
    manager.register(wraps)
    caller = manager.subset_hook_caller("recommend", [wraps])
    assert caller(context=None, options=TopOptions(), customers=[1]) == ["one"]
