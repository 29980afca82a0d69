"""What the responder says in German."""

from __future__ import annotations

GERMAN = {
    "hello": "Guten Tag {full_name|und danke für Ihre Nachricht},",
    "source": "Quelle: {title}",
    "sources": "Quellen: {titles}",
    "other_language": "Dazu haben wir eine Antwort, aber noch nicht in Ihrer Sprache:",
    "unsubscribed": "Sie sind abgemeldet: Wir senden Ihnen keine Werbung mehr.",
    "unsubscribe_how": (
        "Um keine Nachrichten mehr zu bekommen, folgen Sie dem Abmeldelink am Ende einer "
        "beliebigen Nachricht. Ein Klick genügt, ohne Anmeldung."
    ),
    "order": "Ihre Bestellung {order.number} vom {order.placed} ist {order.state}.",
    "order_shipped": "Sie wurde am {order.shipped} versandt.",
    "order_returned": "Ihre Rücksendung ist am {order.returned} bei uns eingegangen.",
    "order_tracking": "Hier können Sie sie verfolgen: {order.tracking}",
    "order_items": "Sie enthält: {order.items}.",
    "order_none": "In Ihrem Konto gibt es noch keine Bestellung.",
    "order_unknown": (
        "In Ihrem Konto gibt es keine Bestellung mit dieser Nummer. Bitte sehen Sie in der "
        "Bestellbestätigung nach, oder schreiben Sie uns von der Adresse, mit der Sie bestellt "
        "haben."
    ),
    "order_stranger": (
        "Den Stand einer Bestellung erfährt nur, wer sie aufgegeben hat. Bitte melden Sie sich im "
        "Shop an und fragen Sie dort, oder schreiben Sie uns von der E-Mail-Adresse, mit der Sie "
        "bestellt haben."
    ),
    "product": "{product.name} kostet {product.price}.",
    "product_unpriced": "{product.name} gibt es in unserem Shop.",
    "product_reduced": "Vorher waren es {product.list_price}.",
    "in_stock": "Der Artikel ist auf Lager.",
    "sold_out": "Der Artikel ist zurzeit ausverkauft.",
    "attribute": "{name}: {value}",
    "product_link": "Hier finden Sie ihn: {url}",
    "suggestion": "Das könnte zu Ihnen passen:",
    "suggestion_popular": "Das mögen viele unserer Kunden:",
    "thanks": "Gern geschehen! Wenn Sie noch etwas wissen möchten, fragen Sie einfach.",
    "greeting": "Guten Tag! Was können wir für Sie tun?",
}
