"""Chromium for the tests: the installed one, or the headless one of an npm package; and pages that tell of any misstep.

`python -m tests.support.browser --installed` exits 0 when no package is needed.
"""

import io
import os
import shutil
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import brotli
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    Response,
)

PACKAGES = Path(__file__).resolve().parents[1] / "browser-packages"
PACKAGE = PACKAGES / "node_modules" / "@sparticuz" / "chromium"
UNPACKED = PACKAGES / "unpacked"
EXECUTABLE_VARIABLE = "TEST_BROWSER"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-default-browser-check",
)
LOCAL_SCHEMES = frozenset({"data", "blob", "about"})
FONTS = f"""<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig><dir>{UNPACKED / "fonts"}</dir><cachedir>{UNPACKED / "cache"}</cachedir></fontconfig>
"""
# Python before 3.11.4 has no filter; the archives are those of the lock file, by hash.
SAFE_EXTRACTION: dict[str, Any] = {"filter": "data"} if hasattr(tarfile, "data_filter") else {}
DESKTOP = (1280, 900)
TABLET = (768, 1024)
PHONE = (320, 640)
LAYOUT_LOOKS, LAYOUT_PAUSE_MS = 20, 100
"""A page is looked at for two seconds before it is called too wide: fonts and scripts may still be coming."""


@dataclass(frozen=True)
class Chromium:
    """A browser that can be started."""

    executable: Path
    arguments: tuple[str, ...] = ()
    environment: dict[str, str] = field(default_factory=dict)


@dataclass
class Missteps:
    """What a page did that no page of ours may do."""

    foreign_requests: list[str] = field(default_factory=list)
    console_errors: list[str] = field(default_factory=list)

    def assert_none(self) -> None:
        """Fail naming each request to another host and each error in the console."""
        assert not self.foreign_requests, f"Requests to other hosts: {self.foreign_requests}"
        assert not self.console_errors, f"Errors in the console: {self.console_errors}"


def installed_chromium() -> Path | None:
    """Return the browser named by TEST_BROWSER or found on PATH."""
    named = os.environ.get(EXECUTABLE_VARIABLE)
    found = [shutil.which(name) for name in ((named,) if named else NAMES)]
    return next((Path(path) for path in found if path), None)


def find_chromium() -> Chromium | None:
    """Return an installed Chromium, otherwise the one of the npm package, otherwise None."""
    installed = installed_chromium()
    if installed is not None:
        return Chromium(installed)
    return packaged_chromium() if PACKAGE.is_dir() else None


def packaged_chromium() -> Chromium:
    """Unpack the npm package once, with the libraries and fonts it brings, and return the browser in it."""
    if not (UNPACKED / "chromium").is_file():
        part = Path(tempfile.mkdtemp(dir=PACKAGES, prefix=".unpacking-"))
        part.chmod(0o755)
        binaries = PACKAGE / "bin"
        (part / "chromium").write_bytes(brotli.decompress((binaries / "chromium.br").read_bytes()))
        (part / "chromium").chmod(0o755)
        for archive in ("al2023", "fonts", "swiftshader"):
            packed = brotli.decompress((binaries / f"{archive}.tar.br").read_bytes())
            with tarfile.open(fileobj=io.BytesIO(packed)) as files:
                files.extractall(part / ("libraries" if archive == "al2023" else "."), **SAFE_EXTRACTION)
        (part / "fonts.conf").write_text(FONTS)
        try:
            part.rename(UNPACKED)
        except OSError:  # another process was first
            shutil.rmtree(part)
    environment = {"LD_LIBRARY_PATH": str(_library_folder())}
    if not Path("/etc/fonts/fonts.conf").exists():
        environment |= {"FONTCONFIG_PATH": str(UNPACKED)}
    return Chromium(UNPACKED / "chromium", ("--headless=shell",), environment)


def _library_folder() -> Path:
    library = next((UNPACKED / "libraries").rglob("libnss3.so"), None)
    return library.parent if library else UNPACKED / "libraries"


@contextmanager
def open_browser(playwright: Playwright, chromium: Chromium) -> Iterator[Browser]:
    """Start a headless browser, and close it at the end. Tests take it from the fixture `chromium` instead."""
    browser = playwright.chromium.launch(
        executable_path=chromium.executable,
        args=[*ARGUMENTS, *chromium.arguments],
        env={**os.environ, **chromium.environment},
        headless=True,
    )
    try:
        yield browser
    finally:
        browser.close()


@contextmanager
def open_page(
    browser: Browser, base_url: str, *, viewport: tuple[int, int] = DESKTOP, java_script_enabled: bool = True
) -> Iterator[Page]:
    """Open a page in a fresh context (no cookies); on leaving, fail on any request elsewhere or console error."""
    context = browser.new_context(
        base_url=base_url,
        viewport={"width": viewport[0], "height": viewport[1]},
        java_script_enabled=java_script_enabled,
        locale="en-GB",
        timezone_id="Europe/London",
    )
    missteps = watch(context, base_url)
    try:
        yield context.new_page()
        missteps.assert_none()
    finally:
        context.close()


def watch(context: BrowserContext, base_url: str) -> Missteps:
    """Record what the pages of a context do wrong; requests to other hosts are stopped."""
    missteps = Missteps()
    own = urlsplit(base_url).netloc

    def on_request(request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in LOCAL_SCHEMES and address.netloc != own:
            missteps.foreign_requests.append(request.url)

    def on_console(message: ConsoleMessage) -> None:
        # A 4xx or 5xx answer to a page the test asked for is what the test is about, not an error of the page.
        if message.type == "error" and "Failed to load resource" not in message.text:
            missteps.console_errors.append(message.text)

    def on_response(response: Response) -> None:
        if response.request.resource_type != "document" and response.status >= 400:
            missteps.console_errors.append(f"{response.status} for {response.url}")

    context.on("request", on_request)
    context.on("response", on_response)
    context.on("console", on_console)
    context.on("weberror", lambda error: missteps.console_errors.append(str(error.error)))
    return missteps


def assert_reflows(page: Page) -> None:
    """Fail when a page must be scrolled sideways at its present width (WCAG 1.4.10 at 320 pixels)."""
    for _ in range(LAYOUT_LOOKS):
        scroll, inner = page.evaluate("[document.documentElement?.scrollWidth ?? Infinity, innerWidth]")
        if scroll <= inner:
            return
        page.wait_for_timeout(LAYOUT_PAUSE_MS)
    wide = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1)"
        ".slice(0, 5).map(e => e.outerHTML.slice(0, 120))"
    )
    raise AssertionError(f"{page.url} is {scroll} pixels wide at {inner}; too wide: {wide}")


if __name__ == "__main__":
    sys.exit(installed_chromium() is None)
