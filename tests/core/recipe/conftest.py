"""A registry for recipes: the bundled plugins, and stand-ins with options of every kind."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, field_validator

from ballyhoo import (
    Brief,
    Channel,
    Context,
    Copy,
    Customer,
    DataFile,
    Dispatch,
    Enquiry,
    FieldLimits,
    Message,
    Objection,
    Options,
    Provenance,
    Receipt,
    Recommendation,
    Reply,
    Secret,
    TemplateFile,
    hookimpl,
)
from ballyhoo.core.campaign import CheckedRecipe, check_recipe
from ballyhoo.core.registry import Registry
from ballyhoo.plugins import copy_guard, list_segment, outbox

WORKSPACE = Path(__file__).parent / "workspace"

Check = Callable[..., CheckedRecipe]


class QueryOptions(Options):
    where: str = Field(min_length=1)
    sample: int | None = Field(default=None, ge=1, le=1_000_000)


class QuerySegment:
    @hookimpl
    def segment(self, context: Context, options: QueryOptions) -> Iterator[int]:
        yield from ()


class Filters(Options):
    in_stock: bool = True
    not_bought_days: int | None = Field(default=None, ge=0)
    category: list[str] = Field(default_factory=list)


class RankingOptions(Options):
    top: int = Field(default=3, ge=1, le=20)
    filters: Filters = Field(default_factory=Filters)


class CollaborativeFilter:
    @hookimpl
    def recommend(
        self, context: Context, options: RankingOptions, customers: Sequence[Customer]
    ) -> list[Sequence[Recommendation]]:
        return [() for _ in customers]


class Strategy(Enum):
    RECENT = "recent"
    POPULAR = "popular"


class Weights(BaseModel):
    model_config = ConfigDict(extra="forbid")

    clicks: Decimal = Field(default=Decimal(1), max_digits=5, decimal_places=2)
    orders: Annotated[float, Field(gt=0)] = 1.0


class Window(BaseModel):
    model_config = ConfigDict(extra="forbid")

    since: date
    until: date | None = None


class ShopOptions(Options):
    """A recommender that takes options of every kind."""

    mode: Literal["views", "orders"] = "orders"
    strategy: Strategy = Strategy.RECENT
    price_from: Decimal | None = None
    weights: Weights = Field(default_factory=Weights)
    per_category: dict[str, int] = Field(default_factory=dict)
    only: str | list[str] | None = None
    window: Window | None = None
    pause: int | Literal["never"] = 30
    refreshed: datetime | None = None
    nightly: time | None = None
    api_key: Secret | None = None
    layout: TemplateFile | None = None
    pinned: DataFile | None = None
    weekdays: tuple[int, ...] = ()
    loose: bool = False

    @field_validator("weekdays")
    @classmethod
    def _check_weekdays(cls, value: tuple[int, ...]) -> tuple[int, ...]:
        if any(not 1 <= day <= 7 for day in value):
            raise ValueError("weekdays go from 1 (Monday) to 7")
        return value


class ShopRanker:
    @hookimpl
    def recommend(
        self, context: Context, options: ShopOptions, customers: Sequence[Customer]
    ) -> list[Sequence[Recommendation]]:
        return [() for _ in customers]


class WriterOptions(Options):
    model: str = "ballyhoo/demo"
    voice: str = ""
    temperature: float = Field(default=0.0, ge=0, le=2)


class Writer:
    @hookimpl
    def generate(
        self, context: Context, options: WriterOptions, briefs: Sequence[Brief]
    ) -> list[Copy]:
        return [Copy(fields={}, provenance=Provenance(generator="writer")) for _ in briefs]


class Repeater:
    """A generator without options."""

    @hookimpl
    def generate(self, context: Context, briefs: Sequence[Brief]) -> list[Copy]:
        return [Copy(fields={}, provenance=Provenance(generator="repeater")) for _ in briefs]


class ToneOptions(Options):
    level: Literal["friendly", "formal"] = "friendly"


class ToneReviewer:
    @hookimpl
    def review(
        self, context: Context, options: ToneOptions, brief: Brief, copy: Copy
    ) -> list[Objection]:
        return []


class MailOptions(Options):
    sender: str = Field(alias="from", min_length=3)
    template: TemplateFile | None = None


class Mail:
    """E-mail: the channel that most recipes speak of."""

    @hookimpl
    def channel(self) -> Channel:
        return Channel(
            name="email",
            address_field="email",
            normalise=str.strip,
            consent="email",
            fields={
                "subject": FieldLimits(max_chars=120),
                "preheader": FieldLimits(max_chars=150),
                "body": FieldLimits(),
            },
            required_fields=("subject", "body"),
        )

    @hookimpl
    def render(
        self, context: Context, options: MailOptions, messages: Sequence[Message]
    ) -> list[bytes]:
        return [b"" for _ in messages]

    @hookimpl
    def deliver(self, context: Context, options: MailOptions, dispatch: Dispatch) -> None:
        for message in dispatch:
            dispatch.settle(message, Receipt.failed("a stand-in sends nothing"))


class SmsOptions(Options):
    sender: str = Field(max_length=11)
    token: Secret


class Sms:
    @hookimpl
    def channel(self) -> Channel:
        return Channel(
            name="sms",
            address_field="phone",
            normalise=str.strip,
            consent="sms",
            fields={"text": FieldLimits(max_chars=160)},
            required_fields=("text",),
        )

    @hookimpl
    def render(
        self, context: Context, options: SmsOptions, messages: Sequence[Message]
    ) -> list[bytes]:
        return [b"" for _ in messages]

    @hookimpl
    def deliver(self, context: Context, options: SmsOptions, dispatch: Dispatch) -> None:
        for message in dispatch:
            dispatch.settle(message, Receipt.failed("a stand-in sends nothing"))


class AnswerOptions(Options):
    tone: str = "friendly"
    confidence: float = Field(default=0.7, ge=0, le=1)


class Answerer:
    @hookimpl
    def respond(
        self, context: Context, options: AnswerOptions, enquiries: Sequence[Enquiry]
    ) -> list[Reply]:
        return []


def make_registry() -> Registry:
    registry = Registry()
    bundled: dict[str, Any] = {
        "copy_guard": copy_guard,
        "list_segment": list_segment,
        "outbox": outbox,
    }
    stand_ins: dict[str, Any] = {
        "cf_recommender": CollaborativeFilter,
        "email_channel": Mail,
        "llm_copy": Writer,
        "repeater": Repeater,
        "shop_answers": Answerer,
        "shop_ranker": ShopRanker,
        "sms_channel": Sms,
        "sql_segment": QuerySegment,
        "tone": ToneReviewer,
    }
    for name, plugin in {**bundled, **stand_ins}.items():
        registry.add(name, plugin, origin="ballyhoo")
    registry.add_failed("push_channel", "ModuleNotFoundError: No module named 'firebase'")
    registry.add_failed("brand_words", "not in [plugins] allow of ballyhoo.toml")
    return registry


@pytest.fixture(scope="session")
def registry() -> Registry:
    return make_registry()


@pytest.fixture(scope="session")
def check(registry: Registry) -> Check:
    """Check a recipe, given as text or bytes, in the workspace beside this file."""

    def check_content(content: str | bytes) -> CheckedRecipe:
        data = content.encode() if isinstance(content, str) else content
        return check_recipe(data, file="recipe.yaml", registry=registry, workspace=WORKSPACE)

    return check_content
