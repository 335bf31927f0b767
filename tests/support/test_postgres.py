"""The PostgreSQL server of the tests: real, shared, and gone afterwards."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import create_engine, text

from tests.support import postgres

pytestmark = pytest.mark.postgresql


def test_a_worker_gets_an_empty_database_that_is_dropped_afterwards():
    with postgres.worker_database("here") as url:
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE things (id int)"))
            version = connection.scalar(text("SHOW server_version_num"))
            assert connection.scalar(text("SHOW fsync")) == "on"
        engine.dispose()
        assert int(version) >= 150000
        folder = Path(os.environ[postgres.FOLDER_VARIABLE])
        name = url.split("?")[0].rsplit("/", 1)[1]
    with psycopg.connect(host=str(folder / "data"), user="postgres", dbname="postgres") as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
    assert name not in names
    assert "postgres" in names


def test_the_server_of_a_killed_session_is_stopped_by_the_next_one():
    code = (
        "import sys, time\n"
        "from tests.support import postgres\n"
        "with postgres.server_folder() as folder:\n"
        "    print(folder, flush=True)\n"
        "    time.sleep(60)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != postgres.FOLDER_VARIABLE}
    session = subprocess.Popen([sys.executable, "-c", code], env=environment, stdout=subprocess.PIPE, text=True)
    folder = Path(session.stdout.readline().strip())
    server = int((folder / "data" / "postmaster.pid").read_text().splitlines()[0])
    session.send_signal(signal.SIGKILL)
    session.wait()
    session.stdout.close()
    assert postgres._is_alive(server)

    assert folder in postgres.stop_leftovers()

    deadline = time.monotonic() + 5
    while postgres._is_alive(server) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not postgres._is_alive(server)
    assert not folder.exists()
