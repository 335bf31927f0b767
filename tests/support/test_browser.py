"""The browser of the tests, tried on a small page: what it must notice, it notices."""

from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from tests.support import browser as support
from tests.support.accessibility import AXE, assert_accessible, violations
from tests.support.browser import PHONE, assert_reflows, find_chromium, open_browser, open_page, packaged_chromium
from tests.support.skips import require_or_skip

pytestmark = pytest.mark.browser

GOOD = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Good</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"></head>
<body><main><h1>Good</h1><p id="p">Words</p></main></body></html>"""
PAGES = {
    "/good": GOOD,
    "/scripted": GOOD.replace("Words", "Words<script src='/s.js'></script>"),
    "/s.js": "document.getElementById('p').textContent = 'Changed'",
    "/broken": GOOD.replace("Words", "<img src='/x.png'>").replace(' lang="en"', ""),
    "/wide": GOOD.replace("Words", "W" * 400),
    "/elsewhere": GOOD.replace("Words", "<img alt='' src='http://127.0.0.2:9/x.png'>"),
    "/error": GOOD.replace("Words", "<script src='/e.js'></script>"),
    "/e.js": "console.error('something broke')",
    "/missing-asset": GOOD.replace("Words", "<script src='/gone.js'></script>"),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = PAGES.get(self.path, "").encode()
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", "text/javascript" if self.path.endswith(".js") else "text/html")
        self.send_header("Content-Security-Policy", "default-src 'none'; script-src 'self'; img-src * data:")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format, *args):
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_good_page_passes_every_check_at_phone_width(chromium, site):
    with open_page(chromium, site, viewport=PHONE) as page:
        page.goto("/good")
        assert_reflows(page)
        assert_accessible(page)


def test_scripts_run_unless_they_are_switched_off(chromium, site):
    with open_page(chromium, site) as page:
        page.goto("/scripted")
        assert page.locator("#p").inner_text() == "Changed"
    with open_page(chromium, site, java_script_enabled=False) as page:
        page.goto("/scripted")
        assert page.locator("#p").inner_text() == "Words"


def test_a_page_without_language_and_image_text_is_named_as_inaccessible(chromium, site):
    assert AXE.is_file()
    with open_page(chromium, site) as page:
        page.route("**/x.png", lambda route: route.fulfill(status=200, content_type="image/png", body=b""))
        page.goto("/broken")
        found = violations(page)
        assert {line.split(" ", 1)[0] for line in found} >= {"html-has-lang", "image-alt"}
        assert not [line for line in violations(page, ignoring=("image-alt",)) if line.startswith("image-alt")]
        with pytest.raises(AssertionError, match="html-has-lang"):
            assert_accessible(page)


def test_a_page_too_wide_for_a_phone_fails(chromium, site):
    with open_page(chromium, site, viewport=PHONE) as page:
        page.goto("/wide")
        with pytest.raises(AssertionError, match="wide at 320"):
            assert_reflows(page)


@pytest.mark.parametrize(
    ("path", "message"),
    [("/elsewhere", "other hosts"), ("/error", "something broke"), ("/missing-asset", "404 for")],
)
def test_leaving_a_page_that_misbehaved_fails(chromium, site, path, message):
    with pytest.raises(AssertionError, match=message), open_page(chromium, site) as page:
        page.goto(path)


def test_the_packaged_browser_works_where_none_is_installed(playwright_driver, site, monkeypatch):
    require_or_skip(support.PACKAGE.is_dir() or support.installed_chromium(), "a Chromium: run make install-dev")
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv(support.EXECUTABLE_VARIABLE, raising=False)
    assert support.installed_chromium() is None
    if not support.PACKAGE.is_dir():
        assert find_chromium() is None
        return
    packaged = packaged_chromium()
    assert find_chromium() == packaged
    with open_browser(playwright_driver, packaged) as browser, open_page(browser, site) as page:
        page.goto("/scripted")
        assert page.locator("#p").inner_text() == "Changed"
        assert_accessible(page)
