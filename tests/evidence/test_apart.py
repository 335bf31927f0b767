"""The process apart: what it is given, what it may use up, and that it always ends."""

import io
import json
import os
import struct
import subprocess
import sys
import time
import zlib
from pathlib import Path

import pytest

from mystery_shopper.evidence import apart
from mystery_shopper.evidence.limits import Limit, in_bytes, limits
from mystery_shopper.evidence.policy import Kind, Reason
from mystery_shopper.evidence.refusing import FileRefusedError
from tests.factories.evidence import SMALLEST, docx, zipped

PROBE = """
import json, os, resource, sys, urllib.request
from mystery_shopper.evidence import child
before = dict(os.environ)
child.limit_self()
try:
    urllib.request.urlopen("http://127.0.0.1:{port}/", timeout=2)
    reached = True
except OSError:
    reached = False
try:
    with open("{file}", "w") as file:
        file.write("x" * 10)
    wrote = True
except OSError:
    wrote = False
print(json.dumps(dict(environment=sorted(before), memory=resource.getrlimit(resource.RLIMIT_AS)[0],
    cpu=resource.getrlimit(resource.RLIMIT_CPU)[0], reached=reached, wrote=wrote)))
"""


REFUSE = """
import resource, sys
from mystery_shopper.evidence import apart
from mystery_shopper.evidence.refusing import FileRefusedError
try:
    apart.recognise([sys.stdin.buffer.read()])
    reason = "taken"
except FileRefusedError as error:
    reason = error.reason.value
print(reason, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Run in a small process: a child is counted with the memory its parent had when it was made."""


def reason_of(data: bytes) -> Reason:
    with pytest.raises(FileRefusedError) as caught:
        apart.recognise([data])
    return caught.value.reason


@pytest.mark.parametrize("kind", [Kind.PDF, Kind.DOCX, Kind.PNG, Kind.TEXT])
def test_it_recognises_copies_and_reads(kind: Kind) -> None:
    assert apart.recognise([SMALLEST[kind]]) is kind
    copied = apart.make_copy(kind, [SMALLEST[kind]])
    assert copied.content is not None
    with copied.content as content:
        text = apart.read_text(kind, content.chunks())
    assert (text is None) == (kind is Kind.PNG)
    assert text is None or "bond" in text


def test_it_gets_no_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KEYS_FILE", "/secret/keys.json")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    probe = tmp_path / "probe.py"
    probe.write_text(
        "import sys, os, json; sys.stdin.buffer.read();"
        "print(json.dumps({'done': True, 'environ': sorted(os.environ), 'cwd': os.getcwd()}))"
    )
    started: list[list[str]] = []
    real = subprocess.Popen

    def popen(command: list[str], **options: object) -> object:
        started.append(command)
        return real([sys.executable, "-I", str(probe)], **options)

    monkeypatch.setattr(apart.subprocess, "Popen", popen)
    with apart._asked("inspect", "", [b"x"]) as (line, _content):
        assert set(line["environ"]) <= {"LANG", "LC_CTYPE"}
        assert line["cwd"] == "/"
    assert started[0][1:5] == ["-I", "-B", "-m", "mystery_shopper.evidence.child"]


def test_it_limits_itself(tmp_path: Path) -> None:
    probe = PROBE.replace("{port}", "9").replace("{file}", str(tmp_path / "written"))
    done = subprocess.run(
        [sys.executable, "-I", "-c", probe],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    found = json.loads(done.stdout)
    assert found["memory"] == in_bytes(Limit.MEMORY)
    assert found["cpu"] == limits()[Limit.PROCESSOR]
    assert not found["reached"]
    assert not found["wrote"]


def test_one_that_hangs_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    probe = tmp_path / "probe.py"
    probe.write_text("import time; time.sleep(60)")
    real = subprocess.Popen
    monkeypatch.setattr(
        apart.subprocess, "Popen", lambda _command, **options: real([sys.executable, "-I", str(probe)], **options)
    )
    monkeypatch.setattr(apart, "limits", lambda: {**limits(), Limit.WAIT: 1})
    began = time.monotonic()
    assert reason_of(b"x" * 1_000_000) is Reason.TOO_COMPLEX
    assert apart.make_copy(Kind.PDF, [b"x"]).why_not == apart.TOO_COMPLICATED
    assert time.monotonic() - began < 20


def flood(width: int, height: int) -> bytes:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(bytes((width // 8 + 1) * height), 9)
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def pack_zeros(size: int, times: int) -> bytes:
    """Return what unpacks to `size` zeros so many times over; they are compressed once, in a block of its own."""
    packer = zlib.compressobj(9, wbits=-15)
    block = packer.compress(bytes(size)) + packer.flush(zlib.Z_FULL_FLUSH)
    checksum = ((size * times % 65521) << 16) + 1
    return b"\x78\xda" + block * times + packer.flush() + struct.pack(">I", checksum)


def bomb_of_streams() -> bytes:
    """Return a PDF whose object stream unpacks to a gigabyte."""
    data = pack_zeros(10_000_000, 100)
    head = b"%PDF-1.5\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
    stream = b"3 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(data)
    rest = b"\nendstream endobj\nxref\n0 1\n0000000000 65535 f \ntrailer<</Root 1 0 R/Size 4>>\nstartxref\n9\n%%EOF"
    return head + stream + data + rest


BOMBS = {
    "300 MB in a document": lambda: docx(more={"word/media/a.xml": bytes(300_000_000)}),
    "many members": lambda: zipped({f"{n}": b"" for n in range(20_000)}),
    "ratio": lambda: docx(more={"word/a.xml": b" " * 20_000_000}),
    "pixels": lambda: flood(30_000, 30_000),
    "pdf": bomb_of_streams,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", list(BOMBS))
def test_bombs_are_refused_in_bounded_time_and_memory(name: str) -> None:
    data = BOMBS[name]()
    assert len(data) < 5_000_000
    began = time.monotonic()
    reason = reason_of(data)
    assert reason in (Reason.TOO_COMPLEX, Reason.BROKEN)
    assert time.monotonic() - began < limits()[Limit.WAIT]
    said = subprocess.run([sys.executable, "-c", REFUSE], input=data, capture_output=True, check=True, timeout=60)
    again, peak_kib = said.stdout.decode().split()
    assert Reason(again) in (Reason.TOO_COMPLEX, Reason.BROKEN)
    assert int(peak_kib) * 1024 <= in_bytes(Limit.MEMORY)


def test_a_parser_that_dies_takes_nobody_with_it() -> None:
    data = io.BytesIO()
    data.write(b"%PDF-1.7\n" + os.urandom(100_000))
    assert reason_of(data.getvalue()) in (Reason.BROKEN, Reason.TOO_COMPLEX)
    assert apart.recognise([b"still here"]) is Kind.TEXT
