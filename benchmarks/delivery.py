"""How fast the e-mail channel sends, beside a bare sender and beside a plain script.

The whole channel is measured, from the plan to the last receipt: claiming, rendering, MIME, DKIM
(RSA-2048), marks and receipts on SQLite, SMTP. It sends to Postfix's smtp-sink on loopback.

- `ceiling_ratio`: its messages per second to those of Postfix's smtp-source, which sends ready
  bytes of the same size over as many connections;
- `script_ratio`: to those of a script with Jinja2, EmailMessage, dkimpy and smtplib on one
  connection;
- `latency_ratio`: the same with a round trip of 20 ms in between, over 16 connections;
- `client_ratio`: the SMTP client alone, over ready bytes and marks that cost nothing, to
  smtp-source;
- `bounce_accuracy`: the share of samples of returned mail that are classified right.

What cannot be measured is null: without Postfix's programs (Debian's package `postfix`, installed
or unpacked), and without a folder of samples.

    python benchmarks/delivery.py [--quick] [--save] [--postfix DIR] [--bounces DIR]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from letter_shop import DOMAINS, fill_shop
from mail_script import measure_script
from mail_sink import Postfix, run_delay_proxy
from record import save_result

ROOT = Path(__file__).parent.parent
CONNECTIONS = 16

RECIPE = """\
campaign: spring-letter
segment: {{where: "country IN ('DE', 'AT')"}}
deliver:
  plugin: email_channel
  from: Fernpfad <news@shop.example>
  connections: {connections}
  messages_per_connection: 1000
  button: {{text: "Have a look", url: "https://shop.example/spring"}}
  fields:
    subject: "{{first_name|Hello}}, new for your next trail"
    body: "Come and have a look, {{first_name|friend}}. The trails are dry again."
"""
SETTINGS = """\
suppression_key = "a suppression key of the benchmark"
secret_key = "a secret key of the benchmark, long enough"
assignment_key = "an assignment key of the benchmark"
smtp_url = "smtp://127.0.0.1:{port}"
base_url = "https://news.shop.example"
experiments = {{holdout = "0%"}}
[brand]
name = "Fernpfad"
legal_address = "Fernpfad, 1 High Street, Springfield"
[senders.default]
domain = "shop.example"
dkim_selector = "news"
dkim_key_file = "dkim.pem"
return_path = "bounce.shop.example"
"""


def main() -> None:
    """Measure, print a line for each step, and the figures as one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="2,000 messages instead of 20,000")
    parser.add_argument("--save", action="store_true", help="keep it in benchmarks/results/")
    parser.add_argument("--postfix", type=Path, help="where Debian's package was unpacked")
    parser.add_argument("--bounces", type=Path, help="a folder of samples of returned mail")
    parser.add_argument("--embedded", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.embedded:
        print(json.dumps(run_embedded(arguments.embedded)))
        return
    figures = measure(Postfix(arguments.postfix), 2_000 if arguments.quick else 20_000)
    figures["bounce_accuracy"] = measure_bounces(arguments.bounces)
    if arguments.save:
        save_result("delivery", figures)
    print(json.dumps(figures))


def measure(postfix: Postfix, size: int) -> dict[str, Any]:
    """Measure the channel and its peers; everything is null without Postfix's programs."""
    names = ("ceiling_ratio", "script_ratio", "latency_ratio", "client_ratio")
    if not postfix.is_there:
        report("not measured: there is no smtp-sink (Debian's package postfix; see --postfix)")
        return dict.fromkeys(names)
    few = max(100, size // 20)
    with tempfile.TemporaryDirectory(prefix="delivery", ignore_cleanup_errors=True) as folder:
        key = make_key()
        with postfix.run_sink() as port:
            channel = measure_channel(Path(folder) / "near", port, size, key)
            bytes_each = channel["bytes"]
            ceiling = postfix.measure_source(
                port, messages=size, size=bytes_each, sessions=CONNECTIONS
            )
            client = measure_client(port, messages=size, size=bytes_each)
            html = make_html(bytes_each)
            script = measure_script(port, messages=few, html=html, key=key)
            report(
                f"near: channel {channel['rate']:,.0f}, smtp-source {ceiling:,.0f}, client alone "
                f"{client:,.0f}, script {script:,.0f} messages per second of {bytes_each:,} bytes"
            )
            with run_delay_proxy(port) as far:
                channel_far = measure_channel(Path(folder) / "far", far, size // 4, key)
                script_far = measure_script(far, messages=max(50, few // 10), html=html, key=key)
            report(f"20 ms: channel {channel_far['rate']:,.0f}, script {script_far:,.1f}")
    return {
        "ceiling_ratio": round(channel["rate"] / ceiling, 3),
        "script_ratio": round(channel["rate"] / script, 2),
        "latency_ratio": round(channel_far["rate"] / script_far, 2),
        "client_ratio": round(client / ceiling, 3),
        "messages_per_second": {
            "channel": round(channel["rate"]),
            "smtp_source": round(ceiling),
            "client": round(client),
            "script": round(script),
            "channel_20ms": round(channel_far["rate"]),
            "script_20ms": round(script_far, 1),
        },
        "cpu_ms_per_message": round(channel["cpu_ms"], 3),
        "message_bytes": bytes_each,
        "scale": f"{size:,} messages, {CONNECTIONS} connections",
    }


def make_key() -> bytes:
    """Return a new private key of RSA-2048, PEM."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric import rsa

    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return made.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    )


def make_html(size: int) -> str:
    """Return a template that makes the script's message about as long as ours."""
    filler = '<p style="color:#222222;margin:0 0 16px">The trails are dry again.</p>\n'
    rows = max(1, (size - 2_000) // len(filler))
    return (
        f"<html><body><h1>Hello {{{{ name }}}}</h1>{filler * rows}<a href='{{{{ url }}}}'>out</a>"
    )


def measure_channel(folder: Path, port: int, size: int, key: bytes) -> dict[str, float]:
    """Run the campaign in a process of its own."""
    (folder / "campaigns").mkdir(parents=True)
    (folder / "campaigns" / "letter.yaml").write_text(RECIPE.format(connections=CONNECTIONS))
    (folder / "ballyhoo.toml").write_text(SETTINGS.format(port=port))
    (folder / "dkim.pem").write_bytes(key)
    fill_shop(f"sqlite:///{folder}/ballyhoo.db", size)
    done = subprocess.run(
        [sys.executable, __file__, "--embedded", str(folder)],
        check=True, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def run_embedded(folder: Path) -> dict[str, float]:
    """Run the campaign of a workspace here, and say how fast it was after its plan."""
    from ballyhoo.core.campaign import load_campaign
    from ballyhoo.core.engine.embedded import run_here
    from ballyhoo.core.engine.engine import open_engine
    from ballyhoo.core.engine.planning import plan_run
    from ballyhoo.core.engine.runs import load_run
    from ballyhoo.core.engine.starting import start_run
    from ballyhoo.core.store.ledger.receipts import count_receipt
    from ballyhoo.core.workspace import Workspace
    from ballyhoo.plugins.email_channel.smtp import session

    sizes: list[int] = []
    stuff = session.stuff_dots
    session.stuff_dots = lambda content: (sizes.append(len(content)), stuff(content))[1]
    workspace = Workspace(folder)
    campaign = load_campaign(
        folder / "campaigns" / "letter.yaml", registry=workspace.registry, workspace=folder
    )
    with open_engine(workspace) as engine:
        run_id = start_run(engine, campaign, folder, seed=1).run_id
        plan_run(engine, load_run(engine, run_id))
        began, busy = time.perf_counter(), time.process_time()
        run_here(engine, run_id)
        seconds, busy = time.perf_counter() - began, time.process_time() - busy
        with engine.store.read() as connection:
            receipt = count_receipt(connection, run_id)
    if not receipt.adds_up or set(receipt.states) != {"sent"}:
        raise SystemExit(f"the receipt is not as it should be: {receipt}")
    sent = receipt.states["sent"]
    return {
        "rate": sent / seconds,
        "cpu_ms": 1000 * busy / sent,
        "bytes": round(sum(sizes) / len(sizes)),
    }


class FreeDispatch:
    """A dispatch whose marks and receipts cost nothing."""

    def __init__(self, messages: list[Any]) -> None:
        self.messages = messages
        self.sent = 0

    async def __aiter__(self) -> AsyncIterator[Any]:
        """Give every message."""
        for message in self.messages:
            yield message

    async def mark_async(self, message: Any) -> bool:
        """Grant it."""
        return True

    async def settle_async(self, message: Any, receipt: Any) -> None:
        """Count it."""
        self.sent += receipt.outcome == "sent"


def measure_client(port: int, *, messages: int, size: int) -> float:
    """Return messages per second of the SMTP client alone."""
    from ballyhoo import Message
    from ballyhoo.plugins.email_channel.smtp import Envelope, deliver_by_smtp, read_server

    line = b"0123456789 abcdefgh 0123456789 abcdefgh 0123456789\r\n"
    content = b"Subject: ready\r\n\r\n" + line * (size // len(line))
    ready: list[Any] = [
        Message(
            id=number, key=f"1-{number}", run_id=1, campaign="spring-letter",
            address=f"u{number}@d{number % DOMAINS}.example", fields={},
            dated_at=datetime.now(UTC), content=content,
        )
        for number in range(messages)
    ]  # fmt: skip
    dispatch: Any = FreeDispatch(ready)
    began = time.perf_counter()
    deliver_by_smtp(
        dispatch,
        read_server(f"smtp://127.0.0.1:{port}"),
        lambda message: Envelope("b@shop.example", message.address, message.content),
        connections=CONNECTIONS,
        messages_per_connection=100_000,
    )
    seconds = time.perf_counter() - began
    if dispatch.sent != messages:
        raise SystemExit(f"{dispatch.sent} of {messages} were sent")
    return messages / seconds


def measure_bounces(folder: Path | None) -> float | None:
    """Return the share of samples that are classified right; None without samples."""
    if folder is None:
        return None
    sys.path.insert(0, str(ROOT))
    from tests.plugins.email_channel.returns.samples import measure_bounce_accuracy

    share, wrong = measure_bounce_accuracy(folder)
    for line in wrong:
        report(f"classified wrong: {line}")
    return round(share, 3)


def report(line: str) -> None:
    """Say on standard error how far it is."""
    print(line, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
