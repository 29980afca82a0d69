from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .shop import open_shop, read_post, set_mood

Run = Callable[..., Any]


@pytest.fixture(autouse=True)
def shop(run: Run) -> None:
    open_shop(run, ["ada", "bo"])


def test_it_sends_one_message_to_the_address_and_says_so(run: Run) -> None:
    answer = run("send-test", "r.yaml", "--to", "me@agency.example")
    assert answer.code == 0
    assert answer.out == (
        "test of 'letter' with the message of customer 1\n  address 1: sent 250\n"
    )
    assert read_post() == ["me@agency.example [Test] Hello Ada"]
    assert "there is no run yet" in run("status").out


def test_for_programs_it_is_one_object_without_an_address(run: Run) -> None:
    answer = run(
        "send-test", "r.yaml", "--to", "me@agency.example", "--to", "you@agency.example",
        "--customer", "bo", "--json",
    )  # fmt: skip
    told = json.loads(answer.out)
    assert (told["to"], told["outcome"], told["customer"]) == (2, "sent", 2)
    assert {"detail", "provider_id"} <= set(told)
    assert [one["outcome"] for one in told["messages"]] == ["sent", "sent"]
    assert "agency" not in answer.out + answer.err
    assert len(read_post()) == 2


@pytest.mark.parametrize("mood", ["failed", "unknown", "later"])
def test_what_was_not_sent_is_exit_code_1(run: Run, mood: str) -> None:
    set_mood("me", mood)
    answer = run("send-test", "r.yaml", "--to", "me@agency.example")
    assert answer.code == 1
    assert f"address 1: {mood} (the mood was {mood})" in answer.out


def test_what_is_wrong_is_exit_code_2_and_what_is_lacking_3(run: Run) -> None:
    assert run("send-test", "r.yaml").code == 2
    unknown = run("send-test", "r.yaml", "--to", "me@agency.example", "--customer", "cy")
    assert unknown.code == 2
    assert "there is no such customer" in unknown.err
    settings = Path("ballyhoo.toml")
    settings.write_text(settings.read_text() + '[safety]\nonly_to = ["@agency.example"]\n')
    refused = run("send-test", "r.yaml", "--to", "ada@customers.example")
    assert refused.code == 2
    assert "only_to" in refused.err
    assert "ada@" not in refused.err
    plugin = Path("plugins/post.py")
    text = plugin.read_text().replace("Receipt, hookimpl", "EnvironmentMissing, Receipt, hookimpl")
    lacking = '    moods = context.folder / "moods"\n'
    plugin.write_text(
        text.replace(lacking, "    raise EnvironmentMissing('no server')\n" + lacking)
    )
    assert run("send-test", "r.yaml", "--to", "me@agency.example").code == 3
    assert read_post() == []


def test_a_channel_that_logs_the_address_does_not_get_it_told(run: Run) -> None:
    plugin = Path("plugins/post.py")
    logs = '        context.log.warning("sending to %s", message.address)\n'
    first = "        if not dispatch.mark(message):\n"
    plugin.write_text(plugin.read_text().replace(first, logs + first))
    answer = run("send-test", "r.yaml", "--to", "me@agency.example")
    assert answer.code == 0
    assert "sending to (an address)" in answer.err
    assert "agency" not in answer.out + answer.err
