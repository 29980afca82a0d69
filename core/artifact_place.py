"""Where artifacts are kept: a folder that all machines share, or a URL with a copy on each machine.

In both, each artifact is PLACE / key / time-number, and it is there whole or not at all: a folder
is renamed when it is whole and on the disk; to a URL the manifest is written last.
"""

from __future__ import annotations

import errno
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from .artifact_manifest import MANIFEST, save_folder, sync_path
from .errors import EnvironmentMissing

DEFAULT_PLACE = Path(".ballyhoo/artifacts")
"""In the workspace; what comes from a URL is copied to it."""

DAYS_OF_DRAFTS = 7
"""How long a folder stays that somebody was filling when the machine died."""

NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-(\d+)", re.ASCII)
"""The name of an artifact: the time of its data, and a number that grows."""

_DRAFT = "draft-"
_LOOK = "look at artifact_place in ballyhoo.toml, or BALLYHOO_ARTIFACT_PLACE"


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


def choose_artifact_place(setting: str, workspace: Path) -> ArtifactPlace:
    """Return the place of all artifacts: the setting `artifact_place`, seen from a workspace.

    Raises:
        EnvironmentMissing: It is a URL of a kind that nothing here can open.
    """
    if setting.startswith("file://"):
        setting = setting.removeprefix("file://")
    if "://" in setting:
        return UrlPlace(setting, FolderPlace(workspace / DEFAULT_PLACE))
    return FolderPlace(workspace / (Path(setting).expanduser() if setting else DEFAULT_PLACE))


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
                f"the folder of artifacts cannot be written: {error.strerror}", hint=_LOOK
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


class UrlPlace:
    """A URL that fsspec opens, such as s3://bucket/models; what is read is copied here first.

    Args:
        url: Where it is.
        cache: Where copies lie on this machine.

    Raises:
        EnvironmentMissing: Nothing here can open a URL of this kind.
    """

    def __init__(self, url: str, cache: FolderPlace) -> None:
        self._kind = url.partition("://")[0]
        self._cache = cache
        with self._reaching("opened"):
            from fsspec.core import url_to_fs

            self._system, self._root = url_to_fs(url)

    def list_names(self, key: str) -> list[str]:
        """Return the names of the artifacts of a key whose manifest is there, the newest last."""
        with self._reaching("read"):
            self._system.invalidate_cache()
            found: list[str] = self._system.glob(f"{self._root}/{key}/*/{MANIFEST}")
        return sort_names([path.split("/")[-2] for path in found])

    def has_name(self, key: str, name: str) -> bool:
        """Whether an artifact is there, or its copy on this machine."""
        return self._cache.has_name(key, name) or name in self.list_names(key)

    def list_keys(self) -> list[str]:
        """Return the keys that something is kept under."""
        with self._reaching("read"):
            self._system.invalidate_cache()
            found: list[str] = self._system.find(self._root)
        below = [path.lstrip("/").removeprefix(self._root.strip("/") + "/") for path in found]
        parts = [path.split("/") for path in below]
        return sorted({"/".join(one[:4]) for one in parts if len(one) > 5})

    def open_folder(self, key: str, name: str) -> Path:
        """Return the copy of an artifact on this machine, made when there is none yet."""
        folder = self._cache.open_folder(key, name)
        if folder.is_dir():
            return folder
        draft = self._cache.make_draft(key)
        try:
            with self._reaching("read"):
                remote = f"{self._root}/{key}/{name}"
                for path in self._system.find(remote):
                    target = draft / path.lstrip("/").removeprefix(remote.strip("/") + "/")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    self._system.get_file(path, str(target))
            save_folder(draft)
            self._cache.rename(key, draft, name)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        self._forget_old(key)
        return folder

    def make_draft(self, key: str) -> Path:
        """Make an empty folder on this machine."""
        return self._cache.make_draft(key)

    def publish(self, key: str, draft: Path, moment: str) -> None:
        """Copy a draft to the URL, its manifest last, and keep the copy that is here."""
        name = f"{moment}-{time.time_ns()}"  # nobody else has this number
        files = [path for path in sorted(draft.rglob("*")) if path.is_file()]
        files.sort(key=lambda path: path.relative_to(draft).as_posix() == MANIFEST)
        with self._reaching("written"):
            for path in files:
                target = f"{self._root}/{key}/{name}/{path.relative_to(draft).as_posix()}"
                self._system.makedirs(target.rpartition("/")[0], exist_ok=True)
                self._system.put_file(str(path), target)
        save_folder(draft)
        self._cache.rename(key, draft, name)

    def remove(self, key: str, name: str) -> None:
        """Remove an artifact, its manifest first, and the copy that is here."""
        remote = f"{self._root}/{key}/{name}"
        with self._reaching("written"):
            for path in (f"{remote}/{MANIFEST}", remote):
                with suppress(FileNotFoundError):
                    self._system.rm(path, recursive=True)
        self._cache.remove(key, name)

    def remove_drafts(self, key: str) -> None:
        """Remove what somebody began to copy to the URL long ago, and drafts on this machine."""
        self._cache.remove_drafts(key)
        whole = set(self.list_names(key))
        with self._reaching("read"):
            try:
                there: list[str] = self._system.ls(f"{self._root}/{key}", detail=False)
            except FileNotFoundError:
                return
        oldest = time.time_ns() - DAYS_OF_DRAFTS * 86_400 * 10**9
        for name in sort_names([path.rstrip("/").rpartition("/")[2] for path in there]):
            if name not in whole and int(name.rpartition("-")[2]) < oldest:
                self.remove(key, name)

    def _forget_old(self, key: str) -> None:
        """Remove copies of what is not at the URL any more."""
        there = set(self.list_names(key))
        for name in self._cache.list_names(key):
            if name not in there:
                self._cache.remove(key, name)

    @contextmanager
    def _reaching(self, done: str) -> Iterator[None]:
        """Say what cannot be done to the URL, without the URL: it may hold a password."""
        try:
            yield
        except EnvironmentMissing:
            raise
        except ImportError as error:
            package = error.name or "a package"
            raise EnvironmentMissing(
                f"an artifact_place of the kind {self._kind}:// needs a package that is not here",
                hint=f"pip install {package}",
            ) from None
        except Exception as error:  # each kind of URL raises what its library raises
            said = f"the artifact_place {self._kind}://... cannot be {done}: {_name(error)}"
            raise EnvironmentMissing(said, hint=_LOOK) from error


def _name(error: Any) -> str:
    strerror = getattr(error, "strerror", None)
    return f"{type(error).__name__}{f' ({strerror})' if strerror else ''}"
