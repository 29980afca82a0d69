"""A shop of customers who may all be written to, and a recipe that writes to them."""

from __future__ import annotations

from pathlib import Path

RECIPE = """\
campaign: spring-letter
segment: {where: "country IN ('DE', 'AT')"}
deliver:
  plugin: outbox
  fields:
    subject: "{first_name|Hello}, new for your next trail"
    body: "Come and have a look, {first_name|friend}. The trails are dry again."
policy: {cap: {messages: 3, per: 7d}}
"""
DOMAINS = 50
"""Of the customers' addresses."""


def make_workspace(folder: Path) -> None:
    """Make a workspace with the recipe."""
    (folder / "campaigns").mkdir(parents=True)
    (folder / "campaigns" / "letter.yaml").write_text(RECIPE)
    (folder / "ballyhoo.toml").write_text(
        'suppression_key = "a key of the benchmark"\nexperiments = {holdout = "0%"}\n'
    )


def fill_shop(url: str, size: int) -> None:
    """Fill a new database with customers who gave their consent, by SQL."""
    from sqlalchemy import text

    from ballyhoo.core.store.engine import open_engine
    from ballyhoo.core.store.upgrading import upgrade_engine

    engine = open_engine(url)
    upgrade_engine(engine)
    if engine.dialect.name == "sqlite":
        numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :size) "
    else:
        numbers = "WITH n(i) AS (SELECT generate_series(1, CAST(:size AS INTEGER))) "
    statements = (
        "INSERT INTO addresses (id, kind, address, hash) {n} SELECT i, 'email', "
        f"'u' || i || '@d' || (i % {DOMAINS}) || '.example', 'h' || i FROM n",
        "INSERT INTO customers (id, key, email_id, first_name, country) {n} SELECT i, 'C-' || i, "
        "i, 'Ada' || i, CASE WHEN i % 2 = 0 THEN 'DE' ELSE 'AT' END FROM n",
        "INSERT INTO standings (address_id, channel, is_given, since) {n} SELECT i, 'email', "
        "{true}, 0 FROM n",
    )
    true = "1" if engine.dialect.name == "sqlite" else "true"
    with engine.begin() as connection:
        for statement in statements:
            filled = statement.replace("{n}", numbers).replace("{true}", true)
            connection.execute(text(filled), {"size": size})
    with engine.begin() as connection:
        connection.execute(text("ANALYZE"))
    engine.dispose()
