"""Looks at an installation: what is there, what is missing, what to do."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from urllib.parse import urlsplit

from .asset_checks import find_missing_assets, look_at_assets
from .assets import load_assets
from .checks import look_at_checks
from .errors import BallyhooError
from .feedback.looking import look_at_listeners
from .finding import Finding
from .plugin_loading import explain_failure
from .plugin_settings import read_plugin_settings
from .policy.zones import find_zone
from .settings import LOCAL_FILE_NAME, Settings, find_strays
from .workspace import Workspace

TIMEOUT_SECONDS = 3.0
_KEYS = ("secret_key", "assignment_key", "suppression_key")
_EXTRAS = {
    "recommend": ("surprise", "product recommendations"),
    "llm": ("transformers", "copy by a language model"),
    "postgres": ("psycopg", "PostgreSQL"),
}
_PORTS = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671, "smtp": 25, "smtps": 465}


def diagnose(workspace: Workspace) -> list[Finding]:
    """Look at everything that Ballyhoo needs, or could use, in this workspace.

    Nothing is written but a file in the workspace that is removed again. Passwords of the
    settings never stand in a finding.
    """
    findings = [_python(), _folder(workspace)]
    try:
        settings = workspace.settings
    except BallyhooError as error:
        return [*findings, Finding(what="settings", ok=False, hint=error.message)]
    findings.append(Finding(what="settings", ok=True))
    for look in _LOOKS:
        findings += look(workspace, settings)
    return findings


def _python() -> Finding:
    version = ".".join(str(part) for part in sys.version_info[:3])
    return Finding(what="Python", ok=sys.version_info >= (3, 11), hint=version)


def _folder(workspace: Workspace) -> Finding:
    if not workspace.has_file:
        hint = f"{workspace.folder} has no ballyhoo.toml; 'ballyhoo init DIR' makes a workspace"
        return Finding(what="workspace", ok=False, hint=hint)
    probe = workspace.folder / f".ballyhoo-doctor-{os.getpid()}"
    try:
        probe.touch()
        probe.unlink()
    except OSError as error:
        hint = f"{workspace.folder} cannot be written: {error.strerror}"
        return Finding(what="workspace", ok=False, hint=hint)
    return Finding(what="workspace", ok=True, hint=str(workspace.folder))


def _look_at_variables(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    for variable, hint in find_strays().items():
        yield Finding(what=variable, ok=False, hint=hint)


def _look_at_zones(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    if find_zone("Europe/Berlin") is None:
        hint = "there is no database of them, so everybody lives in UTC; pip install tzdata"
        yield Finding(what="time zones", ok=False, hint=hint)


def _look_at_keys(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    lacking = [name for name in _KEYS if not getattr(settings, name).get_secret_value()]
    if lacking:
        hint = f"set {', '.join(lacking)} in {LOCAL_FILE_NAME}; 'ballyhoo init' makes them"
        yield Finding(what="keys", ok=False, hint=hint)
    else:
        yield Finding(what="keys", ok=True)


def _look_at_plugins(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    names: list[str] = []
    for record in workspace.registry:
        if record.error is not None:
            what = f"plugin {record.name}"
            yield Finding(what=what, ok=not record.is_allowed, hint=record.error)
        else:
            names.append(record.name)
    yield Finding(what="plugins", ok=bool(names), hint=", ".join(names) or "none loaded")
    for name in settings.plugins.tables:
        if workspace.registry.find(name) is None:
            hint = f"[plugins.{name}] is set, but there is no such plugin"
            yield Finding(what=f"plugin {name}", ok=False, hint=hint)
    for record in workspace.registry:
        if record.error is None:
            try:
                read_plugin_settings(record, settings.plugins.tables)
            except BallyhooError as error:
                yield Finding(what=f"plugin {record.name}", ok=False, hint=error.message)


def _look_at_extras(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    for extra, (module, purpose) in _EXTRAS.items():
        there = find_spec(module) is not None
        hint = "installed" if there else f"not installed; pip install 'ballyhoo[{extra}]' adds it"
        yield Finding(what=f"extra {extra}", ok=True, hint=f"{purpose}: {hint}")


def _look_at_database(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    url = settings.database_url.get_secret_value()
    if not url:
        yield Finding(what="database", ok=True, hint="SQLite in the workspace")
        return
    from sqlalchemy import create_engine
    from sqlalchemy.exc import SQLAlchemyError

    try:
        engine = create_engine(url)
        with engine.connect():
            pass
        engine.dispose()
    except (SQLAlchemyError, ImportError) as error:
        cause = getattr(error, "orig", None) or error
        hint = f"{_hide(url)}: {type(cause).__name__}; is the server up, and the URL right?"
        yield Finding(what="database", ok=False, hint=hint)
    else:
        yield Finding(what="database", ok=True, hint=_hide(url))


def _look_at_broker(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    url = settings.broker_url.get_secret_value()
    if not url:
        yield Finding(what="broker", ok=True, hint="none: campaigns run in one process")
        return
    if not url.startswith(("redis://", "rediss://")):
        yield _reach("broker", url)
        return
    import redis

    try:
        client = redis.Redis.from_url(
            url, socket_timeout=TIMEOUT_SECONDS, socket_connect_timeout=TIMEOUT_SECONDS
        )
        client.ping()
        policy = client.info("memory").get("maxmemory_policy", "noeviction")
        client.close()
    except (redis.RedisError, ValueError) as error:
        hint = f"{_hide(url)}: {type(error).__name__}; is Redis up, and the URL right?"
        yield Finding(what="broker", ok=False, hint=hint)
        return
    ok = policy == "noeviction"
    advice = "" if ok else f"; set maxmemory-policy noeviction, not {policy}: it drops queues"
    yield Finding(what="broker", ok=ok, hint=f"{_hide(url)}{advice}")


def _look_at_smtp(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    url = settings.smtp_url.get_secret_value()
    if not url:
        yield Finding(what="smtp", ok=True, hint="none: messages go to outbox/ as files")
    else:
        yield _reach("smtp", url)


def _reach(what: str, url: str) -> Finding:
    """Open a connection, and read a mail server's greeting."""
    try:
        parts = urlsplit(url)
        port = parts.port or _PORTS.get(parts.scheme)
        if not parts.hostname or port is None:
            raise ValueError
    except ValueError:
        return Finding(what=what, ok=False, hint=f"{_hide(url)} is not a URL of a server")
    try:
        address = (parts.hostname, port)
        with socket.create_connection(address, timeout=TIMEOUT_SECONDS) as connection:
            if parts.scheme == "smtp" and not connection.recv(512).startswith(b"220"):
                return Finding(what=what, ok=False, hint=f"{_hide(url)} does not greet with 220")
    except OSError as error:
        hint = f"{_hide(url)} cannot be reached: {error.strerror or type(error).__name__}"
        return Finding(what=what, ok=False, hint=hint)
    return Finding(what=what, ok=True, hint=_hide(url))


def _hide(url: str) -> str:
    """Return the URL without its user and password."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "the URL"
    return f"{parts.scheme}://{host}{port}{parts.path}"


def _look_at_recipes(workspace: Workspace, settings: Settings) -> Iterator[Finding]:
    from .campaign import check_recipe
    from .recipe_tests import ENDING

    assets = load_assets(workspace.folder, settings.brand)
    for path in sorted((workspace.folder / "campaigns").glob("*.yaml")):
        if path.name.endswith(ENDING):
            continue
        name = f"campaigns/{path.name}"
        try:
            content = path.read_bytes()
        except OSError as error:
            yield Finding(what=name, ok=False, hint=explain_failure(error))
            continue
        checked = check_recipe(
            content,
            file=name,
            registry=workspace.registry,
            workspace=workspace.folder,
            topics=settings.preferences.topics,
        )
        lacking = [] if checked.campaign is None else find_missing_assets(checked.campaign, assets)
        mistakes = len(checked.mistakes) + len(lacking)
        counted = "1 mistake" if mistakes == 1 else f"{mistakes} mistakes"
        hint = f"{counted}; 'ballyhoo check {name}' lists them" if mistakes else ""
        yield Finding(what=name, ok=not mistakes, hint=hint)


_LOOKS: tuple[Callable[[Workspace, Settings], Iterator[Finding]], ...] = (
    _look_at_variables,
    _look_at_zones,
    _look_at_keys,
    _look_at_plugins,
    _look_at_extras,
    _look_at_database,
    _look_at_broker,
    _look_at_smtp,
    look_at_assets,
    look_at_checks,
    look_at_listeners,
    _look_at_recipes,
)
