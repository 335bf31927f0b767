"""The real application under gunicorn in a process of its own, as `make run` starts it."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
COMMAND = (sys.executable, "-m", "mystery_shopper.cli")
SERVE = (*COMMAND, "serve")
START_SECONDS = 90
OWN_SETTINGS = (
    "TEST_DATABASE",
    "DATABASE_URL",
    "BASE_URL",
    "DEMO",
    "INSTANCE_DIR",
    "KEYS_FILE",
    "MAIL_URL",
    "EVIDENCE_STORE",
    "SCANNER",
)


class ServerFailedError(Exception):
    """The server did not start, or ended by itself; the message holds its log."""


@dataclass
class RunningServer:
    """A server that answers."""

    url: str
    instance: Path
    log: Path
    environment: dict[str, str]
    process: subprocess.Popen[bytes]

    def command(self, *arguments: str) -> str:
        """Run a `mystery-shopper` command on the same data; returns what it printed."""
        command = [*COMMAND, *arguments]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )
        if done.returncode:
            raise ServerFailedError(f"{' '.join(arguments)} failed:\n{done.stdout}{done.stderr}")
        return done.stdout

    def printed(self) -> str:
        """Return what the server has printed so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def kill(self) -> None:
        """End the server without warning, as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    """Return a port of the loopback address nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


@contextmanager
def run_server(
    instance: Path | None = None, *, settings: Mapping[str, str] | None = None, command: Sequence[str] = SERVE
) -> Iterator[RunningServer]:
    """Start the application on a free port, wait until it answers /healthz, and end it.

    `settings` are environment variables (DATABASE_URL, DEMO ...). The data lie in `instance`, or in a folder that is
    removed. At the end it is killed: to stop gently takes it two seconds, and nobody asks for what it leaves behind.
    Raises ServerFailedError, with the log, when it does not start.
    """
    with tempfile.TemporaryDirectory(prefix="mystery-shopper-") as temporary:
        folder = instance or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        port = free_port()
        environment = {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS}
        environment |= {"INSTANCE_DIR": str(folder), "PORT": str(port), "PYTHONUNBUFFERED": "1", **(settings or {})}
        log = Path(temporary) / "server.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                [*command],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )
        server = RunningServer(f"http://127.0.0.1:{port}", folder, log, environment, process)
        try:
            _wait_until_healthy(server)
            yield server
        except BaseException as error:
            error.add_note(f"Log of the server:\n{server.printed()[-8000:]}")
            raise
        finally:
            if process.poll() is None:
                server.kill()


def _wait_until_healthy(server: RunningServer) -> None:
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            raise ServerFailedError(f"The server ended with {server.process.returncode}")
        try:
            with urllib.request.urlopen(f"{server.url}/healthz", timeout=2) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.05)
    raise ServerFailedError(f"The server did not answer within {START_SECONDS} s")
