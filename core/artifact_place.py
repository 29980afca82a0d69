"""Where artifacts are kept: a folder that all machines share.

Each artifact is PLACE / key / time-number. A folder is filled under another name beside it and
renamed when it is whole and on the disk: whoever reads sees all of it or nothing.
"""

from __future__ import annotations

import errno
import re
import secrets
import shutil
import time
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from .artifact_manifest import save_folder, sync_path
from .errors import EnvironmentMissing

DAYS_OF_DRAFTS = 7
"""How long a folder stays that somebody was filling when the machine died."""

NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-(\d+)", re.ASCII)
"""The name of an artifact: the time of its data, and a number that grows."""

_DRAFT = "draft-"
LOOK_AT_SETTING = "look at artifact_place in ballyhoo.toml, or BALLYHOO_ARTIFACT_PLACE"


class ArtifactPlace(Protocol):
    """Where artifacts are kept; a key is a path of folders in it."""

    def list_names(self, key: str) -> list[str]:
        """Return the names of the artifacts of a key that are whole, the newest last."""
        ...

    def has_name(self, key: str, name: str) -> bool:
        """Whether an artifact is there; what is on this machine already is not asked for."""
        ...

    def list_keys(self) -> list[str]:
        """Return the keys that something is kept under."""
        ...

    def open_folder(self, key: str, name: str) -> Path:
        """Return the folder of an artifact on this machine."""
        ...

    def make_draft(self, key: str) -> Path:
        """Make an empty folder to fill."""
        ...

    def publish(self, key: str, draft: Path, moment: str) -> None:
        """Let everybody see a draft, as the newest artifact of the data of a moment."""
        ...

    def remove(self, key: str, name: str) -> None:
        """Remove an artifact; nothing when it is gone already."""
        ...

    def remove_drafts(self, key: str) -> None:
        """Remove what somebody began to write long ago."""
        ...


def sort_names(names: list[str]) -> list[str]:
    """Return those that are names of artifacts, the newest last."""
    found = [match for name in names if (match := NAME.fullmatch(name)) is not None]
    return [match[0] for match in sorted(found, key=lambda match: (match[1], int(match[2])))]


class FolderPlace:
    """A folder.

    Args:
        root: Where it is; made when something is written.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def list_names(self, key: str) -> list[str]:
        """Return the names of the artifacts of a key, the newest last."""
        try:
            return sort_names([one.name for one in (self.root / key).iterdir()])
        except (FileNotFoundError, NotADirectoryError):
            return []

    def has_name(self, key: str, name: str) -> bool:
        """Whether an artifact is there."""
        return (self.root / key / name).is_dir()

    def list_keys(self) -> list[str]:
        """Return the keys that something is kept under, drafts too."""
        if not self.root.is_dir():
            return []
        found = [*self.root.glob("*/*/*/*/*Z-*"), *self.root.glob(f"*/*/*/*/{_DRAFT}*")]
        return sorted({one.parent.relative_to(self.root).as_posix() for one in found})

    def open_folder(self, key: str, name: str) -> Path:
        """Return the folder of an artifact."""
        return self.root / key / name

    def make_draft(self, key: str) -> Path:
        """Make an empty folder beside the artifacts of a key.

        Raises:
            EnvironmentMissing: The place cannot be written.
        """
        draft = self.root / key / f"{_DRAFT}{secrets.token_hex(8)}"
        try:
            draft.mkdir(parents=True)
        except OSError as error:
            raise EnvironmentMissing(
                f"the folder of artifacts cannot be written: {error.strerror}", hint=LOOK_AT_SETTING
            ) from None
        return draft

    def publish(self, key: str, draft: Path, moment: str) -> None:
        """Rename a draft to the newest artifact of a moment."""
        of_moment = [name for name in self.list_names(key) if name.startswith(moment)]
        number = 1 + max((int(name.rpartition("-")[2]) for name in of_moment), default=0)
        save_folder(draft)
        while not self.rename(key, draft, f"{moment}-{number}"):
            number += 1  # somebody else published at the same time

    def rename(self, key: str, draft: Path, name: str) -> bool:
        """Give a draft its name; False when there is one of this name."""
        try:
            draft.rename(self.root / key / name)
        except OSError as error:
            if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                raise
            return False
        sync_path(self.root / key)
        return True

    def remove(self, key: str, name: str) -> None:
        """Remove an artifact: under another name first, so that nobody sees half of it."""
        gone = self.root / key / f"{_DRAFT}{secrets.token_hex(8)}"
        with suppress(FileNotFoundError):
            (self.root / key / name).rename(gone)
        shutil.rmtree(gone, ignore_errors=True)

    def remove_drafts(self, key: str) -> None:
        """Remove the drafts that nobody touched for days."""
        oldest = time.time() - DAYS_OF_DRAFTS * 86_400
        for draft in (self.root / key).glob(f"{_DRAFT}*"):
            with suppress(FileNotFoundError):  # it may be published just now
                if draft.stat().st_mtime < oldest:
                    shutil.rmtree(draft, ignore_errors=True)
