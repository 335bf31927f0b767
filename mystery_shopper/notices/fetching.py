"""Fetching notices from the services that publish them: one adapter, off unless a setting turns it on.

Where it may go stands here and nowhere else. It takes the id of a notice, never an address; it follows no redirect,
waits and reads only so long, and what it returns is checked like any file. Only operators and the worker use it.
"""

import http.client
import re
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Protocol
from urllib.parse import quote, urlsplit

from mystery_shopper.core.errors import ConfigurationError, DomainError
from mystery_shopper.notices.policy import Dialect, dialect_of

CONNECT_SECONDS = 10.0
WHOLE_SECONDS = 60.0
BYTES_MAX = 10_000_000
CHUNK = 65_536
USER_AGENT = "mystery-shopper (notices of open cases)"
LOOPBACK = frozenset({"127.0.0.1", "localhost"})
_OCID = re.compile(r"ocds-[0-9a-z]{6}-[0-9A-Za-z-]{1,80}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{6}-20[0-9]{2}", re.ASCII)
_JSON = ("application/json", "text/json")


@dataclass(frozen=True)
class Service:
    """Where a service gives all releases of a procurement by its OCID, and those of one notice by its number."""

    base: str
    by_ocid: str
    by_number: str = ""


SERVICES: Mapping[Dialect, Service] = {
    Dialect.FIND_A_TENDER: Service(
        "https://www.find-tender.service.gov.uk",
        "/api/1.0/ocdsReleasePackages/{id}",
        "/api/1.0/ocdsReleasePackages/{id}",
    ),
    Dialect.CONTRACTS_FINDER: Service("https://www.contractsfinder.service.gov.uk", "/Published/OCDS/Record/{id}"),
    Dialect.PUBLIC_CONTRACTS_SCOTLAND: Service("https://api.publiccontractsscotland.gov.uk", "/v1/Notice?id={id}"),
    Dialect.SELL2WALES: Service("https://api.sell2wales.gov.wales", "/v1/Notice?id={id}"),
}


class FetchError(DomainError):
    """A notice could not be fetched; the message says why, in words fit for a log."""


class Fetcher(Protocol):
    """What fetches the releases of a procurement as JSON text."""

    def fetch(self, name: str) -> bytes:
        """Return the package of an OCID or of a notice number."""


class HttpFetcher:
    """Fetches from the services of a table. Plain http is for this machine only: a recorded service in tests."""

    def __init__(
        self,
        services: Mapping[Dialect, Service] = SERVICES,
        *,
        connect_seconds: float = CONNECT_SECONDS,
        whole_seconds: float = WHOLE_SECONDS,
        bytes_max: int = BYTES_MAX,
    ) -> None:
        for service in services.values():
            parts = urlsplit(service.base)
            if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
                raise ConfigurationError(f"{service.base} must be an https address")
        self._services = services
        self._connect_seconds, self._whole_seconds, self._bytes_max = connect_seconds, whole_seconds, bytes_max

    def fetch(self, name: str) -> bytes:
        """Return the package of an OCID or of a notice number.

        Raises:
            FetchError: no id that we fetch, or the service did not give it.
        """
        if _NUMBER.fullmatch(name):
            service = self._services.get(Dialect.FIND_A_TENDER)
            path = service.by_number if service else ""
        else:
            service = self._services.get(dialect_of(name)) if _OCID.fullmatch(name) else None
            path = service.by_ocid if service else ""
        if service is None or not path:
            raise FetchError("No service publishes a notice with this id")
        try:
            return self._get(service, path.format(id=quote(name, safe="")))
        except (OSError, http.client.HTTPException) as error:
            raise FetchError(f"The service did not answer: {type(error).__name__}") from error

    def _get(self, service: Service, path: str) -> bytes:
        parts = urlsplit(service.base)
        connection = self._connect(parts.scheme, parts.hostname or "", parts.port)
        try:
            headers = {"Accept": "application/json", "Accept-Encoding": "identity", "User-Agent": USER_AGENT}
            ends = time.monotonic() + self._whole_seconds
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            _check_answer(answer)
            return self._read(answer, ends)
        finally:
            connection.close()

    def _connect(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._connect_seconds)
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=self._connect_seconds, context=context)

    def _read(self, answer: http.client.HTTPResponse, ends: float) -> bytes:
        found = bytearray()
        while chunk := answer.read1(CHUNK):
            found += chunk
            if len(found) > self._bytes_max:
                raise FetchError(f"The service sent more than {self._bytes_max:,} bytes")
            if time.monotonic() > ends:
                raise FetchError("The service took too long to send it")
        if answer.length:
            raise FetchError("The service stopped in the middle")
        return bytes(found)


def _check_answer(answer: http.client.HTTPResponse) -> None:
    if answer.status == HTTPStatus.NOT_FOUND:
        raise FetchError("The service does not have it")
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        raise FetchError("The service led to another address, which we do not follow")
    if answer.status != HTTPStatus.OK:
        raise FetchError(f"The service answered {answer.status}")
    if answer.getheader("Content-Encoding", "identity").lower() != "identity":
        raise FetchError("The service sent it packed, which we did not ask for")
    if answer.getheader("Content-Type", "").split(";")[0].strip().lower() not in _JSON:
        raise FetchError("The service did not send JSON")
