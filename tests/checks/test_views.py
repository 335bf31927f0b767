"""A commissioner checks a planned requirement: the flags, wording to use instead, and nothing kept."""

from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.intake.walking import Walker

ADDRESS = "/check-a-requirement"
BOND = "Bidders must lodge a performance bond of £600,000 and hold public liability insurance of £10 million."
CANARY = "Quetzalplume"


@pytest.fixture
def walker(client: FlaskClient) -> Walker:
    walker = Walker(client)
    walker.open(ADDRESS)
    return walker


def check(walker: Walker, text: str = BOND, **facts: object) -> Walker:
    walker.send({"requirement": text, "contract_kind": "services", "estimated_value_gbp": "1,200,000", **facts})
    return walker


def test_a_requirement_is_read_and_judged_with_wording_to_use_instead(walker: Walker) -> None:
    check(walker)

    assert 'data-rule="FIN-BOND"' in walker.text
    assert "Wording you can use instead" in walker.text
    assert "not more than 10 percent of the contract value" in walker.text
    assert "We read:" in walker.text
    assert "legislation.gov.uk" in walker.text


def test_a_value_that_was_read_wrongly_is_corrected(walker: Walker) -> None:
    check(walker)
    walker.send({"bond_gbp": "10,000"})

    assert 'data-rule="FIN-BOND"' not in walker.text
    assert 'value="10,000"' in walker.text


def test_a_value_that_was_taken_out_is_not_read_again(walker: Walker) -> None:
    check(walker)
    walker.send({"bond_gbp": "", "bond_required": "no"})

    assert 'data-rule="FIN-BOND"' not in walker.text


def test_a_wrong_correction_is_an_error_at_the_field_and_nothing_is_lost(walker: Walker) -> None:
    check(walker)
    walker.send({"bond_gbp": "lots"})

    assert walker.title.startswith("Error: ")
    assert 'href="#bond_gbp"' in walker.text
    assert 'value="lots"' in walker.text
    assert "performance bond of £600,000" in walker.text


def test_an_empty_requirement_is_an_error(walker: Walker) -> None:
    check(walker, "")

    assert walker.title.startswith("Error: ")
    assert "Enter what you plan to ask suppliers for" in walker.text


def test_a_text_that_is_too_long_is_an_error_and_comes_back(walker: Walker) -> None:
    check(walker, "word " * 4_001)

    assert "20,000" in walker.text
    assert walker.title.startswith("Error: ")


def test_a_requirement_without_a_barrier_is_no_approval(walker: Walker) -> None:
    check(walker, "Suppliers deliver meals on weekdays.")

    assert "None of our rules objects" in walker.text
    assert "it is no approval" in walker.text


def test_the_text_can_be_changed(walker: Walker) -> None:
    check(walker)
    walker.send({"edit": "yes"})

    assert walker.title.startswith("Check a requirement")
    assert "performance bond of £600,000" in walker.text
    assert 'value="1,200,000"' in walker.text


def test_markup_is_shown_as_text(walker: Walker) -> None:
    check(walker, "Bidders must lodge a <script>alert(1)</script> bond of £600,000.")

    assert "<script>alert" not in walker.text


def test_nothing_is_kept_unless_it_is_sent(app: Flask, walker: Walker, caplog: pytest.LogCaptureFixture) -> None:
    check(walker, f"{BOND} {CANARY}")
    assert CANARY in walker.text
    assert walker.page is not None
    assert "no-store" in walker.page.headers["Cache-Control"]

    stored = Path(app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///"))
    if stored.exists():
        assert CANARY.encode() not in b"".join(part.read_bytes() for part in stored.parent.glob(f"{stored.name}*"))
    assert CANARY not in caplog.text
    with walker.client.session_transaction() as session:
        assert CANARY not in str(dict(session))


def test_it_can_be_sent_to_tell_us_how(walker: Walker) -> None:
    check(walker)
    walker.send(number=1)

    assert walker.path.startswith("/tell-us-how/")
    walker.open("/tell-us-how/requirement")
    assert "performance bond of £600,000" in walker.text


@pytest.mark.parametrize("shown", ["nosuchfact bond_gbp", "bond_gbp " * 500, "\ud800", "../../etc/passwd"])
def test_a_forged_list_of_facts_does_no_harm(walker: Walker, shown: str) -> None:
    walker.send({"requirement": BOND, "shown": shown.encode("utf-8", "replace").decode()})

    assert walker.page is not None
    assert walker.page.status_code == 200
