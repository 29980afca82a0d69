"""Postfix's smtp-sink and its faults, where it is found (Debian's package postfix)."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections import Counter
from contextlib import contextmanager

import pytest

from .posting import HURRIED, make_messages, outcomes, post

SINK = shutil.which("smtp-sink")

pytestmark = pytest.mark.skipif(SINK is None, reason="there is no smtp-sink (package postfix)")


@contextmanager
def run_sink(*options):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    user = ["-u", "nobody"] if os.geteuid() == 0 else []
    sink = subprocess.Popen([SINK, *user, *options, f"127.0.0.1:{port}", "100"])
    try:
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.02)
        yield f"smtp://127.0.0.1:{port}"
    finally:
        sink.terminate()
        sink.wait()


def send(url, count=30, **options):
    messages = make_messages(count, domain="d{}.example")
    return outcomes(post(None, messages, url=url, connections=4, **options))


@pytest.mark.parametrize("options", [(), ("-p",), ("-e",), ("-8",), ("-L",)])
def test_everything_is_sent_whatever_it_can(options):
    with run_sink(*options) as url:
        found = send(url.replace("smtp", "lmtp", 1) if "-L" in options else url)
    assert found == ["sent"] * 30


@pytest.mark.parametrize(
    ("options", "outcome"),
    [
        (("-f", "RCPT"), "failed"),
        (("-f", "."), "failed"),
        (("-r", "RCPT"), "later"),
        (("-r", "."), "later"),
        (("-Q", "DATA"), "later"),
        (("-q", "DATA"), "later"),
        (("-q", "RCPT"), "later"),
        (("-q", "."), "unknown"),
        (("-Q", "."), "later"),
    ],
)
def test_each_fault_means_what_it_means(options, outcome):
    with run_sink(*options) as url:
        assert Counter(send(url, count=6)) == {outcome: 6}


def test_answer_that_does_not_come_is_unknown():
    with run_sink("-W", ".:5") as url:
        assert send(url, count=2, timeouts=HURRIED) == ["unknown", "unknown"]
