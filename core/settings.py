"""The settings of one installation: ballyhoo.toml, overridden by the environment."""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

from pydantic import Field, SecretStr, ValidationError, field_validator

from .costs import Costs
from .errors import BallyhooError
from .policy.zones import find_zone
from .preference_settings import Preferences
from .quoting import shorten
from .recipe.document import Node, Place, dotted
from .recipe.values import refuse
from .recipe.wording import word_error
from .setting_block import Block
from .setting_tables import (
    Brand,
    Experiments,
    PluginSettings,
    Retention,
    Safety,
    Sender,
    Serve,
    Tracking,
)
from .spelling import nearest_name, suggest_name
from .webhook import Webhook

FILE_NAME = "ballyhoo.toml"
LOCAL_FILE_NAME = "ballyhoo.local.toml"
"""What belongs to this machine alone (keys, passwords); git must not see it."""

PREFIX = "BALLYHOO_"
OTHER_VARIABLES = frozenset(
    {"BALLYHOO_WORKSPACE", "BALLYHOO_DEBUG", "BALLYHOO_SHARED_DATA", "BALLYHOO_CRASH_AT"}
)


LISTS = frozenset(
    {
        "only_to", "allow", "files", "old_secret_keys", "old_suppression_keys", "api_keys",
        "webhook_secrets", "identity_secrets", "frequencies", "languages", "scanner_networks",
    }
)  # fmt: skip
"""Settings that a variable holds as texts with commas between them."""


class SettingsError(BallyhooError):
    """The settings are wrong; the message names each mistake with its place."""


class Settings(Block):
    """Everything that an installation can set."""

    database_url: SecretStr = Field(
        default=SecretStr(""),
        description="SQLAlchemy URL; SQLite in the workspace (`ballyhoo.db`) when empty.",
    )
    broker_url: SecretStr = Field(
        default=SecretStr(""),
        description="Celery broker URL; campaigns run in this process when empty.",
    )
    smtp_url: SecretStr = Field(
        default=SecretStr(""),
        description="SMTP server; messages go to `outbox/` as files when empty.",
    )
    base_url: str = Field(
        default="", description="Where customers reach `ballyhoo serve`, https, for their links."
    )
    artifact_place: str = Field(
        default="",
        description="Folder or URL that all machines share, for what `train` makes; "
        "`.ballyhoo/artifacts` in the workspace when empty.",
    )
    artifact_days: int = Field(
        default=1,
        ge=1,
        description="What was trained is used so many days; then it is trained anew.",
    )
    time_zone: str = Field(
        default="UTC", description="Time zone of customers whose own is not known."
    )
    secret_key: SecretStr = Field(
        default=SecretStr(""), description="Signs links and tokens; may be rotated."
    )
    old_secret_keys: list[SecretStr] = Field(
        default_factory=list,
        description="Secret keys of before; links that they signed still work.",
    )
    assignment_key: SecretStr = Field(
        default=SecretStr(""),
        description="Draws variants and holdouts; never changes while an experiment runs.",
    )
    suppression_key: SecretStr = Field(
        default=SecretStr(""), description="Hashes suppressed addresses; losing it revives them."
    )
    old_suppression_keys: list[SecretStr] = Field(
        default_factory=list,
        description="Suppression keys of before; what they hashed is still found.",
    )
    brand: Brand = Field(default_factory=Brand, description="How the shop presents itself.")
    senders: dict[str, Sender] = Field(default_factory=dict, description="Named senders.")
    safety: Safety = Field(default_factory=Safety, description="Keeps rehearsals harmless.")
    tracking: Tracking = Field(
        default_factory=Tracking, description="Whose opens and clicks are counted."
    )
    experiments: Experiments = Field(
        default_factory=Experiments, description="Who is held out by default."
    )
    preferences: Preferences = Field(
        default_factory=Preferences, description="What people may choose for themselves."
    )
    serve: Serve = Field(default_factory=Serve, description="Who may tell the web app something.")
    webhooks: list[Webhook] = Field(
        default_factory=list, description="Endpoints that are told what happened."
    )
    costs: Costs = Field(default_factory=Costs, description="What messages cost, for reports.")
    retention: Retention = Field(default_factory=Retention, description="How long things are kept.")
    plugins: PluginSettings = Field(
        default_factory=PluginSettings, description="Which plugins load, and their settings."
    )

    @field_validator("webhooks")
    @classmethod
    def _tell_apart(cls, webhooks: list[Webhook]) -> list[Webhook]:
        names = [one.called for one in webhooks]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise refuse(f"two of them are called '{shorten(twice)}'; give each a name")
        return webhooks

    @field_validator("time_zone")
    @classmethod
    def _look_zone_up(cls, name: str) -> str:
        if find_zone(name) is not None:
            return name
        known = sorted(available_timezones())
        if not known:
            raise refuse("there is no database of time zones on this machine; pip install tzdata")
        near = nearest_name(name, known)
        hint = f"did you mean '{near}'?" if near else "one is called Europe/Berlin"
        raise refuse(f"there is no time zone '{shorten(name)}'; {hint}")


def load_settings(folder: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Load the settings of a workspace.

    The order is: defaults, ballyhoo.toml, ballyhoo.local.toml, environment; the last one wins.

    Args:
        folder: The workspace's folder; the files may be missing.
        environment: Variables instead of this process's own.

    Raises:
        SettingsError: A file is not TOML, a key is unknown, a value has the wrong type; the
            message names all of them.
    """
    data: dict[str, Any] = {}
    origins: dict[tuple[str, ...], str] = {}
    for name in (FILE_NAME, LOCAL_FILE_NAME):
        _merge(data, _read_toml(folder / name), name, origins, ())
    variables = os.environ if environment is None else environment
    for variable, value in sorted(variables.items()):
        path = _path_of(variable)
        if path is not None and path[0] in Settings.model_fields:
            _merge(data, _nest(path, _parse_variable(path, value)), variable, origins, ())
    try:
        return Settings.model_validate(data)
    except ValidationError as error:
        lines = [_explain(dict(item), data, origins) for item in error.errors(include_url=False)]
        raise SettingsError("\n".join(lines)) from None


def environment_variable(path: str) -> str:
    """Return the variable that overrides a setting: `brand.name` is `BALLYHOO_BRAND__NAME`."""
    return PREFIX + path.upper().replace(".", "__")


def find_strays(environment: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return variables that look like settings and are none, with what was probably meant.

    They are not refused: a secret that a recipe reads may be named like this too.
    """
    strays: dict[str, str] = {}
    for variable in sorted(os.environ if environment is None else environment):
        path = _path_of(variable)
        if path is None or path[0] in Settings.model_fields:
            continue
        hint = suggest_name(path[0], list(Settings.model_fields))
        if hint.startswith("did you mean"):
            meant = environment_variable(hint.split("'")[1])
            strays[variable] = f"is not a setting; did you mean {meant}?"
    return strays


def _path_of(variable: str) -> list[str] | None:
    if not variable.startswith(PREFIX) or variable in OTHER_VARIABLES:
        return None
    return [part.lower() for part in variable.removeprefix(PREFIX).split("__")]


def _read_toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path.name}: not TOML: {error}") from None
    except OSError as error:
        raise SettingsError(f"{path.name}: {error.strerror}") from None


def _merge(
    target: dict[str, Any],
    source: dict[str, Any],
    origin: str,
    origins: dict[tuple[str, ...], str],
    path: tuple[str, ...],
) -> None:
    for key, value in source.items():
        here = (*path, key)
        if isinstance(value, dict) and isinstance(target.get(key, {}), dict):
            _merge(target.setdefault(key, {}), value, origin, origins, here)
        else:
            target[key] = value
            origins[here] = origin


def _nest(path: list[str], value: Any) -> dict[str, Any]:
    for part in reversed(path):
        value = {part: value}
    nested: dict[str, Any] = value
    return nested


def _parse_variable(path: list[str], value: str) -> Any:
    """Read lists, numbers and what is written as JSON; text stays as it is."""
    if path[-1] in LISTS:
        return [part.strip() for part in value.split(",") if part.strip()]
    if path in (["webhooks"], ["serve", "site_keys"]) or (
        path[0] == "plugins" and value[:1] in ("[", "{")
    ):
        with suppress(ValueError):
            return json.loads(value)
    if path[-1].endswith("_days") and value.isdigit():
        return int(value)
    return value


def _explain(
    error: dict[str, Any], data: dict[str, Any], origins: dict[tuple[str, ...], str]
) -> str:
    location = tuple(str(part) for part in error["loc"])
    near = [path for path in origins if path[: len(location)] == location]
    origin = origins[near[0]] if near else FILE_NAME
    if error["type"] == "extra_forbidden":
        known = _known_keys(location[:-1])
        said = f"unknown setting; {suggest_name(location[-1], known)}"
    else:
        value: Any = data
        for part in location:
            value = value.get(part) if isinstance(value, dict) else None
        shown = Node(value=value if not isinstance(value, dict | list) else None, place=Place(1, 1))
        said = word_error(error, shown)
    where = location if not origin.startswith(PREFIX) else ()
    return f"{origin}: {dotted(where)}: {said}" if where else f"{origin}: {said}"


def _known_keys(path: tuple[str, ...]) -> list[str]:
    if not path:
        return list(Settings.model_fields)
    lists: dict[str, Any] = {"senders": Sender, "webhooks": Webhook}
    table = lists.get(path[0], Settings.model_fields[path[0]].annotation)
    return list(getattr(table, "model_fields", ()))
