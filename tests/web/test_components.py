"""Our macros, and the GOV.UK ones: every fixture of the npm package must come out the same through the Jinja port."""

import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from flask import Flask, render_template_string

from config import ROOT
from mystery_shopper.core.forms.widgets import draw
from tests.web.conftest import MakeApp

FIXTURES = sorted((ROOT / "frontend/node_modules/govuk-frontend/dist/govuk/components").glob("*/fixtures.json"))
VOID = frozenset({"input", "br", "hr", "img", "path", "link", "meta", "rect", "circle"})
ADDRESSES = ("/a", "/b")


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


class Outline(HTMLParser):
    """What a browser makes of a page: tags with sorted attributes, and text without the spaces of layout."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[object] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        clean = sorted((name, " ".join((value or "").split())) for name, value in attrs)
        self.parts.append((tag, clean))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self.parts.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        text = " ".join(data.split())
        if text:
            self.parts.append(("text", text))


def outline(html: str) -> list[object]:
    parser = Outline()
    parser.feed(html)
    parser.close()
    return parser.parts


@pytest.mark.skipif(not FIXTURES, reason="needs the npm packages: run make install")
@pytest.mark.parametrize("path", FIXTURES, ids=lambda path: path.parent.name)
def test_every_fixture_of_the_component_comes_out_the_same_in_fields_and_in_pages(path: Path, app: Flask) -> None:
    component = path.parent.name
    fixtures = json.loads(path.read_text())["fixtures"]
    macro = f"govuk{component.title().replace('-', '')}"
    page = app.jinja_env.get_template(f"govuk_frontend_jinja/components/{component}/macro.html").module
    drawers = (lambda options: draw(component, options), getattr(page, macro))
    differing = [
        fixture["name"]
        for fixture in fixtures
        for drawer in drawers
        if outline(drawer(fixture["options"])) != outline(fixture["html"])
    ]
    assert fixtures
    assert differing == []


def render(app: Flask, macro: str, call: str, **context: object) -> str:
    with app.test_request_context():
        source = f'{{% from "components/{macro}.html" import {macro} %}}{call}'
        return render_template_string(source, **context)


def test_every_component_holds_the_macro_it_is_named_for(app: Flask) -> None:
    for path in sorted((ROOT / "templates/components").glob("*.html")):
        module = app.jinja_env.get_template(f"components/{path.name}").module
        assert hasattr(module, path.stem), path.name


def test_summary_list_escapes_keeps_lines_and_says_what_is_not_given(app: Flask) -> None:
    rows = [("Bond", "<b>5\nmillion</b>", "/change"), ("Turnover", None), ("Words", "")]
    page = render(app, "summary_list", "{{ summary_list(rows) }}", rows=rows)
    assert "&lt;b&gt;5&#10;million&lt;/b&gt;" in page
    assert page.count("Not given") == 2
    assert re.search(r'href="/change"[^>]*>\s*Change<span class="govuk-visually-hidden"> bond</span>', page)


def test_zero_is_an_answer(app: Flask) -> None:
    assert "Not given" not in render(app, "summary_list", "{{ summary_list([('Bond', 0)]) }}")


def test_summary_card_has_its_title_as_heading(app: Flask) -> None:
    page = render(app, "summary_card", "{{ summary_card('Facts', [('A', 'b')], level=3) }}")
    assert re.search(r"<h3[^>]*>\s*Facts\s*</h3>", page)


def test_timeline_writes_dates_as_dates_and_moments_with_the_time(app: Flask) -> None:
    items = [
        {"title": "Received", "at": date(2026, 6, 1), "text": "<i>"},
        {"title": "Answered", "at": datetime(2026, 6, 2, 12, 30, tzinfo=UTC), "by": "A. Person"},
    ]
    page = render(app, "timeline", "{{ timeline(items) }}", items=items)
    assert '<time datetime="2026-06-01">1 June 2026</time>' in page
    assert ">2 June 2026 at 1:30pm</time>" in page
    assert "&lt;i&gt;" in page
    assert "by A. Person" in page


@pytest.mark.parametrize(("before", "after"), [("", "/b"), ("/a", ""), ("/a", "/b"), ("", "")])
def test_pagination_shows_the_ways_there_are(app: Flask, before: str, after: str) -> None:
    page = render(app, "pagination", "{{ pagination(before, after) }}", before=before, after=after)
    assert [address for address in ADDRESSES if f'href="{address}"' in page] == [a for a in (before, after) if a]
    assert ("<nav" in page) is bool(before or after)


def test_filter_panel_removes_one_filter_or_all(app: Flask) -> None:
    chips = [{"text": "Open", "href": "/cases?owner=me"}]
    call = "{% call filter_panel('/cases', chips, '/cases') %}<p>inside</p>{% endcall %}"
    page = render(app, "filter_panel", call, chips=chips)
    assert 'method="get"' in page
    assert 'href="/cases?owner=me"' in page
    assert "Clear filters" in page
    assert "<p>inside</p>" in page


def test_task_list_links_what_can_be_started(app: Flask) -> None:
    tasks = [
        {"title": "About you", "href": "/a", "status": "Completed", "done": True},
        {"title": "Send", "href": "", "status": "Cannot start yet", "done": False},
    ]
    page = render(app, "task_list", "{{ task_list(tasks) }}", tasks=tasks)
    assert page.count("<a ") == 1
    assert "govuk-task-list__status--cannot-start-yet" in page


def test_case_header_holds_the_heading_and_the_state_in_words(app: Flask) -> None:
    call = "{{ case_header('MS-1', 'Bond <5m>', 'Triage', facts=[('Due', '1 June 2026')]) }}"
    page = render(app, "case_header", call)
    assert page.count("<h1") == 1
    assert "Bond &lt;5m&gt;" in page
    assert "Triage" in page


def test_receipt_code_and_slip_show_the_code_in_groups(app: Flask) -> None:
    page = render(app, "print_slip", "{{ print_slip('ABCD-EFGH', 'https://example.org/receipt') }}")
    assert re.sub(r"<[^>]+>", "", page.partition("ms-code")[2].partition("</p>")[0]).endswith("ABCD-EFGH")
    assert re.search(r"<button[^>]*hidden", page)


def test_post_button_carries_the_token(app: Flask) -> None:
    for style in ("secondary", "link"):
        page = render(app, "post_button", "{{ post_button('/x', 'Watch', 'tok', style) }}", style=style)
        assert 'method="post"' in page
        assert 'name="csrf_token" value="tok"' in page


def test_places_and_flashes_and_the_rest(app: Flask) -> None:
    places = [{"text": "Summary", "href": "/a", "current": True}, {"text": "Flags", "href": "/b"}]
    assert render(app, "tabs", "{{ tabs(p, 'Case') }}", p=places).count('aria-current="page"') == 1
    flashes = render(app, "flash_messages", "{{ flash_messages(m) }}", m=[("success", "Saved"), ("message", "<b>")])
    assert "govuk-notification-banner--success" in flashes
    assert "&lt;b&gt;" in flashes
    assert "There is a problem" in render(app, "error_summary", "{{ error_summary([{'text': 'a', 'href': '#b'}]) }}")
    assert render(app, "error_summary", "{{ error_summary([]) }}").strip() == ""
    assert "govuk-tag--red" in render(app, "status_tag", "{{ status_tag('Overdue', 'red') }}")
    assert "ms-empty" in render(app, "empty_state", "{{ empty_state('None', '/a', 'Add one') }}")
    assert 'tabindex="0"' in render(app, "scroll_table", "{% call scroll_table('T') %}x{% endcall %}")
