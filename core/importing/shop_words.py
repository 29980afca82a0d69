"""What shops call the states of orders, channels, and the reasons of suppressions."""

from __future__ import annotations

STATES = {
    "open": "open", "pending": "open", "new": "open", "processing": "open", "on-hold": "open",
    "authorized": "open", "unpaid": "open", "paid": "paid", "completed": "delivered",
    "complete": "delivered", "fulfilled": "shipped", "shipped": "shipped",
    "partially_paid": "paid", "delivered": "delivered", "returned": "returned",
    "refunded": "returned", "partially_refunded": "paid", "cancelled": "cancelled",
    "canceled": "cancelled", "voided": "cancelled", "failed": "cancelled", "expired": "cancelled",
    "credit": "credit",
}  # fmt: skip
CHANNELS = {"email": "email", "e-mail": "email", "sms": "sms"}
REASONS = {
    "unsubscribe": "unsubscribe", "unsubscribed": "unsubscribe", "complaint": "complaint",
    "spam": "complaint", "abuse": "complaint", "bounce": "bounce", "bounced": "bounce",
    "cleaned": "bounce", "hard": "bounce", "manual": "manual", "blocklisted": "manual",
}  # fmt: skip
