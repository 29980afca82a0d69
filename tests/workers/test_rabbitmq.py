"""RabbitMQ as the broker, by its URL alone; run where its server is found."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from ..databases import make_database
from ..programs import find_program
from .shop import WRITTEN, make_shop, ring, run_command


def find_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@pytest.fixture
def rabbitmq_url(tmp_path: Path) -> Iterator[str]:
    """A node of its own, with its files in a folder of its own."""
    # Debian's command asks for an account of its own; the script beside it does not.
    program = Path(find_program("rabbitmq-server")).resolve().with_name("rabbitmq-server")
    port, distribution, mapper = find_port(), find_port(), find_port()
    (tmp_path / "home").mkdir()
    environment = {
        **os.environ,
        "HOME": str(tmp_path / "home"),  # of the cookie
        "ERL_EPMD_PORT": str(mapper),
        "RABBITMQ_NODENAME": f"test{port}@localhost",
        "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
        "RABBITMQ_NODE_PORT": str(port),
        "RABBITMQ_DIST_PORT": str(distribution),
        "RABBITMQ_MNESIA_BASE": str(tmp_path / "data"),
        "RABBITMQ_LOG_BASE": str(tmp_path / "log"),
        "RABBITMQ_PID_FILE": str(tmp_path / "pid"),
        "RABBITMQ_ENABLED_PLUGINS_FILE": str(tmp_path / "plugins"),
        "RABBITMQ_CONFIG_FILE": str(tmp_path / "none"),
        "RABBITMQ_CONF_ENV_FILE": str(tmp_path / "none"),
        "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "+S 1:1",
    }
    with (tmp_path / "said").open("wb") as said, ExitStack() as stack:
        # Erlang would start its mapper of names as a daemon, which outlives it.
        for command in (["epmd", "-port", str(mapper)], [str(program)]):
            server = subprocess.Popen(
                command, env=environment, stdout=said, stderr=said, start_new_session=True
            )
            stack.callback(kill_group, server)
        wait_until_it_listens(server, port, tmp_path / "said")
        yield f"amqp://guest:guest@127.0.0.1:{port}//"


def kill_group(process: subprocess.Popen[bytes]) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until_it_listens(server: subprocess.Popen[bytes], port: int, said: Path) -> None:
    until = time.monotonic() + 90
    while time.monotonic() < until:
        assert server.poll() is None, said.read_text(errors="replace")
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                if connection.recv(1):
                    return
        except OSError:
            pass
        time.sleep(0.2)
    pytest.fail(f"RabbitMQ does not listen: {said.read_text(errors='replace')}")


def test_two_workers_do_a_run_with_rabbitmq_between_them(
    rabbitmq_url: str, postgresql_server: str, postgresql_template: str, tmp_path: Path
) -> None:
    with make_database(postgresql_server, postgresql_template) as url, ExitStack() as stack:
        shop = make_shop(tmp_path / "shop", url, rabbitmq_url)
        workers = [stack.enter_context(run_command(shop, "worker")) for _ in range(2)]
        run_id = shop.start(WRITTEN, name="spring")
        ring(shop, run_id)
        receipt = shop.wait_for_end(run_id)
        assert receipt.adds_up
        assert set(receipt.states) == {"sent", "skipped"}
        assert len(shop.list_files(run_id)) == receipt.states["sent"]
        assert [worker.stop() for worker in workers] == [0, 0], workers[0].said
