"""A bad rule pack is refused with file and line; a pack of another place works beside ours."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from mystery_shopper.facts.definitions import FactValue
from mystery_shopper.rules.compiler import CatalogueError
from mystery_shopper.rules.engine import evaluate
from mystery_shopper.rules.loading import DATA, catalogue, load_catalogue
from mystery_shopper.rules.results import Outcome

ISLAND = Path(__file__).parent / "island"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ISLAND, tmp_path / "pack"))


def change(pack: Path, name: str, old: str, new: str) -> int:
    """Replace text in a file of the pack and return the line it is on."""
    path = pack / name
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


RULES = "catalogue/all.yaml"
FAULTS = [
    (RULES, "{term: large-deposit}", "{term: huge}", "no term 'huge'"),
    (RULES, "{parameter: most-deposit}", "{parameter: nothing}", "no parameter 'nothing'"),
    (RULES, "[LOI2020]", "[LOI1999]", "no regime 'LOI1999'"),
    (RULES, "kind: hard", "kind: nasty", "kind"),
    (RULES, "severity: 3", "severity: 6", "severity"),
    (RULES, "{term: large-deposit}", "{fact: caution_eur}", "must be yes or no"),
    (RULES, "{term: large-deposit}", "{more-than: [{fact: caution_eur}, {fact: opened_on}]}", "cannot compare money"),
    (RULES, "{term: large-deposit}", "{more-than: [{fact: caution}, 3]}", "no fact 'caution'"),
    (RULES, "{term: large-deposit}", "{more-than: [{fact: caution_eur}, five]}", "'five' is not a money"),
    (RULES, "{term: large-deposit}", "{all: []}", "list of conditions"),
    (RULES, "{term: large-deposit}", "{perhaps: 1}", "not a condition"),
    (RULES, "{term: large-deposit}", "{is: [{fact: island_firm_only}, a]}", "needs a choice"),
    (RULES, "{term: large-deposit}", "3", "exactly one key"),
    (RULES, "exceeds {most}", "exceeds {worst}", "neither a fact nor a figure"),
    (RULES, "It must be lower", "It is high", "must say"),
    (RULES, "verified: true", "verified: maybe", "verified"),
    (RULES, "triggers: [caution_eur]", "triggers: [island_firm_only]", "no test reads"),
    (RULES, "    severity: 3", "    severity: 3\n    colour: red", "colour"),
    ("terms.yaml", "{fact: caution_eur}", "{term: large-deposit}", "not a value|defined by itself|list"),
    ("parameters.yaml", "value: 1000", "value: plenty", "'plenty' is not a money"),
    ("parameters.yaml", "basis: law", "basis: rumour", "basis"),
    ("parameters.yaml", "2021-12-31", "2023-12-31", "overlap"),
    ("regimes.yaml", "starts_on: 2020-01-01", "starts_on: soon", "date"),
    ("families.yaml", "[DEPOSIT]", "[DEPOSITS]", "no rule 'DEPOSITS'"),
    ("families.yaml", "[caution_eur]", "[caution]", "no fact 'caution'"),
    ("pack.yaml", "dated_by: opened_on", "dated_by: caution_eur", "not a date fact"),
    ("pack.yaml", "  info: {strength: info}", "  rumour: {strength: info}", "rumour"),
    ("facts.yaml", "type: money", "type: gold", "type"),
]


@pytest.mark.parametrize(("name", "old", "new", "words"), FAULTS, ids=[fault[2][:40] for fault in FAULTS])
def test_a_fault_is_refused_with_file_and_line(pack: Path, name: str, old: str, new: str, words: str) -> None:
    line = change(pack, name, old, new)

    with pytest.raises(CatalogueError, match=words) as caught:
        load_catalogue(pack)

    assert caught.value.path.name == Path(name).name
    assert abs(caught.value.line - line) <= 2
    assert str(caught.value).startswith(f"{caught.value.path}:{caught.value.line}: ")


def test_words_too_strong_for_a_judgement_are_refused(pack: Path) -> None:
    change(pack, "pack.yaml", "judgement: {strength: perhaps}", "judgement: {strength: perhaps, forbidden: [must]}")
    change(pack, RULES, "kind: hard", "kind: judgement")

    with pytest.raises(CatalogueError, match="must not say 'must'"):
        load_catalogue(pack)


def test_a_missing_file_is_refused(pack: Path) -> None:
    (pack / "terms.yaml").unlink()

    with pytest.raises(CatalogueError, match="cannot be read"):
        load_catalogue(pack)


@pytest.mark.parametrize(
    ("opened_on", "deposit", "outcome"),
    [
        (date(2021, 12, 31), 100_001, Outcome.RAISED),
        (date(2021, 12, 31), 100_000, Outcome.CLEARED),
        (date(2022, 6, 1), 100_001, Outcome.UNDECIDED),
        (date(2023, 1, 1), 200_000, Outcome.CLEARED),
        (date(2019, 12, 31), 200_000, Outcome.NOT_APPLICABLE),
    ],
)
def test_another_place_has_its_own_facts_money_law_and_words(opened_on: date, deposit: int, outcome: Outcome) -> None:
    island = load_catalogue(ISLAND)
    facts: dict[str, FactValue] = {"opened_on": opened_on, "caution_eur": deposit}

    result = evaluate(facts, catalogue=island).results[0]

    assert result.outcome is outcome
    if outcome is Outcome.RAISED:
        assert result.explanation == "A deposit of €1,000.01 exceeds €1,000. It must be lower."
        assert result.strength == "forbidden"
    assert len(catalogue().rules) == 39


def test_the_version_of_a_pack_and_of_a_rule_follows_its_content(pack: Path) -> None:
    before = load_catalogue(pack)
    change(pack, "parameters.yaml", "value: 2000", "value: 2500")
    after = load_catalogue(pack)

    assert before.version != after.version
    assert before.version.startswith("1+")
    assert before.rule("DEPOSIT").version != after.rule("DEPOSIT").version
    assert load_catalogue(ISLAND).version == before.version


def test_a_changed_term_changes_only_the_rules_that_read_it(tmp_path: Path) -> None:
    ours = Path(shutil.copytree(DATA, tmp_path / "ours"))
    change(ours, "parameters.yaml", "value: 25", "value: 20")
    before, after = catalogue(), load_catalogue(ours)

    changed = {rule.id for rule in before.rules if rule.version != after.rule(rule.id).version}

    assert changed == {"FIN-BOND"}
