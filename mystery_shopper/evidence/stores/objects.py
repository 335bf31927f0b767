"""Object storage that speaks S3. boto3 is only imported when it is chosen: half a second and 30 MB."""

import io
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.core.streams import CHUNK
from mystery_shopper.evidence.stores import Stored, StoreError

SCHEME = "s3"
PART_BYTES = 8 * 1024 * 1024
CONNECT_SECONDS = 5
READ_SECONDS = 20
TRIES = 3


class ObjectStore:
    """One bucket, perhaps a prefix in it. Keys of access come from where AWS tools look for them, never from here."""

    def __init__(self, client: Any, bucket: str, prefix: str = "") -> None:
        self._client, self._bucket, self._prefix = client, bucket, prefix
        from boto3.exceptions import Boto3Error
        from botocore.exceptions import BotoCoreError, ClientError

        self._errors = (Boto3Error, BotoCoreError, ClientError, OSError)

    @classmethod
    def from_address(cls, address: str) -> "ObjectStore":
        """Return the store of `s3://BUCKET/PREFIX?endpoint=https://HOST&region=NAME`.

        Raises:
            ConfigurationError: no bucket, or boto3 is not installed.
        """
        parts = urlsplit(address)
        if parts.scheme != SCHEME or not parts.hostname:
            raise ConfigurationError("EVIDENCE_STORE must be folder:PATH or s3://BUCKET/PREFIX")
        try:
            import boto3
            from botocore.config import Config
        except ImportError as error:
            raise ConfigurationError("EVIDENCE_STORE=s3://... needs boto3: install mystery-shopper[s3]") from error
        options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        client = boto3.client(
            "s3",
            endpoint_url=options.get("endpoint"),
            region_name=options.get("region"),
            config=Config(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=READ_SECONDS,
                retries={"max_attempts": TRIES},
                s3={"addressing_style": "path" if "endpoint" in options else "auto"},
                request_checksum_calculation="when_required",
            ),
        )
        return cls(client, parts.netloc, parts.path.strip("/"))

    def _key(self, name: str) -> str:
        return f"{self._prefix}/{name}" if self._prefix else name

    def put(self, name: str, pieces: Iterable[bytes]) -> None:
        """Send a file in parts; it exists once the last is there."""
        from boto3.s3.transfer import TransferConfig

        transfer = TransferConfig(
            multipart_threshold=PART_BYTES, multipart_chunksize=PART_BYTES, use_threads=False, max_concurrency=1
        )
        try:
            source = io.BufferedReader(_Pieces(pieces), PART_BYTES)  # the library takes a short read for the end
            self._client.upload_fileobj(source, self._bucket, self._key(name), Config=transfer)
        except self._errors as error:
            raise StoreError(f"object storage did not take a file ({type(error).__name__})") from error

    def read(self, name: str) -> Iterator[bytes]:
        """Ask for the file now, and yield it."""
        try:
            body = self._client.get_object(Bucket=self._bucket, Key=self._key(name))["Body"]
        except self._errors as error:
            raise StoreError(f"object storage did not give a file ({type(error).__name__})") from error

        def pieces() -> Iterator[bytes]:
            try:
                yield from body.iter_chunks(CHUNK)
            except self._errors as error:
                raise StoreError("object storage broke off") from error
            finally:
                body.close()

        return pieces()

    def delete(self, name: str) -> None:
        """Remove a file."""
        try:
            self._client.delete_object(Bucket=self._bucket, Key=self._key(name))
        except self._errors as error:
            raise StoreError(f"object storage did not remove a file ({type(error).__name__})") from error

    def list_all(self) -> Iterator[Stored]:
        """Yield every file under the prefix."""
        start = f"{self._prefix}/" if self._prefix else ""
        try:
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=start):
                for item in page.get("Contents", ()):
                    yield Stored(item["Key"].removeprefix(start), item["LastModified"])
        except self._errors as error:
            raise StoreError(f"object storage does not list ({type(error).__name__})") from error

    def problems(self) -> list[str]:
        """Ask whether the bucket can be reached."""
        try:
            self._client.head_bucket(Bucket=self._bucket)
        except self._errors as error:
            return [f"the bucket cannot be reached ({type(error).__name__})"]
        return []


class _Pieces(io.RawIOBase):
    """An iterator of pieces as a file to be read once."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = iter(pieces)
        self._left = b""

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def seekable(self) -> bool:
        """Say that it can be read once only."""
        return False

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer with what comes next."""
        while not self._left:
            following = next(self._pieces, None)
            if following is None:
                return 0
            self._left = following
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count
