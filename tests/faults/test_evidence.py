"""Servers killed while files are uploaded; uploads that are cut or slow; the memory a large one takes."""

import hashlib
import os
import socket
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import select

from config import Config
from mystery_shopper.core import clock
from mystery_shopper.core.db import db
from mystery_shopper.evidence import queries
from mystery_shopper.evidence.models import EvidenceFile
from mystery_shopper.evidence.stores import install_store, store
from mystery_shopper.evidence.stores.folder import FolderStore
from mystery_shopper.evidence.worker import sweep_orphans
from tests.evidence.uploads import upload
from tests.faults.drafts import SESSION_COOKIE, Prepared, prepare_drafts
from tests.support.server import RunningServer
from tests.support.shared_server import run_shared_server

PAGE = "/report/evidence"
DRAFTS = 4
MEGABYTE = 1024 * 1024
MEMORY_MAX = 40 * MEGABYTE
"""What a worker process may grow by while it takes a file of 20 MB."""

pytestmark = pytest.mark.slow


@pytest.fixture
def place(app: Flask, tmp_path: Path) -> Iterator[Path]:
    """The store of the server, also that of the test."""
    folder = tmp_path / "instance" / "evidence"
    before = store()
    install_store(FolderStore(folder))
    yield folder
    install_store(before)


def check_rows(app: Flask, acknowledged: set[str]) -> int:
    """Look at every row: its file is there, whole, with the hash it says; every acknowledged file has a row."""
    with app.app_context():
        hashes = set()
        for file in db.session.scalars(select(EvidenceFile)):
            content = b"".join(queries.read_original(file))
            assert hashlib.sha256(content).hexdigest() == file.details["sha256"]
            hashes.add(str(file.details["sha256"]))
        assert acknowledged <= hashes
        named = queries.known_names()
        orphans = [one.name for one in store().list_all() if one.name not in named]
        assert sweep_orphans(clock.utc_now() + timedelta(days=3)) == len(orphans)
        db.session.remove()
    return len(hashes)


def test_killed_in_the_middle_of_uploads_no_file_is_half_there(
    app: Flask, settings: Config, tmp_path: Path, place: Path
) -> None:
    prepared = prepare_drafts(app, DRAFTS)
    acknowledged: set[str] = set()
    for _ in range(2):
        with run_shared_server(settings, tmp_path / "instance") as server:
            stop = threading.Event()
            with ThreadPoolExecutor(DRAFTS) as pool:
                for one in prepared:
                    pool.submit(_upload_until, stop, server, one, acknowledged)
                time.sleep(4)
                server.kill()
                stop.set()
        check_rows(app, acknowledged)
    assert check_rows(app, acknowledged) >= len(acknowledged) > 0


def _upload_until(stop: threading.Event, server: RunningServer, prepared: Prepared, acknowledged: set[str]) -> None:
    visitor = prepared.visitor(server.url)
    while not stop.is_set():
        content = os.urandom(50_000).hex().encode()
        with suppress(Exception):
            status, _ = upload(visitor, PAGE, ("a.txt", content))
            if status == 302:
                acknowledged.add(hashlib.sha256(content).hexdigest())


def test_an_upload_that_is_cut_leaves_nothing_and_others_are_served(
    app: Flask, settings: Config, tmp_path: Path, place: Path
) -> None:
    (prepared,) = prepare_drafts(app, 1)
    with run_shared_server(settings, tmp_path / "instance") as server:
        address = urlsplit(server.url)
        head = (
            f"POST {PAGE} HTTP/1.1\r\nHost: {address.netloc}\r\nCookie: {SESSION_COOKIE}={prepared.token}\r\n"
            "Content-Type: multipart/form-data; boundary=e\r\nContent-Length: 5000000\r\nConnection: close\r\n\r\n"
            '--e\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n'
        )
        with socket.create_connection((address.hostname or "", address.port or 0), timeout=20) as cut:
            cut.sendall(head.encode() + b"a" * 200_000)
            cut.shutdown(socket.SHUT_WR)
            assert b" 400 " in cut.recv(4096).split(b"\r\n", 1)[0]
        slow = socket.create_connection((address.hostname or "", address.port or 0), timeout=20)
        with slow:
            slow.sendall(head.encode())
            for _ in range(5):
                slow.sendall(b"a")
                began = time.monotonic()
                assert prepared.visitor(server.url).get("/healthz").status_code == 200
                assert time.monotonic() - began < 5
        status, _ = upload(prepared.visitor(server.url), PAGE, ("a.txt", b"whole"))
        assert status == 302
    assert check_rows(app, {hashlib.sha256(b"whole").hexdigest()}) == 1
    assert len([path for path in place.rglob("*") if path.is_file()]) == 1


def members_of(group: int) -> list[Path]:
    """Return the processes of a group."""
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if os.getpgid(int(path.name)) == group:
                found.append(path)
    return found


def forget_peaks(group: int) -> None:
    """Let the kernel count the largest memory of each process anew from now on."""
    for path in members_of(group):
        (path / "clear_refs").write_text("5")


def peaks_of(group: int) -> int:
    """Return the largest memory each process of a group has had, together, in bytes."""
    total = 0
    for path in members_of(group):
        lines = dict(line.split(":", 1) for line in (path / "status").read_text().splitlines() if ":" in line)
        total += int(lines["VmHWM"].split()[0]) * 1024
    return total


def test_a_large_upload_takes_little_memory(app: Flask, settings: Config, tmp_path: Path, place: Path) -> None:
    (prepared,) = prepare_drafts(app, 1)
    with run_shared_server(settings, tmp_path / "instance", workers=1) as server:
        visitor = prepared.visitor(server.url)
        for number in range(3):
            assert upload(visitor, PAGE, (f"{number}.txt", b"small %d" % number))[0] == 302
        forget_peaks(server.process.pid)
        before = peaks_of(server.process.pid)
        content = b"A line of a very long tender document\n" * (20 * MEGABYTE // 38)
        began = time.monotonic()
        assert upload(visitor, PAGE, ("large.txt", content))[0] == 302
        took = time.monotonic() - began
        grown = peaks_of(server.process.pid) - before
    sys.stdout.write(f"20 MB: {grown / MEGABYTE:.1f} MB more at the peak, {took:.1f} s\n")
    assert grown < MEMORY_MAX
    assert check_rows(app, {hashlib.sha256(content).hexdigest()}) == 4


def test_files_that_are_too_large_together_are_met_with_our_page(
    app: Flask, settings: Config, tmp_path: Path, place: Path
) -> None:
    (prepared,) = prepare_drafts(app, 1)
    with run_shared_server(settings, tmp_path / "instance", workers=1) as server:
        visitor = prepared.visitor(server.url)
        status, page = upload(visitor, PAGE, *((f"{n}.txt", bytes(22 * MEGABYTE)) for n in range(5)))
        assert status == 413
        assert "Your report is kept" in page
        assert upload(visitor, PAGE, ("small.txt", b"small"))[0] == 302
