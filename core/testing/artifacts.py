"""Artifacts of one plugin in a folder, as `train` writes them and the other hooks read them."""

from __future__ import annotations

import errno
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import EnvironmentMissing


class FakeArtifacts:
    """The artifacts of one plugin, one version and one set of options.

    Args:
        folder: Where they lie; it is made when something is written.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self) -> Path:
        """Return the folder of the newest artifact.

        Raises:
            EnvironmentMissing: Nothing was trained yet.
        """
        numbers = self._numbers()
        if not numbers:
            raise EnvironmentMissing(
                "nothing was trained yet for this plugin and these options",
                hint="train it first: ballyhoo train RECIPE",
            )
        return self.folder / str(numbers[-1])

    @contextmanager
    def write(self) -> Iterator[Path]:
        """Open an empty folder; leaving the block without an error publishes it as the newest.

        An error leaves no trace, and what was the newest stays it.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(prefix="draft-", dir=self.folder))
        try:
            yield draft
            self._publish(draft)
        finally:
            shutil.rmtree(draft, ignore_errors=True)

    def _publish(self, draft: Path) -> None:
        number = max(self._numbers(), default=0) + 1
        while True:
            try:
                draft.rename(self.folder / str(number))
            except OSError as error:
                if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
                    raise
                number += 1  # somebody else published at the same time
            else:
                return

    def _numbers(self) -> list[int]:
        if not self.folder.is_dir():
            return []
        return sorted(int(one.name) for one in self.folder.iterdir() if one.name.isdecimal())
