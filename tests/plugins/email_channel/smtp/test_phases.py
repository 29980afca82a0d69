"""What a no, a silence or an end means in each phase of the conversation."""

from __future__ import annotations

import pytest

from ballyhoo import EnvironmentMissing

from ..scripted_server import EXTENSIONS, Drop, ScriptedServer, Silence
from .posting import BODY, HASTY, HURRIED, make_messages, outcomes, post

WAYS = {"pipelined": EXTENSIONS, "one by one": ("8BITMIME", "SIZE 10000000")}
BEFORE_THE_DOT = ("MAIL", "RCPT", "DATA")


@pytest.fixture(params=WAYS)
def extensions(request):
    return WAYS[request.param]


def once(step, answer):
    """Answer like this the first time, and as usual afterwards."""

    def script(asked, count):
        if asked != step or count > 1:
            return None
        if isinstance(answer, bytes):
            return answer
        raise answer

    return script


def test_every_message_arrives_as_it_was_with_the_queue_id_in_its_receipt(extensions):
    with ScriptedServer(extensions=extensions) as server:
        dispatch = post(server, make_messages(5))
    assert outcomes(dispatch) == ["sent"] * 5
    assert {one.content for one in server.accepted} == {BODY}
    assert [one.recipient for one in server.accepted] == [
        f"reader{number}@example.org" for number in range(1, 6)
    ]
    assert dispatch.receipts["1-1"].provider_id == "Q0001"
    assert server.commands[-1] == "QUIT"
    assert server.counts["CONNECT"] == 1


@pytest.mark.parametrize("step", [*BEFORE_THE_DOT, "DOT"])
def test_refusal_for_good_fails_the_message_and_the_next_goes_on(step, extensions):
    with ScriptedServer(
        once(step, b"550 5.7.1 we do not want it\r\n"), extensions=extensions
    ) as server:
        dispatch = post(server, make_messages(3))
    assert outcomes(dispatch) == ["failed", "sent", "sent"]
    assert dispatch.receipts["1-1"].code == 550
    assert "5.7.1 we do not want it" in dispatch.receipts["1-1"].detail
    assert len(server.accepted) == 2
    assert server.counts["CONNECT"] == 1
    assert ("1-1" in dispatch.marked) == (step == "DOT")


def test_server_that_wants_a_message_whose_recipient_it_refused_gets_no_dot():
    with ScriptedServer(once("RCPT", b"550 5.1.1 nobody\r\n")) as server:
        server.wants_data_always = True
        dispatch = post(server, make_messages(2))
    assert outcomes(dispatch) == ["failed", "sent"]
    assert server.counts["DOT"] == 1


@pytest.mark.parametrize("step", [*BEFORE_THE_DOT, "DOT"])
@pytest.mark.parametrize("code", [450, 451, 452])
def test_refusal_for_now_is_later(step, code, extensions):
    with ScriptedServer(
        once(step, b"%d 4.2.1 not now\r\n" % code), extensions=extensions
    ) as server:
        dispatch = post(server, make_messages(3))
    assert outcomes(dispatch) == ["later", "sent", "sent"]
    assert dispatch.receipts["1-1"].code == code


@pytest.mark.parametrize("step", [*BEFORE_THE_DOT, "DOT"])
def test_end_of_service_is_later_and_the_next_gets_a_new_connection(step, extensions):
    def script(asked, count):
        if asked == step and count == 1:
            return b"421 4.3.2 closing down\r\n"
        if asked == "QUIT":
            raise Drop
        return None

    with ScriptedServer(script, extensions=extensions) as server:
        dispatch = post(server, make_messages(3))
    assert outcomes(dispatch) == ["later", "sent", "sent"]
    assert server.counts["CONNECT"] == 2


@pytest.mark.parametrize("harm", [Drop(), Silence(), b"what?\r\n", b"250-half\r\n", b"\xff\x00"])
@pytest.mark.parametrize("step", BEFORE_THE_DOT)
def test_whatever_goes_wrong_before_the_body_is_later_and_nothing_is_out(step, harm, extensions):
    with ScriptedServer(once(step, harm), extensions=extensions) as server:
        dispatch = post(server, make_messages(2), timeouts=HURRIED)
    assert outcomes(dispatch) == ["later", "sent"]
    assert dispatch.marked == ["1-2"]
    assert [one.recipient for one in server.accepted] == ["reader2@example.org"]


@pytest.mark.parametrize(
    ("said", "outcome"),
    [(b"552 5.3.4 too big\r\n", "failed"), (b"452 4.3.1 full\r\n", "later"), (Drop(), "later")],
)
def test_server_that_speaks_or_goes_in_the_middle_of_the_body_gets_no_dot(said, outcome):
    big = b"Subject: big\r\n\r\n" + b"0123456789\r\n" * 500_000
    with ScriptedServer(once("BODY", said), receive_buffer=65_536) as server:
        dispatch = post(server, make_messages(2, content=big))
    assert outcomes(dispatch) == [outcome, "sent"]
    assert dispatch.marked == ["1-2"]
    assert [one.content for one in server.accepted] == [big]


@pytest.mark.parametrize("harm", [Drop(), Silence(), b"what?\r\n", b"250-half\r\n", b"354 hm\r\n"])
def test_no_answer_to_the_dot_is_unknown_and_the_next_goes_on(harm, extensions):
    with ScriptedServer(once("DOT", harm), extensions=extensions) as server:
        dispatch = post(server, make_messages(3), timeouts=HURRIED)
    assert outcomes(dispatch) == ["unknown", "sent", "sent"]
    assert server.counts["CONNECT"] == 2


def test_answer_to_the_dot_that_drips_in_too_slowly_is_unknown():
    def script(asked, count):
        if asked == "DOT":
            server.drip_seconds = 0.2
        return

    with ScriptedServer(script) as server:
        dispatch = post(server, make_messages(1), timeouts=HURRIED)
    assert outcomes(dispatch) == ["unknown"]


def test_server_that_drips_its_greeting_is_given_up():
    with ScriptedServer() as server:
        server.drip_seconds = 0.2
        with pytest.raises(EnvironmentMissing, match="does not answer within"):
            post(server, make_messages(1), timeouts=HURRIED)


@pytest.mark.parametrize(
    "noise", [b"2" * 10_000, b"250-x\r\n" * 20_000, b"250 a\r\n" * 100, b"HTTP/1.1 400 Bad\r\n"]
)
def test_endless_answer_ends_the_connection_not_the_memory(noise):
    with ScriptedServer(once("MAIL", noise)) as server:
        dispatch = post(server, make_messages(2), timeouts=HURRIED)
    assert dispatch.receipts["1-1"].outcome in ("later", "failed")
    assert dispatch.receipts["1-2"].outcome == "sent"


def test_refused_mark_ends_the_connection_without_the_dot(extensions):
    with ScriptedServer(extensions=extensions) as server:
        dispatch = post(server, make_messages(3), refuse={"1-2"})
    assert outcomes(dispatch) == ["sent", "sent"]
    assert [one.recipient for one in server.accepted] == [
        "reader1@example.org",
        "reader3@example.org",
    ]
    assert "RSET" not in server.commands
    assert server.counts["CONNECT"] == 2


def test_mark_comes_when_the_server_has_the_body_and_not_the_dot(extensions):
    seen = []
    with ScriptedServer(extensions=extensions) as server:
        post(
            server,
            make_messages(2),
            on_mark=lambda message: seen.append(
                (server.counts["DATA"], len(server.accepted), server.counts["DOT"])
            ),
        )
    assert [(data, dots) for data, _, dots in seen] == [(1, 0), (2, 1)]


def test_connection_that_ends_after_some_messages_is_opened_anew_and_nothing_is_put_off(extensions):
    def script(asked, count):
        if asked == "MAIL" and count == 3:
            return b"421 4.7.0 too many messages in one session\r\n"
        if asked == "MAIL" and count == 6:
            raise Drop
        return None

    with ScriptedServer(script, extensions=extensions) as server:
        dispatch = post(server, make_messages(8))
    assert outcomes(dispatch) == ["sent"] * 8


def test_messages_per_connection_are_kept():
    with ScriptedServer() as server:
        dispatch = post(server, make_messages(7), per_connection=3)
    assert outcomes(dispatch) == ["sent"] * 7
    assert server.counts["CONNECT"] == 3
    assert server.counts["QUIT"] == 3


def test_addresses_are_in_no_receipt(extensions):
    said = b"550 5.1.1 <reader1@example.org>: READER1 unknown, says b+token@bounce.example.com\r\n"
    with ScriptedServer(once("RCPT", said), extensions=extensions) as server:
        dispatch = post(server, make_messages(1))
    detail = dispatch.receipts["1-1"].detail
    assert "5.1.1" in detail
    assert "unknown" in detail
    assert "reader1" not in detail.lower()
    assert "@" not in detail


@pytest.mark.parametrize(
    ("answer", "queue_id"),
    [
        (b"250 2.0.0 Ok: queued as 4FfX2b1mzz", "4FfX2b1mzz"),
        (b"250 OK id=1rX3Jc-0007Yp-2K", "1rX3Jc-0007Yp-2K"),
        (b"250 2.0.0 41AFk3bB012345 Message accepted for delivery", "41AFk3bB012345"),
        (b"250 Ok 0100018d3c1a2b3c-4f5e6d7c-000000", "0100018d3c1a2b3c-4f5e6d7c-000000"),
        (b"250 2.6.0 <a@b> [InternalId=9028021, Hostname=x] Queued mail", "9028021"),
        (b"250 ok 1706000000 qp 12345", "12345"),
        (b"250 thank you", None),
        (b"250", None),
    ],
)
def test_queue_id_is_read_as_servers_write_it(answer, queue_id):
    with ScriptedServer(once("DOT", answer + b"\r\n")) as server:
        dispatch = post(server, make_messages(1))
    assert dispatch.receipts["1-1"].provider_id == queue_id
    assert dispatch.receipts["1-1"].code == 250


def test_nothing_goes_out_when_marks_cannot_be_stored():
    def fail(message):
        raise ConnectionError("the database does not answer")

    with ScriptedServer() as server, pytest.raises(ConnectionError):
        post(server, make_messages(3), on_mark=fail, pace=HASTY)
    assert not server.accepted
