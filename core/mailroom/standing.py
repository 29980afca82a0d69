"""Finds the standing run of an inbox, or starts it: its recipe, its brand and its files as now."""

from __future__ import annotations

import hashlib
import json
import secrets
from pathlib import Path

from ..campaign import Campaign
from ..engine.engine import Engine
from ..engine.keeping import collect_files
from ..engine.picturing import publish_brand
from ..engine.runs import list_versions
from ..engine.starting import check_answers
from ..errors import BallyhooError
from ..store.bulk import lock_writers
from ..store.ledger.runs import add_run
from ..store.ledger.standing import (
    STANDING,
    close_standing,
    find_standing,
    move_unsent,
    name_standing,
    start_standing,
)

SIGNATURE = "signature"
"""Where a standing run keeps what all that it was started with comes to."""


def find_or_start(engine: Engine, campaign: Campaign, folder: Path, inbox: str) -> int:
    """Return the id of the standing run of an inbox.

    A run keeps its recipe: when that changed, another run takes its place, and what was not tried
    yet goes to it. So what is answered is always answered as the recipe says now.

    Args:
        engine: The engine.
        campaign: How enquiries are answered.
        folder: The workspace's, of the recipe's files.
        inbox: The inbox's name.

    Raises:
        BallyhooError: The run is paused.
        EnvironmentMissing, DataError, PolicyError: See `check_answers`.
    """
    check_answers(engine, campaign)
    bound = next(iter(campaign.variants.values()))
    files = collect_files(campaign, folder)
    details = {
        STANDING: inbox,
        "plugins": list_versions(campaign, engine.registry),
        "brand": engine.settings.brand.model_dump(),
        "assets": publish_brand(engine),
        "variants": [None],
        "resends": [None] if bound.recipe.policy.on_unknown == "resend" else [],
    }
    told = json.dumps([campaign.hash, files, details], sort_keys=True)
    details[SIGNATURE] = hashlib.sha256(told.encode()).hexdigest()
    with engine.store.begin() as connection:
        lock_writers(connection, "customers")
        earlier = find_standing(connection, inbox)
        if earlier and earlier[0].state == "paused":
            reason = f": {earlier[0].reason}" if earlier[0].reason else ""
            raise BallyhooError(
                f"run {earlier[0].id}, which answers this inbox, is paused{reason}",
                hint=f"'ballyhoo resume {earlier[0].id}' lets it go on",
            )
        if earlier and earlier[0].details.get(SIGNATURE) == details[SIGNATURE]:
            return earlier[0].id
        run_id = add_run(
            connection,
            campaign=name_standing(inbox),
            seed=secrets.randbelow(2**31),
            recipe=campaign.text,
            recipe_hash=campaign.hash,
            details=details,
            files=files,
            created_at=engine.now,
        )
        start_standing(connection, run_id)
        for one in earlier:
            move_unsent(connection, one.id, run_id)
            close_standing(connection, one.id)
    return run_id
