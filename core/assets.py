"""The brand's assets: pictures and fonts of a folder of the workspace, known by their content."""

from __future__ import annotations

import base64
import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from .errors import DataError
from .setting_tables import Brand
from .spelling import suggest_name

ASSET = "a"
"""The first part of the path that an asset is served under."""

MOST_BYTES = 2_000_000
"""Of one asset; a message whose pictures are larger is read by nobody."""
MOST_BYTES_TOGETHER = 20_000_000
MOST_ASSETS = 200
KEY_BYTES = 15

PICTURES = frozenset({"png", "jpg", "gif", "webp"})
TYPES: Mapping[str, str] = {
    "png": "image/png", "jpg": "image/jpeg", "gif": "image/gif", "webp": "image/webp",
    "woff2": "font/woff2", "woff": "font/woff",
}  # fmt: skip
_SIGNS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), "png"),
    (re.compile(rb"\xff\xd8\xff"), "jpg"),
    (re.compile(rb"GIF8[79]a"), "gif"),
    (re.compile(rb"RIFF.{4}WEBP", re.DOTALL), "webp"),
    (re.compile(rb"wOF2"), "woff2"),
    (re.compile(rb"wOFF"), "woff"),
)
_NAME = re.compile(r"[\w-][\w.-]*(?:/[\w-][\w.-]*)*", re.ASCII)
_WEB = re.compile(r"https?://", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asset:
    """One file.

    Attributes:
        name: Its path below the folder of assets, with slashes.
        kind: What it is by its content, as one of `TYPES`.
        content: Its bytes.
    """

    name: str
    kind: str
    content: bytes = field(repr=False)

    @property
    def media_type(self) -> str:
        """What it is served as."""
        return TYPES[self.kind]

    def name_file(self, key: bytes) -> str:
        """Return the name that it is served under, the same for the same content.

        Args:
            key: A secret: whoever has a file cannot find out whether it is among ours.
        """
        digest = hmac.digest(key, b"ballyhoo asset\x1f" + self.content, "sha256")
        return f"{base64.b32encode(digest[:KEY_BYTES]).decode().lower()}.{self.kind}"

    def write_inline(self) -> str:
        """Return an address that holds the asset itself, for pages without a server."""
        return f"data:{self.media_type};base64,{base64.b64encode(self.content).decode()}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Assets:
    """What the folder of assets holds.

    Attributes:
        found: The assets by their names.
        problems: What is wrong with other files there, and with the folder.
    """

    found: Mapping[str, Asset] = field(default_factory=dict)
    problems: tuple[str, ...] = ()


def load_assets(workspace: Path, brand: Brand) -> Assets:
    """Return the assets of a brand; none where it names no folder.

    Only what is a picture or a font by its content is one: an SVG can hold scripts, and is not.

    Args:
        workspace: The folder that `brand.assets` is relative to.
        brand: How the shop presents itself.
    """
    if not brand.assets:
        return Assets()
    folder = (workspace / brand.assets).resolve()
    if not folder.is_dir():
        return Assets(problems=(f"the folder '{brand.assets}' is not there",))
    found: dict[str, Asset] = {}
    problems: list[str] = []
    total = 0
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or any(part.startswith(".") for part in name.split("/")):
            continue
        asset, problem = _read(folder, path, name)
        total += 0 if asset is None else len(asset.content)
        if asset is None:
            problems.append(f"{name}: {problem}")
        elif len(found) >= MOST_ASSETS or total > MOST_BYTES_TOGETHER:
            problems.append(
                f"{name}: left out: there are at most {MOST_ASSETS} assets with "
                f"{MOST_BYTES_TOGETHER:,} bytes together"
            )
            break
        else:
            found[name] = asset
    return Assets(found=found, problems=tuple(problems))


def is_asset(logo: str) -> bool:
    """Whether something that is shown is one of the assets, and no address of the web."""
    return bool(logo) and not _WEB.match(logo)


def look_up(name: str, known: Mapping[str, str]) -> str:
    """Return what stands for an asset.

    Args:
        name: Its name.
        known: What stands for each.

    Raises:
        DataError: There is no such asset.
    """
    try:
        return known[name]
    except KeyError:
        raise DataError(describe_missing(name, known)) from None


def describe_missing(name: str, known: Iterable[str]) -> str:
    """Return that there is no such asset, and what was meant."""
    hint = suggest_name(name, known) or "put it into the folder that [brand] assets names"
    return f"there is no asset '{name[:80]}'; {hint}"


def _read(folder: Path, path: Path, name: str) -> tuple[Asset | None, str]:
    if not _NAME.fullmatch(name):
        return None, "its name has other characters than letters, digits, '-', '_' and '.'"
    if folder not in path.resolve().parents:
        return None, "it leads out of the folder"
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        return None, f"cannot be read: {error.strerror}"
    if size > MOST_BYTES:
        return None, f"it has {size:,} bytes; an asset has at most {MOST_BYTES:,}"
    kind = next((kind for sign, kind in _SIGNS if sign.match(content)), None)
    if kind is None:
        known = ", ".join(TYPES)
        return None, f"it is no picture or font that mails can show ({known}; an SVG is none)"
    return Asset(name=name, kind=kind, content=content), ""
