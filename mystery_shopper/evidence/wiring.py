"""Which store and which scanner the settings name."""

from pathlib import Path

from flask import Flask

from config import Config
from mystery_shopper.core.errors import ConfigurationError
from mystery_shopper.evidence.scanner import Clamd, install_scanner
from mystery_shopper.evidence.stores import EvidenceStore, install_store
from mystery_shopper.evidence.stores.folder import FolderStore
from mystery_shopper.evidence.stores.objects import ObjectStore

FOLDER = "folder:"


def init_app(_app: Flask, settings: Config) -> None:
    """Install the store and the scanner.

    Raises:
        ConfigurationError: an address that is neither of those in docs/operations.md.
    """
    install_store(make_store(settings.evidence_store))
    install_scanner(Clamd.from_address(settings.scanner) if settings.scanner else None)


def make_store(address: str) -> EvidenceStore:
    """Return the store at an address: `folder:PATH` or `s3://BUCKET/PREFIX`.

    Raises:
        ConfigurationError: neither.
    """
    if address.startswith(FOLDER):
        path = address.removeprefix(FOLDER)
        if not path:
            raise ConfigurationError("EVIDENCE_STORE=folder: needs a path")
        return FolderStore(Path(path))
    return ObjectStore.from_address(address)
