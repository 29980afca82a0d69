from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

Write = Callable[..., Path]


def test_shopify_products_with_variants_and_pictures(
    importing: Any, write: Write, counted: Any
) -> None:
    path = write(
        "products.csv",
        "Handle,Title,Body (HTML),Vendor,Type,Tags,Option1 Value,Variant SKU,"
        "Variant Inventory Qty,Variant Price,Variant Compare At Price,Image Src,Status\n"
        'sock,Sock,"<p>Warm &amp; soft</p>",Wool Co,Socks,"wool, warm",S,SO-S,3,4.50,5,'
        "https://shop.example/1.jpg,active\n"
        "sock,,,,,,L,SO-L,4,4.00,,https://shop.example/2.jpg,\n"
        "sock,,,,,,,,,,,https://shop.example/3.jpg,\n"
        "mug,Mug,,Clay Co,,,Default Title,,7,9,,,active\n"
        "old,Old,,Clay Co,,,Default Title,,7,9,,,archived\n",
    )
    report = importing("products", path, currency="EUR")
    assert counted(report) == (2, 2, 0, 0, 0)
    assert report.left_out == 1
    prices = importing.query(
        "SELECT p.sku, r.amount FROM products p "
        "JOIN product_prices r ON r.product_id = p.id ORDER BY p.sku"
    )
    assert prices == [("mug", 900), ("sock", 400)]
    assert importing.query("SELECT sku, stock FROM products ORDER BY sku") == [
        ("mug", 7), ("sock", 7),
    ]  # fmt: skip


def test_shopify_orders_have_their_fields_on_the_first_row_only(
    importing: Any, write: Write, counted: Any
) -> None:
    importing("customers", write("c.csv", "id,email\n1,ada@example.com\n"))
    importing("products", write("p.csv", "sku,title\nSO-S,Sock\nMUG,Mug\n"))
    path = write(
        "orders.csv",
        "Name,Email,Financial Status,Fulfilled at,Currency,Total,Discount Code,Created at,"
        "Lineitem quantity,Lineitem name,Lineitem price,Lineitem sku,Cancelled at\n"
        "#1001,ada@example.com,paid,2026-01-03 10:00:00 +0100,EUR,18.00,WARM,"
        "2026-01-02 10:00:00 +0100,2,Sock - S,4.50,SO-S,\n"
        "#1001,ada@example.com,,,,,,,1,Mug,9.00,MUG,\n"
        "#1002,ada@example.com,refunded,,EUR,9.00,,2026-01-05 10:00:00 +0100,1,Mug,9.00,MUG,\n"
        "#1003,ada@example.com,voided,,EUR,9.00,,2026-01-05 10:00:00 +0100,1,Mug,9.00,MUG,"
        "2026-01-06 10:00:00 +0100\n",
    )
    assert counted(importing("orders", path)) == (3, 3, 0, 0, 0)
    assert importing.query("SELECT key, state, total, code FROM orders ORDER BY key") == [
        ("#1001", "shipped", 1800, "WARM"),
        ("#1002", "returned", 900, None),
        ("#1003", "cancelled", 900, None),
    ]
    assert importing.query("SELECT type, count(*) FROM events GROUP BY type ORDER BY type") == [
        ("purchase", 3), ("return", 1),
    ]  # fmt: skip
    assert counted(importing("orders", path)) == (3, 0, 0, 3, 0)


def test_contacts_of_other_tools_meet_the_shops_customers_by_their_address(
    importing: Any, write: Write, counted: Any
) -> None:
    importing("customers", write("c.csv", "id,email\n77,ada@example.com\n"))
    files = {
        "klaviyo.csv": "Email,Klaviyo ID,First Name,Last Name,Country,Email Marketing Consent\n"
        "ada@example.com,K1,Ada,Lovelace,United Kingdom,SUBSCRIBED\n",
        "mailchimp.csv": "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,"
        "CONFIRM_TIME,CC,TAGS\nada@example.com,Ada,Lovelace,4,2026-01-01 10:00:00,"
        '2026-01-01 10:05:00,GB,"""vip"",""x"""\n',
        "mautic.csv": "id,email,firstname,lastname,points,preferred_locale,country,timezone\n"
        "9,ada@example.com,Ada,Lovelace,12,en_GB,United Kingdom,Europe/London\n",
        "listmonk.csv": "uuid,email,name,attributes,status,created_at,updated_at\n"
        'u-1,ada@example.com,Ada Lovelace,"{""city"": ""London""}",enabled,'
        "2026-01-01T10:00:00Z,2026-01-01T10:00:00Z\n",
        "shopify.csv": "First Name,Last Name,Email,Accepts Email Marketing,Total Spent,Tax Exempt,"
        "Phone\nAda,Lovelace,ada@example.com,yes,10.00,no,'+442071234567\n",
    }
    for name, content in files.items():
        report = importing("customers", write(name, content))
        assert (report.map.split("-")[0], report.new, report.rejected) == (name[:-4], 0, 0)
    assert importing.query(
        "SELECT key, first_name, last_name, country, time_zone, language FROM customers"
    ) == [("77", "Ada", "Lovelace", "GB", "Europe/London", "en-GB")]


def test_people_who_left_another_tool_stay_unsubscribed(importing: Any, write: Write) -> None:
    left = write(
        "left.csv",
        "Email Address,First Name,UNSUB_TIME,UNSUB_REASON\nada@example.com,Ada,2026-02-01,\n",
    )
    importing("customers", left)
    stays = write(
        "subscribed.csv",
        "Email Address,MEMBER_RATING,OPTIN_TIME,CONFIRM_TIME\nada@example.com,3,2026-01-01,\n",
    )
    assert importing("customers", stays).kept_unsubscribed == 1
    bounced = write("cleaned.csv", "Email Address,CLEAN_TIME\nbo@example.com,2026-02-01\n")
    report = importing("suppressions", bounced)
    assert (report.map, report.new) == ("mailchimp-cleaned", 1)


def test_sales_lines_give_customers_products_and_orders(
    importing: Any, write: Write, counted: Any
) -> None:
    path = write(
        "retail.csv",
        "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
        "500001,10001,SOCK,2,2010-07-01 12:00:00,4.50,17000.0,EIRE\n"
        "500002,10002,MUG,1,2010-07-01 12:05:00,9.00,,United Kingdom\n"
        "500001,10002,MUG,1,2010-07-01 12:00:00,9.00,17000.0,EIRE\n"
        "C500003,10001,SOCK,-1,2010-07-02 12:00:00,4.50,17000.0,EIRE\n"
        "500004,10003,,-5,2010-07-02 12:00:00,0,,United Kingdom\n"
        "500005,POST,POSTAGE,1,2010-07-03 12:00:00,3.00,17000.0,EIRE\n",
    )
    assert counted(importing("customers", path)) == (1, 1, 0, 0, 0)
    assert counted(importing("products", path)) == (2, 2, 0, 0, 0)
    report = importing("orders", path)
    assert counted(report) == (4, 4, 0, 0, 0)
    assert (report.rows, report.left_out, report.unmatched_lines) == (6, 1, 1)
    assert importing.query(
        "SELECT type, sum(quantity), sum(value) FROM events GROUP BY type ORDER BY type"
    ) == [("purchase", 5, 3000), ("return", 1, 450)]
    assert importing.query("SELECT key, country FROM customers") == [("17000", "IE")]


def test_own_map_with_decimal_comma_constants_and_fill_down(
    importing: Any, write: Write, counted: Any
) -> None:
    shop_map = write(
        "shop.yaml",
        """\
map: shop
file: {encoding: cp1252, delimiter: ";"}
events:
  where:
    - {column: Art, differs: [Test]}
  fill_down: {columns: [Kunde, Datum], by: Beleg}
  fields:
    type: {column: Art, words: {Kauf: purchase, Storno: return}}
    at: {column: Datum, format: "%d.%m.%Y %H:%M", zone: Europe/Berlin}
    customer: Kunde
    value: {column: Preis, decimal: ","}
    currency: {value: EUR}
    order: Beleg
    properties.size: {column: Artikel, split: "/", part: 2}
""",
    )
    importing("customers", write("c.csv", "id\nK1\nK2\n"))
    rows = (
        "Beleg;Art;Datum;Kunde;Preis;Artikel\n"
        "1;Kauf;15.01.2026 12:00;K1;1.234,50 €;Schuh/39\n"
        "1;Kauf;;;10,00;Strümpfe\n"
        "2;Storno;16.01.2026 12:00;K2;10,00;Strümpfe\n"
        "3;Test;16.01.2026 12:00;K2;10,00;Strümpfe\n"
    )
    path = write("export.csv", rows.encode("cp1252"))
    report = importing("events", path, map_name=str(shop_map))
    assert counted(report) == (3, 3, 0, 0, 0)
    assert importing.query("SELECT type, value, at FROM events ORDER BY value DESC, type") == [
        ("purchase", 123450, 1768474800000),
        ("purchase", 1000, 1768474800000),
        ("return", 1000, 1768561200000),
    ]
