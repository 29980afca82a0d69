"""The URL of a server."""

from __future__ import annotations

import pytest

from ballyhoo import DataError
from ballyhoo.plugins.email_channel.smtp import read_server


@pytest.mark.parametrize(
    ("url", "protocol", "name", "tls"),
    [
        ("smtp://localhost", "smtp", "localhost:25", "try"),
        ("smtp://mail.example.com:587", "smtp", "mail.example.com:587", "try"),
        ("smtp://u:p@mail.example.com:587", "smtp", "mail.example.com:587", "require"),
        ("smtp://u:p@127.0.0.1:1025", "smtp", "127.0.0.1:1025", "try"),
        ("smtp://[::1]:2525?starttls=no", "smtp", "[::1]:2525", "no"),
        ("smtps://mail.example.com", "smtp", "mail.example.com:465", "always"),
        ("lmtp://localhost", "lmtp", "localhost:24", "try"),
        ("lmtp+unix:///run/dovecot/lmtp", "lmtp", "/run/dovecot/lmtp", "try"),
        ("smtp+unix:///run/my%20relay.sock", "smtp", "/run/my relay.sock", "try"),
    ],
)
def test_url_says_where_and_how(url, protocol, name, tls):
    server = read_server(url)
    assert (server.protocol, server.name, server.tls) == (protocol, name, tls)


def test_user_and_password_are_decoded_and_the_password_is_not_shown():
    server = read_server("smtp://us%40er:p%2F%3A%25w@mail.example.com")
    assert (server.user, server.password) == ("us@er", "p/:%w")
    assert "p/:%w" not in repr(server)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("mail.example.com:25", "must begin with"),
        ("http://mail.example.com", "must begin with"),
        ("smtp://", "names no host"),
        ("smtp://host:port", "is not a URL"),
        ("smtp://host:99999", "is not a URL"),
        ("smtp://u:hush/er@host", "is not a URL"),
        ("smtp://u:hush#er@host", "%23"),
        ("smtp://u:hush?er@host", "is not a URL"),
        ("smtp://host/hush", "holds a path"),
        ("smtp://host?hush=1", "an option that there is not"),
        ("smtp://host?starttls=hush", "wrong value of 'starttls'"),
        ("smtp://host?pipelining=hush", "wrong value of 'pipelining'"),
        ("smtp://host?hello=a%0Ahush", "no host name"),
        ("smtp://u:hush@mail.example.com?starttls=no", "show the password"),
        ("smtps://u:hush@host?starttls=no", "beside smtps"),
        ("smtp+unix://run/mail.sock", "three slashes"),
        ("lmtp+unix:///", "names no socket"),
        ("smtp://u:hush%FF@host", "not UTF-8"),
        ("smtp://ho st", "no host has"),
    ],
)
def test_wrong_url_is_refused_without_a_word_of_its_password(url, said):
    with pytest.raises(DataError) as caught:
        read_server(url)
    assert said in caught.value.message
    assert "hush" not in str(caught.value)
    assert caught.value.hint
