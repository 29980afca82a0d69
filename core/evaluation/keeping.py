"""Keeps what an evaluation said for the reports of its campaign, in a file of the workspace."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from .results import Evaluation
from .verdict import say_verdict

PLACE = Path(".ballyhoo/evaluations")
"""In the workspace: a file for each campaign, of its latest evaluation that was kept."""


def keep_evaluation(workspace: Path, campaign: str, evaluation: Evaluation, at: datetime) -> Path:
    """Keep what an evaluation said, in the place of an earlier one, and return the file.

    Args:
        workspace: The folder of the workspace.
        campaign: The campaign's name.
        evaluation: What to keep.
        at: When it was made, aware.
    """
    file = _find_file(workspace, campaign)
    file.parent.mkdir(parents=True, exist_ok=True)
    said = [say_verdict(one, evaluation.plugin) for one in evaluation.results.values()]
    kept = {"campaign": campaign, "at": at.isoformat(timespec="seconds"), "said": said}
    file.write_text(json.dumps(kept, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return file


def read_evaluation(workspace: Path, campaign: str) -> tuple[str, ...]:
    """Return what the latest evaluation of a campaign said, with its date; nothing without one."""
    try:
        kept = json.loads(_find_file(workspace, campaign).read_text(encoding="utf-8"))
        made_on = datetime.fromisoformat(kept["at"]).date().isoformat()
        return tuple(f"Evaluated on {made_on}: {said}" for said in kept["said"])
    except (OSError, ValueError, KeyError, TypeError):
        return ()


def _find_file(workspace: Path, campaign: str) -> Path:
    """Return the file of a campaign, whose name is one of lower-case letters, digits, - and _."""
    return workspace / PLACE / f"{campaign}.json"
