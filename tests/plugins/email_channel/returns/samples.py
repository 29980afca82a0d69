"""How many of the shared samples of real returns are recognised; the table was made by reading.

Each was read by a person, and put where its words put it: `hard` when the mailbox or the domain
is not there, or the server says that it gave up for good and not why; `soft` when the mailbox is
full, a server was busy, or the mail or the sender was refused and not the address.
"""

from __future__ import annotations

import os
from pathlib import Path

from ballyhoo.plugins.email_channel.returns import Kind, classify_return

EXPECTED: dict[Kind, str] = {
    "complaint": "arf-14 arf-26",
    "hard": (
        "lhost-amazonses-20 lhost-bigfoot-02 lhost-dragonfly-04 lhost-dragonfly-16 lhost-ezweb-02 "
        "lhost-gmx-02 lhost-googlegroups-10 lhost-mailru-08 lhost-messagingserver-05 "
        "lhost-office365-04 lhost-opensmtpd-03 lhost-postfix-05 lhost-postfix-52 lhost-postfix-76 "
        "lhost-qmail-17 lhost-sendmail-17 lhost-sendmail-42 lhost-trendmicro-03 lhost-x1-03 "
        "lhost-x3-05 lhost-yahoo-07 lhost-zoho-02 rfc3464-26 rfc3464-51 rfc3464-63 rhost-aol-03 "
        "rhost-facebook-04 rhost-gsuite-03 rhost-gsuite-15 rhost-outlook-08"
    ),
    "soft": (
        "lhost-amazonses-08 lhost-dragonfly-28 lhost-exchange2007-02 lhost-exim-07 lhost-exim-39 "
        "lhost-exim-51 lhost-gmail-06 lhost-kddi-02 lhost-mfilter-05 lhost-outlook-01 "
        "lhost-postfix-28 lhost-postfix-40 lhost-postfix-64 lhost-qmail-05 lhost-receivingses-04 "
        "lhost-sendmail-05 lhost-sendmail-30 lhost-sendmail-54 rhost-godaddy-02 "
        "rhost-microsoft-06 rhost-zoho-04"
    ),
}


def find_samples() -> Path | None:
    """Return the folder of the samples; None where they are not."""
    beside = Path(__file__).parents[5] / "shared" / "data"
    folder = Path(os.environ.get("BALLYHOO_SHARED_DATA") or beside) / "bounces"
    return folder if folder.is_dir() else None


def measure_bounce_accuracy(folder: Path) -> tuple[float, list[str]]:
    """Return the share of samples that are recognised by kind, and what is said of the others."""
    expected = {name: kind for kind, names in EXPECTED.items() for name in names.split()}
    wrong = []
    for name, kind in sorted(expected.items()):
        found = classify_return((folder / f"{name}.eml").read_bytes()).kind
        if found != kind:
            wrong.append(f"{name}: {found}, not {kind}")
    return 1 - len(wrong) / len(expected), wrong
