"""The tables of the settings: brand, senders, safety, tracking, retention, plugins."""

from __future__ import annotations

import re
from decimal import Decimal
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from .quoting import shorten
from .recipe.values import Percentage, refuse
from .setting_block import Block

_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::\d{1,5})?")


class Brand(Block):
    """How the shop presents itself in every message."""

    name: str = Field(default="", description="The name that customers know.")
    logo: str = Field(default="", description="Address of the logo, https; or an asset's name.")
    assets: str = Field(
        default="", description="Folder of pictures and fonts that messages show; none when empty."
    )
    colours: dict[str, str] = Field(
        default_factory=dict, description="Colours by role (`accent`, `background`), as #rrggbb."
    )
    legal_address: str = Field(
        default="", description="Who sends and where they are; the law wants it in every message."
    )


class Sender(Block):
    """A named sender, for recipes that do not use the default one."""

    smtp_url: SecretStr | None = Field(default=None, description="Its own SMTP server.")
    domain: str = Field(default="", description="The domain that signs.")
    dkim_selector: str = Field(default="", description="Selector of its DKIM key in the DNS.")
    dkim_key_file: Path | None = Field(default=None, description="Its private DKIM key, PEM.")
    dkim_key: SecretStr | None = Field(
        default=None, description="The same key itself, for machines without the file."
    )
    return_path: str = Field(default="", description="The domain that bounces come back to.")


class Safety(Block):
    """What keeps a rehearsal from reaching customers."""

    only_to: list[str] = Field(
        default_factory=list,
        description="Addresses or @domains that may be written to; everybody else is skipped.",
    )


class Tracking(Block):
    """Whose opens and clicks may be counted, where a recipe asks for it."""

    needs_consent: bool = Field(
        default=True,
        description="Only of those who said yes to `tracking`; else of all who did not say no.",
    )
    scanner_networks: list[str] = Field(
        default_factory=list,
        description="Networks whose clicks and opens no person made, besides those we know.",
    )

    @field_validator("scanner_networks")
    @classmethod
    def _check_networks(cls, networks: list[str]) -> list[str]:
        for one in networks:
            try:
                ip_network(one)
            except ValueError:
                raise refuse(f"'{shorten(one)}' is no network such as 192.0.2.0/24") from None
        return networks


class Experiments(Block):
    """Who is held out, so that the effect of campaigns can be measured."""

    holdout: Percentage = Field(
        default=Decimal("0.05"), description="Of each recipe that does not say it itself."
    )
    holdout_from: int = Field(
        default=100, ge=1, description="An audience with fewer people has none by default."
    )
    global_holdout: Percentage = Field(
        default=Decimal(0), description="Share of all customers whom no campaign writes to."
    )

    @field_validator("holdout", "global_holdout")
    @classmethod
    def _leave_some(cls, share: Decimal) -> Decimal:
        if share == 1:
            raise refuse("a holdout of 100% leaves nobody to write to; make it smaller")
        return share


class Serve(Block):
    """Who may tell `ballyhoo serve` something."""

    api_keys: list[SecretStr] = Field(
        default_factory=list, description="Keys of the shop's own programs, as bearer tokens."
    )
    webhook_secrets: list[SecretStr] = Field(
        default_factory=list, description="Secrets that senders of signed webhooks share with us."
    )
    site_keys: dict[str, list[str]] = Field(
        default_factory=dict,
        description="Keys that the shop's pages may show, each with the origins of these pages.",
    )
    identity_secrets: list[SecretStr] = Field(
        default_factory=list,
        description="Secrets with which the shop's server signs who looks at a page.",
    )

    @field_validator("site_keys")
    @classmethod
    def _check_origins(cls, keys: dict[str, list[str]]) -> dict[str, list[str]]:
        for origin in [one for origins in keys.values() for one in origins]:
            if not _ORIGIN.fullmatch(origin):
                raise refuse(f"'{shorten(origin)}' is no origin such as https://www.shop.example")
        return keys


class Retention(Block):
    """How long what is not needed for the ledger is kept; None keeps it."""

    bodies_days: int | None = Field(default=None, ge=1, description="Rendered messages.")
    events_days: int | None = Field(default=None, ge=1, description="Events.")
    enquiries_days: int | None = Field(default=None, ge=1, description="Enquiries and replies.")


class PluginSettings(BaseModel):
    """Which plugins may load, and the settings of each in a table of its name."""

    model_config = ConfigDict(extra="allow", frozen=True, defer_build=True)

    allow: list[str] | None = Field(
        default=None,
        description="Plugins or distributions that may load; everything installed when left out.",
    )
    files: list[str] = Field(
        default_factory=list, description="Python files, or folders of them, that hold plugins."
    )

    @property
    def tables(self) -> dict[str, Any]:
        """The `[plugins.NAME]` tables by name, as they were written."""
        return dict(self.model_extra or {})
