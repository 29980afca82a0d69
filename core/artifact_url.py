"""Artifacts at a URL, with a copy on each machine that reads them.

Each is URL / key / time-number. Its manifest is written last: without one it is not there.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from .artifact_manifest import MANIFEST, save_folder
from .artifact_place import DAYS_OF_DRAFTS, LOOK_AT_SETTING, FolderPlace, sort_names
from .errors import EnvironmentMissing


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
                    if not target.resolve().is_relative_to(draft.resolve()):
                        raise OSError(f"the artifact {name} has a file outside of its folder")
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
            raise EnvironmentMissing(said, hint=LOOK_AT_SETTING) from error


def _name(error: Any) -> str:
    strerror = getattr(error, "strerror", None)
    return f"{type(error).__name__}{f' ({strerror})' if strerror else ''}"
