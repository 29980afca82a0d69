"""The log: one JSON object a line, with what belongs to it, and without identity."""

from __future__ import annotations

import io
import json
import logging
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from ballyhoo.core.logs import label_logs, mask_identity, set_up_logs
from ballyhoo.core.store.engine import Store

LOG = logging.getLogger("ballyhoo.tests")


@contextmanager
def logging_to(stream: io.StringIO | None, **how: Any) -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("ballyhoo")
    before = root.level, ours.level
    handler = set_up_logs(stream=stream, **how)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before[0])
        ours.setLevel(before[1])
        structlog.reset_defaults()


@pytest.fixture
def lines() -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What was logged up to now, as JSON."""
    stream = io.StringIO()
    with logging_to(stream, json=True):
        yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_is_one_json_object_with_what_it_is_about(lines):
    LOG.info("planned %d", 3, extra={"run": 7, "audience": 3})
    [line] = lines()
    assert line.pop("at").endswith("Z")
    assert line == {
        "message": "planned 3", "level": "info", "logger": "ballyhoo.tests", "run": 7,
        "audience": 3,
    }  # fmt: skip


def test_a_logger_of_structlog_writes_the_same_lines(lines):
    structlog.get_logger("ballyhoo.tests").warning("planned", run=7)
    [line] = lines()
    assert (line["message"], line["level"], line["run"]) == ("planned", "warning", 7)


def test_labels_are_on_every_line_of_the_block_and_on_none_after_it(lines):
    with label_logs(run=7, step="deliver", task="1f"):
        LOG.info("within")
        LOG.info("another one", extra={"run": 8})
    LOG.info("after")
    found = [(line["message"], line.get("run"), line.get("step")) for line in lines()]
    assert found == [
        ("within", 7, "deliver"), ("another one", 8, "deliver"), ("after", None, None),
    ]  # fmt: skip


def test_labels_of_one_thread_are_on_no_line_of_another(lines):
    with label_logs(run=7):
        other = threading.Thread(target=LOG.info, args=("from elsewhere",))
        other.start()
        other.join()
    [line] = lines()
    assert "run" not in line


def test_keys_of_identity_are_left_out(lines):
    LOG.info("sent", extra={"email": "x", "to_address": "x", "details": {"phone": "1", "n": 2}})
    [line] = lines()
    assert line["details"] == {"n": 2}
    assert not {"email", "to_address"} & set(line)


@pytest.mark.parametrize(
    "text",
    [
        "wrote to ada@shop.example",
        "Key (address)=(ada.l+x@shop.example) already exists",
        "GET /u?to=ada%40shop.example",
        "<ada@shop.example>, 'ada@shop.example': ada@müller.example",
        "called +43 660 123 45 67",
        "[parameters: {'address': 'ada'}]",
        "redis://ada:secret@host:6379/0",
    ],
)
def test_what_looks_like_identity_is_masked_in_the_message(text, lines):
    LOG.info(text)
    LOG.info("said %s", text, extra={"said": [text]})
    for line in lines():
        del line["at"]  # any digits may be in it
        shown = json.dumps(line, ensure_ascii=False)
        assert not [one for one in ("ada", "660", "secret") if one in shown], shown


@pytest.mark.parametrize(
    "text",
    ["run 7 of 'spring@home' started", "4,711 of +3 at 2026-11-26T18:15:04.041+00:00", "16 @ 3.5"],
)
def test_what_is_no_identity_stays(text):
    assert mask_identity(text) == text


def test_a_traceback_is_part_of_its_line_and_masked(lines):
    try:
        raise ValueError("no such person: ada@shop.example")
    except ValueError:
        LOG.exception("it failed")
    [line] = lines()
    assert "ValueError: no such person: (an address)" in line["exception"]


def test_an_error_of_the_database_does_not_tell_what_was_looked_for(store: Store):
    with pytest.raises(DBAPIError) as raised, store.read() as connection:
        connection.execute(text("SELECT 1 FROM nowhere WHERE x = :x"), {"x": "Ada Lovelace"})
    assert "Ada" not in str(raised.value)


def test_other_libraries_tell_warnings_only(lines):
    logging.getLogger("celery.app.trace").info("Task received")
    logging.getLogger("celery.app.trace").warning("it broke")
    assert [line["message"] for line in lines()] == ["it broke"]


def test_set_up_again_a_line_is_written_once():
    first, second = io.StringIO(), io.StringIO()
    with logging_to(first, json=True), logging_to(second, json=True):
        LOG.info("once")
    assert first.getvalue() == ""
    assert len(second.getvalue().splitlines()) == 1


def test_a_traceback_is_left_out_where_nobody_asked_for_it():
    stream = io.StringIO()
    with logging_to(stream, json=False, shows_tracebacks=False):
        try:
            raise ValueError("bad")
        except ValueError:
            LOG.exception("it failed")
    [line] = stream.getvalue().splitlines()
    assert "it failed" in line


def test_without_a_stream_it_writes_to_standard_error_as_it_is_now(
    capsys: pytest.CaptureFixture[str],
):
    with logging_to(None, json=False):
        LOG.info("planned")
        assert "planned" in capsys.readouterr().err


def test_on_a_terminal_a_line_is_for_people():
    stream = io.StringIO()
    with warnings.catch_warnings(), logging_to(stream, json=False):
        warnings.simplefilter("error")
        LOG.info("planned", extra={"run": 7})
        try:
            raise ValueError("bad")
        except ValueError:
            LOG.exception("it failed")
    first, *rest = stream.getvalue().splitlines()
    assert "planned" in first
    assert "run=7" in first
    assert rest[-1] == "ValueError: bad"
