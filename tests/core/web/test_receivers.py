"""A mail service's webhook takes an address off, as mail that came back would."""

from __future__ import annotations

import base64
import json
from datetime import timedelta
from email import message_from_bytes
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from starlette.testclient import TestClient

from ballyhoo.core.store.rows import ConsentRow
from ballyhoo.core.store.tables import message_events
from ballyhoo.core.web.app import make_app

from ..engine.shop import make_recipe
from .site import MAIL, Site


def test_a_bounce_that_a_service_tells_is_about_the_message_and_holds_for_the_next(
    site: Site,
) -> None:
    key = generate_private_key(SECP256R1())
    shown = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    settings = site.shop.folder / "ballyhoo.toml"
    told = f'[plugins.email_channel]\nsendgrid_keys = ["{base64.b64encode(shown).decode()}"]\n'
    settings.write_text(settings.read_text() + told)
    site.shop.workspace.__dict__.pop("settings", None)
    site.shop.add("ada", "bob", consents=(ConsentRow("email", True, 1),))
    run = site.shop.run(make_recipe(deliver=MAIL))
    site.shop.clock.advance(timedelta(minutes=5))

    def tell(name: str, **said: Any) -> str:
        recipient = site.shop.find(name)
        (path,) = site.shop.folder.glob(f"outbox/{run.id}/*{run.id}-{recipient}.eml")
        mail = message_from_bytes(path.read_bytes())
        event = {"smtp-id": mail["Message-ID"], "email": mail["To"], "sg_event_id": name, **said}
        body = json.dumps([event]).encode()
        signature = base64.b64encode(key.sign(b"5" + body, ECDSA(SHA256()))).decode()
        headers = {
            "x-twilio-email-event-webhook-signature": signature,
            "x-twilio-email-event-webhook-timestamp": "5",
        }
        with TestClient(make_app(site.shop.workspace, clock=site.shop.clock)) as client:
            answer = client.post("/plugins/email_channel/sendgrid", content=body, headers=headers)
        assert answer.status_code == 200
        return answer.text

    failed = {"event": "bounce", "type": "bounce", "status": "5.1.1", "reason": "550 no such user"}
    assert tell("ada", **failed).startswith("1 new")
    assert tell("ada", **failed).startswith("0 new")
    assert tell("bob", event="spamreport").startswith("1 new")
    kinds = {one.kind for one in site.rows(message_events) if one.provider_event_id}
    assert {"bounce", "complaint"} <= kinds
    again = site.shop.run(make_recipe("second", deliver=MAIL))
    assert site.shop.receipt(again).skipped == {"suppressed": 2}
