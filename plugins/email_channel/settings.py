"""The settings of the e-mail channel: the table `[plugins.email_channel]`."""

from __future__ import annotations

from pydantic import Field, SecretStr

from ballyhoo import Options


class EmailSettings(Options):
    """The table `[plugins.email_channel]`.

    Attributes:
        soft_bounces: After so many messages that came back for a time, an address is given up;
            0 is never.
        soft_days: Within so many days.
        returns_key: What whoever posts returned mail has to know; nobody may when it is empty.
        ses_topics: The ARNs of the topics of Amazon SNS that tell what became of our mail.
        trusted_servers: By which name our own mail servers sign what they found of a mail that
            came in (`authserv-id`); what others say proves nothing.
        answers_a_day: So many mails of one address are answered within a day: more is a machine.
        answers_days: Mail that is older is not answered any more; 0 is never too old.
        sendgrid_keys: The keys by which SendGrid's event webhook is verified; they are public.
    """

    soft_bounces: int = Field(default=3, ge=0, le=100)
    soft_days: int = Field(default=14, ge=1, le=365)
    returns_key: SecretStr = SecretStr("")
    ses_topics: list[str] = Field(default_factory=list)
    sendgrid_keys: list[str] = Field(default_factory=list)
    trusted_servers: list[str] = Field(default_factory=list)
    answers_a_day: int = Field(default=10, ge=1, le=1_000)
    answers_days: int = Field(default=14, ge=0, le=3_650)
