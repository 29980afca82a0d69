"""Copy by a server: questions, answers, patience, cost, and what a server does not take."""

from __future__ import annotations

import json
import logging
import threading

import pytest

from ballyhoo import BallyhooError, Brief, EnvironmentMissing, FieldLimits, PluginError
from ballyhoo.plugins.llm_copy import copywriter
from ballyhoo.plugins.llm_copy.fields.answers import read_fields
from ballyhoo.plugins.llm_copy.options import LlmOptions
from ballyhoo.plugins.llm_copy.server.client import Client
from ballyhoo.plugins.llm_copy.server.client import Server as Address
from ballyhoo.plugins.llm_copy.settings import LlmSettings
from ballyhoo.testing import make_context, sample_briefs

from .scripted import Answer, complete, refuse, run_server

FIELDS = ("subject", "preheader", "body")
BRIEF = Brief(
    campaign="spring",
    language="en",
    fields={"subject": FieldLimits(max_chars=30), "body": FieldLimits()},
    slots=("first_name",),
    seed=7,
)
GOOD = json.dumps({"subject": "New for you, {first_name}", "body": "Warm wool."})


def write(server, briefs, *, model="m", log=None, settings=None, **options):
    context = make_context(
        "llm_copy", settings=LlmSettings(server_url=server.url, **(settings or {})), log=log
    )
    asked = LlmOptions(engine="server", model=model, **options)
    return copywriter.generate(context, asked, briefs)


def test_a_copy_is_read_from_the_object_that_the_server_answers():
    with run_server(lambda question, number: complete(GOOD)) as server:
        (copy,) = write(server, [BRIEF], temperature=0.5)
    assert copy.fields == {"subject": "New for you, {first_name}", "body": "Warm wool."}
    assert copy.provenance.model == "served-model"
    assert copy.provenance.engine.startswith("server 127.0.0.1:")
    assert copy.provenance.seed == 7
    (question,) = server.asked
    assert server.paths == ["/v1/chat/completions"]
    assert question["model"] == "m"
    assert (question["seed"], question["temperature"]) == (7, 0.5)
    assert [one["role"] for one in question["messages"]] == ["system", "user"]
    schema = question["response_format"]["json_schema"]["schema"]
    assert schema["required"] == ["subject", "body"]


def test_copies_are_aligned_with_their_briefs_and_asked_for_at_the_same_time():
    gate = threading.Barrier(4)

    def reply(question, number):
        gate.wait(timeout=30)
        return complete(json.dumps({"body": f"seed {question['seed']}"}))

    briefs = [
        Brief(campaign="spring", language="en", fields={"body": FieldLimits()}, seed=seed)
        for seed in range(8)
    ]
    with run_server(reply) as server:
        copies = write(server, briefs, settings={"server_concurrency": 4})
    assert [one.fields["body"] for one in copies] == [f"seed {seed}" for seed in range(8)]
    assert server.most_at_once == 4


def test_texts_are_cut_to_their_limits():
    long = json.dumps({"subject": "Warm wool for long days. And much more of it", "body": "x"})
    with run_server(lambda question, number: complete(long)) as server:
        (copy,) = write(server, [BRIEF])
    assert copy.fields["subject"] == "Warm wool for long days."


def test_a_server_without_structured_output_is_asked_for_lines_from_then_on():
    def reply(question, number):
        if "response_format" in question:
            return refuse(400, "response_format is not supported")
        return complete("Subject: New shoes\nBody: Warm wool.")

    with run_server(reply) as server:
        (first,) = write(server, [BRIEF], model="lines")
        (second,) = write(server, [BRIEF], model="lines")
    assert first.fields == second.fields == {"subject": "New shoes", "body": "Warm wool."}
    assert len(server.asked) == 3
    assert "one line for each field" in server.asked[1]["messages"][0]["content"]


def test_what_newer_servers_call_otherwise_is_called_so():
    def reply(question, number):
        if "max_tokens" in question:
            return refuse(400, "Use 'max_completion_tokens' instead of 'max_tokens'.")
        if "temperature" in question:
            return refuse(400, "'temperature' does not support 0.7 with this model")
        return complete(GOOD)

    with run_server(reply) as server:
        write(server, [BRIEF], model="newer")
    assert server.asked[-1]["max_completion_tokens"] > 0
    assert len(server.asked) == 3


def test_a_question_that_is_refused_for_good_is_an_error_with_what_was_said():
    with (
        run_server(lambda question, number: refuse(400, "the prompt is too long")) as server,
        pytest.raises(BallyhooError, match="the prompt is too long"),
    ):
        write(server, [BRIEF], model="refusing")


def ask(server, attempts=3):
    pauses: list[float] = []
    client = Client(Address(url=server.url, attempts=attempts, timeout_seconds=20), pauses.append)
    try:
        return client.ask({"model": "m"}), pauses
    except BallyhooError as error:
        return error, pauses


@pytest.mark.parametrize(
    "first", [refuse(503, "starting"), refuse(429, "slow"), Answer(drops=True)]
)
def test_a_busy_server_is_asked_again(first):
    with run_server(lambda question, number: first if number < 2 else complete("x")) as server:
        answer, pauses = ask(server)
    assert answer["model"] == "served-model"
    assert pauses == [0.5, 1.0]


def test_the_server_says_how_long_to_wait():
    busy = refuse(429, "slow", Retry_After="7")
    with run_server(lambda question, number: busy if number == 0 else complete("x")) as server:
        _, pauses = ask(server)
    assert pauses == [7.0]


def test_a_server_that_stays_busy_is_not_there():
    with run_server(lambda question, number: refuse(503, "starting")) as server:
        error, pauses = ask(server)
    assert isinstance(error, EnvironmentMissing)
    assert "answers 503 (3 times asked)" in error.message
    assert len(pauses) == 2


def test_a_server_that_is_away_is_named():
    with run_server(lambda question, number: complete("x")) as server:
        pass
    error, _ = ask(server, attempts=2)
    assert isinstance(error, EnvironmentMissing)
    assert "does not answer" in error.message


@pytest.mark.parametrize(
    ("status", "said"),
    [(401, "does not let us in"), (404, "knows no such model"), (302, "answers 302")],
)
def test_other_answers_are_explained_and_not_asked_for_again(status, said):
    moved = Answer(status=status, body={}, headers={"Location": "http://127.0.0.1:1/v1"})
    with run_server(lambda question, number: moved) as server:
        error, _ = ask(server)
    assert isinstance(error, EnvironmentMissing)
    assert said in error.message
    assert len(server.asked) == 1


@pytest.mark.parametrize("body", [b"<html>", {"choices": []}, {"choices": [{"message": None}]}])
def test_answers_that_are_no_copy_are_an_error(body):
    with (
        run_server(lambda question, number: Answer(body=body)) as server,
        pytest.raises(PluginError),
    ):
        write(server, [BRIEF], model="odd")


def test_the_key_comes_from_the_environment_and_stands_in_no_error(monkeypatch):
    monkeypatch.setenv("SERVER_KEY", "secret-123")
    settings = {"server_key": {"env": "SERVER_KEY"}}
    with (
        run_server(lambda question, number: refuse(403, "no")) as server,
        pytest.raises(EnvironmentMissing) as caught,
    ):
        write(server, [BRIEF], settings=settings)
    assert server.keys == ["Bearer secret-123"]
    assert "secret-123" not in str(caught.value)


def test_tokens_and_money_are_counted(caplog):
    caplog.set_level(logging.INFO, "ballyhoo.llm_copy")
    settings = {"price_in": 2.0, "price_out": 10.0}
    with run_server(lambda question, number: complete(GOOD, usage=(1_000, 200))) as server:
        write(server, [BRIEF, BRIEF, BRIEF], settings=settings)
    assert "m: 3 answers, 3,000 tokens in, 600 out, cost 0.0120" in caplog.text


def test_no_name_of_a_server_is_an_error_that_says_where_to_write_it():
    context = make_context("llm_copy", settings=LlmSettings())
    with pytest.raises(EnvironmentMissing, match="needs a server") as caught:
        copywriter.generate(context, LlmOptions(engine="server"), sample_briefs(1))
    assert "server_url" in caught.value.hint


@pytest.mark.parametrize(
    "text",
    [
        '{"subject": "A", "preheader": "B", "body": "C"}',
        'Here you are:\n```json\n{"subject": "A", "preheader": "B", "body": "C"}\n```',
        "Subject: A\nPreheader: B\nBody: C",
        "**Subject:** A\n\n**Preheader:** B\n- Body: C",
        "<think>Subject: no</think>subject: A\npreheader: B\nbody: C",
    ],
)
def test_fields_are_read_from_objects_and_lines(text):
    assert read_fields(text, FIELDS) == {"subject": "A", "preheader": "B", "body": "C"}


def test_fields_that_are_missing_or_no_text_are_empty():
    assert read_fields('{"subject": 5}', FIELDS) == dict.fromkeys(FIELDS, "")
    assert read_fields("Subject: A", FIELDS)["body"] == ""
    assert read_fields("just a text", ("body",)) == {"body": "just a text"}
