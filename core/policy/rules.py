"""The rules that one variant of a run is bound by, taken from its recipe, channel and settings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from ..message import Channel
from ..recipe.models import Policy

NEVER = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyRules:
    """Who must not be written to, in the store's own units.

    Attributes:
        run_id: The run.
        campaign: Its campaign's name.
        channel: The channel's name, under which addresses are suppressed.
        consent: The consent it needs, or None.
        again_after_ms: After how long somebody may get the campaign again; None is never.
        cap_messages: At most so many messages, over all campaigns; None without a cap.
        cap_ms: In so long.
        priority: Of the run: a greater one has the last place under a cap.
        only_to: Addresses and @domains that may be written to; everybody when empty.
        topic: What the campaign is about, for those who declined it; None is nothing.
        heeds_preferences: Whether what people chose for themselves counts.
        is_answer: Whether the messages answer those who wrote to us: neither consent nor caps
            count then, nor an unsubscribe; a complaint or a bounce does.
    """

    run_id: int
    campaign: str
    channel: str
    consent: str | None = None
    again_after_ms: int | None = NEVER
    cap_messages: int | None = None
    cap_ms: int = 0
    priority: int = 0
    only_to: tuple[str, ...] = ()
    topic: str | None = None
    heeds_preferences: bool = True
    is_answer: bool = False


def read_rules(
    policy: Policy, channel: Channel, *, run_id: int, campaign: str, only_to: Sequence[str]
) -> PolicyRules:
    """Return the rules of a run's variant.

    Args:
        policy: The recipe's `policy` block.
        channel: What the delivering plugin declares.
        run_id: The run.
        campaign: Its campaign's name.
        only_to: The setting `[safety] only_to`.
    """
    again = policy.again.after if policy.again is not None else None
    return PolicyRules(
        run_id=run_id,
        campaign=campaign,
        channel=channel.name,
        consent=channel.consent,
        again_after_ms=None if again is None else to_milliseconds(again),
        cap_messages=None if policy.cap is None else policy.cap.messages,
        cap_ms=0 if policy.cap is None else to_milliseconds(policy.cap.per),
        priority=policy.priority,
        only_to=tuple(one.strip().lower() for one in only_to),
        topic=policy.topic,
    )


def to_milliseconds(length: timedelta) -> int:
    """Return a length of time in whole milliseconds."""
    return length // timedelta(milliseconds=1)


def is_listed(only_to: Sequence[str], address: str) -> bool:
    """Whether `[safety] only_to` lets a normalised address be written to.

    Args:
        only_to: Addresses and @domains; everybody when empty.
        address: The address.
    """
    lowered = address.lower()
    wanted = [one.strip().lower() for one in only_to]
    return not wanted or any(
        lowered.endswith(one) if one.startswith("@") else lowered == one for one in wanted
    )
