"""Cut and unmeasured bodies over a real server: gunicorn declares that it ends the stream, which hides the cut."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from config import ROOT

APPLICATION = """
from dataclasses import replace
from pathlib import Path
from flask import Flask, request
from config import load_config
from mystery_shopper.web import errors, filters, navigation, assets, security

settings = load_config({"INSTANCE_DIR": "FOLDER"})
app = Flask("small", root_path="ROOT", template_folder="templates", static_folder=None)
app.secret_key = "x"
for part in (security, errors, filters, navigation, assets):
    part.init_app(app, settings)
app.config["WTF_CSRF_ENABLED"] = False

@app.post("/take")
def take():
    Path("FOLDER/taken").write_text(str(len(request.form)))
    return "taken"
"""
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data; boundary=edge"
FILE_PART = b'--edge\r\nContent-Disposition: form-data; name="f"; filename="a.txt"\r\n\r\n' + b"x" * 50


@pytest.fixture(scope="module", params=["sync", "gthread"])
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[int, Path]]:
    folder = tmp_path_factory.mktemp("server")
    text = APPLICATION.replace("FOLDER", str(folder)).replace("ROOT", str(ROOT))
    (folder / "small_app.py").write_text(text)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-k", str(request.param), "--threads", "2", "-b", f"127.0.0.1:{port}",
         "--no-control-socket", "small_app:app"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{ROOT}:{folder}"},
        stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait_for(port)
        yield port, folder
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)


def _wait_for(port: int) -> None:
    for _try in range(150):
        try:
            with socket.create_connection(("127.0.0.1", port), 1):
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def send(port: int, body: bytes, *, length: int | None, kind: str = FORM, extra: str = "") -> str:
    """Send a request, close our side, and return the status line of the answer."""
    head = f"POST /take HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nConnection: close\r\n{extra}"
    head += "" if length is None else f"Content-Length: {length}\r\n"
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(head.encode() + b"\r\n" + body)
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").readline().decode().strip()


def test_a_whole_body_is_taken(server: tuple[int, Path]) -> None:
    port, folder = server
    assert " 200 " in send(port, b"a=1&b=2", length=7)
    assert (folder / "taken").read_text() == "2"


@pytest.mark.parametrize(("body", "kind"), [(b"a=1&b=2", FORM), (FILE_PART, MULTIPART), (b"", FORM)])
def test_a_cut_body_is_refused_and_nothing_is_done(server: tuple[int, Path], body: bytes, kind: str) -> None:
    port, folder = server
    (folder / "taken").unlink(missing_ok=True)
    assert " 400 " in send(port, body, length=1000, kind=kind)
    assert not (folder / "taken").exists()


def test_a_body_without_a_length_is_refused(server: tuple[int, Path]) -> None:
    port, folder = server
    (folder / "taken").unlink(missing_ok=True)
    chunked = b"3\r\na=1\r\n0\r\n\r\n"
    assert " 411 " in send(port, chunked, length=None, extra="Transfer-Encoding: chunked\r\n")
    assert not (folder / "taken").exists()


GET = b"GET /nowhere HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
POST = GET.replace(b"GET /nowhere", b"POST /take") + b"Content-Type: application/x-www-form-urlencoded\r\n"
BROKEN = {
    "a long request line": GET.replace(b"/nowhere", b"/" + b"a" * 9000),
    "200 headers": GET + b"".join(b"X-%d: y\r\n" % number for number in range(200)),
    "a cookie of 64 kB": GET + b"Cookie: a=" + b"b" * 65_536 + b"\r\n",
    "two hosts": GET + b"Host: evil.example\r\n",
    "another host": GET.replace(b"127.0.0.1", b"evil.example"),
    "a length and pieces": POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n3\r\na=1\r\n0\r\n",
    "line ends without return": POST.replace(b"\r\n", b"\n") + b"Content-Length: 3\n\na=1",
    "pieces that do not end": POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\na=1",
    "a negative length": POST + b"Content-Length: -1\r\n\r\na=1",
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\na=1",
    "a length in words": POST + b"Content-Length: three\r\n\r\na=1",
    "a space in a header's name": GET + b"X Y: z\r\n",
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_request_no_browser_sends_is_refused(server: tuple[int, Path], what: str) -> None:
    port, folder = server
    (folder / "taken").unlink(missing_ok=True)
    with socket.create_connection(("127.0.0.1", port), 10) as connection:
        connection.sendall(BROKEN[what] + b"\r\n")
        connection.shutdown(socket.SHUT_WR)
        status = connection.makefile("rb").readline().split(b" ")[1:2]
    assert status in ([], [b"400"], [b"411"], [b"413"], [b"414"], [b"431"]), status
    assert not (folder / "taken").exists()
