"""The compiled styles and scripts: their names of today, and serving them with the headers of every other answer."""

import json
import logging
from collections.abc import Callable, MutableMapping
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

from config import Config
from mystery_shopper.web.security import security_headers

logger = logging.getLogger(__name__)

STATIC_URL = "/static/"
MANIFEST = "manifest.json"
BRAND_FOLDER = "brand"


def read_manifest(folder: Path) -> dict[str, str]:
    """Return template name -> stored name. Empty, with a warning in the log, before the first `make install`."""
    try:
        names = json.loads((folder / MANIFEST).read_text())
    except FileNotFoundError:
        logger.warning("The styles have not been compiled: run make install")
        return {}
    return {str(name): str(stored) for name, stored in names.items()}


def make_asset(names: dict[str, str]) -> Callable[[str], str]:
    """Return the template function `asset(name)`: the address of a compiled file."""

    def asset(name: str) -> str:
        return STATIC_URL + names.get(name, name)

    return asset


def init_app(app: Flask, settings: Config) -> None:
    """Give the templates `asset(...)` and serve the compiled files in front of the application.

    Files of the GOV.UK brand (fonts, crown, crest) are served only when the brand is on.
    """
    names = read_manifest(settings.static_dir)
    app.jinja_env.globals["asset"] = make_asset(names)
    app.jinja_env.globals["govuk_brand"] = settings.govuk_brand
    stored = frozenset(STATIC_URL + name for name in names.values())
    headers = security_headers(settings.https)

    def add_headers(out: MutableMapping[str, str], path: str, url: str) -> None:
        for name, value in headers.items():
            out[name] = value

    files = WhiteNoise(
        app.wsgi_app,
        add_headers_function=add_headers,
        immutable_file_test=lambda path, url: url in stored,
        allow_all_origins=False,
    )
    if settings.static_dir.is_dir():
        files.add_files(str(settings.static_dir), prefix=STATIC_URL)
    if not settings.govuk_brand:
        brand = f"{STATIC_URL}{BRAND_FOLDER}/"
        files.files = {url: file for url, file in files.files.items() if not url.startswith(brand)}
    app.wsgi_app = files  # type: ignore[method-assign]
