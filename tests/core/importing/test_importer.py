from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from ballyhoo.core.errors import DataError

Write = Callable[..., Path]
CUSTOMERS = (
    "id,email,first_name,country,size\n1,Ada@Example.com,Ada,DE,39\n2,bo@example.com,Bo,AT,\n"
)
PRODUCTS = "sku,title,price,currency\na,Sock,4.50,EUR\nb,Shoe,80,EUR\n"


def read_rejects(path: str | None) -> list[list[str]]:
    assert path is not None
    with Path(path).open(encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def test_same_file_twice_changes_nothing(importing: Any, write: Write, counted: Any) -> None:
    path = write("customers.csv", CUSTOMERS)
    assert counted(importing("customers", path)) == (2, 2, 0, 0, 0)
    assert counted(importing("customers", path)) == (2, 0, 0, 2, 0)


def test_columns_that_are_not_fields_become_traits(importing: Any, write: Write) -> None:
    importing("customers", write("customers.csv", CUSTOMERS))
    (traits,) = next(iter(importing.query("SELECT traits FROM customers WHERE key = '1'")))
    assert (json.loads(traits) if isinstance(traits, str) else traits) == {"size": "39"}


def test_bad_rows_go_to_the_rejects_with_line_column_and_reason(
    importing: Any, write: Write, counted: Any
) -> None:
    path = write(
        "customers.csv",
        "id,email,country,created_at\n"
        "1,ada@example.com,DE,2026-01-01\n"
        '2,"no address",DE,2026-01-01\n'
        "3,cy@example.com,Atlantis,2026-01-01\n"
        "4,di@example.com,DE,31.12.2026\n"
        ",,DE,2026-01-01\n"
        "6,ed@example.com\n",
    )
    report = importing("customers", path)
    assert counted(report) == (6, 1, 0, 0, 5)
    assert report.rejects_file == f"{path}.rejects.csv"
    header, *rows = read_rejects(report.rejects_file)
    assert header == ["line", "column", "reason", "id", "email", "country", "created_at"]
    assert [(line, column) for line, column, *_ in rows] == [
        ("3", "email"), ("4", "country"), ("5", "created_at"), ("6", "id"), ("7", ""),
    ]  # fmt: skip
    assert rows[0][3:] == ["2", "no address", "DE", "2026-01-01"]
    assert not any("no address" in row[2] or "cy@" in row[2] for row in rows)


def test_mended_rejects_can_be_imported_and_leave_none(
    importing: Any, write: Write, counted: Any
) -> None:
    path = write("customers.csv", "id,email\n1,ada@example.com\n2,bo at example.com\n")
    rejects = Path(str(importing("customers", path).rejects_file))
    rejects.write_text(rejects.read_text().replace("bo at ", "bo@"))
    assert counted(importing("customers", rejects)) == (1, 1, 0, 0, 0)
    path.write_text("id,email\n1,ada@example.com\n2,bo@example.com\n")
    assert counted(importing("customers", path)) == (2, 0, 0, 2, 0)
    assert not rejects.exists()


def test_rejected_json_is_mended_as_json(importing: Any, write: Write, counted: Any) -> None:
    importing("products", write("products.csv", PRODUCTS))
    rows = [
        {"sku": "a", "rating": 5, "date": "2026-01-01", "text": 'so "warm"'},
        {"sku": "nothing", "rating": 5, "date": "2026-01-01"},
        {"sku": "b", "rating": 9, "date": "2026-01-01"},
    ]
    path = write("reviews.jsonl", "\n".join(map(json.dumps, rows)) + "\n{broken\n")
    report = importing("reviews", path)
    assert counted(report) == (4, 1, 0, 0, 3)
    _, *rejected = read_rejects(report.rejects_file)
    assert [row[:2] for row in rejected] == [["2", "sku"], ["3", "rating"], ["4", ""]]
    rejects = Path(str(report.rejects_file))
    rejects.write_text(rejects.read_text().replace("nothing", "b").replace(": 9", ": 1"))
    assert counted(importing("reviews", rejects)) == (3, 2, 0, 0, 1)


def test_strict_refuses_the_whole_file_and_stores_nothing(importing: Any, write: Write) -> None:
    path = write("customers.csv", CUSTOMERS + "3,broken,Cy,DE,\n")
    with pytest.raises(DataError, match="1 of 3 customers are wrong; nothing was stored"):
        importing("customers", path, strict=True)
    assert importing.query("SELECT count(*) FROM customers") == [(0,)]
    assert len(read_rejects(f"{path}.rejects.csv")) == 2


def test_strict_finds_unknown_references_before_it_writes(importing: Any, write: Write) -> None:
    importing("customers", write("customers.csv", CUSTOMERS))
    path = write("events.csv", "type,at,customer\nview,2026-01-01,1\nview,2026-01-01,77\n")
    with pytest.raises(DataError, match="1 of 2 events are wrong"):
        importing("events", path, strict=True)
    assert importing.query("SELECT count(*) FROM events") == [(0,)]


def test_strict_takes_a_file_without_a_mistake(importing: Any, write: Write, counted: Any) -> None:
    path = write("customers.csv", CUSTOMERS)
    assert counted(importing("customers", path, strict=True)) == (2, 2, 0, 0, 0)


def test_equal_events_are_all_kept_and_not_doubled_by_a_second_import(
    importing: Any, write: Write, counted: Any
) -> None:
    importing("customers", write("customers.csv", CUSTOMERS))
    line = "view,2026-01-01 10:00,1,\n"
    path = write("events.csv", "type,at,customer,note\n" + line * 3 + "view,2026-01-02,1,x\n")
    assert counted(importing("events", path)) == (4, 4, 0, 0, 0)
    assert counted(importing("events", path)) == (4, 0, 0, 4, 0)
    path.write_text(path.read_text() + line)
    assert counted(importing("events", path)) == (5, 1, 0, 4, 0)


def test_given_id_is_the_key_of_an_event(importing: Any, write: Write, counted: Any) -> None:
    path = write("events.csv", "id,type,at\ne1,view,2026-01-01\ne1,view,2026-01-01\n")
    report = importing("events", path)
    assert report.read == 2
    assert importing.query("SELECT count(*) FROM events") == [(1,)]


def test_events_find_customers_by_address_and_products_by_variant(
    importing: Any, write: Write, counted: Any
) -> None:
    importing("customers", write("customers.csv", CUSTOMERS))
    importing("products", write("products.csv", "sku,title,variant_sku\na,Sock,a-39\na,,a-40\n"))
    path = write(
        "events.csv",
        "type,at,email,sku,price\n"
        "view,2026-01-01,ADA@example.com,a-40,4.50\n"
        "view,2026-01-01,nobody@example.com,a,\n"
        "view,2026-01-01,bo@example.com,a-41,\n",
    )
    report = importing("events", path)
    assert counted(report) == (3, 1, 0, 0, 2)
    _, *rows = read_rejects(report.rejects_file)
    assert [(row[0], row[1]) for row in rows] == [("3", "email"), ("4", "sku")]
    assert importing.query("SELECT value, currency, product_id IS NULL FROM events") in (
        [(450, "USD", 0)], [(450, "USD", False)],
    )  # fmt: skip
    assert importing.told[-1] == (
        "money without a currency was taken as USD; --currency says another"
    )


def test_an_empty_title_of_a_language_says_nothing_against_the_title(
    importing: Any, write: Write
) -> None:
    content = "sku,title,title.en,title.de\na,Sock,,Socke\nb,,Shoe,\n"
    importing("products", write("products.csv", content))
    texts = (
        "SELECT sku, language, title FROM product_texts JOIN products ON products.id = product_id"
    )
    assert sorted(importing.query(texts)) == [
        ("a", "de", "Socke"), ("a", "en", "Sock"), ("b", "en", "Shoe"),
    ]  # fmt: skip


def test_import_never_overrides_a_later_unsubscribe(importing: Any, write: Write) -> None:
    first = write("a.csv", "id,email,consent_email,consent_at\n1,ada@example.com,yes,2026-01-01\n")
    gone = write("b.csv", "address,reason,at\nada@example.com,unsubscribe,2026-02-01\n")
    assert importing("customers", first).kept_unsubscribed == 0
    importing("suppressions", gone)
    assert importing("customers", first).kept_unsubscribed == 1
    assert importing("customers", first).kept_unsubscribed == 1


def test_orders_that_match_no_product_are_said_first(importing: Any, write: Write) -> None:
    importing("products", write("products.csv", PRODUCTS))
    path = write(
        "orders.csv",
        "order_id,date,sku,quantity,price,currency\n1,2026-01-01,a,1,4.50,EUR\n1,2026-01-01,zz,2,1,EUR\n",
    )
    report = importing("orders", path)
    assert (report.new, report.unmatched_lines) == (1, 1)
    assert "1 of 2 order lines (50%) match no product" in importing.told[1]


def test_order_with_one_bad_line_is_rejected_whole(
    importing: Any, write: Write, counted: Any
) -> None:
    importing("products", write("products.csv", PRODUCTS))
    path = write(
        "orders.csv",
        "order_id,date,sku,quantity,price,currency\n"
        "1,2026-01-01,a,1,4.50,EUR\n"
        "2,2026-01-01,a,1,4.50,EUR\n"
        "1,2026-01-01,b,many,80,EUR\n",
    )
    report = importing("orders", path)
    assert counted(report) == (2, 1, 0, 0, 1)
    _, *rows = read_rejects(report.rejects_file)
    assert [row[:3] for row in rows] == [
        ["2", "", "belongs to line 4, which is rejected"],
        ["4", "quantity", "is not a number"],
    ]


def test_folder_of_markdown_becomes_articles(importing: Any, tmp_path: Path, counted: Any) -> None:
    folder = tmp_path / "faq"
    (folder / "returns").mkdir(parents=True)
    (folder / "returns" / "how.md").write_text(
        "---\nlanguage: de\nquestions: [Wie?, Wo?]\n---\n# Zurückschicken\n\nSo geht es.\n"
    )
    (folder / "hours.md").write_text("# Opening hours\n\nNine to five.\n")
    assert counted(importing("articles", folder)) == (2, 2, 0, 0, 0)
    assert sorted(importing.query("SELECT key, language, title, body FROM articles")) == [
        ("hours", "en", "Opening hours", "Nine to five."),
        ("returns/how", "de", "Zurückschicken", "So geht es."),
    ]


def test_articles_from_yaml(importing: Any, write: Write, counted: Any) -> None:
    path = write("faq.yaml", "- {id: a, question: Q?, answer: A.}\n- {id: b, question: Q2?}\n")
    report = importing("articles", path)
    assert counted(report) == (2, 1, 0, 0, 1)
    assert read_rejects(report.rejects_file)[1][:3] == ["2", "answer", "is missing"]


def test_enquiries_and_suppressions(importing: Any, write: Write, counted: Any) -> None:
    path = write("q.csv", "text,at,email\nWhere is it?,2026-01-01,nobody@example.com\n")
    assert counted(importing("enquiries", path)) == (1, 1, 0, 0, 0)
    assert counted(importing("enquiries", path)) == (1, 0, 0, 1, 0)
    path = write("s.csv", "email,reason\nada@example.com,spam\nnot an address,\n")
    assert counted(importing("suppressions", path)) == (2, 1, 0, 0, 1)


@pytest.mark.parametrize("content", ["", "PK\x03\x04zip", "\n\n"])
def test_file_that_is_no_table_is_refused(importing: Any, write: Write, content: str) -> None:
    with pytest.raises(DataError):
        importing("customers", write("file.csv", content))


def test_file_without_rows_is_read_as_none(importing: Any, write: Write, counted: Any) -> None:
    assert counted(importing("customers", write("c.csv", "id,email\n"))) == (0, 0, 0, 0, 0)


def test_an_amount_that_says_its_currency_is_taken_at_its_word(
    importing: Any, write: Write, counted: Any
) -> None:
    products = write(
        "products.csv",
        "sku,title,price,currency\n"
        'a,Sock,4.50 EUR,\nb,Shoe,€80,EUR\nc,Hat,£12.00,\nd,Cap,"1,200 JPY",\ne,Bag,9 USD,EUR\n',
    )
    report = importing("products", products)
    assert counted(report)[4] == 1
    _, *rows = read_rejects(report.rejects_file)
    assert [(row[0], row[1], row[2]) for row in rows] == [("6", "price", "is in EUR and USD")]
    prices = "SELECT currency, amount FROM product_prices"
    assert sorted(importing.query(prices)) == [
        ("EUR", 450), ("EUR", 8000), ("GBP", 1200), ("JPY", 1200),
    ]  # fmt: skip
    assert not [said for said in importing.told if "without a currency" in said]
    orders = "order_id,date,sku,quantity,price\n1,2026-01-01,a,1,4.50 EUR\n1,2026-01-01,b,2,$3\n"
    importing("orders", write("orders.csv", orders))
    assert importing.query("SELECT currency, total FROM orders") == [("EUR", 1050)]
    importing("customers", write("customers.csv", CUSTOMERS))
    events = "type,at,email,price\nview,2026-01-01,ada@example.com,$4.50\n"
    importing("events", write("events.csv", events))
    assert ("USD", 450) in importing.query("SELECT currency, value FROM events")
