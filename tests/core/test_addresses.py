"""Where a browser may be sent on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mystery_shopper.core.addresses import MAX_LENGTH, safe_next_path

SAFE = ("/", "/desk", "/cases?state=new&page=2", "/cases/MS-2026-00417", "/cases?next=%2Fdesk", "/results#top", "/a/b/")
UNSAFE = (
    "",
    None,
    "desk",
    "//evil.example",
    "///evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "/\t/evil.example",
    "/\r/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "https:evil.example",
    "https:/evil.example",
    "https://evil.example",
    "https:///evil.example",
    "https://good.example@evil.example",
    "HTTPS://evil.example",
    "javascript:alert(1)",
    "data:text/html,x",
    "%2f%2fevil.example",
    "/%2f%2fevil.example",
    "/%2Fevil.example",
    "/%5cevil.example",
    "/%09/evil.example",
    "/%0d%0aLocation:x",
    "/a//evil.example",
    "/..//evil.example",
    "/../desk",
    "/./desk",
    "/%2e%2e/desk",
    "/desk\x00",
    "/desk\x7f",
    "/caf\u00e9",
    "/\u2215evil.example",
    "?next=/desk",
    "#top",
    "@evil.example",
    "/" + "a" * MAX_LENGTH,
)


@pytest.mark.parametrize("path", SAFE)
def test_a_path_of_this_site_is_kept(path: str) -> None:
    assert safe_next_path(path) == path


@pytest.mark.parametrize("path", UNSAFE)
def test_anything_else_is_refused(path: str | None) -> None:
    assert safe_next_path(path) is None


@given(st.text(alphabet="/\\.%2fF5cC:@?#htps \t\r\ne", max_size=30))
def test_what_is_kept_always_stays_on_this_site(text: str) -> None:
    kept = safe_next_path(text)
    assert kept is None or (kept[0] == "/" and kept[1:2] not in ("/", "\\") and kept.isprintable())
