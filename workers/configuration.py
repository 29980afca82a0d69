"""Celery's settings: what lets a broker lose or repeat rings without anybody noticing."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from kombu import Exchange, Queue

QUEUES = ("plan", "generate", "deliver", "inbound")

TASKS = {
    "ballyhoo.plan": "plan",
    "ballyhoo.sweep": "plan",
    "ballyhoo.prepare": "generate",
    "ballyhoo.deliver": "deliver",
    "ballyhoo.answer": "inbound",
}
"""The queue of each task."""

VISIBILITY_SECONDS = 900
"""After how long Redis gives a ring again that nobody acknowledged; tasks work for a minute."""

THREADS = 4
"""Tasks of one process at a time: they wait for the database and for the other side."""

_KEY_PREFIX = "ballyhoo:"

_REDIS = ("redis", "rediss", "redis+socket", "sentinel")


def make_configuration(broker_url: str) -> dict[str, Any]:
    """Return the settings of the app, for the broker that it uses."""
    options = make_transport_options(broker_url)
    return {
        "broker_url": broker_url,
        "broker_transport_options": options,
        "result_backend_transport_options": options,
        "visibility_timeout": VISIBILITY_SECONDS,
        # A worker waits for its broker however long it takes: rings that come meanwhile are lost
        # or late, and the sweep rings again.
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_connection_timeout": 5,
        # RabbitMQ would close the connection of a worker that works on one task for a minute
        # without looking at it; a dead connection is found by TCP.
        "broker_heartbeat": 0,
        # Who rings is told within seconds that nobody hears.
        "task_publish_retry": True,
        "task_publish_retry_policy": {
            "max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2,
        },
        # A ring may come twice, never less than once because its worker died.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        # A blink of the broker must not cut a delivery off between the mark and the answer.
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_soft_shutdown_timeout": 30,
        "worker_enable_soft_shutdown_on_idle": True,
        "worker_pool": "threads",
        "worker_concurrency": THREADS,
        # Results stand in the ledger.
        "task_ignore_result": True,
        "task_store_errors_even_if_ignored": False,
        # Whoever can write to the broker must not be able to run code.
        "accept_content": ["json"],
        "task_serializer": "json",
        "result_serializer": "json",
        # Rings go straight to the queue of their name: nothing has to be in Redis for that.
        "task_queues": [Queue(name, Exchange(""), routing_key=name) for name in QUEUES],
        "task_routes": {task: {"queue": queue} for task, queue in TASKS.items()},
        "task_default_queue": "plan",
        "task_create_missing_queues": False,
        "worker_enable_remote_control": False,
        "control_queue_expires": 300,
        "worker_send_task_events": False,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        # For `celery beat`; `ballyhoo beat` needs no broker for its sweep.
        "beat_schedule": {
            "sweep": {"task": "ballyhoo.sweep", "schedule": 5.0, "options": {"expires": 5}}
        },
        "timezone": "UTC",
    }  # fmt: skip


def make_transport_options(broker_url: str) -> dict[str, Any]:
    """Return what the connection to a broker is told; each kind knows its own words only."""
    scheme = urlsplit(broker_url).scheme
    if scheme in _REDIS:
        return {
            "visibility_timeout": VISIBILITY_SECONDS,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_timeout": 10,
            "socket_connect_timeout": 5,
            "socket_keepalive": True,
            "health_check_interval": 25,
            "global_keyprefix": _KEY_PREFIX,
            # Of connections to ring with; who listens tries for as long as it takes.
            "max_retries": 1,
            "interval_start": 0.2,
        }
    return {"confirm_publish": True} if scheme in ("amqp", "amqps", "pyamqp") else {}
