"""The options of a plugin: the model that annotates them, and the types it may use."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    PlainValidator,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from .errors import EnvironmentMissing, PluginError
from .quoting import shorten
from .spelling import suggest_name

MOST_FILES_COMPARED = 1_000
"""Of a folder, how many names are looked at for one that is near a misspelt one."""

_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Options(BaseModel):
    """The base of a plugin's options and settings: unknown keys are mistakes, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def list_keys(model: type[BaseModel]) -> list[str]:
    """Return the keys of a model as a person writes them."""
    return [info.alias or name for name, info in model.model_fields.items()]


@dataclass(frozen=True, slots=True)
class SecretReference:
    """The name of an environment variable that holds a secret."""

    name: str

    def read(self) -> str:
        """Return the secret.

        Raises:
            EnvironmentMissing: The variable is not set.
        """
        value = os.environ.get(self.name)
        if not value:
            raise EnvironmentMissing(
                f"the environment variable {self.name} is not set",
                hint=f"set {self.name} where Ballyhoo runs",
            )
        return value


@dataclass(frozen=True, slots=True)
class Template:
    """A template of the workspace with its text, so that a run can keep both."""

    name: str
    text: str


def _refuse(message: str) -> PydanticCustomError:
    return PydanticCustomError("ballyhoo", message)  # without facts, braces stay as they are


def _read_secret(value: Any) -> SecretReference:
    name = value.get("env") if isinstance(value, dict) else None
    if name is None or set(value) != {"env"}:
        raise _refuse("a secret must not stand here; write {env: NAME} and set NAME where it runs")
    if not isinstance(name, str) or _VARIABLE.fullmatch(name) is None:
        # What stands there may be the secret itself: it is not shown.
        raise _refuse(
            "in {env: NAME}, NAME has letters, digits and '_' only, as in {env: SMTP_KEY}"
        )
    return SecretReference(name)


def _find(value: Any, folder: Path, what: str, place: str) -> Path:
    if not isinstance(value, str) or not value.strip():
        raise _refuse(f"must be the name of a {what} in {place}")
    shown = shorten(value)
    try:
        path = (folder / value).resolve()
        inside, there = path.is_relative_to(folder.resolve()), path.is_file()
    except (OSError, RuntimeError, ValueError):  # too long, a loop of links, a null byte
        raise _refuse(f"'{shown}' cannot be the name of a {what}") from None
    if not inside:
        raise _refuse(f"'{shown}' lies outside of {place}; move the {what} into it")
    if not there:
        hint = suggest_name(value, _list_files(folder, path.parent))
        said = f"the {what} '{shown}' is not in {place}"
        raise _refuse(f"{said}; {hint}" if hint else said)
    return path


def _list_files(folder: Path, near: Path) -> list[str]:
    """Return the names of the folder's files that may have been meant, as a recipe writes them."""
    names: dict[str, None] = {}
    for place in (near, folder.resolve()):
        try:
            files = [
                file for file in islice(place.iterdir(), MOST_FILES_COMPARED) if file.is_file()
            ]
        except OSError:
            continue
        visible = sorted(file for file in files if not file.name.startswith("."))
        names.update(dict.fromkeys(str(file.relative_to(folder.resolve())) for file in visible))
    return list(names)


def _workspace_of(info: ValidationInfo) -> Path:
    return Path((info.context or {}).get("workspace", "."))


def _read_template(value: Any, info: ValidationInfo) -> Template:
    path = _find(value, _workspace_of(info) / "templates", "template", "templates/")
    try:
        return Template(value, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        said = f"the template '{shorten(value)}' cannot be read; save it as UTF-8 text"
        raise _refuse(said) from None


def _find_data_file(value: Any, info: ValidationInfo) -> Path:
    return _find(value, _workspace_of(info), "file", "the workspace")


@dataclass(frozen=True, slots=True)
class CopyMark:
    """Marks an option whose value is copy that a person wrote, so that `check` looks at it."""


WrittenTexts = Annotated[
    dict[str, Any],
    CopyMark(),
    WithJsonSchema(
        {
            "type": "object",
            "description": "Text by field, or such texts by language.",
            "additionalProperties": {
                "anyOf": [
                    {"type": "string"},
                    {"type": "object", "additionalProperties": {"type": "string"}},
                ]
            },
        }
    ),
]
"""Copy in a plugin's options of `generate`: `check` compares its fields, slots and limits."""


def find_written(model: type[BaseModel] | None) -> list[str]:
    """Return the keys of a model whose values are copy that a person wrote."""
    fields = {} if model is None else model.model_fields
    return [
        info.alias or name
        for name, info in fields.items()
        if any(isinstance(one, CopyMark) for one in info.metadata)
    ]


Secret = Annotated[
    SecretReference,
    PlainValidator(_read_secret),
    WithJsonSchema(
        {
            "type": "object",
            "properties": {"env": {"type": "string"}},
            "required": ["env"],
            "additionalProperties": False,
            "description": "The environment variable that holds the secret.",
        }
    ),
]
TemplateFile = Annotated[
    Template,
    PlainValidator(_read_template),
    WithJsonSchema({"type": "string", "description": "A file below templates/."}),
]
DataFile = Annotated[
    Path,
    PlainValidator(_find_data_file),
    WithJsonSchema({"type": "string", "description": "A file of the workspace."}),
]


def find_options_model(
    plugin: str, hook: str, function: Callable[..., Any]
) -> type[Options] | None:
    """Return the model that annotates the `options` argument of a hook's implementation.

    Only that annotation is resolved, so that the others may name things imported for type
    checkers alone.

    Returns:
        The model, or None when the implementation takes no options.

    Raises:
        PluginError: The annotation is missing, cannot be resolved, or is not a pydantic model
            that forbids unknown keys.
    """
    function = getattr(function, "__func__", function)
    code = function.__code__
    if "options" not in code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]:
        return None
    where = f"plugin '{plugin}': hook '{hook}'"
    annotation = _annotations(function).get("options")
    if annotation is None:
        raise PluginError(
            f"{where} takes options without saying which",
            hint="annotate the argument with a subclass of ballyhoo.Options",
        )
    if isinstance(annotation, str):
        try:
            annotation = eval(annotation, function.__globals__)  # what typing.get_type_hints does
        except Exception as error:
            raise PluginError(
                f"{where}: the annotation '{annotation}' of options cannot be resolved: {error}",
                hint="define or import it at the top of the module, not for type checkers only",
            ) from None
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        raise PluginError(
            f"{where}: options are annotated with {annotation!r}, which is not a pydantic model",
            hint="use a subclass of ballyhoo.Options",
        )
    if annotation.model_config.get("extra") != "forbid":
        raise PluginError(
            f"{where}: {annotation.__name__} lets unknown keys pass",
            hint='use a subclass of ballyhoo.Options, or model_config = ConfigDict(extra="forbid")',
        )
    return annotation  # type: ignore[return-value]  # any pydantic model serves


def _annotations(function: Any) -> dict[str, Any]:
    if sys.version_info >= (3, 14):
        import annotationlib

        return annotationlib.get_annotations(function, format=annotationlib.Format.FORWARDREF)
    return dict(function.__annotations__)
