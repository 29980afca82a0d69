"""The artifacts of one plugin: what `train` made, found by whoever has the same options.

PLACE / plugin / version / hash of the options / stage / data time-number
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from .artifact_manifest import find_damage, write_manifest
from .artifact_place import ArtifactPlace, FolderPlace
from .artifact_url import UrlPlace
from .errors import ArtifactRefused, EnvironmentMissing
from .option_hash import hash_options
from .options import Options

DEFAULT_PLACE = Path(".ballyhoo/artifacts")
"""In the workspace; what comes from a URL is copied to it."""

_TIME = "%Y%m%dT%H%M%S.%fZ"
_HINT = "train it first: ballyhoo train RECIPE"


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


class KeptArtifacts:
    """The artifacts of one plugin, one version and one set of options, for one stage.

    Args:
        place: The place of all artifacts, or its folder.
        plugin: The plugin's name.
        version: The plugin's version.
        options: What the recipe says; None when the plugin takes none. When their model has a
            method `training_options()`, what that answers is what training depends on.
        stage: The stage that reads it.
        data_time: Of when the data is that the next artifact is made of, aware.
        workspace: The folder that files named in the options lie in; where it is on this machine
            makes no difference then.
        pinned: The name of the artifact that is read as long as it is there; the newest when None.

    Raises:
        ValueError: `data_time` has no time zone.
        PluginError: The options hold something whose text may be another one tomorrow.
    """

    def __init__(
        self,
        place: ArtifactPlace | Path,
        *,
        plugin: str,
        version: str,
        options: Options | None,
        stage: str,
        data_time: datetime,
        workspace: Path | None = None,
        pinned: str | None = None,
    ) -> None:
        if data_time.tzinfo is None:
            raise ValueError(f"{data_time.isoformat()} has no time zone; give an aware moment")
        self.place: ArtifactPlace = FolderPlace(place) if isinstance(place, Path) else place
        self.pinned = pinned
        self.data_time = data_time.astimezone(UTC)
        self._plugin, self._stage = plugin, stage
        reduced = getattr(options, "training_options", None)
        hashed = hash_options(
            options if reduced is None else reduced(), plugin=plugin, workspace=workspace
        )
        self._of_plugin = quote(plugin, safe="")
        self.key = f"{self._of_plugin}/v{quote(version, safe='')}/{hashed}/{stage}"

    def has_artifact(self) -> bool:
        """Whether there is one to read."""
        return bool(self.place.list_names(self.key))

    def find_newest(self) -> str | None:
        """Return the name of the one that is read; None when there is none."""
        if self.pinned is not None and self.place.has_name(self.key, self.pinned):
            return self.pinned
        names = self.place.list_names(self.key)
        return names[-1] if names else None

    def read(self) -> Path:
        """Return the folder of the newest artifact by the time of its data.

        Of several made of the same data it is the one that was published last; a run reads the
        one that it began with. Its files cannot be written.

        Raises:
            EnvironmentMissing: Nothing that fits was trained yet.
            ArtifactRefused: It is not as it was when it was written.
        """
        newest = self.find_newest()
        if newest is not None:
            folder = self.place.open_folder(self.key, newest)
            damage = find_damage(folder)
            if damage is None:
                return folder
            raise ArtifactRefused(
                f"what the plugin '{self._plugin}' learned for {self._stage} is damaged: {damage}",
                plugin=self._plugin,
            )
        hint = _HINT
        if any(key.startswith(f"{self._of_plugin}/") for key in self.place.list_keys()):
            hint = f"what was trained before is for another version or other options; {hint}"
        raise EnvironmentMissing(
            f"nothing was trained yet for {self._stage} by the plugin '{self._plugin}' with these "
            "options",
            hint=hint,
        )

    def find_problem(self, max_age: timedelta | None = None) -> str | None:
        """Return why there has to be a new artifact, in words; None when the newest will do.

        One that is damaged is taken away.

        Args:
            max_age: How much older its data may be than the data of now; however old when None.
        """
        try:
            self.read()
        except ArtifactRefused as refused:
            self.refuse()
            return refused.message
        except EnvironmentMissing:
            if self.has_artifact():
                raise
            return "nothing was trained yet"
        newest = self.find_newest()
        age = timedelta() if newest is None else self.data_time - read_data_time(newest)
        if max_age is not None and age > max_age:
            return f"it was trained of data that is {age.days} days old"
        return None

    def refuse(self) -> None:
        """Take the newest artifact away, as it cannot be used."""
        newest = self.find_newest()
        if newest is not None:
            self.place.remove(self.key, newest)

    @contextmanager
    def write(self) -> Iterator[Path]:
        """Open an empty folder; leaving the block without an error publishes it.

        An error leaves no trace, and what could be read before can be read still.

        Raises:
            EnvironmentMissing: The place of artifacts cannot be written.
        """
        draft = self.place.make_draft(self.key)
        try:
            yield draft
            write_manifest(draft)
            self.place.publish(self.key, draft, _write_time(self.data_time))
        finally:
            shutil.rmtree(draft, ignore_errors=True)
        self.place.remove_drafts(self.key)


def read_data_time(name: str) -> datetime:
    """Return of when the data of an artifact is, by its name."""
    return datetime.strptime(name.rpartition("-")[0], _TIME).replace(tzinfo=UTC)


def _write_time(moment: datetime) -> str:
    return f"{moment.year:04}{moment:%m%dT%H%M%S.%fZ}"


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
