"""Compiled files: found by name, kept by browsers, with the headers of every answer; the brand only when on."""

import json
from pathlib import Path

import pytest

from mystery_shopper.web.assets import make_asset, read_manifest
from tests.web.conftest import MakeApp


@pytest.fixture
def static(tmp_path: Path) -> Path:
    folder = tmp_path / "static"
    (folder / "brand" / "assets").mkdir(parents=True)
    (folder / "app.abc123.css").write_text("a{}")
    (folder / "brand" / "brand.def456.css").write_text("b{}")
    (folder / "brand" / "assets" / "crown.svg").write_text("<svg/>")
    names = {"app.css": "app.abc123.css", "brand.css": "brand/brand.def456.css"}
    (folder / "manifest.json").write_text(json.dumps(names))
    return folder


def test_a_name_leads_to_the_file_of_today(static: Path) -> None:
    asset = make_asset(read_manifest(static))
    assert asset("app.css") == "/static/app.abc123.css"
    assert asset("unknown.css") == "/static/unknown.css"


def test_files_carry_the_headers_and_may_be_kept(make_app: MakeApp, static: Path) -> None:
    with make_app(static_dir=static).test_client().get("/static/app.abc123.css") as response:
        assert response.status_code == 200
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert "immutable" in response.headers["Cache-Control"]


def test_files_of_the_brand_are_served_only_when_it_is_on(make_app: MakeApp, static: Path) -> None:
    for brand, status in ((False, 404), (True, 200)):
        client = make_app(static_dir=static, govuk_brand=brand).test_client()
        for path in ("/static/brand/brand.def456.css", "/static/brand/assets/crown.svg"):
            with client.get(path) as response:
                assert response.status_code == status


def test_without_compiled_files_pages_still_work(make_app: MakeApp) -> None:
    assert make_app().test_client().get("/").status_code == 200


@pytest.mark.parametrize("path", ["/static/../config.py", "/static/%2e%2e/config.py", "/static/..%2fconfig.py"])
def test_nothing_outside_the_folder_is_served(make_app: MakeApp, static: Path, path: str) -> None:
    assert make_app(static_dir=static).test_client().get(path).status_code in (400, 404)
