from __future__ import annotations

from pathlib import Path

import pytest

from ballyhoo.core.campaign import Campaign, load_campaign
from ballyhoo.core.workspace import Workspace

RECIPE = """\
campaign: trail
segment: {where: "country = 'DE' AND days_since_last_order > 30"}
recommend: {top: 3}
generate:
  voice: warm
  fields: {subject: {max_chars: 60}, body: {max_words: 80}}
  fallback: {subject: New for your next trail, body: Come and look.}
experiment:
  variants: {warm: {generate: {voice: warm}}, terse: {generate: {voice: terse}}}
  holdout: 25%
  metric: conversion
  window: 10d
deliver:
  plugin: outbox
  rate: 60/min
  tracking: {clicks: true}
policy: {quiet_hours: "21:00-08:00", cap: {messages: 2, per: 7d}}
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    (tmp_path / "ballyhoo.toml").write_text("")
    (tmp_path / "trail.yaml").write_text(RECIPE)
    return Workspace(tmp_path)


@pytest.fixture
def campaign(workspace: Workspace) -> Campaign:
    return load_campaign(
        workspace.folder / "trail.yaml", registry=workspace.registry, workspace=workspace.folder
    )
