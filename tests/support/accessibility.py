"""axe-core on a page: from the front end's packages, run over the debugger, so that any CSP allows it."""

from functools import cache
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

AXE = Path(__file__).resolve().parents[2] / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
RUN = "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})"


@cache
def axe_source() -> str:
    """Return the text of axe-core."""
    return AXE.read_text(encoding="utf-8")


def violations(page: Page, *, ignoring: tuple[str, ...] = ()) -> list[str]:
    """Return what axe finds wrong with a page, one line each: rule, weight, what it is, where."""
    page.wait_for_load_state("load")  # a click returns when the next page has begun: it may still be empty
    _provide_axe(page)
    result: dict[str, Any] = page.evaluate(RUN, list(TAGS))
    return [_describe(found) for found in result["violations"] if found["id"] not in ignoring]


def _provide_axe(page: Page) -> None:
    """Run axe-core on this page; the later pages of its context bring it along, which takes a fifth of the time."""
    if page.evaluate("typeof window.axe") == "undefined":
        page.evaluate(f"() => {{ {axe_source()} }}")
        page.context.add_init_script(axe_source())


def assert_accessible(page: Page, *, ignoring: tuple[str, ...] = ()) -> None:
    """Fail with every violation axe finds. `ignoring` names rules; say why where it is called."""
    found = violations(page, ignoring=ignoring)
    assert not found, f"{page.url} is not accessible:\n" + "\n".join(found)


def _describe(found: dict[str, Any]) -> str:
    places = "; ".join(f"{node['target'][0]}: {node['html'][:160]}" for node in found["nodes"][:5])
    return f"{found['id']} ({found['impact']}): {found['help']} - {places}"
