"""Uploads over the network, as a browser sends them."""

import http.client
import uuid
from urllib.parse import urlsplit

from tests.intake.walking import read_forms
from tests.support.visitor import Visitor

TIMEOUT_SECONDS = 60


def multipart(fields: dict[str, str], files: list[tuple[str, bytes]], boundary: str) -> bytes:
    """Return the body of a form with files."""
    edge = f"--{boundary}\r\n".encode()
    parts = [
        f'Content-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()
    ]
    parts += [
        f'Content-Disposition: form-data; name="files"; filename="{name}"\r\n'.encode()
        + b"Content-Type: application/octet-stream\r\n\r\n"
        + content
        + b"\r\n"
        for name, content in files
    ]
    return b"".join(edge + part for part in parts) + f"--{boundary}--\r\n".encode()


def upload(visitor: Visitor, path: str, *files: tuple[str, bytes]) -> tuple[int, str]:
    """Send files from a page; return the status and the body. An error of the connection is raised."""
    page = visitor.get(path)
    fields = next(form for _, form in read_forms(page.text) if "files" in form)
    boundary = uuid.uuid4().hex
    body = multipart({name: values[0] for name, values in fields.items() if name != "files"}, list(files), boundary)
    address = urlsplit(visitor.url)
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=TIMEOUT_SECONDS)
    headers = {
        **visitor.headers,
        "Content-Type": f"multipart/form-data; boundary={boundary}",
        "Cookie": "; ".join(f"{name}={value}" for name, value in visitor.cookies.items()),
    }
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode("utf-8", "replace")
    finally:
        connection.close()
