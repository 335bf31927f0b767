"""Headers, hosts, methods, bodies, tokens and safe addresses."""

import io
import re

import pytest
from flask import request
from flask.testing import FlaskClient

from mystery_shopper.web.security import FORM_FIELDS_MAX
from tests.web.conftest import SMALL, MakeApp

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def token_of(client: FlaskClient, path: str = "/name") -> str:
    page = client.get(path).text
    match = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert match is not None
    return match[1]


class TestHeaders:
    @pytest.mark.parametrize(
        "path", ["/", "/name", "/nowhere", "/boom", "/stale", "/status/403", "/status/503", "/api/v1/thing", "/tired"]
    )
    def test_every_answer_carries_the_headers(self, web: FlaskClient, path: str) -> None:
        headers = web.get(path).headers
        assert headers["Content-Security-Policy"] == POLICY
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert "Strict-Transport-Security" not in headers

    def test_https_installations_promise_https_for_a_year(self, make_app: MakeApp) -> None:
        client = make_app(base_url="https://127.0.0.1").test_client()
        assert client.get("/").headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"

    def test_session_cookie_is_for_this_site_and_not_for_scripts(self, web: FlaskClient) -> None:
        cookie = web.get("/name").headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie

    def test_session_cookie_of_an_https_installation_is_secure(self, make_app: MakeApp) -> None:
        client = make_app(base_url="https://127.0.0.1").test_client()
        assert "Secure" in client.get("/name").headers["Set-Cookie"]

    def test_pages_hold_no_inline_script_or_style(self, web: FlaskClient) -> None:
        for path in ("/", "/name", "/nowhere", "/safety"):
            page = web.get(path).text
            assert not re.search(r"<script(?![^>]*\bsrc=)", page)
            assert "<style" not in page
            assert not re.search(r'\s(?:style|on[a-z]+)="', page)


class TestHostsAndMethods:
    @pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", ""])
    def test_other_hosts_are_refused(self, web: FlaskClient, host: str) -> None:
        response = web.get("/", headers={"Host": host})
        assert response.status_code == 400
        assert response.headers["Content-Security-Policy"] == POLICY

    @pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PROPFIND", "ANYTHING"])
    def test_methods_no_page_has_are_refused(self, web: FlaskClient, method: str) -> None:
        assert web.open("/", method=method).status_code == 405

    def test_the_address_of_a_proxy_is_believed_only_when_one_is_configured(self, make_app: MakeApp) -> None:
        for count, scheme in ((0, "http"), (1, "https")):
            app = make_app(proxy_count=count)
            with app.test_client() as client:
                client.get("/", headers={"X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.example"})
                assert request.scheme == scheme
                assert request.host == "localhost"


class TestBodies:
    def test_more_fields_than_a_page_has_are_refused(self, web: FlaskClient) -> None:
        fields = {f"f{number}": "x" for number in range(FORM_FIELDS_MAX + 1)}
        assert web.post("/name", data=fields).status_code == 400
        assert web.post("/name", data=fields, content_type="multipart/form-data").status_code == 413

    def test_a_body_above_the_default_is_refused(self, make_app: MakeApp) -> None:
        client = make_app(max_request_bytes=1000).test_client()
        assert client.post("/name", data={"name": "x" * 1001}).status_code == 413

    def test_a_view_can_take_less_or_more_than_the_default(self, make_app: MakeApp) -> None:
        client = make_app(max_request_bytes=1000).test_client()
        token = token_of(client)
        taken = {"csrf_token": token, "file": (io.BytesIO(b"x" * 1200), "a.txt")}
        refused = {"csrf_token": token, "file": (io.BytesIO(b"x" * SMALL), "a.txt")}
        assert client.post("/upload", data=refused).status_code == 413
        assert client.post("/upload", data=taken).status_code != 413

    def test_a_body_without_a_length_is_refused(self, web: FlaskClient) -> None:
        response = web.post("/name", headers={"Transfer-Encoding": "chunked"}, data=b"name=x")
        assert response.status_code == 411

    def test_a_cut_body_is_refused_before_the_view_runs(self, web: FlaskClient, done: list[str]) -> None:
        token = token_of(web)
        body = f"csrf_token={token}&name=Ann".encode()
        response = web.post(
            "/name",
            input_stream=io.BytesIO(body),
            content_type="application/x-www-form-urlencoded",
            environ_overrides={"CONTENT_LENGTH": str(len(body) + 1), "wsgi.input_terminated": True},
        )
        assert response.status_code == 400
        assert done == []


class TestTokens:
    def test_a_form_with_its_token_is_taken(self, web: FlaskClient, done: list[str]) -> None:
        response = web.post("/name", data={"name": "Ann", "csrf_token": token_of(web)})
        assert response.status_code == 302
        assert done == ["Ann"]

    @pytest.mark.parametrize("token", ["", "wrong", "a.b.c"])
    def test_a_bad_token_shows_the_form_again_with_everything_kept(
        self, web: FlaskClient, done: list[str], token: str
    ) -> None:
        token_of(web)
        page = web.post("/name", data={"name": "Ann <b>", "story": "one\r\n  two", "csrf_token": token})
        assert "Your page timed out. Check your answers and select the button again" in page.text
        assert "<title>Error: Name - About you - Mystery Shopper</title>" in page.text
        assert 'value="Ann &lt;b&gt;"' in page.text
        assert ">one&#10;  two</textarea>" in page.text
        assert done == []

    def test_the_form_shown_again_can_be_sent(self, web: FlaskClient, done: list[str]) -> None:
        page = web.post("/name", data={"name": "Ann"}).text
        match = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
        assert match is not None
        web.post("/name", data={"name": "Ann", "csrf_token": match[1]})
        assert done == ["Ann"]

    def test_a_view_that_looks_at_no_form_is_not_believed_without_a_token(self, web: FlaskClient) -> None:
        response = web.post("/careless")
        assert response.status_code == 400
        assert "done without looking" not in response.text
        assert web.post("/careless", data={"csrf_token": token_of(web)}).status_code == 200

    @pytest.mark.parametrize(
        "headers",
        [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
    )
    def test_other_sites_are_refused_even_with_a_token(
        self, web: FlaskClient, done: list[str], headers: dict[str, str]
    ) -> None:
        response = web.post("/name", data={"name": "Ann", "csrf_token": token_of(web)}, headers=headers)
        assert response.status_code == 403
        assert done == []

    @pytest.mark.parametrize(
        "headers", [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://localhost"}, {"Origin": "null"}]
    )
    def test_the_own_site_passes_also_when_the_browser_hides_the_origin(
        self, web: FlaskClient, done: list[str], headers: dict[str, str]
    ) -> None:
        web.post("/name", data={"name": "Ann", "csrf_token": token_of(web)}, headers=headers)
        assert done == ["Ann"]

    def test_the_interface_for_programs_takes_no_token(self, web: FlaskClient) -> None:
        assert web.post("/api/v1/thing", json={}).status_code == 200

    def test_a_json_body_is_never_a_form(self, web: FlaskClient, done: list[str]) -> None:
        response = web.post("/name", json={"name": "Ann", "csrf_token": token_of(web)})
        assert response.status_code == 200
        assert done == []
