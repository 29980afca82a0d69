"""Changes single options of a plugin, by the names and in the words of a recipe."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo

from ..errors import PluginError
from ..options import Options


def change_options(
    options: Options, changes: Mapping[str, Any], *, is_checked: bool = False
) -> Options | None:
    """Return options of which some are others.

    Args:
        options: The options.
        changes: By name, `popularity.share` for one inside of another, as a recipe writes it.
        is_checked: Answer None where a value does not fit, instead of raising.

    Raises:
        PluginError: There is no such option, or it cannot have this value.
    """
    changed = options
    for path, value in changes.items():
        try:
            changed = _change(changed, path.split("."), value)
        except (ValidationError, KeyError, TypeError):
            if is_checked:
                return None
            raise PluginError(
                f"the option '{path}' cannot be {value!r}",
                hint="`search_space` of the plugin's options gives a value that does not fit",
            ) from None
    return changed


def find_most(info: FieldInfo, default: int) -> int:
    """Return the greatest value that a field may have; the default when there is no bound."""
    bounds = [limit for one in info.metadata if (limit := getattr(one, "le", None)) is not None]
    return int(min(bounds)) if bounds else default


def _change(model: Any, path: list[str], value: Any) -> Any:
    """Return a model with one value changed; what belongs together is not looked at again."""
    if not isinstance(model, BaseModel):
        raise TypeError("not a model")
    name, *below = path
    info = type(model).model_fields[name]
    if below:
        inner = _change(getattr(model, name), below, value)
        return model.model_copy(update={name: inner})
    # Alone, as conditions and files among the others need the workspace to be read again.
    kind: Any = info.annotation
    for one in info.metadata:
        kind = Annotated[kind, one]
    checked = TypeAdapter(kind).validate_python(value)
    return model.model_copy(update={name: checked})


def write_changes(changes: Mapping[str, Any], block: str = "recommend") -> str:
    """Return changed options as a piece of a recipe."""
    import json

    nested: dict[str, Any] = {}
    for path, value in changes.items():
        *above, name = path.split(".")
        here = nested
        for part in above:
            here = here.setdefault(part, {})
        here[name] = value
    lines = [f"{block}:"]

    def write(values: Mapping[str, Any], indent: str) -> None:
        for name, value in values.items():
            if isinstance(value, dict):
                lines.append(f"{indent}{name}:")
                write(value, indent + "  ")
            else:
                lines.append(f"{indent}{name}: {_write_value(value, json.dumps)}")

    write(nested, "  ")
    return "\n".join(lines) + "\n"


def _write_value(value: Any, dump: Any) -> str:
    """Return a value as YAML: words as they are where that is safe, all else as JSON."""
    if isinstance(value, str) and value.replace("_", "").isalnum() and not value.isdigit():
        return value if value.lower() not in ("null", "true", "false", "yes", "no") else dump(value)
    return str(dump(value))
