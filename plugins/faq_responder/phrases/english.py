"""What the responder says in English."""

from __future__ import annotations

ENGLISH = {
    "hello": "Hello {first_name|there},",
    "source": "Source: {title}",
    "sources": "Sources: {titles}",
    "other_language": "We have an answer to this, but not in your language yet:",
    "unsubscribed": "You are unsubscribed: we will not send you any more marketing messages.",
    "unsubscribe_how": (
        "To stop our messages, follow the unsubscribe link at the bottom of any of them. "
        "It works with one click, without signing in."
    ),
    "order": "Your order {order.number} of {order.placed|earlier} is {order.state}.",
    "order_shipped": "It was shipped on {order.shipped}.",
    "order_returned": "We received what you sent back on {order.returned}.",
    "order_tracking": "You can follow it here: {order.tracking}",
    "order_items": "It holds: {order.items}.",
    "order_none": "There is no order in your account yet.",
    "order_unknown": (
        "There is no order with this number in your account. Please look at the number in your "
        "order confirmation, or write to us from the address that you ordered with."
    ),
    "order_stranger": (
        "The state of an order is told to the person who placed it only. Please sign in at the "
        "shop and ask there, or write to us from the e-mail address that you ordered with."
    ),
    "product": "{product.name} costs {product.price}.",
    "product_unpriced": "{product.name} is in our shop.",
    "product_reduced": "Before, it was {product.list_price}.",
    "in_stock": "It is in stock.",
    "sold_out": "It is sold out at the moment.",
    "attribute": "{name}: {value}",
    "product_link": "You find it here: {url}",
    "suggestion": "We think these could be for you:",
    "suggestion_popular": "Many customers like these:",
    "thanks": "You are welcome! If there is anything else, just ask.",
    "greeting": "Hello! What can we do for you?",
}
