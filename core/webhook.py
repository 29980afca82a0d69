"""The settings of an endpoint that is told what happened."""

from __future__ import annotations

import ipaddress
import re
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from .recipe.values import refuse
from .setting_block import Block

Kind = Literal["sent", "open", "click", "bounce", "complaint", "unsubscribe", "conversion"]
KINDS: tuple[Kind, ...] = (
    "sent", "open", "click", "bounce", "complaint", "unsubscribe", "conversion",
)  # fmt: skip

LEAST_SECRET = 16
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,62}")


class Webhook(Block):
    """An endpoint that is told what happened, by signed requests."""

    url: str = Field(description="Where to, https.")
    secret: SecretStr = Field(description="What requests are signed with.")
    name: str = Field(default="", description="What it is called; the host when left out.")
    kinds: list[Kind] = Field(default=list(KINDS), description="What it is told.")
    allow_private: bool = Field(
        default=False, description="Whether it may be in a network of our own."
    )

    @field_validator("url")
    @classmethod
    def _check_url(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise refuse("is not an address; write https://host/path") from None
        if parts.scheme not in ("http", "https") or not host or url != url.strip():
            raise refuse("is not an address; write https://host/path")
        if any(one.isspace() or one < " " for one in url) or parts.fragment:
            raise refuse("must have no spaces and no part after #")
        if parts.username is not None or parts.password is not None:
            raise refuse("must have no user and password; requests are signed")
        if parts.scheme == "http" and not is_local(host):
            raise refuse("must be https; http is for this machine alone")
        return url

    @field_validator("secret")
    @classmethod
    def _check_secret(cls, secret: SecretStr) -> SecretStr:
        if len(secret.get_secret_value()) < LEAST_SECRET:
            raise refuse(f"must have {LEAST_SECRET} characters or more")
        return secret

    @field_validator("name")
    @classmethod
    def _check_name(cls, name: str) -> str:
        if name and not _NAME.fullmatch(name):
            raise refuse("must be small letters, digits, dots, '-' and '_'")
        return name

    @model_validator(mode="after")
    def _tell_something(self) -> Webhook:
        if not self.kinds:
            raise refuse("is told nothing; leave kinds out for all of them")
        return self

    @property
    def parts(self) -> SplitResult:
        """The parts of its address."""
        return urlsplit(self.url)

    @property
    def called(self) -> str:
        """Its name, which stands in logs and reports."""
        return self.name or str(self.parts.hostname)


def is_local(host: str) -> bool:
    """Whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
