"""Writes the skeleton of a plugin: a package that installs, passes its own tests and works."""

from __future__ import annotations

import shutil
import tempfile
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

from ..errors import BallyhooError
from ..templates import render_template
from .naming import check_plugin_name

KITS = {
    "segment": "SegmentConformance",
    "recommend": "RecommendConformance",
    "generate": "GenerateConformance",
    "review": "ReviewConformance",
    "respond": "RespondConformance",
    "deliver": "DeliverConformance",
    "feedback": "FeedbackConformance",
    "functions": "FunctionsConformance",
    "routes": "RoutesConformance",
}
"""By hook, the class of `ballyhoo.testing` that its skeleton is tested with."""


def write_plugin(name: str, *, hook: str, folder: Path) -> list[Path]:
    """Write the skeleton of a plugin.

    Args:
        name: The distribution's name; the package and the plugin have it with '_' for '-'.
        hook: A key of `KITS`.
        folder: Where the new folder, called `name`, is made; made itself when it is not there.

    Returns:
        The files written, relative to `folder`.

    Raises:
        BallyhooError: The name cannot be used, or is there already; nothing was written then.
    """
    package = check_plugin_name(name)
    final = folder / name
    if final.exists() or final.is_symlink():
        raise BallyhooError(
            f"{final} is there already; nothing was written",
            hint="choose another name, or name another folder by --out",
        )
    texts = render_skeleton(name, package=package, hook=hook)
    folder.mkdir(parents=True, exist_ok=True)
    # Under another name until it is whole, so that nothing half written can be left.
    temporary = Path(tempfile.mkdtemp(prefix=f".{name}.", dir=folder))
    try:
        whole = temporary / name
        for path, text in texts.items():
            (whole / path).parent.mkdir(parents=True, exist_ok=True)
            (whole / path).write_text(text, encoding="utf-8")
        whole.rename(final)
    finally:
        shutil.rmtree(temporary)
    return [Path(name) / path for path in texts]


def render_skeleton(name: str, *, package: str, hook: str) -> dict[str, str]:
    """Return the text of each file of the skeleton by its path below the new folder."""
    facts = {
        "name": name,
        "package": package,
        "campaign": f"try-{name}",
        "hook": hook,
        "kit": KITS[hook],
        "version": ".".join(version("ballyhoo").split(".")[:2]),
    }
    sources = {
        "pyproject.toml": "package/pyproject.toml.j2",
        "README.md": "package/README.md.j2",
        ".gitignore": "package/gitignore.j2",
        f"src/{package}/__init__.py": f"{hook}/plugin.py.j2",
        f"src/{package}/py.typed": "package/py.typed.j2",
        f"tests/test_{package}.py": f"{hook}/test.py.j2",
        f"campaigns/try-{name}.yaml": f"{hook}/recipe.yaml.j2",
    }
    folder = files(__package__) / "templates"
    return {
        path: render_template(
            (folder / source).read_text(encoding="utf-8"), facts, escape=False, name=source
        )
        for path, source in sources.items()
    }
