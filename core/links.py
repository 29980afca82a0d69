"""The links and names of a message that lead back to it: unsubscribe, preferences, Message-ID."""

from __future__ import annotations

import base64
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from .assets import look_up
from .message import Message
from .satisfaction import SATISFACTION, check_labels
from .tokens import Tokens
from .tracking import CLICK, OPEN, Tracking, add_utm, identify_url, is_trackable

if TYPE_CHECKING:
    from .settings import Settings

UNSUBSCRIBE = "unsubscribe"
"""The purpose of a link's token, and the first part of its path."""

PREFERENCES = "preferences"
"""The same of the page on which she chooses what she gets."""

REFERENCE_BYTES = 15


class Links(Protocol):
    """What leads back to a message; the same for each of its attempts, on every machine."""

    def unsubscribe(self, message: Message) -> str:
        """Return the address of the page that unsubscribes her, which also takes RFC 8058's POST.

        Empty when the installation has no `base_url`.
        """
        ...

    def preferences(self, message: Message) -> str:
        """Return the address of the page on which she chooses what she gets.

        Empty when the installation has no `base_url`.
        """
        ...

    def answers(self, message: Message, labels: Sequence[str]) -> tuple[str, ...]:
        """Return the address of the page on which she gives each answer of a question.

        The page asks once more by a button: a program that looks at links answers nothing. Each
        is empty when the installation has no `base_url`.

        Args:
            message: That asks.
            labels: Two to five answers in words, from the least satisfied to the most.

        Raises:
            DataError: They are too few, too many, too long, or not different.
        """
        ...

    def click(self, message: Message, url: str) -> str:
        """Return the address that a link of the message has, for one that leads to `url`.

        It leads through us when the recipe tracks clicks and she lets us; else it is `url`, with
        the recipe's UTM parameters.
        """
        ...

    def open(self, message: Message) -> str:
        """Return the address of the picture that tells of an open; empty when none is to be told.

        None is when the recipe does not ask for it, or she does not let us.
        """
        ...

    def asset(self, name: str) -> str:
        """Return the address of one of the brand's assets, or what stands for it in a preview.

        Raises:
            DataError: There is no such asset.
        """
        ...

    def return_path(self, message: Message) -> str:
        """Return the local part that bounces of this message come back to: `b+TOKEN`."""
        ...

    def reference(self, message: Message) -> str:
        """Return what names the message in the world, and tells nothing: small letters, digits."""
        ...


@dataclass(frozen=True)
class SignedLinks:
    """The links of real messages.

    Attributes:
        base_url: Where customers reach `ballyhoo serve`, without a slash at its end.
        tokens: What signs them.
        reference_key: Of references; one that does not change when the signing key does.
        tracking: What the recipe measures.
        assets: The address of each asset, or the asset itself where there is no `base_url`.
        urls: Where links that were made lead, by their numbers: whoever sends keeps them first.
    """

    base_url: str
    tokens: Tokens
    reference_key: bytes = field(repr=False)
    tracking: Tracking = field(default_factory=Tracking)
    assets: Mapping[str, str] = field(default_factory=dict, repr=False)
    urls: dict[int, str] = field(default_factory=dict, repr=False)

    def unsubscribe(self, message: Message) -> str:
        """See `Links.unsubscribe`."""
        if not self.base_url:
            return ""
        return f"{self.base_url}/{UNSUBSCRIBE}/{self.tokens.sign_link(UNSUBSCRIBE, message.id)}"

    def preferences(self, message: Message) -> str:
        """See `Links.preferences`."""
        if not self.base_url:
            return ""
        return f"{self.base_url}/{PREFERENCES}/{self.tokens.sign_link(PREFERENCES, message.id)}"

    def answers(self, message: Message, labels: Sequence[str]) -> tuple[str, ...]:
        """See `Links.answers`."""
        found = check_labels(labels)
        if not self.base_url:
            return ("",) * len(found)
        return tuple(
            f"{self.base_url}/{SATISFACTION}/"
            f"{self.tokens.sign_values(SATISFACTION, message.id, number, *found)}"
            for number in range(1, len(found) + 1)
        )

    def click(self, message: Message, url: str) -> str:
        """See `Links.click`."""
        if self.base_url and url.startswith(f"{self.base_url}/{SATISFACTION}/"):
            return url  # what is answered there is counted better
        target = add_utm(url, self.tracking.utm)
        wanted = self.tracking.clicks and message.is_tracked and self.base_url
        if not wanted or not is_trackable(target):
            return target
        number = identify_url(target)
        self.urls[number] = target
        return f"{self.base_url}/{CLICK}/{self.tokens.sign_pair(CLICK, message.id, number)}"

    def open(self, message: Message) -> str:
        """See `Links.open`."""
        if not (self.tracking.opens and message.is_tracked and self.base_url):
            return ""
        return f"{self.base_url}/{OPEN}/{self.tokens.sign_link(OPEN, message.id)}.gif"

    def asset(self, name: str) -> str:
        """See `Links.asset`."""
        return look_up(name, self.assets)

    def return_path(self, message: Message) -> str:
        """See `Links.return_path`."""
        return f"b+{self.tokens.sign_return_path(message.id)}"

    def reference(self, message: Message) -> str:
        """See `Links.reference`."""
        return make_reference(self.reference_key, message.id)


@dataclass(frozen=True)
class InertLinks:
    """Links that lead nowhere, for previews, tests and samples: a click changes nothing."""

    base_url: str = "https://preview.invalid"
    tracking: Tracking = field(default_factory=Tracking)
    assets: Mapping[str, str] = field(default_factory=dict, repr=False)

    def unsubscribe(self, message: Message) -> str:
        """See `Links.unsubscribe`."""
        return f"{self.base_url}/{UNSUBSCRIBE}/preview"

    def preferences(self, message: Message) -> str:
        """See `Links.preferences`."""
        return f"{self.base_url}/{PREFERENCES}/preview"

    def answers(self, message: Message, labels: Sequence[str]) -> tuple[str, ...]:
        """See `Links.answers`."""
        return (f"{self.base_url}/{SATISFACTION}/preview",) * len(check_labels(labels))

    def click(self, message: Message, url: str) -> str:
        """See `Links.click`."""
        if url.startswith(f"{self.base_url}/"):
            return url
        return add_utm(url, self.tracking.utm)

    def open(self, message: Message) -> str:
        """See `Links.open`."""
        return ""

    def asset(self, name: str) -> str:
        """See `Links.asset`."""
        return look_up(name, self.assets)

    def return_path(self, message: Message) -> str:
        """See `Links.return_path`."""
        return "b+preview"

    def reference(self, message: Message) -> str:
        """See `Links.reference`."""
        return f"preview-{message.key}"


def make_reference(key: bytes, message_id: int) -> str:
    """Return the reference of the message with this id."""
    said = f"ballyhoo reference\x1f{message_id}"
    digest = hmac.digest(key, said.encode(), "sha256")
    return base64.b32encode(digest[:REFERENCE_BYTES]).decode().lower()


def make_links(
    settings: Settings,
    tracking: Tracking | None = None,
    assets: Mapping[str, str] | None = None,
) -> SignedLinks:
    """Return the links of an installation.

    Args:
        settings: Of the installation.
        tracking: What the recipe measures; nothing when None.
        assets: See `SignedLinks`.
    """
    keys = [settings.secret_key, *settings.old_secret_keys]
    return SignedLinks(
        base_url=settings.base_url.rstrip("/"),
        tokens=Tokens(tuple(key.get_secret_value() for key in keys)),
        reference_key=settings.assignment_key.get_secret_value().encode(),
        tracking=tracking or Tracking(),
        assets=assets or {},
    )
