"""The options of a plugin: the model that annotates them, and the types it may use."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
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
from .spelling import suggest_name


class Options(BaseModel):
    """The base of a plugin's options and settings: unknown keys are mistakes, nothing changes."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


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
    return PydanticCustomError("ballyhoo", message.replace("{", "{{").replace("}", "}}"))


def _read_secret(value: Any) -> SecretReference:
    if isinstance(value, dict) and set(value) == {"env"} and isinstance(value["env"], str):
        return SecretReference(value["env"])
    raise _refuse("a secret must not stand here; write {env: NAME} and set NAME where it runs")


def _find(value: Any, folder: Path, what: str) -> Path:
    if not isinstance(value, str) or not value:
        raise _refuse(f"must be the name of a {what}")
    path = (folder / value).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise _refuse(f"'{value}' lies outside of {folder.name}/")
    if not path.is_file():
        there = sorted(
            str(found.relative_to(folder)) for found in folder.rglob("*") if found.is_file()
        )
        hint = suggest_name(value, there)
        said = f"the {what} '{value}' is not in {folder.name}/"
        raise _refuse(f"{said}; {hint}" if hint else said)
    return path


def _read_template(value: Any, info: ValidationInfo) -> Template:
    folder = Path((info.context or {}).get("workspace", ".")) / "templates"
    path = _find(value, folder, "template")
    try:
        return Template(value, path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        raise _refuse(f"the template '{value}' cannot be read as UTF-8 text") from None


def _find_data_file(value: Any, info: ValidationInfo) -> Path:
    return _find(value, Path((info.context or {}).get("workspace", ".")), "file")


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
