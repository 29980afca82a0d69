"""How a session is opened: who we are, encryption, logging in; and when it cannot be."""

from __future__ import annotations

import base64
import socket

import pytest

from ballyhoo import EnvironmentMissing

from ..scripted_server import EXTENSIONS, Drop, ScriptedServer, Silence
from .posting import BODY, HURRIED, make_messages, outcomes, post

WITH_TLS = (*EXTENSIONS, "STARTTLS")


def encode(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def always(step, answer):
    def script(asked, count):
        if asked != step:
            return None
        if isinstance(answer, bytes):
            return answer
        raise answer

    return script


def test_starttls_is_used_where_it_is_offered_whoever_made_the_certificate(certificate):
    with ScriptedServer(extensions=WITH_TLS, starttls=certificate.context) as server:
        dispatch = post(server, make_messages(3))
    assert outcomes(dispatch) == ["sent"] * 3
    assert [command[:4] for command in server.commands[:4]] == ["EHLO", "STAR", "EHLO", "MAIL"]
    assert server.accepted[0].content == BODY


def test_required_starttls_checks_the_certificate(certificate):
    with ScriptedServer(extensions=WITH_TLS, starttls=certificate.context) as server:
        url = f"smtp://127.0.0.1:{server.port}?starttls=require"
        with pytest.raises(EnvironmentMissing, match="certificate is not trusted"):
            post(server, make_messages(1), url=url)
        assert outcomes(post(server, make_messages(1), url=f"{url}&ca={certificate.file}")) == [
            "sent"
        ]
    assert server.counts["MAIL"] == 1


def test_required_starttls_that_is_not_offered_sends_nothing():
    with ScriptedServer() as server, pytest.raises(EnvironmentMissing, match="STARTTLS"):
        post(server, make_messages(1), url=f"smtp://127.0.0.1:{server.port}?starttls=require")
    assert server.counts["MAIL"] == 0
    assert server.counts["CONNECT"] == 1


def test_starttls_can_be_left_alone(certificate):
    with ScriptedServer(extensions=WITH_TLS, starttls=certificate.context) as server:
        post(server, make_messages(1), url=f"smtp://127.0.0.1:{server.port}?starttls=no")
    assert server.counts["STARTTLS"] == 0
    assert len(server.accepted) == 1


def test_words_smuggled_in_after_starttls_are_not_believed(certificate):
    smuggled = b"220 go ahead\r\n250 and a word from somebody else\r\n"
    with (
        ScriptedServer(
            always("STARTTLS", smuggled), extensions=WITH_TLS, starttls=certificate.context
        ) as server,
        pytest.raises(EnvironmentMissing, match="in the open"),
    ):
        post(server, make_messages(1))
    assert not server.accepted


def test_smtps_is_encrypted_from_the_first_byte(certificate):
    with ScriptedServer(tls=certificate.context) as server:
        url = f"smtps://127.0.0.1:{server.port}?ca={certificate.file}"
        dispatch = post(server, make_messages(4), url=url, connections=2)
    assert outcomes(dispatch) == ["sent"] * 4


@pytest.mark.parametrize("ways", ["AUTH PLAIN LOGIN", "AUTH LOGIN"])
def test_user_logs_in(ways):
    def script(step, count):
        return b"334 VXNlcm5hbWU6\r\n" if step == "AUTH" and "PLAIN" not in ways else None

    with ScriptedServer(script, extensions=(*EXTENSIONS, ways)) as server:
        url = f"smtp://us%40er:p%2Fw%3A@127.0.0.1:{server.port}"
        dispatch = post(server, make_messages(1), url=url)
    assert outcomes(dispatch) == ["sent"]
    secrets = server.commands[1:4]
    if "PLAIN" in ways:
        assert secrets[0] == f"AUTH PLAIN {encode(chr(0) + 'us@er' + chr(0) + 'p/w:')}"
    else:
        assert secrets == ["AUTH LOGIN", encode("us@er"), encode("p/w:")]


def test_refused_password_is_said_at_once_and_never_shown():
    refusal = b"535 5.7.8 user us@er with secretpw is unknown\r\n"
    with ScriptedServer(always("AUTH", refusal), extensions=(*EXTENSIONS, "AUTH PLAIN")) as server:
        url = f"smtp://us%40er:secretpw@127.0.0.1:{server.port}"
        with pytest.raises(EnvironmentMissing) as caught:
            post(server, make_messages(1), url=url)
    assert "535 5.7.8" in str(caught.value)
    assert "secretpw" not in repr(caught.value) + str(caught.value)
    assert "us@er" not in str(caught.value)
    assert server.counts["CONNECT"] == 1


def test_server_without_a_way_to_log_in_gets_nothing():
    with ScriptedServer() as server, pytest.raises(EnvironmentMissing, match="log in"):
        post(server, make_messages(1), url=f"smtp://user:pw@127.0.0.1:{server.port}")
    assert server.counts["MAIL"] == 0


def test_server_of_old_is_greeted_with_helo():
    with ScriptedServer(always("EHLO", b"502 what?\r\n")) as server:
        server.script = lambda step, count: {
            "EHLO": b"502 what?\r\n", "HELO": b"250 hello\r\n"
        }.get(step)  # fmt: skip
        dispatch = post(server, make_messages(2))
    assert outcomes(dispatch) == ["sent", "sent"]
    assert [command[:4] for command in server.commands[:4]] == ["EHLO", "HELO", "MAIL", "RCPT"]


def test_our_name_can_be_given():
    with ScriptedServer() as server:
        post(server, make_messages(1), url=f"smtp://127.0.0.1:{server.port}?hello=mx.example.com")
    assert server.commands[0] == "EHLO mx.example.com"


def test_lmtp_says_lhlo():
    with ScriptedServer() as server:
        dispatch = post(server, make_messages(2), url=f"lmtp://127.0.0.1:{server.port}")
    assert outcomes(dispatch) == ["sent", "sent"]
    assert server.commands[0].startswith("LHLO ")


@pytest.mark.parametrize("scheme", ["smtp", "lmtp"])
def test_unix_socket_works(scheme, tmp_path):
    path = tmp_path / "mail.sock"
    with ScriptedServer(path=str(path)) as server:
        dispatch = post(server, make_messages(2), url=f"{scheme}+unix://{path}")
    assert outcomes(dispatch) == ["sent", "sent"]


def test_server_that_is_not_there_is_missing_and_nothing_is_claimed():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"smtp://user:pw@127.0.0.1:{free.getsockname()[1]}"
        claimed = []
        with pytest.raises(EnvironmentMissing, match="Connection refused") as caught:
            post(None, make_messages(3), url=url, on_claim=claimed.append)
    assert not claimed
    assert "pw" not in str(caught.value)
    assert caught.value.exit_code == 3


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (b"421 4.3.2 busy\r\n", "421 4.3.2"),
        (b"554 5.7.1 go away\r\n", "554 5.7.1"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "does not speak SMTP"),
        (Drop(), "closed the connection"),
        (Silence(), "does not answer"),
    ],
)
def test_server_that_lets_nobody_in_is_tried_again_and_then_missing(harm, said):
    with ScriptedServer(always("CONNECT", harm)) as server:
        with pytest.raises(EnvironmentMissing, match=said):
            post(server, make_messages(2), timeouts=HURRIED)
        assert server.counts["CONNECT"] == 3


def test_server_that_is_busy_for_a_moment_is_waited_for():
    def script(step, count):
        return b"421 4.3.2 busy\r\n" if step == "CONNECT" and count < 3 else None

    with ScriptedServer(script) as server:
        assert outcomes(post(server, make_messages(2))) == ["sent", "sent"]


def test_server_that_lets_in_only_some_connections_gets_everything_over_those():
    def script(step, count):
        return b"421 4.7.0 too many connections\r\n" if step == "CONNECT" and count > 2 else None

    with ScriptedServer(script) as server:
        dispatch = post(server, make_messages(40, domain="d{}.example"), connections=8)
    assert outcomes(dispatch) == ["sent"] * 40


def test_server_that_goes_away_in_the_middle_is_missing_and_what_is_left_is_not_settled():
    with ScriptedServer() as server:

        def close(message, receipt):
            if len(dispatch_receipts) == 0:
                dispatch_receipts.append(receipt)
                server.script = always("CONNECT", Drop())

        dispatch_receipts = []
        with pytest.raises(EnvironmentMissing):
            post(server, make_messages(5), per_connection=1, on_settle=close)
    assert len(server.accepted) == 1
