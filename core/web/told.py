"""What shops tell by HTTP: events in batches, checked field by field before any is stored."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from ..money import to_minor
from ..store.rows import EventRow, dump_json

MOST_EVENTS = 1_000
MOST_PROPERTIES_CHARS = 8_000

Key = Annotated[str, Field(min_length=1, max_length=255, pattern=r"^[^\x00-\x1f]+$")]


class ToldEvent(BaseModel):
    """One event of a batch."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Key = Field(description="Its key: the same event told twice has the same one.")
    type: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,62}$")] = Field(
        description="view, cart, purchase, return, or a word of the shop's own."
    )
    at: AwareDatetime = Field(description="When, with its offset from UTC.")
    customer: Key = Field(description="The shop's id of the customer.")
    product: Key | None = Field(default=None, description="The product's sku.")
    quantity: int = Field(default=1, ge=0, le=1_000_000, description="How many pieces.")
    value: Decimal | None = Field(default=None, ge=0, le=10**12, description="Money of it all.")
    currency: Annotated[str, Field(pattern="^[A-Z]{3}$")] | None = Field(
        default=None, description="ISO 4217 code; needed with a value."
    )
    order: Key | None = Field(default=None, description="The shop's number of the order.")
    properties: dict[str, Any] = Field(default_factory=dict, description="Whatever else.")

    @model_validator(mode="after")
    def _check_together(self) -> ToldEvent:
        if self.value is not None and self.currency is None:
            raise ValueError("a value needs a currency")
        if len(dump_json(self.properties)) > MOST_PROPERTIES_CHARS:
            raise ValueError(f"properties have more than {MOST_PROPERTIES_CHARS:,} characters")
        return self


class ToldBatch(BaseModel):
    """A batch of events; one that is wrong refuses the whole of it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    events: list[ToldEvent] = Field(min_length=1, max_length=MOST_EVENTS)


class Wrong(ValueError):
    """A body is not what it should be.

    Attributes:
        errors: For each mistake the item (None: the body as a whole), the field and what is wrong.
    """

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__("; ".join(str(one["message"]) for one in errors))
        self.errors = errors


def read_events(body: bytes) -> list[EventRow]:
    """Return the events of a body as rows for the store.

    Raises:
        Wrong: It is no batch of events; every mistake is named.
    """
    try:
        batch = ToldBatch.model_validate_json(body)
    except ValidationError as error:
        raise Wrong([_explain(dict(one)) for one in error.errors(include_url=False)]) from None
    return [_make_row(one) for one in batch.events]


def _make_row(told: ToldEvent) -> EventRow:
    value = None
    if told.value is not None and told.currency is not None:
        value = to_minor(told.value, told.currency)
    return EventRow(
        told.id, told.type, _to_moment(told.at), told.customer, told.product, told.quantity,
        value, told.currency, told.order, dump_json(told.properties) if told.properties else None,
    )  # fmt: skip


def _to_moment(at: datetime) -> int:
    return int(at.timestamp() * 1000)


def _explain(error: dict[str, Any]) -> dict[str, Any]:
    place = [one for one in error["loc"] if one != "events"]
    item = place[0] if place and isinstance(place[0], int) else None
    field = ".".join(str(one) for one in place[1 if item is not None else 0 :])
    said = re.sub(r"^Value error, ", "", str(error["msg"]))
    return {"item": item, "field": field or None, "message": said}
