"""Proofs of submission: given out through the receipt, checked on the page and by command, and worth what they say."""

import base64
import copy
import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from mystery_shopper.cases.models import Report
from mystery_shopper.core.crypto import keyring
from mystery_shopper.core.db import db
from mystery_shopper.core.signing import public_keys
from mystery_shopper.intake.cli import proof_cli
from mystery_shopper.intake.proofs import ProofError, canonical, check_proof, content_of, make_proof, read_proof
from tests.factories.reports import IDENTITY, Filed
from tests.intake.conftest import Walked
from tests.intake.walking import Walker


@pytest.fixture
def files(client: FlaskClient, walked: Walked) -> tuple[dict[str, str], dict[str, object], str]:
    """The two files a reporter downloads, and their receipt code."""
    walker = walked("sent in confidence", lambda walker: walker.file_bond("confidential"))
    code = walker.code
    walker.open("/receipt")
    walker.send({"code": code})
    assert "Get a proof that you sent it" in walker.text
    walker.open("/receipt/case/proof")
    return client.get("/receipt/case/proof.json").get_json(), client.get("/receipt/case/content.json").get_json(), code


def check(client: FlaskClient, proof: object, content: object = "") -> str:
    walker = Walker(client)
    walker.open("/proof")
    written = [value if isinstance(value, str) else json.dumps(value) for value in (proof, content)]
    walker.send({"proof": written[0], "content": written[1]})
    return walker.text


def test_a_proof_and_its_content_are_found_genuine_by_somebody_else(app: Flask, files) -> None:
    proof, content, _ = files
    other = app.test_client()
    assert "This proof is genuine." in check(other, proof)
    assert "The content is the one that was sent." in check(other, proof, content)
    assert "Not checked" in check(other, proof)


def test_files_can_be_uploaded_and_may_have_been_written_anew(app: Flask, files) -> None:
    proof, content, _ = files
    walker = Walker(app.test_client())
    walker.open("/proof")
    action, fields = walker.form()
    upload = {
        **fields,
        "proof_file": (BytesIO(b"\xef\xbb\xbf" + json.dumps(proof, indent=8).encode()), "a.json"),
        "content_file": (BytesIO(json.dumps(content, sort_keys=True).encode()), "b.json"),
    }
    answer = walker.client.post(action, data=upload, content_type="multipart/form-data")
    assert "The content is the one that was sent." in answer.text


def test_neither_file_says_who_reported_or_with_which_code(files) -> None:
    proof, content, code = files
    words = json.dumps([proof, content]).casefold()
    for secret in ("joan", "pargeter", "quillfeather", code.replace(" ", "").casefold(), code.casefold()):
        assert secret not in words
    assert set(proof) == {"type", "reference", "received_on", "content_sha256", "key", "signature"}
    assert len(proof["received_on"]) == len("2026-01-01")


def test_every_changed_field_is_noticed(client: FlaskClient, files) -> None:
    proof, content, _ = files
    for name, value in {
        "reference": "PR-AAAA-AAAA",
        "received_on": "2020-01-01",
        "content_sha256": "0" * 64,
        "key": "p9",
        "signature": base64.b64encode(bytes(64)).decode(),
    }.items():
        assert "This proof is not genuine." in check(client, {**proof, name: value}), name
    changed = copy.deepcopy(content)
    changed["report"]["narrative"] += " really"  # type: ignore[index]
    page = check(client, proof, changed)
    assert "this content is not what was sent under it" in page
    assert "The content is the one" not in page


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", "null", "1e999", "NaN", '{"type": "x", "type": "y"}', "[" * 3000, '"\\ud800"', "x" * 5000, "{}"],
)
def test_what_is_no_proof_is_told_so_and_kept(client: FlaskClient, text: str) -> None:
    page = check(client, text)
    assert "There is a problem" in page
    assert "genuine" not in page.split("<h1")[0]


def test_a_proof_with_something_added_is_none(files) -> None:
    proof, _, _ = files
    for strange in ({**proof, "name": "Joan"}, {**proof, "key": 1}, {**proof, "received_on": "20260101"}):
        with pytest.raises(ProofError):
            read_proof(json.dumps(strange))


@given(text=st.text(max_size=200), content=st.text(max_size=200))
def test_anything_typed_is_refused_at_its_field(text: str, content: str) -> None:
    with pytest.raises(ProofError) as refused:
        check_proof(text, content, {})
    assert refused.value.field in ("proof", "content")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=9))
def test_the_canonical_form_is_the_same_after_reading(value: object) -> None:
    try:
        written = canonical(value)
    except UnicodeEncodeError:
        return
    assert canonical(json.loads(written)) == written


def test_two_reports_of_the_same_words_have_different_digests(app_context: Flask, file_report) -> None:
    file_report()
    file_report()
    digests = {make_proof(report).content_sha256 for report in db.session.scalars(select(Report))}
    assert len(digests) == 2


def test_a_trade_body_is_not_in_the_content(app_context: Flask, file_report: Callable[..., Filed]) -> None:
    filed = file_report()
    report = db.session.get_one(Report, filed.report_id)
    assert not {"trade_body", "mandate"} & content_of(report)["report"].keys()
    assert IDENTITY.organisation not in canonical(content_of(report)).decode()


def test_the_public_keys_stand_at_their_address(app: Flask, client: FlaskClient, files) -> None:
    proof, _, _ = files
    keys = client.get("/proof/keys.json").get_json()
    assert keys["algorithm"] == "Ed25519"
    assert keys["current"] == proof["key"]
    with app.app_context():
        assert base64.b64decode(keys["keys"][proof["key"]]) == public_keys(keyring())[proof["key"]]


def test_the_proof_needs_the_open_receipt(app: Flask, files) -> None:
    stranger = app.test_client()
    for path in ("proof", "proof.json", "content.json", "letter", "slip", "follow-up"):
        assert stranger.get(f"/receipt/case/{path}").status_code == 302


class TestCommand:
    @pytest.fixture
    def saved(self, tmp_path: Path, client: FlaskClient, files) -> tuple[str, str, str]:
        """The two files and the public keys, as files."""
        proof, content, _ = files
        paths = []
        for name, value in (("p", proof), ("c", content), ("k", client.get("/proof/keys.json").get_json())):
            path = tmp_path / f"{name}.json"
            path.write_text(json.dumps(value))
            paths.append(str(path))
        return paths[0], paths[1], paths[2]

    def test_a_genuine_proof_is_confirmed(self, app: Flask, saved: tuple[str, str, str]) -> None:
        proof, content, keys = saved
        runner = app.test_cli_runner()

        for options in ([], ["--keys", keys]):
            result = runner.invoke(proof_cli, ["verify", proof, "--content", content, *options])
            assert result.exit_code == 0, result.output
            assert "Genuine" in result.output
            assert "The content is the one that was received" in result.output

    def test_anything_else_is_exit_code_1(self, app: Flask, saved: tuple[str, str, str], tmp_path: Path) -> None:

        proof, content, _ = saved
        runner = app.test_cli_runner()
        strangers = tmp_path / "strangers.json"
        strangers.write_text(json.dumps({"keys": {"p1": base64.b64encode(bytes(32)).decode()}}))
        for arguments in (
            ["verify", proof, "--keys", str(strangers)],
            ["verify", proof, "--content", proof],
            ["verify", content],
            ["verify", proof, "--keys", proof],
        ):
            assert runner.invoke(proof_cli, arguments).exit_code == 1, arguments

    def test_rotating_says_first_what_it_would_do(self, app: Flask) -> None:

        before = app.extensions["settings"].keys_file.read_text()
        result = app.test_cli_runner().invoke(proof_cli, ["rotate-key"])
        assert result.exit_code == 0
        assert "--write" in result.output
        assert app.extensions["settings"].keys_file.read_text() == before
