"""Many connections: who gets how much at once, and who is given time."""

from __future__ import annotations

from collections import Counter

import pytest

from ballyhoo import EnvironmentMissing, PermanentDeliveryError
from ballyhoo.plugins.email_channel.smtp import Pace

from ..scripted_server import Drop, ScriptedServer
from .posting import HASTY, envelope_of, make_messages, outcomes, post


def test_several_connections_share_the_messages():
    with ScriptedServer() as server:
        dispatch = post(server, make_messages(200, domain="d{}.example"), connections=8)
    assert outcomes(dispatch) == ["sent"] * 200
    assert len({one.recipient for one in server.accepted}) == 200
    assert 2 <= server.most_open <= 8
    assert dispatch.most_marked <= 8
    assert server.counts["QUIT"] == server.counts["CONNECT"]


def test_one_domain_never_has_more_than_its_share_of_the_connections():
    busy, most = Counter(), Counter()

    def claim(message):
        domain = message.address.rpartition("@")[2]
        busy[domain] += 1
        most[domain] = max(most[domain], busy[domain])

    def settle(message, receipt):
        busy[message.address.rpartition("@")[2]] -= 1

    messages = make_messages(60, domain="one.example")
    with ScriptedServer() as server:
        dispatch = post(
            server, messages, connections=8, per_domain=2, on_mark=claim, on_settle=settle
        )
    assert outcomes(dispatch) == ["sent"] * 60
    assert most["one.example"] <= 2


def test_domain_that_refuses_for_a_while_is_slowed_down_and_the_others_go_on():
    refused = Counter()

    def script(step, count):
        slow = step == "RCPT" and server.commands[-1].endswith("@slow.example>")
        if slow and refused["times"] < 2:
            refused["times"] += 1
            return b"451 4.7.1 too much\r\n"
        return None

    slow = make_messages(20, domain="slow.example")
    with ScriptedServer(script, extensions=()) as server:
        dispatch = post(server, slow, connections=4, pace=HASTY)
    found = Counter(outcomes(dispatch))
    assert found == {"sent": 18, "later": 2}


def test_domain_that_refuses_everything_is_put_off_without_trying_each():
    def script(step, count):
        return b"451 4.7.1 not today\r\n" if step == "RCPT" else None

    pace = Pace(tries=2, first_seconds=0.01, longest_seconds=5.0, refusals=3)
    with ScriptedServer(script) as server:
        dispatch = post(server, make_messages(100), connections=2, pace=pace)
    assert outcomes(dispatch) == ["later"] * 100
    assert server.counts["RCPT"] < 100
    untried = [one for one in dispatch.receipts.values() if one.code is None]
    assert untried
    assert all(one.retry_after_seconds is not None for one in untried)


def test_server_that_limits_the_sender_is_given_time_between_messages():
    def script(step, count):
        return b"450 4.7.1 slow down\r\n" if step == "MAIL" and count <= 3 else None

    with ScriptedServer(script) as server:
        dispatch = post(server, make_messages(6))
    assert outcomes(dispatch) == ["later"] * 3 + ["sent"] * 3


def test_lane_that_loses_every_connection_does_not_lose_a_message():
    def script(step, count):
        if step == "DATA" and count % 4 == 0:
            raise Drop
        return

    with ScriptedServer(script) as server:
        dispatch = post(server, make_messages(40, domain="d{}.example"), connections=4)
    found = Counter(outcomes(dispatch))
    assert found["sent"] == len(server.accepted) == len({one.recipient for one in server.accepted})
    assert found["sent"] + found["later"] == 40
    assert found["unknown"] == 0


def test_message_whose_envelope_cannot_be_made_fails_alone():
    def finds(message):
        if message.id == 2:
            raise PermanentDeliveryError("it has no text")
        return envelope_of(message)

    with ScriptedServer() as server:
        dispatch = post(server, make_messages(3), finds=finds)
    assert dispatch.states == {"1-1": "sent", "1-2": "failed", "1-3": "sent"}


def test_mistake_on_our_side_comes_out_and_every_other_message_is_settled_or_left():
    def finds(message):
        if message.id == 5:
            raise RuntimeError("a mistake")
        return envelope_of(message)

    with ScriptedServer() as server, pytest.raises(RuntimeError, match="a mistake"):
        post(server, make_messages(30, domain="d{}.example"), connections=4, finds=finds)
    assert len(server.accepted) < 30


def test_nothing_due_is_nothing_sent():
    with ScriptedServer() as server:
        assert outcomes(post(server, [])) == []
    assert server.counts["MAIL"] == 0


def test_server_that_goes_away_for_all_lanes_is_missing():
    def settle(message, receipt):
        server.script = refuse

    def refuse(step, count):
        if step in ("CONNECT", "MAIL"):
            raise Drop
        return

    with ScriptedServer() as server, pytest.raises(EnvironmentMissing):
        post(server, make_messages(50, domain="d{}.example"), connections=4, on_settle=settle)
