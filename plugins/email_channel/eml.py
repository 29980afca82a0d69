"""Without a mail server: each message a file in `outbox/`, and a page to look at them."""

from __future__ import annotations

from pathlib import Path

from ballyhoo import Dispatch, write_messages


def write_outbox(folder: Path, dispatch: Dispatch) -> None:
    """Write each message as `RUN/KEY.eml`, and a page of each run's newest ones.

    Args:
        folder: The outbox: it gets a folder for each run.
        dispatch: Gives the messages, and takes marks and receipts.
    """
    places = write_messages(dispatch, folder, ".eml")
    if places:
        from .eml_index import write_index

        for place in sorted(places):
            write_index(place)
