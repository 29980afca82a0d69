"""What every kit checks, whatever the hook, and the fixtures that an author supplies."""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, ClassVar

import pytest

from ...context import Artifacts, Context
from ...plugin_settings import read_plugin_settings
from ...recipe.binding import Binding
from ...registry import Registry
from ...senders import Senders
from ...store.view import StoreView
from ..artifacts import FakeArtifacts
from ..contexts import make_context
from ..samples import sample_store
from .light_import import find_heavy_imports, find_module
from .recipe_block import bind_block
from .verdict import require

MakeContext = Callable[..., Context]
UNKNOWN_OPTION = "no_such_option"


class PluginConformance:
    """What holds for a plugin with any hook.

    Fixtures to supply: `plugin`. To override where needed: `settings`, `folder`, `store`.
    """

    __test__: ClassVar[bool] = False
    hook: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if "__test__" not in cls.__dict__:
            cls.__test__ = not cls.__module__.startswith(f"{__package__}.")

    @pytest.fixture
    def plugin(self) -> Any:
        """The plugin: a module, an object, or a class that is made without arguments."""
        raise pytest.UsageError(
            f"{type(self).__name__} needs to know the plugin; write into the class:\n"
            "    @pytest.fixture\n"
            "    def plugin(self):\n"
            "        return my_plugin  # the module, object or class that the entry point names"
        )

    @pytest.fixture
    def settings(self) -> dict[str, Any]:
        """The plugin's table in ballyhoo.toml."""
        return {}

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        """The workspace, empty; options that name files need them to be written here first."""
        folder = tmp_path / "workspace"
        folder.mkdir()
        return folder

    @pytest.fixture
    def store(self) -> StoreView:
        """What the plugin may read; all the samples."""
        return sample_store()

    @pytest.fixture
    def senders(self) -> Senders:
        """By which server messages leave; none."""
        return Senders()

    @pytest.fixture
    def registry(self, plugin: Any) -> Registry:
        """A registry with the plugin alone; a plugin that does not register stops here."""
        registry = Registry()
        registry.add(name_plugin(plugin), plugin)
        return registry

    @pytest.fixture
    def plugin_name(self, plugin: Any) -> str:
        """The plugin's name in that registry."""
        return name_plugin(plugin)

    @pytest.fixture
    def new_context(
        self,
        registry: Registry,
        plugin_name: str,
        settings: dict[str, Any],
        folder: Path,
        store: StoreView,
        senders: Senders,
        tmp_path: Path,
    ) -> MakeContext:
        """Make a context for the plugin; what is given replaces the usual."""
        record = registry.find(plugin_name)
        assert record is not None
        read = read_plugin_settings(record, {plugin_name: settings} if settings else {})

        def make(**replaced: Any) -> Context:
            usual: dict[str, Any] = {
                "store": store,
                "folder": folder,
                "settings": read,
                "run_id": 1,
                "senders": senders,
                "artifacts": FakeArtifacts(tmp_path / "artifacts"),
            }
            return make_context(plugin_name, **{**usual, **replaced})

        return make

    def test_plugin_registers_and_has_the_hook(self, registry: Registry, plugin_name: str) -> None:
        """Every hook of it is known, with known arguments, and the one to be tested is there."""
        registry.require(plugin_name, self.hook)

    def test_import_is_light(self, plugin: Any) -> None:
        """Importing it loads nothing that `--help` and `check` would have to wait for."""
        heavy = find_heavy_imports(plugin)
        require(
            not heavy,
            f"importing the plugin imports {', '.join(heavy)}; import that inside of the "
            "functions that need it",
        )


class StageConformance(PluginConformance):
    """What holds for a plugin of a stage, which takes options from a recipe.

    Further fixtures to override where needed: `options`, `artifacts`.
    """

    @pytest.fixture
    def options(self) -> dict[str, Any]:
        """The plugin's keys of the recipe's block."""
        return {}

    @pytest.fixture
    def stage(self) -> str:
        """The block of the recipe that holds the options."""
        return self.hook

    @pytest.fixture
    def binding(
        self,
        registry: Registry,
        plugin_name: str,
        stage: str,
        options: dict[str, Any],
        folder: Path,
    ) -> Binding:
        """The plugin with its options, read as the recipe loader reads them."""
        binding, mistakes = bind_block(registry, plugin_name, stage, options, folder)
        require(not mistakes, "the options are refused:\n" + "\n".join(mistakes))
        assert binding is not None
        return binding

    @pytest.fixture
    def artifacts(
        self,
        registry: Registry,
        binding: Binding,
        new_context: MakeContext,
        stage: str,
        tmp_path: Path,
    ) -> Artifacts:
        """What `train` made, when the plugin can be trained for this stage."""
        artifacts = FakeArtifacts(tmp_path / "artifacts")
        record = registry.find(binding.plugin)
        if record is not None and "train" in record.hooks:
            registry.call(
                binding.plugin,
                "train",
                context=new_context(artifacts=artifacts, run_id=None),
                stage=stage,
                options=binding.options,
            )
        return artifacts

    @pytest.fixture
    def context_for(
        self, new_context: MakeContext, artifacts: Artifacts
    ) -> Callable[[str], Context]:
        """Make the context of the plugin by its name, after it was trained."""
        return lambda plugin: new_context(artifacts=artifacts)

    def test_given_options_are_accepted(
        self,
        registry: Registry,
        plugin_name: str,
        stage: str,
        options: dict[str, Any],
        folder: Path,
    ) -> None:
        """The recipe loader takes the block as it is."""
        _, mistakes = bind_block(registry, plugin_name, stage, options, folder)
        require(not mistakes, "the options are refused:\n" + "\n".join(mistakes))

    def test_unknown_option_is_refused(
        self,
        registry: Registry,
        plugin_name: str,
        stage: str,
        options: dict[str, Any],
        folder: Path,
    ) -> None:
        """A misspelt key is a mistake of the recipe, at every depth, and never ignored."""
        given = {**options, UNKNOWN_OPTION: 1}
        _, mistakes = bind_block(registry, plugin_name, stage, given, folder)
        require(
            any(UNKNOWN_OPTION in mistake for mistake in mistakes),
            f"the unknown option '{UNKNOWN_OPTION}' is not refused",
        )
        record = registry.find(plugin_name)
        model = record.options.get(stage) if record is not None else None
        for loose in _find_loose(model.model_json_schema()) if model is not None else ():
            require(
                False, f"{loose} lets unknown keys pass; make it a subclass of ballyhoo.Options"
            )

    def test_options_survive_pickling(self, binding: Binding) -> None:
        """Options can be handed to another process."""
        again = pickle.loads(pickle.dumps(binding.options))
        require(again == binding.options, "the options are not the same after pickling")


def name_plugin(plugin: Any) -> str:
    """Return what to call a plugin in messages: the end of its module's name."""
    return find_module(plugin).__name__.rpartition(".")[2]


def _find_loose(schema: dict[str, Any]) -> Iterator[str]:
    """Yield the models in a JSON Schema that take keys they do not name."""
    for title, model in {schema.get("title", "?"): schema, **schema.get("$defs", {})}.items():
        if "properties" in model and model.get("additionalProperties") is not False:
            yield title
