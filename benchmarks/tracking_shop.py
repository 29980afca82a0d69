"""The shop of the benchmark of tracking: customers, a product, a campaign whose links are known."""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path
from typing import Any

from ballyhoo.core.store.engine import open_store
from ballyhoo.core.store.rows import ConsentRow, CustomerRow, EventRow, ProductRow
from ballyhoo.core.store.writers import open_writer

CUSTOMERS = 20_000
MESSAGES = 400
EVENTS = 60_000
QUIET: dict[str, Any] = {"stdout": subprocess.DEVNULL}
KEY = "a key of the benchmark"
BASE = "https://mail.shop.example"
SUPPRESSION_KEY = "a suppression key of benchmarks"
RECIPE = """
campaign: letter
segment: {where: "consent_email"}
experiment: {holdout: 0%}
deliver:
  plugin: email_channel
  from: Shop <news@shop.example>
  tracking: {clicks: true}
  button: {text: Look, url: "https://shop.example/new"}
  fields: {subject: Hello, body: Come and look.}
"""


@dataclass(frozen=True, slots=True)
class TrackedShop:
    """A shop whose campaign left.

    Attributes:
        url: Of its database.
        links: The paths of the tracked links, one for each message.
        customers: How many there are.
        command: What serves it; the port follows.
    """

    url: str
    links: list[str]
    customers: int
    command: list[str]


def open_shop(folder: Path, url: str | None, *, share: float = 1.0) -> TrackedShop:
    """Make a shop in a folder, and send its campaign to files.

    Args:
        folder: Is made.
        url: Of an empty database; SQLite in the folder when None.
        share: How much of the customers and events there are.
    """
    folder.mkdir()
    url = url or f"sqlite:///{folder / 'ballyhoo.db'}"
    (folder / "ballyhoo.toml").write_text(
        f'secret_key = "a signing key"\nassignment_key = "an assignment key"\n'
        f'suppression_key = "{SUPPRESSION_KEY}"\nbase_url = "{BASE}"\ndatabase_url = "{url}"\n'
        f'[brand]\nlegal_address = "1 High Street"\n[serve]\napi_keys = ["{KEY}"]\n'
    )
    store = open_store(url, suppression_key=SUPPRESSION_KEY, create=True)
    yes = (ConsentRow("email", True, 1), ConsentRow("tracking", True, 1))
    customers, events = round(CUSTOMERS * share), round(EVENTS * share)
    people = [
        CustomerRow(f"C-{n}", f"c{n}@customers.example", consents=yes) for n in range(customers)
    ]
    with open_writer(store, "customers") as writer:
        writer.write(people)
    with open_writer(store, "products") as writer:
        writer.write([ProductRow("shoe", texts=(("en", "Shoe", None),))])
    with open_writer(store, "events") as writer:
        writer.write(
            [
                EventRow(None, "view", n * 60_000, f"C-{n % customers}", "shoe")
                for n in range(events)
            ]
        )
    if store.dialect == "postgresql":  # what its autovacuum does for a shop that has been there
        with store.begin() as connection:
            connection.exec_driver_sql("ANALYZE")
    file = folder / "letter.yaml"
    file.write_text(RECIPE)
    store.close()
    ballyhoo = [sys.executable, "-c", "from ballyhoo.core.cli import main; main()"]
    subprocess.run(
        [*ballyhoo, "run", file.name, "--yes", "--limit", str(MESSAGES)],
        cwd=folder,
        check=True,
        **QUIET,
    )
    return TrackedShop(
        url, _find_links(folder / "outbox"), customers, [*ballyhoo, "serve", "--port"]
    )


def _find_links(outbox: Path) -> list[str]:
    links = []
    for path in sorted(outbox.glob("*/*.eml")):
        page = message_from_bytes(path.read_bytes(), policy=policy.default).get_body(["html"])
        assert page is not None
        found = re.search(rf'href="{BASE}(/c/[^"]+)"', page.get_content())
        assert found is not None
        links.append(found[1])
    assert len(links) == MESSAGES, len(links)
    return links
