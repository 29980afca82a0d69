"""Artifacts in a folder that all machines share: each is published whole, or not at all.

    PLACE / plugin / version / hash of the options / stage / data time-number

A folder is filled under another name beside it and renamed when it is whole and on the disk. The
rename is atomic, so whoever reads sees all of it or nothing.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from .errors import EnvironmentMissing
from .option_hash import hash_options
from .options import Options

DEFAULT_PLACE = Path(".ballyhoo/artifacts")
"""In the workspace."""

DAYS_OF_DRAFTS = 7
"""How long a folder stays that somebody was filling when the machine died."""

_DRAFT = "draft-"
_NAME = re.compile(r"(\d{8}T\d{6}\.\d{6}Z)-(\d+)", re.ASCII)


def choose_artifact_place(setting: str, workspace: Path) -> Path:
    """Return the folder of all artifacts: the setting `artifact_place`, seen from a workspace."""
    return workspace / (Path(setting).expanduser() if setting else DEFAULT_PLACE)


class FolderArtifacts:
    """The artifacts of one plugin, one version and one set of options, for one stage.

    Args:
        place: The folder of all artifacts; made when something is written.
        plugin: The plugin's name.
        version: The plugin's version.
        options: What the recipe says; None when the plugin takes none.
        stage: The stage that reads it.
        data_time: Of when the data is that the next artifact is made of, aware.
        workspace: The folder that files named in the options lie in; where it is on this machine
            makes no difference then.

    Raises:
        ValueError: `data_time` has no time zone.
        PluginError: The options hold something whose text may be another one tomorrow.
    """

    def __init__(
        self,
        place: Path,
        *,
        plugin: str,
        version: str,
        options: Options | None,
        stage: str,
        data_time: datetime,
        workspace: Path | None = None,
    ) -> None:
        if data_time.tzinfo is None:
            raise ValueError(f"{data_time.isoformat()} has no time zone; give an aware moment")
        self._plugin, self._stage = plugin, stage
        self._of_plugin = place / quote(plugin, safe="")
        moment = data_time.astimezone(UTC)
        self._time = f"{moment.year:04}{moment:%m%dT%H%M%S.%fZ}"
        self.folder = (
            self._of_plugin
            / f"v{quote(version, safe='')}"
            / hash_options(options, plugin=plugin, workspace=workspace)
            / stage
        )

    def has_artifact(self) -> bool:
        """Whether there is one to read."""
        return bool(self._list())

    def read(self) -> Path:
        """Return the folder of the newest artifact by the time of its data.

        Of several made of the same data it is the one that was published last.

        Raises:
            EnvironmentMissing: Nothing that fits was trained yet.
        """
        there = self._list()
        if there:
            return self.folder / "{}-{}".format(*there[-1])
        hint = "train it first: ballyhoo train RECIPE"
        if self._of_plugin.is_dir():
            hint = f"what was trained before is for another version or other options; {hint}"
        raise EnvironmentMissing(
            f"nothing was trained yet for {self._stage} by the plugin '{self._plugin}' with these "
            "options",
            hint=hint,
        )

    @contextmanager
    def write(self) -> Iterator[Path]:
        """Open an empty folder; leaving the block without an error publishes it.

        An error leaves no trace, and what could be read before can be read still.

        Raises:
            EnvironmentMissing: The place of artifacts cannot be written.
        """
        draft = self.folder / f"{_DRAFT}{secrets.token_hex(8)}"
        try:
            draft.mkdir(parents=True)
        except OSError as error:
            raise EnvironmentMissing(
                f"the folder of artifacts cannot be written: {error.strerror}",
                hint="look at artifact_place in ballyhoo.toml, or BALLYHOO_ARTIFACT_PLACE",
            ) from None
        try:
            yield draft
            _save(draft)
            self._publish(draft)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        self._remove_old_drafts()

    def _publish(self, draft: Path) -> None:
        number = 1 + max((number for at, number in self._list() if at == self._time), default=0)
        while True:
            try:
                draft.rename(self.folder / f"{self._time}-{number}")
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
                number += 1  # somebody else published at the same time
            else:
                _sync(self.folder)
                return

    def _list(self) -> list[tuple[str, int]]:
        """Return the artifacts that are whole, the newest last."""
        try:
            names = [_NAME.fullmatch(one.name) for one in self.folder.iterdir()]
        except FileNotFoundError:
            return []
        return sorted((found[1], int(found[2])) for found in names if found is not None)

    def _remove_old_drafts(self) -> None:
        oldest = time.time() - DAYS_OF_DRAFTS * 86_400
        for draft in self.folder.glob(f"{_DRAFT}*"):
            try:
                is_old = draft.stat().st_mtime < oldest
            except FileNotFoundError:
                continue  # it was published just now
            if is_old:
                shutil.rmtree(draft, ignore_errors=True)


def _save(folder: Path) -> None:
    """Bring a folder to the disk, so that no artifact has empty files after a power cut."""
    for where, _, files in os.walk(folder):
        for name in files:
            _sync(Path(where, name))
        _sync(Path(where))


def _sync(path: Path) -> None:
    number = os.open(path, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)


class NoArtifacts:
    """What a plugin has that learns nothing.

    Args:
        plugin: Its name.
    """

    def __init__(self, plugin: str) -> None:
        self._plugin = plugin

    def read(self) -> Path:
        """Raise EnvironmentMissing: nothing was trained."""
        raise EnvironmentMissing(f"nothing was trained for the plugin '{self._plugin}'")

    def write(self) -> AbstractContextManager[Path]:
        """Raise EnvironmentMissing: only a plugin that implements `train` has artifacts."""
        raise EnvironmentMissing(f"the plugin '{self._plugin}' does not implement 'train'")
