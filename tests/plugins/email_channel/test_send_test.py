"""`ballyhoo send-test` over a real server: the message of a customer, to somebody else."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from email import message_from_bytes
from email.policy import SMTP
from pathlib import Path

import pytest

from ballyhoo.core.cli import main

from .scripted_server import ScriptedServer

Run = Callable[..., tuple[int, str]]
SETTINGS = """\
base_url = "https://shop.example"
[brand]
name = "Fernpfad"
legal_address = "Fernpfad GmbH, Graz"
[senders.default]
return_path = "bounces.shop.example"
"""
RECIPE = """\
campaign: trail
segment: {where: consent_email}
deliver:
  plugin: email_channel
  from: Fernpfad <news@shop.example>
  fields: {subject: "{first_name|Hello}, new trails", body: Come and look.}
"""
PEOPLE = """\
id,email,first_name,consent_email,consent_at
C-1,ada@customers.example,Ada,yes,2026-01-15
C-2,bo@customers.example,Bo,yes,2026-01-15
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in a workspace with two customers."""
    monkeypatch.chdir(tmp_path)

    def run_command(*arguments: str) -> tuple[int, str]:
        with pytest.raises(SystemExit) as stop:
            main(arguments)
        captured = capsys.readouterr()
        return int(stop.value.code or 0), captured.out + captured.err

    run_command("init", ".")
    Path("ballyhoo.toml").write_text(SETTINGS)
    Path("trail.yaml").write_text(RECIPE)
    Path("people.csv").write_text(PEOPLE)
    assert run_command("import", "customers", "people.csv")[0] == 0
    return run_command


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedServer]:
    with ScriptedServer() as listening:
        monkeypatch.setenv("BALLYHOO_SMTP_URL", f"smtp://127.0.0.1:{listening.port}")
        yield listening


def test_it_arrives_as_the_customers_message_with_links_that_lead_nowhere(
    run: Run, server: ScriptedServer
) -> None:
    code, said = run(
        "send-test", "trail.yaml", "--to", "Me <x", "--to", "me@agency.example", "--customer", "C-2"
    )
    assert (code, server.accepted) == (2, [])
    assert "address 1 of --to cannot be written to" in said
    code, said = run(
        "send-test", "trail.yaml", "--to", "me@AGENCY.example", "--customer", "C-2", "--json"
    )
    told = json.loads(said)
    assert (code, told["to"], told["outcome"], told["provider_id"]) == (0, 1, "sent", "Q0001")
    [accepted] = server.accepted
    assert accepted.recipient == "me@agency.example"
    assert accepted.sender == "b+preview@bounces.shop.example"
    parsed = message_from_bytes(accepted.content, policy=SMTP)
    assert parsed["Subject"] == "[Test] Bo, new trails"
    assert parsed["To"] == "me@agency.example"
    assert parsed["List-Unsubscribe"] == "<https://preview.invalid/unsubscribe/preview>"
    assert b"customers.example" not in accepted.content
    assert b"https://shop.example" not in accepted.content
    assert "agency" not in said


def test_without_a_server_that_answers_it_is_exit_code_3(run: Run, server: ScriptedServer) -> None:
    server.close()
    code, said = run("send-test", "trail.yaml", "--to", "me@agency.example")
    assert code == 3
    assert "the mail server 127.0.0.1" in said
    assert "me@agency" not in said


def test_an_address_that_the_server_refuses_is_exit_code_1(
    run: Run, server: ScriptedServer
) -> None:
    server.script = lambda step, count: b"550 5.1.1 <me@agency.example> who?\r\n" if (
        step == "RCPT"
    ) else None  # fmt: skip
    code, said = run("send-test", "trail.yaml", "--to", "me@agency.example")
    assert code == 1
    assert "address 1: failed 550" in said
    assert "me@agency" not in said
