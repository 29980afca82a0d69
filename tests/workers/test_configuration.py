"""Celery's settings: each kind of broker can be used, and loses or repeats without harm."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from kombu import Connection

from ballyhoo.core.errors import EnvironmentMissing
from ballyhoo.core.workspace import Workspace
from ballyhoo.workers.app import make_parts
from ballyhoo.workers.configuration import QUEUES, TASKS, make_transport_options

BROKERS = (
    "redis://user:secret@broker.example:6380/3",
    "rediss://broker.example:6380/3?ssl_cert_reqs=required",
    "redis+socket:///run/redis.sock?virtual_host=3",
    "amqp://user:secret@broker.example/shop",
    "memory://",
)


def make_workspace(folder: Path, url: str) -> Workspace:
    (folder / "ballyhoo.toml").write_text(f'broker_url = "{url}"\n', encoding="utf-8")
    return Workspace(folder)


@pytest.fixture(params=BROKERS)
def url(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_an_app_can_be_made_for_each_kind_of_broker(url: str, tmp_path: Path):
    app = make_parts(make_workspace(tmp_path, url)).app
    assert app.conf.broker_url == url
    assert {queue.name for queue in app.conf.task_queues} == set(QUEUES)
    assert set(TASKS) <= set(app.tasks)
    with app.connection_for_write() as connection:
        assert connection.transport_cls


def test_what_a_broker_is_told_is_what_its_transport_takes():
    amqp = Connection(
        "amqp://broker.example//", transport_options=make_transport_options("amqp://")
    )
    made = []

    class Amqp:
        def __init__(self, **given):
            made.append(given)

        def connect(self):
            raise ConnectionRefusedError

    amqp.transport.Connection = Amqp
    with pytest.raises(ConnectionRefusedError):
        amqp.transport.establish_connection()
    assert made[0]["confirm_publish"] is True
    assert not [name for name in made[0] if "visibility" in name or "unacked" in name]


def test_a_ring_goes_through_a_broker_that_is_no_redis(tmp_path: Path):
    parts = make_parts(make_workspace(tmp_path, "memory://"))
    parts.bells.ring("ballyhoo.deliver", 7)
    parts.bells.ring_missing("ballyhoo.deliver", [7])
    assert parts.bells.count_waiting("deliver") == 1


def test_rings_are_acknowledged_late_and_given_again_after_the_same_time(tmp_path: Path):
    conf = make_parts(make_workspace(tmp_path, BROKERS[0])).app.conf
    assert (conf.task_acks_late, conf.task_reject_on_worker_lost) == (True, True)
    assert conf.worker_prefetch_multiplier == 1
    times = {
        conf.visibility_timeout,
        conf.broker_transport_options["visibility_timeout"],
        conf.result_backend_transport_options["visibility_timeout"],
    }
    assert times == {900}
    assert conf.broker_connection_max_retries is None
    assert conf.worker_cancel_long_running_tasks_on_connection_loss is False


def test_nothing_but_json_is_heard_and_no_result_is_kept(tmp_path: Path):
    conf = make_parts(make_workspace(tmp_path, BROKERS[0])).app.conf
    assert list(conf.accept_content) == ["json"]
    assert conf.task_serializer == "json"
    assert conf.task_ignore_result is True
    assert conf.result_backend is None


def test_a_delivery_and_a_plan_are_never_cut_off(tmp_path: Path):
    tasks = make_parts(make_workspace(tmp_path, BROKERS[0])).app.tasks
    limits = {name: tasks[name].time_limit for name in TASKS}
    assert limits == {
        "ballyhoo.plan": None, "ballyhoo.deliver": None, "ballyhoo.answer": None,
        "ballyhoo.prepare": 300, "ballyhoo.sweep": 300,
    }  # fmt: skip


def test_an_unknown_queue_is_an_error(tmp_path: Path):
    app = make_parts(make_workspace(tmp_path, BROKERS[0])).app
    with pytest.raises(KeyError):
        app.amqp.queues["delivery"]


def test_two_apps_of_one_process_have_tasks_of_their_own(tmp_path: Path):
    made = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        made.append(make_parts(make_workspace(tmp_path / name, "memory://")).app)
    first, second = (app.tasks["ballyhoo.plan"] for app in made)
    assert first.run.__func__ is not second.run.__func__


def test_without_a_broker_there_is_no_app(tmp_path: Path):
    with pytest.raises(EnvironmentMissing, match="there is no broker"):
        make_parts(Workspace(tmp_path))


def test_importing_the_module_of_the_app_connects_to_nothing(tmp_path: Path):
    make_workspace(tmp_path, "redis://127.0.0.1:1/0")
    code = "from ballyhoo.workers.app import app; print(app.conf.broker_url, app.main)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout == "redis://127.0.0.1:1/0 ballyhoo\n"
