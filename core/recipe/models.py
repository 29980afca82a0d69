"""The recipe's own keys, whatever the plugins: one typed model for each block."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    ConfigDict,
    Field,
    model_validator,
)

from ..brief import FieldLimits
from ..conditions.options import CustomerCondition
from .allocation import Guardrail, Waves, number_or_block
from .block import Block
from .exclusive import Exclusive
from .expiry import Expiry
from .values import (
    RATE_SCHEMA,
    Address,
    Again,
    AgainRule,
    ApprovalRule,
    DailyTimes,
    Discount,
    Duration,
    MessageRate,
    Name,
    Percentage,
    refuse,
)

PositiveInt = Annotated[int, Field(ge=1)]
Words = Annotated[str, Field(min_length=1)]

IDENTITY = frozenset(
    {"name", "first_name", "last_name", "full_name", "email", "phone", "address", "street", "key"}
)
"""Customer fields that no model may see."""


class StageBlock(Block):
    """What every stage has; its other keys belong to its plugin."""

    plugin: str = Field(default="", description="The plugin of this stage.")


def _one_or_many(schema: dict[str, Any]) -> None:
    items = {"type": schema.pop("type"), "items": schema.pop("items")}
    schema["anyOf"] = [items["items"], items]


class OfferBlock(Block):
    """An offer, and whom it is for."""

    code: Words | None = Field(default=None, description="What is typed at the till.")
    discount: Discount | None = Field(default=None, description="A share, or an amount of money.")
    ends: date | None = Field(default=None, description="The offer's last day.")
    where: CustomerCondition | None = Field(
        default=None, description="A condition over the customer; the first offer that fits wins."
    )


def _check_trait(trait: str) -> str:
    if trait.lower() in IDENTITY:
        raise refuse(f"'{trait}' is identity, which no model may see; use a slot instead")
    return trait


Trait = Annotated[Words, AfterValidator(_check_trait)]


class GenerateBlock(StageBlock):
    """How the copy is written."""

    fields: dict[str, FieldLimits] = Field(
        min_length=1, description="The fields wanted, each with its limits."
    )
    offer: list[OfferBlock] = Field(
        default_factory=list,
        description="What is offered; of a list, the first whose `where` holds.",
        json_schema_extra=_one_or_many,
    )
    traits: list[Trait] = Field(
        default_factory=list, description="The only customer fields that a model may see."
    )
    fallback: dict[str, Any] | None = Field(
        default=None,
        description="What is sent when no copy passes: text by field, or that by language.",
    )
    attempts: Annotated[int, Field(ge=1, le=10)] = Field(
        default=3, description="How often a refused copy is written again, the first included."
    )
    approval: ApprovalRule | None = Field(
        default=None, description="What a person looks at before it is sent."
    )
    refused: Literal["skip", "hold"] = Field(
        default="skip",
        description="What becomes of somebody for whom every copy was refused, without a fallback.",
    )
    diversity: PositiveInt = Field(default=1, description="Different texts kept per equal brief.")

    @property
    def has_fallback_by_language(self) -> bool:
        """Whether there is a fallback, and it is given by language."""
        return self.fallback is not None and all(
            isinstance(one, Mapping) for one in self.fallback.values()
        )


class Experiment(Block):
    """Variants, the holdout, and how they are compared."""

    variants: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="By name, what each changes in the recipe."
    )
    shares: dict[str, Percentage] | None = Field(
        default=None, description="The share of each variant; equal when left out."
    )
    holdout: Percentage | None = Field(
        default=None, description="The share of the audience that is not written to."
    )
    global_holdout: bool = Field(
        default=True, description="Whether nobody is written to who is held out from all campaigns."
    )
    exclusive: Exclusive | None = Field(
        default=None, description="Its part of a group of experiments of which nobody is in two."
    )
    metric: Literal["click", "conversion", "revenue"] = Field(
        default="conversion", description="What variants are compared by."
    )
    window: Duration | None = Field(
        default=None, description="How long after the message an order counts."
    )
    attribution: Literal["last_click", "linear_click", "last_sent", "linear_sent"] | None = Field(
        default=None, description="Which messages an order is attributed to."
    )
    allocate: Literal["fixed", "thompson", "contextual"] = Field(
        default="fixed",
        description="Whether shares stay, or follow what came back, of all or of each person.",
    )
    waves: Waves | None = Field(
        default=None,
        description="In how many parts people are written to, so that the next learns of the last.",
        json_schema_extra=number_or_block,
    )
    guardrail: Guardrail = Field(
        default_factory=Guardrail, description="What stops a variant that drives people away."
    )


UtmName = Annotated[str, Field(pattern="^(source|medium|campaign|term|content|id)$")]


class Tracking(Block):
    """What is measured in the message; off unless asked for."""

    clicks: bool = Field(default=False, description="Count clicks on links.")
    opens: bool = Field(default=False, description="Count opens by a pixel.")
    utm: dict[UtmName, Words] = Field(
        default_factory=dict, description="UTM parameters of links, by name without `utm_`."
    )


class WarmUp(Block):
    """A ladder of daily limits for a sender that nobody knows yet."""

    start: MessageRate = Field(description="The limit of the first day.")
    double_every: Duration = Field(description="After how long the limit doubles.")


class DeliverRate(Block):
    """How fast messages may leave, over all workers; a rate alone is that of all messages."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    total: MessageRate | None = Field(default=None, description="Of all messages together.")
    per_domain: MessageRate | None = Field(
        default=None, description="Of those to addresses of one domain."
    )

    @model_validator(mode="after")
    def _limit_something(self) -> DeliverRate:
        if not self.model_fields_set:
            raise refuse("has no rate in it; give 'total', 'per_domain' or both")
        return self


def _one_rate_or_two(schema: dict[str, Any]) -> None:
    schema["anyOf"].insert(0, RATE_SCHEMA.json_schema)


class DeliverBlock(StageBlock):
    """How messages leave."""

    rate: DeliverRate | None = Field(
        default=None,
        description="At most so many, all workers.",
        json_schema_extra=_one_rate_or_two,
    )
    warm_up: WarmUp | None = Field(default=None, description="A ladder of daily limits.")
    tracking: Tracking = Field(default_factory=Tracking, description="What is measured.")
    fields: dict[str, str] | None = Field(
        default=None, description="The hand-written text of a campaign without `generate`."
    )


class Cap(Block):
    """At most so many messages in a time, over all campaigns."""

    messages: PositiveInt = Field(description="How many.")
    per: Duration = Field(description="In which time.")


class Policy(Block):
    """Who may be written to, when, and how often."""

    quiet_hours: DailyTimes | None = Field(
        default=None, description="When nobody is written to, in the recipient's time zone."
    )
    window: DailyTimes | None = Field(
        default=None, description="The only time of day for it, in the recipient's time zone."
    )
    cap: Cap | None = Field(default=None, description="A limit over all campaigns.")
    again: AgainRule = Field(
        default=Again(None),
        description="Whether somebody may get this campaign again.",
        json_schema_extra={"default": "never"},
    )
    on_unknown: Literal["hold", "resend"] = Field(
        default="hold", description="What becomes of a message that may be out, or may not."
    )
    expires: Expiry | None = Field(default=None, description="When it is too late to send.")
    topic: Name | None = Field(
        default=None, description="What it is about: a topic of the settings, which people decline."
    )
    priority: int = Field(default=0, description="Greater wins the last place under a cap.")
    give_up: Duration | None = Field(
        default=None, description="After how long a stage that waits turns to the fallback."
    )


class RespondBlock(StageBlock):
    """How enquiries are answered."""

    handoff: Address | None = Field(
        default=None, description="The address that gets mails that a person must answer."
    )
    acknowledge: dict[str, Words] = Field(
        default_factory=dict,
        description="What she is told then, by language; nothing when left out.",
    )


class Recipe(Block):
    """A campaign, as its file says it."""

    campaign: Name | None = Field(default=None, description="The campaign's name.")
    segment: StageBlock | None = Field(default=None, description="Who the audience is.")
    recommend: StageBlock | None = Field(default=None, description="Which products fit her.")
    generate: GenerateBlock | None = Field(default=None, description="How the copy is written.")
    experiment: Experiment | None = Field(default=None, description="What is tried and compared.")
    review: dict[str, dict[str, Any]] = Field(
        default_factory=dict, description="Reviewers of the copy, each with its options."
    )
    deliver: DeliverBlock | None = Field(default=None, description="How messages leave.")
    policy: Policy = Field(default_factory=Policy, description="What must not be sent, and when.")
    respond: RespondBlock | None = Field(default=None, description="How enquiries are answered.")


STAGE_BLOCKS: dict[str, type[StageBlock]] = {
    "segment": StageBlock,
    "recommend": StageBlock,
    "generate": GenerateBlock,
    "deliver": DeliverBlock,
    "respond": RespondBlock,
}

BLOCKS: dict[str, type[Block]] = {**STAGE_BLOCKS, "experiment": Experiment, "policy": Policy}

DEFAULT_PLUGINS = {
    "segment": "sql_segment",
    "recommend": "cf_recommender",
    "generate": "llm_copy",
    "deliver": "email_channel",
    "respond": "faq_responder",
}
"""The bundled plugin of each stage, which a recipe need not name."""

COMING_KEYS = ("on", "schedule", "steps")
"""Keys that a later version will take, so that no plugin or recipe uses them for something else."""
