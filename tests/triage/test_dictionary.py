"""The data dictionary: pages, files, commands; and that one file drives form, schema, dictionary and lists."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from jsonschema import Draft202012Validator
from werkzeug.datastructures import MultiDict

from mystery_shopper.casework.filter_form import FilterForm
from mystery_shopper.core.forms import GovForm
from mystery_shopper.facts.definitions import FactRegistry
from mystery_shopper.facts.dictionary import COLUMNS, dictionary_csv, dictionary_json, dictionary_markdown
from mystery_shopper.facts.document_schema import document_schema
from mystery_shopper.facts.fields import fact_field
from mystery_shopper.facts.policy import letter_of, read_facts
from mystery_shopper.facts.registry import DATA_FILE, load_registry, registry
from mystery_shopper.rules.loading import catalogue
from mystery_shopper.triage.dictionary import dictionary_of, facts_of
from mystery_shopper.triage.facts_cli import facts_cli

ONE_MORE = """
  - id: parking_spaces
    title: {en: "=Parking spaces", cy: "Lleoedd parcio"}
    type: integer
    question: {en: "How many parking spaces must a bidder have?", cy: "Faint o leoedd parcio sydd eu hangen?"}
    maximum: 40
    aliases: [car_park]
  - id: parking_paid_by
    title: {en: "Who pays for parking", cy: "Pwy sy'n talu am barcio"}
    type: choice
    question: {en: "Who pays for the parking?", cy: "Pwy sy'n talu am y parcio?"}
    options:
      - {id: bidder, title: {en: "The bidder", cy: "Y cynigydd"}}
      - {id: buyer, title: {en: "The buyer", cy: "Y prynwr"}}
"""


@pytest.fixture
def longer(tmp_path: Path) -> FactRegistry:
    """The registry of the service with two facts more."""
    path = tmp_path / "facts.yaml"
    path.write_text(DATA_FILE.read_text(encoding="utf-8") + ONE_MORE, encoding="utf-8")
    return load_registry(path)


@pytest.fixture
def asked() -> Iterator[None]:
    app = Flask("forms")
    app.secret_key = "not a secret"
    with app.test_request_context():
        yield


class TestOneFileDrives:
    def test_the_form(self, longer: FactRegistry, asked: None) -> None:
        fields = {
            "spaces": fact_field(longer["parking_spaces"], "en"),
            "payer": fact_field(longer["parking_paid_by"], "cy"),
        }
        form = type("Parking", (GovForm,), fields)(formdata=MultiDict({"spaces": "12", "payer": "buyer"}))
        assert "How many parking spaces must a bidder have?" in form["spaces"]()
        assert "Y cynigydd" in form["payer"]()
        assert form["spaces"].data == 12
        assert form["payer"].fact == "buyer"

    def test_the_form_bounds(self, longer: FactRegistry, asked: None) -> None:
        fields = {"spaces": fact_field(longer["parking_spaces"], "en")}
        form = type("Parking", (GovForm,), fields)(formdata=MultiDict({"spaces": "41"}))
        assert not form.validate()

    def test_the_schema_and_the_reading_of_documents(self, longer: FactRegistry) -> None:
        validator = Draft202012Validator(document_schema(longer))
        assert validator.is_valid({"car_park": 40, "parking_paid_by": "buyer"})
        assert not validator.is_valid({"car_park": 41})
        assert not validator.is_valid({"parking_paid_by": "nobody"})
        assert not Draft202012Validator(document_schema(registry())).is_valid({"car_park": 40})
        assert read_facts(longer, {"car_park": 40}) == {"parking_spaces": 40}

    def test_the_dictionary(self, longer: FactRegistry) -> None:
        entries = dictionary_of(replace(catalogue(), registry=longer))
        assert len(entries) == len(registry()) + 2
        rows = list(csv.DictReader(io.StringIO(dictionary_csv(entries))))
        assert rows[-2]["id"] == "parking_spaces"
        assert rows[-2]["title_en"] == "'=Parking spaces"
        assert rows[-2]["maximum"] == "40"
        assert rows[-1]["options"] == "bidder: The bidder / Y cynigydd; buyer: The buyer / Y prynwr"
        assert "| `parking_spaces` |" in dictionary_markdown(entries, longer)
        written = json.loads(json.dumps(dictionary_json(entries, longer)))
        assert written["facts"][-1]["options"][0] == {"id": "bidder", "title": {"en": "The bidder", "cy": "Y cynigydd"}}
        assert written["translation"] == {"cy": "needs-professional-check"}

    def test_the_filter_of_the_case_list(self, longer: FactRegistry, asked: None) -> None:
        form = FilterForm(formdata=MultiDict({"fact": "parking_paid_by"}))
        form.offer((), (), longer.values())
        assert form.validate()
        assert form.to_filter().fact == ("parking_paid_by",)

    def test_the_letter(self, longer: FactRegistry) -> None:
        assert letter_of(longer["parking_paid_by"], "buyer", "cy") == "pwy sy'n talu am barcio: Y prynwr"


def test_every_fact_has_a_row_with_the_same_columns_in_the_file(signed_in: Callable[..., FlaskClient]) -> None:
    answer = signed_in("policy-owner").get("/rules/facts.csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.text)))
    assert rows[0] == list(COLUMNS)
    assert [row[0] for row in rows[1:]] == list(registry())
    assert {len(row) for row in rows} == {len(COLUMNS)}


def test_json_says_which_rules_read_a_fact(signed_in: Callable[..., FlaskClient]) -> None:
    document = signed_in("caseworker").get("/rules/facts.json").json
    facts = {fact["id"]: fact for fact in document["facts"]}
    assert "FIN-BOND" in facts["bond_gbp"]["read_by_rules"]
    assert facts["bond_gbp"]["read_from_text_by"] == ["money"]
    assert facts["bond_gbp"]["maximum"] == {"amount": "1000000000000.00", "currency": "GBP"}
    assert facts["bond_required"]["letter_no"]["en"] == "no bond or cash deposit is required"
    assert facts["procurement_start_date"]["chooses_the_law"] is True
    for rule in catalogue().rules:
        for fact_id in facts_of(rule):
            assert rule.id in facts[fact_id]["read_by_rules"]


def test_schema_is_served_as_the_command_prints_it(signed_in: Callable[..., FlaskClient]) -> None:
    served = signed_in("publisher").get("/rules/facts/schema.json").json
    printed = CliRunner().invoke(facts_cli, ["schema"])
    assert printed.exit_code == 0
    assert json.loads(printed.output) == served
    assert Draft202012Validator(served).is_valid({"bond_gbp": 5_000_000})


@pytest.mark.parametrize(("form", "start"), [("csv", '"id",'), ("json", "{"), ("markdown", "# Facts")])
def test_the_command_prints_the_dictionary(form: str, start: str) -> None:
    printed = CliRunner().invoke(facts_cli, ["dictionary", "--format", form])
    assert printed.exit_code == 0
    assert printed.output.startswith(start)
    for fact_id in registry():
        assert fact_id in printed.output


def test_the_command_refuses_another_format() -> None:
    assert CliRunner().invoke(facts_cli, ["dictionary", "--format", "pdf"]).exit_code == 2


def test_the_page_lists_every_fact_and_finds_words_in_both_languages(signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in("policy-owner")
    page = client.get("/rules/facts").text
    for fact_id in registry():
        assert f'href="/rules/facts/{fact_id}"' in page
    assert "not yet checked by a professional translator" in page
    found = client.get("/rules/facts?q=Blaendal bond").text
    assert 'href="/rules/facts/bond_gbp"' in found
    assert "min_turnover_gbp" not in found
    assert "No fact has these words." in client.get("/rules/facts?q=zeppelin").text


def test_every_fact_has_a_page_in_both_languages_that_links_to_its_rules(signed_in: Callable[..., FlaskClient]) -> None:
    client = signed_in("caseworker")
    for entry in dictionary_of(catalogue()):
        answer = client.get(f"/rules/facts/{entry.definition.id}")
        assert answer.status_code == 200
        assert 'lang="cy"' in answer.text
        for rule_id in entry.use.rules:
            assert f'href="/rules/{rule_id}"' in answer.text
    assert "/cases?state=all&amp;fact=bond_gbp" in client.get("/rules/facts/bond_gbp").text
    assert client.get("/rules/facts/no_such_fact").status_code == 404


def test_a_rule_links_to_the_facts_it_reads(signed_in: Callable[..., FlaskClient]) -> None:
    page = signed_in("caseworker").get("/rules/FIN-BOND").text
    for fact_id in facts_of(catalogue().rule("FIN-BOND")):
        assert f'href="/rules/facts/{fact_id}"' in page


@pytest.mark.parametrize("address", ["/rules/facts", "/rules/facts.csv", "/rules/facts.json", "/rules/facts/bond_gbp"])
def test_the_dictionary_is_for_those_who_work_with_rules(signed_in: Callable[..., FlaskClient], address: str) -> None:
    assert signed_in("auditor").get(address).status_code == 403
