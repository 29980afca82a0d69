"""What `render` writes and what `deliver` says to the server, through the plugin's own hooks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import dkim
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

from ballyhoo import (
    Brand,
    Context,
    DataError,
    EnvironmentMissing,
    Message,
    Sender,
    Senders,
)
from ballyhoo.core.links import make_links
from ballyhoo.core.settings import Settings
from ballyhoo.core.tokens import BadToken
from ballyhoo.plugins.email_channel import channel as email_channel
from ballyhoo.plugins.email_channel.options import EmailOptions
from ballyhoo.testing import HOSTILE_TEXTS, MemoryDispatch, make_context, sample_messages

from .scripted_server import EXTENSIONS, Accepted, ScriptedServer
from .test_dkim import make_key

FROM = "Fernpfad <news@shop.example>"
FIELDS = [
    "From", "To", "Subject", "Date", "Message-ID", "List-ID", "List-Unsubscribe",
    "List-Unsubscribe-Post", "Feedback-ID", "X-Ballyhoo-Message", "Precedence", "MIME-Version",
    "Content-Type",
]  # fmt: skip
MESSAGE = replace(
    sample_messages(1)[0],
    id=4711,
    run_id=12,
    campaign="spring-trail",
    address="ada@customers.example",
    fields={"subject": "New trails", "body": "Hello,\n\ncome and look."},
)


def make_settings(key: str = "one", **changes: Any) -> Settings:
    given = {
        "base_url": "https://shop.example/",
        "secret_key": key,
        "assignment_key": "an assignment key",
        **changes,
    }
    return Settings.model_validate(given)


def open_context(
    sender: Sender | None = None, *, settings: Settings | None = None, **how: Any
) -> Context:
    return make_context(
        "email_channel",
        senders=Senders({"default": sender or Sender()}),
        links=make_links(settings or make_settings()),
        **how,
    )


def choose(**options: Any) -> EmailOptions:
    return EmailOptions.model_validate({"from": FROM, **options})


def render(message: Message = MESSAGE, context: Context | None = None, **options: Any) -> bytes:
    [content] = email_channel.render(context or open_context(), choose(**options), [message])
    return content


def read(content: bytes) -> EmailMessage:
    parsed = message_from_bytes(content, policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    assert not parsed.defects
    return parsed


def deliver(
    messages: Sequence[Message],
    sender: Sender | None = None,
    *,
    extensions: tuple[str, ...] = EXTENSIONS,
    **options: Any,
) -> tuple[MemoryDispatch, list[Accepted], list[str]]:
    """Render and deliver to a server; return the dispatch, what it took, and the commands."""
    with ScriptedServer(extensions=extensions) as server:
        url = SecretStr(f"smtp://127.0.0.1:{server.port}")
        context = open_context((sender or Sender()).model_copy(update={"smtp_url": url}))
        chosen = choose(connections=1, **options)
        contents = email_channel.render(context, chosen, messages)
        ready = [replace(m, content=c) for m, c in zip(messages, contents, strict=True)]
        with MemoryDispatch(ready) as dispatch:
            email_channel.deliver(context, chosen, dispatch)
        return dispatch, list(server.accepted), list(server.commands)


def test_the_head_says_who_to_whom_what_when_and_how_to_leave() -> None:
    parsed = read(render())
    assert parsed.keys() == FIELDS
    assert parsed["From"] == FROM
    assert parsed["To"] == "ada@customers.example"
    assert parsed["Subject"] == "New trails"
    assert parsed["Date"].datetime == MESSAGE.dated_at.replace(microsecond=0)
    assert parsed["List-ID"] == "<spring-trail.shop.example>"
    assert parsed["Feedback-ID"] == "spring-trail:12:campaign:shop.example"
    assert parsed["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert parsed.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in parsed.iter_parts()] == ["text/plain", "text/html"]


def test_its_links_lead_back_to_the_message_and_tell_nobody_which() -> None:
    links = make_links(make_settings())
    parsed = read(render())
    url = parsed["List-Unsubscribe"].strip("<>")
    assert url.startswith("https://shop.example/unsubscribe/")
    assert links.tokens.read_link("unsubscribe", url.rpartition("/")[2]) == MESSAGE.id
    assert links.tokens.read_return_path(parsed["X-Ballyhoo-Message"]) == MESSAGE.id
    for part in parsed.iter_parts():
        assert url in part.get_content()
    assert "4711" not in parsed["Message-ID"]


def test_the_message_id_stays_over_attempts_machines_and_new_signing_keys() -> None:
    first = read(render())["Message-ID"]
    again = replace(MESSAGE, fields={"subject": "Other", "body": "Other"})
    rotated = open_context(settings=make_settings("two", old_secret_keys=["one"]))
    assert read(render(again))["Message-ID"] == first
    assert read(render(context=rotated))["Message-ID"] == first
    assert read(render(replace(MESSAGE, id=4712)))["Message-ID"] != first
    assert re.fullmatch(r"<[a-z2-7]{24}\.12@shop\.example>", first)


def test_the_bytes_of_a_message_are_the_same_every_time() -> None:
    pem, _ = make_key("ed25519")
    sender = Sender(domain="shop.example", dkim_selector="mail", dkim_key=SecretStr(pem))
    assert render(context=open_context(sender)) == render(context=open_context(sender))


def test_without_an_address_of_the_installation_nobody_is_promised_a_way_out() -> None:
    parsed = read(render(context=open_context(settings=make_settings(base_url=""))))
    assert parsed.keys() == [one for one in FIELDS if not one.startswith("List-Unsub")]


def test_answers_go_where_the_recipe_says() -> None:
    parsed = read(render(reply_to="Help <help@shop.example>"))
    assert parsed["Reply-To"] == "Help <help@shop.example>"
    assert [one for one in parsed.keys() if one != "Reply-To"] == FIELDS  # noqa: SIM118


def test_a_sender_of_the_settings_names_the_domain() -> None:
    context = make_context(
        senders=Senders({"news": Sender(domain="mail.shop.example")}),
        links=make_links(make_settings()),
    )
    parsed = read(render(context=context, sender="news"))
    assert parsed["List-ID"] == "<spring-trail.mail.shop.example>"
    assert parsed["Message-ID"].endswith("@mail.shop.example>")
    with pytest.raises(DataError, match="there is no sender 'nwes'"):
        render(context=context, sender="nwes")


def test_a_domain_of_another_script_is_written_for_servers() -> None:
    message = replace(MESSAGE, address="ada@xn--bcher-kva.example")
    parsed = read(render(message, **{"from": "Bücher <post@bücher.example>"}))
    assert parsed["From"].addresses[0].addr_spec == "post@xn--bcher-kva.example"
    assert parsed["From"].addresses[0].display_name == "Bücher"
    assert parsed["Message-ID"].endswith("@xn--bcher-kva.example>")


def test_bounces_come_back_to_an_address_of_the_messages_own() -> None:
    sender = Sender(return_path="bounces.shop.example")
    messages = [MESSAGE, replace(MESSAGE, id=4712, key="12-2", address="bo@customers.example")]
    dispatch, accepted, _ = deliver(messages, sender)
    assert [one.outcome for one in dispatch.receipts.values()] == ["sent", "sent"]
    tokens = make_links(make_settings()).tokens
    for message, taken in zip(messages, accepted, strict=True):
        local, _, domain = taken.sender.partition("@")
        assert domain == "bounces.shop.example"
        assert tokens.read_return_path(local.removeprefix("b+").upper()) == message.id
        assert taken.recipient == message.address
        assert len(local) <= 64
    forged = accepted[0].sender.partition("@")[0].removeprefix("b+")[:-2] + "zz"
    with pytest.raises(BadToken):
        tokens.read_return_path(forged)


def test_without_a_return_path_bounces_come_back_to_the_author() -> None:
    _, [accepted], _ = deliver([MESSAGE])
    assert accepted.sender == "news@shop.example"


def test_what_the_server_gets_is_what_was_rendered() -> None:
    fields = {"subject": "Näh", "body": ".\n\n..dots\n.\n\nFrom here 日本"}
    message = replace(MESSAGE, fields=fields)
    _, [accepted], _ = deliver([message])
    assert accepted.content == render(message)


def test_a_local_part_that_is_not_ascii_needs_a_server_that_takes_it() -> None:
    message = replace(MESSAGE, address="jörg@customers.example")
    dispatch, accepted, commands = deliver([message, replace(MESSAGE, key="12-2", id=2)])
    assert [one.recipient for one in accepted] == [message.address, MESSAGE.address]
    froms = [one for one in commands if one.startswith("MAIL")]
    assert ["SMTPUTF8" in one for one in froms] == [True, False]
    assert "To: jörg@customers.example".encode() in accepted[0].content
    without = tuple(one for one in EXTENSIONS if one != "SMTPUTF8")
    dispatch, accepted, _ = deliver([message], extensions=without)
    assert dispatch.receipts[message.key].outcome == "failed"
    assert "jörg" not in dispatch.receipts[message.key].detail
    assert accepted == []


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_the_signature_covers_head_and_body_and_the_way_out(kind: str) -> None:
    pem, record = make_key(kind)
    sender = Sender(domain="shop.example", dkim_selector="mail", dkim_key=SecretStr(pem))
    fields = {"subject": "Grüße " * 30, "body": "日本語 " * 400, "preheader": "x"}
    _, [accepted], _ = deliver([replace(MESSAGE, fields=fields)], sender)

    def verify(content: bytes) -> bool:
        return bool(dkim.DKIM(content).verify(dnsfunc=lambda name, timeout=5: record))

    assert verify(accepted.content)
    parsed = read(accepted.content)
    assert parsed.keys() == ["DKIM-Signature", *FIELDS]
    signed = re.search(r"\bh=([^;]*)", parsed["DKIM-Signature"])
    assert signed is not None
    names = {one.strip().lower() for one in signed[1].split(":")}
    kept = {"from", "to", "subject", "date", "message-id", "list-unsubscribe"}
    assert kept | {"list-unsubscribe-post", "mime-version", "content-type"} <= names
    assert not verify(accepted.content.replace(b"unsubscribe/", b"unsubscribe/x", 1))
    assert not verify(accepted.content.replace(b"=One-Click", b"=Other", 1))


def test_a_key_that_is_not_there_stops_all_of_it_with_what_to_do(tmp_path: Path) -> None:
    file = Sender(domain="shop.example", dkim_selector="mail", dkim_key_file=Path("no.pem"))
    with pytest.raises(EnvironmentMissing, match=r"DKIM key file of shop\.example cannot be read"):
        render(context=open_context(file, folder=tmp_path))
    pem, _ = make_key("ed25519")
    (tmp_path / "no.pem").write_text(pem)
    assert "DKIM-Signature" in read(render(context=open_context(file, folder=tmp_path)))
    without = Sender(domain="shop.example", dkim_key=SecretStr(pem))
    with pytest.raises(EnvironmentMissing, match="has a DKIM key, but no selector"):
        render(context=open_context(without))


INJECTED = [*HOSTILE_TEXTS, "a\r\nBcc: eve@evil.example", "a\nX: y", "\r\n\r\nbody", "a\x00b",
            "=?utf-8?q?=0D=0ABcc:_x@evil.example?=", "a\u2028Bcc: x", "\x85Bcc: x"]  # fmt: skip


@pytest.mark.parametrize("text", INJECTED)
def test_no_field_becomes_another_one(text: str) -> None:
    fields = dict.fromkeys(("subject", "preheader", "headline", "body"), text)
    message = replace(MESSAGE, fields=fields, campaign=text)
    brand = Brand(name=text, legal_address=text)
    pem, record = make_key("ed25519")
    sender = Sender(domain="shop.example", dkim_selector="mail", dkim_key=SecretStr(pem))
    content = render(message, open_context(sender, brand=brand))
    assert read(content).keys() == ["DKIM-Signature", *FIELDS]
    assert dkim.DKIM(content).verify(dnsfunc=lambda name, timeout=5: record)
    assert b"\n" not in content.replace(b"\r\n", b"")
    assert b"\r" not in content.replace(b"\r\n", b"")


@pytest.mark.parametrize("text", INJECTED)
def test_a_name_in_the_recipe_becomes_no_field_or_is_refused(text: str) -> None:
    try:
        content = render(**{"from": f"{text} <news@shop.example>"})
    except ValueError:
        return
    parsed = read(content)
    assert parsed.keys() == FIELDS
    assert [one.addr_spec for one in parsed["From"].addresses] == ["news@shop.example"]


texts = st.text(max_size=200) | st.sampled_from(INJECTED)


@given(subject=texts, body=texts, preheader=texts, campaign=texts, brand=texts)
def test_whatever_is_written_the_fields_are_these_and_the_text_is_that(
    subject: str, body: str, preheader: str, campaign: str, brand: str
) -> None:
    fields = {"subject": subject, "body": body, "preheader": preheader}
    message = replace(MESSAGE, fields=fields, campaign=campaign)
    parsed = read(render(message, open_context(brand=Brand(name=brand))))
    assert parsed.keys() == FIELDS
    assert re.fullmatch(r"<[a-z0-9-]+\.shop\.example>", parsed["List-ID"])
    assert len(list(parsed.iter_parts())) == 2
    for part in parsed.iter_parts():
        assert part.get_content_charset() == "utf-8"
        assert "shop.example/unsubscribe/" in part.get_content()


def test_an_address_that_would_break_out_is_refused_without_being_named() -> None:
    with pytest.raises(DataError, match="the address in To holds what cannot stand there") as told:
        render(replace(MESSAGE, address="ada@x.example>\r\nBcc: eve@evil.example"))
    assert "ada" not in str(told.value)


def test_e_mail_reaches_people_when_it_has_a_server() -> None:
    declared = email_channel.channel()
    assert callable(declared.reaches_people)
    assert not declared.reaches_people(make_context(), choose())
    url = SecretStr("smtp://127.0.0.1:1")
    for senders in (Senders(smtp_url=url), Senders({"default": Sender(smtp_url=url)})):
        assert declared.reaches_people(make_context(senders=senders), choose())
    named = Senders({"news": Sender(smtp_url=url)})
    assert not declared.reaches_people(make_context(senders=named), choose())
    assert declared.reaches_people(make_context(senders=named), choose(sender="news"))


def test_a_server_that_is_not_there_takes_nothing() -> None:
    with ScriptedServer() as server:
        port = server.port
    context = open_context(Sender(smtp_url=SecretStr(f"smtp://127.0.0.1:{port}")))
    with MemoryDispatch([MESSAGE]) as dispatch, pytest.raises(EnvironmentMissing, match="server"):
        email_channel.deliver(context, choose(), dispatch)
    assert dispatch.marked == []
