"""As much of S3 over HTTP as the store uses: put, get, delete, list, and uploads in parts."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit

LIST = """<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated>{}
</ListBucketResult>"""
ITEM = "<Contents><Key>{}</Key><LastModified>2025-01-01T00:00:00.000Z</LastModified><Size>{}</Size></Contents>"


class FakeS3(ThreadingHTTPServer):
    """Keeps objects in memory. `refuses`: answers every request with 503. `largest`: the largest body it was sent."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.objects: dict[str, bytes] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.refuses = False
        self.largest = 0

    def address(self, prefix: str = "") -> str:
        """As EVIDENCE_STORE names it."""
        return f"s3://evidence/{prefix}?endpoint=http://127.0.0.1:{self.server_port}&region=eu-west-2"


class _Handler(BaseHTTPRequestHandler):
    server: FakeS3
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def _handle(self) -> None:
        body = self._body()
        self.server.largest = max(self.server.largest, len(body))
        if self.server.refuses:
            self._answer(503)
            return
        parts = urlsplit(self.path)
        _, _, key = unquote(parts.path.lstrip("/")).partition("/")
        getattr(self, f"_{self.command.lower()}")(key, parse_qs(parts.query, keep_blank_values=True), body)

    do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = _handle  # noqa: N815 - names of the protocol

    def _body(self) -> bytes:
        if "chunked" not in self.headers.get("Content-Encoding", "") + self.headers.get("Transfer-Encoding", ""):
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while size := int(self.rfile.readline().split(b";")[0], 16):
            body += self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass
        return body

    def _put(self, key: str, query: dict[str, list[str]], body: bytes) -> None:
        if "uploadId" in query:
            self.server.parts[query["uploadId"][0]][int(query["partNumber"][0])] = body
        else:
            self.server.objects[key] = body
        self._answer(200, ETag='"x"')

    def _post(self, key: str, query: dict[str, list[str]], body: bytes) -> None:
        if "uploads" in query:
            self.server.parts["u1"] = {}
            self._answer(200, b"<R><UploadId>u1</UploadId></R>")
        else:
            assert re.findall(rb"<PartNumber>(\d+)", body)
            kept = self.server.parts.pop(query["uploadId"][0])
            self.server.objects[key] = b"".join(kept[number] for number in sorted(kept))
            self._answer(200, b"<R><ETag>x</ETag></R>")

    def _get(self, key: str, query: dict[str, list[str]], _body: bytes) -> None:
        if not key:
            prefix = query.get("prefix", [""])[0]
            found = {name: len(data) for name, data in self.server.objects.items() if name.startswith(prefix)}
            self._answer(200, LIST.format("".join(ITEM.format(*one) for one in sorted(found.items()))).encode())
        elif key in self.server.objects:
            self._answer(200, self.server.objects[key])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def _head(self, _key: str, _query: dict[str, list[str]], _body: bytes) -> None:
        self._answer(200)

    def _delete(self, key: str, _query: dict[str, list[str]], _body: bytes) -> None:
        self.server.objects.pop(key, None)
        self._answer(204)


@contextmanager
def run_s3() -> Iterator[FakeS3]:
    """Serve until the block ends."""
    server = FakeS3()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
