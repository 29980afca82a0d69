"""What messages cost, as the settings say: a thousand sent, a million tokens, an hour."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from .money import DIGITS
from .quoting import shorten
from .recipe.values import refuse
from .setting_block import Block

_AMOUNT = re.compile(r"(\d{1,9}(?:\.\d{1,6})?) ([A-Z]{3})", re.ASCII)


def _check_amount(text: str) -> str:
    if text and not _AMOUNT.fullmatch(text):
        raise refuse(f"must be an amount such as '0.90 EUR', not '{shorten(text)}'")
    return text


Amount = Annotated[str, AfterValidator(_check_amount)]


class Costs(Block):
    """What messages cost; reports say what each message and each order cost by it."""

    thousand_messages: Amount = Field(
        default="", description="Of 1,000 messages sent; nothing when empty."
    )
    million_tokens: Amount = Field(
        default="", description="Of a million tokens that a model wrote; nothing when empty."
    )
    writing_hour: Amount = Field(
        default="", description="Of an hour in which a model writes; nothing when empty."
    )

    @model_validator(mode="after")
    def _keep_to_one_currency(self) -> Costs:
        named = {text[-3:] for text in self._texts() if text}
        if len(named) > 1:
            raise refuse(f"has amounts in {' and '.join(sorted(named))}; write all in one currency")
        return self

    @property
    def currency(self) -> str | None:
        """Of all amounts; None without any."""
        return next((text[-3:] for text in self._texts() if text), None)

    def add_up(
        self, *, sent: int, tokens: float | None, seconds: float | None
    ) -> tuple[tuple[str, float], ...]:
        """Return what something cost, part by part, in minor units of the currency.

        Args:
            sent: How many messages left.
            tokens: How many tokens were written; None when not known, which costs nothing.
            seconds: How long writing took; None when not known.
        """
        parts = (
            (self.thousand_messages, sent / 1_000, f"{sent:,} messages sent"),
            (self.million_tokens, (tokens or 0) / 1_000_000, f"{tokens or 0:,.0f} tokens written"),
            (
                self.writing_hour,
                (seconds or 0) / 3_600,
                f"{(seconds or 0) / 60:,.1f} min of writing",
            ),
        )
        return tuple((said, float(_read(text)) * many) for text, many, said in parts if text)

    def _texts(self) -> tuple[str, str, str]:
        return self.thousand_messages, self.million_tokens, self.writing_hour


def _read(text: str) -> Decimal:
    amount, currency = text.split(" ")
    return Decimal(amount).scaleb(DIGITS.get(currency, 2))
