"""The shop of the benchmark of reports: a run of a million messages and what came back of it."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from big_shop import drop_indexes

from ballyhoo.core.store.engine import Store, open_store

MESSAGES = 1_000_000
HOLDOUT = 0.05
SKIPPED = 0.03
PRODUCTS = 500
TEXTS = 200
WAVES = 3
DAY = 86_400_000
BEGAN = 1_772_442_000_000
"""2026-03-02 09:00 UTC."""

NOW = BEGAN + 40 * DAY
"""The window of the run is over."""

RECIPE = """\
campaign: spring-trail
segment: {where: consent_email}
recommend: {top: 3}
generate:
  fields: {subject: {max_chars: 60}, preheader: {max_chars: 90}, body: {max_words: 80}}
  fallback: {subject: New for your next trail, preheader: Five pairs, body: Come and look.}
experiment:
  variants: {warm: {}, terse: {}}
  holdout: 5%
  metric: conversion
  window: 14d
  allocate: thompson
  waves: 3
deliver: {from: Shop <news@shop.example>, tracking: {clicks: true, opens: true}}
"""
_BODY = (
    "{first_name|Hello}, the trails are dry at last. The {product.name} holds on wet roots and "
    "weighs no more than a cup of coffee; we put it on your list as you liked something like it. "
    "Two more pairs stand below, for the road and for the garden. If none of them is yours, send "
    "them back within thirty days, whatever the weather was like. See you outside, your shop. "
)


def fill_report_shop(store: Store, messages: int = MESSAGES) -> int:
    """Fill an empty database by SQL, and return the id of its run.

    There are as many messages sent as is asked for, one in twenty people held out beside them, and
    a few skipped; three waves with other shares and other base rates; 5% of people click, and about
    2% order within the window. Everybody has a past.

    Args:
        store: At the newest revision.
        messages: How many were sent.
    """
    audience = round(messages / (1 - HOLDOUT) / (1 - SKIPPED))
    shop = _Statements(store.dialect == "sqlite", audience)
    indexes = drop_indexes(store)
    for statement in (*shop.people(), *shop.run(), *shop.came_back()):
        with store.begin() as connection:
            connection.exec_driver_sql(
                statement if shop.is_sqlite else statement.replace("%", "%%")
            )
    for statement in (*indexes, *shop.ends()):
        with store.begin() as connection:
            connection.exec_driver_sql(statement)
    return 1


class _Statements:
    def __init__(self, is_sqlite: bool, audience: int) -> None:
        self.is_sqlite = is_sqlite
        self.audience = audience
        self.json = "" if is_sqlite else "::jsonb"

    def rows(self, count: int) -> str:
        if self.is_sqlite:
            return (
                f"(WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}"
                ") SELECT i FROM n) AS s"
            )
        return f"generate_series(1, {count}) AS s(i)"

    def chance(self, most: int) -> str:
        if self.is_sqlite:
            return f"abs(random() % {most})"
        return f"floor(random() * {most})::bigint"

    def pick(self, place: str, values: str) -> str:
        names = values.split()
        cases = " ".join(f"WHEN {number} THEN '{name}'" for number, name in enumerate(names))
        return f"CASE {place} % {len(names)} {cases} END"

    def people(self) -> list[str]:
        domains = self.pick(
            "i", "gmail.example gmail.example web.example outlook.example gmx.example post.example"
        )
        return [
            f"""INSERT INTO addresses (id, kind, address, hash)
                SELECT i, 'email', 'c' || i || '@' || {domains}, 'h' || i
                FROM {self.rows(self.audience)}""",
            f"""INSERT INTO customers (id, key, email_id, country, language, created_at, traits)
                SELECT i, 'C' || i, i, 'DE', 'en', {BEGAN - 900 * DAY}, '{{}}'{self.json}
                FROM {self.rows(self.audience)}""",
            f"""INSERT INTO products (id, sku, created_at, changed_at, content)
                SELECT i, 'P' || i, 0, 0, '' FROM {self.rows(PRODUCTS)}""",
            f"""INSERT INTO product_texts (product_id, language, title)
                SELECT i, 'en', 'Trail shoe ' || i FROM {self.rows(PRODUCTS)}""",
            f"""INSERT INTO events (key, customer_id, product_id, type, at, quantity, value,
                currency, order_key, source)
                SELECT 'p' || i, 1 + {self.chance(self.audience)}, 1 + {self.chance(PRODUCTS)},
                'purchase', {BEGAN} - 1 - {self.chance(700 * 24 * 3600)} * 1000, 1,
                2000 + {self.chance(9000)}, 'EUR', 'o' || i, 'bench'
                FROM {self.rows(self.audience)}""",
            f"""INSERT INTO events (key, customer_id, product_id, type, at, quantity, source)
                SELECT 'v' || i, 1 + {self.chance(self.audience)}, 1 + {self.chance(PRODUCTS)},
                'view', {BEGAN - 100 * DAY} + {self.chance(130 * 24 * 3600)} * 1000, 1, 'bench'
                FROM {self.rows(self.audience)}""",
        ]

    def run(self) -> list[str]:
        waves = [
            {
                "wave": number,
                "opened_at": BEGAN + (number - 1) * DAY,
                "shares": {"warm": warm, "terse": round(1 - warm, 2)},
                "learned": {},
            }
            for number, warm in zip(range(1, WAVES + 1), (0.5, 0.6, 0.8), strict=True)
        ]
        details = json.dumps({"waves": waves, "variants": ["warm", "terse"]})
        hashed = hashlib.sha256(RECIPE.encode()).hexdigest()
        opened = f"{BEGAN} + (wave - 1) * {DAY}"
        products = ", ".join(
            f'{{"id": \' || (1 + (i * {step}) % {PRODUCTS}) || \', "in_stock": true, "reason": '
            '{"code": "similar_taste", "score": 0.7}}'
            for step in (7, 11, 13)
        )
        text = json.dumps(_BODY)[1:-1]
        content = (
            '\'{"fields": {"subject": "The trails are dry, number \' || (i % 200) || \'", '
            f'"preheader": "Five pairs for you", "body": "{text}"}}, '
            '"by": {"generator": "llm_copy", "model": "ballyhoo/demo", "seed": 1, '
            '"prompt_hash": "0123456789abcdef"}, "products": [' + products + "], "
            '"reviewers": ["copy_guard"]}\''
        )
        held = SKIPPED + (1 - SKIPPED) * HOLDOUT  # drawn after policy
        fate = (
            f"CASE WHEN draw < {round(10_000 * SKIPPED)} THEN 1 "
            f"WHEN draw < {round(10_000 * held)} THEN 2 ELSE 0 END"
        )
        # Materialised: SQLite would draw anew wherever a number is named.
        drawn = (
            f"WITH drawn AS MATERIALIZED (SELECT i, 1 + i % {WAVES} AS wave, "
            f"{self.chance(10_000)} AS draw, {self.chance(100)} AS share, "
            f"{self.chance(3600)} AS late "
            f"FROM {self.rows(self.audience)}), "
            f"judged AS (SELECT i, wave, {fate} AS fate, share, late FROM drawn)"
        )
        shares = "CASE wave WHEN 1 THEN 50 WHEN 2 THEN 60 ELSE 80 END"
        return [
            f"""INSERT INTO runs (id, campaign, state, seed, recipe, recipe_hash, details, audience,
                created_at, finished_at) VALUES (1, 'spring-trail', 'finished', 1,
                '{RECIPE.replace("'", "''")}', '{hashed}', '{details}'{self.json}, {self.audience},
                {BEGAN}, {BEGAN + 3 * DAY})""",
            f"""INSERT INTO batches (id, run_id, state, recommended, fallback, offers)
                VALUES (1, 1, 'done', {round(self.audience * (1 - HOLDOUT - SKIPPED))},
                {round(self.audience * 0.06)}, '{{}}'{self.json})""",
            f"""INSERT INTO messages (run_id, recipient, address_id, batch_id, channel, wave,
                variant, state, reason, attempts, content, created_at, sent_at)
                {drawn} SELECT 1, i, i, CASE WHEN fate = 0 THEN 1 END, 'email', wave,
                CASE WHEN share < {shares} THEN 'warm' ELSE 'terse' END,
                CASE WHEN fate = 0 THEN 'sent' ELSE 'skipped' END,
                CASE fate WHEN 1 THEN 'no_consent' WHEN 2 THEN 'holdout' END,
                CASE WHEN fate = 0 THEN 1 ELSE 0 END,
                CASE WHEN fate = 0 THEN ({content}){self.json} END, {BEGAN},
                CASE WHEN fate = 0 THEN {opened} + late * 1000 END
                FROM judged ORDER BY i""",
            f"""INSERT INTO copies (run_id, variant, brief_hash, bucket, content, created_at)
                SELECT 1, CASE WHEN i % 2 = 0 THEN 'warm' ELSE 'terse' END, 'b' || i, 0,
                ('{{"fields": {{"subject": "Dry, number ' || i || '", "body": "{text}"}}, "by": '
                || '{{"generator": "llm_copy", "model": "ballyhoo/demo", "seed": 1}}' ||
                CASE WHEN i % 10 = 0 THEN ', "refused": [{{"attempt": 1, "fields": {{"body": "x"}},'
                || ' "objections": [{{"rule": "superlatives", "field": "body", "message": "m"}}]}}]'
                ELSE '' END || '}}'){self.json}, {BEGAN} FROM {self.rows(20 * TEXTS)}""",
        ]

    def came_back(self) -> list[str]:
        sent = "FROM messages WHERE run_id = 1 AND state = 'sent'"
        opened = f"{BEGAN} + (wave - 1) * {DAY}"
        kinds = (
            ("open", 200, None), ("open", 150, "privacy_proxy"), ("click", 50, None),
            ("click", 40, "scanner"), ("bounce", 10, None), ("unsubscribe", 3, None),
            ("complaint", 1, None),
        )  # fmt: skip
        came = [
            f"""INSERT INTO message_events (message_id, kind, at, source, data)
                SELECT id, '{kind}', sent_at + {self.chance(5 * 24 * 3600)} * 1000, 'web',
                {"NULL" if machine is None else f"'{json.dumps({'machine': machine})}'{self.json}"}
                {sent} AND {self.chance(1000)} < {share}"""
            for kind, share, machine in kinds
        ]
        rate = (
            "CASE WHEN reason = 'holdout' THEN 15 WHEN variant = 'warm' THEN 21 ELSE 18 END "
            "+ 3 * wave"
        )
        return [
            *came,
            f"""INSERT INTO events (key, customer_id, product_id, type, at, quantity, value,
                currency, order_key, source)
                SELECT 'n' || id, recipient, 1 + (recipient * 7) % {PRODUCTS}, 'purchase',
                {opened} + 3600000 + {self.chance(20 * 24 * 3600)} * 1000, 1,
                2000 + {self.chance(9000)}, 'EUR', 'n' || id, 'bench' FROM messages
                WHERE run_id = 1 AND (state = 'sent' OR reason = 'holdout')
                AND {self.chance(1000)} < {rate}""",
            """INSERT INTO profiles (customer_id, orders, pieces, returned_pieces, total_spent,
               currency, last_order_at, views)
               SELECT customer_id, count(CASE type WHEN 'purchase' THEN 1 END),
               count(CASE type WHEN 'purchase' THEN 1 END), 0,
               coalesce(sum(CASE type WHEN 'purchase' THEN value END), 0), 'EUR',
               max(CASE type WHEN 'purchase' THEN at END), count(CASE type WHEN 'view' THEN 1 END)
               FROM events GROUP BY customer_id""",
        ]

    def ends(self) -> list[str]:
        return [] if self.is_sqlite else ["ANALYZE"]


def open_report_shop(folder: Path, messages: int = MESSAGES) -> Store:
    """Return the shop in SQLite in a folder; it is made when it is not there."""
    path = folder / "ballyhoo.db"
    is_new = not path.exists()
    store = open_store(f"sqlite:///{path}", suppression_key="a key of benchmarks", create=True)
    if is_new:
        fill_report_shop(store, messages)
    return store
