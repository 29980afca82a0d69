"""Reads the `[plugins.NAME]` table of a plugin into its settings model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, cast

from pydantic import ValidationError

from .options import Options, list_keys
from .recipe.document import Node, Place, dotted
from .recipe.wording import unknown_key, word_error
from .registry import PluginRecord
from .settings import FILE_NAME, SettingsError

if TYPE_CHECKING:
    from .workspace import Workspace

_Model = TypeVar("_Model", bound=Options)


def read_plugin_settings(record: PluginRecord, tables: Mapping[str, Any]) -> Options | None:
    """Return the settings of a plugin, or None when it has no settings model.

    Args:
        record: The plugin.
        tables: The tables of `[plugins]` by name; a plugin without one gets its defaults.

    Raises:
        SettingsError: A key is unknown or missing, or a value has the wrong type.
    """
    table = tables.get(record.name, {})
    if record.settings is None:
        if table:
            raise SettingsError(f"{FILE_NAME}: plugins.{record.name}: this plugin has no settings")
        return None
    try:
        return record.settings.model_validate(table)
    except ValidationError as error:
        lines = [_explain(dict(item), record) for item in error.errors(include_url=False)]
        raise SettingsError("\n".join(lines)) from None


def read_settings(workspace: Workspace, plugin: str, model: type[_Model]) -> _Model:
    """Return the settings of a plugin, for a command of its own.

    Args:
        workspace: What a command of the group `ballyhoo.commands` gets as `obj.workspace`.
        plugin: The plugin's name.
        model: Its settings model.

    Raises:
        SettingsError: The settings of the workspace, or those of the plugin, are wrong.
    """
    record = PluginRecord(name=plugin, settings=model)
    return cast(_Model, read_plugin_settings(record, workspace.settings.plugins.tables))


def _explain(error: dict[str, Any], record: PluginRecord) -> str:
    assert record.settings is not None
    location = ("plugins", record.name, *error["loc"])
    if error["type"] == "extra_forbidden":
        said = unknown_key(str(location[-1]), list_keys(record.settings))
        return f"{FILE_NAME}: {dotted(location[:-1])}: {said}"
    if error["type"] == "missing":
        return f"{FILE_NAME}: {dotted(location[:-1])}: '{location[-1]}' is missing"
    value = error.get("input")
    plain = value if isinstance(value, str | int | float | bool) else None
    said = word_error(error, Node(value=plain, place=Place(1, 1), raw=str(plain)))
    return f"{FILE_NAME}: {dotted(location)}: {said}"
