"""A browser without JavaScript that talks to a server over the network, with the face of Flask's test client."""

import http.client
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit

TIMEOUT_SECONDS = 30
MAX_REDIRECTS = 10


@dataclass(frozen=True)
class Asked:
    """What was asked for."""

    method: str
    path: str
    query: str


@dataclass(frozen=True)
class Answer:
    """What the server answered."""

    request: Asked
    status_code: int
    headers: dict[str, str]
    data: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.data.decode("utf-8", "replace")

    @property
    def location(self) -> str | None:
        """Where a redirect leads."""
        return self.headers.get("location")


@dataclass
class Visitor:
    """One browser: keeps cookies, sends `headers` with every request, and keeps every answer in `seen` if asked to.

    Each request has a connection of its own unless `keeps_connection`; then `close` it at the end. An error of the
    connection is raised.
    """

    url: str
    headers: dict[str, str] = field(default_factory=dict)
    keeps_answers: bool = False
    keeps_connection: bool = False
    cookies: dict[str, str] = field(default_factory=dict)
    seen: list[Answer] = field(default_factory=list)
    _connection: http.client.HTTPConnection | None = field(default=None, repr=False)

    def get(self, path: str, *, follow_redirects: bool = False) -> Answer:
        """Open a page."""
        return self.open(path, follow_redirects=follow_redirects)

    def post(self, path: str, data: Any = None, *, follow_redirects: bool = False) -> Answer:
        """Send a form: values may be lists."""
        body = urlencode(data or {}, doseq=True).encode()
        return self.open(path, method="POST", body=body, follow_redirects=follow_redirects)

    def open(
        self, path: str, *, method: str = "GET", body: bytes | None = None, follow_redirects: bool = False
    ) -> Answer:
        """Send a request, and what its redirects ask for."""
        answer = self._ask(method, path, body)
        for _ in range(MAX_REDIRECTS):
            if not (follow_redirects and answer.location and 300 <= answer.status_code < 400):
                return answer
            answer = self._ask("GET", answer.location, None)
        raise AssertionError(f"{path} redirects without end")

    def close(self) -> None:
        """Close the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _ask(self, method: str, address: str, body: bytes | None) -> Answer:
        parts = urlsplit(address)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        headers = dict(self.headers)
        if self.cookies:
            sent = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers["Cookie"] = "; ".join(part for part in (headers.get("Cookie"), sent) if part)
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            got = self._send(method, target, body, headers)
            data = got.read()
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if not self.keeps_connection:
            self.close()
        self._keep_cookies(got)
        given = {name.lower(): value for name, value in got.getheaders()}
        answer = Answer(Asked(method, parts.path, parts.query), got.status, given, data)
        if self.keeps_answers:
            self.seen.append(answer)
        return answer

    def _send(self, method: str, target: str, body: bytes | None, headers: dict[str, str]) -> http.client.HTTPResponse:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=TIMEOUT_SECONDS)
        self._connection.request(method, target, body, headers)
        return self._connection.getresponse()

    def _keep_cookies(self, got: http.client.HTTPResponse) -> None:
        for name, value in got.getheaders():
            if name.lower() == "set-cookie":
                for key, morsel in SimpleCookie(value).items():
                    if morsel.value and morsel["max-age"] != "0":
                        self.cookies[key] = morsel.value
                    else:
                        self.cookies.pop(key, None)
