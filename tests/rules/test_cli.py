"""The command that reads facts and writes flags."""

import json

import pytest
from click.testing import CliRunner, Result

from mystery_shopper.rules.cli import flags_command

EXAMPLE = {
    "bond_gbp": 5_000_000,
    "estimated_value_gbp": {"amount": "1200000.00", "currency": "GBP"},
    "accounts_years": 5,
    "procurement_start_date": "2025-06-01",
}


def run(text: str, *options: str) -> Result:
    return CliRunner().invoke(flags_command, [*options, "-"], input=text)


def test_flags_are_written_as_json() -> None:
    result = run(json.dumps(EXAMPLE))

    assert result.exit_code == 0
    written = json.loads(result.output)
    assert written["regime"] == "PA23"
    assert [(row["rule_id"], row["outcome"], row["level"]) for row in written["results"]] == [
        ("FIN-BOND", "raised", "high"),
        ("FIN-TRADING-HISTORY", "raised", "high"),
    ]
    bond = written["results"][0]
    assert bond["inputs"]["bond_gbp"] == {"amount": "5000000.00", "currency": "GBP"}
    assert bond["thresholds"][0]["basis"] == "project-assumption"
    assert "alternative_evidence_accepted" in written["questions"]


def test_all_lists_every_rule() -> None:
    assert len(json.loads(run("{}", "--all").output)["results"]) == 39


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "not valid JSON"),
        ("[]", "must be a JSON object"),
        ('{"bond_gbp": NaN}', "NaN is not a number"),
        ('{"bond_gbp": 1, "bond_gbp": 2}', "given twice"),
        ('{"bond_gbp": "lots"}', "bond_gbp: "),
        ('{"wizardry": 1}', "no fact called 'wizardry'"),
        ("[" * 100_000, "not valid JSON"),
    ],
)
def test_bad_facts_end_with_code_2_and_say_why(text: str, words: str) -> None:
    result = run(text)

    assert result.exit_code == 2
    assert words in result.output


def test_the_help_has_an_example() -> None:
    result = CliRunner().invoke(flags_command, ["--help"])

    assert "Example: echo" in result.output
