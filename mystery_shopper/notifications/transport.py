"""How a letter leaves: by SMTP, or into a folder. The only outward connection of the service."""

import os
import smtplib
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit
from uuid import uuid4

from mystery_shopper.core.errors import ConfigurationError

TIMEOUT_SECONDS = 5
DEFAULT_SMTP_PORT = 25


class Transport(Protocol):
    """Sends one message or raises OSError / smtplib.SMTPException."""

    def send(self, message: EmailMessage) -> None:
        """Send the message."""


@dataclass(frozen=True)
class FolderTransport:
    """Writes each message as a file (mode 0600) into a folder: for demonstration and for tests."""

    folder: Path

    def send(self, message: EmailMessage) -> None:
        """Write the message."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        path = self.folder / f"{uuid4()}.eml"
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(bytes(message))


@dataclass(frozen=True)
class SmtpTransport:
    """Hands each message to a mail server."""

    host: str
    port: int

    def send(self, message: EmailMessage) -> None:
        """Send the message; waits at most 5 seconds for the server."""
        with smtplib.SMTP(self.host, self.port, timeout=TIMEOUT_SECONDS) as server:
            server.send_message(message)


def transport_for(mail_url: str) -> Transport:
    """Return the transport that MAIL_URL names.

    Raises:
        ConfigurationError: neither folder:PATH nor smtp://HOST[:PORT].
    """
    if mail_url.startswith("folder:"):
        return FolderTransport(Path(mail_url.removeprefix("folder:")))
    parts = urlsplit(mail_url)
    if parts.scheme == "smtp" and parts.hostname:
        return SmtpTransport(parts.hostname, parts.port or DEFAULT_SMTP_PORT)
    raise ConfigurationError("MAIL_URL must be folder:PATH or smtp://HOST:PORT")
