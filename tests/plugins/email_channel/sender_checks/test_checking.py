"""Doctor says of each sender what its records lack, with the record to publish."""

from __future__ import annotations

import base64
import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from ballyhoo import Finding
from ballyhoo.core.workspace import Workspace
from ballyhoo.plugins.email_channel.sender_checks import check_senders, records
from ballyhoo.plugins.email_channel.sender_checks.servers import check_server

from .dns_server import Zone, serve

Check = Callable[..., dict[str, Finding]]

RSA = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SMALL = rsa.generate_private_key(public_exponent=65537, key_size=1024)
EDWARDS = ed25519.Ed25519PrivateKey.generate()


def to_pem(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def publish(
    key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey,
    form: PublicFormat = PublicFormat.SubjectPublicKeyInfo,
) -> str:
    """Return the record of a key, in strings of 200 characters as the DNS wants it."""
    if isinstance(key, ed25519.Ed25519PrivateKey):
        raw = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        text = f"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"
    else:
        raw = key.public_key().public_bytes(Encoding.DER, form)
        text = f"v=DKIM1; k=rsa; p={base64.b64encode(raw).decode()}"
    return " ".join(f'"{text[at : at + 200]}"' for at in range(0, len(text), 200))


GOOD: dict[tuple[str, str], list[str]] = {
    ("bounces.shop.example", "TXT"): ['"v=spf1 include:_spf.relay.example -all"'],
    ("bounces.shop.example", "MX"): ["20 b.shop.example.", "10 a.shop.example."],
    ("_spf.relay.example", "TXT"): ['"v=spf1 ip4:192.0.2.0/24 ~all"'],
    ("s1._domainkey.shop.example", "TXT"): [publish(RSA)],
    ("_dmarc.shop.example", "TXT"): ['"v=DMARC1; p=reject"'],
    ("shop.example", "TXT"): ['"something else"'],
}
SENDER = """\
[senders.default]
domain = "shop.example"
return_path = "bounces.shop.example"
dkim_selector = "s1"
dkim_key_file = "dkim.pem"
"""


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """Check the senders of a workspace, by a DNS that knows a zone."""

    def check_zone(
        changed: Zone | None = None,
        *,
        sender: str = SENDER,
        key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey = RSA,
        writes_from: str = "Shop <news@shop.example>",
    ) -> dict[str, Finding]:
        (tmp_path / "ballyhoo.toml").write_text(sender)
        (tmp_path / "dkim.pem").write_bytes(to_pem(key))
        (tmp_path / "campaigns").mkdir(exist_ok=True)
        (tmp_path / "campaigns" / "a.yaml").write_text(
            f"campaign: a\nsegment: {{where: consent_email}}\ndeliver: {{from: {writes_from}}}\n"
        )
        zone = {name: found for name, found in (GOOD | dict(changed or {})).items() if found}
        with serve(zone) as server:
            found = list(check_senders(Workspace(tmp_path), [server]))
        return {one.what.partition(": ")[2]: one for one in found}

    return check_zone


def test_a_sender_that_is_set_up_well_is_well(check: Check) -> None:
    found = check()
    assert {what: one.ok for what, one in found.items()} == dict.fromkeys(
        ("SPF", "return path", "DKIM", "DMARC", "From"), True
    )
    assert found["return path"].hint == "bounces.shop.example: bounces go to a.shop.example"
    assert found["From"].hint == "shop.example signs for shop.example"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ([], 'publish bounces.shop.example. TXT "v=spf1 mx -all"'),
        (['"v=spf1 -all"', '"v=spf1 ~all"'], "2 SPF records"),
        (['"v=spf1 mx"'], "ends without 'all'"),
        (['"v=spf1 mx ?all"'], "ends with '?all'"),
        (['"v=spf1 +all"'], "allows everybody"),
        (
            ['"v=spf1 include:nothing.example -all"'],
            "includes nothing.example, which has no record",
        ),
        (['"v=spf1 include:bounces.shop.example -all"'], "which includes it again"),
        (['"v=spf1 redirect=nothing.example"'], "leads to nothing.example"),
        (['"v=spf1 a:a a:b a:c a:d a:e a:f mx mx:g ptr exists:h a:i -all"'], "needs 11 look-ups"),
    ],
)
def test_what_spf_lacks_is_said(check: Check, record: list[str], said: str) -> None:
    found = check({("bounces.shop.example", "TXT"): record})["SPF"]
    assert not found.ok
    assert said in found.hint


def test_spf_that_leads_elsewhere_is_followed(check: Check) -> None:
    assert check({("bounces.shop.example", "TXT"): ['"v=spf1 redirect=_spf.relay.example"']})[
        "SPF"
    ].ok


@pytest.mark.parametrize(
    ("record", "said"),
    [
        ([], 'publish s1._domainkey.shop.example. TXT "v=DKIM1; k=rsa; p=MIIB'),
        (['"v=DKIM1; p="'], "is revoked"),
        ([publish(SMALL)], "another key"),
        ([publish(EDWARDS)], "another key"),
        (['"v=DKIM1; k=rsa; p=###"'], "another key"),
        ([publish(RSA), publish(SMALL)], "2 keys"),
        ([publish(RSA).replace("v=DKIM1;", "v=DKIM1; t=y;")], "t=y"),
    ],
)
def test_what_the_key_in_the_dns_lacks_is_said(check: Check, record: list[str], said: str) -> None:
    found = check({("s1._domainkey.shop.example", "TXT"): record})["DKIM"]
    assert not found.ok
    assert said in found.hint


@pytest.mark.parametrize(
    ("key", "record"),
    [(EDWARDS, publish(EDWARDS)), (RSA, publish(RSA, PublicFormat.PKCS1))],
    ids=["ed25519", "rsa"],  # keys are new each time, and names of tests must not be
)
def test_keys_are_compared_in_each_of_their_forms(
    check: Check, key: rsa.RSAPrivateKey, record: str
) -> None:
    assert check({("s1._domainkey.shop.example", "TXT"): [record]}, key=key)["DKIM"].ok


def test_a_key_that_is_too_short_is_said(check: Check) -> None:
    found = check({("s1._domainkey.shop.example", "TXT"): [publish(SMALL)]}, key=SMALL)["DKIM"]
    assert "1024 bits are too few" in found.hint


def test_mail_that_nobody_signs_is_said(check: Check) -> None:
    sender = '[senders.default]\ndomain = "shop.example"\n'
    found = check(sender=sender)
    assert "is not signed" in found["DKIM"].hint
    assert not found["return path"].ok
    missing = SENDER.replace("dkim.pem", "nowhere.pem")
    assert "No such file" in check(sender=missing)["DKIM"].hint


@pytest.mark.parametrize(
    ("record", "ok", "said"),
    [
        ([], False, 'publish _dmarc.shop.example. TXT "v=DMARC1; p=none; rua='),
        (['"v=DMARC1"'], False, "has no p="),
        (['"v=DMARC1; p=none"'], True, "make it reject"),
    ],
)
def test_what_the_policy_lacks_is_said(
    check: Check, record: list[str], ok: bool, said: str
) -> None:
    found = check({("_dmarc.shop.example", "TXT"): record})["DMARC"]
    assert (found.ok, said in found.hint) == (ok, True)


@pytest.mark.parametrize(
    ("writes_from", "policy", "ok"),
    [
        ("news@mail.shop.example", "v=DMARC1; p=reject", True),
        ("news@mail.shop.example", "v=DMARC1; p=reject; adkim=s; aspf=s", False),
        ("news@other.example", "v=DMARC1; p=reject", False),
        ("news@notshop.example", "v=DMARC1; p=reject", False),
    ],
)
def test_from_has_to_belong_to_who_signs(
    check: Check, writes_from: str, policy: str, ok: bool
) -> None:
    found = check({("_dmarc.shop.example", "TXT"): [f'"{policy}"']}, writes_from=writes_from)
    assert found["From"].ok is ok


@pytest.mark.parametrize(
    ("records_of_it", "ok", "said"),
    [
        ({("bounces.shop.example", "MX"): []}, False, "publish bounces.shop.example. MX 10"),
        ({("bounces.shop.example", "MX"): ["0 ."]}, False, "null MX"),
        (
            {
                ("bounces.shop.example", "MX"): [],
                ("bounces.shop.example", "A"): ["192.0.2.1"],
            },
            True,
            "its own address",
        ),
    ],
)
def test_bounces_have_to_come_back(check: Check, records_of_it: Zone, ok: bool, said: str) -> None:
    found = check(records_of_it)["return path"]
    assert (found.ok, said in found.hint) == (ok, True)


def test_where_the_dns_is_silent_nothing_is_held_against_the_sender(
    check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "PATIENCE_SECONDS", 0.2)
    found = check({("bounces.shop.example", "SILENT"): ["x"]})
    assert found["SPF"].ok
    assert "not checked" in found["SPF"].hint
    assert found["DKIM"].hint == "s1._domainkey.shop.example: rsa"


def test_nobody_who_sends_no_mail_is_asked_about_it(tmp_path: Path) -> None:
    (tmp_path / "ballyhoo.toml").write_text("")
    assert list(check_senders(Workspace(tmp_path))) == []


@pytest.fixture
def mail_server() -> Iterator[int]:
    """A mail server without STARTTLS."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def talk() -> None:
            connection, _ = server.accept()
            with connection, connection.makefile("rwb", buffering=0) as file:
                file.write(b"220 mail.example\r\n")
                while line := file.readline():
                    file.write(b"221 bye\r\n" if line.startswith(b"QUIT") else b"250 mail\r\n")

        thread = threading.Thread(target=talk, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(timeout=5)


def test_a_server_of_this_machine_needs_no_tls_unless_a_password_is_sent(mail_server: int) -> None:
    assert check_server(f"smtp://127.0.0.1:{mail_server}")[0]


def test_a_password_in_the_open_is_said_and_not_shown(mail_server: int) -> None:
    ok, hint = check_server(f"smtp://u:secret@127.0.0.1:{mail_server}")
    assert not ok
    assert "offers no STARTTLS" in hint
    assert "secret" not in hint


@pytest.mark.parametrize(
    ("url", "ok"),
    [
        ("smtp+unix:///run/mail.sock", True),
        ("http://mail.example", False),
        ("smtp://127.0.0.1:1", False),
        ("smtp://127.0.0.1:99999", False),
        ("smtp://[", False),
    ],
)
def test_what_is_no_server_or_not_there_is_said(url: str, ok: bool) -> None:
    assert check_server(url)[0] is ok
