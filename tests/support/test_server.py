"""Starting and stopping a real server process; a small gunicorn application stands in for ours."""

import subprocess
import sys
import time
import urllib.request

import pytest

from tests.support.server import ServerFailedError, free_port, run_server

SMALL_APP = """
import os
from gunicorn.app.base import BaseApplication

def answer(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [os.environ["GREETING"].encode()]

class Server(BaseApplication):
    def load_config(self):
        self.cfg.set("bind", "127.0.0.1:" + os.environ["PORT"])
        self.cfg.set("control_socket_disable", True)
    def load(self):
        print("started in", os.environ["INSTANCE_DIR"])
        return answer

Server().run()
"""


def test_the_server_answers_with_the_settings_given_and_is_gone_afterwards(tmp_path):
    with run_server(tmp_path, settings={"GREETING": "hello"}, command=(sys.executable, "-c", SMALL_APP)) as server:
        with urllib.request.urlopen(f"{server.url}/") as answer:
            assert answer.read() == b"hello"
        assert f"started in {tmp_path}" in server.printed()
        process = server.process
    assert process.poll() is not None
    with pytest.raises(OSError, match=r"refused|reset"):
        urllib.request.urlopen(f"{server.url}/", timeout=2)


def test_a_server_that_ends_by_itself_fails_at_once_and_shows_its_log():
    command = (sys.executable, "-c", "raise SystemExit('no keys here')")
    with pytest.raises(ServerFailedError, match="ended with 1") as caught, run_server(command=command):
        pytest.fail("it must not get here")
    assert "no keys here" in "".join(caught.value.__notes__)


def test_a_server_that_is_killed_leaves_no_process_behind(tmp_path):
    settings = {"GREETING": "hello"}
    with run_server(tmp_path, settings=settings, command=(sys.executable, "-c", SMALL_APP)) as server:
        group = str(server.process.pid)
        server.kill()
    deadline = time.monotonic() + 5
    while _alive(group) and time.monotonic() < deadline:  # a killed process needs a processor to end
        time.sleep(0.05)
    assert _alive(group) == []


def _alive(group: str) -> list[str]:
    listed = subprocess.run(["ps", "-o", "stat=", "-g", group], capture_output=True, text=True, check=False).stdout
    return [state for state in listed.split() if not state.startswith("Z")]


def test_two_free_ports_are_ports():
    assert 1024 < free_port() < 65536
