"""Only mail whose domain says that it sent it proves who asks; nobody else learns of an order."""

from __future__ import annotations

import pytest

from .shop import MX, ORDERS, Shop, mail, read_text

INNER = "dmarc=pass header.from=mail.example"
HERS = "Where is my order A-77?"


def passes(domain: str, server: str = MX, method: str = "dmarc=pass", more: str = "") -> str:
    return f"Authentication-Results: {server}; {method} (p=reject) header.from={domain}{more}\n"


@pytest.fixture
def shop(shop: Shop) -> Shop:
    shop.load("orders", ORDERS)
    return shop


def ask(shop: Shop, raw: bytes) -> str:
    """Return what was told to whoever asks; empty when nobody was."""
    shop.answer(raw)
    told = shop.sent()
    assert len(told) <= 1
    return read_text(told[0]) if told else ""


def test_a_proved_customer_is_told_of_her_order(shop: Shop) -> None:
    text = ask(shop, mail(HERS, sender="Ann <Ann@mail.example>", proved="mail.example"))
    assert "Ann, your order A-77 is on its way." in text
    assert shop.ask("SELECT recipient > 0 FROM messages") == [1]


def test_two_results_of_ours_are_read_from_the_top(shop: Shop) -> None:
    """What our server said stands above whatever the sender wrote under our name."""
    raw = mail(
        HERS, sender="ann@mail.example", head=passes("mail.example"),
    )  # fmt: skip
    refused = f"Authentication-Results: {MX}; dmarc=fail header.from=mail.example\n".encode()
    assert "A-77" not in ask(shop, refused + raw)


@pytest.mark.parametrize(
    "results",
    [
        "",
        passes("mail.example", server="mx.evil.example"),
        passes("mail.example", server=f"{MX}.evil.example"),
        passes("mail.example", server=f"evil.example ({MX})"),
        passes("mail.example", server=f'"x; {MX}"'),
        passes("evil.example"),
        passes("mail.example.evil.example"),
        passes("mail.example", method="dmarc=none"),
        passes("mail.example", method="dmarc=passed"),
        passes("mail.example", method="spf=pass; dkim=pass"),
        passes("mail.example", method="x-dmarc=pass"),
        passes("mail.example", more="; dmarc=fail header.from=mail.example"),
        passes("evil.example", more=" header.from=mail.example"),
        f"Authentication-Results: {MX}; dmarc=fail (x; dmarc=pass header.from=mail.example)\n",
        f'Authentication-Results: {MX}; dmarc=fail reason="; {INNER}"\n',
        f'Authentication-Results: {MX}; spf=pass smtp.mailfrom="a; {INNER}"\n',
        f'Authentication-Results: {MX}; dmarc=pass reason="\\" {INNER} \\""\n',
        f"Authentication-Results: {MX}; dmarc=fail (\n" + passes("mail.example"),
        f"Authentication-Results: {MX}; none\n" + passes("mail.example"),
        f"X-Authentication-Results: {MX}; dmarc=pass header.from=mail.example\n",
        f"ARC-Authentication-Results: i=1; {MX}; dmarc=pass header.from=mail.example\n",
    ],
)  # fmt: skip
def test_no_other_result_proves_anything(shop: Shop, results: str) -> None:
    raw = results.encode() + mail(HERS, sender="Ann <ann@mail.example>")
    text = ask(shop, raw)
    assert "Please look into your account." in text
    assert shop.ask("SELECT customer_id FROM enquiries") == [None]


@pytest.mark.parametrize(
    "sender",
    [
        '"ann@mail.example" <eve@evil.example>',
        "ann@mail.example <eve@evil.example>",
        "=?utf-8?q?Ann_=3Cann=40mail=2Eexample=3E?= <eve@evil.example>",
        "(ann@mail.example) eve@evil.example",
        '"Ann <ann@mail.example>" <eve@evil.example>',
    ],
)
def test_a_name_is_no_address(shop: Shop, sender: str) -> None:
    raw = mail(HERS, sender=sender, proved="evil.example")
    text = ask(shop, raw)
    assert "A-77" not in text
    assert [one["To"] for one in shop.sent()] == ["eve@evil.example"]


@pytest.mark.parametrize(
    ("sender", "head"),
    [
        ("ann@mail.example", "From: eve@evil.example\n"),
        ("eve@evil.example", "From: ann@mail.example\n"),
        ("eve@evil.example", "from : ann@mail.example\n"),
        ("eve@evil.example", "X-Note: a\rFrom: ann@mail.example\n"),
        ("eve@evil.example, ann@mail.example", ""),
        ("<eve@evil.example> <ann@mail.example>", ""),
        ("Friends: ann@mail.example;", ""),
        ("<ann@mail.example> eve@evil.example", ""),
        ("", ""),
        ("nobody", ""),
    ],
)
def test_a_mail_that_is_not_from_one_address_is_answered_to_nobody(
    shop: Shop, sender: str, head: str
) -> None:
    for domain in ("evil.example", "mail.example"):
        said = shop.answer(mail(HERS, sender=sender, head=head, proved=domain))
        assert said["skipped"] == {"no_sender": 1}
    assert shop.sent() == []


def test_an_address_that_two_customers_have_proves_neither(shop: Shop) -> None:
    shop.load("customers", "id,email,consent_email\ncleo,ann@mail.example,yes\n")
    text = ask(shop, mail(HERS, sender="ann@mail.example", proved="mail.example"))
    assert "A-77" not in text


def test_nobody_gets_anothers_order_by_its_number(shop: Shop) -> None:
    raw = mail("Where is order B-88?", sender="ann@mail.example", proved="mail.example")
    assert "B-88" not in ask(shop, raw)


def test_an_answer_goes_to_the_address_that_was_proved_and_nowhere_else(shop: Shop) -> None:
    raw = mail(HERS, sender="ann@mail.example", proved="mail.example",
               head="Reply-To: eve@evil.example\nSender: eve@evil.example\n")  # fmt: skip
    assert "A-77" in ask(shop, raw)
    assert [one["To"] for one in shop.sent()] == ["ann@mail.example"]


def test_who_forges_an_address_uses_up_nothing_of_its_owners(shop: Shop) -> None:
    with (shop.folder / "ballyhoo.toml").open("a") as file:
        file.write("answers_a_day = 2\n")
    forged = [mail(sender="ann@mail.example", message_id=f"<{n}@evil.example>") for n in range(4)]
    assert shop.answer(*forged)["skipped"] == {"loop": 2}
    raw = mail(HERS, sender="ann@mail.example", message_id="<a@x>", proved="mail.example")
    assert shop.answer(raw)["answered"] == 1


def test_a_head_that_is_longer_than_what_is_read_proves_nothing(shop: Shop) -> None:
    filler = "".join(f"X-Filler-{number}: {'x' * 900}\n" for number in range(90))
    raw = mail(HERS, sender="ann@mail.example", proved="mail.example", head=filler)
    assert "A-77" not in ask(shop, raw)
