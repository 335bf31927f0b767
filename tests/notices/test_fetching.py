"""The adapter to the services, against answers recorded by ourselves and served on this machine. No database."""

import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.notices.fetching import SERVICES, FetchError, HttpFetcher, Service
from mystery_shopper.notices.policy import Dialect
from tests.factories.notices import DATA

OCID = "ocds-h6vhtk-0f00d1"
RECORDED = (DATA / "find_a_tender.json").read_bytes()
JSON = {"Content-Type": "application/json; charset=utf-8"}
Answer = tuple[int, dict[str, str], bytes]


class Recorded(BaseHTTPRequestHandler):
    """Gives one answer to every question and notes what was asked."""

    answer: ClassVar[Answer] = (200, JSON, RECORDED)
    asked: ClassVar[list[tuple[str, str]]] = []
    seconds_between: ClassVar[float] = 0.0

    def do_GET(self) -> None:
        type(self).asked.append((self.path, self.headers["Accept-Encoding"]))
        status, headers, body = self.answer
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        step = 10 if self.seconds_between else max(1, len(body))
        for start in range(0, len(body), step):
            try:
                self.wfile.write(body[start : start + step])
                self.wfile.flush()
            except OSError:
                return
            sleep(self.seconds_between)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def serve() -> Iterator[Callable[..., HttpFetcher]]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Recorded)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    Recorded.answer, Recorded.seconds_between = (200, JSON, RECORDED), 0.0
    Recorded.asked.clear()

    def answer(
        status: int = 200, headers: dict[str, str] | None = None, body: bytes = RECORDED, **limits: float
    ) -> HttpFetcher:
        Recorded.answer = (status, {**JSON, **(headers or {})}, body)
        base = f"http://127.0.0.1:{server.server_port}"
        services = {one: Service(base, service.by_ocid, service.by_number) for one, service in SERVICES.items()}
        return HttpFetcher(services, **limits)  # type: ignore[arg-type]

    yield answer
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        (OCID, f"/api/1.0/ocdsReleasePackages/{OCID}"),
        ("012345-2026", "/api/1.0/ocdsReleasePackages/012345-2026"),
        ("ocds-b5fd17-1111-2222", "/Published/OCDS/Record/ocds-b5fd17-1111-2222"),
        ("ocds-r6ebe6-0000999991", "/v1/Notice?id=ocds-r6ebe6-0000999991"),
        ("ocds-kuma6s-999992", "/v1/Notice?id=ocds-kuma6s-999992"),
    ],
)
def test_what_is_asked(serve: Callable[..., HttpFetcher], name: str, path: str) -> None:
    assert serve().fetch(name) == RECORDED
    assert Recorded.asked == [(path, "identity")]


@pytest.mark.parametrize(
    "name",
    [
        "https://evil.example/",
        "http://169.254.169.254/latest/meta-data",
        f"{OCID}/../../secrets",
        f"{OCID}?x=1",
        f"{OCID}#x",
        f"{OCID}\r\nHost: evil.example",
        "ocds-zzzzzz-1",
        "ocds-h6vhtk-",
        "ocds-h6vhtk-@evil.example",
        "",
    ],
)
def test_nothing_but_an_id_is_fetched(serve: Callable[..., HttpFetcher], name: str) -> None:
    with pytest.raises(FetchError):
        serve().fetch(name)
    assert Recorded.asked == []


@given(st.text(max_size=60))
def test_no_text_makes_it_ask_anybody_else(name: str) -> None:
    nowhere = {Dialect.FIND_A_TENDER: Service("http://127.0.0.1:1", "/{id}", "/{id}")}
    with pytest.raises(FetchError):
        HttpFetcher(nowhere, connect_seconds=0.2).fetch(name)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(serve: Callable[..., HttpFetcher], status: int) -> None:
    with pytest.raises(FetchError, match="another address"):
        serve(status, {"Location": "http://127.0.0.1:1/elsewhere"}).fetch(OCID)
    assert len(Recorded.asked) == 1


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"status": 404}, "does not have it"),
        ({"status": 403}, "answered 403"),
        ({"status": 500}, "answered 500"),
        ({"headers": {"Content-Type": "text/html"}}, "did not send JSON"),
        ({"headers": {"Content-Encoding": "gzip"}}, "packed"),
        ({"body": b"x" * 2000, "bytes_max": 1000}, "more than 1,000 bytes"),
        ({"headers": {"Content-Length": str(len(RECORDED) + 500)}, "connect_seconds": 1.0}, "."),
    ],
)
def test_other_answers_are_refused(serve: Callable[..., HttpFetcher], answer: dict[str, object], reason: str) -> None:
    with pytest.raises(FetchError, match=reason):
        serve(**answer).fetch(OCID)


def test_a_service_that_drips_is_left(serve: Callable[..., HttpFetcher]) -> None:
    fetcher = serve(whole_seconds=0.5)
    Recorded.seconds_between = 0.1
    with pytest.raises(FetchError, match="too long"):
        fetcher.fetch(OCID)


def test_a_service_that_is_not_there(serve: Callable[..., HttpFetcher]) -> None:
    with pytest.raises(FetchError, match="did not answer"):
        HttpFetcher({Dialect.FIND_A_TENDER: Service("http://127.0.0.1:1", "/{id}")}).fetch(OCID)


@pytest.mark.parametrize("base", ["http://notices.example.org", "ftp://127.0.0.1", "file:///etc", ""])
def test_only_https_leaves_this_machine(base: str) -> None:
    with pytest.raises(ConfigurationError):
        HttpFetcher({Dialect.FIND_A_TENDER: Service(base, "/{id}")})


def test_the_services_are_on_the_hosts_we_know() -> None:
    assert sorted(service.base for service in SERVICES.values()) == [
        "https://api.publiccontractsscotland.gov.uk",
        "https://api.sell2wales.gov.wales",
        "https://www.contractsfinder.service.gov.uk",
        "https://www.find-tender.service.gov.uk",
    ]
